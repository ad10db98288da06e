"""What jobs ask of a scheduler grows with what they do, and covers what a real run used."""

from dataclasses import replace

import pytest
from checkout import ROOT, TINY

from creativity.campaign.layout import runs
from creativity.campaign.validation import read, resolve
from creativity.running import demand

FACES = resolve(read(ROOT / "config/config.yaml"), "config.yaml")
USED = {  # peak memory in MB and minutes of the default campaign, 16 x 16, on one loaded core: the largest seen of each network
    "unet-pool3-w4": (919, 1.42),
    "unet-pool2": (921, 5.68),
    "mlp-512": (833, 3.87),
    "cnn": (972, 5.0),
}


def named(campaign, name):
    return next(run for run in runs(campaign) if run.denoiser == name)


@pytest.mark.parametrize("name", USED)
def test_a_real_run_used_less_than_it_asked_for(name):
    asked = demand.of_training(FACES, named(FACES, name))
    memory, minutes = USED[name]
    assert asked.mem_mb > 2 * memory
    assert 2 * minutes < asked.minutes < 100 * minutes


def test_more_work_asks_for_more():
    run = named(FACES, "unet-pool3")
    base = demand.of_training(FACES, run)
    assert demand.of_training(replace(FACES, training=replace(FACES.training, steps=20_000)), run).minutes > 5 * base.minutes
    large = replace(FACES, dataset=replace(FACES.dataset, size=64))
    assert demand.of_training(large, run).mem_mb > base.mem_mb
    assert demand.of_training(large, run).minutes > 5 * base.minutes
    on_gpu = replace(FACES, training=replace(FACES.training, device="auto"))
    assert demand.of_training(on_gpu, run).minutes < base.minutes
    more = replace(FACES, sampling=replace(FACES.sampling, steps=4000))
    assert demand.of_sampling(more, run).minutes > 5 * demand.of_sampling(FACES, run).minutes
    many = replace(FACES, subsets=replace(FACES.subsets, reference=20_000))
    assert demand.of_comparing(many, run).mem_mb > demand.of_comparing(FACES, run).mem_mb
    assert demand.of_gathering(FACES, 2000).mem_mb > demand.of_gathering(FACES, 20).mem_mb


def test_nothing_asks_for_longer_than_a_day():
    large = resolve(read(ROOT / "config/celeba.yaml"), "celeba.yaml")
    for run in runs(large):
        if run.kind == "trained":
            assert demand.of_training(large, run).minutes <= 24 * 60


def test_every_run_of_a_campaign_has_an_estimate():
    campaign = resolve(TINY, "tiny")
    for run in runs(campaign):
        estimates = [demand.of_comparing(campaign, run)]
        if run.kind in ("trained", "closed form"):
            estimates.append(demand.of_sampling(campaign, run))
        assert all(each.mem_mb > 1000 and each.minutes >= 10 for each in estimates)
