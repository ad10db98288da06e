"""The most copied training images of each run, with the surest copy of each."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from creativity import store
from creativity.report.numbers import number
from creativity.report.train_sheet import TrainSheet

MOST = 8  # training images of a run
MOST_ROWS = 2_000  # of all runs
KEY = ["subset", "denoiser", "seed"]


def read_copied(root: Path, runs: int) -> dict[tuple[str, str, int], pd.DataFrame]:
    """The most copied images of each run in copied.parquet, by subset, denoiser and seed; none where there is no such table."""
    stored = store.if_there(root / "copied.parquet")
    if stored is None:
        return {}
    table = stored.filter(pc.field("copies") > 0).to_pandas()
    counted = table.assign(
        images=table.groupby(KEY)["id"].transform("size"), all_copies=table.groupby(KEY)["copies"].transform("sum")
    )
    first = counted.groupby(KEY, sort=False).head(max(1, min(MOST, MOST_ROWS // max(runs, 1))))
    return {(str(subset), str(denoiser), int(seed)): rows for (subset, denoiser, seed), rows in first.groupby(KEY, sort=False)}


def most_copied(rows: pd.DataFrame | None, noises: list[int], sheet: TrainSheet) -> dict[str, Any]:
    """Of one run: how many training images are copied, by how many samples, and the most copied ones.

    copied: [place on the sheet, copies, place of the surest copy or None, isolation, near-duplicates, label].
    """
    if rows is None or not len(rows):
        return {"copied": [], "copied_images": 0, "copies": 0}
    at = {noise: place for place, noise in enumerate(noises)}
    labels = rows["label"].astype(object).where(rows["label"].notna(), None)
    columns = (rows[name].tolist() for name in ("id", "copies", "sample", "isolation", "duplicates"))
    copied = [
        [sheet.number(id_), copies, at.get(sample), number(isolation, 3), duplicates, label]
        for id_, copies, sample, isolation, duplicates, label in zip(*columns, labels, strict=True)
    ]
    return {"copied": copied, "copied_images": int(rows["images"].iloc[0]), "copies": int(rows["all_copies"].iloc[0])}
