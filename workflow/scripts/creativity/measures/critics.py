"""What critics of realism say of images: their networks in numpy, so that measuring needs no torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from creativity.store.weights import read_weights
from creativity.types import Flags, Pictures, Values

QUANTILE = 0.05  # of the reference: what scores less is not judged real
WITHOUT = "without-"  # begins the name of a critic that was never shown the kind of unreal images that follows
CHUNK = 256  # images judged at once


class Layer(NamedTuple):
    """Weights [out, in, ...] and biases [out]."""

    weight: np.ndarray
    bias: np.ndarray


class Critic(NamedTuple):
    """A network of `creativity.training.critic`, with its scores of the reference images that it has not seen."""

    layers: list[Layer]
    last: Layer
    reference: Values


def read(path: Path, unseen: str | None = None) -> list[Critic]:
    """The critics of a campaign; of unreal images of the kind `unseen`, the one that was never shown that kind, if there is one.

    Raises StoreError where the file cannot be read.
    """
    weights = read_weights(path)

    def layer(name: str) -> Layer:
        return Layer(weights[f"{name}.weight"], weights[f"{name}.bias"])

    def critic(name: str) -> Critic:
        depth = sum(key.startswith(f"{name}/layers.") for key in weights) // 2
        layers = [layer(f"{name}/layers.{i}") for i in range(depth)]
        return Critic(layers, layer(f"{name}/last"), weights[f"{name}/reference"].astype(np.float64))

    names = sorted({key.partition("/")[0] for key in weights})
    own = f"{WITHOUT}{unseen}"
    return [critic(name) for name in ([own] if own in names else names) if name == own or not name.startswith(WITHOUT)]


def convolve(x: Pictures, layer: Layer) -> np.ndarray:
    """A 3 x 3 convolution with zeros beyond the border, and max(0, .)."""
    windows = sliding_window_view(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), (3, 3), axis=(2, 3))
    convolved = np.tensordot(windows, layer.weight, ([1, 4, 5], [1, 2, 3])) + layer.bias
    return np.maximum(convolved, 0).transpose(0, 3, 1, 2)


def halve(x: Pictures) -> np.ndarray:
    """The mean of each 2 x 2 block; an odd last row or column is left out."""
    h, w = (side // 2 * 2 for side in x.shape[2:])
    return (x[..., 0:h:2, 0:w:2] + x[..., 1:h:2, 0:w:2] + x[..., 0:h:2, 1:w:2] + x[..., 1:h:2, 1:w:2]) / 4


def score(pictures: Pictures, critic: Critic) -> Values:
    """How real a critic finds each image: the logit of its network."""
    x: np.ndarray = pictures.astype(np.float32)
    for i, layer in enumerate(critic.layers):
        x = convolve(halve(x) if i else x, layer)
    return (x.mean(axis=(2, 3)) @ critic.last.weight[0] + critic.last.bias[0]).astype(np.float64)


def percentile(pictures: Pictures, critics: Sequence[Critic]) -> Values:
    """Share of the reference images that score less than an image, each in the eyes of the critic that has not seen it.

    It is to a real, new image what cross-conformal prediction (Vovk 2015) calls a p-value, about uniform on 0..1.
    """
    total = sum(len(critic.reference) for critic in critics)
    parts = [pictures[start : start + CHUNK] for start in range(0, len(pictures), CHUNK)]
    below = [sum(below_score(part, critic) for critic in critics) for part in parts]
    return np.concatenate(below) / total


def below_score(pictures: Pictures, critic: Critic) -> Values:
    """How many of the critic's reference images score less than each image."""
    return np.searchsorted(np.sort(critic.reference), score(pictures, critic)).astype(np.float64)


def real(percentiles: Values) -> Flags:
    """Whether at least 5 % of the reference scores less."""
    return percentiles >= QUANTILE
