"""The family `pca-locality`: the posterior mean of each pixel given the pixels that the data say belong to it.

This is the analytical denoiser of Lukoianov et al. (arXiv 2509.09672): locality as a property of the data, not of convolutions.
"""

from collections.abc import Iterator

import torch
from jaxtyping import Float
from torch import Tensor, nn

from creativity.denoisers.principal import principal
from creativity.denoisers.streaming import SoftmaxMean
from creativity.families.pca_locality import PcaLocality
from creativity.tensors import Images, Sigma

MAX_LOGITS = 2**20  # numbers in memory at once, or those of one pixel where these are more
CONSTANT = 1e-12  # a pixel whose weight on itself is this part of the largest does not vary but for rounding


def build(config: PcaLocality, images: Images) -> "MaskedScore":
    """The denoiser with the covariance of these training images [n, c, h, w]."""
    return MaskedScore(images, config)


class MaskedScore(nn.Module):
    """D(x, sigma)[q] = sum_i w_i y_i[q], w = softmax_i(-sum_p m_q[p] (x[p] - y_i[p])^2 / (2 sigma^2)), for each value q.

    The mask m_q is 1 where |W_qp / W_qq| is at least `cut` times the largest such number, else 0, with the linear denoiser
    W = U diag(lambda / (lambda + sigma^2)) U^T of the training set. A value that does not vary over the training set has an empty
    mask, and is given as it is. The largest is that of the whole matrix, as in the authors' code, or that of row q.

    The softmax runs over all training images: the authors' code averages the softmaxes of batches, which depends on their size.
    """

    images: Tensor  # [n, d], about their mean
    mean: Tensor
    directions: Tensor
    variances: Tensor

    def __init__(self, images: Images, config: PcaLocality, max_logits: int = MAX_LOGITS) -> None:
        super().__init__()
        self.receptive_field = None  # the whole image
        self.cut, self.largest, self.max_logits = config.cut, config.largest, max_logits
        self.register_buffer("mean", images.flatten(1).double().mean(dim=0))
        self.register_buffer("images", images.flatten(1).double() - self.mean)
        _, directions, variances = principal(images)
        self.register_buffer("directions", directions)
        self.register_buffer("variances", variances)

    def forward(self, x: Images, sigma: Sigma) -> Images:
        centred, denoised = x.flatten(1).double() - self.mean, torch.empty_like(x)
        for level in sigma.unique():
            rows, pixels, first = sigma == level, [], 0
            for mask in self.masks(float(level)):
                own = self.images[:, first : first + len(mask)]
                pixels.append(masked_mean(centred[rows], self.images, mask, own, float(level), self.max_logits))
                first += len(mask)
            denoised[rows] = (torch.cat(pixels, dim=1) + self.mean).to(x.dtype).reshape(-1, *x.shape[1:])
        return denoised

    def masks(self, sigma: float) -> Iterator[Float[Tensor, "q d"]]:
        """The masks of all values, some rows of 0 and 1 at a time."""
        largest = max(float(row.max()) for row in self.weights(sigma))
        for weights in self.weights(sigma):
            least = self.cut * (weights.amax(dim=1, keepdim=True) if self.largest == "row" else largest)
            yield ((weights >= least) & (weights.amax(dim=1, keepdim=True) > 0)).double()

    def weights(self, sigma: float) -> Iterator[Float[Tensor, "q d"]]:
        """|W_qp / W_qq|, some rows at a time; rows of values that do not vary are 0."""
        seen_by = self.directions * (self.variances / (self.variances + sigma**2)).sqrt()[:, None]  # W = seen_by^T seen_by
        own = seen_by.square().sum(dim=0)
        varies = own > CONSTANT * own.max()
        for rows in torch.arange(len(own), device=own.device).split(max(1, self.max_logits // len(own))):
            row = (seen_by[:, rows].T @ seen_by).abs() / own[rows, None]
            yield torch.where(varies[rows, None], row, 0.0)


def masked_mean(
    x: Float[Tensor, "b d"],
    y: Float[Tensor, "n d"],
    masks: Float[Tensor, "q d"],
    values: Float[Tensor, "n q"],
    sigma: float,
    max_logits: int = MAX_LOGITS,
) -> Float[Tensor, "b q"]:
    """sum_i w_i values_i[q], w = softmax_i(-sum_p m_q[p] (x[p] - y_i[p])^2 / (2 sigma^2)), each q with its own mask; float64.

    What does not depend on i cancels in the softmax: the logits are sum_p m_q[p] (x[p] y_i[p] - y_i[p]^2 / 2) / sigma^2.
    """
    results, at_once = [], max(1, max_logits // x.numel())
    for mask, own in zip(masks.split(at_once), values.split(at_once, dim=1), strict=True):
        mean, seen = SoftmaxMean(), x * mask[:, None]  # [q, b, d]
        size = max(1, max_logits // (len(mask) * len(x)))
        for part, own_part in zip(y.split(size), own.split(size), strict=True):
            logits = seen @ part.T - (mask @ (part.square() / 2).T)[:, None]
            mean.add(logits.div_(sigma**2), own_part.T[:, :, None])
        results.append(mean.result()[:, :, 0].T)
    return torch.cat(results, dim=1)
