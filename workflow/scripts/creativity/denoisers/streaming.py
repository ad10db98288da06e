"""Softmax-weighted means over more terms than fit in memory."""

import torch
from jaxtyping import Float
from torch import Tensor

MIN_LOGIT = -80.0  # relative to the largest: e^-80 is negligible, and smaller weights would be denormal, which is ten times slower
NOISE_FOR_FLOAT32 = 0.1  # times the square root of the compared numbers: from this noise on float32 logits serve
ON_CPU, ON_GPU = 2**18, 2**25  # logits at once


class SoftmaxMean:
    """sum_n w_n v_n with w = softmax_n(logits), where the terms n arrive in any number of calls of `add`.

    The largest logit so far is stored for each row; when a larger one arrives, the sums are scaled down (online softmax,
    Milakov & Gimelshein 2018). Logits should be float64, since at small sigma they are differences of large numbers; the weights,
    all at most 1, are computed in the precision of the values.
    """

    def __init__(self) -> None:
        self.top = self.total = self.sums = torch.tensor(0.0)  # [... r 1], [... r 1], [... r v]
        self.empty = True

    def add(self, logits: Float[Tensor, "*places r n"], values: Float[Tensor, "*places n v"]) -> None:
        """Adds n terms to each row r. The logits are overwritten, unless a gradient is to flow through them."""
        logits = logits.clone() if logits.requires_grad else logits
        top = logits.detach().amax(dim=-1, keepdim=True)
        top = top if self.empty else torch.maximum(self.top, top)
        weights = logits.sub_(top).to(values.dtype).clamp_(min=MIN_LOGIT)
        weights = weights.exp() if logits.requires_grad else weights.exp_()
        decay = 0.0 if self.empty else (self.top - top).exp()
        self.total = self.total * decay + weights.sum(dim=-1, keepdim=True)
        self.sums = self.sums * decay + (values.mT @ weights.mT).mT  # faster in this order where values are few
        self.top, self.empty = top, False

    def result(self) -> Float[Tensor, "*places r v"]:
        """The weighted mean of all terms so far."""
        return self.sums / self.total


def logit_type(x: Tensor, sigma: Float[Tensor, " b"], numbers: int) -> torch.dtype:
    """The precision in which logits are computed: float32 for noisy images x in float32 at so much noise that it serves.

    numbers: how many numbers are compared. A logit is off by about u |x| |y| / sigma^2 in a precision u, with |x| of the order of
    sigma sqrt(numbers) and |y| of the order of sqrt(numbers).
    """
    serves = x.dtype == torch.float32 and float(sigma.min()) >= NOISE_FOR_FLOAT32 * numbers**0.5
    return torch.float32 if serves else torch.float64


def at_once(device: torch.device) -> int:
    """How many logits are computed at once: on a CPU these and their copies fit its cache; a GPU is kept busy."""
    return ON_CPU if device.type == "cpu" else ON_GPU


def windows(values: Tensor, length: int, dims: tuple[int, ...]) -> Tensor:
    """Sums of so many neighbours along the diagonal of these dimensions, each of which becomes shorter by length - 1.

    They are put together from sums of 1, 2, 4 ... neighbours: at most 2 log2(length) additions each.

    >>> windows(torch.tensor([1.0, 2.0, 3.0, 4.0]), 3, (0,))
    tensor([6., 9.])
    """
    count, width, sums = values.shape[dims[0]] - length + 1, 1, None
    while True:
        if length & width:
            part = narrowed(values, length & (width - 1), count, dims)  # begins after the neighbours that are summed already
            sums = part if sums is None else sums + part
        if 2 * width > length:
            assert sums is not None
            return sums
        pairs = values.shape[dims[0]] - width
        values, width = narrowed(values, 0, pairs, dims) + narrowed(values, width, pairs, dims), 2 * width


def narrowed(values: Tensor, start: int, count: int, dims: tuple[int, ...]) -> Tensor:
    """The part from `start` on, of `count` places along each of these dimensions."""
    for dim in dims:
        values = values.narrow(dim, start, count)
    return values
