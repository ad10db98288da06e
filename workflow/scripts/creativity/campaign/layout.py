"""Which runs a campaign has and where their files lie: results/<campaign>/runs/<subset>/<denoiser>/seed<k>/."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from creativity import families
from creativity.campaign.sections import Campaign
from creativity.families.control import CONTROLS

FIGURES = (
    "gallery",
    "nearest_distances",
    "copy_or_create",
    "architecture",
    "along_training",
    "loss_by_sigma",
    "law_beside_samples",
    "explained_by",
    "receptive_field_by_sigma",
)
SAMPLERS_WITH_LAWS = ("dpmpp-2m", "euler", "heun")  # those whose step the laws take a second time, by code of their own
MISSING = "missing"  # the status of a run that is not there or not up to date


class Run(NamedTuple):
    """One denoiser, or control, on one subset with one training seed."""

    subset: str
    n: int
    denoiser: str
    family: str
    kind: str
    seed: int
    config: dict[str, Any]
    follows: str | None  # the trained denoiser that an option names, by which a closed form is calibrated

    @property
    def identity(self) -> tuple[str, int, str, str, str, int]:
        """The values of the columns store.RUN."""
        return (self.subset, self.n, self.denoiser, self.family, self.kind, self.seed)

    @property
    def denoises(self) -> bool:
        """Whether a denoiser drew the samples, from the noise that all share, and not a control or another model."""
        return self.kind in ("trained", "closed form")

    @property
    def key(self) -> str:
        return f"{self.subset}/{self.denoiser}/seed{self.seed}"

    def file(self, root: Path, name: str) -> Path:
        return root / f"runs/{self.key}/{name}"  # one step, as a large campaign asks for 100,000 of them


def subset_name(size: int, seed: int) -> str:
    return f"n{size}-s{seed}"


def subset_names(campaign: Campaign) -> list[str]:
    return [subset_name(size, seed) for size in campaign.subsets.sizes for seed in campaign.subsets.seeds]


def figure_names(campaign: Campaign, subsets: Iterable[str] | None = None) -> list[str]:
    """The figures of each subset, or of these, and those across subsets where there are several sizes."""
    chosen = subset_names(campaign) if subsets is None else subsets
    names = [f"{figure}-{subset}" for figure in FIGURES for subset in chosen]
    return names + (["phase"] if len(campaign.subsets.sizes) > 1 else [])


def runs(campaign: Campaign) -> list[Run]:
    """All runs, controls among them. Closed forms and controls have seed 0 only."""
    planned: list[Run] = []
    for size in campaign.subsets.sizes:
        for subset_seed in campaign.subsets.seeds:
            subset = subset_name(size, subset_seed)
            for name, family in {**campaign.denoisers, **CONTROLS}.items():
                config = json.loads(json.dumps(families.options(family)))
                seeds = campaign.seeds if family.kind == "trained" else (0,)
                planned += [Run(subset, size, name, family.family, family.kind, seed, config, family.refers_to()) for seed in seeds]
    return planned


def laws_of(campaign: Campaign, run: Run) -> tuple[str, ...]:
    """The laws that a run's samples are held against: those of its family that know the campaign's sampler."""
    family = {**campaign.denoisers, **CONTROLS}[run.denoiser]
    return family.laws() if campaign.sampling.sampler in SAMPLERS_WITH_LAWS else ()


def keys_in(missing: Path | str | None = None) -> set[str]:
    """The runs without which summaries are drawn up; none where no file names them."""
    return set(json.loads(Path(missing).read_text(encoding="utf-8"))) if missing else set()
