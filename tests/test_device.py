import pytest
import torch

from creativity.errors import UserError
from creativity.running.device import choose_device


def test_a_missing_gpu_is_told():
    assert choose_device("cpu").type == "cpu"
    if not torch.cuda.is_available():
        with pytest.raises(UserError, match=r"training.device: found 'cuda:3'"):
            choose_device("cuda:3")
