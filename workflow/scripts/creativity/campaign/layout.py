"""Which runs a campaign has, and where their files lie: results/<campaign>/runs/<subset>/<denoiser>/seed<k>/.

A campaign compares denoisers, the networks or formulas of a diffusion model, on sets of training images. A run is one denoiser on
one such set (a subset) with one seed of training.
"""

import json
from collections import Counter
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from creativity import families
from creativity.campaign.sections import Campaign
from creativity.families.base import Brought
from creativity.families.control import CONTROLS

FIGURES = (
    "gallery",
    "nearest_distances",
    "copy_or_create",
    "judges",
    "disguises",
    "copied",
    "architecture",
    "along_training",
    "loss_by_sigma",
    "law_beside_samples",
    "explained_by",
    "receptive_field_by_sigma",
)
SAMPLERS_WITH_LAWS = ("dpmpp-2m", "euler", "heun")  # laws/law.py predicts the samples of these, with its own code for their steps
FEWEST_SEEDS = 3  # of training, for a claim about denoisers
MISSING = "missing"  # status of a run whose files do not exist or are not up to date


class Run(NamedTuple):
    """One denoiser, or control, on one subset with one training seed.

    n: the number of training images. config: the options of the denoiser's family. follows: for a closed form, the trained denoiser
    that one of its options names and that it is calibrated to.
    """

    subset: str
    n: int
    denoiser: str
    family: str
    kind: str
    seed: int
    config: dict[str, Any]
    follows: str | None

    @property
    def identity(self) -> tuple[str, int, str, str, str, int]:
        """The values of the columns `store.RUN`, which say in a table which run a row belongs to."""
        return (self.subset, self.n, self.denoiser, self.family, self.kind, self.seed)

    @property
    def denoises(self) -> bool:
        """Whether the samples come from a denoiser and the shared starting noise, rather than from a control or another model."""
        return self.kind != "control" and families.family_class(self.family).denoises

    @property
    def is_network(self) -> bool:
        """Whether it is a network, trained here or elsewhere, which is compared with closed forms."""
        return self.denoises and self.kind in ("trained", "external")

    @property
    def brought(self) -> bool:
        """Whether its denoiser is a user's own, whose cost is measured before it is used."""
        return self.kind != "control" and issubclass(families.family_class(self.family), Brought)

    @property
    def key(self) -> str:
        """The name of the run within its campaign, and the path of its folder in runs/."""
        return f"{self.subset}/{self.denoiser}/seed{self.seed}"

    def file(self, root: Path, name: str) -> Path:
        """A file of the run. root: the campaign's folder, results/<campaign>."""
        return root / f"runs/{self.key}/{name}"  # a single join, since a large campaign asks for 100,000 paths


def subset_name(size: int, seed: int) -> str:
    """The name of a subset: its number of training images, and the seed of their choice.

    >>> subset_name(100, 0)
    'n100-s0'
    """
    return f"n{size}-s{seed}"


def subset_names(campaign: Campaign) -> list[str]:
    """The names of all subsets of a campaign, by size and then by seed."""
    return [subset_name(size, seed) for size in campaign.subsets.sizes for seed in campaign.subsets.seeds]


def figure_names(campaign: Campaign, subsets: Iterable[str] | None = None) -> list[str]:
    """The names of a campaign's figures: those of these subsets, or of all, and those about all subsets together.

    `claims` where trainings are repeated, `phase` where there are several sizes, and `times` where there also are checkpoints
    spaced by the logarithm of the step.
    """
    drawn_subsets = subset_names(campaign) if subsets is None else subsets
    names = [f"{figure}-{subset}" for figure in FIGURES for subset in drawn_subsets]
    trained = [family for family in campaign.denoisers.values() if family.kind == "trained"]
    names += ["claims"] if len(campaign.seeds) >= FEWEST_SEEDS and len(trained) > 1 else []
    if len(campaign.subsets.sizes) == 1:
        return names
    return [*names, "phase", *(["times"] if campaign.training.log_checkpoints else [])]


def runs(campaign: Campaign) -> list[Run]:
    """All runs of a campaign, those of the controls too. What is not trained has seed 0 only."""
    campaign_runs: list[Run] = []
    for size in campaign.subsets.sizes:
        for subset_seed in campaign.subsets.seeds:
            subset = subset_name(size, subset_seed)
            for name, family in {**campaign.denoisers, **CONTROLS}.items():
                options = json.loads(json.dumps(families.options(family)))
                seeds = campaign.seeds if family.kind == "trained" else (0,)
                campaign_runs += [
                    Run(subset, size, name, family.family, family.kind, seed, options, family.refers_to()) for seed in seeds
                ]
    return campaign_runs


def samples_of(campaign: Campaign, denoiser: str) -> int:
    """How many samples of a denoiser or control are looked at: sampling.count, or the number of an external model."""
    own: int | None = getattr(campaign.denoisers.get(denoiser), "count", None)
    return own or campaign.sampling.count


def grouped(campaign_runs: Iterable[Run], *attributes: str) -> dict[Any, list[Run]]:
    """The runs that have each value of an attribute, or each tuple of values of several attributes, in their order."""
    groups: dict[Any, list[Run]] = {}
    values = attrgetter(*attributes)
    for run in campaign_runs:
        groups.setdefault(values(run), []).append(run)
    return groups


def several_seeds(campaign_runs: Iterable[Run]) -> list[Run]:
    """The runs of networks that have another run on the same subset, with another seed of training."""
    trained = [run for run in campaign_runs if run.kind == "trained"]
    counts = Counter((run.subset, run.denoiser) for run in trained)
    return [run for run in trained if counts[run.subset, run.denoiser] > 1]


def judged_along(campaign: Campaign, run: Run) -> bool:
    """Whether the judge is asked at a run's checkpoints, too: of trainings that are followed at many steps."""
    return bool(campaign.training.log_checkpoints) and run.kind == "trained"


def laws_of(campaign: Campaign, run: Run) -> tuple[str, ...]:
    """The laws (predicted distributions) that a run's samples are compared with: those of its family; none for other samplers."""
    family = {**campaign.denoisers, **CONTROLS}[run.denoiser]
    return family.laws() if campaign.sampling.sampler in SAMPLERS_WITH_LAWS else ()


def keys_in(missing: Path | str | None = None) -> set[str]:
    """The keys of the runs that summaries leave out, from the JSON file that lists them; the empty set where there is no file."""
    return set(json.loads(Path(missing).read_text(encoding="utf-8"))) if missing else set()
