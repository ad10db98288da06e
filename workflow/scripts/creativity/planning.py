"""What is known before the first job: the campaigns of the files that a run of the workflow was given, checked as a whole."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from creativity.campaign.layout import Run
from creativity.campaign.sections import Campaign
from creativity.campaign.validation import read, resolve_all
from creativity.data import Planned, planned
from creativity.errors import UserError
from creativity.fields import ImpossibleError
from creativity.measures.classes import FEWEST_NEW
from creativity.running.demand import Estimates, Machine, check

MANY = 2000  # trained runs, beyond which planning takes more than half a gigabyte


class Planning(NamedTuple):
    """planned: what is known of each campaign. estimates: what their jobs need. fingerprints: {campaign: {denoiser: a hash of the
    files that its options name, or None}}."""

    planned: dict[str, Planned]
    estimates: Estimates
    fingerprints: dict[str, dict[str, str | None]]


def plan(config: dict[str, Any], files: Sequence[Path], machine: Machine) -> Planning:
    """Reads, completes and checks all campaigns of a configuration that Snakemake merged from `files`.

    Raises UserError for every mistake that can be known now: a sentence each, which begins with the file's name.
    """
    source = ", ".join(map(str, files))
    try:
        for path in files:
            read(path)
        known = {name: planned(campaign, source) for name, campaign in resolve_all(config, source).items()}
        estimates = Estimates({name: each.campaign for name, each in known.items()}, machine)
        check(estimates)
        hashes = {name: fingerprints(each) for name, each in known.items()}
        noted = {
            name: each._replace(notes=[*each.notes, *remarks(each.campaign), *advice(each.campaign, estimates.runs[name])])
            for name, each in known.items()
        }
        return Planning(noted, estimates, hashes)
    except ImpossibleError as error:
        raise UserError(f"{source}: {error}.") from error


def fingerprints(known: Planned) -> dict[str, str | None]:
    """Hashes of the files that the options of a campaign's denoisers name."""
    shape, denoisers = known.campaign.dataset.shape, known.campaign.denoisers
    return {name: family.fingerprint(f"denoisers.{name}", shape) for name, family in denoisers.items()}


def remarks(campaign: Campaign) -> list[str]:
    """What a user should know of how much so few images can say, a sentence each."""
    return [
        f"{key}: {number} images; beside fewer than {FEWEST_NEW} only what nobody can tell from a training image is called a copy, "
        "and nothing a collage."
        for key, number in campaign.subsets.new.items()
        if number < FEWEST_NEW
    ]


def advice(campaign: Campaign, runs: Sequence[Run]) -> list[str]:
    """How so many runs are planned with less."""
    trained = sum(run.kind == "trained" for run in runs)
    in_a_job = len(campaign.subsets.seeds) * len(campaign.seeds)
    if campaign.training.together or trained <= MANY or in_a_job == 1:
        return []
    return [
        f"training.together: found false, with {trained:,} trained runs; true plans {in_a_job} of them in one job of each rule, in"
        " less time and memory."
    ]
