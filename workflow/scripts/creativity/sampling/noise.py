"""The starting noise of samples, and the noise levels of the sampler.

The noise of sample i is the same for all denoisers, campaigns and batch sizes, so that the samples of two denoisers can be compared
one by one.
"""

import numpy as np
from numpy.typing import NDArray


def starting_noise(seed: int, samples: range, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Standard normal noise [len(samples), *shape]; that of sample i depends on the seed, the shape and i alone.

    Philox is a counter-based generator (Salmon et al. 2011): its key (seed, i) gives each sample its own stream of numbers.
    """
    return np.stack([generator(seed, i).standard_normal(shape, dtype=np.float32) for i in samples])


def karras_levels(steps: int, sigma_min: float, sigma_max: float, rho: float) -> NDArray[np.float64]:
    """Noise levels from sigma_max down to sigma_min, and a last 0: [steps + 1] (Karras et al. 2022, eq. 5).

    sigma_i = (sigma_max^(1/rho) + i / (steps - 1) (sigma_min^(1/rho) - sigma_max^(1/rho)))^rho, in units of the images.

    >>> karras_levels(steps=3, sigma_min=1.0, sigma_max=9.0, rho=2.0).tolist()
    [9.0, 4.0, 1.0, 0.0]
    """
    ramp = np.linspace(sigma_max ** (1 / rho), sigma_min ** (1 / rho), steps)
    return np.append(ramp**rho, 0.0)


def step_noise(seed: int, samples: range, shape: tuple[int, ...], step: int) -> NDArray[np.float32]:
    """Standard normal noise [len(samples), *shape] for one step of a stochastic sampler; steps are counted from 1.

    That of sample i depends on the seed, the shape, the step and i alone.
    """
    return np.stack([generator(seed, i, step).standard_normal(shape, dtype=np.float32) for i in samples])


def generator(seed: int, sample: int, step: int = 0) -> np.random.Generator:
    """The stream of random numbers of a sample, one for each step of a stochastic sampler; step 0 is the starting noise.

    The step is the highest 64-bit word of the counter, so that streams with the same key never overlap.
    """
    return np.random.Generator(np.random.Philox(key=(seed << 64) + sample, counter=step << 192))
