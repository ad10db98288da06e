"""Softmax-weighted means over more terms than fit in memory."""

import torch
from jaxtyping import Float
from torch import Tensor

MIN_LOGIT = -80.0  # relative to the largest: e^-80 is negligible, and smaller weights would be denormal, which is ten times slower


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
        self.sums = self.sums * decay + weights @ values
        self.top, self.empty = top, False

    def result(self) -> Float[Tensor, "*places r v"]:
        """The weighted mean of all terms so far."""
        return self.sums / self.total
