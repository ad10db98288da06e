"""When along its training does a denoiser begin to copy, and when does it generalise best?"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from creativity import store
from creativity.measures.intervals import LEVEL
from creativity.types import Interval, Values

TIMES = {
    "tau_mem": store.LONG,
    "tau_gen": store.LONG,
    "tau_mem_after": store.LONG,
    "tau_gen_after": store.LONG,
    "last": store.LONG,
    "checkpoints": store.LONG,
    **dict.fromkeys(("heldout_loss", "last_heldout_loss", "memorised", "last_memorised"), store.REAL),
    "tau_real": store.LONG,
    "real": store.REAL,
    "advice": store.TEXT,
}
SLOPES = {"denoiser": store.TEXT, "family": store.TEXT, "kind": store.TEXT, "time": store.TEXT}
SLOPES |= {"value": store.REAL, "low": store.REAL, "high": store.REAL, "sizes": store.LONG, "replicates": store.LONG}
SLOPES |= {"clusters": store.LONG, "over": store.TEXT}
FEWEST_SIZES = 2


class Times(NamedTuple):
    """The steps of one training at which it begins to copy (None: not up to the last) and at which its held-out loss is least.

    tau_*_after: the checkpoints before these (None: there is none), between which and the times nobody looked. heldout_loss,
    memorised: at tau_gen; last_*: at the last step. tau_real, real: see `most_real`; None where the judge was not asked.
    """

    tau_mem: int | None
    tau_gen: int
    tau_mem_after: int | None
    tau_gen_after: int | None
    last: int
    checkpoints: int
    heldout_loss: float
    last_heldout_loss: float
    memorised: float
    last_memorised: float
    tau_real: int | None
    real: float | None
    advice: str


def times(
    steps: Values,
    memorised: list[Interval],
    heldout_loss: Values,
    heldout: Interval,
    real: Values | None = None,
    copies: Values | None = None,
) -> Times:
    """tau_mem: the first checkpoint whose memorised share lies above that of held-out images, with all of its 95 % interval above
    all of theirs; tau_gen: the checkpoint of least held-out loss (after Bonnaire et al. 2025). At least one checkpoint.

    steps: of the checkpoints, rising; heldout: the memorised share of held-out images. real, copies: shares of samples that the
    judge finds real, and that are copies at a false discovery rate of 5 %; None where the judge was not asked.
    """
    copying = [int(step) for step, of_step in zip(steps, memorised, strict=True) if of_step.low > heldout.high]
    best = int(np.argmin(heldout_loss))
    tau_mem, tau_gen, last = copying[0] if copying else None, int(steps[best]), int(steps[-1])
    shares = memorised[best].value, memorised[-1].value
    judged = None if real is None or copies is None else most_real(steps, real, copies, tau_mem)
    after, losses = (before(steps, tau_mem), before(steps, tau_gen)), (float(heldout_loss[best]), float(heldout_loss[-1]))
    (tau_real, share), told = judged or (None, None), advice(tau_mem, tau_gen, last, judged)
    return Times(tau_mem, tau_gen, *after, last, len(steps), *losses, *shares, tau_real, share, told)


def most_real(steps: Values, real: Values, copies: Values, tau_mem: int | None) -> tuple[int | None, float]:
    """The checkpoint of the largest share of real samples among those before tau_mem at which none is a copy, and that share.

    The first of several; None where no such checkpoint has any real samples.

    >>> most_real(np.array([10.0, 30.0, 100.0]), np.array([0.0, 0.4, 0.9]), np.array([0.0, 0.0, 0.5]), tau_mem=None)
    (30, 0.4)
    """
    safe = (copies == 0) & (steps < (np.inf if tau_mem is None else tau_mem))
    shares = np.where(safe, real, 0.0)
    best = int(np.argmax(shares))
    return (int(steps[best]) if shares[best] > 0 else None), float(shares[best])


def before(steps: Values, step: int | None) -> int | None:
    """The checkpoint before one of the checkpoints; None where there is none."""
    earlier = [int(other) for other in steps if step is not None and other < step]
    return earlier[-1] if earlier else None


def advice(tau_mem: int | None, tau_gen: int, last: int, judged: tuple[int | None, float] | None = None) -> str:
    """Where to stop, in words. judged: `most_real`, where the judge was asked.

    >>> advice(400, 200, 1500)
    'copies from step 400 on; best held-out loss at 200: stop there'
    >>> advice(None, 1500, 1500)
    'no copies up to step 1500; best held-out loss at 1500: train longer'
    >>> advice(400, 100, 1500, (200, 0.75))
    'copies from step 400 on; best held-out loss at 100; most real without copies at 200 (75 %): stop there'
    """
    told = f"copies from step {tau_mem} on" if tau_mem else f"no copies up to step {last}"
    told = f"{told}; best held-out loss at {tau_gen}"
    if judged:
        return f"{told}; {by_judge(*judged, tau_mem, last)}"
    if tau_gen == last:
        what = "train longer" if tau_mem is None else "no step is best for both"
    else:
        what = "stop there" if tau_mem is None or tau_gen < tau_mem else f"stop before {tau_mem}, where it copies"
    return f"{told}: {what}"


def by_judge(tau_real: int | None, real: float, tau_mem: int | None, last: int) -> str:
    """What follows from the checkpoint of most real samples, in words."""
    if tau_real is None:
        return "nothing is real up to there" if tau_mem is None else "nothing is real before it copies"
    what = "train longer" if tau_real == last else "stop there"
    return f"most real without copies at {tau_real} ({real:.0%}): {what}".replace("%", " %")


class Slope(NamedTuple):
    """How a time grows with n: the slope of its logarithm on that of n, and what its interval is over."""

    interval: Interval
    sizes: int
    replicates: int
    clusters: int
    over: str


def slope(table: pd.DataFrame) -> Slope:
    """Slope of ln tau on ln n with a 95 % interval; table: columns n, tau, after, subset_seed, seed, one row a training.

    Sizes at which a training has no tau are left out for all, so that all slopes are over the same sizes. Each replicate (choice of
    images and training seed) has a slope by least squares; those of one choice of images are one cluster, since they share it. The
    interval is Student's over the means of the clusters, or over training seeds where there is one choice of images. As a time lies
    anywhere between `after`, the checkpoint before it, and tau, and often in all trainings between the same two, the variance of a
    slope of uniform errors, mean(ln(tau / after)^2) / 12 / sum(x^2) with x = ln n about its mean, is added to it.
    """
    index = ["subset_seed", "seed"]
    wide = table.pivot(index=index, columns="n", values="tau").dropna(axis=1)
    if wide.shape[1] < FEWEST_SIZES:
        return Slope(Interval(np.nan, np.nan, np.nan, 0), wide.shape[1], len(wide), 0, "")
    x = np.log(wide.columns.to_numpy(dtype=float))
    x -= x.mean()
    slopes = pd.Series(np.log(wide.to_numpy(dtype=float)) @ x / (x @ x), index=wide.index)
    clusters = slopes.groupby("subset_seed").mean()
    over = "subsets" if len(clusters) > 1 else "seeds"
    values = clusters.to_numpy() if len(clusters) > 1 else slopes.to_numpy()
    after = table.pivot(index=index, columns="n", values="after")[wide.columns]
    spacing = np.log(wide.to_numpy(dtype=float) / after.to_numpy(dtype=float))
    rounding = float(np.sqrt(np.nanmean(spacing**2) / 12 / (x @ x))) if np.isfinite(spacing).any() else 0.0
    return Slope(widened(t_interval(values), rounding), wide.shape[1], len(wide), len(values), over)


def widened(interval: Interval, error: float) -> Interval:
    """An interval with a further, independent standard error: the square of half its width grows by (1.96 error)^2."""
    half = float(np.hypot((interval.high - interval.low) / 2, norm.ppf((1 + LEVEL) / 2) * error))
    return interval._replace(low=interval.value - half, high=interval.value + half)


def t_interval(values: Values) -> Interval:
    """The mean with Student's 95 % interval; without an interval for fewer than 2 values."""
    mean, number = float(values.mean()), len(values)
    if number < 2:
        return Interval(mean, np.nan, np.nan, number)
    away = float(t.ppf((1 + LEVEL) / 2, number - 1) * values.std(ddof=1) / np.sqrt(number))
    return Interval(mean, mean - away, mean + away, number)
