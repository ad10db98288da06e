"""The figure `gallery`: samples of all denoisers from the same noise, above their nearest training images."""

import base64
import io

import altair as alt
import numpy as np
import pandas as pd
from PIL import Image

from creativity import store
from creativity.campaign.layout import Run
from creativity.figures import theme
from creativity.figures.results import Results
from creativity.measures.classes import COPY, NEW_REAL, UNREAL, WEAK, column

COLUMNS = 12
CELL = 60  # pixels of the figure between two samples
THUMB = 54
GAP = 6  # between a sample and its nearest training image
ROW = 2 * THUMB + GAP + 14
PAIRS = [
    "Each pair: a sample above, its nearest training image below (mirrored where that is nearer).",
    "d1: median distance to it, in pixel values; held-out images are real and new.",
]
SHUFFLED = "All images have their pixels shuffled by one fixed permutation: what looks like noise here are images of the data set."


def draw(results: Results) -> alt.TopLevelMixin:
    """One row for each denoiser, from copier to noise; one column for each noise."""
    shown = [
        run
        for name in results.order
        for run in results.available_runs
        if run.denoiser == name and run.seed == first_seed(results, name)
    ]
    png = base64.b64encode(contact_sheet([cells(results, run) for run in shown])).decode()
    width, height = COLUMNS * CELL, len(shown) * ROW
    domain = {"x": alt.Scale(domain=[0, width], nice=False), "y": alt.Scale(domain=[height, 0], nice=False)}
    image = (
        alt.Chart(pd.DataFrame({"url": [f"data:image/png;base64,{png}"], "x": [width / 2], "y": [height / 2]}))
        .mark_image(width=width, height=height)
        .encode(x=alt.X("x:Q", scale=domain["x"], axis=None), y=alt.Y("y:Q", scale=domain["y"], axis=None), url="url:N")
    )
    table = labels(results, shown)
    text = alt.Chart(table).encode(x=alt.XDatum(0, scale=domain["x"]), y=alt.Y("y:Q", scale=domain["y"], axis=None))
    names = text.mark_text(align="right", dx=-14, dy=-9, fontSize=13, fontWeight="bold", color=theme.TEXT).encode(text="denoiser:N")
    notes = text.mark_text(align="right", dx=-14, dy=8, fontSize=11, color=theme.NOTE).encode(text="note:N")
    verdicts = text.mark_text(align="right", dx=-14, dy=24, fontSize=11, color=theme.NOTE).encode(text="verdict:N")
    bars = text.mark_tick(orient="vertical", size=2 * THUMB + GAP, thickness=6, dx=-6, opacity=1).encode(
        color=theme.colour(table["colour"])
    )
    chart = (image + names + notes + verdicts + bars).properties(width=width, height=height)
    return theme.finish(
        chart,
        f"What each denoiser makes of the same noise ({results.campaign.campaign}, {results.subset})",
        [*PAIRS, *([] if results.campaign.dataset.shuffle is None else [SHUFFLED]), *caution(results)],
    )


def caution(results: Results) -> list[str]:
    """A line where the judge takes more than a third of some unreal control for real: then its word says little."""
    shares = {name: results.value(name, "real") for name in UNREAL}
    worst = max(shares, key=lambda name: np.nan_to_num(shares[name]))
    weak = shares[worst] > WEAK
    return [f"The judge of what is real says little here: it takes {shares[worst]:.0%} of {worst} for real."] if weak else []


def first_seed(results: Results, denoiser: str) -> int:
    """The smallest training seed of a denoiser."""
    return min(run.seed for run in results.available_runs if run.denoiser == denoiser)


def labels(results: Results, shown: list[Run]) -> pd.DataFrame:
    """The text beside each row: the denoiser, its median distance to the nearest training image, its shares of two classes."""
    rows = []
    for i, run in enumerate(shown):
        distance, copied, new = (results.value(run.denoiser, name) for name in ("nearest_distance", column(COPY), column(NEW_REAL)))
        measured = not np.isnan(distance)
        rows.append(
            {
                "denoiser": run.denoiser,
                "colour": "control" if run.kind == "control" else run.family,
                "y": (i + 0.5) * ROW,
                "note": f"d1 = {distance:.2f}" if measured else "no samples",
                "verdict": f"{copied:.0%} copies, {new:.0%} new and real" if measured else "",
            }
        )
    return pd.DataFrame(rows)


def cells(results: Results, run: Run) -> list[tuple[np.ndarray, np.ndarray]]:
    """The first samples of a run, each with its nearest training image: arrays [c, h, w] in -1..1. Infinite values become white."""
    noises = range(COLUMNS)
    samples = store.pictures(store.part(run.file(results.root, "samples.parquet"), sample=noises))
    near = store.part(run.file(results.root, "neighbours.parquet"), sample=noises, space=["pixel"], rank=[1])
    nearest = near.to_pandas().set_index("sample")
    train = store.part(results.root / "subsets" / run.subset / "train.parquet", ["id", "image"], id=nearest["neighbour"])
    training_images = dict(zip(train["id"].to_pylist(), store.to_unit(store.levels(train)), strict=True)) if len(train) else {}
    blank = np.ones(samples.shape[1:], dtype=np.float32)
    pairs = []
    for i, sample in enumerate(samples):
        row = nearest.loc[i] if i in nearest.index else None
        image = blank if row is None else training_images[row["neighbour"]]
        pairs.append((np.nan_to_num(sample, nan=1.0), image[..., ::-1] if row is not None and row["mirrored"] else image))
    return pairs


def contact_sheet(rows: list[list[tuple[np.ndarray, np.ndarray]]]) -> bytes:
    """A PNG file of all pairs, in twice the resolution of the figure: one row a run, samples above their neighbours."""
    sheet = Image.new("RGB", (2 * COLUMNS * CELL, 2 * len(rows) * ROW), theme.BACKGROUND)
    for j, row in enumerate(rows):
        for i, pair in enumerate(row):
            for k, picture in enumerate(pair):
                left, top = i * CELL + (CELL - THUMB) // 2, j * ROW + 7 + k * (THUMB + GAP)
                sheet.paste(thumbnail(picture), (2 * left, 2 * top))
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def thumbnail(picture: np.ndarray) -> Image.Image:
    """An image [c, h, w] in -1..1 at the size of a cell; small images are enlarged without smoothing."""
    levels = store.from_unit(picture.transpose(1, 2, 0))
    image = Image.fromarray(levels[..., 0] if levels.shape[2] == 1 else levels)
    kind = Image.Resampling.NEAREST if image.width < 2 * THUMB else Image.Resampling.LANCZOS
    return image.resize((2 * THUMB, 2 * THUMB), kind).convert("RGB")
