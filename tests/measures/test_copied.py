"""Which training images are copied: clusters, isolation and attribution by hand; the test of order with simulated generators."""

from itertools import permutations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import spearmanr

from creativity.measures import copied
from creativity.types import Neighbours


def neighbours(images, k):
    """The nearest other images of each, by brute force."""
    away = cdist(images, images)
    np.fill_diagonal(away, np.inf)
    places = np.argsort(away, axis=1)[:, :k]
    return Neighbours(np.take_along_axis(away, places, axis=1), places, np.zeros(places.shape, dtype=bool))


def clusters(images, k, limit):
    """By the k listed neighbours of each."""
    return copied.clusters(neighbours(images, k), limit, lambda one, others: cdist(images[[one]], images[others])[0])


def test_near_duplicates_of_one_image_are_a_cluster_whose_isolation_is_to_others():
    images = np.array([[0.0], [0.6], [1.2], [5.0], [9.0]])
    cluster = clusters(images, 2, limit=1.0)
    assert cluster.tolist() == [0, 0, 0, 1, 2]
    assert copied.isolation(neighbours(images, 2), cluster, unit=2.0) == pytest.approx([0.6, 0.6, 0.6, 1.9, 2.0])


def test_isolation_is_at_least_the_farthest_listed_where_all_listed_are_duplicates():
    images = np.array([[0.0], [0.1], [0.2], [7.0]])
    assert copied.isolation(neighbours(images, 2), clusters(images, 2, 0.5), 1.0)[:3] == pytest.approx([0.2, 0.2, 0.2])


def test_a_chain_of_images_that_change_little_by_little_is_no_cluster(rng):
    """Each is a near-duplicate of the next; none of one that is farther from the leader than the limit."""
    images = np.cumsum(rng.uniform(0.3, 0.9, 2000))[:, None]
    cluster = clusters(images, 5, limit=1.0)
    sizes = np.bincount(cluster)
    assert sizes.max() <= 6  # within 1 of the leader on both sides
    assert 600 < len(sizes) < 1400


def test_each_of_a_cluster_is_within_the_limit_of_its_leader_and_many_duplicates_of_one_image_are_one(rng):
    """Far more of them than neighbours are listed; among images of which pairs are nearer than the limit at random."""
    images = np.concatenate([rng.uniform(0, 30, (300, 2)), 50 + rng.uniform(0, 0.3, (100, 2)), np.full((60, 2), 80.0)])
    order = rng.permutation(len(images))
    cluster = clusters(images[order], 5, limit=1.0)
    assert len(np.unique(cluster[order >= 400])) == 1  # the same image 60 times
    assert len(np.unique(cluster[(order >= 300) & (order < 400)])) == 1
    away = cdist(images[order], images[order])
    for one in np.unique(cluster):
        members = np.flatnonzero(cluster == one)
        assert (away[np.ix_(members, members)] < 1.0).all(axis=1).any()


def test_without_chains_clusters_are_what_is_connected_and_no_distance_is_asked_for(rng):
    def never(one, others):
        raise AssertionError

    images = np.concatenate([rng.uniform(0, 1000, (50, 1)), rng.uniform(2000, 3000, (20, 1)).repeat(2, axis=0)])
    assert sorted(np.bincount(copied.clusters(neighbours(images, 3), 1e-9, never))) == [1] * 50 + [2] * 20


def test_a_copy_is_attributed_in_the_space_that_speaks_most_and_in_pixels_where_it_cannot_be_told_apart():
    real = {"pixel": np.exp(np.arange(-5.0, 6.0)), "aligned": np.exp(np.arange(-5.0, 6.0) / 10)}
    scores = {"pixel": np.exp([-6.0, -1.0, -1.0]), "aligned": np.exp([-0.1, -0.9, -0.9])}
    nearest = {"pixel": np.array([3, 4, 5]), "aligned": np.array([6, 7, 8])}
    assert copied.sources(scores, nearest, real, np.array([False, False, True])).tolist() == [3, 7, 5]


def test_the_limit_is_the_least_over_fifths_of_the_training_images():
    isolation = np.arange(10.0)
    nearest = np.repeat([0, 9], 100)
    first = np.concatenate([1 + np.arange(100) / 100, 5 + np.arange(100) / 100])
    assert copied.neutral_limit(first, nearest, isolation) == pytest.approx(1.01)
    assert copied.neutral_limit(first[::-1], nearest, isolation) == pytest.approx(1.01)
    assert copied.neutral_limit(first[:19], nearest[:19], isolation) == pytest.approx(1.0)
    assert copied.neutral_limit(first[:0], nearest[:0], isolation) == 0


def test_the_variance_is_that_over_all_permutations():
    a, b = np.array([0.0, 0.0, 1.0, 3.0, 3.0]), np.array([2.0, 1.0, 4.0, 5.0, 9.0])
    product, variance, *_ = copied.sums(a, b)
    every = [copied.sums(np.array(turn), b)[0] for turn in permutations(a)]
    assert variance == pytest.approx(np.mean(np.square(every)))
    assert product == pytest.approx(every[0])


def test_without_duplicates_the_correlation_is_spearmans(rng):
    counts, attribute = rng.poisson(1, 60).astype(float), rng.random(60)
    found = copied.order(counts, np.arange(60), attribute)
    assert found.correlation == pytest.approx(spearmanr(counts, attribute).statistic)
    assert (found.copied, found.images) == ((counts > 0).sum(), 60)


def test_where_all_are_copied_equally_often_there_is_no_order():
    found = copied.order(np.ones(9), np.arange(9), np.arange(9.0))
    assert np.isnan(found.correlation)
    assert np.isnan(found.p)


