"""The tables of the whole campaign on the page, shortened where they are long: what is left out is said."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from creativity import store
from creativity.report.numbers import cells

TABLES = ("laws", "pairs", "phase", "times", "slopes", "claims", "controls", "disguises", "judges", "copied_first")  # if there
SHOWN = {  # columns of tables that have more
    "times": [
        "subset",
        "denoiser",
        "seed",
        "tau_mem",
        "tau_gen",
        "memorised",
        "tau_real",
        "real",
        "last",
        "last_memorised",
        "advice",
    ],
    "slopes": ["denoiser", "time", "value", "low", "high", "sizes", "replicates", "over"],
}
MOST_ROWS = 500  # of a table
MOST_LAWS = 1_000  # rows of laws, of which there are many a denoiser
MOST_SIDES = 24  # denoisers of which the page shows pairs
MOST_PAIRS = 6_000  # rows of the table of pairs


def campaign_tables(root: Path, order: Sequence[str]) -> dict[str, Any]:
    """Those that are there and not empty, by name. order: of the denoisers, from copier to noise."""
    return {name: table for name in TABLES if (table := campaign_table(root, name, order))}


def campaign_table(root: Path, name: str, order: Sequence[str]) -> dict[str, Any] | None:
    """A table of the campaign as {columns, rows}, with a note on what is left out; None where it is not there or empty."""
    stored = store.if_there(root / f"{name}.parquet")
    if stored is None:
        return None
    table = stored.to_pandas()
    table, note = pairs_shown(table, order) if name == "pairs" else shortened(name, table, order)
    table = table[SHOWN.get(name, list(table.columns))]
    columns = [cells(table[name]) for name in table.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    noted = {"note": note} if note else {}
    return {"columns": list(table.columns), "rows": rows} | noted if rows else None


def shortened(name: str, table: pd.DataFrame, order: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """At most MOST_ROWS rows, those that say most first to stay, in the order of the table; and a sentence if there are more.

    Of claims the surest stay, of controls the broken ones, of laws those of some denoisers; else the first rows.
    """
    if len(table) <= (MOST_LAWS if name == "laws" else MOST_ROWS):
        return table, ""
    if name == "laws":
        return laws_shown(table, order)
    rank = (
        table["p_holm"].to_numpy(dtype=float)
        if "p_holm" in table
        else np.asarray(table.get("held", np.zeros(len(table))), dtype=float)
    )
    kept = np.sort(np.argsort(np.nan_to_num(rank, nan=np.inf), kind="stable")[:MOST_ROWS])
    return table.iloc[kept], f"Shown: {MOST_ROWS:,} of {len(table):,} rows; {name}.parquet has all."


def laws_shown(laws: pd.DataFrame, order: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """The laws of as many denoisers, spread from copier to noise, as have MOST_LAWS rows, each with its first training seed."""
    first = laws[laws["seed"] == laws.groupby("denoiser")["seed"].transform("min")]
    known = set(first["denoiser"])
    names = [name for name in order if name in known]
    most = max(1, int(MOST_LAWS // max(first.groupby("denoiser").size().max(), 1)))
    return first[first["denoiser"].isin(spread(names, most))], left_out("Laws", min(most, len(names)), len(names), "laws")


def pairs_shown(pairs: pd.DataFrame, order: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """The pairs of one subset, of at most MOST_SIDES denoisers and MOST_PAIRS rows; and a sentence if there are more."""
    within = pairs[pairs["subset_a"] == pairs["subset_b"]]
    known = {*within["a"].unique(), *within["b"].unique()}
    names = [name for name in order if name in known]
    kept, notes = spread(names, MOST_SIDES), []
    if len(names) > MOST_SIDES:
        within = within[within["a"].isin(kept) & within["b"].isin(kept)]
        notes.append(left_out("Pairs", len(kept), len(names), "pairs"))
    if len(within) > MOST_PAIRS:
        seed = within[["seed_a", "seed_b"]].max(axis=1)
        numbers = sorted(int(number) for number in seed.unique())
        last = max((number for number in numbers if (seed <= number).sum() <= MOST_PAIRS), default=numbers[0])
        within = within[seed <= last]
        notes.append(f"Training seeds above {last} are left out here; pairs.parquet has all.")
    return within, " ".join(notes)


def spread(names: Sequence[str], most: int) -> list[str]:
    """At most so many of the names, evenly spaced, the first and the last among them.

    >>> spread(["a", "b", "c", "d", "e"], 3)
    ['a', 'c', 'e']
    """
    return [names[i] for i in np.unique(np.linspace(0, len(names) - 1, min(most, len(names))).round().astype(int))] if names else []


def left_out(what: str, shown: int, names: int, file: str) -> str:
    return f"{what} of {shown} of {names} denoisers, evenly from copier to noise; {file}.parquet has all."
