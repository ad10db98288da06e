"""Training and sampling on a GPU: images per second by precision, memory format and compilation. It has not been run on one yet."""

import sys
import time

import torch
from rounds import alone, record

from creativity.campaign.sections import Sampling, Training
from creativity.denoisers import build
from creativity.families.unet import Unet
from creativity.sampling.draw import draw
from creativity.training.trainer import Trainer

STEPS, SIZE, BATCH = 200, 32, 256


def trained(device: torch.device, precision: str, channels_last: bool, compiled: bool) -> dict:
    images = torch.rand(1000, 3, SIZE, SIZE, device=device) * 2 - 1
    denoiser = build(Unet(family="unet", pooling=3, width=64), images.cpu()).to(device)
    denoiser = denoiser.to(memory_format=torch.channels_last) if channels_last else denoiser
    trainer = Trainer(denoiser, Training(steps=10**6, batch_size=BATCH, precision=precision, compile=compiled), 0)
    for count in (20, STEPS):  # the first ones are to warm up
        torch.cuda.synchronize()
        began = time.perf_counter()
        for _ in range(count):
            trainer.step(images)
        torch.cuda.synchronize()
    rate = STEPS * BATCH / (time.perf_counter() - began)
    size = f"{precision}{', channels_last' * channels_last}{', compiled' * compiled}"
    return alone("training throughput on a GPU", size, rate, "images/s")


def main() -> None:
    if not torch.cuda.is_available():
        sys.exit("make bench-gpu: found no GPU.")
    device = torch.device("cuda")
    for precision in ("float32", "bfloat16"):
        for channels_last, compiled in ((False, False), (True, False), (True, True)):
            record([trained(device, precision, channels_last, compiled)])
    denoiser = build(Unet(family="unet", pooling=3, width=64), torch.rand(10, 3, SIZE, SIZE)).to(device)
    began = time.perf_counter()
    draw(denoiser, (3, SIZE, SIZE), Sampling(count=1024, steps=20, batch_size=1024), device)
    record([alone("sampling throughput on a GPU", f"{SIZE} px", 1024 / (time.perf_counter() - began), "images/s")])


if __name__ == "__main__":
    main()
