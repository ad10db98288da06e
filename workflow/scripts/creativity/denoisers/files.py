"""Weights on disk: safetensors with one metadata key, no pickle."""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file
from torch import Tensor, from_numpy

from creativity.store import MODEL_KEY, StoreError, whole


def save_weights(path: Path, weights: dict[str, Tensor], facts: dict[str, Any]) -> None:
    """Weights by name, with facts as sorted JSON under one metadata key; whole or not at all."""
    arrays = {name: value.contiguous().numpy() for name, value in weights.items()}
    with whole(path) as partial:
        save_file(arrays, partial, {MODEL_KEY: json.dumps(facts, sort_keys=True)})


def load_weights(path: Path) -> dict[str, Tensor]:
    """Weights by name. Raises StoreError where the file cannot be read."""
    try:
        with safe_open(path, framework="np") as model:
            return {name: from_numpy(model.get_tensor(name)) for name in sorted(model.keys())}
    except (OSError, SafetensorError) as error:
        raise StoreError(f"{path}: found no readable model ({error}).") from None
