"""What jobs ask for: estimates beside what real jobs used, and beside operations that are counted by hand.

Of all rules: denoisers, comparisons, judges and tables; by the rates of a machine.
"""

import re
from dataclasses import replace
from typing import get_args

import pytest
from checkout import ROOT, TINY

from creativity.campaign.layout import runs
from creativity.campaign.sections import Extractor
from creativity.campaign.validation import read, resolve
from creativity.families.control import CONTROLS
from creativity.fields import ImpossibleError
from creativity.measures import disguises, generalisation
from creativity.neighbours.spaces import aligned
from creativity.running import demand
from creativity.running.demand import Demand, Estimates, Machine, Rates, comparisons, judges
from creativity.running.demand.asked import CALL_SECONDS
from creativity.running.job import of_one_run
from creativity.training import judge

FACES = resolve(read(ROOT / "config/config.yaml"), "config.yaml")
CELEBA = resolve(read(ROOT / "config/celeba.yaml"), "celeba.yaml")
DEFAULT = Machine()
USED = {  # processor seconds and megabytes of jobs of config/config.yaml, on one of two busy cores with AVX-512
    ("train", "unet-pool1"): (76.5, 1000),
    ("train", "unet-pool3"): (112, 1102),
    ("train", "unet-pool3-49k"): (53.2, 1031),
    ("train", "mlp-32"): (7.1, 870),
    ("sample", "bayes"): (5.3, 739),
    ("sample", "local-7"): (5.3, 740),
    ("sample", "polynomial-3"): (5.3, 748),
    ("sample", "unet-pool0-49k"): (6.5, 759),
    ("train_judge", ""): (75.1, 999),
    ("judge", "unet-pool3"): (6.5, 767),
    ("neighbours", "unet-pool3"): (1.8, 197),
    ("measure", "unet-pool3"): (3.6, 247),
    ("subset_neighbours", ""): (3.3, 239),
    ("unmask", ""): (3.6, 249),
    ("critic", ""): (13.7, 923),
    ("plot", ""): (24.7, 558),
    ("reference", ""): (1.6, 153),
    ("subset", ""): (1.7, 173),
    ("resolve", ""): (0.35, 83),
}


def estimate(campaign, rule, denoiser="", machine=DEFAULT):
    n = max(campaign.subsets.sizes)
    wildcards = {"campaign": campaign.campaign, "subset": f"n{n}-s0", "denoiser": denoiser}
    return Estimates({campaign.campaign: campaign}, machine).of(rule, {k: v for k, v in wildcards.items() if v})


def changed(campaign, section, **keys):
    return replace(campaign, **{section: replace(getattr(campaign, section), **keys)})


@pytest.mark.parametrize(("rule", "denoiser"), USED)
def test_estimates_are_within_three_times_the_seconds_and_twice_the_memory_of_real_jobs(rule, denoiser):
    seconds, megabytes = USED[rule, denoiser]
    estimated = estimate(FACES, rule, denoiser)
    assert seconds / 3 < estimated.seconds < 3 * seconds
    assert megabytes / 2 < estimated.megabytes < 2 * megabytes
    assert estimated.mem_mb > megabytes  # asked for
    assert estimated.minutes * 60 > seconds


def test_runs_that_follow_one_another_in_a_job_take_their_time_and_the_memory_of_one():
    several = replace(changed(FACES, "subsets", seeds=(0, 1)), seeds=(0, 1, 2))
    estimates = Estimates({"faces": several}, DEFAULT)
    run = {"campaign": "faces", "denoiser": "unet-pool1"}
    one = estimates.of("sample", run | {"subset": "n100-s0", "seed": "1"})
    for rule in ("sample", "sample_together"):  # as a rule's resources ask, and as the plan does
        assert estimates.of(rule, run | {"n": "100"}) == one._replace(seconds=one.start + 6 * (one.seconds - one.start))
    controls = estimates.of("measure_controls", {"campaign": "faces", "subset": "n100-s0"})
    copier = estimates.of("measure", {"campaign": "faces", "subset": "n100-s0", "denoiser": "copier", "seed": "0"})
    assert controls == copier._replace(seconds=copier.start + len(CONTROLS) * (copier.seconds - copier.start))
    trained = estimates.of("train", run | {"subset": "n100-s0", "seed": "1"})
    assert estimates.of("train_together", run | {"n": "100"}).seconds == pytest.approx(6 * trained.seconds)


def test_every_rule_has_an_estimate():
    text = "\n".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    rules = set(re.findall(r"use rule \w+ as (\w+) with", text))
    rules -= {name for name in rules if name != "train_together" and of_one_run(name) != name}
    assert rules == set(demand.RULES)
    for name in ("memory", "runtime"):
        assert set(re.findall(rf'{name}\("(\w+)"\)', text)) == rules


def test_seconds_are_counted_operations_over_rates():
    """bayes, 20 images of 64 values: 40 samples are 2 blocks of 32, 6 Heun steps 12 calls; each compares with all 20 images."""
    machine = Machine(Rates(network=1, product=1e6, weight=1e5, start=2))
    campaign = replace(resolve(TINY, "tiny"), subsets=replace(resolve(TINY, "tiny").subsets, sizes=(20,)))
    one = 32 * (2 * 20 * 64 / 1e6 + 20 / 1e5) + CALL_SECONDS
    assert estimate(campaign, "sample", "bayes", machine).seconds == pytest.approx(2 + 2 * 12 * one)
    euler = changed(campaign, "sampling", sampler="euler")
    assert estimate(euler, "sample", "bayes", machine).seconds == pytest.approx(2 + 12 * one)


