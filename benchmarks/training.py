"""Training of UNets against those of public packages: images a second, and held-out loss after equal time.

python benchmarks/training.py [SIDE ...]    # of the images in pixels, 16 and 32 by default
"""

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
from creativity.denoisers import build, channels_last
from creativity.denoisers.precondition import loss_weight
from creativity.families.unet import Unet
from creativity.measures.losses import expected_loss
from creativity.training.trainer import BINS, Trainer, edm_loss

PAIRS = {  # width and multipliers of our UNet, which has the peer's pooling and, within 5 %, its number of parameters
    "same width": [(Diffusers, (16, (1, 2, 4, 8))), (DenoisingDiffusion, (16, (1, 2, 4, 9)))],
    "same multipliers": [(Diffusers, (23, (1, 2, 4, 4))), (DenoisingDiffusion, (26, (1, 2, 4, 4)))],
}
WIDTH = 16  # of the peers, times 1, 2, 4, 4
RATES = (1e-4, 1e-3)  # learning rates of the peers: their own, and ten times it; the better one counts
SECONDS = {16: 20, 32: 40}  # of training, by side
STEPS = {16: 6, 32: 3}  # in a round of throughput, by side


def faces(size: int) -> tuple[Tensor, Tensor]:
    """100 training faces and 100 held-out faces, in -1..1."""
    dataset = Dataset(name="orl-faces", size=size)
    source = data.load(dataset)
    chosen = np.random.default_rng(0).permutation(len(source.ids))[:200]
    images = torch.from_numpy(store.to_unit(np.stack([pixels(source.read(int(i)), dataset) for i in chosen])))
    return images[:100], images[100:]


def trainer(ours: tuple, images: Tensor, steps: int, seed: int = 0) -> Trainer:
    """Our UNet in training. ours: its width and multipliers."""
    family = Unet(family="unet", pooling=3, width=ours[0], multipliers=ours[1])
    denoiser = channels_last(build(family, images, seed), family)  # as the job `train` does
    return Trainer(denoiser, Training(steps=max(steps, 4)), seed)


def train_steps(training: Trainer | Peer, images: Tensor, count: int) -> None:
    for _ in range(count):
        training.step(images)


def throughput(size: int, rounds: int) -> list[dict]:
    """Rows of images a second, and of the operations of a step."""
    images, _ = faces(size)
    rows = []
    for case, pairs in PAIRS.items():
        for peer_class, ours in pairs:
            trainings = own, peer = trainer(ours, images, 10**6), peer_class(size, WIDTH, RATES[0], Training())
            counts = parameters(own.denoiser), parameters(peer.net)
            assert abs(counts[0] / counts[1] - 1) < 0.05, counts
            for training in trainings:
                train_steps(training, images, 2)  # to warm up
            timed = [partial(seconds, partial(train_steps, training, images, STEPS[size])) for training in trainings]
            rates = STEPS[size] * own.config.batch_size / alternate(*timed, rounds)
            rows.append(row("training throughput", f"{size} px, {case}", peer_class.name, "images/s", rates, less_is_better=False))
            billions = np.array([[operations(training, images) for training in trainings]])
            rows.append(row("operations of a training step", f"{size} px, {case}", peer_class.name, "1e9", billions))
    return rows


def operations(training: Trainer | Peer, images: Tensor) -> float:
    """Billions of multiplications and additions in the matrix products and convolutions of a training step."""
    with FlopCounterMode(display=False) as counter:
        training.step(images)
    return counter.get_total_flops() / 1e9


def train_for(budget: float, training: Trainer | Peer, images: Tensor) -> None:
    """Trains for this number of CPU seconds."""
    end = time.process_time() + budget
    while time.process_time() < end:
        training.step(images)


@torch.no_grad()
def heldout_loss(denoise, levels: Tensor, images: Tensor, sigma_data: Tensor) -> np.ndarray:
    """The EDM loss lambda(sigma) |D(x, sigma) - y|^2 in each bin of ln sigma of `training.trainer`, and over all bins: [BINS + 1].

    It is taken at the peer's noise level that is closest to the middle of the bin. levels: all noise levels of the peer.
    """
    training, random, losses = Training(), torch.Generator().manual_seed(0), []
    edges = np.exp(np.linspace(training.p_mean - 3 * training.p_std, training.p_mean + 3 * training.p_std, BINS + 1))
    for middle in np.sqrt(edges[1:] * edges[:-1]):
        sigma = levels[(levels - middle).abs().argmin()].expand(len(images))
        eps = torch.randn(images.shape, generator=random)
        losses.append(float(edm_loss(denoise, loss_weight(sigma, sigma_data), images, sigma, eps).mean()))
    return np.array([*losses, expected_loss(edges[:-1], edges[1:], np.array(losses), training)])


def equal_time(size: int, seeds: int) -> list[dict]:
    """Rows of held-out loss after equal time: ours with the default settings, and the peer at the better of its learning rates.

    Our number of steps, on which the learning rate depends, is what the time allows by a short trial.
    """
    images, heldout = faces(size)
    rows = []
    for peer_class, ours in PAIRS["same width"]:
        pairs_of_losses = []
        for seed in range(seeds):
            trial = trainer(ours, images, 10**6)
            train_steps(trial, images, 2)
            seconds_a_step = seconds(partial(train_steps, trial, images, 4)) / 4
            own = trainer(ours, images, int(SECONDS[size] / seconds_a_step), seed)
            peers = [peer_class(size, WIDTH, rate, Training(), seed) for rate in RATES]
            start = time.process_time()
            train_steps(own, images, own.config.steps)
            budget = time.process_time() - start  # the time that ours really took
            for peer in peers:
                train_for(budget, peer, images)
                peer.average()
            sigma_data, levels = own.denoiser.sigma_data, peers[0].levels()
            own.denoiser.load_state_dict(own.weights())
            losses = [heldout_loss(denoiser, levels, heldout, sigma_data) for denoiser in (own.denoiser, *peers)]
            pairs_of_losses.append((losses[0], min(losses[1:], key=lambda peer_losses: peer_losses[-1])))
            totals = [round(denoiser_losses[-1], 3) for denoiser_losses in losses]
            print(size, peer_class.name, seed, own.steps, [peer.steps for peer in peers], totals, flush=True)
        pairs = np.array(pairs_of_losses)  # [seeds, 2, bins + 1]
        work, name = f"held-out loss after {SECONDS[size]} s", peer_class.name
        rows.append(row(work, f"{size} px", name, "EDM loss", pairs[:, :, -1]))
        rows += [row(f"{work}, noise level {i + 1}", f"{size} px", name, "EDM loss", pairs[:, :, i]) for i in range(BINS)]
    return rows


if __name__ == "__main__":
    torch.set_num_threads(1)
    sizes = [int(size) for size in sys.argv[1:]] or [16, 32]
    for size in sizes:
        record(throughput(size, rounds=9))
    for size in sizes:
        record(equal_time(size, seeds=3))
