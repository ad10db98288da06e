"""Sets a study's denoisers against its targets: whose samples are like fresh draws of the target, and new?"""

from pathlib import Path

from creativity import store
from creativity.campaign.layout import runs, subset_names
from creativity.campaign.sections import Campaign
from creativity.campaign.validation import load
from creativity.measures.alignment import ALIGNMENT, aligned, fresh, metrics
from creativity.measures.tables import FEWEST
from creativity.running.job import Job
from creativity.types import Interval


def align(job: Job, *, configs: list[Path], alignment: Path) -> None:
    """configs: of the campaigns of the study, beside whose results they lie."""
    rows, used = [], []
    for root in (config.parent for config in configs):
        campaign = load(root / "settings.yaml")
        for subset in subset_names(campaign):
            rows += target_rows(root, campaign, subset, root.name.removeprefix(f"{job.campaign}-"))
        used += [root / "reference.parquet", *(run.file(root, "measures.parquet") for run in runs(campaign))]
    store.write(alignment, ALIGNMENT, rows, job.stamp(used))


def target_rows(root: Path, campaign: Campaign, subset: str, target: str) -> list[tuple]:
    """One row a run and metric of one target and subset: the ratio, and the memorised share beside that of fresh draws."""
    reference = store.units(root / "reference.parquet")
    heldout = store.units(root / "subsets" / subset / "heldout.parquet")[: campaign.sampling.count]
    known = {name: fresh(metric, heldout, reference) for name, metric in metrics(reference).items()}
    compared = [run for run in runs(campaign) if run.subset == subset]
    fresh_share = memorised(next(run for run in compared if run.denoiser == "held-out").file(root, "measures.parquet"))
    rows = []
    for run in compared:
        samples = store.finite_samples(run.file(root, "samples.parquet"))
        if len(samples) < FEWEST:
            continue
        share = memorised(run.file(root, "measures.parquet"))
        new = campaign.dataset.repeats or share.low <= fresh_share.high  # where images repeat, so may fresh ones
        for name, draws in known.items():
            value, low, high, count = aligned(samples, draws)
            told = (value, low, high, draws.low, draws.high, share.value, fresh_share.value, count, value <= draws.high, new)
            rows.append((target, campaign.dataset.repeats, *run.identity, name, *told))
    return rows


def memorised(path: Path) -> Interval:
    """The memorised share among a run's measures."""
    rows = store.read(path).to_pylist()
    row = next(row for row in rows if (row["measure"], row["space"]) == ("memorised", "pixel"))
    return Interval(row["value"], row["low"], row["high"], row["count"])
