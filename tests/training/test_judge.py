"""The networks of the judge: their folds, that they see whole images, and that no verdict depends on the images beside it."""

import numpy as np
import pytest
import torch

from creativity.campaign.sections import Judge
from creativity.measures.judges import accepted
from creativity.sampling.noise import starting_noise
from creativity.training import judge
from creativity.training.judge import errors, fit, folds_of, judged, padded, signs_of, unseen_signs


def test_groups_stay_in_one_fold():
    labels = ["a", "b", "c", "a", None, "b", None]
    folds = folds_of(labels, 3)
    assert folds[0] == folds[3]
    assert folds[1] == folds[5]
    assert set(folds) == {0, 1, 2}


@pytest.mark.parametrize(("side", "expected"), [(4, 4), (7, 8), (9, 10), (16, 16), (28, 32), (64, 64)])
def test_sides_are_filled_up_to_what_can_be_halved(side, expected):
    x = torch.rand(2, 3, side, side)
    y = padded(x)
    assert y.shape == (2, 3, expected, expected)
    assert torch.equal(y[..., :side, :side], x)
    assert torch.equal(y[..., side:, :side], x[..., -1:, :].expand(2, 3, expected - side, side))


@pytest.mark.parametrize(("side", "full"), [(8, 8), (28, 32)])
def test_an_error_is_that_of_the_denoiser_and_does_not_depend_on_the_batch(side, full, rng):
    images = torch.from_numpy(rng.normal(size=(35, 1, side, side)).astype(np.float32))

    def shrinks(x, sigma):
        return x / (1 + sigma[:, None, None, None])

    found = errors(shrinks, images, 0.5)
    eps = starting_noise(judge.NOISE_SEED, range(judge.noises(side)), (1, full, full)).astype(np.float64)
    for level, share in enumerate(judge.LEVELS):
        s = 0.5 * share
        for i in (0, 7, 8, 34):
            y = padded(images[i : i + 1])[0].double().numpy()
            expected = np.log(np.mean(((y + s * eps) / (1 + s) - y) ** 2))
            assert found[level, i] == pytest.approx(expected, abs=1e-5)
    assert np.array_equal(errors(shrinks, images[32:], 0.5), found[:, 32:])
    assert errors(shrinks, images[:0], 0.5).shape == (2, 0)


def test_it_learns_what_is_real_from_real_images_alone(faces):
    shuffled = faces[np.random.default_rng(0).permutation(400)]
    images = torch.from_numpy(shuffled[200:])
    networks = fit(images, folds_of([None] * 200, 2), Judge(steps=300, folds=2, width=8), mirrored=True)

    def passes(pictures):
        x = torch.from_numpy(pictures.astype(np.float32))
        return accepted(judged(networks, Judge(width=8), x, images.numpy(), mirrored=True)[0], 200).mean()

    heldout = shuffled[:60]
    torn = heldout.reshape(60, 1, 2, 4, 2, 4)[:, :, ::-1, :, ::-1].reshape(heldout.shape)
    assert passes(heldout) >= 0.8
    assert passes(torn) <= 0.5
    assert passes(heldout[:, :, ::-1]) <= 0.5
    assert passes(heldout + 0.3 * np.random.default_rng(0).normal(size=heldout.shape)) <= 0.05


def test_the_same_settings_give_the_same_networks(faces):
    images = torch.from_numpy(faces[:24])
    first, second = (fit(images, folds_of([None] * 24, 2), Judge(steps=4, width=4, batch_size=4), mirrored=False) for _ in "12")
    assert all(torch.equal(first[k][name], second[k][name]) for k in (0, 1) for name in first[k])
    assert first[0]["errors"].shape == (2, 12)
    assert first[0]["own"].tolist() == list(range(0, 24, 2))


def test_the_signs_of_an_image_are_those_that_stand_beside_the_weights_of_the_network_that_has_not_seen_it(faces):
    images, config = torch.from_numpy(faces[:24]), Judge(steps=4, folds=2, width=4, batch_size=4)
    for net in fit(images, folds_of([None] * 24, 2), config, mirrored=True):
        again, kept = signs_of(net, config, images[net["own"]], images.numpy(), mirrored=True), unseen_signs(net)
        for found, stored in zip(again, kept, strict=True):
            np.testing.assert_array_equal(found, stored)
