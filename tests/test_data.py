import gzip

import numpy as np
import pytest
from PIL import Image

from creativity import data
from creativity.campaign.sections import Dataset, Subsets
from creativity.campaign.validation import resolve
from creativity.data import fashion_mnist
from creativity.data.source import DataError, Source, pixels
from creativity.data.subset import cut_reference, cut_subset, read_pictures, write_pictures
from creativity.fields import ImpossibleError
from creativity.store import Stamp

ORL = Dataset(name="orl-faces", size=8)
STAMP = Stamp("test", "content", "code", "commit")


def ids(side):
    return [picture.id for picture in side]


def cut(subsets, size=None, seed=0, source=None, dataset=ORL):
    source = source or data.load(dataset)
    reference = cut_reference(source, dataset, subsets)
    return (reference, *cut_subset(source, dataset, subsets, reference, size or max(subsets.sizes), seed))


def random_source(images, groups=None):
    pictures = [Image.fromarray(image) for image in images]
    names = [f"i{i}" for i in range(len(pictures))]
    return Source(names, [None] * len(pictures), groups, lambda i: pictures[i])


def test_the_faces_are_400_of_40_people():
    source = data.load(ORL)
    assert len(source.ids) == 400 == data.count(ORL)
    assert len(set(source.groups)) == 40
    assert source.read(0).size == (92, 112)


def test_sides_are_disjoint_and_complete():
    reference, train, heldout = cut(Subsets(sizes=(100,), heldout=100, reference=200))
    assert [len(side) for side in (reference, train, heldout)] == [200, 100, 100]
    assert len({*ids(reference), *ids(train), *ids(heldout)}) == 400


def test_no_person_stands_on_two_sides_when_split_by_group():
    reference, train, heldout = cut(Subsets(sizes=(95,), heldout=95, reference=195, split="group"))
    people = [{picture.label for picture in side} for side in (reference, train, heldout)]
    assert sum(map(len, people)) == len(set.union(*people))


@pytest.mark.parametrize("split", ["image", "group"])
def test_subsets_of_one_seed_are_nested(split):
    subsets = Subsets(sizes=(50, 100), heldout=100, reference=200, split=split)
    _, small, heldout_small = cut(subsets, size=50)
    _, large, heldout_large = cut(subsets, size=100)
    assert ids(small) == ids(large)[:50]
    assert ids(heldout_small) == ids(heldout_large)


def test_seeds_choose_different_images_and_share_the_reference():
    subsets = Subsets(sizes=(100,), seeds=(0, 1), heldout=100, reference=200)
    one, other = cut(subsets, seed=0), cut(subsets, seed=1)
    assert ids(one[0]) == ids(other[0])
    assert 20 < len(set(ids(one[1])) & set(ids(other[1]))) < 80


@pytest.mark.parametrize("split", ["image", "group"])
def test_seeds_can_be_disjoint(split):
    subsets = Subsets(sizes=(20, 40), seeds=(3, 7), heldout=40, reference=60, split=split, disjoint=True)
    _, one, heldout = cut(subsets, seed=3)
    _, other, heldout_other = cut(subsets, seed=7)
    assert ids(heldout) == ids(heldout_other)
    assert not set(ids(one)) & set(ids(other))
    _, small, _ = cut(subsets, size=20, seed=7)
    assert ids(small) == ids(other)[:20]


def test_exact_duplicates_never_stand_on_two_sides(rng):
    images = rng.integers(0, 255, (60, 8, 8), dtype=np.uint8)
    images = np.concatenate([images, images, images])  # every image three times
    for seed in range(5):
        subsets = Subsets(sizes=(20,), seeds=(seed,), heldout=15, reference=30)
        sides = cut(subsets, seed=seed, source=random_source(images))
        hashes = [{picture.sha256 for picture in side} for side in sides]
        assert sum(map(len, hashes)) == len(set.union(*hashes))


def test_too_few_images_are_told(rng):
    images = rng.integers(0, 255, (40, 8, 8), dtype=np.uint8)
    images[20:] = images[0]
    with pytest.raises(DataError, match=r"subsets.sizes: found .* needed: 20"):
        cut(Subsets(sizes=(20,), heldout=10, reference=8), source=random_source(images))


def test_sets_larger_than_the_data_are_refused_before_any_image_is_read(campaign):
    campaign["subsets"] |= {"sizes": [301]}
    with pytest.raises(ImpossibleError, match=r"subsets.sizes: .* of 400 in all"):
        data.check(resolve(campaign, "x"))


def test_groups_that_are_not_known_are_refused(campaign):
    campaign["dataset"] = {"name": "mnist", "size": 8}
    campaign["subsets"] |= {"split": "group"}
    with pytest.raises(ImpossibleError, match=r"subsets.split"):
        data.check(resolve(campaign, "x"))


