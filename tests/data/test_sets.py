"""The data sets: each is read as what it is, and says what it lacks."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from creativity import data
from creativity.campaign.sections import Dataset
from creativity.data import sets, synthetic
from creativity.data.sets import fashion_mnist, mnist, moment_matched
from creativity.data.source import DataError, pixels
from creativity.fields import modules_in
from creativity.store import to_unit

FACTS = {  # how many images there are where it is known at once, whether groups are known, and whether images repeat
    "celeba": (162_770, True, False),
    "cifar10": (50_000, False, False),
    "fashion-mnist": (60_000, False, False),
    "gaussian-field": (100_000, False, False),
    "image-folder": (None, True, False),
    "low-rank": (100_000, False, False),
    "mnist": (60_000, False, False),
    "moment-matched": (100_000, False, True),
    "orl-faces": (400, True, False),
    "templates": (100_000, False, True),
    "texture": (100_000, False, False),
}
ORL = Dataset(name="orl-faces", size=8)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path_factory, monkeypatch):
    """What is kept of the files goes to .snakemake/ of the working folder."""
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))


def test_the_faces_are_400_of_40_people():
    source = data.load(ORL)
    assert len(source.ids) == 400 == data.count(ORL)
    assert len(set(source.groups)) == 40
    assert source.read(0).size == (92, 112)


def test_an_image_folder_is_read_with_its_sub_folders_as_groups(tmp_path, rng):
    for person in "ab":
        (tmp_path / person).mkdir()
        for i in range(3):
            Image.fromarray(rng.integers(0, 255, (9, 9, 3), dtype=np.uint8)).save(tmp_path / person / f"{i}.png")
    (tmp_path / "notes.txt").write_text("not an image")
    source = data.load(Dataset(name="image-folder", size=8, path=str(tmp_path)))
    assert list(source.ids) == ["a/0.png", "a/1.png", "a/2.png", "b/0.png", "b/1.png", "b/2.png"]
    assert list(source.groups) == list("aaabbb")


def test_an_empty_or_missing_folder_is_told(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(DataError, match=r"dataset.path: found"):
            data.count(Dataset(name="image-folder", size=8, path=str(folder)))


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
@pytest.mark.parametrize("packed", [True, False])
def test_idx_files_are_read_from_the_folder_that_is_named(tmp_path, rng, name, packed):
    images, labels = rng.integers(0, 255, (5, 28, 28), dtype=np.uint8), np.arange(5, dtype=np.uint8)
    for file, array in ((mnist.IMAGES, images), (mnist.LABELS, labels)):
        head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        content = head + array.tobytes()
        (tmp_path / (file + ".gz" * packed)).write_bytes(gzip.compress(content) if packed else content)
    source = data.load(Dataset(name=name, size=28, path=str(tmp_path)))
    assert np.array_equal(pixels(source.read(3), Dataset(name=name, size=28))[0], images[3])
    assert source.labels[4] == "4"


def test_fashion_mnist_is_read_where_debian_puts_it_unless_a_folder_is_named(monkeypatch):
    monkeypatch.setattr(fashion_mnist, "holds_idx", lambda folder: folder == fashion_mnist.DEBIAN)
    source = fashion_mnist.from_arrays(np.zeros((1, 28, 28), np.uint8), np.zeros(1))
    monkeypatch.setattr(fashion_mnist, "from_idx", {fashion_mnist.DEBIAN: source}.__getitem__)
    assert data.load(Dataset(name="fashion-mnist", size=28)) is source


def test_a_torn_idx_file_is_named(tmp_path):
    (tmp_path / "x").write_bytes(b"\0\0\x08\x03\0")
    with pytest.raises(DataError, match=r"found no readable IDX file"):
        mnist.idx(tmp_path, "x")


@pytest.mark.parametrize("name", ["mnist", "cifar10", "fashion-mnist", "celeba"])
def test_torchvision_data_that_cannot_be_had_are_told(tmp_path, monkeypatch, name):
    import torchvision.datasets

    def fail(*args, **kwargs):
        raise RuntimeError("no network")

    for kind in ("MNIST", "CIFAR10", "FashionMNIST", "CelebA"):
        monkeypatch.setattr(torchvision.datasets, kind, fail)
    with pytest.raises(DataError, match=r"dataset.path: found no copy of .* none could be fetched"):
        data.load(Dataset(name=name, size=8, path=str(tmp_path)))


def draws(name, size, count, first=0):
    dataset = Dataset(name=name, size=size, repeats=True)
    source = data.load(dataset)
    return to_unit(np.stack([pixels(source.read(i), dataset) for i in range(first, first + count)]))[:, 0].astype(np.float64)


def test_the_texture_is_binary_stationary_and_local():
    many = draws("texture", 8, 4000)
    assert set(np.unique(np.abs(many)).round(2)) == {0.5}
    signs = np.sign(many)
    assert (signs * np.roll(signs, 1, axis=1)).mean(axis=0) == pytest.approx(np.full((8, 8), 1 / 3), abs=0.08)
    assert (signs * np.roll(signs, 2, axis=2)).mean() == pytest.approx(0, abs=0.01)
    agree = (signs * np.roll(signs, 1, axis=2) > 0).mean()
    assert agree == pytest.approx(2 / 3, abs=0.005)


def test_there_are_five_templates_as_likely_as_one_another():
    _, counts = np.unique(draws("templates", 8, 1000).reshape(1000, -1), axis=0, return_counts=True)
    assert len(counts) == 5
    assert (np.abs(counts - 200) < 4 * np.sqrt(1000 * 0.2 * 0.8)).all()


def test_the_manifold_has_four_dimensions():
    """Nearest distances among n points fall as n^(-1/4): the intrinsic dimension by the ratio of means at n and n / 8."""
    many = draws("low-rank", 16, 4000).reshape(4000, -1)
    from scipy.spatial import cKDTree

    few = cKDTree(many[:500]).query(many[:500], 2)[0][:, 1].mean()
    lots = cKDTree(many).query(many, 2)[0][:, 1].mean()
    assert np.log(8) / np.log(few / lots) == pytest.approx(4, abs=0.7)


def test_the_moment_matched_target_has_a_gaussians_moments_up_to_order_three():
    size, many = 16, draws("moment-matched", 16, 4000)
    modes, amplitudes = moment_matched.modes(size), moment_matched.amplitudes(size)
    assert np.einsum("ixy,jxy->ij", modes, modes) == pytest.approx(np.eye(10), abs=1e-12)
    found = np.tensordot(many, modes, axes=([1, 2], [1, 2])) / amplitudes
    rounding = np.abs(np.abs(found) - 1).max(axis=0) * amplitudes
    assert rounding.max() < 0.02  # the grey values' rounding, in units of the image
    assert found.mean(axis=0) == pytest.approx(np.zeros(10), abs=0.07)
    assert np.square(found).mean(axis=0) == pytest.approx(np.ones(10), abs=0.05)
    assert (found**3).mean(axis=0) == pytest.approx(np.zeros(10), abs=0.1)
    assert (found**4).mean(axis=0) == pytest.approx(np.ones(10), abs=0.2)  # a Gaussian's would be 3


def test_every_file_is_a_data_set_and_says_what_is_known_of_it():
    assert set(modules_in(Path(sets.__file__).parent)) == set(FACTS)
    for name, (number, groups, repeats) in FACTS.items():
        dataset = Dataset(name=name, size=8, path="." if name == "image-folder" else None)
        module = data.loader(dataset)
        assert (groups, repeats) == (module.GROUPS, module.REPEATS), name
        assert number is None or data.count(dataset) == number, name


def test_made_up_targets_share_no_random_numbers(monkeypatch):
    """Each has a number of its own, which its draws begin from."""
    asked = []
    monkeypatch.setattr(synthetic, "generator", lambda seed, i: asked.append((seed, i)) or np.random.default_rng(0))
    made_up = [name for name, (number, *_) in FACTS.items() if number == synthetic.COUNT]
    for name in made_up:
        data.load(Dataset(name=name, size=8, repeats=True)).read(3)
    assert len(asked) == len(set(asked)) == len(made_up) == 5
