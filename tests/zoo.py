"""Images as people keep them, in many forms: 24 small pictures in each form, and in each broken one of them.

`GOOD` has (name, what writes it, the range to be told, greatest difference in grey levels); `BAD` has what must be said of each.
A writer gets an empty folder and the pictures, uint8 [24, 24, 3] (grey: of three equal channels), and returns the path to be read.
"""

import os
import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

COUNT, SIDE = 8, 24
TURNS = {  # EXIF orientation: what undoes it
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,  # shown turned by 270 counter-clockwise, so stored turned by 90
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def pictures(count=COUNT, seed=3, colour=True):
    """Smooth made-up pictures, uint8 [24, 24, 3]."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE
    made = []
    for _ in range(count):
        levels = np.zeros((SIDE, SIDE, 3))
        for _ in range(4):
            column, row, width = rng.random(3)
            shade = rng.random(3) if colour else rng.random() * np.ones(3)
            levels += shade * np.exp(-((x - column) ** 2 + (y - row) ** 2) / (0.02 + 0.1 * width))[..., None]
        made.append((levels / levels.max() * 255).round().astype(np.uint8))
    return made


def folder(ending, change=lambda image: image, each=None, **options):
    """A writer of a folder of image files. change: of each image before it is saved. each: options of each image."""

    def write(root, made):
        for i, array in enumerate(made):
            image = change(Image.fromarray(array))
            image.save(root / f"{i:03}.{ending}", **options, **(each(image) if each else {}))
        return root

    return write


def turned(ending, orientation, **options):
    """A writer of images that are stored turned or mirrored and say so."""
    back = TURNS[orientation]

    def entry(image):  # a new one for each image, since it is emptied when an AVIF file is saved
        exif = Image.Exif()
        exif[0x0112] = orientation
        return {"exif": exif}

    return folder(ending, lambda image: image if back is None else image.transpose(back), entry, **options)


def grey(mode):
    return lambda image: image.convert("L").convert(mode)


def deep(ending, kind="<u2", **options):
    def write(root, made):
        for i, array in enumerate(made):
            Image.fromarray((array[..., 0].astype(np.uint16) * 257).astype(kind)).save(root / f"{i:03}.{ending}", **options)
        return root

    return write


def png48(root, made):
    """PNG of 16 bits a channel, which Pillow reads and does not write."""
    for i, array in enumerate(made):
        wide = (array.astype(">u2") * 257).astype(">u2")
        rows = b"".join(b"\0" + row.tobytes() for row in wide)
        parts = [(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 16, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
        chunks = [struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts]
        (root / f"{i:03}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    return root


def see_through(image):
    """The picture on white, with its white pixels transparent and black beneath."""
    array = np.asarray(image)
    alpha = np.where((array == 255).all(axis=-1), 0, 255).astype(np.uint8)
    hidden = np.where(alpha[..., None] == 0, 0, array).astype(np.uint8)
    return Image.fromarray(np.concatenate([hidden, alpha[..., None]], axis=-1), "RGBA")


def cut_out(made):
    """The pictures with a white square in them, so that something is transparent."""
    changed = [array.copy() for array in made]
    for array in changed:
        array[4:12, 4:12] = 255
    return changed


def transparent(ending, change, **options):
    write = folder(ending, lambda image: change(see_through(image)), **options)
    return lambda root, made: write(root, cut_out(made))


def palette_with_transparency(root, made):
    for i, array in enumerate(cut_out(made)):
        white = (array == 255).all(axis=-1)
        levels = np.where(white, 0, np.maximum(array[..., 0], 1)).astype(np.uint8)  # entry 0 is black and transparent
        image = Image.fromarray(levels, "P")
        image.putpalette([level for level in range(256) for _ in range(3)])
        image.save(root / f"{i:03}.png", transparency=0)
    return root


def colour_key(root, made):
    for i, array in enumerate(cut_out(made)):
        array[(array == 255).all(axis=-1)] = (3, 250, 7)
        Image.fromarray(array).save(root / f"{i:03}.png", transparency=(3, 250, 7))
    return root


def frames(ending, **options):
    black = Image.new("RGB", (SIDE, SIDE))
    return folder(ending, each=lambda image: {"append_images": [black, black], "save_all": True}, **options)


def grey_gif(root, made):
    for i, array in enumerate(made):
        first, second = Image.fromarray(array[..., 0]), Image.new("L", (SIDE, SIDE))
        first.save(root / f"{i:03}.gif", save_all=True, append_images=[second])
    return root


def beside(*files):
    """PNG files, and others beside them. files: (path, bytes)."""

    def write(root, made):
        folder("png")(root, made)
        for name, content in files:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        return root

    return write


def linked(root, made):
    """Half of the pictures in the folder, half in another one that a link leads to, and links in circles and to what is there."""
    (root / "here").mkdir()
    (root / "pool").mkdir()
    folder("png")(root / "here", made[: COUNT // 2])
    for i, array in enumerate(made[COUNT // 2 :]):
        Image.fromarray(array).save(root / "pool" / f"x{i:03}.png")
    (root / "here/more").symlink_to("../pool")
    (root / "pool/circle").symlink_to("../here")
    (root / "here/same.png").symlink_to("000.png")
    os.link(root / "here/001.png", root / "here/hard.png")
    return root / "here"


def named(*names):
    """PNG files with these names."""

    def write(root, made):
        for array, name in zip(made, [*names, *(f"z{i}.png" for i in range(COUNT))], strict=False):
            path = os.fsencode(root) + b"/" + (name if isinstance(name, bytes) else os.fsencode(name))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                Image.fromarray(array).save(file, "PNG")
        return root

    return write


def chw(made):
    return np.stack(made).transpose(0, 3, 1, 2)


def npz(convert=np.stack, save=np.savez, **more):
    def write(root, made):
        save(root / "samples.npz", convert(made), **more)
        return root / "samples.npz"

    return write


def npy(convert):
    def write(root, made):
        np.save(root / "samples.npy", convert(made))
        return root / "samples.npy"

    return write


def units(made):
    return (np.stack(made) / 127.5 - 1).astype(np.float32)


def encoded(array):
    buffer = BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def table(make):
    """A writer of a Parquet file. make: from the pictures, a table of pyarrow, pandas or polars."""

    def write(root, made):
        path, content = root / "samples.parquet", make(made)
        if isinstance(content, pa.Table):
            pq.write_table(content, path)
        elif isinstance(content, pd.DataFrame):
            content.to_parquet(path)
        else:
            content.write_parquet(path)
        return path

    return write


def tensors(array):
    array = np.ascontiguousarray(array)
    flat = pa.FixedSizeListArray.from_arrays(pa.array(array.reshape(-1)), int(np.prod(array.shape[1:])))
    kind = pa.fixed_shape_tensor(pa.from_numpy_dtype(array.dtype), array.shape[1:])
    return pa.table({"image": pa.ExtensionArray.from_storage(kind, flat)})


def nested(array, kind=None):
    return pa.table({"image": pa.array(array.tolist(), pa.list_(pa.list_(pa.list_(kind or pa.uint8()))))})


def structs(made):
    return pa.table({"image": [{"bytes": encoded(array), "path": None} for array in made], "label": list(range(len(made)))})


def shards(root, made, split="train"):
    (root / "data").mkdir(exist_ok=True)
    for i, part in enumerate((made[:3], made[3:])):
        pq.write_table(structs(part), root / f"data/{split}-{i:05}-of-00002.parquet")
    return root


def float_tiff(scale, shift):
    def write(root, made):
        for i, array in enumerate(made):
            Image.fromarray((array[..., 0] * scale + shift).astype(np.float32)).save(root / f"{i:03}.tiff")
        return root

    return write


JUNK = bytes.fromhex("0005160700020000") + b"Mac OS X" + bytes(99)
GREY = "grey"  # in a name: the pictures are grey
GOOD = [  # name, writer, range, tolerance in levels
    *((f"orientation-{k}-png", turned("png", k), None, 0) for k in TURNS),
    ("orientation-6-tiff", turned("tiff", 6), None, 0),
    ("orientation-5-webp", turned("webp", 5, lossless=True), None, 0),
    ("orientation-8-jpeg", turned("jpg", 8, quality=100, subsampling=0), None, 6),
    ("orientation-6-avif", turned("avif", 6, quality=100, subsampling="4:4:4"), None, 6),
    ("format-jpeg", folder("jpeg", quality=100, subsampling=0), None, 6),
    ("format-webp", folder("webp", lossless=True), None, 0),
    ("format-tiff", folder("tif", compression="tiff_lzw"), None, 0),
    ("format-bmp", folder("bmp"), None, 0),
    ("format-avif", folder("avif", quality=100, subsampling="4:4:4"), None, 6),
    ("format-ppm", folder("ppm"), None, 0),
    ("format-jp2", folder("jp2"), None, 0),
    ("format-tga", folder("tga"), None, 0),
    ("format-upper-case", folder("PNG"), None, 0),
    ("mode-grey", folder("png", grey("L")), None, 0),
    ("mode-palette-grey", folder("png", grey("P")), None, 0),
    ("mode-cmyk-grey", folder("tiff", grey("CMYK")), None, 0),
    ("mode-rgba-opaque", folder("png", lambda image: image.convert("RGBA")), None, 0),
    ("mode-la-opaque-grey", folder("png", grey("LA")), None, 0),
    ("deep-png-grey", deep("png"), None, 0),
    ("deep-tiff-grey", deep("tiff"), None, 0),
    ("deep-tiff-big-endian-grey", deep("tiff", ">u2"), None, 0),
    ("deep-pgm-grey", deep("pgm"), None, 0),
    ("deep-jp2-grey", deep("jp2"), None, 0),
    ("deep-png-colour", png48, None, 0),
    ("float-tiff-signed-grey", float_tiff(1 / 127.5, -1), None, 0),
    ("float-tiff-unit-grey", float_tiff(1 / 255, 0), "unit", 0),
    ("transparent-rgba", transparent("png", lambda image: image), None, 0),
    ("transparent-webp", transparent("webp", lambda image: image, lossless=True), None, 0),
    ("transparent-la-grey", transparent("png", lambda image: image.convert("LA")), None, 0),
    ("transparent-palette-grey", palette_with_transparency, None, 1),
    ("transparent-colour-key", colour_key, None, 0),
    ("animated-gif-grey", grey_gif, None, 0),
    ("animated-png", frames("png"), None, 0),
    ("animated-webp", frames("webp", lossless=True), None, 0),
    ("pages-tiff", frames("tiff"), None, 0),
    ("junk-apple", beside(("._000.png", JUNK), ("__MACOSX/._001.png", JUNK), (".DS_Store", b"x")), None, 0),
    ("junk-notebooks", beside((".ipynb_checkpoints/000.png", encoded(np.zeros((9, 9), np.uint8)))), None, 0),
    ("junk-windows", beside(("Thumbs.db", b"x"), ("desktop.ini", b"x")), None, 0),
    ("junk-others", beside(("notes.txt", b"x"), ("labels.csv", b"a,b"), ("README", b"x")), None, 0),
    ("links", linked, None, 0),
    ("names-latin-1", named(b"f\xfcr.png", b"\xff.png"), None, 0),
    ("names-blanks-quotes", named("a b.png", "it's.png", 'say "x".png', "line\nbreak.png"), None, 0),
    ("names-unicode-nested", named("日本/語/a.png", "ü.png", "-rf.png", "{x}.png"), None, 0),
    ("npz-nhwc", npz(), None, 0),
    ("npz-nchw", npz(chw), None, 0),
    (
        "npz-labels",
        lambda root, made: npz(lambda made: np.stack(made), lambda path, a: np.savez(path, a, np.arange(COUNT)))(root, made),
        None,
        0,
    ),
    ("npz-compressed", npz(save=np.savez_compressed), None, 0),
    ("npz-named", npz(save=lambda path, a: np.savez(path, samples=a, seeds=np.arange(COUNT))), None, 0),
    ("npz-no-channels-grey", npz(lambda made: np.stack(made)[..., 0]), None, 0),
    ("npz-signed", npz(units), None, 0),
    ("npz-half", npz(lambda made: units(made).astype(np.float16)), None, 1),
    ("npz-unit", npz(lambda made: np.stack(made) / 255), "unit", 0),
    ("npz-bytes-as-floats", npz(lambda made: np.stack(made).astype(np.float32)), "bytes", 0),
    ("npz-int64", npz(lambda made: np.stack(made).astype(np.int64)), None, 0),
    ("npz-unclipped", npz(lambda made: units(made) * 1.0), "signed", 0),
    ("npy-nchw", npy(chw), None, 0),
    ("npy-nhwc", npy(np.stack), None, 0),
    ("parquet-binary", table(lambda made: pd.DataFrame({"image": [encoded(array) for array in made]})), None, 0),
    ("parquet-structs", table(structs), None, 0),
    ("parquet-shards", shards, None, 0),
    ("parquet-lists-chw", table(lambda made: nested(chw(made))), None, 0),
    ("parquet-lists-hwc", table(lambda made: nested(np.stack(made))), None, 0),
    ("parquet-lists-int64", table(lambda made: nested(np.stack(made), pa.int64())), None, 0),
    ("parquet-lists-signed", table(lambda made: nested(units(made), pa.float32())), None, 0),
    (
        "parquet-pandas-flat-grey",
        table(lambda made: pd.DataFrame({"image": [list(array[..., 0].ravel()) for array in made]})),
        None,
        0,
    ),
    ("parquet-polars-lists", table(lambda made: pl.DataFrame({"image": [array.tolist() for array in made]})), None, 0),
    ("parquet-polars-array", table(lambda made: pl.DataFrame({"image": np.stack(made)})), None, 0),
    ("parquet-polars-binary", table(lambda made: pl.DataFrame({"image": [encoded(array) for array in made]})), None, 0),
    ("parquet-tensor", table(lambda made: tensors(chw(made))), None, 0),
    ("parquet-tensor-hwc", table(lambda made: tensors(np.stack(made))), None, 0),
    ("parquet-tensor-signed", table(lambda made: tensors(units(made).transpose(0, 3, 1, 2))), None, 0),
    ("parquet-tensor-unit", table(lambda made: tensors((chw(made) / 255).astype(np.float32))), "unit", 0),
    (
        "parquet-dictionary",
        table(lambda made: pa.table({"image": pa.array([encoded(a) for a in made]).dictionary_encode()})),
        None,
        0,
    ),
]


def expected(name, made):
    """What a form of these pictures must be read as, [24, 24, 3] each."""
    return cut_out(made) if name.startswith("transparent") else made


def broken_file(name, content):
    """PNG files, the third of which has another content. content: from its own bytes."""

    def write(root, made):
        folder(name.rpartition(".")[2], quality=80)(root, made)
        path = root / name
        path.write_bytes(content(path.read_bytes()))
        return root

    return write


def array_file(name, save):
    def write(root, made):
        save(root / name, made)
        return root / name

    return write


def dangling(root, made):
    folder("png")(root, made)
    (root / "gone.png").symlink_to("nowhere.png")
    return root


def two_splits(root, made):
    shards(root, made, "train")
    return shards(root, made, "test")


def both_kinds(root, made):
    folder("png")(root, made)
    return shards(root, made)


def rows(values, kind=None):
    return table(lambda made: pa.table({"image": pa.array(values, kind)}))


def nothing(root, made):
    return root


def missing(root, made):
    return root / "none"


def text_file(root, made):
    (root / "samples.dat").write_text("no images")
    return root / "samples.dat"


def not_finite(made):
    array = units(made)
    array[1, 0, 0, 0] = np.nan
    return array


CUT = "unreadable image: 002"
BAD = [  # name, writer, range, what is said
    ("file-cut", broken_file("002.png", lambda content: content[:60]), None, CUT),
    ("file-empty", broken_file("002.png", lambda content: b""), None, "002.png (an empty file)"),
    ("file-text", broken_file("002.jpg", lambda content: b"<html>not found</html>"), None, "002.jpg (no image by its content)"),
    ("file-checksum", broken_file("002.png", lambda content: content[:50] + bytes([content[50] ^ 1]) + content[51:]), None, CUT),
    ("file-avif", broken_file("002.avif", lambda content: content[:100]), None, CUT),
    ("file-webp", broken_file("002.webp", lambda content: content[:30]), None, CUT),
    ("file-int32", deep("tiff", "<i4"), None, "whole numbers of 32 bits or with a sign"),
    ("link-dangling", dangling, None, "gone.png (a link to nothing)"),
    ("folder-empty", nothing, None, "found no image in"),
    ("folder-texts", lambda root, made: ((root / "a.txt").write_text("x"), root)[1], None, "beside other files (1 .txt)"),
    ("folder-both", both_kinds, None, "8 image files beside 2 Parquet files"),
    ("folder-splits", two_splits, None, "splits test, train"),
    ("path-missing", missing, None, "which does not exist"),
    ("path-text", text_file, None, "neither a folder nor a Parquet, .npy or .npz file"),
    (
        "npz-statistics",
        array_file("a.npz", lambda path, made: np.savez(path, mu=np.ones(3), sigma=np.ones((3, 3)))),
        None,
        "arrays mu, sigma",
    ),
    ("npz-cut", array_file("a.npz", lambda path, made: path.write_bytes(b"PK\3\4" + bytes(50))), None, "no readable array"),
    ("npy-objects", array_file("a.npy", lambda path, made: np.save(path, np.array([{}, 1]))), None, "no readable array"),
    ("npy-two-axes", npy(lambda made: np.ones((8, 24))), None, "float64 of shape [8, 24]"),
    ("npy-four-channels", npy(lambda made: np.zeros((8, 24, 24, 4), np.uint8)), None, "neither side is 1 or 3 channels"),
    ("npy-ambiguous", npy(lambda made: np.zeros((8, 3, 24, 3), np.uint8)), None, "either side may be the channels"),
    ("npy-nan", npy(not_finite), None, "row 1 (NaN or infinity)"),
    ("npy-booleans", npy(lambda made: np.ones((8, 24, 24), bool)), None, "found bool"),
    ("range-unit-untold", npy(lambda made: np.stack(made) / 255), None, "from 0 to 1, which may be unit"),
    ("range-bytes-untold", npy(lambda made: np.stack(made).astype(float)), None, "from 0 to 255"),
    ("range-beyond", npy(lambda made: units(made) * 3), None, "float32 from -3 to 3"),
    ("range-wrong", npy(lambda made: np.stack(made).astype(float)), "unit", "found unit beside float64 from 0 to 255"),
    ("range-useless", folder("png"), "unit", "range: found unit, while denoisers.mine.path holds encoded images"),
    ("range-float-tiff", float_tiff(1 / 255, 0), None, "from 0 to 1, which may be unit"),
    ("parquet-column", table(lambda made: pa.table({"picture": [1]})), None, "found the columns picture"),
    ("parquet-no-bytes", table(lambda made: pa.table({"image": [{"bytes": None, "path": "a.png"}] * 2})), None, "row 0 (no value"),
    ("parquet-null", rows([None, None], pa.binary()), None, "row 0 (no value"),
    ("parquet-texts", rows(["a", "b"]), None, "row 0 (no image by its content)"),
    ("parquet-broken", rows([b"not an image"] * 30), None, "30 unreadable images: "),
    ("parquet-ragged", rows([[[1, 2], [3]]]), None, "lists of different lengths"),
    ("parquet-numbers", rows([1, 2]), None, "row 0 (int64"),
    (
        "parquet-cut",
        array_file("a.parquet", lambda path, made: path.write_bytes(b"PAR1" + bytes(40))),
        None,
        "neither a folder nor",
    ),
    ("parquet-flat-colour", rows([list(range(12))]), None, "array of shape [12]"),
    ("parquet-empty", rows([], pa.binary()), None, "found no image in"),
]


def write(root: Path, name, writer, made):
    """Writes one form into a folder of its own; the path to be read."""
    place = root / name
    place.mkdir(parents=True)
    return writer(place, made)
