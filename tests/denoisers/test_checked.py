"""What is asked of every denoiser that a user brings."""

import pytest
import torch

from creativity.denoisers.checked import SIGMAS, check, check_output, noisy
from creativity.errors import UserError

IMAGES = torch.zeros(3, 1, 4, 4)


def test_it_is_asked_at_two_noise_levels_around_the_mean_image():
    x, sigma = noisy(IMAGES + 0.5)
    assert sigma.tolist() == pytest.approx(SIGMAS)
    spread = ((x - 0.5) / sigma[:, None, None, None]).flatten(1).std(dim=1)
    assert spread.tolist() == pytest.approx([1, 1], abs=0.5)


def test_a_denoiser_passes():
    assert check(lambda x, sigma: x / (1 + sigma[:, None, None, None] ** 2), IMAGES, "net.py") is None
    assert check_output(lambda x, sigma: x, IMAGES, "net.py") is None


@pytest.mark.parametrize(
    ("denoiser", "said"),
    [
        (lambda x, sigma: x / 0, "not finite"),
        (lambda x, sigma: torch.rand_like(x), "two outputs for the same input"),
        (lambda x, sigma: x - x.mean(dim=0), "in another way when it is alone"),
        (lambda x, sigma: x * sigma[-1], "in another way when it is alone"),
        (lambda x, sigma: x * sigma[0], "in another way when it is alone"),
    ],
)
def test_what_is_no_function_of_one_image_and_its_level_is_told(denoiser, said):
    with pytest.raises(UserError, match=f"^net.py: the module .*{said}"):
        check(denoiser, IMAGES, "net.py")


@pytest.mark.parametrize("out", [lambda x: x[:1], lambda x: x.flatten(1), lambda x: (x,), lambda x: None])
def test_what_is_no_image_is_told(out):
    with pytest.raises(UserError, match=r"^net.py: the module gives .* for x of shape \[2, 1, 4, 4\]; allowed: a tensor"):
        check_output(lambda x, sigma: out(x), IMAGES, "net.py")
