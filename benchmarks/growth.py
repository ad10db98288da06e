"""How time and memory grow: closed forms, neighbours and sampling, with the exponents of the last decade or so."""

import multiprocessing
import resource
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from rounds import alone, record, seconds

from creativity.config import Bayes, EquivariantLocal, Linear, Local, Sampling
from creativity.denoisers import build
from creativity.neighbours import nearest
from creativity.sample import BLOCK, draw

REPEATS = 3


def denoise(family: object, n: int, size: int) -> Callable[[], object]:
    """One call of a closed form on a block of noisy images."""
    images = torch.rand(n, 1, size, size, generator=torch.Generator().manual_seed(0)) * 2 - 1
    denoiser = build(family, images)
    x, sigma = images[:1] + torch.randn(BLOCK, 1, size, size), torch.full((BLOCK,), 0.5)
    return partial(torch.no_grad()(denoiser), x, sigma)


def search(n: int) -> Callable[[], object]:
    points = np.random.default_rng(0).standard_normal((n, 256), dtype=np.float32)
    return partial(nearest, points[:100] + np.float32(0.1), points, 5)


def sample(count: int) -> Callable[[], object]:
    denoiser = build(Linear(family="linear"), torch.rand(50, 1, 8, 8))
    return partial(draw, denoiser, (1, 8, 8), Sampling(count=count, steps=20))


def measured(make: Callable[[int], Callable[[], object]], value: int) -> tuple[float, float]:
    """CPU seconds, the least of some, and MB beyond what was there before the call; in a process of its own."""

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
    found = queue.get(timeout=300)
    process.join()
    return found


def exponent(values: list[int], found: list[float]) -> float:
    """The slope of ln found over ln value, over the larger half of the values, where constant costs no longer count."""
    half = len(values) // 2
    return float(np.polyfit(np.log(values[half:]), np.log(np.maximum(found[half:], 1e-9)), 1)[0])


def main() -> None:
    broken = partial(EquivariantLocal, family="equivariant-local")
    n, few, sizes, patches = [100, 1000, 10_000, 100_000], [30, 100, 300, 1000], [8, 16, 32, 64], [3, 5, 9, 15]
    cases: list[tuple[str, str, list[int], Callable[[int], Callable[[], object]], str]] = [
        ("bayes, 16 px", "images", n, lambda v: denoise(Bayes(family="bayes"), v, 16), "1"),
        ("bayes, 100 images", "side", sizes, lambda v: denoise(Bayes(family="bayes"), 100, v), "2"),
        ("local, P = 7, 16 px", "images", n[:3], lambda v: denoise(Local(family="local", patch=7), v, 16), "1"),
        ("local, P = 7, 100 images", "side", sizes, lambda v: denoise(Local(family="local", patch=7), 100, v), "3"),
        ("local, 16 px, 100 images", "patch", patches, lambda v: denoise(Local(family="local", patch=v), 100, 16), "0"),
        ("equivariant-local, P = 5, 8 px", "images", few, lambda v: denoise(broken(patch=5), v, 8), "1"),
        ("equivariant-local, P = 5, 10 images", "side", sizes[:3], lambda v: denoise(broken(patch=5), 10, v), "4"),
        ("equivariant-local, 16 px, 10 images", "patch", patches, lambda v: denoise(broken(patch=v), 10, 16), "2"),
        ("neighbours, 100 queries, 256 values", "images", n, search, "1"),
        ("sampling, linear, 8 px", "samples", [100, 1000, 10_000], sample, "1"),
    ]
    for work, axis, values, make, order in cases:
        found = [measured(make, value) for value in values]
        rows = []
        for value, (time, memory) in zip(values, found, strict=True):
            rows.append(alone(f"time of {work}", f"{axis} {value}", time, "s", REPEATS))
            rows.append(alone(f"memory of {work}", f"{axis} {value}", memory, "MB", 1))
        rows.append(
            alone(f"growth of the time of {work}", axis, exponent(values, [t for t, _ in found]), f"exponent, algorithm {order}")
        )
        record(rows)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
