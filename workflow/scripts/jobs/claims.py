"""Says which differences between trained denoisers hold over training seeds, the same noises being compared."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from creativity import store
from creativity.campaign.layout import FEWEST_SEEDS, Run, keys_in, runs, subset_names
from creativity.campaign.validation import load
from creativity.measures.claims import CLAIMS, claim, holm
from creativity.measures.classes import COPY, NEW_REAL
from creativity.neighbours.vectors import ESCAPED
from creativity.running.job import Job, log

MEASURES = ("nearest_distance", "memorised", "heldout_percentile", "real")
CLASSES = {"class_copy": COPY, "class_new_and_real": NEW_REAL}  # 1 where the verdict on a sample is this class


def claims(job: Job, *, config: Path, claims: Path, missing: Path | None = None) -> None:
    """missing: the keys of the runs that are left out; a denoiser of which a seed is missing has no claim."""
    campaign, root, left_out = load(config), config.parent, keys_in(missing)
    gaps = {(run.subset, run.denoiser) for run in runs(campaign) if run.key in left_out}
    compared = [run for run in runs(campaign) if run.denoises and (run.subset, run.denoiser) not in gaps]
    rows, note = [], ""
    if len(campaign.seeds) < FEWEST_SEEDS:
        note = f"no claim is made: found {len(campaign.seeds)} training seeds; needed: at least {FEWEST_SEEDS}"
        log.info("%s", note)
    else:
        by_subset = [[run for run in compared if run.subset == subset] for subset in subset_names(campaign)]
        rows = [row for group in by_subset for row in claim_rows(group, root)]
    stamp = job.stamp(run.file(root, "sample_measures.parquet") for run in compared)
    store.write(claims, CLAIMS, rows, stamp, note=note)


def claim_rows(group: list[Run], root: Path) -> Iterator[tuple[Any, ...]]:
    """One row a pair and measure of one subset; p_holm is corrected over the pairs of that measure."""
    scores = gather(group, root)
    trained = list(dict.fromkeys(run.denoiser for run in group if run.kind == "trained"))
    closed = list(dict.fromkeys(run.denoiser for run in group if run.kind != "trained"))
    pairs = [*combinations(trained, 2), *((a, b) for a in trained for b in closed)]
    for measure in (*MEASURES, *CLASSES):
        tests = [claim(scores[a, measure] - scores[b, measure]) for a, b in pairs]
        corrected = holm(np.array([test.p for test in tests], dtype=float)).tolist()
        for (a, b), test, p in zip(pairs, tests, corrected, strict=True):
            if test.number:
                yield (group[0].subset, a, b, measure, *test[:4], p, test.seeds, test.number)


def gather(group: list[Run], root: Path) -> dict[tuple[str, str], np.ndarray]:
    """A denoiser's values of a measure in pixel space: [seeds, samples], NaN where there is none."""
    tables = {run.key: values(run.file(root, "sample_measures.parquet")) for run in group}
    samples = range(max((table.index.max() + 1 for table in tables.values() if len(table)), default=0))
    scores: dict[tuple[str, str], list[np.ndarray]] = defaultdict(list)
    for run in group:
        wide = tables[run.key].reindex(samples)
        for measure in (*MEASURES, *CLASSES):
            scores[run.denoiser, measure].append(wide[measure].to_numpy(dtype=float))
    return {key: np.stack(rows) for key, rows in scores.items()}


def values(path: Path) -> pd.DataFrame:
    """A column a measure, a row a sample; no distance where a sample escaped, since one of these decides every mean."""
    table = store.read(path).to_pandas()
    table = table[table["space"] == "pixel"]
    wide = table[table["measure"].isin(MEASURES)].pivot(index="sample", columns="measure", values="value").reindex(columns=MEASURES)
    distance = "nearest_distance"
    wide[distance] = wide[distance].where(wide[distance] < ESCAPED - 1)  # farther is each that has a value beyond ESCAPED
    verdicts = table[table["measure"] == "class"].set_index("sample")["text"]
    for measure, name in CLASSES.items():
        wide[measure] = (verdicts == name).astype(float)
    return wide
