"""Says which differences between trained denoisers hold over training seeds, the same noises being compared."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from creativity import job, store
from creativity.layout import Run, keys_in, runs, subset_names
from creativity.measures.claims import CLAIMS, FEWEST_SEEDS, claim, holm
from creativity.validate import read, resolve

MEASURES = ("nearest_distance", "memorised", "heldout_percentile", "real")


def main() -> None:
    parser = job.gathering_parser(__doc__)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    root = args.config.parent
    campaign = resolve(read(args.config), str(args.config))
    missing = keys_in(args.missing)
    gaps = {(run.subset, run.denoiser) for run in runs(campaign) if run.key in missing}  # no claim without all seeds
    every = [run for run in runs(campaign) if run.denoises and (run.subset, run.denoiser) not in gaps]
    rows, note = [], ""
    if len(campaign.seeds) < FEWEST_SEEDS:
        note = f"no claim is made: found {len(campaign.seeds)} training seeds; needed: at least {FEWEST_SEEDS}"
        job.log.info("%s", note)
    else:
        by_subset = [[run for run in every if run.subset == subset] for subset in subset_names(campaign)]
        rows = [row for group in by_subset for row in claim_rows(group, root)]
    stamp = job.stamp(args, [run.file(root, "sample_measures.parquet") for run in every])
    store.write(args.out, CLAIMS, rows, stamp, note=note)


def claim_rows(every: list[Run], root: Path) -> Iterator[tuple[Any, ...]]:
    """One row a pair and measure of one subset; p_holm is corrected over the pairs of that measure."""
    scores = gather(every, root)
    trained = list(dict.fromkeys(run.denoiser for run in every if run.kind == "trained"))
    closed = list(dict.fromkeys(run.denoiser for run in every if run.kind != "trained"))
    pairs = [*combinations(trained, 2), *((a, b) for a in trained for b in closed)]
    for measure in MEASURES:
        found = [claim(scores[a, measure] - scores[b, measure]) for a, b in pairs]
        corrected = holm(np.array([each.p for each in found], dtype=float)).tolist()
        for (a, b), each, p in zip(pairs, found, corrected, strict=True):
            if each.number:
                yield (every[0].subset, a, b, measure, *each[:4], p, each.seeds, each.number)


def gather(every: list[Run], root: Path) -> dict[tuple[str, str], np.ndarray]:
    """Each denoiser's values of each measure in pixel space: [seeds, samples], NaN where there is none."""
    tables = {run.key: values(run.file(root, "sample_measures.parquet")) for run in every}
    samples = range(max((table.index.max() + 1 for table in tables.values() if len(table)), default=0))
    found: dict[tuple[str, str], list[np.ndarray]] = defaultdict(list)
    for run in every:
        wide = tables[run.key].reindex(samples)
        for measure in MEASURES:
            found[run.denoiser, measure].append(wide[measure].to_numpy(dtype=float))
    return {key: np.stack(rows) for key, rows in found.items()}


def values(path: Path) -> pd.DataFrame:
    """A column a measure, a row a sample."""
    table = store.read(path).to_pandas()
    table = table[(table["space"] == "pixel") & table["measure"].isin(MEASURES)]
    return table.pivot(index="sample", columns="measure", values="value").reindex(columns=list(MEASURES))


if __name__ == "__main__":
    job.run(main)
