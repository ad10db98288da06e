"""All that the page shows of a campaign, as plain lists and numbers. What is missing is named, not skipped in silence."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from creativity import store
from creativity.campaign.layout import Run, runs, subset_names
from creativity.campaign.sections import Campaign
from creativity.figures.architecture import axes_of
from creativity.figures.theme import FAMILY_COLOURS
from creativity.measures.classes import CLASSES
from creativity.measures.realism import fit_ruler
from creativity.report import pictures, words

MADE_BY = {  # the files that a complete run has, and the rule that makes each
    "model.safetensors": "train",
    "history.parquet": "train",
    "losses.parquet": "train",
    "samples.parquet": "sample",
    "neighbours.parquet": "neighbours",
    "provenance.parquet": "neighbours",
    "sample_measures.parquet": "measure",
    "measures.parquet": "measure",
}
TABLES = ("laws", "pairs", "phase", "claims", "controls")  # of a campaign; shown where they are there
MOST_SAMPLES = 20_000  # of all runs together; the page shows the first of each run where there are more
FEWEST_SHOWN = 8


class Found(NamedTuple):
    """The tables of one run that could be read; the others are None."""

    run: Run
    samples: Any
    neighbours: pd.DataFrame | None
    provenance: pd.DataFrame | None
    values: pd.DataFrame | None
    measures: pd.DataFrame | None
    losses: pd.DataFrame | None
    history: pd.DataFrame | None
    facts: dict[str, Any]
    missing: list[str]


def build(root: Path, campaign: Campaign, outdated: Collection[str] = ()) -> dict[str, Any]:
    """The page's content. Runs, and the files of a run, may be missing; those of outdated runs, given by key, do not count."""
    found = in_order([find(root, run, run.key in outdated) for run in runs(campaign)])
    subsets = {name: Subset(root, name) for name in subset_names(campaign)}
    shown, raw = samples_shown(found, subsets, campaign)
    lossless = raw <= pictures.LOSSLESS
    made = [run_entry(root, each, subsets[each.run.subset], shown, lossless) for each in found]
    return {
        "campaign": campaign.campaign,
        "dataset": {"name": campaign.dataset.name, "size": campaign.dataset.size, "color": campaign.dataset.color},
        "sampling": {"steps": campaign.sampling.steps, "sampler": campaign.sampling.sampler, "seed": campaign.sampling.seed},
        "count": campaign.sampling.count,
        "shown": shown,
        "lossless": lossless,
        "k": campaign.neighbours.k,
        "tile": campaign.tile,
        "mirrored": campaign.neighbours.mirrored,
        "heldout": campaign.subsets.heldout,
        "reference": campaign.subsets.reference,
        "subsets": [subset.entry(lossless) for subset in subsets.values()],
        "families": family_entries(found),
        "classes": [kind._asdict() for kind in CLASSES],
        "runs": made,
        "axes": axes(found),
        "measures": measure_names(found),
        "words": words.MEASURES,
        "law_words": words.LAWS,
        "tables": {name: table for name in TABLES if (table := campaign_table(root, name))},
    }


def find(root: Path, run: Run, outdated: bool = False) -> Found:
    """What there is of a run."""
    missing: list[str] = []

    def read(name: str) -> Any:
        try:
            if not outdated:
                return store.read(run.file(root, name))
        except store.StoreError:
            pass
        missing.append(name)
        return None

    def table(name: str) -> pd.DataFrame | None:
        read_one = read(name)
        return None if read_one is None else read_one.to_pandas()

    trained = run.kind == "trained"
    if trained and (outdated or not run.file(root, "model.safetensors").is_file()):
        missing.append("model.safetensors")
    history, losses = (table(name) if trained else None for name in ("history.parquet", "losses.parquet"))
    samples = read("samples.parquet")
    facts = store.footer(run.file(root, "samples.parquet")) if samples is not None else {}
    return Found(
        run,
        samples,
        neighbours=table("neighbours.parquet"),
        provenance=table("provenance.parquet"),
        values=table("sample_measures.parquet"),
        measures=table("measures.parquet"),
        losses=losses,
        history=history,
        facts=facts,
        missing=missing,
    )


