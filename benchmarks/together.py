"""Speed of several small networks trained together, in common steps, against the same trainings one after the other."""

from functools import partial

import torch
from rounds import alternate, record, row, seconds

from creativity.campaign.sections import Training
from creativity.denoisers import build, channels_last
from creativity.families.base import Trained
from creativity.families.cnn import Cnn
from creativity.families.linear_net import LinearNet
from creativity.families.mlp import Mlp
from creativity.families.unet import Unet
from creativity.training.together import Together
from creativity.training.trainer import Trainer

ROUNDS = 9
CASES: list[tuple[str, Trained, int, int, int]] = [  # name, network, side, trainings, steps a round
    ("mlp, 2 x 64", Mlp(family="mlp", width=64, depth=2), 8, 3, 60),
    ("mlp, 2 x 64", Mlp(family="mlp", width=64, depth=2), 8, 8, 60),
    ("linear-net, 64", LinearNet(family="linear-net", width=64), 8, 3, 60),
    ("cnn, 8 channels", Cnn(family="cnn", width=8), 8, 3, 30),
    ("unet, pooling 2, 8 channels", Unet(family="unet", pooling=2, width=8), 8, 3, 10),
    ("cnn, 32 channels", Cnn(family="cnn", width=32), 16, 3, 6),
    ("unet, pooling 2, 16 channels", Unet(family="unet", pooling=2, width=16), 16, 3, 6),
    ("mlp, 3 x 512", Mlp(family="mlp", width=512, depth=3), 16, 3, 20),
]


def trainers(family: Trained, images: torch.Tensor, count: int) -> list[Trainer]:
    """The trainings, convolutional networks channels last, as the job `train` has them."""
    denoisers = [channels_last(build(family, images, seed), family) for seed in range(count)]
    return [Trainer(denoiser, Training(steps=10**6), seed) for seed, denoiser in enumerate(denoisers)]


def train_together(group: Together, sets: list[torch.Tensor], steps: int) -> None:
    for _ in range(steps):
        group.step(sets)


def train_in_turn(single: list[Trainer], images: torch.Tensor, steps: int) -> None:
    for trainer in single:
        for _ in range(steps):
            trainer.step(images)


def main() -> None:
    for name, family, side, count, steps in CASES:
        images = torch.rand(100, 1, side, side, generator=torch.Generator().manual_seed(0)) * 2 - 1
        single, group = trainers(family, images, count), Together(trainers(family, images, count))
        trainings = partial(train_together, group, [images] * count, steps), partial(train_in_turn, single, images, steps)
        for train in trainings:  # to warm up
            train()
        image_count = steps * count * group.config.batch_size
        rates = image_count / alternate(*(partial(seconds, train) for train in trainings), ROUNDS)
        record([row("trainings together", f"{count} of {name}, {side} px", None, "images/s", rates, less_is_better=False)])


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
