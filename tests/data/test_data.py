"""What is checked of a campaign's images before any job, and the counts that follow where as many as there are are asked for."""

import os
import shutil

import numpy as np
import pytest
from PIL import Image

from creativity import data
from creativity.campaign.sections import Campaign, Dataset, Sampling, Subsets
from creativity.campaign.validation import resolve
from creativity.data.source import DataError
from creativity.families.bayes import Bayes


@pytest.fixture(autouse=True)
def elsewhere(tmp_path_factory, monkeypatch):
    """What is kept of the files goes to .snakemake/ of the working folder."""
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))


def test_sets_larger_than_the_data_are_refused_before_any_image_is_read(campaign):
    campaign["subsets"] |= {"sizes": [301]}
    allowed = "at most 300 beside 40 held-out and 60 reference images, of 400 in all"
    with pytest.raises(DataError, match=rf"^x: subsets.sizes: found \[301\]; allowed: {allowed}\.$"):
        data.planned(resolve(campaign, "x"), "x")


def test_groups_that_are_not_known_are_refused(campaign):
    campaign["dataset"] = {"name": "mnist", "size": 8}
    campaign["subsets"] |= {"split": "group"}
    with pytest.raises(DataError, match=r"^x: subsets.split: found 'group'; allowed: image, since mnist knows no groups\.$"):
        data.planned(resolve(campaign, "x"), "x")


def test_all_that_is_wrong_with_the_images_is_said_at_once(campaign, tmp_path):
    (tmp_path / "torn.png").write_bytes(b"x")
    campaign["dataset"] = {"name": "image-folder", "size": 8, "path": str(tmp_path), "train": str(tmp_path / "none")}
    campaign["denoisers"]["mine"] = {"family": "external", "path": str(tmp_path / "samples.npz")}
    campaign["features"] = {"extractor": "inception", "weights": str(tmp_path / "weights.pth")}
    with pytest.raises(DataError) as raised:
        data.planned(resolve(campaign, "x"), "x")
    begun = [line.split(": found")[0] for line in str(raised.value).splitlines()]
    assert begun == [f"x: {key}" for key in ("dataset.path", "dataset.train", "denoisers.mine.path", "features.weights")]


def planned(folder, **sections):
    content = {
        "campaign": "test",
        "dataset": {"name": "image-folder", "size": 8, "path": str(folder)},
        "subsets": {"sizes": ["all"]},
        "denoisers": {"bayes": {"family": "bayes"}},
    }
    return data.planned(resolve(content | sections, "x"), "x")


def save(folder, names, rng):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        Image.fromarray(rng.integers(0, 255, (8, 8), dtype=np.uint8)).save(folder / name)


def test_the_fingerprint_of_a_folder_sees_contents_and_names_but_not_ages(tmp_path, rng):
    save(tmp_path, [f"{i}.bmp" for i in range(40)], rng)
    first = planned(tmp_path).images
    path = tmp_path / "3.bmp"
    whole, status = path.read_bytes(), path.stat()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 255]))  # an image of the same name and the same number of bytes
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # and of the same age, as a copy with `cp -p` has
    assert planned(tmp_path).images != first
    path.write_bytes(whole)
    assert planned(tmp_path).images == first
    path.rename(tmp_path / "4711.bmp")
    assert planned(tmp_path).images != first


def test_as_many_images_as_there_are_are_divided_as_the_documentation_says(tmp_path, rng):
    save(tmp_path / "train", [f"{i}.png" for i in range(30)], rng)
    save(tmp_path / "other", [f"{i}.png" for i in range(41)], rng)
    both = {"name": "image-folder", "size": 8, "path": str(tmp_path / "other"), "train": str(tmp_path / "train")}
    alone = {"name": "image-folder", "size": 8, "path": str(tmp_path / "other")}

    def numbers(dataset, **subsets):
        campaign = planned(tmp_path, dataset=dataset, subsets={"sizes": ["all"]} | subsets).campaign
        return *campaign.subsets.sizes, campaign.subsets.heldout, campaign.subsets.reference, campaign.sampling.count

    assert numbers(both) == (30, 20, 21, 20)
    assert numbers(both, heldout=11) == (30, 11, 30, 11)
    assert numbers(both, reference=11) == (30, 30, 11, 30)
    assert numbers(alone) == (20, 10, 11, 10)
    assert numbers(alone, heldout=10, reference=16) == (15, 10, 16, 10)
    assert numbers(alone, heldout=10, reference=11, seeds=[0, 1], disjoint=True) == (10, 10, 11, 10)
    assert numbers(alone, sizes=[10, "all"], heldout=8, reference=13) == (10, 20, 8, 13, 8)
    with pytest.raises(DataError, match=r"subsets: found .*; allowed: numbers that 41 different images suffice for"):
        numbers(alone, heldout=30, reference=11)
    with pytest.raises(DataError, match=r"subsets.sizes: found 'all'; allowed: a number, since with split: group"):
        numbers(both, split="group")


