"""The campaign file of the question whether a model copies its training images, and the answer."""

import os
import shlex
import subprocess

import numpy as np
import pytest
from checkout import ROOT, copy_of_the_checkout
from PIL import Image

import ask
from creativity import data, store
from creativity.campaign.validation import read, resolve
from creativity.errors import UserError

STAMP = store.Stamp("test", "content", "code", "commit")


def save(folder, images):
    folder.mkdir(parents=True)
    for i, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{i:03}.png")


def noise(rng, count, side=16, channels=3):
    return rng.integers(0, 256, (count, side, side, channels), dtype=np.uint8).squeeze()


@pytest.fixture
def images(tmp_path, monkeypatch, rng):
    """Three folders of images of 16 x 16 in the working folder: 20 training images, 40 others, 12 samples."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ask, "time_of", lambda path: "Some minutes.")
    monkeypatch.setattr(ask, "measure_rates", lambda: None)
    for name, count in (("train", 20), ("other", 40), ("samples", 12)):
        save(tmp_path / name, noise(rng, count))
    return tmp_path


def asked(train="train", other="other", samples="samples", size="", told=""):
    return ask.question({"TRAIN": train, "OTHER": other, "SAMPLES": samples, "SIZE": size, "RANGE": told})


def campaign_of(path):
    return data.planned(resolve(read(path), str(path)), str(path)).campaign


def test_all_images_that_are_there_are_asked_about(images, capsys):
    path = ask.ask(asked())
    assert str(path) == "ask-samples.yaml"
    campaign = campaign_of(path)
    assert (campaign.subsets.sizes, campaign.subsets.heldout, campaign.subsets.reference) == ((20,), 20, 20)
    assert campaign.denoisers["my-model"].count == 12
    assert (campaign.dataset.size, campaign.dataset.color) == (16, True)
    assert "aligned" in campaign.neighbours.spaces
    told = capsys.readouterr()
    assert path.read_text() in told.err
    assert "Some minutes." in told.err
    assert told.out == ""


def test_more_samples_than_held_out_images_are_all_looked_at(images, rng):
    save(images / "many", noise(rng, 50))
    campaign = campaign_of(ask.ask(asked(samples="many")))
    assert campaign.denoisers["my-model"].count == 50
    assert campaign.sampling.count == campaign.subsets.heldout == 20


def test_controls_have_no_more_images_than_they_need_and_never_more_than_are_held_out(images, monkeypatch, rng):
    """First of 40 other images; then of 50, of which ten are also training images, which give way."""
    monkeypatch.setattr(ask, "CONTROLS", 15)
    campaign = campaign_of(ask.ask(asked()))
    assert (campaign.sampling.count, campaign.subsets.heldout) == (15, 20)
    save(images / "other" / "more", more := noise(rng, 10))
    save(images / "train" / "more", more)
    monkeypatch.setattr(ask, "CONTROLS", 22)
    (images / "ask-samples.yaml").unlink()
    campaign = campaign_of(ask.ask(asked()))
    assert campaign.sampling.count == campaign.subsets.heldout == 20


@pytest.mark.parametrize(
    "name", ["a b", "it's", 'say "x"', "größe", "日本 😀", "$HOME", "a#b: c", "-n", "1e3", "a\\b", "two\nlines"]
)
def test_folders_of_any_name_are_asked_about_and_known_again(images, name, capsys):
    for folder in ("train", "other", "samples"):
        (images / folder).rename(images / f"{folder} {name}")
    question = asked(*(f"{folder} {name}" for folder in ("train", "other", "samples")))
    path = ask.ask(question)
    assert campaign_of(path).denoisers["my-model"].count == 12
    before = path.read_text()
    capsys.readouterr()
    assert ask.ask(question) == path
    assert "asks this already and is used as it is" in capsys.readouterr().err
    assert path.read_text() == before
    assert [file.name for file in images.glob("ask-*")] == [path.name]


def test_a_file_that_was_edited_is_used_as_it_is(images):
    path = ask.ask(asked())
    edited = path.read_text().replace("size: 16", "size: 8")
    path.write_text(edited)
    assert ask.ask(asked()) == path
    assert path.read_text() == edited


def test_another_question_and_a_file_of_that_name_have_another_one(images, capsys):
    first = ask.ask(asked())
    assert str(ask.ask(asked(size="8"))) == "ask-samples-2.yaml"
    assert "ask-samples.yaml asks something else" in capsys.readouterr().err
    (images / "ask-other.yaml").write_bytes(b"\xff")
    (images / "ask-other-2.yaml").symlink_to("nowhere")
    save(images / "real", [np.array(Image.open(images / f"other/{i:03}.png")) for i in range(40)])
    assert str(ask.ask(asked(other="real", samples="other"))) == "ask-other-3.yaml"
    assert ask.ask(asked()) == first


def test_the_size_is_that_of_the_images_or_32_or_that_which_is_told(images, rng):
    assert "size: 16 # the side of all images" in ask.ask(asked()).read_text()
    save(images / "large", noise(rng, 5, 80))
    assert "size: 16 # since the images have sides from 16 to 80 pixels" in ask.ask(asked(samples="large")).read_text()
    assert "size: 24 # SIZE:" in ask.ask(asked(size="24")).read_text()
    for name, count in (("train", 20), ("other", 40), ("samples", 12)):
        save(images / f"big/{name}", noise(rng, count, 80))
    text = ask.ask(asked("big/train", "big/other", "big/samples")).read_text()
    assert "size: 32 # since the images have a side of 80 pixels, all are brought to 32" in text


def test_grey_images_are_compared_in_grey_and_both_kinds_in_colour(images, rng):
    for name, count in (("train", 20), ("other", 40), ("samples", 12)):
        save(images / f"grey/{name}", noise(rng, count, 16, 1))
    text = ask.ask(asked("grey/train", "grey/other", "grey/samples")).read_text()
    assert "color: false # all images are grey" in text
    text = ask.ask(asked("grey/train", "grey/other", "samples")).read_text()
    assert "color: true # 12 of 72 images are in colour, and the grey ones become RGB" in text


@pytest.mark.parametrize("name", ["samples.npy", "samples.npz", "samples.parquet"])
def test_samples_may_be_a_file(images, rng, name):
    pictures = noise(rng, 30)
    if name.endswith("npy"):
        np.save(name, pictures)
    elif name.endswith("npz"):
        np.savez(name, arr_0=pictures)
    else:
        store.write_images(images / name, {"id": [str(i) for i in range(30)]}, pictures.transpose(0, 3, 1, 2), STAMP)
    assert campaign_of(ask.ask(asked(samples=name))).denoisers["my-model"].count == 30


def test_numbers_whose_range_is_in_doubt_are_asked_about(images, rng):
    np.save("samples.npy", noise(rng, 30) / np.float32(255))
    with pytest.raises(UserError, match=r"^RANGE, of SAMPLES: found none beside float32 from 0 to 1, which may be unit .*\.$"):
        ask.ask(asked(samples="samples.npy"))
    campaign = campaign_of(ask.ask(asked(samples="samples.npy", told="unit")))
    assert (campaign.denoisers["my-model"].range, campaign.dataset.range) == ("unit", None)


def test_images_of_train_that_lie_in_other_too_give_way(images):
    for i in range(2):
        (images / f"other/twin{i}.png").write_bytes((images / f"train/00{i}.png").read_bytes())
    campaign = campaign_of(ask.ask(asked()))
    assert campaign.subsets.heldout + campaign.subsets.reference == 40


MISTAKES = {
    "nothing": ({"train": ""}, r"TRAIN: found nothing; allowed: the images that the model was trained on, as in make ask .*"),
    "missing": ({"other": "none"}, r"OTHER: found 'none', which does not exist; allowed: a folder .*"),
    "empty": ({"samples": "empty"}, r"SAMPLES: found no image in 'empty'; allowed: .*"),
    "other files": ({"samples": "texts"}, r"SAMPLES: found no image in 'texts' beside other files \(1 .txt\); allowed: .*"),
    "few": ({"other": "few"}, r"OTHER: found 3 images that are not in TRAIN; allowed: at least 38\."),
    "one folder": ({"other": "train"}, r"OTHER: found 0 images that are not in TRAIN; allowed: at least 38\."),
    "few to train": ({"train": "few"}, r"TRAIN: found 3 images; allowed: at least 6\."),
    "samples of train": ({"samples": "train"}, r"SAMPLES: found 20 files: .* of TRAIN; allowed: images that the model generated\."),
    "samples in other": ({"other": "both"}, r"OTHER: found 12 files: .* of SAMPLES; allowed: real images alone\."),
    "size": ({"size": "large"}, r"SIZE: found 'large'; allowed: the side of the images in pixels, from 8 to 1024\."),
    "small size": ({"size": "4"}, r"SIZE: found '4'; allowed: .*"),
    "range": ({"told": "floats"}, r"RANGE: found 'floats'; allowed: bytes, unit, signed, or nothing\."),
    "no UTF-8": ({"train": "\udcff"}, r"TRAIN: found '\\udcff', which is not UTF-8; allowed: a path in UTF-8\."),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_is_one_sentence_and_writes_nothing(images, rng, kind):
    (images / "empty").mkdir()
    (images / "texts").mkdir()
    (images / "texts/a.txt").write_text("no image")
    save(images / "few", noise(rng, 3))
    (images / "both").mkdir()
    (images / "both/samples").symlink_to("../samples")
    (images / "both/other").symlink_to("../other")
    arguments, sentence = MISTAKES[kind]
    with pytest.raises(UserError, match=f"^{sentence}$"):
        ask.ask(asked(**arguments))
    assert list(images.glob("ask-*")) == []


def test_many_images_are_searched_in_fewer_spaces(images, monkeypatch):
    monkeypatch.setattr(ask, "SECONDS", 1e-9)
    path = ask.ask(asked())
    assert campaign_of(path).neighbours.spaces == ("pixel", "pca")
    assert "moved or brighter copies are not looked for" in path.read_text()


def test_the_time_is_that_of_the_plan_over_the_cores(monkeypatch):
    jobs = [ask.plan.Ahead("judge", {}, "b.tsv", "", seconds) for seconds in (100.0, 500.0)]
    monkeypatch.setattr(ask.plan, "ahead_of", lambda options: ([*jobs, ask.plan.Ahead("all", {}, None, "", 1e9)], {}))
    monkeypatch.setattr(ask.os, "sched_getaffinity", lambda _: {0, 1})
    assert ask.time_of("x") == "About 9 minutes on 2 cores, for 2 jobs."  # no less than the longest job
    monkeypatch.setattr(ask.plan, "ahead_of", lambda options: ([], {}))
    assert ask.time_of("x").startswith("Nothing is to be computed")


def test_names_reach_the_tool_through_make(tmp_path):
    """Quotes, dollars and spaces, as a shell hands them to make."""
    checkout = copy_of_the_checkout(tmp_path)
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/.installed").touch()
    name = 'it\'s "a" $HOME $(x) größe'
    told = subprocess.run(
        ["make", "-o", ".venv/.installed", "ask", f"TRAIN={name}", "OTHER=o", "SAMPLES=s", "PYTHON=python3.11"],
        cwd=checkout.root,
        env=os.environ | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode != 0
    assert told.stderr.startswith(f"TRAIN: found {name!r}, which does not exist"), shlex.quote(told.stderr)
    assert "Traceback" not in told.stderr
