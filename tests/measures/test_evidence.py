"""From images to their class: copiers of sets in which images repeat, in pairs or mirrored, and new images beside them."""

import numpy as np
import pytest

from creativity.measures.classes import COLLAGE, COPY
from creativity.measures.controls import copier, halves
from creativity.measures.evidence import Evidence, Generated, Judged, Null, Train
from creativity.measures.novelty import memorised
from creativity.neighbours.search import search
from creativity.neighbours.spaces import fit
from creativity.neighbours.tiles import trace

SPACES = ("pixel", "pca", "aligned", "halves")


def evidence(images, train, heldout, reference):
    """The evidence on images, all of it worked out as by the workflow's jobs; the judge finds everything real."""
    fitted = fit(SPACES, reference)

    def near(queries, k=5, itself=False):
        return {space: search(queries, train, fitted, space, k, True, itself) for space in SPACES}

    scales = {space: search(train, reference, fitted, space, 5, True).distances[:, -1] for space in SPACES}
    known = Train(train, near(train, itself=True), near(reference), scales, True)
    held = Null(near(heldout), trace(heldout, train, 4))
    judged = Judged(np.ones(len(images)), np.ones(len(images)))
    return Evidence(Generated(images, near(images), trace(images, train, 4), judged), known, held, reference)


def pairs(images, rng):
    return np.repeat(images, 2, axis=0)


def mirrored_pairs(images, rng):
    return np.concatenate([images, images[..., ::-1]])


def templates(images, rng):
    """Five images, of which grey-level noise alone makes many."""
    steps = rng.integers(-1, 2, (20, 5, *images.shape[1:])) * np.float32(2 / 255)
    return (images[:5] + steps).reshape(-1, *images.shape[1:]).astype(np.float32)


@pytest.mark.parametrize("repeat", [pairs, mirrored_pairs, templates])
def test_a_copier_of_a_set_in_which_images_repeat_copies_and_new_images_do_not(faces16, rng, repeat):
    order = rng.permutation(400)
    train, heldout, fresh, reference = (
        faces16[order[part]] for part in (slice(50), slice(50, 150), slice(150, 200), slice(200, 400))
    )
    train = repeat(train, rng)
    copies = evidence(copier(train, heldout, 0, 60), train, heldout, reference)
    assert np.mean([name == COPY for name in copies.classes]) >= 0.95
    assert memorised(copies.cluster_ratio).mean() >= 0.95
    assert np.mean(copies.p_copy <= 0.05) >= 0.95
    own, new = (evidence(images, train, heldout, reference) for images in (heldout, fresh))
    assert np.mean([name == COPY for name in own.classes]) <= 0.05
    assert np.mean([name == COPY for name in new.classes]) <= 0.12  # 50 images: 3 standard errors above 5 %


def test_new_images_that_look_like_training_images_by_nature_are_no_copies(rng):
    """Patches of sky: one grey level and a faint gradient each, so that a third of them is within 4 grey levels of others."""
    grey, slope = rng.uniform(-0.5, 0.5, (2, 700, 1, 1, 1))
    sky = (grey + 0.1 * slope * np.linspace(-1, 1, 8) + rng.normal(size=(700, 1, 8, 8)) * 0.004).astype(np.float32)
    train, heldout, fresh, reference = np.split(sky, [100, 200, 400])
    new, copies = (evidence(images, train, heldout, reference) for images in (fresh, train[:40]))
    assert new.indistinguishable.mean() > 0.3
    assert np.mean([name == COPY for name in new.classes]) <= 0.11  # 200 images against 100: 3 standard errors above 5 %
    assert np.mean([name == COPY for name in copies.classes]) >= 0.95


def test_half_an_image_is_a_collage_and_no_copy(faces16, rng):
    order = rng.permutation(400)
    train, heldout, others, reference = np.split(faces16[order], [100, 200, 230])
    pasted = others.copy()
    pasted[:, :, :8] = train[:30, :, :8]
    known = evidence(pasted, train, heldout, reference)
    assert np.mean(known.p_collage <= 0.05) >= 0.95
    assert np.mean(known.p_copy <= 0.05) <= 0.2


def test_halves_are_collages_where_all_images_are_equally_far_apart_and_copies_there_are_copies(rng):
    """Blocks of random colours: half of a training image makes the whole nearer than any new image is to one."""
    blocks = rng.uniform(-1, 1, (600, 3, 4, 4)).repeat(4, axis=2).repeat(4, axis=3).astype(np.float32)
    train, heldout, fresh, reference = np.split(blocks, [200, 300, 400])
    sides = [evidence(images, train, heldout, reference) for images in (halves(train, heldout, 0, 60), fresh, noisy(train, rng))]
    collaged, new, copied = ([np.mean([name == kind for name in side.classes]) for kind in (COPY, COLLAGE)] for side in sides)
    assert np.mean(sides[0].p_copy <= 0.05) > 0.3  # by this alone they would be copies
    assert collaged[1] >= 0.95
    assert max(new) <= 0.12  # 100 images against 100: 3 standard errors above 5 %
    assert copied[0] >= 0.95


def noisy(train, rng):
    return train[:40] + rng.normal(0, 0.1, train[:40].shape).astype(np.float32)
