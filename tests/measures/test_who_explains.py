import pandas as pd
import pytest

from creativity.measures.explanation import SEEDS, explain
from creativity.measures.pairs import PAIRS
from creativity.measures.who_explains import EXPLAINING, WHO_EXPLAINS, who_explains


def pair(a, seed, b, measure, sigma, value, seed_b=0, subset="n20-s0"):
    return (subset, a, seed, subset, b, seed_b, measure, sigma, value, value - 0.1, value + 0.1, 16, 0)


def test_each_network_stands_beside_each_closed_form_beside_chance_and_its_second_seed():
    rows = [
        pair("unet", seed, b, "determination", sigma, v - seed / 10)
        for b, v in (("els", 0.9), ("linear", 0.6))
        for seed in (0, 1)
        for sigma in (1.0, None)
    ]
    rows += [
        pair("unet", seed, b, "chance_determination", sigma, 0.2)
        for b in ("els", "linear")
        for seed in (0, 1)
        for sigma in (1.0, None)
    ]
    rows += [pair("unet", 0, "unet", "determination", None, 0.95, seed_b=1), pair("els", 0, "linear", "determination", None, 0.5)]
    rows += [
        pair("unet", 0, "els", "distance", 1.0, 3.0),
        ("n20-s0", "unet", 0, "n20-s1", "unet", 0, "determination", None, 0.3, 0, 1, 16, 0),
    ]
    of_seeds = [(0, 1, "determination", 1.0, 0.97, 0.9, 1.0, 16, 0), (1, 0, "determination", 1.0, 0.98, 0.9, 1.0, 16, 0)]
    seeds = pd.DataFrame(of_seeds, columns=list(SEEDS)).assign(subset="n20-s0", denoiser="unet")
    told = pd.DataFrame(
        who_explains(pd.DataFrame(rows, columns=list(PAIRS)), seeds, {"unet"}, {"els", "linear"}), columns=list(WHO_EXPLAINS)
    )
    assert len(told) == 8
    assert set(told["measure"]) == {"determination"}
    assert set(told["chance"]) == {0.2}
    assert set(told.loc[told["best"], "explained_by"]) == {"els"}
    assert told.groupby(["seed", "sigma"], dropna=False)["best"].sum().tolist() == [1] * 4
    known = told.set_index(["seed", "sigma", "explained_by"])[["value", "second_seed"]]
    assert known.loc[(0, 1.0, "els")].tolist() == [0.9, 0.97]
    assert known.loc[(1, 1.0, "linear")].tolist() == pytest.approx([0.5, 0.98])
    of_samples = told[told["sigma"].isna()]
    assert set(of_samples["second_seed"]) == {0.95}


def test_without_a_second_seed_there_is_none_to_tell():
    rows = [pair("unet", 0, "els", name, 1.0, value) for name, value in (("determination", 0.9), ("chance_determination", 0.1))]
    empty = pd.DataFrame(
        {name: pd.Series(dtype=float) for name in SEEDS} | {name: [] for name in ("subset", "denoiser", "measure")}
    )
    ((*_, chance, second, best),) = who_explains(pd.DataFrame(rows, columns=list(PAIRS)), empty, {"unet"}, {"els"})
    assert (chance, second, best) == (0.1, None, True)


def test_the_levels_by_chance_are_named_as_the_rows_that_are_written(images):
    x = images[:8].flatten(1).double().numpy()
    names = {row[1] for row in explain(x, {"other": x}, x, 1.0, 0.1, 0.5)}
    assert names >= {*EXPLAINING, *EXPLAINING.values()}
