"""What figures draw from: the tables of one subset of a campaign."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from creativity import store
from creativity.campaign.layout import MISSING, Run, runs
from creativity.campaign.sections import Campaign


class Results(NamedTuple):
    """One subset of a campaign, or all where subset is None. Tables hold its runs alone, in the order from copier to noise."""

    root: Path
    campaign: Campaign
    subset: str | None
    every: list[Run]
    runs: pd.DataFrame
    measures: pd.DataFrame
    convergence: pd.DataFrame

    @property
    def order(self) -> list[str]:
        """Denoisers from copier to noise: by median nearest distance, those without samples last."""
        return list(self.runs["denoiser"].unique())

    def value(self, denoiser: str, measure: str, space: str = "pixel") -> float:
        """A measure of a denoiser: the mean over its training seeds; NaN where there is none."""
        table = self.measures
        chosen = (table["denoiser"] == denoiser) & (table["measure"] == measure) & (table["space"] == space)
        return float(table.loc[chosen, "value"].mean())

    def table(self, name: str) -> pd.DataFrame:
        """A further table of the campaign, this subset's rows. Raises StoreError where it is missing."""
        found = store.read(self.root / f"{name}.parquet").to_pandas()
        return found[found["subset"] == self.subset] if self.subset else found

    def pairs(self) -> pd.DataFrame:
        """The pairs of which both are of this subset. Raises StoreError where the table is missing."""
        found = store.read(self.root / "pairs.parquet").to_pandas()
        return found[(found["subset_a"] == self.subset) & (found["subset_b"] == self.subset)]

    def agreement(self) -> pd.DataFrame:
        """How alike one denoiser's samples of one noise are after training on disjoint images: r^2 and chance, by n.

        Rows are pairs of subsets of one size; none where subsets share images. Raises StoreError where the table is missing.
        """
        found = store.read(self.root / "pairs.parquet").to_pandas()
        across = (found["a"] == found["b"]) & (found["subset_a"] != found["subset_b"]) & found["sigma"].isna()
        kinds = {"squared_correlation": "agreement", "chance_squared_correlation": "chance"}
        kept = found[across & found["measure"].isin(kinds) & self.campaign.subsets.disjoint]
        sizes = self.runs.drop_duplicates("subset").set_index("subset")["n"]
        return kept.assign(n=kept["subset_a"].map(sizes), denoiser=kept["a"], kind=kept["measure"].map(kinds))


def load(root: Path, campaign: Campaign, subset: str | None) -> Results:
    """The tables of one subset, or of all, without the runs that are missing. Raises StoreError where a table is missing."""
    tables = {name: store.read(root / f"{name}.parquet").to_pandas() for name in ("runs", "measures", "convergence")}
    mine = {name: table[table["subset"] == subset] if subset else table for name, table in tables.items()}
    mine["runs"] = mine["runs"][mine["runs"]["status"] != MISSING]
    there = set(zip(*(mine["runs"][name] for name in ("subset", "denoiser", "seed")), strict=True))
    every = [run for run in runs(campaign) if (run.subset, run.denoiser, run.seed) in there]
    medians = mine["measures"].query("measure == 'nearest_distance' and space == 'pixel'").groupby("denoiser")["value"].mean()
    controls_first = mine["runs"].assign(
        distance=mine["runs"]["denoiser"].map(medians).fillna(np.inf), trained=mine["runs"]["kind"] != "control"
    )
    mine["runs"] = controls_first.sort_values(["distance", "trained", "denoiser", "seed"]).drop(columns=["distance", "trained"])
    return Results(root, campaign, subset, every, **mine)


def sample_measures(results: Results, measures: list[str]) -> pd.DataFrame:
    """Per-sample measures of all runs, one row a sample: denoiser, family, kind, seed, sample, then a column a measure."""
    found = []
    for run in results.every:
        columns = ["sample", "measure", "space", "value", "text"]
        table = pq.read_table(run.file(results.root, "sample_measures.parquet"), columns=columns).to_pandas()
        table = table[table["measure"].isin(measures) & table["space"].isin(["pixel", "tile"])]
        table["content"] = table["text"].astype(object).where(table["text"].notna(), table["value"])
        wide = table.pivot(index="sample", columns="measure", values="content").reindex(columns=measures).reset_index()
        found.append(wide.assign(denoiser=run.denoiser, family=run.family, kind=run.kind, seed=run.seed))
    return pd.concat(found, ignore_index=True)
