"""Reads and writes the result files of a campaign: tables, images and texts. A file is written completely or not at all.

Files of network weights are read and written by `store.weights`, which is imported by itself.
"""

from creativity.store.columns import FLAG, LONG, MEASURE, NEIGHBOUR, REAL, RUN, SHORT, TEXT
from creativity.store.files import STATE, StoreError, digest, forget_states, whole, write_text
from creativity.store.images import (
    finite_samples,
    from_unit,
    ids,
    image_table,
    levels,
    pictures,
    to_unit,
    units,
    write_image_batches,
    write_images,
    write_sample_batches,
    write_samples,
)
from creativity.store.tables import Stamp, count, features, footer, if_there, null, part, read, write, write_features

__all__ = [
    "FLAG",
    "LONG",
    "MEASURE",
    "NEIGHBOUR",
    "REAL",
    "RUN",
    "SHORT",
    "STATE",
    "TEXT",
    "Stamp",
    "StoreError",
    "count",
    "digest",
    "features",
    "finite_samples",
    "footer",
    "forget_states",
    "from_unit",
    "ids",
    "if_there",
    "image_table",
    "levels",
    "null",
    "part",
    "pictures",
    "read",
    "to_unit",
    "units",
    "whole",
    "write",
    "write_features",
    "write_image_batches",
    "write_images",
    "write_sample_batches",
    "write_samples",
    "write_text",
]
