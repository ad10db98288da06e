"""The made-up targets are what they say: moments, spectra, discreteness, and draws that depend on their number alone."""

import numpy as np
import pytest

from creativity import data
from creativity.campaign.sections import Campaign, Dataset, Sampling, Subsets
from creativity.data import moment_matched, synthetic
from creativity.data.source import pixels
from creativity.families.bayes import Bayes
from creativity.fields import ImpossibleError
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


def test_the_texture_is_binary_stationary_and_local():
    many = draws("texture", 8, 4000)
    assert set(np.unique(np.abs(many)).round(2)) == {0.5}
    signs = np.sign(many)
    assert (signs * np.roll(signs, 1, axis=1)).mean(axis=0) == pytest.approx(np.full((8, 8), 1 / 3), abs=0.08)
    assert (signs * np.roll(signs, 2, axis=2)).mean() == pytest.approx(0, abs=0.01)
    agree = (signs * np.roll(signs, 1, axis=2) > 0).mean()
    assert agree == pytest.approx(2 / 3, abs=0.005)


def test_there_are_five_templates_as_likely_as_one_another():
    _, counts = np.unique(draws("templates", 8, 1000).reshape(1000, -1), axis=0, return_counts=True)
    assert len(counts) == 5
    assert (np.abs(counts - 200) < 4 * np.sqrt(1000 * 0.2 * 0.8)).all()


def test_the_manifold_has_four_dimensions():
    """Nearest distances among n points fall as n^(-1/4): the intrinsic dimension by the ratio of means at n and n / 8."""
    many = draws("low-rank", 16, 4000).reshape(4000, -1)
    from scipy.spatial import cKDTree

    few = cKDTree(many[:500]).query(many[:500], 2)[0][:, 1].mean()
    lots = cKDTree(many).query(many, 2)[0][:, 1].mean()
    assert np.log(8) / np.log(few / lots) == pytest.approx(4, abs=0.7)


def test_the_moment_matched_target_has_a_gaussians_moments_up_to_order_three():
    size, many = 16, draws("moment-matched", 16, 4000)
    modes, amplitudes = moment_matched.modes(size), moment_matched.amplitudes(size)
    assert np.einsum("ixy,jxy->ij", modes, modes) == pytest.approx(np.eye(10), abs=1e-12)
    found = np.tensordot(many, modes, axes=([1, 2], [1, 2])) / amplitudes
    rounding = np.abs(np.abs(found) - 1).max(axis=0) * amplitudes
    assert rounding.max() < 0.02  # the grey values' rounding, in units of the image
    assert found.mean(axis=0) == pytest.approx(np.zeros(10), abs=0.07)
    assert np.square(found).mean(axis=0) == pytest.approx(np.ones(10), abs=0.05)
    assert (found**3).mean(axis=0) == pytest.approx(np.zeros(10), abs=0.1)
    assert (found**4).mean(axis=0) == pytest.approx(np.ones(10), abs=0.2)  # a Gaussian's would be 3


def test_a_target_whose_images_repeat_must_say_so():
    sections = {"subsets": Subsets(sizes=(40,), heldout=40, reference=60), "sampling": Sampling(count=40)}
    denoisers = {"bayes": Bayes(family="bayes")}
    told = Campaign(campaign="a", dataset=Dataset(name="templates", size=8, repeats=True), denoisers=denoisers, **sections)
    data.check(told)
    silent = Campaign(campaign="a", dataset=Dataset(name="templates", size=8), denoisers=denoisers, **sections)
    with pytest.raises(ImpossibleError, match=r"dataset\.repeats: found False; allowed: true"):
        data.check(silent)
