"""How much memory and processor time each job needs: counted operations over the rates of a machine.

A scheduler such as Slurm is asked for more than that, and for twice, then three times as much where a job did not finish. Nothing
that takes long to import, such as torch, is imported here.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from creativity import store
from creativity.campaign.layout import runs
from creativity.campaign.sections import Campaign
from creativity.families.base import Brought
from creativity.families.control import CONTROLS
from creativity.fields import ImpossibleError
from creativity.running.demand import comparisons, denoisers, judges, tables
from creativity.running.demand.asked import BLOCK, Asked, Cost, Demand, descents, small, without_torch
from creativity.running.demand.rates import Machine, Rates, machine, measured_rates
from creativity.running.job import of_one_run

__all__ = ["RULES", "Asked", "Cost", "Demand", "Estimates", "Machine", "Rates", "check", "machine", "measured_rates"]

RULES: dict[str, Callable[[Asked], Demand]] = {
    "resolve": small,
    "settings": small,
    "reference": tables.cutting,
    "subset": tables.cutting,
    "fit_spaces": comparisons.fitting_spaces,
    "subset_neighbours": comparisons.subset_neighbours,
    "probe": denoisers.probing,
    "train": denoisers.training,
    "train_together": denoisers.training_together,
    "calibrate": denoisers.calibrating,
    "sample": denoisers.sampling,
    "control": tables.controlling,
    "converge": denoisers.converging,
    "external": tables.bringing,
    "neighbours": comparisons.finding_neighbours,
    "critic": judges.critic_training,
    "train_judge": judges.judge_training,
    "judge": judges.judging,
    "features": judges.extracting,
    "measure": comparisons.measuring,
    "disguised": tables.disguising,
    "unmask": comparisons.unmasking,
    "disguises": tables.gathering,
    "copied": tables.attributing,
    "law": comparisons.lawful,
    "explain": denoisers.explaining,
    "judges": tables.gathering,
    "summarise": tables.gathering,
    "phase": tables.gathering,
    "times": tables.gathering,
    "check": small,
    "explain_seeds": denoisers.explaining_seeds,
    "explained": tables.gathering,
    "pairs": tables.pairing,
    "claims": tables.gathering,
    "plot": tables.drawing_a_subset,
    "plot_phase": tables.drawing,
    "plot_times": tables.drawing,
    "plot_claims": tables.drawing,
    "paper": without_torch,
    "report": tables.page,
    "track": tables.tracking,
    "align": tables.gathering,
    "plot_study": tables.gathering,
    "study": tables.gathering,
}


class Estimates:
    """What the jobs of several campaigns need, each worked out once."""

    def __init__(self, campaigns: Mapping[str, Campaign], machine: Machine) -> None:
        self.campaigns, self.machine = campaigns, machine
        self.runs = {name: runs(campaign) for name, campaign in campaigns.items()}
        self.first = {name: {(run.n, run.denoiser): run for run in reversed(named)} for name, named in self.runs.items()}
        self.known: dict[tuple[str, str, int, str, int, int], Demand] = {}
        self.costs: dict[str, dict[str, Cost]] = {name: {} for name in campaigns}
        self.brought = {
            name: [denoiser for denoiser, family in campaign.denoisers.items() if isinstance(family, Brought)]
            for name, campaign in campaigns.items()
        }

    def asked(self, name: str, n: int, denoiser: str, served: int = 1) -> Asked:
        """n, denoiser: 0 and "" where a job is not of one run."""
        run = self.first[name].get((n, denoiser), self.runs[name][0])
        return Asked(self.campaigns[name], run, len(self.runs[name]), self.machine, self.measured(name), served)

    def measured(self, name: str) -> Mapping[str, Cost]:
        """What the jobs `probe` of a campaign have measured so far, by denoiser."""
        costs = self.costs[name]
        for denoiser in self.brought[name]:
            path = Path(f"results/{name}/costs/{denoiser}.parquet")
            if denoiser not in costs and path.exists():
                costs[denoiser] = Cost(**store.read(path).to_pylist()[0])
        return costs

    def of(self, rule: str, wildcards: Mapping[str, str]) -> Demand:
        """What the job of a rule with these wildcards needs; where they name several runs, for one after the other."""
        rule = rule if rule in RULES else of_one_run(rule)
        name, size, denoiser, served = place = self.place(rule, wildcards)
        key = (rule, name, size, denoiser, len(self.measured(name)), served)
        if key not in self.known:
            demand = RULES[rule](self.asked(*place))
            self.known[key] = demand.in_turn(served)
        return self.known[key]

    def place(self, rule: str, wildcards: Mapping[str, str]) -> tuple[str, int, str, int]:
        """The campaign of a job of a rule, its training images, its denoiser ("": none), and the number of runs that it serves."""
        name = wildcards.get("campaign") or next(iter(self.campaigns))
        size, denoiser = size_of(wildcards) or max(self.campaigns[name].subsets.sizes), wildcards.get("denoiser", "")
        if "n" in wildcards and rule != "train_together":
            return name, size, denoiser, len(self.campaigns[name].subsets.seeds) * len(self.campaigns[name].seeds)
        if rule in ("neighbours", "judge", "measure") and not denoiser:  # of the controls of a subset
            return name, size, next(iter(CONTROLS)), len(CONTROLS)
        return name, size, denoiser, 1

    def on_gpu(self, wildcards: Mapping[str, str]) -> bool:
        """Whether the jobs of a run ask for a GPU."""
        return self.asked(*self.place("sample", wildcards)).on_gpu

    def judged_on_gpu(self, wildcards: Mapping[str, str]) -> bool:
        """Whether the job that judges samples asks for one."""
        return judges.judged_on_gpu(self.asked(*self.place("judge", wildcards)))


def size_of(wildcards: Mapping[str, str]) -> int:
    """The number of training images that wildcards name; 0 where they name none.

    >>> size_of({"subset": "n100-s0"}), size_of({"n": "20"}), size_of({})
    (100, 20, 0)
    """
    named = wildcards.get("n") or wildcards.get("subset", "n0-").split("-")[0][1:]
    return int(named)


def check(estimates: Estimates) -> None:
    """Raises ImpossibleError where drawing the samples of a closed form is estimated to take longer than sampling.max_hours."""
    for campaign in estimates.campaigns:
        check_campaign(estimates, campaign)


def check_campaign(estimates: Estimates, name_of_campaign: str) -> None:
    campaign = estimates.campaigns[name_of_campaign]
    most = campaign.sampling.max_hours
    for name, family in campaign.denoisers.items():
        asked = estimates.asked(name_of_campaign, max(campaign.subsets.sizes), name)
        hours = descents(asked, asked.rates) / 3600 if family.kind == "closed form" else 0
        if hours > most:
            place, power = ("a GPU" if asked.on_gpu else "one core"), 4 if family.family == "equivariant-local" else 2
            raise ImpossibleError(
                f"denoisers.{name}",
                f"about {hours:.0f} hours of {place} for {campaign.sampling.count} samples",
                f"at most sampling.max_hours = {most:g}; the hours are in proportion to the largest of subsets.sizes,"
                f" to sampling.count (in steps of {BLOCK}) and to sampling.steps, and to dataset.size to the power of {power}",
            )
