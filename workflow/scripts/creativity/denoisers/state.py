"""Tensors to and from files of weights."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, from_numpy

from creativity.store.weights import read_weights, write_weights


def save_state(path: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Tensors on the CPU by name, with the facts of their making; whole or not at all."""
    write_weights(path, {name: value.numpy() for name, value in tensors.items()}, facts)


def load_state(path: Path) -> dict[str, Tensor]:
    """Tensors by name. Raises StoreError where the file cannot be read."""
    return {name: from_numpy(value) for name, value in read_weights(path).items()}
