"""The made-up targets are what they say: moments, spectra, discreteness, and draws that depend on their number alone."""

import numpy as np
import pytest

from creativity import data
from creativity.campaign.sections import Dataset
from creativity.data import synthetic
from creativity.data.source import pixels
from creativity.store import to_unit

NAMES = ("gaussian-field", "low-rank", "texture", "templates", "moment-matched")


def draws(name, size, count, first=0):
    dataset = Dataset(name=name, size=size, repeats=True)
    source = data.load(dataset)
    return to_unit(np.stack([pixels(source.read(i), dataset) for i in range(first, first + count)]))[:, 0].astype(np.float64)


@pytest.mark.parametrize("name", NAMES)
def test_a_draw_depends_on_its_number_alone_and_stays_within_the_grey_values(name):
    many = draws(name, 8, 40)
    assert np.array_equal(draws(name, 8, 1, first=17)[0], many[17])
    assert data.count(Dataset(name=name, size=8, repeats=True)) == 100_000
    assert (np.abs(many) < 1).all()
    distinct = len(np.unique(many.reshape(40, -1), axis=0))
    assert distinct == 5 if name == "templates" else distinct > 30


def test_the_gaussian_field_has_its_spectrum():
    many = draws("gaussian-field", 8, 4000)
    power = np.square(np.abs(np.fft.fft2(many))).mean(axis=0)
    spectrum = synthetic.field_spectrum(8)
    stated = spectrum / spectrum.mean() * 64 * 0.25**2
    error = power / stated - 1  # 4000 draws of a chi-square: 1/sqrt(4000) = 1.6 %, 2.2 % at the four real frequencies
    assert np.abs(error).max() < 0.1
    assert many.std() == pytest.approx(0.25, rel=0.01)
