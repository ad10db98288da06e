"""The denoiser of a run, from its options and the files that its making left."""

import pytest
import torch

from creativity import store
from creativity.denoisers import build
from creativity.denoisers.calibrated import PATCHES, build_with
from creativity.denoisers.saved import restore
from creativity.denoisers.state import save_state
from creativity.families.linear import Linear
from creativity.families.local import Local
from creativity.families.mlp import Mlp

STAMP = store.Stamp("test", "content", "code", "commit")
NET = Mlp(family="mlp", width=8, depth=1)


def same(one, other, images):
    sigma = torch.full((4,), 0.3)
    with torch.no_grad():
        return torch.equal(one(images[:4], sigma), other(images[:4], sigma))


def test_a_closed_form_needs_no_file(images):
    denoiser, status = restore(Linear(family="linear"), images)
    assert status == "closed form"
    assert same(denoiser, build(Linear(family="linear"), images), images)


@pytest.mark.parametrize("status", ["trained", "diverged"])
def test_a_network_has_the_weights_of_its_file_and_its_status(images, tmp_path, status):
    trained = build(NET, images, seed=5)
    save_state(tmp_path / "model.safetensors", trained.state_dict(), {"status": status})
    denoiser, found = restore(NET, images, tmp_path / "model.safetensors")
    assert found == status
    assert same(denoiser, trained, images)
    assert not same(denoiser, build(NET, images), images)


def test_a_calibrated_denoiser_has_the_patches_of_its_file(images, tmp_path):
    rows = [(1.0, 3, 0.1, True), (1.0, 5, 0.2, False), (0.1, 3, 0.2, False), (0.1, 5, 0.1, True)]
    store.write(tmp_path / "patches.parquet", PATCHES, rows, STAMP)
    family = Local(family="local", patch="net")
    denoiser, status = restore(family, images, patches=tmp_path / "patches.parquet")
    assert status == "closed form"
    assert same(denoiser, build_with(family, images, {1.0: 3, 0.1: 5}), images)
    store.write(tmp_path / "none.parquet", PATCHES, [], STAMP)
    assert restore(family, images, patches=tmp_path / "none.parquet").status == "diverged"
