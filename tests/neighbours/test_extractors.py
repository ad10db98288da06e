"""Features of other people's networks: against the packages that define them, with random weights of the true shape."""

import numpy as np
import pytest
import timm
import torch
import torch_fidelity
from pydantic import ValidationError
from torch.utils.data import TensorDataset
from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

from creativity import store
from creativity.campaign.sections import Features
from creativity.errors import UserError
from creativity.measures import two_sample
from creativity.measures.sets import frechet
from creativity.neighbours import extractors as features

CPU = torch.device("cpu")
IMAGES = 24


@pytest.fixture(scope="module")
def inception(tmp_path_factory):
    """A file of random weights for Inception."""
    path = tmp_path_factory.mktemp("inception") / "weights.pth"
    with pytest.MonkeyPatch.context() as patch, torch.random.fork_rng():
        torch.manual_seed(0)
        patch.setattr("torch_fidelity.feature_extractor_inceptionv3.load_state_dict_from_url", lambda *_, **__: {})
        patch.setattr(torch.nn.Module, "load_state_dict", lambda *_, **__: None)
        net = FeatureExtractorInceptionV3("inception", ["2048"])
    torch.save(net.state_dict(), path)
    return path


@pytest.fixture(scope="module")
def dino(tmp_path_factory):
    """A file of random weights for the smallest DINOv2, of the authors' side of 518."""
    path = tmp_path_factory.mktemp("dino") / "weights.pth"
    with torch.random.fork_rng():
        torch.manual_seed(0)
        torch.save(timm.create_model("vit_small_patch14_dinov2", num_classes=0).state_dict(), path)
    return path


def settings(extractor, **keys):
    return Features(extractor=extractor, weights="weights", **keys)


def pictures(seed, channels=3):
    """Smooth images, as float32 in -1..1."""
    coarse = np.random.default_rng(seed).integers(0, 256, (IMAGES, channels, 4, 4)).astype(np.uint8)
    return store.to_unit(coarse.repeat(4, axis=2).repeat(4, axis=3))


def test_frechet_and_kernel_distance_in_inception_are_those_of_torch_fidelity(inception):
    net = features.load(settings("inception"), inception, CPU)
    rows = [features.extract(net, pictures(seed), CPU).astype(np.float64) for seed in (0, 1)]
    sides = [TensorDataset(torch.from_numpy(store.from_unit(pictures(seed)))) for seed in (0, 1)]
    sides = [[row[0] for row in side] for side in sides]
    theirs = torch_fidelity.calculate_metrics(
        input1=Images(sides[0]), input2=Images(sides[1]), cuda=False, fid=True, kid=True, kid_subset_size=IMAGES, kid_subsets=1,
        feature_extractor_weights_path=str(inception), cache=False, save_cpu_ram=True, verbose=False,
    )  # fmt: skip
    assert frechet(*rows).value == pytest.approx(theirs["frechet_inception_distance"], rel=1e-3)
    sums = two_sample.across(*rows)[1], *(two_sample.within(side)[1] for side in rows)
    assert two_sample.discrepancy(*sums).value == pytest.approx(theirs["kernel_inception_distance_mean"], rel=1e-4)


