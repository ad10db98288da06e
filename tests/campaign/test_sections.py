"""What a campaign file may say, section by section; mistakes as users meet them: tests/workflow/test_mistakes.py."""

import pytest
from checkout import ROOT, TINY
from pydantic import ValidationError

from creativity.campaign.sections import Critic, Dataset, Features, Neighbours, Sampling, Subsets, Training
from creativity.campaign.validation import ConfigError, resolve
from creativity.fields import modules_in

PACKAGE = ROOT / "workflow/scripts/creativity"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Dataset(name="image-folder", size=8), "path: found None; allowed: the folder"),
        (lambda: Dataset(name="mnist", size=8, train="x"), "train: found 'x'; allowed: null, since name is mnist"),
        (lambda: Subsets(sizes=(4, 4), heldout=8, reference=8), "sizes: found .*each value once"),
        (lambda: Training(checkpoints=(0.5, 0.25, 1.0)), "checkpoints: found .*rising shares that end with 1"),
        (lambda: Training(checkpoints=(0.5,)), "checkpoints: found .*rising shares that end with 1"),
        (lambda: Sampling(count=8, sigma_min=90.0), "sigma_min: found 90.0; allowed: less than sigma_max = 80.0"),
        (lambda: Neighbours(spaces=("pca",)), "spaces: found .*pixel in it"),
        (lambda: Features(extractor="inception"), "weights: found None; allowed: the file of inception's weights"),
        (lambda: Features(weights="a.pth"), "weights: found 'a.pth'; allowed: null, since there is no extractor"),
    ],
)
def test_values_that_cannot_work_together_are_told(make, said):
    with pytest.raises(ValidationError, match=said):
        make()


@pytest.mark.parametrize(
    ("kind", "keys", "folder", "key"),
    [
        (Dataset, {"size": 8, "path": "."}, "data/sets", "name"),
        (Sampling, {"count": 8}, "sampling/samplers", "sampler"),
    ],
)
def test_what_can_be_added_is_a_file_of_its_folder(kind, keys, folder, key):
    for name in modules_in(PACKAGE / folder):
        assert getattr(kind(**keys, **{key: name}), key) == name
    with pytest.raises(ValidationError):
        kind(**keys, **{key: "nothing-like-this"})


def test_checkpoints_are_shares_of_the_steps_and_steps_spaced_by_their_logarithm():
    assert Training(steps=200, checkpoints=(0.001, 0.5, 1.0)).checkpoint_steps == (1, 100, 200)
    assert Training(steps=1000, checkpoints=(0.5, 1.0), log_checkpoints=3).checkpoint_steps == (10, 100, 500, 1000)
    assert Training(steps=8, checkpoints=(1.0,), log_checkpoints=4).checkpoint_steps == (8,)
    with pytest.raises(ValidationError):
        Training(log_checkpoints=1)


def test_shuffled_images_have_no_mirror_images_and_no_shifts():
    def shuffled(neighbours, **training):
        dataset = TINY["dataset"] | {"shuffle": 0}
        return resolve({**TINY, "dataset": dataset, "neighbours": neighbours, "training": TINY["training"] | training}, "tiny")

    fit = {"mirrored": False, "spaces": ["pixel", "pca"]}
    assert shuffled(fit).dataset.shuffle == 0
    for key, neighbours, training in (
        ("neighbours.mirrored: found true; allowed: false", {}, {}),
        ("training.flip: found true; allowed: false", fit, {"flip": True}),
        ("neighbours.spaces: found", fit | {"spaces": ["pixel", "aligned"]}, {}),
    ):
        with pytest.raises(ConfigError, match=key):
            shuffled(neighbours, **training)


def test_all_spaces_may_be_searched_at_once():
    spaces = modules_in(PACKAGE / "neighbours/spaces")
    assert Neighbours(spaces=spaces).spaces == spaces
    with pytest.raises(ValidationError):
        Neighbours(spaces=("pixel", "nothing-like-this"))


def test_as_many_as_there_are_is_asked_for_by_all_and_null():
    asked = resolve(TINY | {"subsets": {"sizes": ["all"]}, "sampling": {"steps": 4}}, "x")
    assert asked.subsets.sizes == ("all",)
    assert (asked.subsets.heldout, asked.subsets.reference, asked.sampling.count) == (None, None, None)


def test_a_tile_is_a_quarter_of_the_image_and_never_one_pixel_or_all_of_it():
    tiles = {}
    for size in (4, 5, 7, 8, 13, 17, 28, 31):
        dataset = TINY["dataset"] | {"size": size}
        tiles[size] = resolve(TINY | {"dataset": dataset, "denoisers": {"bayes": {"family": "bayes"}}}, "x").tile
    assert tiles == {4: 2, 5: 2, 7: 2, 8: 2, 13: 3, 17: 4, 28: 7, 31: 7}
    assert resolve(TINY | {"neighbours": {"tile": 4}}, "x").tile == 4


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"denoisers": {"copier": {"family": "bayes"}}}, 'denoisers.copier: found "copier"; allowed: a name other than'),
        (
            {"denoisers": {"a": {"family": "local", "patch": "bayes"}, "bayes": {"family": "bayes"}}},
            "denoisers.a.patch: .*there is none",
        ),
        ({"denoisers": {"a": {"family": "control"}}}, 'denoisers.a.family: found "control"'),
        ({"sampling": {"count": 41}}, "sampling.count: found 41; allowed: at most subsets.heldout = 40"),
        ({"neighbours": {"k": 20}}, "neighbours.k: found 20; allowed: at most 19"),
        ({"neighbours": {"tile": 5}}, "neighbours.tile: found 5; allowed: at most half of dataset.size = 8"),
        ({"seeds": [1, 1]}, "seeds: found"),
    ],
)
def test_sections_that_cannot_stand_together_are_told(changes, said):
    with pytest.raises(ConfigError, match=said):
        resolve(TINY | changes, "mine.yaml")


def test_there_is_no_critic_where_none_is_asked_for():
    assert Critic().steps == 0
