import numpy as np
import pytest
from PIL import Image

from creativity import data
from creativity.campaign.sections import Dataset
from creativity.data.source import DataError, pixels


def test_pixels_crop_resize_and_colour():
    wide = Image.fromarray(np.tile(np.arange(120, dtype=np.uint8), (40, 1)))
    centre = pixels(wide, Dataset(name="mnist", size=40))
    assert np.array_equal(centre[0, 0], np.arange(40, 80))
    assert pixels(wide, Dataset(name="mnist", size=10, crop="none")).shape == (1, 10, 10)
    red = Image.new("RGB", (10, 10), (200, 10, 20))
    assert pixels(red, Dataset(name="mnist", size=10, color=True))[:, 0, 0].tolist() == [200, 10, 20]
    assert pixels(red, Dataset(name="mnist", size=10)).shape == (1, 10, 10)


def test_a_corrupt_image_is_named(tmp_path, rng):
    path = tmp_path / "whole.png"
    Image.fromarray(rng.integers(0, 255, (64, 64), dtype=np.uint8)).save(path)
    (tmp_path / "torn.png").write_bytes(path.read_bytes()[:800])
    source = data.load(Dataset(name="image-folder", size=8, path=str(tmp_path)))
    assert source.read(1).size == (64, 64)
    with pytest.raises(DataError, match=r"torn.png: found no readable image"):
        source.read(0)
