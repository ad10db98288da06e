"""What is seen of a denoiser on its own way: samples and receptive fields."""

from pathlib import Path

import numpy as np
import pytest
import torch
from descents import end

from creativity.campaign.sections import Sampling
from creativity.denoisers import build
from creativity.families.cnn import Cnn
from creativity.families.equivariant_local import EquivariantLocal
from creativity.families.linear import Linear
from creativity.families.local import Local
from creativity.families.mlp import Mlp
from creativity.fields import modules_in
from creativity.measures import receptive_field
from creativity.sampling import samplers
from creativity.sampling.draw import draw
from creativity.sampling.trajectory import BLOCK, descend, jacobian_energy, karras_sigmas, trajectory


def net(config, images):
    """A network whose last layer does something, as after training."""
    denoiser = build(config, images, seed=1)
    denoiser.net.last.weight.data.normal_(std=0.1, generator=torch.Generator().manual_seed(0))
    return denoiser


EVERY = modules_in(Path(samplers.__file__).parent)


@pytest.mark.parametrize("sampler", EVERY)
def test_a_trajectory_is_the_one_that_samples_come_from(images, sampler):
    denoiser = net(Mlp(family="mlp", width=16), images)
    config = Sampling(count=BLOCK, steps=6, sampler=sampler)
    *_, (sigma, x) = trajectory(denoiser, (1, 8, 8), config)
    assert sigma == pytest.approx(config.sigma_min)
    last = end(denoiser, x, torch.tensor([sigma, 0.0], dtype=torch.float64), sampler)
    assert torch.equal(last, draw(denoiser, (1, 8, 8), config))


@pytest.mark.parametrize("sampler", EVERY)
def test_a_trajectory_passes_through_the_very_x_that_draw_draws(images, sampler):
    """Every x at which the denoiser is asked along the trajectory is one at which drawing asks it, in the same order."""
    denoiser, asked = net(Mlp(family="mlp", width=16), images), []

    def watched(x, sigma):
        asked.append((float(sigma[0]), x.clone()))
        return denoiser(x, sigma)

    config = Sampling(count=BLOCK + 3, steps=6, sampler=sampler, batch_size=1000)
    drawn, of_drawing = draw(watched, (1, 8, 8), config), asked[:]
    asked.clear()
    passed = list(trajectory(watched, (1, 8, 8), config))
    assert [sigma for sigma, _ in passed] == pytest.approx(karras_sigmas(config)[:-1].tolist())
    assert len(asked) >= 5
    for (sigma, x), (other_sigma, other_x) in zip(asked, of_drawing, strict=False):
        assert sigma == other_sigma
        assert torch.equal(x, other_x)
    if sampler != "heun-churn":  # which asks at the x that it has put noise back to
        assert all(any(torch.equal(x, other) for _, other in of_drawing) for _, x in passed)
    *_, (sigma, x) = descend(denoiser, passed[0][1], karras_sigmas(config), config, range(BLOCK))
    assert sigma == 0
    assert torch.equal(x, drawn[:BLOCK])


def test_another_seed_starts_elsewhere(images):
    denoiser, config = net(Mlp(family="mlp", width=16), images), Sampling(count=BLOCK, steps=3)
    one, same, other = (next(iter(trajectory(denoiser, (1, 8, 8), config, seed=seed)))[1] for seed in (None, 0, 1))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_the_energy_of_the_linear_denoiser_is_the_row_of_its_gain(images):
    denoiser, sigma = build(Linear(family="linear"), images), 0.4
    y = images.flatten(1).double().numpy()
    covariance = np.cov(y.T, bias=True)
    gain = covariance @ np.linalg.inv(covariance + sigma**2 * np.eye(64))
    energy = jacobian_energy(denoiser, torch.randn(3, 1, 8, 8, dtype=torch.float64), sigma)
    assert energy == pytest.approx(np.broadcast_to(gain[4 * 8 + 4].reshape(1, 8, 8) ** 2, (3, 8, 8)), rel=1e-6)


def test_a_network_of_convolutions_sees_exactly_its_computed_field(images):
    denoiser = net(Cnn(family="cnn", width=8, depth=1), images)  # 5 x 5
    energy = jacobian_energy(denoiser, torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(0)), 0.5)
    assert (receptive_field.within(energy, 5) == 1).all()
    assert (receptive_field.within(energy, 3) < 1).all()
    assert (energy[:, 2:7, 2:7] > 0).all()
    energy[:, 2:7, 2:7] = 0
    assert energy.max() == 0


def test_energy_is_summed_over_channels(faces):
    images = torch.from_numpy(np.repeat(faces[:20], 3, axis=1))

    class Mixed:
        def __call__(self, x, sigma):
            return x * torch.tensor([1.0, 2.0, 3.0])[:, None, None] + x.mean(dim=1, keepdim=True)

    energy = jacobian_energy(Mixed(), images[:2], 1.0)
    slopes = np.diag([1.0, 2.0, 3.0]) + 1 / 3
    assert energy[:, 4, 4] == pytest.approx((slopes**2).sum())
    assert energy.sum() == pytest.approx(2 * (slopes**2).sum())


@pytest.mark.parametrize("config", [Local(family="local", patch=5), EquivariantLocal(family="equivariant-local", patch=3)])
def test_the_energy_of_streamed_denoisers_is_that_of_finite_differences(images, config):
    denoiser, sigma = build(config, images), torch.tensor([0.6])
    x = images[:1].double() + 0.6 * torch.randn(1, 1, 8, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    steps = 1e-4 * torch.eye(64, dtype=torch.float64).reshape(64, 1, 8, 8)
    ends = [torch.cat([denoiser(x + sign * step, sigma)[:, :, 4, 4] for step in steps]) for sign in (1, -1)]
    slopes = ((ends[0] - ends[1]) / 2e-4).reshape(8, 8)
    energy = jacobian_energy(denoiser, x, 0.6)
    assert energy[0] == pytest.approx(slopes.square().numpy(), rel=1e-3, abs=1e-9)
    assert receptive_field.within(energy, config.patch) == pytest.approx(1, abs=1e-12)
    assert receptive_field.within(energy, config.patch - 2) < 1
