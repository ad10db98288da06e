"""The verdict on samples: p-values against brute force and by simulation, false discoveries, and the order of the classes."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from creativity.measures import verdict
from creativity.types import Neighbours


def brute_p(scores, heldout):
    """The p-value of one sample by ranking it and the held-out images anew in each space."""
    together = [np.append(held, score) for held, score in zip(heldout, scores, strict=True)]
    best = np.min([[np.sum(column <= value) for value in column] for column in together], axis=0)
    return np.mean(best <= best[-1])


@pytest.mark.parametrize("ties", [False, True])
def test_p_values_by_brute_force(rng, ties, monkeypatch):
    monkeypatch.setattr(verdict, "AT_ONCE", 200)  # several blocks
    heldout, samples = rng.normal(size=(3, 19)), rng.normal(size=(3, 30)) - 1
    if ties:
        heldout, samples = np.round(heldout), np.round(samples)
    p = verdict.p_value(list(samples), list(heldout))
    assert p == pytest.approx([brute_p(samples[:, i], heldout) for i in range(30)], abs=0)


def test_a_new_image_is_called_a_copy_no_more_often_than_it_may(rng):
    """5,000 sets of 39 held-out images and one new one, three dependent spaces: standard error of the share .003."""
    shared = rng.normal(size=(5000, 1, 40))
    scores = shared + rng.normal(size=(5000, 3, 40))
    p = np.array([verdict.p_value(list(one[:, :1]), list(one[:, 1:]))[0] for one in scores])
    assert p.min() >= 1 / 40
    assert np.mean(p <= 0.05) <= 0.05 + 3 * 0.003
    bonferroni = np.array([3 * min(np.mean(row <= row[0]) for row in one) for one in scores])
    assert np.all(p <= bonferroni + 1e-12)
    assert np.mean(p <= 0.05) > np.mean(bonferroni <= 0.05)  # 3 / 40 > .05: there it could never be one


def test_evidence_is_the_least_over_spaces_and_standardised_by_real_images():
    real = np.exp([np.arange(-5.0, 6.0), 2 * np.arange(-5.0, 6.0)])  # medians of ln s 0; 10 % quantiles -4 and -8
    scores = np.exp([[0.0, -4.0, 4.0], [-8.0, -4.0, 16.0]])
    assert verdict.evidence(list(scores), list(real)).tolist() == pytest.approx([-1, -1, 1])
    repeated = verdict.standardised(np.array([0.0, 1e-12, 1.0]), np.zeros(4))  # real images repeat: nothing is below them
    assert repeated.tolist() == pytest.approx([0, 0, 12 * np.log(10)])


def test_with_evidence_of_many_spaces_a_new_image_is_no_copy_more_often_than_it_may_be_and_a_copy_is_found(rng):
    """3,000 sets of 99 held-out images, 200 of the reference and one new one, five spaces: standard errors .004 and .0018."""
    shared = rng.normal(size=(3000, 1, 300))
    spaces = np.exp(shared + rng.standard_t(4, size=(3000, 5, 300)))
    p, of_copies = [], []
    for one in spaces:
        real, held, new = list(one[:, :200]), list(one[:, 200:299]), list(one[:, 299:])
        among = verdict.evidence(held, real)
        p.append(verdict.p_value([verdict.evidence(new, real)], [among])[0])
        new[0] = new[0] * 0
        of_copies.append(verdict.p_value([verdict.evidence(new, real)], [among])[0])
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=3 * 0.004)
    assert np.mean(np.array(p) <= 0.01) == pytest.approx(0.01, abs=3 * 0.0018)
    assert np.mean(np.array(of_copies) == 0.01) > 0.99  # ranks of five spaces would give at least .05


def test_what_is_found_at_a_share_of_false_alarms():
    heldout = np.arange(100.0)[::-1]
    assert verdict.found(np.array([0.0, 0.5, 1.0]), heldout, 0.01).tolist() == [True, True, False]
    assert verdict.found(np.array([-1.0, 0.0]), heldout[:99], 0.01).tolist() == [True, True]  # the least of 99 is 1
    assert verdict.found(np.array([0.0, 2.0]), np.array([1.0, 3.0, 2.0]), 0.01).tolist() == [True, False]


def test_the_copies_that_are_counted_and_the_least_number_that_could_be(rng):
    p = np.append(np.full(20, 1 / 101), rng.uniform(0.2, 1, 80))
    assert verdict.copies(p).sum() == 20 == np.sum(false_discovery_control(p) <= 0.05)
    p[0] = 1.0
    assert verdict.copies(p).sum() == 0
    assert verdict.least_copies(100, 100) == 20
    assert verdict.least_copies(10, 1000) == 1
    assert verdict.copies(np.zeros(0)).tolist() == []


def test_the_share_of_false_discoveries(rng):
    """1,000 sets of 100 samples, 40 of them copies, beside 200 held-out images: at most 5 % of what is counted is no copy."""
    wrong = []
    for _ in range(1000):
        held, new = rng.normal(size=200), rng.normal(size=60)
        found = verdict.copies(verdict.p_value([np.append(np.full(40, -9.0), new)], [held]))
        wrong.append(found[40:].sum() / max(found.sum(), 1))
    assert np.mean(wrong) <= 0.05


def nearest(distances, indices):
    """The nearest training image of each of several images."""
    return Neighbours(np.array(distances)[:, None], np.array(indices)[:, None], np.zeros((len(indices), 1), dtype=bool))


def test_the_copy_score_knows_how_isolated_the_training_image_is():
    score = verdict.copy_score(nearest([1.0, 1.0, 0.0], [0, 1, 2]), np.array([2.0, 4.0, 0.0]))
    assert score.tolist() == [0.5, 0.25, 0]  # where an image lies in the reference itself, its scale is the least of the others
    assert verdict.copy_score(nearest([3.0], [0]), np.zeros(2)).tolist() == [3]


def test_indistinguishable_is_a_root_mean_square_of_four_grey_levels():
    step = 2 / 255
    away = np.array([3.9, 4.1]) * step * np.sqrt(64)
    assert verdict.indistinguishable(away, 64).tolist() == [True, False]


def test_the_first_class_that_holds():
    flags = np.array([[1, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 0], [0, 1, 0]], dtype=bool).T
    names = verdict.classes(*flags)
    assert names == ["copy", "collage", "new and real", "new and unreal", "collage"]
    assert verdict.kinds(names, np.array([1, 0.5, 1, 1, 0.49])) == [None, "part copy", None, None, "mosaic"]