def test_pixels_crop_resize_and_colour():
    wide = Image.fromarray(np.tile(np.arange(120, dtype=np.uint8), (40, 1)))
    centre = pixels(wide, Dataset(name="mnist", size=40))
    assert np.array_equal(centre[0, 0], np.arange(40, 80))
    assert pixels(wide, Dataset(name="mnist", size=10, crop="none")).shape == (1, 10, 10)
    red = Image.new("RGB", (10, 10), (200, 10, 20))
    assert pixels(red, Dataset(name="mnist", size=10, color=True))[:, 0, 0].tolist() == [200, 10, 20]
    assert pixels(red, Dataset(name="mnist", size=10)).shape == (1, 10, 10)


def test_an_image_folder_is_read_with_its_sub_folders_as_groups(tmp_path, rng):
    for person in "ab":
        (tmp_path / person).mkdir()
        for i in range(3):
            Image.fromarray(rng.integers(0, 255, (9, 9, 3), dtype=np.uint8)).save(tmp_path / person / f"{i}.png")
    (tmp_path / "notes.txt").write_text("not an image")
    source = data.load(Dataset(name="image-folder", size=8, path=str(tmp_path)))
    assert list(source.ids) == ["a/0.png", "a/1.png", "a/2.png", "b/0.png", "b/1.png", "b/2.png"]
    assert list(source.groups) == list("aaabbb")


def test_the_fingerprint_of_a_folder_sees_images_come_go_and_change_but_not_their_age(tmp_path):
    dataset = Dataset(name="image-folder", size=8, path=str(tmp_path))

    def save(name, side):
        Image.new("L", (side, side)).save(tmp_path / name)
        return data.fingerprint(dataset)

    first = save("a.png", 5)
    second = save("b.png", 5)
    assert save("b.png", 900) != second != first
    assert save("b.png", 5) == second
    (tmp_path / "b.png").unlink()
    assert data.fingerprint(dataset) == first
    assert data.fingerprint(ORL) is None


def test_a_corrupt_image_is_named(tmp_path, rng):
    path = tmp_path / "whole.png"
    Image.fromarray(rng.integers(0, 255, (64, 64), dtype=np.uint8)).save(path)
    (tmp_path / "torn.png").write_bytes(path.read_bytes()[:800])
    source = data.load(Dataset(name="image-folder", size=8, path=str(tmp_path)))
    assert source.read(1).size == (64, 64)
    with pytest.raises(DataError, match=r"torn.png: found no readable image"):
        source.read(0)


def test_an_empty_or_missing_folder_is_told(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(DataError, match=r"dataset.path: found"):
            data.count(Dataset(name="image-folder", size=8, path=str(folder)))


@pytest.mark.parametrize("packed", [True, False])
def test_fashion_mnist_is_read_from_idx_files(tmp_path, monkeypatch, rng, packed):
    images, labels = rng.integers(0, 255, (5, 28, 28), dtype=np.uint8), np.arange(5, dtype=np.uint8)
    for name, array in (("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", labels)):
        head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        content = head + array.tobytes()
        (tmp_path / (name + ".gz" * packed)).write_bytes(gzip.compress(content) if packed else content)
    monkeypatch.setattr(fashion_mnist, "DEBIAN", tmp_path)
    source = data.load(Dataset(name="fashion-mnist", size=28))
    assert np.array_equal(pixels(source.read(3), Dataset(name="mnist", size=28))[0], images[3])
    assert source.labels[4] == "4"


def test_a_torn_idx_file_is_named(tmp_path):
    (tmp_path / "x").write_bytes(b"\0\0\x08\x03\0")
    with pytest.raises(DataError, match=r"found no readable IDX file"):
        fashion_mnist.idx(tmp_path, "x")


@pytest.mark.parametrize("name", ["mnist", "cifar10", "fashion-mnist", "celeba"])
def test_torchvision_data_that_cannot_be_had_are_told(tmp_path, monkeypatch, name):
    import torchvision.datasets

    def fail(*args, **kwargs):
        raise RuntimeError("no network")

    for kind in ("MNIST", "CIFAR10", "FashionMNIST", "CelebA"):
        monkeypatch.setattr(torchvision.datasets, kind, fail)
    with pytest.raises(DataError, match=r"dataset.path: found no copy of .* none could be fetched"):
        data.load(Dataset(name=name, size=8, path=str(tmp_path)))


def test_sets_survive_the_disk(tmp_path):
    _, train, _ = cut(Subsets(sizes=(20,), heldout=20, reference=20))
    write_pictures(tmp_path / "train.parquet", train, STAMP)
    again = read_pictures(tmp_path / "train.parquet")
    assert ids(again) == ids(train)
    assert all(np.array_equal(a.image, b.image) for a, b in zip(again, train, strict=True))


@pytest.fixture
def campaign():
    return {
        "campaign": "test",
        "dataset": {"name": "orl-faces", "size": 8},
        "subsets": {"sizes": [20], "heldout": 40, "reference": 60},
        "denoisers": {"bayes": {"family": "bayes"}},
        "sampling": {"count": 8},
    }
