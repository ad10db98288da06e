"""The answer to whether a model copies its training images, in words, from the tables of a campaign."""

import json
import os

import numpy as np
import pytest

import answer
from creativity import store
from creativity.campaign.layout import runs
from creativity.campaign.validation import plain, read, resolve
from creativity.measures.classes import UNREAL
from creativity.measures.tables import SAMPLE_TABLE

STAMP = store.Stamp("test", "content", "code", "commit")
CAMPAIGN = """
campaign: ask-samples
dataset: {name: orl-faces, size: 8}
subsets: {sizes: [20], heldout: 20, reference: 20}
denoisers: {my-model: {family: external, path: samples, count: 4}}
sampling: {count: 20}
"""


@pytest.mark.parametrize(
    ("smooth", "same", "weak", "said"),
    [
        (0.0, "", 0.0, "2 of 20 (blurred)"),
        (
            0.1,
            "; 2 of 20 cannot be told from a training image, so that this alone makes no copy",
            0.5,
            "10 of 20 (torn), so that its word says little here",
        ),
    ],
)
def test_the_answer_has_the_copies_and_the_error_rate(tmp_path, monkeypatch, smooth, same, weak, said):
    """Two of four samples are called copies, and 1 of 20 held-out images. smooth: share that looks like training images.
    weak: share of torn images that are judged real.
    """
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "ask.yaml"
    path.write_text(CAMPAIGN)
    campaign = resolve(read(path), str(path))
    root = tmp_path / "results/ask-samples"
    root.mkdir(parents=True)
    (root / "config.yaml").write_text(json.dumps(plain(campaign)))
    known = {run.denoiser: run for run in runs(campaign)}
    values = {"my-model": (0.5, 0.25, 0.5, 1.0, 4), "held-out": (0.05, 0.0, 0.0, 0.9, 20)}
    values |= dict.fromkeys(UNREAL, (0.0, 0.0, 0.0, 0.0, 20)) | {"blurred": (0.0, 0.0, 0.0, 0.1, 20)}
    values["torn"] = (0.0, 0.0, 0.0, weak, 20)
    rows = []
    for denoiser, (copied, collaged, shown, real, count) in values.items():
        named = {"class_copy": copied, "class_collage": collaged, "copies": shown, "least_copies": 0.5, "indistinguishable": smooth}
        named |= {"real": real, "class_new_and_real": 0.25, "class_new_and_unreal": 0.0}
        rows += [(*known[denoiser].identity, name, "pixel", value, 0.1, 0.9, count) for name, value in named.items()]
    store.write(root / "measures.parquet", store.RUN | store.MEASURE, rows, STAMP)
    folder = known["my-model"].file(root, "")
    folder.mkdir(parents=True)
    pictures, files = np.zeros((4, 3, 8, 8), dtype=np.float32), [f"{letter}.png" for letter in "abcd"]
    store.write_samples(folder / "samples.parquet", pictures, np.ones(4, dtype=bool), STAMP, {"files": files})
    measured = [(i, "class", "pixel", None, kind) for i, kind in enumerate(("copy", "collage", "new and real", "copy"))]
    measured += [(i, "p_copy", "pixel", p, None) for i, p in enumerate((0.05, 0.5, 0.01, 0.01))]
    measured += [(i, "nearest_distance", "pixel", d, None) for i, d in enumerate((1.0, 9.0, 3.0, 2.0))]
    store.write(folder / "sample_measures.parquet", SAMPLE_TABLE, measured, STAMP)
    expected = [
        "2 of 4 samples of my-model are called copies of training images [95 %: 10 % to 90 %], 1 of 4 collages of them.",
        f"Of the held-out images, which are real and new, 1 of 20 are called copies by mistake{same}.",
        "2 of 4 are copies at a false discovery rate of 5 %; fewer than 2 could not be shown.",
        "The copies, the surest first: d.png, a.png.",
        "Of the others, 1 of 4 are judged real, 0 of 4 not. The judge takes 18 of 20 held-out images for real, and of unreal ones "
        f"at most {said}.",
    ]
    assert answer.answer(path) == expected
    assert answer.answer_in_doubt(path) == []  # something else than a control has ended it
    (root / "logs").mkdir()
    (root / "logs/check.log").write_text("controls.parquet: controls are broken: n20-s0: real of the control noise is 1.\n")
    in_doubt = answer.answer_in_doubt(path)
    assert in_doubt[0].startswith("controls.parquet: controls are broken")
    assert in_doubt[2:] == expected
    os.utime(root / "logs/check.log", (1, 1))  # of an earlier run
    assert answer.answer_in_doubt(path) == []
    (root / "controls.checked").touch()
    assert answer.answer_in_doubt(path) == []
