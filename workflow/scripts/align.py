"""Sets a study's denoisers against its targets: whose samples are like fresh draws of the target, and new?"""

from pathlib import Path

import pandas as pd

from creativity import job, store
from creativity.config import Campaign
from creativity.layout import runs, subset_names
from creativity.measures.alignment import ALIGNMENT, aligned, fresh, metrics
from creativity.measures.tables import FEWEST
from creativity.types import Pictures
from creativity.validate import read, resolve


def main() -> None:
    parser = job.parser(__doc__)
    parser.add_argument("--configs", type=Path, nargs="+", required=True, help="the resolved configurations of its campaigns")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    roots = [path.parent for path in args.configs]
    rows = []
    for root in roots:
        campaign = resolve(read(root / "settings.yaml"), str(root / "settings.yaml"))
        for subset in subset_names(campaign):
            rows += target_rows(root, campaign, subset, root.name.removeprefix(f"{args.campaign}-"))
    store.write(args.out, ALIGNMENT, rows, job.stamp(args, [root / "measures.parquet" for root in roots]))


def target_rows(root: Path, campaign: Campaign, subset: str, target: str) -> list[tuple]:
    """One row a run and metric of one target and subset: the ratio, and the memorised share beside that of fresh draws."""
    reference = store.units(root / "reference.parquet")
    heldout = store.units(root / "subsets" / subset / "heldout.parquet")[: campaign.sampling.count]
    known = {name: fresh(metric, heldout, reference) for name, metric in metrics(reference).items()}
    measures = store.read(root / "measures.parquet").to_pandas()
    shares = measures.query("subset == @subset and measure == 'memorised' and space == 'pixel'").set_index(["denoiser", "seed"])
    rows = []
    for run in runs(campaign):
        if run.subset != subset or len(samples := finite_samples(run.file(root, "samples.parquet"))) < FEWEST:
            continue
        mine, real, new = novelty(shares.loc[run.denoiser, run.seed], shares.loc["held-out", 0], campaign.dataset.repeats)
        for name, draws in known.items():
            value, low, high, count = aligned(samples, draws)
            told = (value, low, high, draws.low, draws.high, mine, real, count, value <= draws.high, new)
            rows.append((target, campaign.dataset.repeats, *run[:6], name, *told))
    return rows


def finite_samples(path: Path) -> Pictures:
    table = store.read(path)
    return store.images(table)[table["finite"].to_numpy()]


def novelty(mine: pd.Series, heldout: pd.Series, repeats: bool) -> tuple[float, float, bool]:
    """Memorised share, that of fresh draws, and whether it is no larger: their intervals overlap, or images repeat anyway."""
    return float(mine["value"]), float(heldout["value"]), repeats or bool(mine["low"] <= heldout["high"])


if __name__ == "__main__":
    job.run(main)
