"""Loads the tables of a campaign that figures are drawn from, with denoisers ordered from copier to noise."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from creativity import store
from creativity.campaign.layout import MISSING, Run, runs
from creativity.campaign.sections import Campaign


class Results(NamedTuple):
    """The runs and the tables of one subset of a campaign, or of all subsets where subset is None.

    available_runs: the runs whose files are complete and up to date. The rows of `runs` are ordered from copier to noise.
    """

    root: Path
    campaign: Campaign
    subset: str | None
    available_runs: list[Run]
    runs: pd.DataFrame
    measures: pd.DataFrame
    convergence: pd.DataFrame

    @property
    def order(self) -> list[str]:
        """The denoisers in the order of `copier_to_noise`."""
        return list(self.runs["denoiser"].unique())

    def value(self, denoiser: str, measure: str, space: str = "pixel") -> float:
        """A measure of a denoiser, averaged over its training seeds; NaN where the table has no row."""
        table = self.measures
        chosen = (table["denoiser"] == denoiser) & (table["measure"] == measure) & (table["space"] == space)
        return float(table.loc[chosen, "value"].mean())

    def table(self, name: str) -> pd.DataFrame:
        """The rows of this subset in another table of the campaign. Raises StoreError where the table is missing."""
        rows = store.read(self.root / f"{name}.parquet").to_pandas()
        return rows[rows["subset"] == self.subset] if self.subset else rows

    def pairs(self) -> pd.DataFrame:
        """The comparisons of two runs of this subset. Raises StoreError where the table is missing."""
        rows = store.read(self.root / "pairs.parquet").to_pandas()
        return rows[(rows["subset_a"] == self.subset) & (rows["subset_b"] == self.subset)]

    def agreement(self) -> pd.DataFrame:
        """r^2 between the samples of one denoiser, trained on two disjoint subsets of size n, from the same noise.

        One row a pair of subsets, and one for its chance level, r^2 from different noise (kind: agreement or chance). Empty where
        subsets share images. Raises StoreError where the table is missing.
        """
        rows = store.read(self.root / "pairs.parquet").to_pandas()
        across = (rows["a"] == rows["b"]) & (rows["subset_a"] != rows["subset_b"]) & rows["sigma"].isna()
        kinds = {"squared_correlation": "agreement", "chance_squared_correlation": "chance"}
        rows = rows[across & rows["measure"].isin(kinds) & self.campaign.subsets.disjoint]
        sizes = self.runs.drop_duplicates("subset").set_index("subset")["n"]
        return rows.assign(n=rows["subset_a"].map(sizes), denoiser=rows["a"], kind=rows["measure"].map(kinds))


def load(root: Path, campaign: Campaign, subset: str | None) -> Results:
    """The results of one subset (None: of all), without missing runs. Raises StoreError where a table is missing."""
    whole_tables = {name: store.read(root / f"{name}.parquet").to_pandas() for name in ("runs", "measures", "convergence")}
    tables = {name: table[table["subset"] == subset] if subset else table for name, table in whole_tables.items()}
    rows = tables["runs"][tables["runs"]["status"] != MISSING]
    available = set(zip(*(rows[name] for name in ("subset", "denoiser", "seed")), strict=True))
    available_runs = [run for run in runs(campaign) if (run.subset, run.denoiser, run.seed) in available]
    nearest = tables["measures"].query("measure == 'nearest_distance' and space == 'pixel'")
    kinds, distances = dict(zip(rows["denoiser"], rows["kind"], strict=True)), nearest.groupby("denoiser")["value"].mean().to_dict()
    rank = {name: i for i, name in enumerate(copier_to_noise(kinds, distances))}
    tables["runs"] = rows.assign(rank=rows["denoiser"].map(rank)).sort_values(["rank", "seed"]).drop(columns="rank")
    return Results(root, campaign, subset, available_runs, **tables)


def copier_to_noise(kinds: Mapping[str, str], distances: Mapping[str, float]) -> list[str]:
    """Denoisers by rising distance to the nearest training image; at equal distance controls come first, then it goes by name.

    kinds: {denoiser: kind}. distances: {denoiser: median distance of its samples, averaged over runs}; denoisers without one, or
    with NaN, come last.

    >>> kinds = {"unet": "trained", "new": "trained", "bayes": "closed form", "copier": "control"}
    >>> copier_to_noise(kinds, {"unet": 2.5, "bayes": 0.0, "copier": 0.0})
    ['copier', 'bayes', 'unet', 'new']
    """

    def place(name: str) -> tuple[float, bool, str]:
        distance = distances.get(name, np.nan)
        return (np.inf if np.isnan(distance) else distance, kinds[name] != "control", name)

    return sorted(kinds, key=place)


def sample_measures(results: Results, measures: list[str]) -> pd.DataFrame:
    """Measures of the samples of all runs, one row a sample: denoiser, family, kind, seed, sample, then one column a measure."""
    tables = []
    for run in results.available_runs:
        columns = ["sample", "measure", "space", "value", "text"]
        table = pq.read_table(run.file(results.root, "sample_measures.parquet"), columns=columns).to_pandas()
        table = table[table["measure"].isin(measures) & table["space"].isin(["pixel", "tile"])]
        table["content"] = table["text"].astype(object).where(table["text"].notna(), table["value"])
        wide = table.pivot(index="sample", columns="measure", values="content").reindex(columns=measures).reset_index()
        tables.append(wide.assign(denoiser=run.denoiser, family=run.family, kind=run.kind, seed=run.seed))
    return pd.concat(tables, ignore_index=True)
