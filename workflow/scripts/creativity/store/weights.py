"""Network weights as safetensors files, with facts on how they were trained in the metadata.

safetensors is read without running code from the file, unlike pickle. Torch is not needed here.
"""

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
KEY = "creativity"  # the only metadata key, since several would be written in random order


def write_weights(path: Path, weights: Mapping[str, Array], facts: Mapping[str, Any]) -> None:
    """Writes arrays by name, and facts as sorted JSON. Raises StoreError where the file cannot be written."""
    arrays = {name: np.asarray(value, order="C") for name, value in weights.items()}
    with whole(path) as partial:
        partial.write_bytes(save(arrays, {KEY: json.dumps(dict(facts), sort_keys=True)}))


def read_weights(path: Path) -> dict[str, Array]:
    """The arrays in a file, by name. Raises StoreError where it cannot be read."""
    try:
        with safe_open(path, framework="np") as model:
            return {name: model.get_tensor(name) for name in sorted(model.keys())}
    except (OSError, SafetensorError) as error:
        raise StoreError(f"{path}: found no readable weights ({error}).") from None


def read_facts(path: Path) -> dict[str, Any]:
    """The facts in a file of weights. Raises StoreError where it cannot be read or has none."""
    try:
        with safe_open(path, framework="np") as model:
            return json.loads(model.metadata()[KEY])
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        raise StoreError(f"{path}: found no readable weights of this project ({error}).") from None


def in_one(parts: Mapping[str, Mapping[str, Value]]) -> dict[str, Value]:
    """Several sets of weights, such as checkpoints by step, as one set with the part in front of each name.

    >>> in_one({"500": {"first.weight": 1}, "1000": {"first.weight": 2}})
    {'500/first.weight': 1, '1000/first.weight': 2}
    """
    return {f"{part}/{name}": value for part, values in parts.items() for name, value in values.items()}


def by_part(weights: Mapping[str, Value]) -> dict[str, dict[str, Value]]:
    """The sets of weights that `in_one` joined, by part.

    >>> by_part({"500/first.weight": 1, "1000/first.weight": 2})
    {'500': {'first.weight': 1}, '1000': {'first.weight': 2}}
    """
    parts: dict[str, dict[str, Value]] = {}
    for key, value in weights.items():
        part, _, name = key.rpartition("/")
        parts.setdefault(part, {})[name] = value
    return parts
