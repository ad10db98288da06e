"""Asks whether a model copies its training images (`make ask`): writes the campaign file of that question.

Takes TRAIN, OTHER, SAMPLES, SIZE and RANGE from the environment, and prints the campaign file's name. answer.py tells the answer.
"""

import contextlib
import io
import math
import os
import re
import sys
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import NamedTuple

import yaml

import plan
from campaign_files import measure_rates
from creativity import data, store
from creativity.campaign.layout import runs
from creativity.campaign.sections import Campaign
from creativity.campaign.validation import resolve
from creativity.data.collection import Collection, collect
from creativity.data.decode import COLOUR
from creativity.data.source import listing
from creativity.errors import UserError
from creativity.fields import ImpossibleError
from creativity.measures.classes import FEWEST_NEW
from creativity.running.demand import Estimates, machine
from creativity.running.plan import expected

USAGE = "make ask TRAIN=folder OTHER=folder SAMPLES=folder-or-file [SIZE=32]"
MEANING = {
    "TRAIN": "the images that the model was trained on",
    "OTHER": "other real images, which it has never seen",
    "SAMPLES": "the images that it generated",
}
RANGES = ("bytes", "unit", "signed")
MODEL = "my-model"
SIZE, LARGEST_AS_IS = 32, 64  # side where images have several sizes; and up to which they keep the one that they share
SIZES = (8, 1024)
FEWEST = {"TRAIN": 6, "OTHER": 2 * FEWEST_NEW, "SAMPLES": 1}
SECONDS = 600.0  # of one core, by estimate, that the richest of these settings may take; all else comes on top
ALL_SPACES = "[pixel, pca, aligned, halves]"
SMALL = "{steps: 200, folds: 2, width: 8}"
SETTINGS = (  # spaces, judge, and what a user should know of them; the first that is cheap enough is taken
    (ALL_SPACES, "{}", "moved, brighter, cropped and half copies are looked for, too"),
    (ALL_SPACES, SMALL, "moved, brighter, cropped and half copies are looked for, too; the judge of what is real is a small one"),
    (
        "[pixel, pca, aligned]",
        SMALL,
        "moved, brighter and cropped copies are looked for, too; the judge of what is real is a small one",
    ),
    ("[pixel, pca]", SMALL, "so many images: moved or brighter copies are not looked for, and the judge is a small one"),
)
ARGUMENTS = "# make ask "
CONTROLS = 250  # images that controls have at most


class Question(NamedTuple):
    """What a user asks: three places, the side in pixels and the range of numbers, "" where these two are left open."""

    TRAIN: str
    OTHER: str
    SAMPLES: str
    SIZE: str = ""
    RANGE: str = ""

    @property
    def arguments(self) -> str:
        """The line of the campaign file by which the question is recognised."""
        return ARGUMENTS + " ".join(f"{name}={scalar(value)}" for name, value in self._asdict().items() if value)


class Looked(NamedTuple):
    """What is known of the images before any is decoded. ranges: of arrays of numbers, where the user had to say it."""

    sides: dict[str, Collection]
    others: int
    ranges: dict[str, str | None]

    @property
    def number(self) -> int:
        return sum(len(side.names) for side in self.sides.values())

    @property
    def coloured(self) -> int:
        """How many of the images are in colour."""
        return sum(COLOUR in image.traits for side in self.sides.values() for image in side.seen)


def main() -> None:
    try:
        print(ask(question(os.environ)))
    except (UserError, ImpossibleError) as error:
        sys.exit(str(error))


def question(environment: Mapping[str, str]) -> Question:
    """The question in environment variables. Raises UserError where a part is missing or is none."""
    asked = Question(**{name: environment.get(name, "") for name in Question._fields})
    for name, meaning in MEANING.items():
        value = getattr(asked, name)
        if not value.strip():
            raise UserError(f"{name}: found nothing; allowed: {meaning}, as in {USAGE}.")
        if any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
            raise UserError(f"{name}: found {value!r}, which is not UTF-8; allowed: a path in UTF-8.")
    least, most = SIZES
    if asked.SIZE and not (re.fullmatch("[0-9]{1,5}", asked.SIZE) and least <= int(asked.SIZE) <= most):
        raise UserError(f"SIZE: found {asked.SIZE!r}; allowed: the side of the images in pixels, from {least} to {most}.")
    if asked.RANGE and asked.RANGE not in RANGES:
        raise UserError(f"RANGE: found {asked.RANGE!r}; allowed: {', '.join(RANGES)}, or nothing.")
    return asked


