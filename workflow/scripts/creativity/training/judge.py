"""Trains the judge of realism: denoisers of the reference, each without one fold of it, that have seen nothing but real images.

An image is real to them where they can denoise it as well as real images that they have not seen, and where it is as near to those
that they have. No unreal image is shown to them, so that none is of a kind that they were made for.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from creativity.campaign.sections import Judge, Training
from creativity.denoisers import build, channels_last
from creativity.denoisers.precondition import sigma_data
from creativity.families import parse
from creativity.families.base import Family
from creativity.measures import judges
from creativity.measures.judges import Errors, Signs
from creativity.sampling.noise import starting_noise
from creativity.tensors import Denoiser, Images, RealImages
from creativity.training.fit import fit_together
from creativity.training.resume import Keeper
from creativity.types import Pictures, Values

LEVELS = (0.15, 0.3)  # noise levels over the standard deviation of all pixels: fine structure shows at low ones
SPREAD = 0.6  # standard deviation of ln sigma in training, about the higher level: the networks serve low levels alone
DARKEST = 1e-3  # least standard deviation of the pixels that levels go by, where all images are one colour
NOISES = (2, 4)  # noisy copies of each image, the same noises for all images: at least, and at most, which are
NOISES_SIDE = 16  # for images up to this side
NOISE_SEED = 2**33  # no seed of samples: their noise is another
BATCH = 32  # noisy copies judged at once, always as many, so that no verdict depends on the images beside it
COARSEST = 4  # side below which the networks do not pool
MOST_POOLING = 4
BESIDE = (*Signs._fields, "own", "level")  # what is kept beside the weights of a network


def family(config: Judge, side: int) -> Family:
    """The networks: UNets that see the whole image."""
    return parse({"family": "unet", "pooling": pooling(side), "width": config.width})


def network(config: Judge, side: int, images: Images, seed: int = 0) -> nn.Module:
    """An untrained one for images of this side; `images` are some of them, padded."""
    unet = family(config, side)
    return channels_last(build(unet, images, seed), unet)


def pooling(side: int) -> int:
    """How often the side is halved until it is about COARSEST.

    >>> [pooling(side) for side in (4, 8, 16, 28, 64, 256)]
    [0, 1, 2, 3, 4, 4]
    """
    return min(max(round(math.log2(side / COARSEST)), 0), MOST_POOLING)


def noises(side: int) -> int:
    """Noisy copies of an image: fewer where errors are means over more pixels.

    >>> [noises(side) for side in (8, 16, 20, 28, 64)]
    [4, 4, 3, 2, 2]
    """
    least, most = NOISES
    return min(max(round(most * (NOISES_SIDE / side) ** 2), least), most)


def padded(images: Images) -> Tensor:
    """The images, their last row and column repeated until the side can be halved as often as the networks do."""
    missing = -images.shape[-1] % 2 ** pooling(images.shape[-1])
    return nn.functional.pad(images, (0, missing, 0, missing), mode="replicate") if missing else images


def folds_of(groups: Sequence[str | None], count: int) -> np.ndarray:
    """The fold of each image, [n]; those of one group are in one fold, and None is a group of its own.

    >>> folds_of(["a", "b", "a", None, "c"], count=2).tolist()
    [0, 1, 0, 0, 1]
    """
    keys = [f"group {group}" if group is not None else f"image {i}" for i, group in enumerate(groups)]
    order = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return np.array([order[key] % count for key in keys])


def fit(
    images: RealImages,
    folds: np.ndarray,
    config: Judge,
    mirrored: bool,
    keeper: Callable[[int], Keeper | None] = lambda fold: None,
) -> list[dict[str, Tensor]]:
    """The weights of one network a fold, trained on the images [n, c, h, w] of all other folds, and if `mirrored` on their mirrors.

    Beside each set of weights stand the places of the images of its own fold, `own`, their signs, and the `level` of noise. One
    after the other: in common steps they take three times as long on a processor. keeper: of the training of a fold, which lets it
    go on where it was interrupted.
    Raises UserError where a signal interrupts a training.
    """
    known, reference, level = padded(images), images.cpu().numpy(), max(sigma_data(images), DARKEST)
    noise = {"p_mean": math.log(LEVELS[-1] * level), "p_std": SPREAD}
    training = Training(steps=config.steps, batch_size=config.batch_size, checkpoints=(1.0,), **noise)  # type: ignore[call-arg]
    networks = []
    for seed, fold in enumerate(np.unique(folds)):
        own, others = (torch.from_numpy(np.flatnonzero(chosen)) for chosen in (folds == fold, folds != fold))
        seen = torch.cat([known[others], known[others].flip(3)]) if mirrored else known[others]
        denoiser = network(config, images.shape[-1], seen, seed).to(images.device)
        (result,) = fit_together([denoiser], [seen], [known[own]], training, [seed], keeper=keeper(seed))  # type: ignore[list-item]
        weights = list(result.checkpoints.values())[-1]
        weights |= {"own": own, "level": torch.tensor(level)}
        found = signs_of(weights, config, images[own], reference, mirrored)
        networks.append(weights | {name: torch.from_numpy(values) for name, values in found._asdict().items()})
    return networks


def judged(
    networks: Sequence[dict[str, Tensor]], config: Judge, images: Images, reference: Pictures, mirrored: bool
) -> tuple[Values, Values]:
    """Of each image [n, c, h, w], the share of the reference that is at least as unlike real images, and its denoising error."""
    signs = [signs_of(weights, config, images, reference, mirrored) for weights in networks]
    percentiles = judges.percentile(signs, [unseen_signs(weights) for weights in networks])
    return percentiles, judges.denoising_error([of.errors for of in signs])


def signs_of(weights: dict[str, Tensor], config: Judge, images: Images, reference: Pictures, mirrored: bool) -> Signs:
    """What tells images [n, c, h, w] from real ones, to the network of these weights. reference: the images given to `fit`."""
    found = errors(restored(config, images, weights), images, float(weights["level"]))
    pictures, seen = images.cpu().numpy(), np.delete(reference, weights["own"].numpy(), axis=0)
    return Signs(found, judges.away(pictures, seen, mirrored), judges.looks(pictures))


def unseen_signs(weights: dict[str, Tensor]) -> Signs:
    """Those of the reference images that the network of these weights has not seen."""
    return Signs(*(weights[name].numpy() for name in Signs._fields))


def restored(config: Judge, images: Images, weights: dict[str, Tensor]) -> nn.Module:
    """The network of these weights for images of this shape [n, c, h, w]."""
    net = network(config, images.shape[-1], padded(images[:2]))
    net.load_state_dict({name: value for name, value in weights.items() if name not in BESIDE})
    return net.to(images.device).eval()


@torch.inference_mode()
def errors(denoiser: Denoiser, images: Images, level: float) -> Errors:
    """ln of the mean over noises and values of (D(y + s eps, s) - y)^2, at s = each of LEVELS times `level`: [levels, n]."""
    shape = padded(images[:1]).shape[1:]
    count = noises(images.shape[-1])
    eps = torch.from_numpy(starting_noise(NOISE_SEED, range(count), shape)).to(images.device)
    blocks = [block_errors(denoiser, block, eps, level) for block in images.split(BATCH // count)]
    return torch.cat(blocks, dim=1).cpu().double().numpy() if blocks else np.zeros((len(LEVELS), 0))


def block_errors(denoiser: Denoiser, images: Images, eps: Tensor, level: float) -> Tensor:
    """Those of as many images as a batch holds noisy copies of, or of fewer, filled up with zeros."""
    count = BATCH // len(eps)
    y = torch.zeros(count, *eps.shape[1:], device=eps.device)
    y[: len(images)] = padded(images)
    y = y.repeat_interleave(len(eps), dim=0)
    noise = eps.repeat(count, 1, 1, 1)
    rows = []
    for share in LEVELS:
        sigma = torch.full((len(y),), share * level, device=y.device)
        squares = (denoiser(y + share * level * noise, sigma) - y).square().flatten(1).mean(dim=1)
        rows.append(squares.reshape(count, len(eps)).mean(dim=1).log()[: len(images)])
    return torch.stack(rows)
