"""Weights on disk: safetensors with the facts of their making under one metadata key. No pickle, and no torch."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from creativity.store.files import StoreError, whole

Array = NDArray[Any]
Value = TypeVar("Value")
KEY = "creativity"  # the one metadata key: several would be written in random order


def write_weights(path: Path, weights: Mapping[str, Array], facts: Mapping[str, Any]) -> None:
    """Arrays by name, with facts as sorted JSON; whole or not at all."""
    arrays = {name: np.asarray(value, order="C") for name, value in weights.items()}
    with whole(path) as partial:
        partial.write_bytes(save(arrays, {KEY: json.dumps(dict(facts), sort_keys=True)}))


def read_weights(path: Path) -> dict[str, Array]:
    """Arrays by name. Raises StoreError where the file cannot be read."""
    try:
        with safe_open(path, framework="np") as model:
            return {name: model.get_tensor(name) for name in sorted(model.keys())}
    except (OSError, SafetensorError) as error:
        raise StoreError(f"{path}: found no readable weights ({error}).") from None


def read_facts(path: Path) -> dict[str, Any]:
    """The facts that a file of weights carries. Raises StoreError where it cannot be read, or carries none."""
    try:
        with safe_open(path, framework="np") as model:
            return json.loads(model.metadata()[KEY])
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        raise StoreError(f"{path}: found no readable weights of this project ({error}).") from None


def in_one(parts: Mapping[str, Mapping[str, Value]]) -> dict[str, Value]:
    """Several sets of weights as one.

    >>> in_one({"500": {"first.weight": 1}, "1000": {"first.weight": 2}})
    {'500/first.weight': 1, '1000/first.weight': 2}
    """
    return {f"{part}/{name}": value for part, values in parts.items() for name, value in values.items()}


def by_part(weights: Mapping[str, Value]) -> dict[str, dict[str, Value]]:
    """The sets that `in_one` made one.

    >>> by_part({"500/first.weight": 1, "1000/first.weight": 2})
    {'500': {'first.weight': 1}, '1000': {'first.weight': 2}}
    """
    parts: dict[str, dict[str, Value]] = {}
    for key, value in weights.items():
        part, _, name = key.rpartition("/")
        parts.setdefault(part, {})[name] = value
    return parts
