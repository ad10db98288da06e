"""What the verdict rests on, of a campaign that has run: copies in disguise, judges, and the classes of all samples."""

import pandas as pd

from creativity.families.control import CONTROLS
from creativity.measures.classes import NAMES, column
from creativity.measures.disguises import ANY, KINDS


def read(done, name):
    return pd.read_parquet(done.root / f"results/tiny/{name}.parquet")


def test_each_training_image_is_disguised_in_each_way_and_searched_in_each_space(done):
    disguised, unmask = read(done, "subsets/n40-s0/disguised"), read(done, "subsets/n40-s0/disguises")
    assert len(disguised) == 40 * len(KINDS)
    assert set(unmask["space"]) == {"pixel", "pca", ANY}
    assert (unmask["count"] == 40).all()
    disguises = read(done, "disguises")
    assert disguises.groupby("subset").size().to_dict() == {"n20-s0": 3 * len(KINDS), "n40-s0": 3 * len(KINDS)}
    pixel = disguises.query("space == 'pixel' and subset == 'n40-s0'").set_index("kind")["found"]
    assert pixel["mirror"] == 1  # mirror images of the training set count


def test_judges_are_asked_about_every_control(done):
    judges = read(done, "judges")
    assert set(judges["control"]) == set(CONTROLS)
    assert set(judges["judge"]) == {"judge", "range"}  # the tiny campaign has no critic
    judge = judges[(judges["judge"] == "judge") & (judges["subset"] == "n40-s0")].set_index("control")["real"]
    measures = read(done, "measures").query("subset == 'n40-s0' and measure == 'real' and kind == 'control'")
    assert judge.to_dict() == measures.set_index("denoiser")["value"].to_dict()


def test_each_sample_has_one_class_and_the_shares_add_up(done):
    measures = read(done, "measures")
    shares = measures[measures["measure"].isin([column(name) for name in NAMES])].groupby(["subset", "denoiser", "seed"])["value"]
    assert (shares.size() == len(NAMES)).all()
    assert ((shares.sum() - 1).abs() < 1e-9).all()
    copier = measures.query("measure == 'class_copy' and denoiser == 'copier'")["value"]
    assert (copier == 1).all()
