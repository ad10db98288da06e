"""Says how many images of each control every judge of realism lets pass; none was shown images of the control's kind."""

from pathlib import Path

import pyarrow.compute as pc

from creativity import store
from creativity.campaign.layout import Run, keys_in, runs
from creativity.campaign.validation import load
from creativity.measures import critics, intervals
from creativity.measures.judges import JUDGES
from creativity.running.job import Job
from creativity.types import Interval

BY_MEASURE = {"judge": "real", "range": "within_range"}  # judges whose verdicts are measures of the samples


def judges(job: Job, *, config: Path, judges: Path, critic: Path | None = None, missing: Path | None = None) -> None:
    """critic: where the campaign has any. missing: the keys of the runs that are left out."""
    root, left_out = config.parent, keys_in(missing)
    controls = [run for run in runs(load(config)) if run.kind == "control" and run.key not in left_out]
    rows = [(run.subset, run.denoiser, judge, *share) for run in controls for judge, share in shares(run, root, critic).items()]
    files = [run.file(root, name) for run in controls for name in ("samples.parquet", "measures.parquet")]
    store.write(judges, JUDGES, rows, job.stamp([*files, critic]))


def shares(run: Run, root: Path, critic: Path | None) -> dict[str, Interval]:
    """The share of a control's images that each judge finds real."""
    table = store.read(run.file(root, "measures.parquet"))
    passed = {judge: table.filter(pc.equal(table["measure"], measure)).to_pylist() for judge, measure in BY_MEASURE.items()}
    of_judges = {
        judge: Interval(*(rows[0][name] for name in ("value", "low", "high", "count"))) for judge, rows in passed.items() if rows
    }
    if critic:
        pictures = store.finite_samples(run.file(root, "samples.parquet"))
        by_critics = critics.percentile(pictures, critics.read(critic, run.denoiser))
        of_judges["critic"] = intervals.share(critics.real(by_critics))
    return of_judges
