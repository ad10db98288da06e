"""When a training copies and when it generalises: steps by hand, false alarms and the coverage of slopes in simulation."""

import itertools

import numpy as np
import pandas as pd
import pytest

from creativity.measures.intervals import share
from creativity.measures.times import advice, slope, t_interval, times

STEPS = np.array([10.0, 32, 100, 316, 1000])


def shares(counts, number=50):
    return [share(np.arange(number) < count) for count in counts]


def test_the_times_of_a_training_that_copies_are_those_by_hand():
    """Of 50 samples: 0 of held-out's 50 reaches up to .071; 8 begin at .083, 7 at .069."""
    loss = np.array([0.9, 0.5, 0.4, 0.6, 0.8])
    found = times(STEPS, shares([0, 2, 7, 8, 50]), loss, share(np.zeros(50, dtype=bool)))
    assert found[:6] == (316, 100, 100, 32, 1000, 5)
    assert found[6:10] == (0.4, 0.8, 0.14, 1.0)
    assert found.advice == "copies from step 316 on; best held-out loss at 100: stop there"


def test_what_is_no_more_memorised_than_held_out_images_does_not_copy():
    """Where 10 of 50 held-out images count as memorised, 15 of 50 samples say nothing; 25 do."""
    heldout = shares([10])[0]
    assert times(STEPS, shares([0, 5, 10, 15, 15]), STEPS, heldout).tau_mem is None
    assert times(STEPS, shares([0, 5, 10, 15, 25]), STEPS, heldout).tau_mem == 1000


def test_copying_is_seldom_seen_where_there_is_none():
    """12 looks at samples that are memorised as often as held-out images are, 2 in 100."""
    rng = np.random.default_rng(0)
    steps, alarms = np.geomspace(10, 1000, 12), 0
    for _ in range(300):
        heldout, *looks = (share(rng.random(60) < 0.02) for _ in range(13))
        alarms += times(steps, looks, steps, heldout).tau_mem is not None
    assert alarms / 300 < 0.05


@pytest.mark.parametrize(
    ("tau_mem", "tau_gen", "said"),
    [
        (None, 1000, "no copies up to step 1000; best held-out loss at 1000: train longer"),
        (None, 300, "no copies up to step 1000; best held-out loss at 300: stop there"),
        (100, 300, "copies from step 100 on; best held-out loss at 300: stop before 100, where it copies"),
        (100, 1000, "copies from step 100 on; best held-out loss at 1000: no step is best for both"),
        (300, 300, "copies from step 300 on; best held-out loss at 300: stop before 300, where it copies"),
    ],
)
def test_where_to_stop_is_told(tau_mem, tau_gen, said):
    assert advice(tau_mem, tau_gen, 1000) == said


@pytest.mark.parametrize(
    ("judged", "tau_mem", "said"),
    [
        ((200, 0.884), 400, "most real without copies at 200 (88 %): stop there"),
        ((1000, 0.1), None, "most real without copies at 1000 (10 %): train longer"),
        ((None, 0.0), 400, "nothing is real before it copies"),
        ((None, 0.0), None, "nothing is real up to there"),
    ],
)
def test_where_the_judge_was_asked_it_says_where_to_stop(judged, tau_mem, said):
    begins = "no copies up to step 1000" if tau_mem is None else f"copies from step {tau_mem} on"
    assert advice(tau_mem, 100, 1000, judged) == f"{begins}; best held-out loss at 100; {said}"


def test_the_most_real_step_is_before_copying_by_either_measure():
    """Memorised from step 316 on; copies at a false discovery rate of 5 % already at 100: of the rest, 32 has most real samples."""
    real, copies = np.array([0.1, 0.3, 0.8, 0.9, 1.0]), np.array([0.0, 0.0, 0.4, 0.0, 0.0])
    found = times(STEPS, shares([0, 2, 7, 8, 50]), STEPS, share(np.zeros(50, dtype=bool)), real, copies)
    assert (found.tau_mem, found.tau_real, found.real) == (316, 32, 0.3)
    assert times(STEPS, shares([0, 0, 0, 0, 0]), STEPS, share(np.zeros(50, dtype=bool)), real, 0 * copies).tau_real == 1000
    assert times(STEPS, shares([9, 9, 9, 9, 9]), STEPS, share(np.zeros(50, dtype=bool)), real, copies)[10:12] == (None, 0.0)


