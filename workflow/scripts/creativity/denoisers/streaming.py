"""Weighted means over more terms than memory holds."""

import torch
from jaxtyping import Float
from torch import Tensor

FAINTEST = -80.0  # weights of e^-80 count for nothing, and processors are ten times slower below, where numbers are denormal


class SoftmaxMean:
    """sum_n w_n v_n with w = softmax_n(logits), over all terms n of all calls of `add`, however they are divided.

    The largest logit so far is kept for each row, and what was summed below a smaller one is scaled down when a larger one
    comes (online softmax, Milakov & Gimelshein 2018). Logits are taken in float64: at small sigma they are differences of large
    numbers. The weights, all at most 1, are taken in the precision of the values.
    """

    def __init__(self) -> None:
        self.top = self.total = self.sums = torch.tensor(0.0)  # [... r 1], [... r 1], [... r v]
        self.empty = True

    def add(self, logits: Float[Tensor, "*places r n"], values: Float[Tensor, "*places n v"]) -> None:
        """Terms n for each row r; the logits are overwritten, but not where a gradient is to go through them."""
        logits = logits.clone() if logits.requires_grad else logits
        top = logits.detach().amax(dim=-1, keepdim=True)
        top = top if self.empty else torch.maximum(self.top, top)
        weights = logits.sub_(top).to(values.dtype).clamp_(min=FAINTEST)
        weights = weights.exp() if logits.requires_grad else weights.exp_()
        decay = 0.0 if self.empty else (self.top - top).exp()
        self.total = self.total * decay + weights.sum(dim=-1, keepdim=True)
        self.sums = self.sums * decay + weights @ values
        self.top, self.empty = top, False

    def result(self) -> Float[Tensor, "*places r v"]:
        return self.sums / self.total
