"""The vocabulary of tensors: shapes, and what every denoiser is. No logic."""

from typing import Protocol, runtime_checkable

from jaxtyping import Float
from torch import Tensor

Images = Float[Tensor, "b c h w"]
RealImages = Float[Tensor, "_ c h w"]  # a set of images, of any number, beside others and beside batches
Sigma = Float[Tensor, " b"]
Sigmas = Float[Tensor, " levels"]  # steps + 1 of them, the last one 0


@runtime_checkable
class Denoiser(Protocol):
    """What a sampler needs: the clean image expected behind x = y + sigma * eps."""

    def __call__(self, x: Images, sigma: Sigma) -> Images: ...
