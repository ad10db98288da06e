"""Images are brought to one size and one number of channels."""

import numpy as np
from PIL import Image

from creativity.campaign.sections import Dataset
from creativity.data.source import pixels


def test_pixels_crop_resize_and_colour():
    wide = Image.fromarray(np.tile(np.arange(120, dtype=np.uint8), (40, 1)))
    centre = pixels(wide, Dataset(name="mnist", size=40))
    assert np.array_equal(centre[0, 0], np.arange(40, 80))
    assert pixels(wide, Dataset(name="mnist", size=10, crop="none")).shape == (1, 10, 10)
    red = Image.new("RGB", (10, 10), (200, 10, 20))
    assert pixels(red, Dataset(name="mnist", size=10, color=True))[:, 0, 0].tolist() == [200, 10, 20]
    assert pixels(red, Dataset(name="mnist", size=10)).shape == (1, 10, 10)


def test_shuffled_pixels_change_their_places_alike_in_all_images_and_channels(rng):
    first, second = (Image.fromarray(rng.integers(0, 255, (6, 6, 3), dtype=np.uint8)) for _ in range(2))
    plain, moved = (
        [pixels(image, Dataset(name="mnist", size=6, color=True, shuffle=seed)) for image in (first, second)] for seed in (None, 0)
    )
    numbers = Image.fromarray(np.arange(36, dtype=np.uint8).reshape(6, 6))
    places = pixels(numbers, Dataset(name="mnist", size=6, shuffle=0)).ravel()  # whence each pixel comes
    assert sorted(places) == list(range(36))
    for before, after in zip(plain, moved, strict=True):
        assert np.array_equal(after.reshape(3, -1), before.reshape(3, -1)[:, places])
    neighbours = np.abs(np.diff(places.reshape(6, 6).astype(int), axis=1)) == 1
    assert neighbours.mean() < 0.2
    other = pixels(numbers, Dataset(name="mnist", size=6, shuffle=1)).ravel()
    assert not np.array_equal(other, places)
