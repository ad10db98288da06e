"""Contact sheets: many small images as one WebP file within the page."""

import base64
import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from creativity import store
from creativity.campaign.sections import Dataset

MOST_SIDE = 96  # pixels; larger images are shown at this size
LOSSLESS = 8_000_000  # bytes of all pictures, raw, up to which none is lost
MOST = 48_000_000  # bytes of all pictures, raw, up to which those of all samples are shown
MOST_CHOSEN = 30_000_000  # and where samples are chosen
QUALITY = 88


def side_shown(size: int) -> int:
    return min(size, MOST_SIDE)


def bytes_of_one(dataset: Dataset) -> int:
    """Of a picture as it is shown, raw."""
    return side_shown(dataset.size) ** 2 * (3 if dataset.color else 1)


def levels(pictures: NDArray[Any]) -> NDArray[np.uint8]:
    """Images [n, c, h, w] in -1..1 as grey values 0..255; what is not finite becomes white."""
    finite = np.nan_to_num(pictures, nan=1.0, posinf=1.0, neginf=1.0)
    return store.from_unit(finite)


def sheet(pictures: NDArray[np.uint8], lossless: bool) -> dict[str, Any]:
    """Images [n, c, h, w] row by row on one sheet: {uri, columns, side}."""
    if not len(pictures):
        return {"uri": None, "columns": 1, "side": 1}
    columns, side = math.ceil(math.sqrt(len(pictures))), side_shown(pictures.shape[-1])
    whole = Image.new("RGB", (columns * side, math.ceil(len(pictures) / columns) * side), "white")
    for i, picture in enumerate(pictures):
        tile = Image.fromarray(picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0)).convert("RGB")
        if tile.width != side:
            tile = tile.resize((side, side), Image.Resampling.LANCZOS)
        whole.paste(tile, (i % columns * side, i // columns * side))
    buffer = io.BytesIO()
    whole.save(buffer, "WEBP", lossless=lossless, quality=100 if lossless else QUALITY, method=4)
    return {"uri": f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}", "columns": columns, "side": side}
