"""Speed of training and sampling on a GPU, in images a second, by precision, memory format and compilation (`make bench-gpu`)."""

import sys
import time

import torch
from rounds import record, unpaired_row

from creativity.campaign.sections import Sampling, Training
from creativity.denoisers import build
from creativity.families.unet import Unet
from creativity.sampling.draw import draw
from creativity.training.trainer import Trainer

STEPS, SIZE, BATCH = 200, 32, 256


def training_speed(device: torch.device, precision: str, channels_last: bool, compiled: bool) -> dict:
    """The row of a UNet of 64 channels in training."""
    images = torch.rand(1000, 3, SIZE, SIZE, device=device) * 2 - 1
    denoiser = build(Unet(family="unet", pooling=3, width=64), images.cpu()).to(device)
    denoiser = denoiser.to(memory_format=torch.channels_last) if channels_last else denoiser
    trainer = Trainer(denoiser, Training(steps=10**6, batch_size=BATCH, precision=precision, compile=compiled), 0)
    for count in (20, STEPS):  # 20 steps to warm up, then those that are timed
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(count):
            trainer.step(images)
        torch.cuda.synchronize()
    rate = STEPS * BATCH / (time.perf_counter() - start)
    size = f"{precision}{', channels_last' * channels_last}{', compiled' * compiled}"
    return unpaired_row("training throughput on a GPU", size, rate, "images/s")


def main() -> None:
    if not torch.cuda.is_available():
        sys.exit("make bench-gpu: found no GPU.")
    device = torch.device("cuda")
    for precision in ("float32", "bfloat16"):
        for channels_last, compiled in ((False, False), (True, False), (True, True)):
            record([training_speed(device, precision, channels_last, compiled)])
    denoiser = build(Unet(family="unet", pooling=3, width=64), torch.rand(10, 3, SIZE, SIZE)).to(device)
    start = time.perf_counter()
    draw(denoiser, (3, SIZE, SIZE), Sampling(count=1024, steps=20, batch_size=1024), device)
    speed = 1024 / (time.perf_counter() - start)
    record([unpaired_row("sampling throughput on a GPU", f"{SIZE} px", speed, "images/s")])


if __name__ == "__main__":
    main()
