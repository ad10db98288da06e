"""Weights on disk: safetensors with one metadata key, no pickle."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save
from torch import Tensor, from_numpy

from creativity.store import MODEL_KEY, StoreError, whole


def save_weights(path: Path, weights: dict[str, Tensor], facts: dict[str, Any]) -> None:
    """Weights by name, with facts as sorted JSON under one metadata key; whole or not at all."""
    arrays = {name: value.contiguous().numpy() for name, value in weights.items()}
    with whole(path) as partial:
        partial.write_bytes(save(arrays, {MODEL_KEY: json.dumps(facts, sort_keys=True)}))


def load_weights(path: Path) -> dict[str, Tensor]:
    """Weights by name. Raises StoreError where the file cannot be read."""
    try:
        with safe_open(path, framework="np") as model:
            return {name: from_numpy(model.get_tensor(name)) for name in sorted(model.keys())}
    except (OSError, SafetensorError) as error:
        raise StoreError(f"{path}: found no readable model ({error}).") from None


def in_one(parts: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Several sets of weights as one, by names such as 500/net.first.weight."""
    return {f"{part}/{name}": value for part, values in parts.items() for name, value in values.items()}


def by_part(weights: Mapping[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """The sets that `in_one` made one."""
    found: dict[str, dict[str, Tensor]] = {}
    for key, value in weights.items():
        part, _, name = key.rpartition("/")
        found.setdefault(part, {})[name] = value
    return found
