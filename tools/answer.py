"""Tells what a campaign that `make ask` has written found: how many samples are copies, at which error rate, and which.

Takes the campaign file. With --failed after it, the campaign did not come to its end: where a broken control is all that ended it,
says so and tells the answer, too.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from creativity import store
from creativity.campaign.layout import Run, runs
from creativity.campaign.validation import load, read, resolve
from creativity.errors import UserError
from creativity.families.external import External
from creativity.measures.classes import COLLAGE, COPY, NEW_REAL, NEW_UNREAL, UNREAL, WEAK, column

SHOWN = 20  # names of copies


def main() -> None:
    path, *failed = sys.argv[1:]
    try:
        print(*(answer_in_doubt if failed == ["--failed"] else answer)(Path(path)), sep="\n")
    except UserError as error:
        sys.exit(str(error))


def answer(path: Path) -> list[str]:
    """What the campaign of a file has found, a sentence a line. Raises UserError where it has not been run to its end."""
    root = root_of(path)
    campaign, lines = load(root / "config.yaml"), []
    table = store.read(root / "measures.parquet").to_pandas()
    for run in runs(campaign):
        if isinstance(campaign.denoisers.get(run.denoiser), External):
            lines += answer_of(run, root, table)
    return lines


def answer_in_doubt(path: Path) -> list[str]:
    """The answer of a campaign that a broken control alone has ended, after what was broken; nothing where another job did."""
    root = root_of(path)
    log, table = root / "logs/check.log", root / "measures.parquet"
    if (root / "controls.checked").exists() or not (log.exists() and table.exists()):
        return []
    if log.stat().st_mtime < table.stat().st_mtime:  # the check has not come to these measures
        return []
    broken = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if "controls are broken" in line]
    return [*broken, "So take with care what rests on these controls. What was found:", *answer(path)] if broken else []


def root_of(path: Path) -> Path:
    """The folder with the results of a campaign file."""
    return Path("results", resolve(read(path), str(path)).campaign)


def answer_of(run: Run, root: Path, table: pd.DataFrame) -> list[str]:
    """What was found of one model's images. table: all measures of the campaign."""
    own, held = (values_of(table, run.subset, denoiser) for denoiser in (run.denoiser, "held-out"))
    copied, collaged, shown = (own[name] for name in (column(COPY), column(COLLAGE), "copies"))
    number, same = int(copied["count"]), held["indistinguishable"]
    lines = [
        f"{of_all(copied)} samples of {run.denoiser} are called copies of training images [95 %: {percent(copied['low'])} to "
        f"{percent(copied['high'])}], {of_all(collaged)} collages of them.",
        f"Of the held-out images, which are real and new, {of_all(held[column(COPY)])} are called copies by mistake"
        + (f"; {of_all(same)} cannot be told from a training image, so that this alone makes no copy." if same["value"] else "."),
        f"{of_all(shown)} are copies at a false discovery rate of 5 %; fewer than {round(number * own['least_copies']['value'])} "
        "could not be shown.",
    ]
    if names := copies_by_name(run, root):
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        lines.append(f"The copies, the surest first: {', '.join(names[:SHOWN])}{more}.")
    return [*lines, realism(run, own, table)]


def realism(run: Run, own: Mapping[str, Any], table: pd.DataFrame) -> str:
    """What the judge says of the samples that are new, and how much its word weighs."""
    new = f"Of the others, {of_all(own[column(NEW_REAL)])} are judged real, {of_all(own[column(NEW_UNREAL)])} not"
    held, *unreal = (values_of(table, run.subset, name)["real"] for name in ("held-out", *UNREAL))
    most, worst = max(zip(unreal, UNREAL, strict=True), key=lambda pair: pair[0]["value"])
    weak = ", so that its word says little here" if most["value"] > WEAK else ""
    judged = f"The judge takes {of_all(held)} held-out images for real, and of unreal ones at most {of_all(most)} ({worst}){weak}."
    return f"{new}. {judged}"


def values_of(table: pd.DataFrame, subset: str, denoiser: str) -> dict[str, dict[str, Any]]:
    """The measures of a run in pixel space by name, each with value, low, high and count."""
    rows = table[(table["subset"] == subset) & (table["denoiser"] == denoiser) & (table["space"] == "pixel")]
    return {row["measure"]: {str(key): value for key, value in row.items()} for row in rows.to_dict("records")}


def of_all(row: Mapping[str, Any]) -> str:
    """A share as a number of its images.

    >>> of_all({"value": 0.25, "count": 60})
    '15 of 60'
    """
    return f"{round(row['value'] * row['count'])} of {int(row['count'])}"


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def copies_by_name(run: Run, root: Path) -> Sequence[str]:
    """The files of the samples that are called copies, by their p-value and then by their distance."""
    files = json.loads(store.footer(run.file(root, "samples.parquet"))["run"])["files"]
    table = store.read(run.file(root, "sample_measures.parquet")).to_pandas()
    table = table[table["space"] == "pixel"]
    copied = table.loc[(table["measure"] == "class") & (table["text"] == COPY), "sample"]
    values = table[table["sample"].isin(copied)].pivot_table(index="sample", columns="measure", values="value")
    return [files[sample] for sample in values.sort_values(["p_copy", "nearest_distance"]).index] if len(values) else []


if __name__ == "__main__":
    main()
