"""What is seen of files is kept, and seen again after any change; no folder is walked and no file read for each image."""

import os
import time
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from creativity import data
from creativity.campaign.sections import Dataset, Subsets
from creativity.data import examined, folder
from creativity.data.collection import collect
from creativity.data.examined import examine_image
from creativity.data.subset import Cut, cut_reference, cut_subset


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def read(monkeypatch):
    """The names of the files that are examined, as often as they are."""
    counts = Counter()

    def counted(path):
        counts[path.name] += 1
        return examine_image(path)

    counted.__name__ = "examine_image"
    monkeypatch.setattr("creativity.data.collection.examine_image", counted)
    return counts


def images(root, count, rng):
    root.mkdir(parents=True)
    for i, array in enumerate(rng.integers(0, 255, (count, 8, 8), dtype=np.uint8)):
        Image.fromarray(array).save(root / f"{i:04}.bmp")


def test_files_are_read_once_until_they_change(tmp_path, rng, read, monkeypatch):
    images(tmp_path / "a", 5, rng)
    monkeypatch.setattr(examined, "SETTLED", -5)  # as if the files were old
    first = collect(tmp_path / "a", "key").fingerprint
    assert collect(tmp_path / "a", "key").fingerprint == first
    assert read == {f"{i:04}.bmp": 1 for i in range(5)}
    path = tmp_path / "a/0002.bmp"
    status, content = path.stat(), path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert collect(tmp_path / "a", "key").fingerprint != first
    assert read["0002.bmp"] == 2
    assert sum(read.values()) == 6


def test_a_file_that_was_written_this_moment_is_read_again(tmp_path, rng, read):
    images(tmp_path / "a", 1, rng)
    os.utime(tmp_path / "a/0000.bmp", (time.time(), time.time()))
    collect(tmp_path / "a", "key")
    collect(tmp_path / "a", "key")
    assert read["0000.bmp"] == 2


def test_what_other_code_has_kept_does_not_count(tmp_path, rng, read, monkeypatch):
    images(tmp_path / "a", 1, rng)
    monkeypatch.setattr(examined, "SETTLED", -5)
    collect(tmp_path / "a", "key")
    monkeypatch.setattr(examined, "made_by", lambda: "another version")
    collect(tmp_path / "a", "key")
    assert read["0000.bmp"] == 2


def test_two_thousand_images_are_walked_once_and_read_once(tmp_path, rng, monkeypatch):
    """A listing for each image, or a walk for each listing, would be millions of calls; counted, not timed."""
    images(tmp_path / "train", 1000, rng)
    images(tmp_path / "other", 1000, rng)
    calls = Counter()

    def counting(name, function):
        def counted(*arguments):
            calls[name] += 1
            return function(*arguments)

        return counted

    monkeypatch.setattr(folder.os, "scandir", counting("scandir", os.scandir))
    monkeypatch.setattr(folder.File, "of", counting("stat", folder.File.of))
    dataset = Dataset(name="image-folder", size=8, path=str(tmp_path / "other"), train=str(tmp_path / "train"))
    subsets = Subsets(sizes=(1000,), heldout=200, reference=800)
    source = data.load(dataset)
    assert calls == {"scandir": 2, "stat": 2000}
    source = source._replace(read=counting("read", source.read))
    keys = [(picture.id, picture.sha256) for picture in cut_reference(Cut(source, dataset, subsets))]
    assert calls["read"] == 2000
    sides = Counter()
    cut_subset(Cut(source, dataset, subsets), keys, 1000, 0, lambda side, pictures: sides.update({side: len(list(pictures))}))
    assert sides == {"train": 1000, "heldout": 200}
    assert calls["read"] <= 2000 + 1000 + 200
    assert calls["scandir"] == 2
