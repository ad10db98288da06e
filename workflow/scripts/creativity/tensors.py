"""The vocabulary of tensors: shapes, and what every denoiser is. No logic."""

from typing import Protocol

from jaxtyping import Float
from torch import Tensor

Images = Float[Tensor, "b c h w"]
Sigma = Float[Tensor, " b"]
Sigmas = Float[Tensor, " steps+1"]


class Denoiser(Protocol):
    """What a sampler needs: the clean image expected behind x = y + sigma * eps."""

    def __call__(self, x: Images, sigma: Sigma) -> Images: ...
