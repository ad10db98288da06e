"""The noise that samples start from, the same for all denoisers, campaigns and batch sizes, and the levels it goes down."""

import numpy as np
from numpy.typing import NDArray


def starting_noise(seed: int, samples: range, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Unit Gaussian noise [len(samples), *shape]; sample i depends on the seed, the shape and i alone.

    Philox is a counter-based generator (Salmon et al. 2011): its key (seed, i) gives each sample a stream of its own.
    """
    return np.stack([generator(seed, i).standard_normal(shape, dtype=np.float32) for i in samples])


def karras_levels(steps: int, sigma_min: float, sigma_max: float, rho: float) -> NDArray[np.float64]:
    """Noise levels from sigma_max to sigma_min and a last 0: [steps + 1] (Karras et al. 2022, eq. 5).

    sigma_i = (sigma_max^(1/rho) + i / (steps - 1) (sigma_min^(1/rho) - sigma_max^(1/rho)))^rho.
    """
    ramp = np.linspace(sigma_max ** (1 / rho), sigma_min ** (1 / rho), steps)
    return np.append(ramp**rho, 0.0)


def step_noise(seed: int, samples: range, shape: tuple[int, ...], step: int) -> NDArray[np.float32]:
    """Unit Gaussian noise [len(samples), *shape] for a step of a stochastic sampler.

    Sample i depends on the seed, the shape, the step and i alone.
    """
    return np.stack([generator(seed, i, step).standard_normal(shape, dtype=np.float32) for i in samples])


def generator(seed: int, sample: int, step: int = 0) -> np.random.Generator:
    """A stream of random numbers for a sample, and for each step that needs fresh ones; step 0 is the start.

    The step is the highest word of the counter, so that streams of one key never meet.
    """
    return np.random.Generator(np.random.Philox(key=(seed << 64) + sample, counter=step << 192))
