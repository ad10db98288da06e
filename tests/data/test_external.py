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
from creativity.campaign.layout import samples_of
from creativity.campaign.sections import Dataset
from creativity.campaign.validation import plain, resolve
from creativity.data import external
from creativity.data.collection import collect
from creativity.data.source import DataError, pixels
from creativity.data.subset import Cut, cut_reference, cut_subset

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


def load(*arguments):
    given = external.samples_of(*arguments)
    return given.names, np.concatenate(list(given.images(2)))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path_factory, monkeypatch):
    """What is kept of the files goes to .snakemake/ of the working folder."""
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))


def encoded(image):
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def test_images_are_brought_to_size_as_those_of_the_data_set_are(tmp_path, images):
    config = folder_of(tmp_path / "samples", images)
    names, found = load(config, GREY, 12, 0)
    assert names == [f"{i:03}.png" for i in range(12)]
    assert found.shape == (12, 1, 8, 8)
    assert (found == np.stack([pixels(Image.fromarray(image), GREY) for image in images])).all()
    assert load(config, COLOUR, 3, 0)[1].shape == (3, 3, 8, 8)


def test_the_choice_is_random_but_fixed_and_keeps_the_order(tmp_path, images):
    config = folder_of(tmp_path / "samples", images)
    first, again, other = (load(config, GREY, 6, seed)[0] for seed in (0, 0, 1))
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
    names, found = load(path, GREY, 12, 0)
    assert names[3] == "row 3"
    assert (found == np.stack([pixels(Image.fromarray(image[0]), GREY) for image in square])).all()
    assert len(collect(path, "key").names) == 12


def test_contents_count_and_places_do_not(tmp_path, images):
    here = folder_of(tmp_path / "here", images)
    there = folder_of(tmp_path / "there", images)
    known = collect(here, "key").fingerprint
    assert collect(there, "key").fingerprint == known
    image = np.array(Image.open(tmp_path / "there/004.png"))
    image[0, 0] ^= 1
    size = (tmp_path / "there/004.png").stat().st_size
    Image.fromarray(image).save(tmp_path / "there/004.png")
    assert abs((tmp_path / "there/004.png").stat().st_size - size) < 10
    assert collect(there, "key").fingerprint != known


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
    reference = list(cut_reference(Cut(source, made.dataset, made.subsets)))
    sides = {}
    keys = [(picture.id, picture.sha256) for picture in reference]
    cut_subset(Cut(source, made.dataset, made.subsets), keys, 30, 0, lambda side, pictures: sides.update({side: list(pictures)}))
    train, heldout = sides["train"], sides["heldout"]
    assert {picture.id for picture in train} == {f"train/{i:03}.png" for i in range(30)}
    assert len({picture.id for picture in [*heldout, *reference]} & {f"{i:03}.png" for i in range(30)}) == 28


def test_another_models_images_must_be_enough_and_all_it_learned_must_be_searched(folders, images):
    with pytest.raises(DataError, match=r"denoisers.mine.path: found .*which does not exist"):
        data.planned(campaign(folders), "x")
    folder_of(folders / "samples", images)
    data.planned(campaign(folders), "x")
    (folders / "samples/003.png").unlink()
    with pytest.raises(DataError, match=r"sampling.count: found 12; allowed: at most 11, the images in denoisers.mine.path"):
        data.planned(campaign(folders, count=12), "x")
    with pytest.raises(DataError, match=r"subsets.sizes: found \[20\]; allowed: \[30\] or \[all\], all images in dataset.train"):
        data.planned(campaign(folders, sizes=[20]), "x")
    with pytest.raises(DataError, match=r"subsets.reference: found 19; allowed: at most 18 beside 12 held-out images, of 30"):
        data.planned(campaign(folders, reference=19), "x")


def looked_at(folders, count, samples_of_controls=None):
    """The campaign as it is planned where the external model has a count of its own."""
    made = campaign(folders, count=samples_of_controls)
    denoisers = {"mine": {"family": "external", "path": str(folders / "samples"), "count": count}}
    return data.planned(resolve(plain(made) | {"denoisers": denoisers}, "test"), "x").campaign


def test_all_samples_are_looked_at_though_they_are_more_than_the_held_out_images(folders, rng):
    folder_of(folders / "samples", [rng.integers(0, 256, (8, 8), dtype=np.uint8) for _ in range(15)])
    made = looked_at(folders, "all")
    assert made.denoisers["mine"].count == 15
    assert made.sampling.count == made.subsets.heldout == 12
    assert (samples_of(made, "mine"), samples_of(made, "copier")) == (15, 12)
    assert samples_of(looked_at(folders, 3, 9), "mine") == 3
    assert looked_at(folders, None).denoisers["mine"].count is None


def test_fewer_samples_than_held_out_images_are_looked_at_and_no_more_than_there_are(folders, images):
    folder_of(folders / "samples", images[:3])
    assert samples_of(looked_at(folders, "all"), "mine") == 3
    with pytest.raises(DataError, match=r"denoisers.mine.count: found 4; allowed: at most 3, the images in denoisers.mine.path"):
        looked_at(folders, 4)


def test_a_folder_of_training_images_is_for_folders_alone(folders):
    with pytest.raises(Exception, match=r"dataset.train: found .*; allowed: null, since name is mnist"):
        campaign(folders, name="mnist")
