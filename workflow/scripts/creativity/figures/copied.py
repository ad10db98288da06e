"""The figure `copied`: are isolated or prototypical training images copied more?"""

import altair as alt
import numpy as np
import pandas as pd

from creativity.figures import theme
from creativity.figures.results import Results
from creativity.measures.copied import ATTRIBUTES, FIFTHS, ISOLATION, fifth_of
from creativity.measures.intervals import centre

NOTE = [
    "Copies (samples nearer than one distance for all) of a training image: means over fifths, with 95 % intervals over images.",
    "Titles: rank correlation, mean over trainings, and in how many it is told from 0 (Holm's p below .05).",
]
NONE = "no denoiser copies enough to tell"


def draw(results: Results) -> alt.TopLevelMixin:
    """One row a denoiser that copies enough to tell, one column an attribute."""
    images, tests = results.table("copied"), results.table("copied_first").dropna(subset=["correlation"])
    names = [name for name in results.order if name in set(tests["denoiser"])]
    rows = [
        alt.hconcat(*(panel(images[images["denoiser"] == name], tests[tests["denoiser"] == name], which) for which in ATTRIBUTES))
        for name in names
    ]
    empty = alt.Chart(pd.DataFrame({"text": [NONE]})).mark_text(color=theme.TEXT).encode(text="text:N")
    title = f"Which training images are copied? ({results.campaign.campaign}, {results.subset})"
    return theme.finish(alt.vconcat(*rows, spacing=14) if rows else empty, title, NOTE)


def panel(images: pd.DataFrame, tests: pd.DataFrame, attribute: str) -> alt.LayerChart:
    """Copies for each training image, of each fifth by one attribute."""
    values = images["isolation"] if attribute == ISOLATION else -images["reference_distance"]
    table = fifths(images["near"].to_numpy(dtype=float), values.to_numpy())
    scale, axis = alt.Scale(domain=[0, 1.05 * float(table["high"].max())]), alt.Axis(minExtent=30)
    base = alt.Chart(table).encode(
        x=alt.X("fifth:O", title=f"fifth by {attribute}, least to most", axis=alt.Axis(labelAngle=0)),
        tooltip=["fifth:O", *(alt.Tooltip(f"{name}:Q", format=".2f") for name in ("copies", "low", "high")), "images:Q"],
    )
    dots = base.mark_point(filled=True, size=55, opacity=1, color=theme.REFERENCE)
    dots = dots.encode(y=alt.Y("copies:Q", title="copies of an image", scale=scale, axis=axis))
    bars = base.mark_rule(color=theme.REFERENCE).encode(y="low:Q", y2="high:Q")
    return (bars + dots).properties(width=250, height=110, title=f"{tests['denoiser'].iloc[0]}: {words(tests, attribute)}")


def fifths(copies: np.ndarray, attribute: np.ndarray) -> pd.DataFrame:
    """Mean copies of an image, with interval, of each fifth of images by an attribute.

    >>> fifths(np.arange(10.0), np.arange(10.0))["copies"].tolist()
    [0.5, 2.5, 4.5, 6.5, 8.5]
    """
    place = fifth_of(attribute)
    rows = []
    for i in range(FIFTHS):
        mean = centre(copies[place == i], np.mean)
        rows.append((i + 1, mean.value, mean.low, mean.high, int((place == i).sum())))
    return pd.DataFrame(rows, columns=["fifth", "copies", "low", "high", "images"])


def words(tests: pd.DataFrame, attribute: str) -> str:
    """The rank correlation of copies and the attribute, over trainings, and how many of them tell it from 0."""
    rows = tests[tests["attribute"] == attribute]
    if not len(rows):
        return "as many copies of each"
    return f"ρ = {rows['correlation'].mean():z.2f}, told from 0 in {(rows['p_holm'] < 0.05).sum()} of {len(rows)}"
