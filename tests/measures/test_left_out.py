"""Training images left out one by one, against brute force in float64; and the verdict where no person stands on two sides."""

import numpy as np
import pytest

from creativity.measures import left_out
from creativity.measures.classes import COPY
from creativity.measures.evidence import Evidence, Generated, Judged, Null, Train
from creativity.neighbours.search import search
from creativity.neighbours.spaces import fit
from creativity.neighbours.tiles import tiles, trace
from creativity.neighbours.vectors import in_rows

SPACES = ("pixel", "pca", "aligned", "halves")
STEP = 2 / 255  # one grey level


@pytest.fixture
def repeating(rng):
    """30 images, of which 5 stand twice but for two grey levels of noise, one of these mirrored."""
    images = rng.normal(size=(25, 1, 8, 8)).astype(np.float32)
    near = images[:5] + rng.uniform(-2 * STEP, 2 * STEP, (5, 1, 8, 8)).astype(np.float32)
    near[0] = near[0, ..., ::-1]
    return np.concatenate([images, near])


def apart(images, mirrored):
    """Distances [n, n] in float64 to all images, infinite to itself and to near-duplicates; and which these are."""
    sides = [images, images[..., ::-1]] if mirrored else [images]
    away = np.min([np.linalg.norm(in_rows(images)[:, None].astype(float) - in_rows(side)[None], axis=2) for side in sides], axis=0)
    same = away < 4 * STEP * 8
    return np.where(same, np.inf, away), same


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_left_out_image_is_as_far_as_the_nearest_that_is_no_near_duplicate(repeating, mirrored):
    own = left_out.places(len(repeating), 12)
    away, same = apart(repeating, mirrored)
    assert same.sum() == 30 + (10 if mirrored else 8)
    near = search(repeating[own], repeating, {}, "pixel", 4, mirrored)
    mirrors = in_rows(repeating[..., ::-1]) if mirrored else None
    found = left_out.first_distinct(near, own, in_rows(repeating), mirrors)
    assert found.distances[:, 0] == pytest.approx(away[own].min(axis=1), rel=1e-6)
    assert found.indices[:, 0].tolist() == away[own].argmin(axis=1).tolist()


def test_an_image_with_near_duplicates_alone_beside_it_is_infinitely_far(repeating):
    train = np.concatenate([repeating[:1], np.repeat(repeating[1:2], 6, axis=0)])
    own = np.arange(7)
    found = left_out.first_distinct(search(train, train, {}, "pixel", 4, False), own, in_rows(train), None)
    assert np.isfinite(found.distances[:, 0]).tolist() == [True] + [False] * 6


@pytest.mark.parametrize("mirrored", [False, True])
def test_tiles_of_a_left_out_image_are_traced_to_images_that_are_no_near_duplicates(repeating, mirrored):
    own = left_out.places(len(repeating), 12)
    found = left_out.trace(repeating, own, 4, mirrored, k=5)
    _, same = apart(repeating, mirrored)
    for row, col in np.ndindex(2, 2):
        of = [tiles(side, 4)[row][col] for side in ([repeating, repeating[..., ::-1]] if mirrored else [repeating])]
        away = np.array([np.linalg.norm(of[0][own][:, None].astype(float) - side[None], axis=2) for side in of])
        away[:, same[own]] = np.inf
        assert found.distances[:, row, col] == pytest.approx(away.min(axis=(0, 2)), rel=1e-6)
        assert found.sources[:, row, col].tolist() == away.min(axis=0).argmin(axis=1).tolist()
        assert found.mirrored[:, row, col].tolist() == (away.min(axis=2).argmin(axis=0) == 1).tolist()


def test_as_many_are_left_out_as_are_held_out():
    assert left_out.places(60, 100).tolist() == list(range(60))
    assert left_out.places(1000, 4).tolist() == [0, 333, 666, 999]


def evidence(images, train, heldout, reference):
    """The evidence on images where no person stands on two sides; the judge finds everything real."""
    fitted = fit(SPACES, reference)

    def near(queries, itself=False, k=5):
        return {space: search(queries, train, fitted, space, k, True, itself) for space in SPACES}

    own, mirrors = np.arange(len(train)), in_rows(train[..., ::-1])
    scales = {space: search(train, reference, fitted, space, 5, True).distances[:, -1] for space in SPACES}
    distinct = {space: left_out.first_distinct(found, own, in_rows(train), mirrors) for space, found in near(train, k=6).items()}
    out = Null(distinct, left_out.trace(train, own, 4, True, 6))
    generated = Generated(images, near(images), trace(images, train, 4, True), Judged(np.ones(len(images)), np.ones(len(images))))
    known = Train(train, near(train, itself=True), near(reference), scales, True)
    return Evidence(generated, known, Null(near(heldout), trace(heldout, train, 4, True)), reference, left_out=out)


def share(flags):
    return np.mean(flags)


def test_new_images_of_the_training_people_are_no_copies_but_likenesses(faces16):
    """Seven of ten images of twelve people are trained on; held-out and reference are of others. The other three are new."""
    people = faces16.reshape(40, 10, *faces16.shape[1:])
    train, fresh = (people[:12, part].reshape(-1, *faces16.shape[1:]) for part in (slice(7), slice(7, 10)))
    heldout, reference = (people[part].reshape(-1, *faces16.shape[1:]) for part in (slice(12, 22), slice(22, 40)))
    new, others, copies = (evidence(images, train, heldout, reference) for images in (fresh, heldout, train[::2]))
    assert share(new.p_copies[0] <= 0.05) > 0.5  # held-out images alone call them copies
    assert share([name == COPY for name in new.classes]) <= 0.17  # of 36: 3 standard errors above 5 %
    assert share(new.likeness) > 0.5
    assert share([name == COPY for name in others.classes]) <= 0.05
    assert share(others.likeness) <= 0.05
    assert share([name == COPY for name in copies.classes]) == 1
    assert not copies.likeness.any()
    assert share(new.p_collage <= 0.05) <= 0.17
    moved = evidence(np.roll(train, 1, axis=3), train, heldout, reference)
    assert share([name == COPY for name in moved.classes]) > 0.8
