"""The most copied training images on the page: in the order of the table, beside the surest copy where the page carries it."""

import made_up
import pytest

from creativity.measures.copied import COPIED
from creativity.report import payload
from creativity.report.most_copied import most_copied, read_copied
from creativity.report.train_sheet import TrainSheet

RUN = ("n20-s0", 20, "bayes", "bayes", "closed form", 0)


@pytest.fixture
def root(tmp_path):
    rows = [(*RUN, f"train/{i}", "a" if i else None, 9 - i, 30 - i, 0, 0.5, 1.0, 1 + i) for i in range(9)]
    rows.append((*RUN, "train/9", None, 0, None, 0, 0.5, 1.0, 1))  # not copied: not told of
    made_up.table(tmp_path, "copied", COPIED, [*rows, (*RUN[:5], 1, "train/3", None, 2, 4, 0, 0.25, 1.0, 1)])
    return tmp_path


def test_a_run_has_its_first_images_and_the_number_of_all(root):
    copied = read_copied(root, runs=2)
    assert {key: len(rows) for key, rows in copied.items()} == {("n20-s0", "bayes", 0): 8, ("n20-s0", "bayes", 1): 1}
    assert [len(rows) for rows in read_copied(root, runs=1000).values()] == [2, 1]
    entry = most_copied(copied["n20-s0", "bayes", 0], [5, 29, 30], TrainSheet(root, "n20-s0"))
    assert entry["copied"][:3] == [[0, 9, 2, 0.5, 1, None], [1, 8, 1, 0.5, 2, "a"], [2, 7, None, 0.5, 3, "a"]]
    assert (entry["copied_images"], entry["copies"]) == (9, 45)


def test_without_the_table_nothing_is_told(tmp_path):
    assert read_copied(tmp_path, runs=3) == {}
    assert most_copied(None, [], TrainSheet(tmp_path, "n20-s0")) == {"copied": [], "copied_images": 0, "copies": 0}


def test_the_surest_copies_are_among_the_samples_that_are_shown(tmp_path):
    root = tmp_path / "page"
    campaign = made_up.campaign(root, count=32)
    plain = {entry["key"]: entry["noises"] for entry in payload.build(root, campaign, most=1)["runs"]}
    other = next(noise for noise in range(32) if noise not in plain["n20-s0/bayes/seed0"])
    made_up.table(root, "copied", COPIED, [(*RUN, "train/7", None, 3, other, 0, 0.5, 1.0, 1)])
    entry = next(entry for entry in payload.build(root, campaign, most=1)["runs"] if entry["denoiser"] == "bayes")
    assert entry["noises"] == sorted([*plain["n20-s0/bayes/seed0"], other])
    assert entry["noises"][entry["copied"][0][2]] == other
