"""The README's first use: are another model's samples training images? With the shipped campaign file, and as `make ask` does.

Both with a smaller judge, whose training is most of their time.
"""

import shutil
import sys

import numpy as np
import pandas as pd
import pytest
from checkout import SMALL_JUDGE
from PIL import Image

pytestmark = pytest.mark.long
COPIED = 40  # of 120 generated images


def save(folder, images):
    folder.mkdir(parents=True)
    for i, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{i:03}.png")


@pytest.fixture(scope="module")
def asked(new_checkout):
    """A checkout with the three folders that config/external.yaml names, a third of the samples being training images."""
    checkout, rng = new_checkout(), np.random.default_rng(0)
    images = rng.integers(0, 256, (580, 4, 4, 3), dtype=np.uint8).repeat(10, axis=1).repeat(10, axis=2)
    save(checkout.root / "my-images/train", images[:200])
    save(checkout.root / "my-images/other", images[200:500])
    save(checkout.root / "my-images/samples", [*images[:COPIED], *images[500:]])
    checkout.edit("config/external.yaml", "sampling:", f"{SMALL_JUDGE}\nsampling:")
    checkout.snakemake("--configfile", "config/external.yaml")
    return checkout


def test_the_share_of_copies_is_found(asked):
    measures = pd.read_parquet(asked.root / "results/external/measures.parquet")
    row = measures.query("denoiser == 'my-model' and measure == 'memorised' and space == 'pixel'").iloc[0]
    assert row["value"] == COPIED / 120  # all are compared
    assert row["low"] < COPIED / 120 < row["high"]


def test_its_plan_counts_the_images_that_there_are(asked):
    options = ("--profile", "profiles/local", "--configfile", "config/external.yaml", "--forceall")
    plan = asked.run(["env", "PYTHONPATH=workflow/scripts:tools", sys.executable, "tools/plan.py", *options])
    assert "by counted operations" in plan.stdout or "by the times of earlier runs" in plan.stdout


def test_the_page_names_the_files_and_the_copies_lie_at_0(asked):
    table = pd.read_parquet(asked.root / "results/external/runs/n200-s0/my-model/seed0/neighbours.parquet")
    nearest = table.query("space == 'pixel' and rank == 1").sort_values("sample")
    copies = nearest[nearest["distance"] == 0]
    assert len(copies) >= 25
    assert copies["neighbour"].str.startswith("train/").all()
    page = (asked.root / "results/external/report.html").read_text()
    assert "other model" in page
    assert '"files":["000.png"' in page


def test_another_image_under_an_old_name_runs_again_and_a_moved_folder_does_not(asked):
    config = "config/external.yaml"
    assert asked.planned(config) == {}
    asked.edit(config, "path: my-images/samples", "path: moved")
    shutil.copytree(asked.root / "my-images/samples", asked.root / "moved")
    assert set(asked.planned(config)) == {"resolve", "track", "all"}
    image = Image.open(asked.root / "moved/000.png")
    image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(asked.root / "moved/000.png")
    assert asked.planned(config)["external"] == 1


def test_make_ask_answers_in_words(asked):
    """By its three steps, since this checkout has no environment of its own."""
    python = ["PYTHONPATH=workflow/scripts:tools", sys.executable]
    places = [f"{name.upper()}=my-images/{name}" for name in ("train", "other", "samples")]
    said = asked.run(["env", *places, "SIZE=8", *python, "tools/ask.py"]).stdout
    assert "all 120 samples" in said
    asked.edit("ask-samples.yaml", "judge: {} # of what is real\n", SMALL_JUDGE)
    asked.snakemake("--configfile", "ask-samples.yaml")
    answer = asked.run(["env", *python, "tools/answer.py", "ask-samples.yaml"]).stdout
    copied = int(answer.split(" of 120 samples of my-model are called copies")[0])
    assert COPIED - 1 <= copied <= COPIED + 12
    assert " of 150 are called copies by mistake" in answer
    named = answer.split("the surest first: ")[1].split(", ")
    assert set(named[:10]) <= {f"{i:03}.png" for i in range(COPIED)}