class Images(torch.utils.data.Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return self.rows[i]


@pytest.mark.parametrize(("extractor", "width"), [("inception", 2048), ("dinov2-vits14", 384)])
def test_features_depend_on_the_image_alone_and_grey_is_three_equal_channels(request, extractor, width, monkeypatch):
    weights = request.getfixturevalue("inception" if extractor == "inception" else "dino")
    net = features.load(settings(extractor), weights, CPU)
    grey = pictures(2, channels=1)[:5]
    found = features.extract(net, grey, CPU)
    assert found.shape == (5, width)
    assert found.std(axis=0).max() > 0
    monkeypatch.setattr(features, "BATCH", 2)
    again = features.extract(net, grey.repeat(3, axis=1), CPU)
    np.testing.assert_allclose(again, found, atol=1e-4 * np.abs(found).max())
    assert features.extract(net, grey[:0], CPU).shape[0] == 0


def test_dino_is_what_timm_gives_for_the_resized_and_normalised_image(dino):
    net = features.load(settings("dinov2-vits14"), dino, CPU)
    image = pictures(3)[:2]
    plain = timm.create_model("vit_small_patch14_dinov2", num_classes=0, img_size=224)
    plain.load_state_dict(timm.models.vision_transformer.checkpoint_filter_fn(torch.load(dino, weights_only=True), plain))
    data = timm.data.resolve_data_config({"input_size": (3, 224, 224)}, model=plain)
    x = torch.nn.functional.interpolate(torch.from_numpy((image + 1) / 2), size=(224, 224), mode="bicubic", antialias=True).clamp(
        0, 1
    )
    mean, deviation = (torch.tensor(data[key])[:, None, None] for key in ("mean", "std"))
    expected = plain.eval()((x - mean) / deviation).detach().numpy()
    np.testing.assert_allclose(features.extract(net, image, CPU), expected, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize("extractor", ["inception", "dinov2-vits14"])
def test_a_file_of_something_else_ends_in_one_sentence(tmp_path, extractor):
    for content in (b"not weights", None):
        path = tmp_path / "weights.pth"
        path.write_bytes(content) if content else torch.save({"layer": torch.zeros(2)}, path)
        with pytest.raises(UserError, match=f"{path} does not hold the weights of {extractor}") as told:
            features.load(settings(extractor), path, CPU)
        assert "\n" not in str(told.value)


class Means(torch.nn.Module):
    """The mean of each channel, and of the upper left pixel: values that can be worked out by hand."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x.mean(dim=(2, 3)), x[:, :, 0, 0]], dim=1)


class Wrong(torch.nn.Module):
    """Gives what is no row of finite numbers for each image."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.kind == "maps":
            return x
        if self.kind == "one row":
            return x.mean(dim=(0, 2, 3))
        return x.mean(dim=(2, 3)) / 0


def script(path, net):
    torch.jit.script(net).save(path)
    return path


def test_a_torchscript_network_is_shown_images_of_its_size_and_standardised(tmp_path):
    path = script(tmp_path / "net.pt", Means())
    net = features.load(settings("torchscript", size=16, mean=(0.5, 0.25, 0.0), deviation=(0.5, 1.0, 2.0)), path, CPU)
    grey = np.zeros((2, 1, 16, 16), np.float32)
    grey[1] = 1
    black_to_white = (np.array([128 / 255, 1])[:, None] - [0.5, 0.25, 0]) / [0.5, 1, 2]
    rows = features.extract(net, grey, CPU)
    np.testing.assert_allclose(rows, np.concatenate([black_to_white, black_to_white], axis=1), atol=5e-3)
    image = pictures(5)[:1]
    corner = ((image[0, :, 0, 0] + 1) / 2 - [0.5, 0.25, 0]) / [0.5, 1, 2]
    np.testing.assert_allclose(features.extract(net, image, CPU)[0, 3:], corner, atol=5e-3)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("maps", r"gives \[2, 3, 16, 16\] for 2 images; allowed: \[2, d\], a row of numbers each\.$"),
        ("one row", r"gives \[3\] for 2 images; allowed: \[2, d\], a row of numbers each\.$"),
        ("infinite", r"gives numbers that are not finite; allowed: finite numbers\.$"),
    ],
)
def test_a_torchscript_file_that_gives_no_features_ends_in_one_sentence(tmp_path, kind, told):
    path = script(tmp_path / "net.pt", Wrong(kind))
    with pytest.raises(UserError, match=rf"^features.weights: {path} {told}"):
        features.load(settings("torchscript", size=16), path, CPU)


def test_a_file_that_is_no_torchscript_or_fails_on_images_ends_in_one_sentence(tmp_path):
    path = tmp_path / "net.pt"
    path.write_bytes(b"not a network")
    with pytest.raises(UserError, match=f"{path} does not hold a TorchScript network") as error:
        features.load(settings("torchscript"), path, CPU)
    assert "\n" not in str(error.value)
    script(path, torch.nn.Linear(7, 2))
    with pytest.raises(UserError, match=f"{path} fails on images of side 16") as error:
        features.load(settings("torchscript", size=16), path, CPU)
    assert "\n" not in str(error.value)


def test_keys_of_torchscript_belong_to_it_alone():
    with pytest.raises(ValidationError, match=r"size: found 32; allowed: no such key, since extractor is not torchscript"):
        settings("inception", size=32)
