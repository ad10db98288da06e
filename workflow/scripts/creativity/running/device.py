"""What a job computes on: a device and a number of threads, which change no result on the same kind of device."""

from collections.abc import Callable

import numpy as np
import torch

from creativity.errors import UserError
from creativity.running import gpus
from creativity.running.job import Job


def use(job: Job) -> torch.device:
    """The device that a job asks for, with its number of threads from here on."""
    torch.set_num_threads(job.threads)
    device = choose_device(job.device)
    if device.type == "cuda":
        torch.cuda.set_device(device)  # what is compiled or asked without a device is meant for this one, too
    return device


def choose_device(name: str, key: str = "training.device") -> torch.device:
    """The device of that name; auto: a GPU where there is one. Of several GPUs, one that is free. Raises UserError without it."""
    if name == "auto":
        mps = torch.backends.mps.is_available()
        name = "cuda" if torch.cuda.is_available() else "mps" if mps else "cpu"
    device = torch.device(name)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise UserError(f"{key}: found {name!r}, but {torch.cuda.device_count()} GPUs are visible; allowed: auto, cpu.")
    if device.type == "cuda" and device.index is None:
        return torch.device("cuda", gpus.take(gpus.visible(torch.cuda.device_count())))
    return device


def product_on(name: str) -> Callable[[np.ndarray, np.ndarray, np.ndarray], None]:
    """(a, b, out) -> a b^T of rows in full float32, computed on the device of that name; all of these are on the host."""
    device = choose_device(name, "neighbours.device")
    torch.set_float32_matmul_precision("highest")  # no TF32: the bound on its error is that of float32

    def product(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
        left, right = (torch.from_numpy(rows).to(device) for rows in (a, b))
        torch.from_numpy(out).copy_(left @ right.T)

    return product
