"""Which closed form explains each trained network best, beside chance and beside a second training?"""

from collections.abc import Collection

import pandas as pd

from creativity import store

WHO_EXPLAINS = {
    "subset": store.TEXT,
    "denoiser": store.TEXT,
    "seed": store.LONG,
    "sigma": store.REAL,
    "measure": store.TEXT,
    "explained_by": store.TEXT,
    **dict.fromkeys(("value", "low", "high"), store.REAL),
    "count": store.LONG,
    "chance": store.REAL,
    "second_seed": store.REAL,
    "best": store.FLAG,
}
EXPLAINING = {  # measures of who explains whom, and their level by chance
    "squared_correlation": "chance_squared_correlation",
    "determination": "chance_determination",
    "network_squared_correlation": "network_chance_squared_correlation",
    "network_determination": "network_chance_determination",
}


def who_explains(compared: pd.DataFrame, seeds: pd.DataFrame, networks: Collection[str], forms: Collection[str]) -> list[tuple]:
    """Rows of WHO_EXPLAINS: how much of each training each closed form explains, beside chance and a training with another seed.

    compared: rows of `pairs.PAIRS`. seeds: rows of SEEDS with the columns subset and denoiser. networks, forms: names of denoisers.
    The best of several forms is the one of largest value; a network that its own second seed explains no better than the best
    form does is explained as far as it can be.
    """
    within = compared[(compared["subset_a"] == compared["subset_b"]) & compared["a"].isin(networks)]
    within = within.rename(columns={"subset_a": "subset", "a": "denoiser", "seed_a": "seed"})
    at = ["subset", "denoiser", "seed", "sigma", "measure"]
    of_forms = within[within["b"].isin(forms)]
    chance = of_forms.rename(columns={"value": "chance"})[[*at, "b", "chance"]]
    values = of_forms[of_forms["measure"].isin(EXPLAINING)].assign(of_chance=lambda rows: rows["measure"].map(EXPLAINING))
    table = values.merge(chance, left_on=[*at[:-1], "of_chance", "b"], right_on=[*at, "b"], how="left", suffixes=("", "_chance"))
    table = table.merge(second_seeds(within, seeds)[[*at, "second_seed"]], on=at, how="left")
    table["best"] = table["value"] == table.groupby(at, dropna=False)["value"].transform("max")
    table = table.rename(columns={"b": "explained_by"})[list(WHO_EXPLAINS)]
    return list(table.astype(object).where(table.notna(), None).itertuples(index=False, name=None))


def second_seeds(within: pd.DataFrame, seeds: pd.DataFrame) -> pd.DataFrame:
    """What a second training of the same network explains: at each noise level from `seeds`, of the samples from the pairs."""
    along = seeds.assign(second_seed=seeds["value"])
    ends = within[(within["denoiser"] == within["b"]) & within["sigma"].isna()]
    other_way = ends.assign(seed=ends["seed_b"])  # a pair stands once; R^2 of the samples is taken for both as for the first
    ends = pd.concat([ends, other_way]).assign(second_seed=lambda rows: rows["value"])
    every = pd.concat([along, ends])
    return every.groupby(["subset", "denoiser", "seed", "sigma", "measure"], dropna=False, as_index=False)[["second_seed"]].mean()
