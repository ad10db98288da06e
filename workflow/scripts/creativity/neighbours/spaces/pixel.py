"""The space `pixel`: the pixel values themselves, so that distances are in the units of the images."""

from creativity.neighbours.vectors import in_rows

rows = in_rows
