"""Numbers as levels: the three ranges, the order of the axes, and what is in doubt."""

import numpy as np
import pytest

from creativity.data.source import DataError
from creativity.data.values import channels_last, range_of, to_levels


def test_the_middle_of_each_range_is_the_middle_of_the_levels():
    assert to_levels(np.array([0, 51, 255], np.uint8), "bytes").tolist() == [0, 51, 255]
    assert to_levels(np.array([-3.0, 51.4, 51.6, 300.0]), "bytes").tolist() == [0, 51, 52, 255]
    assert to_levels(np.array([0.0, 0.2, 1.0, 1.2]), "unit").tolist() == [0, 51, 255, 255]
    assert to_levels(np.array([-1.0, 0.2, 1.0, -2.0]), "signed").tolist() == [0, 153, 255, 0]


def test_every_level_survives_single_precision():
    levels = np.arange(256, dtype=np.uint8)
    for values, numbers in (("unit", levels / 255), ("signed", levels / 127.5 - 1)):
        assert np.array_equal(to_levels(numbers.astype(np.float32), values), levels)


def test_channels_stand_last_wherever_they_stood(rng):
    image = rng.integers(0, 255, (5, 7, 3), dtype=np.uint8)
    assert np.array_equal(channels_last(image.transpose(2, 0, 1)), image)
    assert np.array_equal(channels_last(image), image)
    assert np.array_equal(channels_last(image[None, ..., 0]), image[..., 0])
    assert np.array_equal(channels_last(image[..., :1]), image[..., 0])
    assert channels_last(np.arange(9)).tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


@pytest.mark.parametrize(
    ("kind", "low", "high", "told", "values"),
    [
        ("uint8", 0, 1, None, "bytes"),
        ("int64", 0, 200, None, "bytes"),
        ("float32", -0.2, 0.9, None, "signed"),
        ("float16", -1.001, 1.001, None, "signed"),
        ("float32", 0, 1, "unit", "unit"),
        ("float32", 0, 1, "signed", "signed"),
        ("float32", -1.9, 1.9, "signed", "signed"),
    ],
)
def test_a_range_without_doubt_is_taken(kind, low, high, told, values):
    assert range_of("dataset", kind, float(low), float(high), told) == values


@pytest.mark.parametrize(
    ("kind", "low", "high", "told", "said"),
    [
        ("float32", 0, 1, None, "dataset.range: found none beside float32 from 0 to 1, which may be unit"),
        ("int64", 0, 1, None, "dataset.range: found none beside int64 from 0 to 1"),
        (
            "float32",
            0,
            255,
            None,
            "dataset.range: found none beside float32 from 0 to 255; allowed: uint8, floats from -1 to 1, or",
        ),
        ("int16", -5, 255, None, "dataset.range: found none beside int16 from -5 to 255"),
        ("float32", 0, 255, "unit", "dataset.range: found unit beside float32 from 0 to 255"),
        ("float32", -2.1, 1, "signed", "dataset.range: found signed beside float32 from -2.1 to 1"),
    ],
)
def test_a_range_in_doubt_is_asked_for(kind, low, high, told, said):
    with pytest.raises(DataError) as raised:
        range_of("dataset", kind, float(low), float(high), told)
    assert str(raised.value).startswith(said)
