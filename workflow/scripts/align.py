"""Sets a study's denoisers against its targets: whose samples are like fresh draws of the target, and new?"""

from pathlib import Path

from creativity import job, store
from creativity.config import Campaign
from creativity.measures.alignment import ALIGNMENT, fresh_distance, fresh_ratios, ratio
from creativity.neighbours import flatten
from creativity.validate import read, resolve


def main() -> None:
    parser = job.parser(__doc__)
    parser.add_argument("--configs", type=Path, nargs="+", required=True, help="the resolved configurations of its campaigns")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    roots = [path.parent for path in args.configs]
    rows = [row for root in roots for row in target_rows(root, resolve(read(root / "config.yaml"), str(root)), args.campaign)]
    store.write(args.out, ALIGNMENT, rows, job.stamp(args, [root / "measures.parquet" for root in roots]))


def target_rows(root: Path, campaign: Campaign, study: str) -> list[tuple]:
    """One row a run of one target: ratio with interval and the range of fresh draws, memorised share beside that of fresh draws."""
    reference = flatten(store.units(root / "reference.parquet"))
    measures = store.read(root / "measures.parquet").to_pandas()
    wide = measures[measures["space"] == "pixel"].set_index(["subset", "denoiser", "seed", "measure"])
    target = root.name.removeprefix(f"{study}-")
    rows = []
    for subset, runs in measures.drop_duplicates(["subset", "denoiser", "seed"]).groupby("subset", sort=False):
        heldout = flatten(store.units(root / "subsets" / str(subset) / "heldout.parquet"))[: campaign.sampling.count]
        least, most = fresh_ratios(heldout, reference)
        fresh_memorised = wide.loc[(subset, "held-out", 0, "memorised")]
        for run in runs[list(store.RUN)].itertuples(index=False):
            key = (run.subset, run.denoiser, run.seed)
            if (*key, "energy_distance") not in wide.index:
                continue
            energy, memorised = wide.loc[(*key, "energy_distance")], wide.loc[(*key, "memorised")]
            fresh = fresh_distance(reference, int(energy["count"]))
            value, low, high = (ratio(float(energy[name]), fresh) for name in ("value", "low", "high"))
            new = campaign.dataset.repeats or bool(memorised["low"] <= fresh_memorised["high"])
            shares = (float(memorised["value"]), float(fresh_memorised["value"]))
            repeats = campaign.dataset.repeats
            told = (value, low, high, least, most, *shares, int(energy["count"]), value <= most, new)
            rows.append((target, repeats, *run, *told))
    return rows


if __name__ == "__main__":
    job.run(main)
