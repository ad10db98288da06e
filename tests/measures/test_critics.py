import numpy as np
import pytest
import torch

from creativity.campaign.sections import Critic
from creativity.denoisers.state import save_state
from creativity.measures import critics
from creativity.store import StoreError
from creativity.training import critic as training
from creativity.training.critic import CriticNet, fit


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[200:300])


@pytest.fixture
def quick(monkeypatch):
    """Fewer mosaics."""
    monkeypatch.setattr(training, "MOSAICS", 8)
    monkeypatch.setattr(training, "PATCHES", (3,))


def written(tmp_path, weights):
    path = tmp_path / "critic.safetensors"
    save_state(path, weights, {})
    return critics.read(path)


@pytest.mark.parametrize("shape", [(1, 4, 4), (1, 8, 8), (3, 16, 16), (1, 28, 28), (1, 9, 9)])
def test_a_critic_in_numpy_says_what_its_network_says(tmp_path, rng, shape):
    torch.manual_seed(0)
    net = CriticNet(4, shape).eval()
    (judge,) = written(tmp_path, {f"0/{k}": v for k, v in (net.state_dict() | {"reference": torch.zeros(3)}).items()})
    x = rng.normal(size=(5, *shape)).astype(np.float32)
    with torch.inference_mode():
        expected = net(torch.from_numpy(x)).numpy()
    assert critics.score(x, judge) == pytest.approx(expected, abs=1e-5)


def test_the_percentile_by_counting(rng):
    judges = [critics.Critic([], flat(rng.normal(size=4)), rng.normal(size=n)) for n in (7, 8)]
    x = rng.normal(size=(300, 4, 1, 1)).astype(np.float32)  # more than are judged at once
    found = critics.percentile(x, judges)
    for i in range(0, 300, 7):
        scores = [float(x[i, :, 0, 0] @ judge.last.weight[0]) for judge in judges]
        below = sum(int((judge.reference < s).sum()) for judge, s in zip(judges, scores, strict=True))
        assert found[i] == pytest.approx(below / 15)
    assert np.array_equal(critics.real(found), found >= 0.05)


def flat(weights):
    return critics.Layer(weights[None].astype(np.float32), np.zeros(1, np.float32))


def test_real_images_pass_and_noise_does_not(faces, images, tmp_path, rng, quick):
    judges = written(tmp_path, fit(images, Critic(steps=250)))
    heldout = critics.percentile(faces[:100], judges)
    assert critics.real(heldout).mean() >= 0.85
    noise = images.mean().item() + images.std().item() * rng.normal(size=(100, 1, 8, 8))
    assert critics.real(critics.percentile(noise.astype(np.float32), judges)).mean() == 0


def test_a_kind_of_unreal_images_is_judged_by_the_critic_that_never_saw_it(images, tmp_path, quick):
    path = tmp_path / "critic.safetensors"
    weights = fit(images, Critic(steps=4, width=4))
    save_state(path, weights, {})
    (judge,) = critics.read(path, "blurred")
    assert np.array_equal(judge.reference, weights["without-blurred/reference"].double().numpy())
    assert len(critics.read(path, "torn")) == len(critics.read(path)) == training.FOLDS


def test_a_broken_file_is_one_sentence(tmp_path):
    path = tmp_path / "critic.safetensors"
    path.write_bytes(b"nothing")
    with pytest.raises(StoreError, match=r"critic.safetensors: found no readable weights"):
        critics.read(path)
