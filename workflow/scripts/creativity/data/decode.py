"""Image files of every usual kind as plain images: upright, opaque, 8 bits deep, grey or RGB.

An orientation that a camera noted (EXIF) is applied. Transparent pixels are laid on white. Of several frames or pages the first is
read. 16 bits become 8 by scaling: level = round(255 value / 65535).
"""

import hashlib
import io
import warnings
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from creativity.data.source import DataError
from creativity.data.values import channels_last, to_levels
from creativity.fields import Range

NOT_DECODED = {"BUFR", "EPS", "GRIB", "HDF5", "IPTC", "MPEG", "WMF"}  # Pillow opens these and needs another program to read them
BITS, PHOTOMETRIC, WHITE_IS_ZERO = 258, 262, 0  # tags of TIFF, and a value of the second
ORIENTATION = 0x0112  # the entry of EXIF; its values and what undoes them
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ALPHA, FRAMES, DEEP, FLOAT, COLOUR = "alpha", "frames", "deep", "float", "colour"


class Seen(NamedTuple):
    """What an image's header shows. digest: of its content. traits: of ALPHA, FRAMES, DEEP, FLOAT and COLOUR those that it has."""

    digest: str
    traits: list[str]
    width: int
    height: int


@cache
def suffixes() -> frozenset[str]:
    """The endings of the names of image files that can be read, in lower case: .png, .jpg, ..."""
    Image.init()
    return frozenset(
        ending for ending, kind in Image.registered_extensions().items() if kind in Image.OPEN and kind not in NOT_DECODED
    )


def read_file(path: Path, values: Range | None = None) -> Image.Image:
    """The image in a file. Raises DataError, naming the file, where it cannot be decoded. values: the range of a float image."""
    try:
        return decoded(path.read_bytes(), values)
    except OSError as error:
        raise DataError(f"{shown(path)}: found no readable image ({reason(error)}); allowed: a whole image file.") from None
    except DataError as error:
        raise DataError(f"{shown(path)}: {error}") from None


def decoded(content: bytes, values: Range | None = None) -> Image.Image:
    """The image that bytes encode (PNG, JPEG, ...), as L or RGB. Raises DataError, without a name, where there is none.

    Decoders of damaged files raise errors of every type, so that all of them are taken for damage.
    """
    try:
        with opened(content) as image:
            image.load()
            return plain(image, values)
    except DataError:
        raise
    except Exception as error:
        raise DataError(f"found no readable image ({reason(error)}); allowed: a whole image file.") from None


def opened(content: bytes) -> Image.Image:
    """The image that bytes encode, of which the header alone has been read. Raises as Pillow does."""
    if not content:
        raise OSError("an empty file")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # large photographs are no attack
        return Image.open(io.BytesIO(content))


def seen(content: bytes) -> Seen:
    """What the header of an encoded image shows. Raises DataError, without a name, where the header or a checksum is wrong."""
    try:
        with opened(content) as image:
            traits, (width, height) = traits_of(image), image.size
            depth(image)
            image.verify()
    except DataError:
        raise
    except Exception as error:
        raise DataError(reason(error)) from None
    return Seen(hashlib.sha256(content).hexdigest()[:16], traits, width, height)


def traits_of(image: Image.Image) -> list[str]:
    """Those of ALPHA, FRAMES, DEEP, FLOAT and COLOUR that an opened image has."""
    several = image.format != "MPO" and bool(getattr(image, "is_animated", False))  # MPO: a photograph and its preview
    has = {
        ALPHA: image.has_transparency_data,
        FRAMES: several,
        DEEP: image.mode.startswith("I"),
        FLOAT: image.mode == "F",
        COLOUR: image.mode not in ("1", "L", "LA", "La", "F") and not image.mode.startswith("I"),
    }
    return [trait for trait, present in has.items() if present]


def depth(image: Image.Image) -> int:
    """Bits of a value of a grey image of more than 8; 8 for all others. Raises DataError for signed and 32 bits."""
    if image.mode.startswith("I;16"):
        bits: Any = getattr(image, "tag_v2", {}).get(BITS, 16)
        return int(bits[0] if isinstance(bits, tuple) else bits)
    if image.mode == "I" and image.format in ("PNG", "PPM"):
        return 16  # both hold 16 bits at most, and Pillow scales them to all of them
    if image.mode == "I":
        raise DataError("found whole numbers of 32 bits or with a sign, whose range is unknown; allowed: 8 or 16 bits, or floats.")
    return 8


def plain(image: Image.Image, values: Range | None) -> Image.Image:
    """A decoded image as L or RGB: upright, opaque, and 8 bits deep."""
    bits = depth(image)
    if bits > 8:
        return upright(shallow(image, bits), image)
    if image.mode == "F":
        return upright(Image.fromarray(to_levels(channels_last(np.asarray(image)), values or "signed")), image)
    if image.has_transparency_data:
        return upright(on_white(image), image)
    return upright(image.convert("L" if image.mode in ("1", "L") else "RGB"), image)


def upright(image: Image.Image, file: Image.Image) -> Image.Image:
    """An image turned and mirrored as the EXIF entry of its file says; as it is where that entry is damaged."""
    try:
        orientation = file.getexif().get(ORIENTATION)
    except Exception:  # the entry is not needed to read the image
        orientation = None
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def shallow(image: Image.Image, bits: int) -> Image.Image:
    """An image with 9 to 16 bits as one with 8: round(255 value / largest value)."""
    array = np.asarray(image).astype(np.float64)
    levels = np.rint(np.clip(array / (2**bits - 1), 0, 1) * 255).astype(np.uint8)
    if image.format == "TIFF" and getattr(image, "tag_v2", {}).get(PHOTOMETRIC) == WHITE_IS_ZERO:
        levels = 255 - levels
    if isinstance(transparent := image.info.get("transparency"), int):
        levels[array == transparent] = 255
    return Image.fromarray(levels)


def on_white(image: Image.Image) -> Image.Image:
    """An image with transparent pixels, laid on white."""
    grey = image.mode in ("1", "L", "LA", "La")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("L" if grey else "RGB")


def shown(path: Path) -> str:
    """A path as text; bytes that are not UTF-8 are written as \\xNN."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def reason(error: Exception) -> str:
    """Why an image could not be read, in one line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    if "cannot identify image file" in str(error):
        return "no image by its content"
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