def in_order(found: list[Found]) -> list[Found]:
    """From copier to noise: by the denoiser's median nearest distance, those without samples last."""
    distance: dict[str, list[float]] = {}
    for each in found:
        value = (measures_of(each) or {}).get("nearest_distance:pixel")
        if value and value[0] is not None:
            distance.setdefault(each.run.denoiser, []).append(value[0])
    middle = {name: float(np.mean(values)) for name, values in distance.items()}

    def place(each: Found) -> tuple[Any, ...]:
        run = each.run
        return (middle.get(run.denoiser, np.inf), run.kind != "control", run.denoiser, run.n, run.subset, run.seed)

    return sorted(found, key=place)


class Subset:
    """The training images of a subset, of which the page carries those that some sample points to."""

    def __init__(self, root: Path, name: str) -> None:
        self.root, self.name = root, name
        self.used: dict[str, int] = {}
        try:
            table = store.read(root / "subsets" / name / "train.parquet")
            self.images, ids = store.levels(table), table["id"].to_pylist()
        except store.StoreError:
            self.images, ids = np.zeros((0, 1, 1, 1), dtype=np.uint8), []
        self.place = {id_: i for i, id_ in enumerate(ids)}

    def number(self, id_: str) -> int:
        """The place of a training image on the page's sheet."""
        return self.used.setdefault(id_, len(self.used))

    def entry(self, lossless: bool) -> dict[str, Any]:
        chosen = [self.place[id_] for id_ in self.used if id_ in self.place]
        made = {"name": self.name, "n": int(self.name[1:].split("-")[0]), "ids": list(self.used)}
        made["train"] = pictures.sheet(self.images[chosen], lossless)
        return made | self.scales()

    def scales(self) -> dict[str, Any]:
        """What is 1 on the axes of the map, the medians of held-out images, and the range in which real images lie."""
        none = {"novelty": None, "realism": None, "band": None}
        try:
            path = self.root / "runs" / self.name / "held-out" / "seed0" / "sample_measures.parquet"
            table = store.read(path).to_pandas()
            ruler = fit_ruler(store.units(self.root / "reference.parquet"))
        except store.StoreError:
            return none
        pixel = table[table["space"] == "pixel"]
        medians = (float(pixel.loc[pixel["measure"] == m, "value"].median()) for m in ("nearest_distance", "reference_distance"))
        novelty, realism = medians
        if not (np.isfinite(novelty) and np.isfinite(realism) and novelty > 0 and realism > 0):
            return none
        band = [ruler.distance_range[0] / realism, ruler.distance_range[1] / realism]
        return {"novelty": novelty, "realism": realism, "band": rounded(band)}


