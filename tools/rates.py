"""Measures what one core of this machine does in a second, for estimates of what jobs cost: results/rates.json. Takes seconds.

It is measured on several cores at once, as jobs run: beside busy neighbours a core does less than alone.
"""

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import torch
from torch import nn

from creativity.denoisers.streaming import SoftmaxMean
from creativity.running.demand import Rates
from creativity.running.demand.rates import RATES
from creativity.store.files import whole

REPEATS = 5
MOST = 8  # processes at once


def main() -> None:
    rates = beside_neighbours(min(len(os.sched_getaffinity(0)), MOST))
    try:
        RATES.parent.mkdir(exist_ok=True)
        with whole(RATES) as partial:
            partial.write_text(json.dumps(rates._asdict()) + "\n", encoding="utf-8")
    except OSError as error:
        sys.exit(f"{RATES}: {error.strerror}; so the cost of jobs is estimated by the rates of another machine.")
    print(f"{RATES}: " + ", ".join(f"{name} {rate:.2g}" for name, rate in rates._asdict().items()))


def beside_neighbours(cores: int) -> Rates:
    """The mean rates of several processes at once."""
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        measured = pool.map(of_one_core, range(cores), chunksize=1)
    return Rates(*(statistics.fmean(rates) for rates in zip(*measured, strict=True)))


def of_one_core(_: int) -> Rates:
    torch.set_num_threads(1)
    return Rates(network=network(), product=product(), weight=weight(), start=start())


def network() -> float:
    """Multiplications a second in the convolutions of a training step: 16 channels at 16 x 16, 32 images, forward and backward."""
    layers = nn.Sequential(*(nn.Conv2d(16, 16, 3, padding=1) for _ in range(4)))
    x = torch.randn(32, 16, 16, 16)
    return 3 * 4 * 9 * 16 * 16 * 32 * 256 / seconds(lambda: layers(x).sum().backward())


def product() -> float:
    """Multiplications a second in a float64 product of a block of images with training images."""
    x, y = torch.randn(32, 3072, dtype=torch.float64), torch.randn(1000, 3072, dtype=torch.float64)
    return 32 * 3072 * 1000 / seconds(lambda: x @ y.T)


def weight() -> float:
    """Terms a second of softmax-weighted means."""
    logits, values = torch.randn(64, 32, 64, dtype=torch.float64), torch.randn(64, 64, 3)
    return logits.numel() / seconds(lambda: SoftmaxMean().add(logits.clone(), values)) / WEIGHT_SHARE


def start() -> float:
    """Processor seconds until torch is imported."""
    code = "import time, torch; print(time.process_time())"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def seconds(work: Callable[[], object]) -> float:
    """The least processor seconds of REPEATS calls after a first one."""
    work()
    times = []
    for _ in range(REPEATS):
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return min(times)


WEIGHT_SHARE = 2.0  # a local denoiser takes about twice the time of its softmax: sums over patches take the rest


if __name__ == "__main__":
    main()
