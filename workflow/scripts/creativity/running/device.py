"""The device (CPU or GPU) and the number of threads that a job computes with.

Neither changes a result on the same kind of device.
"""

from collections.abc import Callable

import numpy as np
import torch

from creativity.errors import UserError
from creativity.running import gpus
from creativity.running.job import Job


def use(job: Job) -> torch.device:
    """The device that a job asks for; from here on torch uses the job's number of threads. Raises as `choose_device` does."""
    torch.set_num_threads(job.threads)
    device = choose_device(job.device)
    if device.type == "cuda":
        torch.cuda.set_device(device)  # so that what names no device, such as torch.compile, uses this one too
    return device


def choose_device(name: str, key: str = "training.device") -> torch.device:
    """The device of that name. auto: a GPU where there is one, else the CPU; of several GPUs one that no other job uses.

    key: the key of the campaign file that names the device. Raises UserError, with that key, where the GPU does not exist.
    """
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
    """A function (a [n, d], b [m, d], out [n, m]) that puts a b^T into out, computed in full float32 on the device of that name.

    a, b and out are float32 arrays on the host. Raises as `choose_device` does.
    """
    device = choose_device(name, "neighbours.device")
    torch.set_float32_matmul_precision("highest")  # no TF32, for which the error bound of `neighbours.search` does not hold

    def product(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
        left, right = (torch.from_numpy(rows).to(device) for rows in (a, b))
        torch.from_numpy(out).copy_(left @ right.T)

    return product
