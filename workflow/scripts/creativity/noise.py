"""The noise that samples start from: the same for all denoisers, campaigns and batch sizes."""

import numpy as np
from numpy.typing import NDArray


def starting_noise(seed: int, samples: range, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Unit Gaussian noise [len(samples), *shape]; sample i depends on the seed, the shape and i alone.

    Philox is a counter-based generator (Salmon et al. 2011): its key (seed, i) gives each sample a stream of its own.
    """
    return np.stack([generator(seed, i).standard_normal(shape, dtype=np.float32) for i in samples])


def generator(seed: int, sample: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=(seed << 64) + sample))