def test_images_that_are_trained_on_give_way_on_the_other_side_and_are_named(tmp_path, rng):
    save(tmp_path / "train", [f"{i}.png" for i in range(30)], rng)
    save(tmp_path / "other", [f"{i}.png" for i in range(40)], rng)
    for i in range(12):
        shutil.copy(tmp_path / f"train/{i}.png", tmp_path / f"other/copy{i}.png")
    dataset = {"name": "image-folder", "size": 8, "path": str(tmp_path / "other"), "train": str(tmp_path / "train")}
    made = planned(tmp_path, dataset=dataset, subsets={"sizes": [30], "heldout": 12, "reference": 40})
    assert made.campaign.subsets.reference == 28
    note = next(note for note in made.notes if "left out" in note)
    assert note.startswith("dataset.path: 12 images: copy0.png, ")
    assert note.endswith(" and 2 more, equal to images in dataset.train and left out.")


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((400, 40, 60), "subsets.sizes: found [400]; allowed: at most 300 beside 40 held-out and 60 reference"),
        ((20, 900, 60), "subsets.heldout: found 900; allowed: at most 320 beside 20 training and 60 reference"),
        ((20, 40, 900), "subsets.reference: found 900; allowed: at most 340 beside 20 training and 40 held-out"),
        ((900, 900, 900), "subsets: found 'sizes 900, heldout 900, reference 900'; allowed: no more than 400 images"),
    ],
)
def test_no_allowance_is_negative_and_the_set_that_is_too_large_is_named(campaign, numbers, said):
    size, heldout, reference = numbers
    campaign["subsets"] = {"sizes": [size], "heldout": heldout, "reference": reference}
    with pytest.raises(DataError) as raised:
        data.planned(resolve(campaign, "x"), "x")
    assert str(raised.value).startswith(f"x: {said}")


@pytest.mark.parametrize("way", ["absolute", "parents", "link"])
def test_a_folder_told_in_two_ways_is_the_same_folder(tmp_path, monkeypatch, rng, way):
    save(tmp_path / "tree", [f"{i}.png" for i in range(40)], rng)
    save(tmp_path / "tree/train", [f"t{i}.png" for i in range(20)], rng)
    (tmp_path / "link").symlink_to("tree/train")
    monkeypatch.chdir(tmp_path)
    train = {"absolute": str(tmp_path / "tree/train"), "parents": "tree/train/../train", "link": "link"}[way]
    dataset = Dataset(name="image-folder", size=8, path="tree", train=train)
    source = data.load(dataset)
    assert len(source.ids) == len(set(source.ids)) == 60 == data.count(dataset)
    assert sum(source.trains) == 20
    assert all(("t" in id_.rpartition("/")[2]) == trains for id_, trains in zip(source.ids, source.trains, strict=True))


def test_a_folder_that_is_both_sides_is_refused(tmp_path, rng):
    save(tmp_path, [f"{i}.png" for i in range(40)], rng)
    with pytest.raises(DataError, match=r"dataset.path: found no image in .* beside those of dataset.train"):
        planned(tmp_path, dataset={"name": "image-folder", "size": 8, "path": str(tmp_path), "train": str(tmp_path / ".")})


@pytest.fixture
def campaign():
    return {
        "campaign": "test",
        "dataset": {"name": "orl-faces", "size": 8},
        "subsets": {"sizes": [20], "heldout": 40, "reference": 60},
        "denoisers": {"bayes": {"family": "bayes"}},
        "sampling": {"count": 8},
    }


def test_a_target_whose_images_repeat_must_say_so():
    sections = {"subsets": Subsets(sizes=(40,), heldout=40, reference=60), "sampling": Sampling(count=40)}
    denoisers = {"bayes": Bayes(family="bayes")}
    told = Campaign(campaign="a", dataset=Dataset(name="templates", size=8, repeats=True), denoisers=denoisers, **sections)
    data.planned(told, "x")
    silent = Campaign(campaign="a", dataset=Dataset(name="templates", size=8), denoisers=denoisers, **sections)
    with pytest.raises(DataError, match=r"dataset\.repeats: found False; allowed: true"):
        data.planned(silent, "x")
