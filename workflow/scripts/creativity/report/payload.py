"""All that the page shows of a campaign, as plain lists and numbers. What is missing is named, not skipped in silence."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from creativity import families, store
from creativity.campaign.layout import runs, samples_of, subset_names
from creativity.campaign.sections import Campaign
from creativity.figures.classes import LOOKS
from creativity.neighbours.tiles import edges
from creativity.report import pictures, words
from creativity.report.axes import axes
from creativity.report.numbers import cells
from creativity.report.run_entry import run_entry
from creativity.report.run_tables import RunTables, in_order, measures_of, read_run
from creativity.report.train_sheet import TrainSheet

TABLES = ("laws", "pairs", "phase", "claims", "controls", "disguises", "judges")  # of a campaign; shown where they are there
MOST_SAMPLES = 20_000  # of all runs together; the page shows the first of each run where there are more
FEWEST_SHOWN = 8
MOST_PAIRS = 20_000  # rows of the table of pairs on the page; where a campaign has more, its last training seeds are left out


def build(root: Path, campaign: Campaign, outdated: Collection[str] = ()) -> dict[str, Any]:
    """The page's content. Runs, and the files of a run, may be missing; those of outdated runs, given by key, do not count."""
    all_tables = in_order([read_run(root, run, run.key in outdated) for run in runs(campaign)])
    subsets = {name: TrainSheet(root, name) for name in subset_names(campaign)}
    shown, raw = samples_shown(all_tables, subsets, campaign)
    lossless = raw <= pictures.LOSSLESS
    entries = [run_entry(root, tables, subsets[tables.run.subset], shown, lossless) for tables in all_tables]
    return {
        "campaign": campaign.campaign,
        "dataset": {name: getattr(campaign.dataset, name) for name in ("name", "size", "color", "shuffle", "repeats")},
        "sampling": {"steps": campaign.sampling.steps, "sampler": campaign.sampling.sampler, "seed": campaign.sampling.seed},
        "counts": counts(campaign),
        "shown": shown,
        "lossless": lossless,
        "k": campaign.neighbours.k,
        "tile_edges": edges(campaign.dataset.size, campaign.tile),
        "mirrored": campaign.neighbours.mirrored,
        "heldout": campaign.subsets.heldout,
        "reference": campaign.subsets.reference,
        "subsets": [subset.entry(lossless) for subset in subsets.values()],
        "families": family_entries(all_tables),
        "classes": [{"name": name, **look._asdict()} for name, look in LOOKS.items()],
        "runs": entries,
        "axes": axes(all_tables),
        "measures": measure_names(all_tables),
        "words": words.MEASURES,
        "law_words": words.LAWS,
        "tables": {name: table for name in TABLES if (table := campaign_table(root, name))},
    }


def counts(campaign: Campaign) -> tuple[int, int]:
    """The least and the greatest number of samples of a run: external models may have another one than the others."""
    numbers = {samples_of(campaign, run.denoiser) for run in runs(campaign)}
    return min(numbers), max(numbers)


def samples_shown(all_tables: list[RunTables], subsets: dict[str, TrainSheet], campaign: Campaign) -> tuple[int, int]:
    """How many samples of each run the page shows, and the raw bytes of all its pictures then."""
    bytes_of_one = pictures.side_shown(campaign.dataset.size) ** 2 * (3 if campaign.dataset.color else 1)
    shown = min(counts(campaign)[1], max(MOST_SAMPLES // len(all_tables), FEWEST_SHOWN))
    while True:
        used = {(tables.run.subset, id_) for tables in all_tables for id_ in pointed_to(tables, shown)}
        drawn = sum(min(len(tables.samples), shown) for tables in all_tables if tables.samples is not None)
        raw = (drawn + len(used)) * bytes_of_one
        if raw <= pictures.MOST or shown <= FEWEST_SHOWN:
            return shown, raw
        shown = max(shown // 2, FEWEST_SHOWN)


def pointed_to(tables: RunTables, shown: int) -> Iterator[str]:
    """The ids of the training images that the first samples of a run are shown with."""
    if tables.neighbours is not None:
        near = tables.neighbours
        yield from near.loc[(near["sample"] < shown) & (near["space"] == "pixel"), "neighbour"].unique()
    if tables.provenance is not None:
        yield from tables.provenance.loc[tables.provenance["sample"] < shown, "source"].unique()


def measure_names(all_tables: list[RunTables]) -> list[str]:
    names = {name for tables in all_tables for name in measures_of(tables) or {}}
    return sorted(names, key=lambda name: (name.endswith(":pca") and name != "frechet:pca", *words.rank(name.split(":")[0]), name))


def family_entries(all_tables: list[RunTables]) -> list[dict[str, str]]:
    present = {"control" if tables.run.kind == "control" else tables.run.family for tables in all_tables}
    return [{"name": name, "colour": colour} for name, colour in families.colours().items() if name in present]


def campaign_table(root: Path, name: str) -> dict[str, Any] | None:
    """A table of the campaign as {columns, rows}; None where it is not there or empty."""
    try:
        table = store.read(root / f"{name}.parquet").to_pandas()
    except store.StoreError:
        return None
    table, note = pairs_shown(table) if name == "pairs" else (table, "")
    columns = [cells(table[name]) for name in table.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    noted = {"note": note} if note else {}
    return {"columns": list(table.columns), "rows": rows} | noted if rows else None


def pairs_shown(pairs: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The pairs of one subset, which the page shows, at most MOST_PAIRS of them; and a sentence if there are more."""
    within = pairs[pairs["subset_a"] == pairs["subset_b"]]
    seed = within[["seed_a", "seed_b"]].max(axis=1)
    if len(within) <= MOST_PAIRS:
        return within, ""
    numbers = sorted(int(number) for number in seed.unique())
    last = max((number for number in numbers if (seed <= number).sum() <= MOST_PAIRS), default=numbers[0])
    return within[seed <= last], f"Training seeds above {last} are left out here; pairs.parquet has all."
