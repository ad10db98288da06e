"""Tells for each denoiser up to how many training images it copies."""

from pathlib import Path

import numpy as np
import pandas as pd

from creativity import job, store
from creativity.measures.phase import PHASE, crossing


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("measures", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    measures = store.read(args.measures).to_pandas()
    shares = measures[(measures["measure"] == "memorised") & (measures["space"] == "pixel")]
    rows = [phase_row(part) for _, part in shares.groupby("denoiser", sort=False)]
    store.write(args.out, PHASE, rows, job.stamp(args, [args.measures]))


def phase_row(part: pd.DataFrame) -> tuple:
    """One denoiser's crossing, over the replicates that have samples at every size."""
    run = tuple(part[["denoiser", "family", "kind"]].iloc[0])
    replicate = part["subset"].str.partition("-")[2] + "/" + part["seed"].astype(str)
    curves = part.assign(replicate=replicate).pivot(index="replicate", columns="n", values="value").dropna()
    if curves.empty:
        return (*run, None, None, None, 0, 0)
    count = int(part["count"].min())
    found = crossing(curves.columns.to_numpy(dtype=np.float64), curves.to_numpy(), count)
    return (*run, *found, len(curves), count)


if __name__ == "__main__":
    job.run(main)
