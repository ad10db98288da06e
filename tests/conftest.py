"""Shapes in annotations are checked in every test: jaxtyping's hook wraps the package before anything imports it."""

import os

ONE_CORE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
os.environ |= dict.fromkeys(ONE_CORE, "1")  # for each worker: more threads than cores wait for one another

from jaxtyping import install_import_hook

install_import_hook("creativity", "beartype.beartype")

import numpy as np
import pytest
import torch

torch.set_num_threads(1)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def faces():
    """The 400 faces at 8 x 8 in -1..1: [400, 1, 8, 8] float32."""
    return faces_of(8)


@pytest.fixture(scope="session")
def faces16():
    """The same at 16 x 16."""
    return faces_of(16)


def faces_of(size):
    from creativity import data, store
    from creativity.campaign.sections import Dataset
    from creativity.data.source import pixels

    dataset = Dataset(name="orl-faces", size=size)
    source = data.load(dataset)
    return store.to_unit(np.stack([pixels(source.read(i), dataset) for i in range(len(source.ids))]))


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:40])


@pytest.fixture
def heldout(faces):
    return torch.from_numpy(faces[40:80])