def ask(asked: Question) -> Path:
    """The campaign file of a question, written where it is new. What is asked, and how long it takes, goes to standard error."""
    looked = look(asked)
    measure_rates()
    path, is_new = place(asked)
    if is_new:
        text = best_text(asked, looked, path)
        store.write_text(path, text)
        tell(f"{path} is the campaign file of this question:\n\n{text}")
    else:
        tell(f"{path} asks this already and is used as it is; delete it to have it written again.")
    tell(time_of(path))
    return path


def tell(text: str) -> None:
    print(text, file=sys.stderr)


def look(asked: Question) -> Looked:
    """The three sets of images. Raises UserError where one is missing, too small, or holds images of another one."""
    sides, ranges = {}, {}
    for name in MEANING:
        sides[name], ranges[name] = side(name, getattr(asked, name), asked.RANGE)
    if shared := overlap(sides["SAMPLES"], sides["TRAIN"]):
        raise UserError(f"SAMPLES: found {listing(shared, 'file')} of TRAIN; allowed: images that the model generated.")
    if shared := overlap(sides["OTHER"], sides["SAMPLES"]):
        raise UserError(f"OTHER: found {listing(shared, 'file')} of SAMPLES; allowed: real images alone.")
    trained, known = set(sides["TRAIN"].identities), {image.digest for image in sides["TRAIN"].seen}
    other = zip(sides["OTHER"].identities, sides["OTHER"].seen, strict=True)
    others = len({image.digest for identity, image in other if identity not in trained} - known)
    numbers = {name: others if name == "OTHER" else len(of.names) for name, of in sides.items()}
    for name, number in numbers.items():
        if number < FEWEST[name]:
            beside = " that are not in TRAIN" if name == "OTHER" else ""
            images = "image" if number == 1 else "images"
            raise UserError(f"{name}: found {number} {images}{beside}; allowed: at least {FEWEST[name]}.")
    return Looked(sides, others, ranges)


def side(name: str, path: str, told: str) -> tuple[Collection, str | None]:
    """The images at a path, and the range of their numbers where the user says it and there is doubt.

    Raises UserError, with the variable's name, as `collect` does.
    """
    where = Path(path).expanduser()
    try:
        try:
            return collect(where, f"{name}.path"), None
        except UserError as error:
            if not told or not str(error).startswith(f"{name}.range"):
                raise
            return collect(where, f"{name}.path", told), told  # type: ignore[arg-type]
    except UserError as error:
        raise UserError(str(error).replace(f"{name}.path", name).replace(f"{name}.range", f"RANGE, of {name}")) from None


def overlap(one: Collection, other: Collection) -> list[str]:
    """The names of the images of one set that are files of another, whatever way leads there."""
    known = set(other.identities)
    return [name for name, identity in zip(one.names, one.identities, strict=True) if identity in known]


def place(asked: Question) -> tuple[Path, bool]:
    """The campaign file of a question, and whether it is still to be written: the first name that no other question has."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", Path(asked.SAMPLES).expanduser().stem).strip("-")[:40] or "samples"
    for path in (Path(f"ask-{stem}{end}.yaml") for end in ends()):
        if not os.path.lexists(path):
            return path, True
        if asked.arguments in lines_of(path):
            return path, False
        tell(f"{path} asks something else, and is left as it is.")
    raise AssertionError("numbers do not end")


def ends() -> Iterator[str]:
    yield ""
    yield from (f"-{number}" for number in count(2))


def lines_of(path: Path) -> list[str]:
    """The lines of a file; none where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def best_text(asked: Question, looked: Looked, path: Path) -> str:
    """The text of the campaign file with the richest settings that are cheap enough."""
    text = ""
    for settings in SETTINGS:
        text = text_of(asked, looked, path, settings)
        if seconds(data.planned(resolve(yaml.safe_load(text), str(path)), str(path)).campaign) <= SECONDS:
            break
    return text


