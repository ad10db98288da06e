"""The training images of a subset on the page: those that some sample points to."""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creativity import store
from creativity.measures import judges
from creativity.report import pictures
from creativity.report.numbers import rounded


class TrainSheet:
    """The training images of a subset, of which the page carries those that some sample points to."""

    def __init__(self, root: Path, name: str) -> None:
        self.path, self.root, self.name = root / "subsets" / name / "train.parquet", root, name
        self.used: dict[str, int] = {}

    def number(self, id_: str) -> int:
        """The place of a training image on the page's sheet."""
        return self.used.setdefault(id_, len(self.used))

    def entry(self, lossless: bool) -> dict[str, Any]:
        entry = {"name": self.name, "n": int(self.name[1:].split("-")[0]), "ids": list(self.used)}
        entry["train"] = pictures.sheet(self.images(), lossless)
        return entry | self.scales

    def images(self) -> NDArray[np.uint8]:
        """The images that are pointed to, in the order of their places; none where the file is not there."""
        try:
            table = store.part(self.path, ["id", "image"], id=self.used)
        except store.StoreError:
            return np.zeros((0, 1, 1, 1), dtype=np.uint8)
        rows = {id_: row for row, id_ in enumerate(table["id"].to_pylist())}
        return store.levels(table)[[rows[id_] for id_ in self.used if id_ in rows]] if rows else np.zeros((0, 1, 1, 1), np.uint8)

    @cached_property
    def scales(self) -> dict[str, Any]:
        """What is 1 on the axes of the map, the medians of held-out images, and the range in which real images lie."""
        none = {"novelty": None, "realism": None, "band": None}
        try:
            path = self.root / "runs" / self.name / "held-out" / "seed0" / "sample_measures.parquet"
            table = store.part(path, measure=["nearest_distance", "denoising_error"], space=["pixel"]).to_pandas()
            low, high = judges.band(self.root / "judge.safetensors")
        except store.StoreError:
            return none
        medians = (float(table.loc[table["measure"] == m, "value"].median()) for m in ("nearest_distance", "denoising_error"))
        novelty, realism = medians
        if not (np.isfinite(novelty) and np.isfinite(realism) and novelty > 0 and realism > 0):
            return none
        band = [low / realism, high / realism]
        return {"novelty": novelty, "realism": realism, "band": rounded(band)}
