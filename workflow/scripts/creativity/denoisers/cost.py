"""What one evaluation of a denoiser costs, measured: for the denoisers of users, of which nothing is known beforehand."""

import time
from typing import NamedTuple

import torch
from torch import Tensor, nn

from creativity import store
from creativity.tensors import Images, RealImages

COST = {"seconds": store.REAL, "activations": store.LONG, "weights": store.LONG}
BATCH, REPEATS = 8, 3


class Measured(NamedTuple):
    """seconds: of one core, for one image. activations: numbers that are kept for the gradient, for one image. weights: numbers."""

    seconds: float
    activations: int
    weights: int


def measure(denoiser: nn.Module, images: RealImages) -> Measured:
    """The cost of a denoiser on images [n, c, h, w], on the CPU with torch's threads; the fastest of some evaluations."""
    x = images[torch.arange(BATCH) % len(images)]
    sigma = torch.ones(BATCH)
    weights = sum(value.numel() for value in denoiser.state_dict().values())
    return Measured(min(seconds(denoiser, x, sigma) for _ in range(REPEATS)) / BATCH, kept(denoiser, x, sigma) // BATCH, weights)


@torch.inference_mode()
def seconds(denoiser: nn.Module, x: Images, sigma: Tensor) -> float:
    """CPU seconds of one evaluation of a batch."""
    started = time.process_time()
    denoiser(x, sigma)
    return time.process_time() - started


def kept(denoiser: nn.Module, x: Images, sigma: Tensor) -> int:
    """Numbers that autograd keeps of one evaluation of a batch, weights and input aside."""
    known = {value.untyped_storage().data_ptr() for value in (x, sigma, *denoiser.parameters(), *denoiser.buffers())}
    sizes: dict[int, int] = {}

    def pack(value: Tensor) -> Tensor:
        if value.untyped_storage().data_ptr() not in known:
            sizes[value.untyped_storage().data_ptr()] = value.untyped_storage().nbytes() // value.element_size()
        return value

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda value: value):
        result = denoiser(x, sigma)  # noqa: F841 - it holds what is kept, so that no storage is used twice
    return sum(sizes.values())
