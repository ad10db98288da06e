"""Precision, recall, density and coverage: against the public package and exact arithmetic, ties included."""

import numpy as np
import pytest
from prdc import compute_prdc

from creativity.measures import overlap as overlaps
from creativity.measures.overlap import overlap, shares


def means_of(found):
    return {name: getattr(found, name).mean() for name in ("precision", "recall", "density", "coverage")}


@pytest.mark.parametrize("block", [16, 1024])
def test_overlap_agrees_with_the_public_package(rng, monkeypatch, block):
    monkeypatch.setattr(overlaps, "BLOCK", block)
    reference, made = rng.normal(size=(80, 6)), rng.normal(size=(60, 6)) * 0.8 + 0.3
    theirs = compute_prdc(real_features=reference, fake_features=made, nearest_k=5)
    assert means_of(overlap(made, reference)) == pytest.approx(theirs)


def exact(made, reference):
    """The four by whole numbers: squared distances of integer images are exact."""

    def squares(a, b):
        return np.square(a[:, None].astype(np.int64) - b[None]).sum(axis=-1)

    away, real, own = squares(made, reference), np.sort(squares(reference, reference)), np.sort(squares(made, made))
    inside = away < real[:, 5]  # the first is the image itself
    return inside.any(axis=1), (away < own[:, 5, None]).any(axis=0), inside.sum(axis=1) / 5, inside.any(axis=0)


@pytest.mark.parametrize("levels", [2, 3, 10])
def test_ties_and_duplicates_are_those_of_exact_arithmetic(rng, levels):
    reference, made = rng.integers(levels, size=(90, 5)), rng.integers(levels, size=(70, 5))
    made[:20] = reference[:20]
    reference[80:] = reference[0]  # an image that stands eleven times: its ball is empty
    for scale, shift in ((1.0, 0.0), (1 / 4, 2.0**20)):  # both exact in floating point
        found = overlap(made * scale + shift, reference * scale + shift)
        for mine, theirs in zip(found[:4], exact(made, reference), strict=True):
            assert np.array_equal(mine, theirs)


def test_a_copy_of_the_reference_has_density_one(rng):
    """An image lies in the balls of those to which it is nearer than the 5th, four each, and in its own: 5 of 5, if ties tie."""
    for size in (3, 30, 300):
        reference = rng.normal(size=(64, size)) / 3
        found = overlap(reference.copy(), reference)
        assert found.density.mean() == 1
        assert found.coverage.all()


def test_which_side_is_generated_is_pinned_by_a_mode_collapse(rng):
    reference = np.concatenate([rng.normal(size=(50, 2)), rng.normal(size=(50, 2)) + 20])
    collapsed = rng.normal(size=(60, 2))  # one of the two modes
    found = means_of(overlap(collapsed, reference))
    assert found["precision"] > 0.9
    assert found["coverage"] < 0.6
    assert found["recall"] < 0.6
    assert found["density"] > 0.7


def test_fresh_draws_of_a_law_that_repeats_are_in_no_ball(rng):
    templates = rng.normal(size=(4, 10))
    reference, made = (templates[rng.integers(4, size=80)] for _ in range(2))
    assert means_of(overlap(made, reference)) == {"precision": 0, "recall": 0, "density": 0, "coverage": 0}


def test_what_a_reference_image_adds_to_the_density_is_found_by_leaving_it_out(rng):
    made, reference = rng.normal(size=(30, 3)), rng.normal(size=(25, 3))
    whole = overlap(made, reference)
    left_out = np.array([overlap(made, np.delete(reference, j, axis=0)).density.mean() for j in range(25)])
    assert whole.by_reference == pytest.approx(24 * (whole.density.mean() - left_out))


def test_small_sets_are_compared_as_large_ones(rng):
    made, reference = rng.normal(size=(40, 8)) + 0.4, rng.normal(size=(50, 8))
    found = means_of(overlap(made, reference))
    assert overlaps.means(made, reference) == pytest.approx([found[name] for name in ("precision", "recall", "coverage")])


def test_each_of_the_four_has_its_own_interval(rng):
    made, reference = 0.7 * rng.normal(size=(60, 8)), rng.normal(size=(80, 8))
    found, means = shares(made, reference), means_of(overlap(made, reference))
    for name, interval in found._asdict().items():
        assert interval.value == pytest.approx(means[name])
        assert interval.low < interval.value
        assert interval.high >= interval.value
    assert [interval.number for interval in found] == [60, 80, 60, 80]
