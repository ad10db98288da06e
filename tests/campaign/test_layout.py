"""Which runs a campaign has, where their files lie, and what they are held against."""

import json

import pytest
from checkout import TINY

from creativity.campaign.layout import (
    FIGURES,
    SAMPLERS_WITH_LAWS,
    figure_names,
    grouped,
    keys_in,
    laws_of,
    runs,
    several_seeds,
    subset_names,
)
from creativity.campaign.validation import resolve
from creativity.families.control import CONTROLS


def campaign(**changes):
    return resolve(TINY | changes, "test")


def test_without_a_file_nothing_is_missing(tmp_path):
    (tmp_path / "missing.json").write_text(json.dumps(["n20-s0/unet/seed2"]))
    assert keys_in() == set()
    assert keys_in(tmp_path / "missing.json") == {"n20-s0/unet/seed2"}


def test_trained_denoisers_have_a_run_a_seed_and_all_others_one_run_a_subset(tmp_path):
    found = runs(campaign(seeds=[3, 5], subsets=TINY["subsets"] | {"seeds": [0, 1]}))
    assert len({run.key for run in found}) == len(found)
    seeds = {run.denoiser: set() for run in found}
    for run in found:
        seeds[run.denoiser].add(run.seed)
        assert run.file(tmp_path, "x") == tmp_path / "runs" / run.subset / run.denoiser / f"seed{run.seed}" / "x"
        assert run.subset.startswith(f"n{run.n}-s")
    kinds = {run.denoiser: run.kind for run in found}
    assert {name for name, own in seeds.items() if own == {3, 5}} == {name for name, kind in kinds.items() if kind == "trained"}
    assert all(own in ({0}, {3, 5}) for own in seeds.values())
    assert {run.denoiser for run in found if not run.denoises} == set(CONTROLS)
    assert {run.subset for run in found} == set(subset_names(campaign(subsets=TINY["subsets"] | {"seeds": [0, 1]})))


def test_only_networks_with_another_seed_can_be_held_against_it():
    assert several_seeds(runs(campaign(seeds=[3]))) == []
    several = several_seeds(runs(campaign(seeds=[3, 5])))
    assert {(run.denoiser, run.seed) for run in several} == {(name, seed) for name in ("mlp", "cnn", "unet") for seed in (3, 5)}
    assert several_seeds(several[:1]) == []


def test_runs_are_found_by_one_attribute_and_by_several():
    every = runs(campaign(seeds=[3, 5]))
    for run in every:
        assert [other for other in every if other.subset == run.subset] == grouped(every, "subset")[run.subset]
        twins = [other for other in every if (other.subset, other.denoiser) == (run.subset, run.denoiser)]
        assert twins == grouped(every, "subset", "denoiser")[run.subset, run.denoiser]
    assert grouped([], "subset") == {}


def test_a_calibrated_denoiser_follows_the_network_that_its_patch_names():
    follower = {"family": "local", "patch": "unet"}
    found = {run.denoiser: run.follows for run in runs(campaign(denoisers=TINY["denoisers"] | {"follower": follower}))}
    assert {name for name, follows in found.items() if follows} == {"follower"}
    assert found["follower"] == "unet"


@pytest.mark.parametrize("sampler", ["heun", "euler", "dpmpp-2m", "heun-churn"])
def test_samples_are_held_against_laws_where_the_laws_know_the_sampler(sampler):
    made = campaign(sampling=TINY["sampling"] | {"sampler": sampler})
    lawful = {run.denoiser for run in runs(made) if laws_of(made, run)}
    assert lawful == ({"bayes", "linear"} if sampler in SAMPLERS_WITH_LAWS else set())
    assert ("heun-churn" in SAMPLERS_WITH_LAWS) is False


def test_there_is_a_phase_where_there_are_several_sizes():
    two_sizes = TINY["subsets"] | {"sizes": [20, 40]}
    one, two = (campaign(subsets=subsets) for subsets in (TINY["subsets"] | {"sizes": [20]}, two_sizes))
    assert figure_names(one) == [f"{name}-n20-s0" for name in FIGURES]
    assert "phase" in figure_names(two)
    assert figure_names(two, ["n20-s0"]) == [*figure_names(one), "phase"]
    logarithmic = campaign(subsets=two_sizes, training=TINY["training"] | {"log_checkpoints": 3})
    assert figure_names(logarithmic, ["n20-s0"]) == [*figure_names(one), "phase", "times"]


def test_claims_are_drawn_where_trainings_of_several_networks_are_repeated():
    assert "claims" in figure_names(campaign(seeds=[0, 1, 2]))
    assert "claims" not in figure_names(campaign(seeds=[0, 1]))
    one_network = {name: TINY["denoisers"][name] for name in ("bayes", "unet")}
    assert "claims" not in figure_names(campaign(seeds=[0, 1, 2], denoisers=one_network))