def text_of(asked: Question, looked: Looked, path: Path, settings: tuple[str, str, str]) -> str:
    """A campaign file. settings: one of SETTINGS."""
    (size, why), (spaces, judge, note), ranges = size_of(asked, looked), settings, looked.ranges
    colour = "true" if looked.coloured else "false"
    of_images = f", range: {ranges['SAMPLES']}" if ranges["SAMPLES"] else ""
    real = ranges["TRAIN"] or ranges["OTHER"]
    many = looked.others > 2 * CONTROLS
    count, as_held_out = (CONTROLS, "") if many else ("null", "; null: as many as there are held-out images")
    lines = [
        "# yaml-language-server: $schema=workflow/schemas/config.schema.yaml",
        "# Are the samples training images? This file was written by",
        asked.arguments,
        f"# and may be edited; config/config.yaml explains every key. To run it: make demo CONFIG={path}",
        f"campaign: {path.stem}",
        "",
        "dataset:",
        "  name: image-folder",
        f"  train: {scalar(asked.TRAIN)} # what the model was trained on: {len(looked.sides['TRAIN'].names)} images",
        f"  path: {scalar(asked.OTHER)} # other real images: {looked.others}",
        f"  size: {size} # {why}",
        f"  color: {colour} # {colour_of(looked)}",
        *([f"  range: {real}"] if real else []),
        "",
        "subsets:",
        "  sizes: [all] # the model may have learned any of its training images",
        "  heldout: null # half of the other images: what would real, new images score?",
        "  reference: null # the other half: what realism is measured against",
        "",
        "denoisers:",
        f"  {MODEL}: {{family: external, path: {scalar(asked.SAMPLES)}{of_images}, count: all}} # all {samples_in(looked)}",
        "",
        f"sampling: {{count: {count}}} # images of each control, and of each set that is measured as a whole{as_held_out}",
        f"neighbours: {{spaces: {spaces}}} # {note}",
        f"judge: {judge} # of what is real",
        *([] if has_gpu() else ["training: {device: cpu} # where the judge is trained: no GPU was found"]),
    ]
    return "\n".join(lines) + "\n"


def scalar(text: str) -> str:
    """A text as a YAML scalar of one line, in quotes.

    >>> print(scalar("it's a folder"))
    "it's a folder"
    """
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=math.inf).strip()


def size_of(asked: Question, looked: Looked) -> tuple[int, str]:
    """The side to which all images are brought, and why it is this one."""
    if asked.SIZE:
        return int(asked.SIZE), "SIZE: all images are brought to this side, in pixels"
    shapes = {(image.width, image.height) for collection in looked.sides.values() for image in collection.seen}
    least, most = min(map(min, shapes)), max(map(max, shapes))
    if least == most and SIZES[0] <= least <= LARGEST_AS_IS:
        return least, "the side of all images, in pixels"
    sides = f"sides from {least} to {most} pixels" if least < most else f"a side of {least} pixels"
    size = max(min(SIZE, least), SIZES[0])
    return size, f"since the images have {sides}, all are brought to {size}; another side with SIZE=..."


def colour_of(looked: Looked) -> str:
    """Whether images are compared in colour, and why."""
    if not looked.coloured:
        return "all images are grey"
    if looked.coloured == looked.number:
        return "all images are in colour"
    return f"{looked.coloured} of {looked.number} images are in colour, and the grey ones become RGB"


def has_gpu(devices: Path = Path("/dev")) -> bool:
    """Whether this machine has a GPU of NVIDIA's, without importing torch."""
    return any(devices.glob("nvidia[0-9]*"))


def samples_in(looked: Looked) -> str:
    number = len(looked.sides["SAMPLES"].names)
    return f"{number} samples" if number > 1 else "1 sample"


def seconds(campaign: Campaign) -> float:
    """Seconds of one core for the judge and for all searches of neighbours, by counted operations: the rest is little beside."""
    estimates, name = Estimates({campaign.campaign: campaign}, machine(None)), {"campaign": campaign.campaign}
    total = sum(estimates.of(rule, name).seconds for rule in ("train_judge", "subset_neighbours", "unmask"))
    of_controls = {"subset": runs(campaign)[0].subset}
    for job in (of_controls, of_controls | {"denoiser": MODEL}):
        total += sum(estimates.of(rule, name | job).seconds for rule in ("neighbours", "judge", "measure"))
    return total


def time_of(path: Path) -> str:
    """How long a campaign file will take, in words, from a dry run. Raises SystemExit where that fails."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):  # the real run says the same of the images again
            jobs, _ = plan.ahead_of(["--profile", os.environ.get("PROFILE") or "profiles/local", "--configfile", str(path)])
    except SystemExit:
        sys.stderr.write(said.getvalue())
        raise
    times = [job.seconds if (measured := expected(job)) is None else measured for job in jobs if job.benchmark]
    if not times:
        return "Nothing is to be computed: the results are up to date."
    cores = len(os.sched_getaffinity(0))
    minutes = math.ceil(max(sum(times) / cores, *times) / 60)
    unit = "minute" if minutes == 1 else "minutes"
    return f"About {minutes} {unit} on {cores} cores, for {len(times)} jobs."


if __name__ == "__main__":
    main()
