import base64
import io

import numpy as np
from PIL import Image

from creativity.report import pictures


def picture(sheet, i):
    """One picture, cut from its sheet."""
    whole = np.asarray(Image.open(io.BytesIO(base64.b64decode(sheet["uri"].split(",")[1]))))
    side, columns = sheet["side"], sheet["columns"]
    top, left = i // columns * side, i % columns * side
    return whole[top : top + side, left : left + side]


def test_large_and_coloured_pictures_are_made_smaller():
    images = np.zeros((5, 3, 200, 200), dtype=np.uint8)
    images[4, 0] = 255
    sheet = pictures.sheet(images, lossless=True)
    assert (sheet["side"], sheet["columns"]) == (96, 3)
    assert picture(sheet, 4)[50, 50].tolist() == [255, 0, 0]
    assert pictures.levels(np.array([[-1, 0, 1, 2, np.nan, -np.inf]])).tolist() == [[0, 128, 255, 255, 255, 255]]
