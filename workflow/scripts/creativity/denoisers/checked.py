"""Checks of a denoiser that a user brought, before anything is made with it: each mistake is one sentence."""

from collections.abc import Callable

import torch
from torch import Tensor

from creativity.errors import UserError
from creativity.tensors import Denoiser, Images, RealImages, Sigma

SIGMAS = (0.1, 10.0)
ALONE = 1e-3  # how far, relative to the largest value, the output for an image may differ from that beside another image


def noisy(images: RealImages) -> tuple[Images, Sigma]:
    """Two noisy images [2, c, h, w] of different noise levels, around the mean of the images."""
    sigma = torch.tensor(SIGMAS)
    noise = torch.randn(2, *images.shape[1:], generator=torch.Generator().manual_seed(0))
    return (images.mean(dim=0) + sigma[:, None, None, None] * noise).to(images.dtype), sigma.to(images.dtype)


@torch.no_grad()
def check_output(net: Callable[..., object], images: RealImages, place: str) -> None:
    """Calls a network once. place: what is blamed. Raises UserError where it gives no tensor of the shape of its input."""
    x, sigma = noisy(images)
    out = net(x, sigma)
    found = f"a tensor of shape {list(out.shape)}" if isinstance(out, Tensor) else type(out).__name__
    if not isinstance(out, Tensor) or out.shape != x.shape:
        raise UserError(f"{place}: the module gives {found} for x of shape {list(x.shape)}; allowed: a tensor of that shape.")


@torch.no_grad()
def check(denoiser: Denoiser, images: RealImages, place: str) -> None:
    """Asks for the clean images behind two noisy ones. place: what is blamed.

    Raises UserError where the output is not finite, is another one when asked again, or depends on the other image.
    """
    x, sigma = noisy(images)
    both, again = denoiser(x, sigma), denoiser(x, sigma)
    alone = torch.cat([denoiser(x[i : i + 1], sigma[i : i + 1]) for i in range(len(x))])
    if not both.isfinite().all():
        raise UserError(f"{place}: the module gives values that are not finite, at noise levels {SIGMAS}; allowed: finite ones.")
    if not torch.equal(both, again):
        raise UserError(f"{place}: the module gives two outputs for the same input; allowed: a function of x and the noise level.")
    if (both - alone).abs().max() > ALONE * both.abs().max():
        allowed = "each image by itself, at its own noise level"
        raise UserError(f"{place}: the module treats an image in another way when it is alone in the batch; allowed: {allowed}.")
