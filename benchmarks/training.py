"""Training against other people's UNets: images per second, and held-out loss after equal time."""

import sys
import time
from functools import partial

import numpy as np
import torch
from peers import DenoisingDiffusion, Diffusers, Peer, parameters
from rounds import alternate, record, row, seconds
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from creativity import data, store
from creativity.campaign.sections import Dataset, Training
from creativity.data.source import pixels
from creativity.denoisers import build
from creativity.denoisers.precondition import loss_weight
from creativity.families.unet import Unet
from creativity.measures.losses import expected_loss
from creativity.training.trainer import BINS, Trainer, edm_loss

PAIRS = {  # ours, of the peer's pooling depth and of its number of parameters within 5 %
    "same width": [(Diffusers, (16, (1, 2, 4, 8))), (DenoisingDiffusion, (16, (1, 2, 4, 9)))],
    "same multipliers": [(Diffusers, (23, (1, 2, 4, 4))), (DenoisingDiffusion, (26, (1, 2, 4, 4)))],
}
WIDTH = 16  # theirs, times 1, 2, 4, 4
RATES = (1e-4, 1e-3)  # theirs, and ten times that: the better one counts
SECONDS = {16: 20, 32: 40}
STEPS = {16: 6, 32: 3}  # a round of throughput


def faces(size: int) -> tuple[Tensor, Tensor]:
    """100 faces to train on and 100 held out, in -1..1."""
    dataset = Dataset(name="orl-faces", size=size)
    source = data.load(dataset)
    chosen = np.random.default_rng(0).permutation(len(source.ids))[:200]
    images = torch.from_numpy(store.to_unit(np.stack([pixels(source.read(int(i)), dataset) for i in chosen])))
    return images[:100], images[100:]


def trainer(shape: tuple, images: Tensor, steps: int, seed: int = 0) -> Trainer:
    net = Unet(family="unet", pooling=3, width=shape[0], multipliers=shape[1])
    return Trainer(build(net, images, seed), Training(steps=max(steps, 4)), seed)


def steps(each: Trainer | Peer, images: Tensor, count: int) -> None:
    for _ in range(count):
        each.step(images)


def throughput(size: int, rounds: int) -> list[dict]:
    images, _ = faces(size)
    rows = []
    for case, pairs in PAIRS.items():
        for kind, ours in pairs:
            mine, other = trainer(ours, images, 10**6), kind(size, WIDTH, RATES[0], Training())
            count = parameters(mine.denoiser), parameters(other.net)
            assert abs(count[0] / count[1] - 1) < 0.05, count
            for each in (mine, other):
                steps(each, images, 2)
            timed = [partial(seconds, partial(steps, each, images, STEPS[size])) for each in (mine, other)]
            rates = STEPS[size] * mine.config.batch_size / alternate(*timed, rounds)
            rows.append(row("training throughput", f"{size} px, {case}", kind.name, "images/s", rates, less_is_better=False))
            counts = np.array([[operations(each, images) for each in (mine, other)]])
            rows.append(row("operations of a training step", f"{size} px, {case}", kind.name, "1e9", counts))
    return rows


def operations(each: Trainer | Peer, images: Tensor) -> float:
    """Billions of multiplications and additions in the matrix products and convolutions of a step."""
    with FlopCounterMode(display=False) as counter:
        each.step(images)
    return counter.get_total_flops() / 1e9


def trained(each: Trainer | Peer, images: Tensor, budget: float) -> None:
    end = time.process_time() + budget
    while time.process_time() < end:
        each.step(images)


@torch.no_grad()
def heldout_loss(denoise, levels: Tensor, images: Tensor, sigma_data: Tensor) -> np.ndarray:
    """lambda(sigma) |D - y|^2 at the peer's level next to the middle of each bin of ln sigma that training's own losses use."""
    config, random, found = Training(), torch.Generator().manual_seed(0), []
    edges = np.exp(np.linspace(config.p_mean - 3 * config.p_std, config.p_mean + 3 * config.p_std, BINS + 1))
    for middle in np.sqrt(edges[1:] * edges[:-1]):
        sigma = levels[(levels - middle).abs().argmin()].expand(len(images))
        eps = torch.randn(images.shape, generator=random)
        found.append(float(edm_loss(denoise, loss_weight(sigma, sigma_data), images, sigma, eps).mean()))
    return np.array([*found, expected_loss(edges[:-1], edges[1:], np.array(found), config)])


def equal_time(size: int, seeds: int) -> list[dict]:
    """Ours with the default recipe, its schedule stretched to the steps that the time allows; theirs at the better rate."""
    images, heldout = faces(size)
    rows = []
    for kind, ours in PAIRS["same width"]:
        found = []
        for seed in range(seeds):
            trial = trainer(ours, images, 10**6)
            steps(trial, images, 2)
            pace = seconds(partial(steps, trial, images, 4)) / 4
            mine = trainer(ours, images, int(SECONDS[size] / pace), seed)
            others = [kind(size, WIDTH, rate, Training(), seed) for rate in RATES]
            began = time.process_time()
            steps(mine, images, mine.config.steps)
            budget = time.process_time() - began  # exactly what ours took
            for other in others:
                trained(other, images, budget)
                other.average()
            sigma_data, levels = mine.denoiser.sigma_data, others[0].levels()
            mine.denoiser.load_state_dict(mine.weights())
            losses = [heldout_loss(each, levels, heldout, sigma_data) for each in (mine.denoiser, *others)]
            found.append((losses[0], min(losses[1:], key=lambda each: each[-1])))
            print(size, kind.name, seed, mine.steps, [o.steps for o in others], [round(x[-1], 3) for x in losses], flush=True)
        pairs = np.array(found)  # [seeds, 2, bins + 1]
        work = f"held-out loss after {SECONDS[size]} s"
        rows.append(row(work, f"{size} px", kind.name, "EDM loss", pairs[:, :, -1]))
        rows += [row(f"{work}, noise level {i + 1}", f"{size} px", kind.name, "EDM loss", pairs[:, :, i]) for i in range(BINS)]
    return rows


if __name__ == "__main__":
    torch.set_num_threads(1)
    sizes = [int(each) for each in sys.argv[1:]] or [16, 32]
    for size in sizes:
        record(throughput(size, rounds=9))
    for size in sizes:
        record(equal_time(size, seeds=3))
