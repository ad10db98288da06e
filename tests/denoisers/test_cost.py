"""What a denoiser costs: numbers counted by hand, and seconds that grow with the work."""

import torch
from torch import nn

from creativity.denoisers.cost import BATCH, kept, measure


class Products(nn.Module):
    """Some products of 300 x 300 matrices, and two layers that keep known numbers for the gradient."""

    def __init__(self, repeats):
        super().__init__()
        self.repeats, self.weight = repeats, nn.Parameter(torch.ones(64, 64))

    def forward(self, x, sigma):
        square = torch.ones(300, 300)
        for _ in range(self.repeats):
            square = square @ torch.eye(300)
        return torch.sin(torch.sin(x.flatten(1) @ self.weight)).reshape(x.shape)


def test_what_is_kept_for_the_gradient_is_counted_without_weights_and_input():
    """x is the input and W a weight; each sine keeps its argument: two of 64 numbers an image."""
    x = torch.ones(BATCH, 1, 8, 8)
    assert kept(Products(1), x, torch.ones(BATCH)) == 2 * 64 * BATCH
    measured = measure(Products(1), x[:3])
    assert (measured.activations, measured.weights) == (2 * 64, 64 * 64)


def test_a_hundred_times_the_work_takes_more_seconds():
    images = torch.ones(3, 1, 8, 8)
    assert measure(Products(100), images).seconds > 5 * measure(Products(1), images).seconds > 0
