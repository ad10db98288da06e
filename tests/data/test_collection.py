"""Images in every form that people bring (decode, arrays, table): read to the level, or refused in one sentence."""

import numpy as np
import pytest
import zoo

from creativity.campaign.sections import Dataset
from creativity.data.collection import collect
from creativity.data.source import DataError, pixels

COLOUR = Dataset(name="cifar10", size=zoo.SIDE, color=True)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """What is kept of the files goes to .snakemake/ of the working folder."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def read(collection):
    return [pixels(collection.read(i), COLOUR).transpose(1, 2, 0) for i in range(len(collection.names))]


@pytest.mark.parametrize(("name", "writer", "told", "tolerance"), zoo.GOOD, ids=[name for name, *_ in zoo.GOOD])
def test_a_form_is_read_as_the_pictures_that_it_holds(tmp_path, name, writer, told, tolerance):
    made = zoo.pictures(colour=zoo.GREY not in name)
    collection = collect(zoo.write(tmp_path, name, writer, made), "denoisers.mine.path", told)
    images, wanted = read(collection), zoo.expected(name, made)
    assert len(images) == len(set(collection.names)) == len(collection.seen) == zoo.COUNT
    assert all(text.encode("utf-8") for text in collection.names)
    left = list(range(zoo.COUNT))  # in any order, each picture once
    for image in images:
        apart = [np.abs(image.astype(int) - wanted[i]).max() for i in left]
        assert min(apart) <= tolerance
        left.pop(int(np.argmin(apart)))


@pytest.mark.parametrize(("name", "writer", "told", "words"), zoo.BAD, ids=[name for name, *_ in zoo.BAD])
def test_what_cannot_be_read_is_one_sentence_with_the_key(tmp_path, name, writer, told, words):
    path = zoo.write(tmp_path, name, writer, zoo.pictures())
    with pytest.raises(DataError) as raised:
        collect(path, "denoisers.mine.path", told)
    text = str(raised.value)
    assert words in text
    assert text.startswith("denoisers.mine.")
    assert "; allowed: " in text
    assert len(text.splitlines()) == 1
