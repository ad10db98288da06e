"""Writes torch tensors to safetensors files and reads them back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, from_numpy

from creativity.store.weights import read_weights, write_weights


def save_state(path: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Writes tensors on the CPU by name, with facts about their origin as JSON metadata; the file is complete or absent."""
    write_weights(path, {name: value.numpy() for name, value in tensors.items()}, facts)


def load_state(path: Path) -> dict[str, Tensor]:
    """The tensors of a file by name. Raises StoreError where the file cannot be read."""
    return {name: from_numpy(value) for name, value in read_weights(path).items()}
