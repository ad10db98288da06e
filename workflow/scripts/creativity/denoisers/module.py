"""The family `module`: a denoiser from a Python file of the user's own, which is run here and never while a campaign is planned.

A mistake in that file ends the job in one sentence, with file and line.
"""

import inspect
import os
import pickle
import random
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from creativity.denoisers.checked import check, check_output
from creativity.denoisers.precondition import Preconditioned, sigma_data
from creativity.errors import UserError
from creativity.families.module import Module
from creativity.syntax import beside
from creativity.tensors import Images, Sigma

Weights = Mapping[str, Tensor]
OWN = "sigma_data"  # a tensor of this name tells that weights were trained by this project: those of F then begin with "net."
SHOWN = 3  # names that are listed where weights do not fit


def build(config: Module, images: Images) -> nn.Module:
    """The denoiser around the module that the file's `build(images, **options)` returns; images: [n, c, h, w] in -1..1.

    Raises UserError where the file cannot be run, the weights do not fit, or the module does not denoise such images.
    """
    file = config.source()
    net = built(file, config.options, images)
    place = place_of(type(net).forward, file)
    with told(file, f"{place}: the module", "work on images of the campaign"):
        check_output(net, images, place)
    weights = read(Path(config.weights).expanduser()) if config.weights is not None else {}
    if weights:
        fill(
            net, {name.removeprefix("net."): value for name, value in weights.items() if name != OWN} if OWN in weights else weights
        )
    if config.train or config.prediction == "network":
        spread = float(weights[OWN]) if OWN in weights else config.sigma_data or sigma_data(images)
        denoiser: nn.Module = Preconditioned(net, spread)
    else:
        denoiser = Predicting(net, config.prediction == "noise")
    check(denoiser, images, place)
    if config.train and not any(p.requires_grad for p in net.parameters()):
        raise UserError(f"{place}: found a module without weights to train; allowed: one with parameters, or train: false.")
    return denoiser


class Predicting(nn.Module):
    """D(x, sigma) = net(x, sigma), or x - sigma net(x, sigma) where the network predicts the noise; x [b, c, h, w], sigma [b]."""

    def __init__(self, net: nn.Module, noise: bool) -> None:
        super().__init__()
        self.net, self.noise = net, noise

    def forward(self, x: Images, sigma: Sigma) -> Images:
        out = self.net(x, sigma).to(x.dtype)
        return x - sigma[:, None, None, None] * out if self.noise else out


def built(file: Path, options: Mapping[str, Any], images: Images) -> nn.Module:
    """What `build` returns, ready for use. Raises UserError where it fails or returns no module."""
    seed = torch.initial_seed() % 2**32  # set by `denoisers.build`
    random.seed(seed)
    np.random.seed(seed)
    function = getattr(load(file), "build", None)
    if not callable(function):
        raise UserError(f"{file}, line 1: found no function build; allowed: a file that defines build(images, **options).")
    place = place_of(function, file)
    with told(file, f"{place}: build", f"take the images and options: {', '.join(options) or 'none'}"):
        net = function(images.clone(), **options)
    if not isinstance(net, nn.Module):
        raise UserError(f"{place}: build returns {type(net).__name__}; allowed: a torch.nn.Module.")
    return net.eval()


@cache
def load(file: Path) -> ModuleType:
    """A Python file as a module, run once; its folder stands first in the search for modules. Raises UserError where it fails."""
    try:
        forget_namesakes(file)
    except (OSError, SyntaxError) as error:
        raise UserError(f"{file}: found no Python file ({error}); allowed: one that defines build(images, **options).") from None
    sys.path.insert(0, str(file.parent.resolve()))
    spec = spec_from_file_location(f"brought_{file.stem}", file.resolve())
    if spec is None or spec.loader is None:
        raise UserError(f"{file}: found a name that Python does not import; allowed: a file that ends with .py.")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    with told(file, f"{file}, line 1: the file", "run"):
        spec.loader.exec_module(module)
    return module


def forget_namesakes(file: Path) -> None:
    """Lets modules be imported anew that lie beside this file, where files of the same names were imported from elsewhere."""
    for path in beside(file)[1:]:
        name = ".".join(path.relative_to(file.parent).with_suffix("").parts).removesuffix(".__init__")
        origin = getattr(sys.modules.get(name), "__file__", None)
        if origin is not None and Path(origin) != path.resolve():
            del sys.modules[name]


@contextmanager
def told(file: Path, subject: str, task: str) -> Iterator[None]:
    """Turns an error of a user's code into one sentence: where in the user's files, what, and what should have been."""
    try:
        yield
    except UserError:
        raise
    except (Exception, SystemExit) as error:
        own = {path.resolve(): path for path in beside(file)}
        frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).resolve() in own]
        place = f"{shown(Path(frames[-1].filename))}, line {frames[-1].lineno}" if frames else subject.partition(": ")[0]
        message = " ".join(str(error).split())
        what = subject.rpartition(": ")[2]
        raise UserError(f"{place}: {what} raised {type(error).__name__}: {message[:300]}; allowed: code that can {task}.") from None


def place_of(function: Any, file: Path) -> str:
    """The file and the line in which a function is defined, or the user's file alone where they are not known."""
    try:
        return f"{shown(Path(inspect.getfile(function)))}, line {function.__code__.co_firstlineno}"
    except (TypeError, AttributeError):
        return f"{shown(file)}, line 1"


def shown(path: Path) -> str:
    """A path as users know it: relative to the working directory where it lies inside."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def read(path: Path) -> Weights:
    """The tensors in a file, by name: safetensors, or what torch saved, of which no code is run.

    Raises UserError where it cannot be read, or holds anything but tensors by name.
    """
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        weights = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, SafetensorError, pickle.UnpicklingError, RuntimeError, EOFError) as error:
        reason = str(error).split(". ")[0].split("\n")[0]
        allowed = "a safetensors file, or a state dict that torch saved and reads with weights_only"
        raise UserError(f"{path}: found no readable weights ({reason}); allowed: {allowed}.") from None
    if not isinstance(weights, Mapping) or not all(isinstance(value, Tensor) for value in weights.values()):
        parts = ", ".join(map(str, weights)) if isinstance(weights, Mapping) else type(weights).__name__
        raise UserError(
            f"{path}: found {parts[:100]}; allowed: a state dict, tensors by name, as torch.save(net.state_dict(), path)."
        )
    return weights


def fill(net: nn.Module, weights: Weights) -> None:
    """Copies weights into a module. Raises UserError where names or shapes differ from the module's own."""
    wanted = net.state_dict()
    faults = [f"no {name}" for name in wanted if name not in weights]
    faults += [f"an unknown {name}" for name in weights if name not in wanted]
    faults += [
        f"{name} of shape {list(value.shape)} for one of {list(wanted[name].shape)}"
        for name, value in weights.items()
        if name in wanted and value.shape != wanted[name].shape
    ]
    if faults:
        more = f" and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise UserError(f"weights: found {', '.join(faults[:SHOWN])}{more}; allowed: the weights of the module that build returns.")
    net.load_state_dict(dict(weights))
