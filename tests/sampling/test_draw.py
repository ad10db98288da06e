from pathlib import Path

import pytest
import torch

from creativity.campaign.sections import Sampling
from creativity.denoisers import build
from creativity.families.bayes import Bayes
from creativity.families.mlp import Mlp
from creativity.fields import modules_in
from creativity.sampling import samplers
from creativity.sampling.draw import BLOCK, draw, finite


def test_bayes_samples_are_training_images(images):
    drawn = draw(build(Bayes(family="bayes"), images), (1, 8, 8), Sampling(count=64, steps=20))
    distances = torch.cdist(drawn.flatten(1).double(), images.flatten(1).double()).min(dim=1).values
    assert (distances < 1e-3).float().mean() >= 0.95


@pytest.mark.parametrize("sampler", modules_in(Path(samplers.__file__).parent))
@pytest.mark.parametrize("batch_size", [1, 32, 64, 1000])
def test_samples_do_not_depend_on_the_batch_size_or_the_count(images, batch_size, sampler):
    denoiser = build(Mlp(family="mlp", width=32), images, seed=1)
    denoiser.net.last.weight.data.normal_(generator=torch.Generator().manual_seed(0))
    whole = draw(denoiser, (1, 8, 8), Sampling(count=100, steps=4, batch_size=256, sampler=sampler))
    part = draw(denoiser, (1, 8, 8), Sampling(count=41, steps=4, batch_size=batch_size, sampler=sampler))
    assert torch.equal(part, whole[:41])


def test_a_denoiser_always_sees_whole_blocks(images):
    seen = []

    def denoise(x, sigma):
        seen.append(tuple(x.shape))
        return x * 0

    draw(denoise, (1, 8, 8), Sampling(count=70, steps=3, batch_size=40))
    assert set(seen) == {(BLOCK, 1, 8, 8)}
    assert len(seen) == 3 * 5  # three blocks; Heun: two calls a step but for the last


def test_samples_that_are_not_finite_are_marked():
    x = torch.zeros(3, 1, 2, 2)
    x[1, 0, 0, 1], x[2, 0, 1, 1] = torch.nan, torch.inf
    assert finite(x).tolist() == [True, False, False]
