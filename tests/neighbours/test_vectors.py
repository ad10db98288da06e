"""Images as rows of numbers."""

import numpy as np

from creativity.neighbours.vectors import flatten, in_rows, slices


def test_a_row_holds_an_image_and_distances_keep_their_units(rng):
    pictures = rng.normal(size=(5, 3, 4, 4)).astype(np.float32)
    rows = in_rows(pictures)
    assert rows.shape == (5, 48)
    assert rows.base is not None  # no copy
    assert flatten(pictures).dtype == np.float64
    assert np.array_equal(flatten(pictures)[2], pictures[2].ravel().astype(float))


def test_no_images_are_no_rows_of_the_same_length():
    assert in_rows(np.zeros((0, 3, 4, 4), np.float32)).shape == (0, 48)


def test_slices_cover_a_length_once():
    assert [list(range(9)[part]) for part in slices(9, 4)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8]]
    assert slices(0, 4) == []
    assert slices(4, 4) == [slice(0, 4)]