def table(tau, subset_seeds=(0,), seeds=(0, 1, 2), sizes=(8, 16, 32, 64), grid=None):
    """grid: of checkpoints, at the next of which a time is seen; None: it is seen at once."""
    rows = []
    for n, s, k in itertools.product(sizes, subset_seeds, seeds):
        if grid is None:
            rows.append((n, s, k, tau(n, s, k), np.nan))
        else:
            place = np.searchsorted(grid, tau(n, s, k))
            rows.append((n, s, k, grid[place], grid[place - 1]))
    return pd.DataFrame(rows, columns=["n", "subset_seed", "seed", "tau", "after"])


def test_the_slope_of_a_power_law_is_its_exponent():
    exact = slope(table(lambda n, s, k: (k + 1) * n**1.5, subset_seeds=(0, 1)))
    assert exact.interval[:3] == pytest.approx((1.5, 1.5, 1.5))
    assert exact[1:] == (4, 6, 2, "subsets")
    one = slope(table(lambda n, s, k: n ** (1.0 + k)))
    assert one.interval.value == pytest.approx(2.0)
    assert (one.interval.low, one.interval.high) == pytest.approx((2 - 4.302653 / 3**0.5, 2 + 4.302653 / 3**0.5))
    assert one[1:] == (4, 3, 3, "seeds")


def test_sizes_at_which_a_training_never_copies_are_left_out_for_all():
    found = slope(table(lambda n, s, k: np.nan if (n, k) == (64, 1) else n**2.0))
    assert found.sizes == 3
    assert found.interval.value == pytest.approx(2.0)
    assert np.isnan(slope(table(lambda n, s, k: np.nan if n > 8 else 1.0)).interval.value)


def test_one_value_has_no_interval():
    found = t_interval(np.array([3.0]))
    assert found.value == 3
    assert np.isnan(found.low)


def test_the_interval_holds_the_exponent_where_choices_of_images_and_seeds_differ():
    """Steps on a grid of checkpoints, with effects of the images and of the training on level and slope."""
    rng = np.random.default_rng(0)
    grid, held = np.geomspace(10, 1e5, 25), []
    for _ in range(400):
        of_subset = rng.normal(size=(4, 2)) * (0.3, 0.15)

        def tau(n, s, k, of_subset=of_subset):
            return np.exp(np.log(20) + of_subset[s, 0] + (1 + of_subset[s, 1]) * np.log(n) + 0.2 * rng.normal())

        interval = slope(table(tau, subset_seeds=range(4), grid=grid)).interval
        held.append(interval.low <= 1 <= interval.high)
    assert np.mean(held) >= 0.95


@pytest.mark.parametrize(("sizes", "between_seeds"), [((8, 16, 32, 64), 0.02), ((8, 16, 32, 64), 0.2), ((8, 16), 0.02)])
def test_the_interval_holds_the_exponent_where_checkpoints_are_far_apart(sizes, between_seeds):
    """12 checkpoints, and three seeds that often have the same: of their differences alone no width would come."""
    rng, held = np.random.default_rng(0), []
    grid = np.geomspace(10, 3000, 12)
    for _ in range(400):
        level = np.log(15 + 40 * rng.random())

        def tau(n, s, k, level=level):
            return np.exp(level + 0.8 * np.log(n) + between_seeds * rng.normal())

        interval = slope(table(tau, sizes=sizes, grid=grid)).interval
        held.append(interval.low <= 0.8 <= interval.high)
    assert np.mean(held) >= 0.94
