import numpy as np
import pytest
from PIL import Image

from creativity import data, store
from creativity.campaign.sections import Dataset, Subsets
from creativity.data.source import DataError, Source
from creativity.data.subset import Cut, cut_reference, cut_subset, read_keys, write_pictures
from creativity.store import Stamp

ORL = Dataset(name="orl-faces", size=8)
STAMP = Stamp("test", "content", "code", "commit")


def ids(side):
    return [picture.id for picture in side]


def cut(subsets, size=None, seed=0, source=None, dataset=ORL, threads=1):
    """Reference, train and held-out."""
    source = source or data.load(dataset)
    reference = list(cut_reference(Cut(source, dataset, subsets, threads)))
    keys, sides = [(picture.id, picture.sha256) for picture in reference], {}
    cutting = Cut(source, dataset, subsets, threads)
    cut_subset(cutting, keys, size or max(subsets.sizes), seed, lambda side, pictures: sides.update({side: list(pictures)}))
    return reference, sides["train"], sides["heldout"]


def random_source(images, groups=None, trains=None):
    pictures = [Image.fromarray(image) for image in images]
    names = [f"i{i}" for i in range(len(pictures))]
    return Source(names, [None] * len(pictures), groups, lambda i: pictures[i], trains)


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
    table = store.read(tmp_path / "train.parquet")
    assert read_keys(tmp_path / "train.parquet") == [(picture.id, picture.sha256) for picture in train]
    assert table.column_names == ["id", "sha256", "label", "image"]
    assert np.array_equal(store.levels(table), np.stack([picture.image for picture in train]))


def test_any_number_of_threads_cuts_the_same_sets_and_reads_each_image_once_or_nearly():
    subsets, source = Subsets(sizes=(100,), heldout=60, reference=80), data.load(ORL)
    read = []
    counted = source._replace(read=lambda i: read.append(i) or source.read(i))
    alone = cut(subsets, source=counted)
    assert len(read) == len(set(read)) == 240
    together = cut(subsets, source=source, threads=4)
    assert [ids(side) for side in alone] == [ids(side) for side in together]


def both_sides(rng, trained=30, others=40):
    images = rng.integers(0, 255, (trained + others, 8, 8), dtype=np.uint8)
    return images, [i < trained for i in range(trained + others)]


def test_other_images_that_look_like_training_images_give_way(rng):
    images, trains = both_sides(rng)
    images[30:35] = images[:5]  # five of the others are training images
    images[35] = images[36]  # and two are the same
    source = random_source(images, trains=trains)
    subsets = Subsets(sizes=(30,), heldout=16, reference=24)
    reference, train, heldout = cut(subsets, source=source)
    assert sorted(ids(train)) == sorted(f"i{i}" for i in range(30))
    assert len(heldout) == 16
    assert len(reference) == 40 - 6 - 16
    hashes = [picture.sha256 for picture in (*reference, *train, *heldout)]
    assert len(hashes) == len(set(hashes))
    cutting = Cut(source, ORL, subsets)
    list(cut_reference(cutting))
    assert {"i30", "i31", "i32", "i33", "i34"} < set(cutting.gave_way)
    assert len(cutting.gave_way) == 6


def test_enough_other_images_leave_the_reference_as_large_as_was_asked(rng):
    images, trains = both_sides(rng, others=60)
    images[30:35] = images[:5]
    reference, _, heldout = cut(Subsets(sizes=(30,), heldout=16, reference=24), source=random_source(images, trains=trains))
    assert (len(reference), len(heldout)) == (24, 16)


def test_the_held_out_images_are_the_same_beside_any_size_and_the_training_sets_are_nested(rng):
    images, trains = both_sides(rng)
    source, subsets = random_source(images, trains=trains), Subsets(sizes=(10, 20), heldout=10, reference=20)
    _, small, heldout = cut(subsets, size=10, source=source)
    _, large, heldout_again = cut(subsets, size=20, source=source)
    assert ids(small) == ids(large)[:10]
    assert ids(heldout) == ids(heldout_again)
    apart = Subsets(sizes=(10,), seeds=(4, 9), heldout=10, reference=20, disjoint=True)
    first, second = (set(ids(cut(apart, seed=seed, source=source)[1])) for seed in (4, 9))
    assert len(first) == len(second) == 10
    assert not first & second


def test_twins_among_the_training_images_are_kept_and_named(rng):
    images, trains = both_sides(rng)
    images[1] = images[0]
    cutting = Cut(random_source(images, trains=trains), ORL, Subsets(sizes=(30,), heldout=10, reference=20))
    sides = {}
    cut_subset(cutting, [], 30, 0, lambda side, pictures: sides.update({side: list(pictures)}))
    assert len(sides["train"]) == 30
    assert [set(pair) for pair in cutting.twins] == [{"i0", "i1"}]


@pytest.mark.parametrize("threads", [1, 3])
def test_all_images_that_cannot_be_read_are_named_at_once(rng, threads):
    images = rng.integers(0, 255, (60, 8, 8), dtype=np.uint8)
    whole = random_source(images)

    def read(i):
        if i % 4 == 0:
            raise DataError(f"image {i}: found no readable image (torn); allowed: a whole image file.")
        return whole.read(i)

    cutting = Cut(whole._replace(read=read), ORL, Subsets(sizes=(20,), heldout=10, reference=50), threads)
    with pytest.raises(DataError, match=r"^found 15 unreadable images: (image \d+: .*? \(torn\), ){9}.* and 5 more"):
        list(cut_reference(cutting))
