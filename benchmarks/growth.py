"""How time and memory grow with the number and the size of images: closed forms, neighbours, sampling and a dry run.

The exponent of growth in time is compared with that of the algorithm's number of operations.
"""

import multiprocessing
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from rounds import record, seconds, unpaired_row

from creativity.campaign.sections import Sampling
from creativity.denoisers import build
from creativity.families.bayes import Bayes
from creativity.families.equivariant_local import EquivariantLocal
from creativity.families.linear import Linear
from creativity.families.local import Local
from creativity.neighbours.search import nearest
from creativity.sampling.draw import BLOCK, draw

REPEATS = 3
ROOT = Path(__file__).parents[1]
WATCH = """import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.exit(status != 0)"""  # in a process of its own, since a forked child counts its parent's memory


def denoise(family: object, n: int, size: int) -> Callable[[], object]:
    """One evaluation of a closed form for a block of noisy images. n: of training images. size: their side."""
    images = torch.rand(n, 1, size, size, generator=torch.Generator().manual_seed(0)) * 2 - 1
    denoiser = build(family, images)
    x, sigma = images[:1] + torch.randn(BLOCK, 1, size, size), torch.full((BLOCK,), 0.5)
    return partial(torch.no_grad()(denoiser), x, sigma)


def search(n: int) -> Callable[[], object]:
    """A search for the neighbours of 100 queries among n images of 256 values."""
    points = np.random.default_rng(0).standard_normal((n, 256), dtype=np.float32)
    return partial(nearest, points[:100] + np.float32(0.1), points, 5)


def sample(count: int) -> Callable[[], object]:
    """Drawing samples with a linear denoiser, whose own cost is small."""
    denoiser = build(Linear(family="linear"), torch.rand(50, 1, 8, 8))
    return partial(draw, denoiser, (1, 8, 8), Sampling(count=count, steps=20))


def measured(make: Callable[[int], Callable[[], object]], value: int) -> tuple[float, float]:
    """The least CPU seconds of REPEATS calls, and the MB that they added. make: gives the work for a value of the axis."""

    def child(queue: multiprocessing.Queue) -> None:
        torch.set_num_threads(1)
        work = make(value)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        times = [seconds(work) for _ in range(REPEATS)]
        queue.put((min(times), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))

    fork = multiprocessing.get_context("fork")
    queue = fork.Queue()
    process = fork.Process(target=child, args=(queue,))
    process.start()
    measurement = queue.get(timeout=300)
    process.join()
    return measurement


def planned(runs: int) -> tuple[float, float]:
    """CPU seconds and MB of a dry run of a campaign with this number of trainings, of 20 denoisers."""
    nets = "\n".join(f"  net-{i}: {{family: mlp, width: {8 + i}}}" for i in range(20))
    seeds = list(range(runs // 20))
    rest = "subsets: {sizes: [10], heldout: 20, reference: 40}\ntraining: {steps: 100}\nsampling: {count: 20}"
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(f"campaign: planned\ndataset: {{name: orl-faces, size: 8}}\ndenoisers:\n{nets}\nseeds: {seeds}\n{rest}\n")
        file.flush()
        command = [
            sys.executable,
            "-m",
            "snakemake",
            "--dry-run",
            "--quiet",
            "--profile",
            "profiles/local",
            "--configfile",
            file.name,
        ]
        process = subprocess.run([sys.executable, "-c", WATCH, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    time, memory = map(float, process.stdout.split())
    return time, memory


def exponent(values: list[int], costs: list[float]) -> float:
    """The slope of ln cost over ln value, for the larger half of the values, where constant costs are small."""
    half = len(values) // 2
    return float(np.polyfit(np.log(values[half:]), np.log(np.maximum(costs[half:], 1e-9)), 1)[0])


def equivariant(side: int, patch: int) -> float:
    """Multiplications of the equivariant local denoiser: pairs of places whose patches the border cuts alike, times the patch."""
    spans = [1] * (patch - 1) + [side - patch + 1]
    return float(sum((a * b) ** 2 for a in spans for b in spans) * patch**2)


def record_growth(case: "Case") -> None:
    """Records time and memory for each value, and the exponent of time beside that of the algorithm's operations."""
    measurements, rows = [case.measure(value) for value in case.values], []
    for value, (time, memory) in zip(case.values, measurements, strict=True):
        rows.append(unpaired_row(f"time of {case.work}", f"{case.axis} {value}", time, "s", case.rounds))
        rows.append(unpaired_row(f"memory of {case.work}", f"{case.axis} {value}", memory, "MB", 1))
    growth = exponent(case.values, [time for time, _ in measurements])
    of_operations = exponent(case.values, [case.operations(value) for value in case.values])
    row = unpaired_row(f"growth of the time of {case.work}", case.axis, growth, "exponent, and of the operations")
    rows.append(row | {"theirs": of_operations})
    record(rows)


class Case(NamedTuple):
    """Work that grows along an axis. operations: how many it takes for a value, up to a constant factor."""

    work: str
    axis: str
    values: list[int]
    measure: Callable[[int], tuple[float, float]]
    operations: Callable[[int], float]
    rounds: int = REPEATS


def main() -> None:
    broken = partial(EquivariantLocal, family="equivariant-local")
    n, few, sizes, patches = [100, 1000, 10_000, 100_000], [30, 100, 300, 1000], [8, 16, 32, 64], [3, 5, 9, 15]
    cases: list[tuple[str, str, list[int], Callable[[int], Callable[[], object]], Callable[[int], float]]] = [
        ("bayes, 16 px", "images", n, lambda v: denoise(Bayes(family="bayes"), v, 16), float),
        ("bayes, 100 images", "side", sizes, lambda v: denoise(Bayes(family="bayes"), 100, v), lambda v: v**2),
        ("local, P = 7, 16 px", "images", n[:3], lambda v: denoise(Local(family="local", patch=7), v, 16), float),
        ("local, P = 7, 100 images", "side", sizes, lambda v: denoise(Local(family="local", patch=7), 100, v), lambda v: v**3),
        ("local, 16 px, 100 images", "patch", patches, lambda v: denoise(Local(family="local", patch=v), 100, 16), lambda v: 1),
        ("equivariant-local, P = 5, 8 px", "images", few, lambda v: denoise(broken(patch=5), v, 8), float),
        (
            "equivariant-local, P = 5, 10 images",
            "side",
            sizes[:3],
            lambda v: denoise(broken(patch=5), 10, v),
            partial(equivariant, patch=5),
        ),
        (
            "equivariant-local, 32 px, 3 images",
            "patch",
            patches,
            lambda v: denoise(broken(patch=v), 3, 32),
            partial(equivariant, 32),
        ),
        ("neighbours, 100 queries, 256 values", "images", n, search, float),
        ("sampling, linear, 8 px", "samples", n, sample, float),
    ]
    for work, axis, values, make, operations in cases:
        record_growth(Case(work, axis, values, partial(measured, make), operations))
    record_growth(Case("a dry run", "trainings", [100, 400, 2000], planned, float, rounds=1))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
