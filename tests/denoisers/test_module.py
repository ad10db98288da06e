"""A user's own module, run: what it may be, what it gives, and what is said of one that does not work."""

import re
import sys

import pytest
import torch
from safetensors.torch import save_file

from creativity import syntax
from creativity.campaign.sections import Training
from creativity.denoisers import build, parameters, receptive_field
from creativity.denoisers import module as own
from creativity.denoisers.precondition import Preconditioned, scalings, sigma_data
from creativity.denoisers.state import save_state
from creativity.errors import UserError
from creativity.families.module import Module
from creativity.families.unet import Unet
from creativity.training.fit import fit

LINES = """
import torch
from torch import nn

def build(images, gain=2.0):
    return Net(images.shape[1], gain)

class Net(nn.Module):
    def __init__(self, channels, gain):
        super().__init__()
        self.conv, self.gain = nn.Conv2d(channels, channels, 3, padding=1), gain

    def forward(self, x, sigma):
        return self.gain * self.conv(x)
"""
OUR_UNET = """
from creativity.denoisers.unet import UNet
from creativity.families.unet import Unet

def build(images, **options):
    return UNet(Unet(family="unet", **options), channels=images.shape[1])
"""


@pytest.fixture
def net(tmp_path, monkeypatch):
    """Writes the file of a module, and makes its family; modules and search paths are forgotten afterwards."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    for function in (syntax.imported, syntax.beside, own.load):
        function.cache_clear()

    def write(text=LINES, beside=(), **options):
        for name, content in {"net.py": text, **dict(beside)}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content)
        return Module(family="module", file="net.py", **(options or {"prediction": "denoised"}))

    yield write
    for name, module in list(sys.modules.items()):
        if str(tmp_path) in str(getattr(module, "__file__", None)):
            del sys.modules[name]


def noisy(images):
    x = torch.randn(4, *images.shape[1:], generator=torch.Generator().manual_seed(1))
    return x, torch.tensor([0.01, 0.5, 3.0, 40.0])


def test_what_the_module_gives_becomes_the_clean_image(net, images):
    x, sigma = noisy(images)
    denoised, noise = (build(net(prediction=prediction), images) for prediction in ("denoised", "noise"))
    raw = denoised.net(x, sigma)
    assert torch.equal(denoised(x, sigma), raw)
    assert torch.equal(noise(x, sigma), x - sigma[:, None, None, None] * raw)
    trained = build(net(train=True), images)
    c_skip, c_out, c_in, c_noise = scalings(sigma, sigma_data(images))
    column = (slice(None), None, None, None)
    expected = c_skip[column] * x + c_out[column] * trained.net(c_in[column] * x, c_noise)
    assert torch.allclose(trained(x, sigma), expected, atol=1e-6)


def test_options_reach_build_and_the_seed_decides_the_first_weights(net, images):
    one, two = (build(net(prediction="denoised", options={"gain": gain}), images) for gain in (1.0, 3.0))
    x, sigma = noisy(images)
    assert torch.allclose(3 * one(x, sigma), two(x, sigma), atol=1e-6)
    other = build(net(), images, seed=1)
    assert not torch.equal(one.net.conv.weight, other.net.conv.weight)
    assert torch.equal(one.net.conv.weight, two.net.conv.weight)
    assert parameters(one) == 10
    assert receptive_field(one) is None


@pytest.mark.parametrize("kind", ["safetensors", "pt"])
def test_weights_from_elsewhere_are_those_of_the_module(kind, net, images, tmp_path):
    weights = {"conv.weight": torch.full((1, 1, 3, 3), 0.5, dtype=torch.float16), "conv.bias": torch.ones(1)}
    path = tmp_path / f"w.{kind}"
    save_file(weights, path) if kind == "safetensors" else torch.save(weights, path)
    denoiser = build(net(weights=str(path), prediction="denoised"), images)
    x = torch.ones(1, 1, 8, 8)
    assert denoiser(x, torch.ones(1))[0, 0, 4, 4].item() == 2 * (9 * 0.5 + 1)
    network = build(net(weights=str(path), prediction="network", sigma_data=0.5), images)
    assert isinstance(network, Preconditioned)
    assert network.sigma_data == 0.5


def test_our_own_unet_as_file_and_weights_is_the_same_denoiser(net, images, heldout, tmp_path):
    options = {"pooling": 1, "width": 4}
    ours = build(Unet(family="unet", **options), images)
    result = fit(ours, images, heldout, Training(steps=6, batch_size=4), 0)
    ours.load_state_dict(result.checkpoints[6])
    save_state(tmp_path / "model.safetensors", result.checkpoints[6], {})
    family = net(OUR_UNET, weights="model.safetensors", prediction="network", options=options)
    theirs = build(family, images[:10])  # other images, of another sigma_data
    x, sigma = noisy(images)
    assert torch.equal(theirs(x, sigma), ours.eval()(x, sigma))
    assert receptive_field(theirs) == receptive_field(ours)


def test_our_own_unet_as_file_is_trained_to_the_same_weights(net, images, heldout):
    options, config = {"pooling": 1, "width": 4}, Training(steps=6, batch_size=4)
    one = fit(build(Unet(family="unet", **options), images, 3), images, heldout, config, 3)
    other = fit(build(net(OUR_UNET, train=True, options=options), images, 3), images, heldout, config, 3)
    assert all(torch.equal(value, other.checkpoints[6][name]) for name, value in one.checkpoints[6].items())


def test_files_beside_are_found_and_namesakes_in_other_folders_are_not_confused(net, images, tmp_path):
    text = LINES.replace("import torch\n", "from shared import FACTOR\n").replace("self.gain *", "FACTOR *")
    x, sigma = noisy(images)
    outputs = []
    for factor in (1.0, 5.0):
        folder = tmp_path / f"folder{factor}"
        net(text, {f"{folder.name}/net.py": text, f"{folder.name}/shared.py": f"FACTOR = {factor}"})
        outputs.append(build(Module(family="module", file=f"{folder.name}/net.py", prediction="denoised"), images)(x, sigma))
    assert torch.allclose(5 * outputs[0], outputs[1], atol=1e-6)


HEAD, FORWARD = LINES.split("    def forward")[0], "    def forward(self, x, sigma):\n        "
WRONG = {  # what the file says, and what is said of it
    "an import that fails": (
        "import nothing_of_the_kind\ndef build(images): ...",
        r"net\.py, line 1: the file raised ModuleNotFound",
    ),
    "an end of the process": ("def build(images): ...\nraise SystemExit(3)", r"net\.py, line 2: the file raised SystemExit: 3"),
    "no function": ("build = 3", r"net\.py, line 1: found no function build"),
    "an option that is not known": ("def build(images, depth): ...", r"net\.py, line 1: build raised TypeError: .*'depth'"),
    "a failing build": ("def build(images):\n    return 1 / 0", r"net\.py, line 2: build raised ZeroDivisionError"),
    "no module": ("\ndef build(images):\n    return 3", r"net\.py, line 2: build returns int; allowed: a torch\.nn\.Module"),
    "a failing module": (
        HEAD + FORWARD + "return x + torch.ones(3, 5)",
        r"net\.py, line 14: the module raised RuntimeError: The size",
    ),
    "another shape": (
        HEAD + FORWARD + "return x.flatten(1)",
        r"net\.py, line 13: the module gives a tensor of shape \[2, 64\] for x",
    ),
    "no tensor": (HEAD + FORWARD + "return (x,)", r"net\.py, line 13: the module gives tuple for x of shape \[2, 1, 8, 8\]"),
    "not finite": (HEAD + FORWARD + "return x / 0", r"net\.py, line 13: the module gives values that are not finite"),
    "random numbers": (HEAD + FORWARD + "return torch.randn_like(x)", r"net\.py, line 13: the module gives two outputs"),
    "one level for all": (HEAD + FORWARD + "return sigma[0] * x", r"net\.py, line 13: the module treats an image in another way"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_mistake_is_one_sentence_with_file_and_line(what, net, images):
    text, said = WRONG[what]
    with pytest.raises(UserError) as error:
        build(net(text), images)
    assert re.match(said, str(error.value)), error.value
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")


def test_a_mistake_beside_is_told_where_it_is(net, images):
    text = LINES.replace("import torch\n", "import shared\n").replace("self.gain *", "shared.wrong() *")
    with pytest.raises(UserError, match=r"^shared\.py, line 3: the module raised KeyError"):
        build(net(text, {"shared.py": "\ndef wrong():\n    return {}['no']"}), images)


def test_a_module_without_weights_is_not_trained(net, images):
    text = "from torch import nn\nclass Same(nn.Module):\n    def forward(self, x, c_noise):\n        return x\n"
    text += "def build(images):\n    return Same()"
    with pytest.raises(UserError, match=r"^net\.py, line 3: found a module without weights to train"):
        build(net(text, train=True), images)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"conv.weight": torch.zeros(1, 1, 3, 3)}, r"found no conv\.bias; allowed: the weights of the module"),
        (
            {"conv.weight": torch.zeros(2, 1, 3, 3), "conv.bias": torch.zeros(1)},
            r"found conv\.weight of shape \[2, 1, 3, 3\] for one",
        ),
        ({"a": torch.zeros(1), "b": torch.zeros(1)}, r"found no conv\.weight, no conv\.bias, an unknown a and 1 more"),
        ({"model": {"conv.bias": torch.zeros(1)}, "step": 3}, r"w\.pt: found model, step; allowed: a state dict"),
        ([1, 2], r"w\.pt: found list; allowed: a state dict"),
    ],
)
def test_weights_that_do_not_fit_are_told(weights, said, net, images):
    family = net(weights="w.pt", prediction="noise")
    torch.save(weights, "w.pt")
    with pytest.raises(UserError, match=said):
        build(family, images)


def test_no_code_of_a_file_of_weights_is_run(net, images, tmp_path):
    family = net(weights="w.pt", prediction="noise")
    torch.save(RunsWhenRead(tmp_path / "was-run"), "w.pt")
    with pytest.raises(UserError, match=r"w\.pt: found no readable weights .* weights_only"):
        build(family, images)
    assert not (tmp_path / "was-run").exists()
    (tmp_path / "w.safetensors").write_bytes(b"no weights")
    with pytest.raises(UserError, match=r"w\.safetensors: found no readable weights"):
        build(net(weights="w.safetensors", prediction="noise"), images)


class RunsWhenRead:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (type(self.path).touch, (self.path,))
