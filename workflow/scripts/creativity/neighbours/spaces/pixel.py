"""The space `pixel`: the pixel values themselves, so that distances are in the units of the images."""

from creativity.neighbours.spaces import Features
from creativity.neighbours.vectors import in_rows
from creativity.types import Pictures


def fit(reference: Pictures) -> Features:
    """The images as rows; nothing is fitted."""
    return in_rows
