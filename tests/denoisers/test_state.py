import torch

from creativity.campaign.sections import Training
from creativity.denoisers import build
from creativity.denoisers.state import load_state, save_state
from creativity.families.mlp import Mlp
from creativity.training.trainer import Trainer

NET = Mlp(family="mlp", width=64, depth=1)
SHORT = Training(steps=40, batch_size=8)


def test_weights_survive_the_disk_and_the_file_is_always_the_same(images, tmp_path):
    weights = Trainer(build(NET, images), SHORT, 0).weights()
    for i in range(5):
        save_state(tmp_path / f"{i}.safetensors", weights, {"b": 1, "a": {"d": None, "c": [1, 2]}})
    assert len({(tmp_path / f"{i}.safetensors").read_bytes() for i in range(5)}) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{i}.safetensors" for i in range(5)]
    again = load_state(tmp_path / "0.safetensors")
    assert all(torch.equal(weights[key], again[key]) for key in weights)
    build(NET, images).load_state_dict(again)
