"""Sets a study's denoisers against its targets: whose samples are like fresh draws of the target, and new?"""

from pathlib import Path

from creativity import job, store
from creativity.config import Campaign
from creativity.layout import runs, subset_names
from creativity.measures.alignment import ALIGNMENT, aligned, fresh, metrics
from creativity.measures.tables import FEWEST
from creativity.types import Interval, Pictures
from creativity.validate import read, resolve


def main() -> None:
    parser = job.parser(__doc__)
    parser.add_argument("--configs", type=Path, nargs="+", required=True, help="the resolved configurations of its campaigns")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    roots = [path.parent for path in args.configs]
    rows, used = [], []
    for root in roots:
        campaign = resolve(read(root / "settings.yaml"), str(root / "settings.yaml"))
        for subset in subset_names(campaign):
            rows += target_rows(root, campaign, subset, root.name.removeprefix(f"{args.campaign}-"))
        used += [root / "reference.parquet", *(run.file(root, "measures.parquet") for run in runs(campaign))]
    store.write(args.out, ALIGNMENT, rows, job.stamp(args, used))


def target_rows(root: Path, campaign: Campaign, subset: str, target: str) -> list[tuple]:
    """One row a run and metric of one target and subset: the ratio, and the memorised share beside that of fresh draws."""
    reference = store.units(root / "reference.parquet")
    heldout = store.units(root / "subsets" / subset / "heldout.parquet")[: campaign.sampling.count]
    known = {name: fresh(metric, heldout, reference) for name, metric in metrics(reference).items()}
    every = [run for run in runs(campaign) if run.subset == subset]
    fresh_share = memorised(next(run for run in every if run.denoiser == "held-out").file(root, "measures.parquet"))
    rows = []
    for run in every:
        samples = finite_samples(run.file(root, "samples.parquet"))
        if len(samples) < FEWEST:
            continue
        share = memorised(run.file(root, "measures.parquet"))
        new = campaign.dataset.repeats or share.low <= fresh_share.high  # where images repeat, so may fresh ones
        for name, draws in known.items():
            value, low, high, count = aligned(samples, draws)
            told = (value, low, high, draws.low, draws.high, share.value, fresh_share.value, count, value <= draws.high, new)
            rows.append((target, campaign.dataset.repeats, *run[:6], name, *told))
    return rows


def finite_samples(path: Path) -> Pictures:
    table = store.read(path)
    return store.images(table)[table["finite"].to_numpy()]


def memorised(path: Path) -> Interval:
    """The memorised share among a run's measures."""
    rows = store.read(path).to_pylist()
    row = next(row for row in rows if (row["measure"], row["space"]) == ("memorised", "pixel"))
    return Interval(row["value"], row["low"], row["high"], row["count"])


if __name__ == "__main__":
    job.run(main)
