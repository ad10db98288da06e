"""Denoisers by brute force in float64: one pixel, one training patch at a time."""

from itertools import product

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from creativity.families.equivariant_local import EquivariantLocal


def broken(patch):
    return EquivariantLocal(family="equivariant-local", patch=patch)


def circular(patch):
    return EquivariantLocal(family="equivariant-local", patch=patch, border="circular")


def windows(images, patch, mode):
    """The patch around each place: [n, h, w, c, patch, patch]."""
    radius = patch // 2
    padded = np.pad(images, [(0, 0), (0, 0), (radius, radius), (radius, radius)], mode)
    return sliding_window_view(padded, (patch, patch), axis=(2, 3)).transpose(0, 2, 3, 1, 4, 5)


def brute_force(x, y, sigma, patch, competes, mode="constant"):
    """The posterior mean of each pixel, over all training patches that compete with its own, from exact differences."""
    x, y, found = x.numpy(), y.numpy(), np.empty(x.shape)
    mine, theirs = windows(x, patch, mode), windows(y, patch, mode)
    cut_off = windows(np.ones((1, 1, *x.shape[2:])), patch, "constant")[0]  # 0 where a patch leaves the image
    places = list(product(range(x.shape[2]), repeat=2))
    for row, col in places:
        rivals = [p for p in places if competes((row, col), p, cut_off[row, col], cut_off[p])]
        rows, cols = np.array(rivals).T
        for image in range(len(x)):
            distances = np.square(mine[image, row, col] - theirs[:, rows, cols]).sum(axis=(2, 3, 4))  # [n, rivals]
            weights = np.exp(-(distances - distances.min()) / (2 * sigma**2))
            found[image, :, row, col] = np.einsum("nr,ncr->c", weights, y[:, :, rows, cols]) / weights.sum()
    return found
