import numpy as np
import pytest
from PIL import Image

from creativity import data
from creativity.campaign.sections import Dataset, Subsets
from creativity.data.source import DataError, Source
from creativity.data.subset import cut_reference, cut_subset, read_pictures, write_pictures
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


def test_sets_survive_the_disk(tmp_path):
    _, train, _ = cut(Subsets(sizes=(20,), heldout=20, reference=20))
    write_pictures(tmp_path / "train.parquet", train, STAMP)
    again = read_pictures(tmp_path / "train.parquet")
    assert ids(again) == ids(train)
    assert all(np.array_equal(a.image, b.image) for a, b in zip(again, train, strict=True))