TRAIN, REAL, SAMPLES, VALUES = 150, 300, 150, 16


def draws(rng, count):
    """Real images: prototypes about the middle, and outliers far from it and from each other."""
    return np.exp(rng.normal(0, 0.5, (count, 1))) * rng.normal(size=(count, VALUES))


class Simulated:
    """Training images of which ten stand twice, their attributes, and the limit that real images set."""

    def __init__(self, rng):
        self.rng = rng
        self.train = draws(rng, TRAIN)
        self.train[-10:] = self.train[:10]
        self.near = neighbours(self.train, 5)
        self.cluster = clusters(self.train, 5, 1e-6)
        real = draws(rng, REAL)
        away = cdist(real, self.train)
        self.isolation = copied.isolation(self.near, self.cluster, float(np.median(away.min(axis=1))))
        self.prototypicality = -np.sort(cdist(self.train, real), axis=1)[:, 4]
        self.first = away.min(axis=1)
        self.limit = copied.neutral_limit(self.first, away.argmin(axis=1), self.isolation)

    def samples(self, weights, noise, share=0.6):
        """Copies with so much noise, of images by these weights, and new images."""
        number = int(share * SAMPLES)
        chosen = self.rng.choice(TRAIN, number, p=weights / weights.sum())
        copies = self.train[chosen] + noise * self.rng.normal(size=(number, VALUES)) / np.sqrt(VALUES)
        return np.concatenate([copies, draws(self.rng, SAMPLES - number)])

    def counts(self, samples, counted):
        """Copies of each image. counted: of d1, d2 and the limit, which samples count."""
        away = cdist(samples, self.train)
        distinct = np.where(self.cluster[None] == self.cluster[away.argmin(axis=1)][:, None], np.inf, away)
        first = away.argmin(axis=1)
        return np.bincount(first[counted(away.min(axis=1), distinct.min(axis=1), self.limit)], minlength=TRAIN).astype(float)


def neutral(first, second, limit):
    return first < limit


def by_gap(first, second, limit):
    return first < second / 3


def orders(weights_of, runs, counted=neutral, noise=0.3, share=0.6):
    """The order by isolation, and by prototypicality, of each of several campaigns."""
    found = []
    for seed in range(runs):
        simulated = Simulated(np.random.default_rng(seed))
        weights = weights_of(simulated)
        counts = simulated.counts(simulated.samples(weights, noise, share), counted)
        found.append([copied.order(counts, simulated.cluster, side) for side in (simulated.isolation, simulated.prototypicality)])
    return found


def uniform(simulated):
    return np.ones(TRAIN)


def unequal(simulated):
    """Some images are copied far more often than others, whatever they are; duplicates alike."""
    return simulated.rng.exponential(size=TRAIN)[simulated.cluster] ** 2


def outliers(simulated):
    return np.exp(2 * np.argsort(np.argsort(simulated.isolation)) / TRAIN)


def prototypes(simulated):
    return 1 / outliers(simulated)


@pytest.mark.parametrize("weights", [uniform, unequal])
@pytest.mark.parametrize("noise", [0.05, 0.6])
def test_a_generator_that_favours_nothing_is_found_to_favour_something_at_the_nominal_rate(weights, noise):
    """Of 300 campaigns 5 % are 15, with a standard deviation of 3.8."""
    p = np.array([[side.p for side in found] for found in orders(weights, 300, noise=noise)])
    assert ((p < 0.05).sum(axis=0) <= 26).all(), (p < 0.05).mean(axis=0)
    assert ((p < 0.01).sum(axis=0) <= 9).all(), (p < 0.01).mean(axis=0)


def test_the_gap_ratio_would_find_isolated_images_first_where_copies_favour_nothing():
    """With noise that brings copies of prototypes nearer to the next image, of isolated ones not; this is why it is not asked."""
    shares = [
        np.mean([found[0].p < 0.05 and found[0].correlation > 0 for found in orders(uniform, 60, counted, noise=1.0)])
        for counted in (by_gap, neutral)
    ]
    assert shares[0] > 0.9
    assert shares[1] < 0.15


@pytest.mark.parametrize(("weights", "sign"), [(outliers, 1), (prototypes, -1)])
def test_a_generator_that_copies_outliers_or_prototypes_first_is_found(weights, sign):
    found = orders(weights, 60)
    assert np.mean([isolated.p < 0.05 and sign * isolated.correlation > 0 for isolated, _ in found]) > 0.9
    assert np.mean([typical.p < 0.05 and sign * typical.correlation < 0 for _, typical in found]) > 0.9


def test_a_generator_that_copies_nothing_has_too_few_copies_to_say_anything():
    for seed in range(60):
        simulated = Simulated(np.random.default_rng(seed))
        for share, said in ((0.0, False), (0.6, True)):
            counts = simulated.counts(simulated.samples(uniform(simulated), 0.3, share), neutral)
            assert copied.are_enough(int(counts.sum()), SAMPLES, simulated.first, simulated.limit) == said


def test_an_image_that_stands_twice_is_compared_with_others_that_do():
    """The two that stand twice have all copies, and differ in isolation alone: these two alone can say anything."""
    cluster, isolation = np.array([0, 0, 1, 1, 2, 3]), np.array([1.0, 1.0, 2.0, 2.0, 9.0, 8.0])
    found = copied.order(np.array([3.0, 0.0, 4.0, 0.0, 0.0, 0.0]), cluster, isolation)
    assert (found.correlation, found.images, found.copied) == (pytest.approx(1 / np.sqrt(2)), 4, 2)