def test_what_is_asked_for_leaves_room_and_ends_with_a_day():
    assert Demand(600, 400).minutes == 5 + 2 * 10
    assert Demand(600, 400).mem_mb == 600
    assert Demand(1e9, 0).minutes == 24 * 60


def test_more_work_asks_for_more():
    base = estimate(FACES, "train", "unet-pool3")
    assert estimate(changed(FACES, "training", steps=20_000), "train", "unet-pool3").seconds > 8 * base.seconds
    assert estimate(changed(FACES, "training", device="auto"), "train", "unet-pool3").seconds < base.seconds
    large = changed(FACES, "dataset", size=64)
    assert estimate(large, "train", "unet-pool3").megabytes > 1.5 * base.megabytes
    assert estimate(large, "train", "unet-pool3").seconds > 8 * base.seconds
    for rule in ("judge", "neighbours", "measure", "converge", "explain", "law"):
        assert estimate(large, rule, "linear").seconds > estimate(FACES, rule, "linear").seconds
    many = changed(FACES, "subsets", seeds=tuple(range(50)))
    for rule in ("summarise", "pairs", "report", "track"):
        assert estimate(many, rule).seconds > estimate(FACES, rule).seconds


def test_a_campaign_of_the_papers_size_asks_for_tens_of_gpu_hours_and_no_job_for_a_day():
    estimates = Estimates({"celeba": CELEBA}, Machine())
    trained = [run for run in runs(CELEBA) if run.kind == "trained"]
    asked = [estimates.of("train", {"campaign": "celeba", "subset": run.subset, "denoiser": run.denoiser}) for run in trained]
    assert 10 < sum(job.seconds for job in asked) / 3600 < 40
    assert max(job.minutes for job in asked) < 6 * 60


def test_rates_are_those_that_were_measured(tmp_path):
    path = tmp_path / "rates.json"
    path.write_text('{"network": 1e9, "product": 2e9, "weight": 3e7, "start": 4}')
    assert demand.measured_rates(path) == Rates(1e9, 2e9, 3e7, 4)


@pytest.fixture
def equivariant():
    """The paper's size: 1000 images of 64 x 64 in colour."""
    campaign = changed(changed(CELEBA, "training", device="cpu"), "sampling", count=100, steps=20)
    denoisers = {"els": {"family": "equivariant-local", "patch": 7}, "local": {"family": "local", "patch": 7}}
    return replace(campaign, denoisers=resolve(TINY | {"denoisers": denoisers}, "els").denoisers)


def test_as_many_images_are_disguised_as_the_estimate_says():
    assert comparisons.DISGUISED == disguises.MOST
    assert comparisons.COMPARED_IN_ALL_VIEWS == aligned.ALL
    assert comparisons.LIKELIHOOD_IMAGES == generalisation.LARGEST
    assert comparisons.LIKELIHOOD_STEPS == generalisation.STEPS


def test_the_judge_denoises_as_many_copies_as_the_estimate_says():
    for side in (4, 8, 16, 18, 20, 22, 24, 28, 64):
        assert judges.judged_copies(side) == len(judge.LEVELS) * judge.noises(side)


def test_the_cost_of_every_extractor_is_known():
    assert set(judges.EXTRACTORS) == set(get_args(Extractor))


def test_what_would_take_days_is_refused_with_its_cost_and_what_makes_it_affordable(equivariant):
    def check(campaign):
        demand.check(Estimates({campaign.campaign: campaign}, Machine()))

    with pytest.raises(ImpossibleError) as refused:
        check(equivariant)
    said = str(refused.value)
    assert re.fullmatch(r"denoisers\.els: found 'about \d+ hours of one core for 100 samples'; allowed: at most .*", said)
    assert all(key in said for key in ("sampling.max_hours = 24", "subsets.sizes", "sampling.count", "dataset.size"))
    check(changed(equivariant, "sampling", max_hours=1000.0))
    check(changed(equivariant, "dataset", size=16))
    check(changed(equivariant, "training", device="auto"))  # a GPU takes less


def test_closed_forms_that_take_a_core_hours_ask_for_a_gpu_where_the_campaign_has_one(equivariant):
    on_gpu = changed(equivariant, "training", device="auto")
    for campaign, expected in ((equivariant, set()), (on_gpu, {"els"})):
        estimates = Estimates({"celeba": campaign}, Machine())
        named = {name: {"campaign": "celeba", "subset": "n1000-s0", "denoiser": name} for name in ("els", "local")}
        wanting = {name for name, wildcards in named.items() if estimates.on_gpu(wildcards)}
        assert wanting == expected


def test_samples_are_judged_where_they_are_drawn_or_on_a_gpu_where_a_core_takes_hours(equivariant):
    """So are networks and closed forms that take hours; the controls of a subset are judged by one job."""

    def wanting(campaign):
        estimates = Estimates({"celeba": campaign}, Machine())
        named = [{"denoiser": name} for name in campaign.denoisers] + [{}]
        return {
            place.get("denoiser", "controls")
            for place in named
            if estimates.judged_on_gpu({"campaign": "celeba", "subset": "n1000-s0", **place})
        }

    with_a_network = replace(equivariant, denoisers={**equivariant.denoisers, "unet": CELEBA.denoisers["unet-pool3"]})
    assert wanting(with_a_network) == set()
    on_gpu = changed(with_a_network, "training", device="auto")
    assert wanting(on_gpu) == {"els", "unet"}
    wider = changed(on_gpu, "judge", width=4 * on_gpu.judge.width)  # 16 times the operations
    assert 3600 / len(CONTROLS) < estimate(changed(wider, "training", device="cpu"), "judge", "local").seconds < 3600
    assert wanting(wider) == {"els", "unet", "controls"}
    assert wanting(changed(wider, "judge", width=16 * on_gpu.judge.width)) == {"els", "unet", "local", "controls"}
