"""Images that another model generated: read from folders and Parquet files, chosen, and told by their contents."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from checkout import TINY
from PIL import Image

from creativity import data, store
from creativity.campaign.sections import Dataset
from creativity.campaign.validation import resolve
from creativity.data import external
from creativity.data.source import DataError, pixels
from creativity.data.subset import cut_reference, cut_subset
from creativity.fields import ImpossibleError

GREY, COLOUR = Dataset(name="orl-faces", size=8), Dataset(name="orl-faces", size=8, color=True)
STAMP = store.Stamp("test", "content", "code", "commit")


def folder_of(path, images):
    path.mkdir(parents=True)
    for i, image in enumerate(images):
        Image.fromarray(image).save(path / f"{i:03}.png")
    return path


@pytest.fixture
def images(rng):
    return [rng.integers(0, 256, (20, 16), dtype=np.uint8) for _ in range(12)]


def encoded(image):
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def test_images_are_brought_to_size_as_those_of_the_data_set_are(tmp_path, images):
    config = folder_of(tmp_path / "samples", images)
    names, found = external.load(config, GREY, 12, 0)
    assert names == [f"{i:03}.png" for i in range(12)]
    assert found.shape == (12, 1, 8, 8)
    assert (found == np.stack([pixels(Image.fromarray(image), GREY) for image in images])).all()
    assert external.load(config, COLOUR, 3, 0)[1].shape == (3, 3, 8, 8)


def test_the_choice_is_random_but_fixed_and_keeps_the_order(tmp_path, images):
    config = folder_of(tmp_path / "samples", images)
    first, again, other = (external.load(config, GREY, 6, seed)[0] for seed in (0, 0, 1))
    assert first == again
    assert first != other
    assert first == sorted(first)
    assert first != [f"{i:03}.png" for i in range(6)]


@pytest.mark.parametrize("kind", ["bytes", "map", "uint8", "float32"])
def test_parquet_files_hold_encoded_images_or_tensors(tmp_path, images, kind):
    path = tmp_path / "samples.parquet"
    square = np.stack([image[2:18] for image in images])[:, None]
    if kind == "bytes":
        pd.DataFrame({"image": [encoded(image[2:18]) for image in images]}).to_parquet(path)
    elif kind == "map":
        pq.write_table(pa.table({"image": [{"bytes": encoded(image[2:18]), "path": None} for image in images]}), path)
    else:
        tensors = square if kind == "uint8" else store.to_unit(square)
        store.write_images(path, {"id": [str(i) for i in range(12)]}, tensors, STAMP)
    names, found = external.load(path, GREY, 12, 0)
    assert names[3] == "row 3"
    assert (found == np.stack([pixels(Image.fromarray(image[0]), GREY) for image in square])).all()
    assert external.count(path, "key") == 12


def test_contents_count_and_places_do_not(tmp_path, images):
    here = folder_of(tmp_path / "here", images)
    there = folder_of(tmp_path / "there", images)
    known = external.fingerprint(here, "key")
    assert external.fingerprint(there, "key") == known
    image = np.array(Image.open(tmp_path / "there/004.png"))
    image[0, 0] ^= 1
    size = (tmp_path / "there/004.png").stat().st_size
    Image.fromarray(image).save(tmp_path / "there/004.png")
    assert abs((tmp_path / "there/004.png").stat().st_size - size) < 10
    assert external.fingerprint(there, "key") != known


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "samples: found .*samples.parquet', which is neither folder nor Parquet file; allowed: a folder"),
        (lambda path: path.write_text("no table"), "samples: found .*which is neither folder nor Parquet file"),
        (
            lambda path: pd.DataFrame({"picture": [1]}).to_parquet(path),
            "samples: found the columns picture in .*; allowed: one named image",
        ),
        (lambda path: path.mkdir(), "samples: found no image in"),
    ],
)
def test_what_holds_no_images_is_told_in_one_sentence(tmp_path, make, words):
    make(tmp_path / "samples.parquet")
    with pytest.raises(DataError, match=words):
        external.count(tmp_path / "samples.parquet", "samples")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([b"not an image"], "found no image in row 0"),
        ([None], "found no image in row 0"),
        (np.full((1, 1, 4, 4), np.nan, np.float32), r"found a tensor of shape \[1, 4, 4\] in row 0; allowed: finite"),
        (np.zeros((1, 4, 4, 3), np.uint8), r"found a tensor of shape \[4, 4, 3\] in row 0"),
    ],
)
def test_a_row_that_is_no_image_is_named(tmp_path, rows, words):
    path = tmp_path / "samples.parquet"
    if isinstance(rows, np.ndarray):
        store.write_images(path, {}, rows, STAMP)
    else:
        pq.write_table(pa.table({"image": pa.array(rows, pa.binary())}), path)
    with pytest.raises(DataError, match=words):
        external.load(path, GREY, 1, 0)


@pytest.fixture
def folders(tmp_path, rng):
    """Folders of training, other and generated images, the first within the second."""
    made = [rng.integers(0, 256, (8, 8), dtype=np.uint8) for _ in range(60)]
    folder_of(tmp_path / "real", made[:30])
    folder_of(tmp_path / "real/train", made[30:])
    return tmp_path


def campaign(folders, sizes=(30,), count=10, reference=16, **dataset):
    named = {"name": "image-folder", "size": 8, "path": str(folders / "real"), "train": str(folders / "real/train")}
    return resolve(
        TINY
        | {
            "dataset": named | dataset,
            "subsets": {"sizes": list(sizes), "heldout": 12, "reference": reference},
            "denoisers": {"mine": {"family": "external", "path": str(folders / "samples")}},
            "sampling": {"count": count},
        },
        "test",
    )


def test_training_images_come_from_their_own_folder_alone(folders):
    made = campaign(folders)
    source = data.load(made.dataset)
    assert len(source.ids) == len(set(source.ids)) == 60
    reference = cut_reference(source, made.dataset, made.subsets)
    train, heldout = cut_subset(source, made.dataset, made.subsets, reference, 30, 0)
    assert {picture.id for picture in train} == {f"train/{i:03}.png" for i in range(30)}
    assert len({picture.id for picture in [*heldout, *reference]} & {f"{i:03}.png" for i in range(30)}) == 28


def test_another_models_images_must_be_enough_and_all_it_learned_must_be_searched(folders, images):
    with pytest.raises(DataError, match=r"denoisers.mine.path: found .*neither folder nor Parquet file"):
        data.check(campaign(folders))
    folder_of(folders / "samples", images)
    data.check(campaign(folders))
    (folders / "samples/003.png").unlink()
    with pytest.raises(ImpossibleError, match=r"sampling.count: found 12; allowed: at most 11, the images in denoisers.mine.path"):
        data.check(campaign(folders, count=12))
    with pytest.raises(ImpossibleError, match=r"subsets.sizes: found \[20\]; allowed: \[30\], all images in dataset.train"):
        data.check(campaign(folders, sizes=[20]))
    with pytest.raises(ImpossibleError, match=r"subsets.reference: found 19; allowed: at most 18 beside 12 held-out images"):
        data.check(campaign(folders, reference=19))


def test_a_folder_of_training_images_is_for_folders_alone(folders):
    with pytest.raises(Exception, match=r"dataset.train: found .*; allowed: null, since name is mnist"):
        campaign(folders, name="mnist")