def samples_shown(found: list[Found], subsets: dict[str, Subset], campaign: Campaign) -> tuple[int, int]:
    """How many samples of each run the page shows, and the raw bytes of all its pictures then."""
    bytes_each = pictures.side_shown(campaign.dataset.size) ** 2 * (3 if campaign.dataset.color else 1)
    shown = min(campaign.sampling.count, max(MOST_SAMPLES // len(found), FEWEST_SHOWN))
    while True:
        used = {(each.run.subset, id_) for each in found for id_ in pointed_to(each, shown)}
        drawn = sum(min(len(each.samples), shown) for each in found if each.samples is not None)
        raw = (drawn + len(used)) * bytes_each
        if raw <= pictures.MOST or shown <= FEWEST_SHOWN:
            return shown, raw
        shown = max(shown // 2, FEWEST_SHOWN)


def pointed_to(each: Found, shown: int) -> Iterator[str]:
    """The ids of the training images that the first samples of a run are shown with."""
    if each.neighbours is not None:
        near = each.neighbours
        yield from near.loc[(near["sample"] < shown) & (near["space"] == "pixel"), "neighbour"].unique()
    if each.provenance is not None:
        yield from each.provenance.loc[each.provenance["sample"] < shown, "source"].unique()


def run_entry(root: Path, each: Found, subset: Subset, shown: int, lossless: bool) -> dict[str, Any]:
    """One run: what it is, how it went, what it measured, and its first samples."""
    run = each.run
    about = json.loads(each.facts.get("run", "{}"))
    last = each.history["step"].iloc[-1] if each.history is not None and len(each.history) else None
    seconds = each.history["seconds"].iloc[-1] if each.history is not None and len(each.history) else None
    made = {"key": run.key, **run._asdict(), "config": run.config}
    made |= {name: about.get(name) for name in ("parameters", "receptive_field")}
    made |= {"status": status(each, about), "seconds": number(seconds), "steps": None if last is None else int(last)}
    made |= {"commit": each.facts.get("git_commit"), "content": each.facts.get("content_hash")}
    made |= {"missing": [{"file": name, **cause(root, run, name)} for name in each.missing]}
    made |= {"measures": measures_of(each) or {}, "losses": losses_of(each), "files": about.get("files", [])[:shown]}
    images = store.pictures(each.samples)[:shown] if each.samples is not None and len(each.samples) else np.zeros((0, 1, 1, 1))
    made |= {"sheet": pictures.sheet(pictures.levels(images), lossless), "samples": len(images)}
    return made | sample_columns(each, shown) | nearest(each, subset, shown) | tiles(each, subset, shown)


def status(each: Found, about: dict[str, Any]) -> str:
    """The run's own word where it is complete; else missing, or incomplete."""
    if "samples.parquet" in each.missing:
        return "missing"
    return "incomplete" if each.missing else str(about.get("status"))


def cause(root: Path, run: Run, name: str) -> dict[str, str | None]:
    """Which rule should have made a file, its log, and the last line of that."""
    rule = {"control": "control", "external": "external"}.get(run.kind, "sample") if name == "samples.parquet" else MADE_BY[name]
    log = Path("logs", rule, f"{run.subset}-{run.denoiser}-{run.seed}.log")
    try:
        lines = (root / log).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        lines = []
    said = next((line.strip() for line in reversed(lines) if line.strip()), None)
    return {"rule": rule, "log": log.as_posix() if lines else None, "said": said[:300] if said else None}


def measures_of(each: Found) -> dict[str, list[Any]] | None:
    """Measures of the set by "name:space": value, low, high, count."""
    if each.measures is None:
        return None
    table = each.measures
    keys = table["measure"] + ":" + table["space"]
    columns = (rounded(table[name]) for name in ("value", "low", "high"))
    return dict(zip(keys, map(list, zip(*columns, table["count"].tolist(), strict=True)), strict=True))


def losses_of(each: Found) -> dict[str, list[list[Any]]]:
    """Of the last checkpoint, by split: noise level and loss. sigma is the geometric middle of its bin."""
    if each.losses is None or not len(each.losses):
        return {}
    last = each.losses[each.losses["step"] == each.losses["step"].max()]
    last = last.assign(sigma=np.sqrt(last["sigma_low"] * last["sigma_high"]))
    return {str(split): [rounded(part["sigma"]), rounded(part["loss"])] for split, part in last.groupby("split")}


def sample_columns(each: Found, shown: int) -> dict[str, Any]:
    """Measures of each sample in pixels and tiles: {name: values}, and its class; None where a sample has none."""
    if each.values is None or not len(each.values):
        return {"values": {}, "class": []}
    table = each.values[(each.values["sample"] < shown) & each.values["space"].isin(["pixel", "tile"])]
    count = int(table["sample"].max()) + 1 if len(table) else 0
    columns: dict[str, list[Any]] = {}
    for name, part in table[table["text"].isna()].groupby("measure"):
        whole = np.full(count, np.nan)
        whole[part["sample"].to_numpy()] = part["value"].to_numpy(dtype=float)
        columns[str(name)] = rounded(whole)
    texts: list[str | None] = [None] * count
    for sample, text in table.loc[table["measure"] == "class", ["sample", "text"]].itertuples(index=False):
        texts[sample] = text
    return {"values": columns, "class": texts}


def nearest(each: Found, subset: Subset, shown: int) -> dict[str, Any]:
    """The k nearest training images of each sample: places on the sheet, distances, mirrored or not, [samples][k]."""
    if each.neighbours is None:
        return {"near": {}}
    table = each.neighbours[(each.neighbours["space"] == "pixel") & (each.neighbours["sample"] < shown)]
    return {
        "near": {
            str(sample): [
                [subset.number(id_) for id_ in part["neighbour"]],
                rounded(part["distance"]),
                [int(flag) for flag in part["mirrored"]],
            ]
            for sample, part in table.groupby("sample")
        }
    }


def tiles(each: Found, subset: Subset, shown: int) -> dict[str, Any]:
    """Where the tiles of each sample come from, row by row: places on the sheet and distances."""
    if each.provenance is None:
        return {"tiles": {}}
    table = each.provenance[each.provenance["sample"] < shown].sort_values(["sample", "row", "col"], kind="stable")
    return {
        "tiles": {
            str(sample): [[subset.number(id_) for id_ in part["source"]], rounded(part["distance"], 3)]
            for sample, part in table.groupby("sample")
        }
    }


def axes(found: list[Found]) -> list[dict[str, Any]]:
    """The axes along which runs differ: numeric options of families, receptive field, number of training images.

    points: [run, x, line]; runs of one line differ in x alone. line: None where nothing joins them.
    """
    config = pd.DataFrame(
        [(e.run.denoiser, e.run.seed, e.run.family, e.run.kind, json.dumps(e.run.config, sort_keys=True)) for e in found],
        columns=["denoiser", "seed", "family", "kind", "config"],
    ).drop_duplicates(["denoiser", "seed"])
    table = axes_of(config)
    made: list[dict[str, Any]] = []
    for name, part in table.groupby("axis", sort=False):
        mine = {(str(row.denoiser), row.seed): row for row in part.itertuples()}
        points = []
        for i, each in enumerate(found):
            row = mine.get((each.run.denoiser, each.run.seed))
            if row is not None:
                points.append([i, row.x, f"{row.line} {each.run.subset} {each.run.seed}", row.label])
        made.append({"name": name, "points": points, "log": str(name).endswith("width")})
    runs_found = [(i, each.run, known_field(each)) for i, each in enumerate(found)]
    fields: list[list[Any]] = [[i, field, None, run.denoiser] for i, run, field in runs_found if field is not None]
    if len({point[1] for point in fields}) > 1:
        made.append({"name": "receptive field", "points": fields, "log": False})
    sizes: list[list[Any]] = [
        [i, run.n, f"{run.denoiser} {run.subset.split('-')[1]} {run.seed}", run.denoiser] for i, run, _ in runs_found
    ]
    if len({point[1] for point in sizes}) > 1:
        made.append({"name": "training images n", "points": sizes, "log": True})
    return made


def known_field(each: Found) -> int | None:
    return json.loads(each.facts.get("run", "{}")).get("receptive_field") if each.run.kind != "control" else None


def measure_names(found: list[Found]) -> list[str]:
    names = {name for each in found for name in measures_of(each) or {}}
    return sorted(names, key=lambda name: (name.endswith(":pca") and name != "frechet:pca", *words.rank(name.split(":")[0]), name))


def family_entries(found: list[Found]) -> list[dict[str, str]]:
    present = {"control" if each.run.kind == "control" else each.run.family for each in found}
    names = [*(name for name in FAMILY_COLOURS if name in present), *sorted(present - set(FAMILY_COLOURS))]
    return [{"name": name, "colour": FAMILY_COLOURS.get(name, "#555555")} for name in names]


def campaign_table(root: Path, name: str) -> dict[str, Any] | None:
    """A table of the campaign as {columns, rows}; None where it is not there or empty."""
    try:
        table = store.read(root / f"{name}.parquet").to_pandas()
    except store.StoreError:
        return None
    columns = [cells(table[name]) for name in table.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return {"columns": list(table.columns), "rows": rows} if rows else None


def cells(column: pd.Series) -> list[Any]:
    """A column as JSON can say it; infinity, which the phases know, as a word."""
    if column.dtype.kind != "f":
        return list(column.astype(object).where(column.notna(), None))
    return ["∞" if np.isposinf(value) else number(value) for value in column]


def rounded(values: Any, digits: int = 4) -> list[float | int | None]:
    return [number(value, digits) for value in np.asarray(values, dtype=float).tolist()]


def number(value: Any, digits: int = 4) -> float | int | None:
    """A number to so many significant digits, as short as JSON can say it; None where it is not finite."""
    if value is None or not np.isfinite(value):
        return None
    short = float(f"{value:.{digits}g}")
    return int(short) if short.is_integer() and abs(short) < 1e9 else short
