from importlib import import_module

import numpy as np
import pytest
import torch

from creativity.errors import UserError
from creativity.neighbours.search import nearest
from creativity.running.device import choose_device


def test_a_missing_gpu_is_told():
    assert choose_device("cpu").type == "cpu"
    if not torch.cuda.is_available():
        with pytest.raises(UserError, match=r"training.device: found 'cuda:3'"):
            choose_device("cuda:3")


def test_a_device_gives_the_same_bytes(rng):
    queries, points = (rng.normal(size=(n, 50)).astype(np.float32) for n in (60, 90))
    device = import_module("creativity.running.device").product_on("cpu")  # torch's own product
    for itself, asked in ((False, queries), (True, points)):
        found, same = nearest(asked, points, 6, itself), nearest(asked, points, 6, itself, device)
        assert all(np.array_equal(a, b) for a, b in zip(found, same, strict=True))
