import numpy as np
import pytest

from creativity.measures import realism
from creativity.neighbours.search import nearest
from creativity.neighbours.vectors import flatten


@pytest.fixture
def world(faces):
    order = np.random.default_rng(1).permutation(400)
    train, heldout, reference = np.split(faces[order], [100, 200])
    return train, heldout, reference


def test_the_laplacian_energy_of_a_known_picture():
    x = np.zeros((1, 1, 5, 5), dtype=np.float32)
    x[0, 0, 2, 2] = 1  # -4 in the middle, 1 beside it, within 3 x 3
    assert realism.laplacian_energy(x).tolist() == pytest.approx([(16 + 4) / 9])
    ramp = np.tile(np.arange(6, dtype=np.float32), (1, 1, 6, 1))
    assert realism.laplacian_energy(ramp).tolist() == [0]


def test_the_ruler_holds_95_percent_of_the_reference(world):
    reference = world[2]
    ruler = realism.fit_ruler(reference)
    rows = flatten(reference)
    own = nearest(rows, rows, 5, itself=True).distances[:, -1]
    inside = (ruler.distance_range[0] <= own) & (own <= ruler.distance_range[1])
    assert inside.mean() == pytest.approx(0.95, abs=0.01)


def test_98_percent_of_the_reference_are_as_sharp_and_neither_blur_nor_noise_is(world, rng):
    reference = world[2]
    ruler = realism.fit_ruler(reference)
    assert realism.as_sharp(realism.laplacian_energy(reference), ruler).mean() == pytest.approx(0.98, abs=0.005)
    grey = np.zeros_like(reference)
    noise = rng.normal(size=reference.shape).astype(np.float32)
    for images in (grey, noise):
        assert not realism.as_sharp(realism.laplacian_energy(images), ruler).any()
