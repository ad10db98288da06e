"""What all jobs of the workflow share: their settings, their command line, and the stamp on the files that they write.

A job is one call of a function in jobs/, in a process of its own: Snakemake runs it by `run.py` with the files of a rule. Its
command line follows from the parameters of its function.
"""

import argparse
import inspect
import json
import logging
import subprocess
import sys
import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter

from creativity import families, store
from creativity.errors import UserError
from creativity.families.base import Family
from creativity.store.weights import read_facts

log = logging.getLogger("creativity")


@dataclass(frozen=True, kw_only=True)
class Job:
    """What one job of a campaign is told besides its files.

    code: the hash of the code that it runs. settings: everything else that decides its results, apart from its input files.
    The remaining fields decide no result: threads and device to compute with, batch_size (samples at once), places (where files lie
    that users brought: options of families, nested as in the settings, which have their contents' hashes instead) and live (address
    of the MLflow server that shows training curves; "off": none).
    """

    campaign: str
    code: str
    settings: dict[str, Any] = field(default_factory=dict)
    threads: int = 1
    device: str = "cpu"
    batch_size: int = 256
    places: dict[str, Any] = field(default_factory=dict)
    live: str = "off"

    def section(self, section_class: Any, name: str, **also: Any) -> Any:
        """A section of the settings as its dataclass. also: further keys of it, which decide no result."""
        keys = {key: value for key, value in self.settings[name].items() if key != "computed"}
        return TypeAdapter(section_class).validate_json(json.dumps(keys | also))

    def family(self, name: str = "family") -> Family:
        """The family of denoisers, with its options, that stands in the settings under this name."""
        return families.parse(self.settings[name] | self.places.get(name, {}))

    def closed_forms(self) -> dict[str, Family]:
        """The families of the campaign's closed forms, by the names of their denoisers."""
        places = self.places.get("closed_forms", {})
        return {name: families.parse(options | places.get(name, {})) for name, options in self.settings["closed_forms"].items()}

    def stamp(self, inputs: Iterable[Path | None] = (), **also: Any) -> store.Stamp:
        """The stamp of the outputs; its content hash covers settings, code, the contents of the inputs (None: no file), `also`."""
        input_hashes = [content_hash(path) for path in inputs if path is not None]
        output_hash = store.digest(settings=self.settings, code=self.code, inputs=input_hashes, **also)
        return store.Stamp(self.campaign, output_hash, self.code, git_commit())


def run(function: Callable[..., None], arguments: Sequence[str], in_turn: bool = False) -> None:
    """Calls a job's function with the values of a command line. A UserError ends the process with its one sentence, no traceback.

    The function takes a Job, and its files by name: `Path`, `list[Path]` for several, `Path | None` for one that may not exist.
    in_turn: each file is given as a list, for several runs as `of_each` says, and the function is called for one after the other.
    """
    streams = [sys.stderr] if sys.stderr.isatty() else [sys.stderr, sys.stdout]  # the log file, and the terminal of the workflow
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[logging.StreamHandler(stream) for stream in streams])
    file_parameters = {name: parameter for name, parameter in inspect.signature(function).parameters.items() if name != "job"}
    values = vars(parser(function, file_parameters, in_turn).parse_args(arguments))
    given = {name: values.pop(name) for name in file_parameters}
    try:
        job = Job(**values)
        for files in of_each(given) if in_turn else [given]:
            function(job, **files)
    except UserError as error:
        end(str(error))


def of_one_run(rule: str) -> str:
    """The rule whose job does for one run what the job of this rule does for several, one after the other.

    >>> of_one_run("sample_together"), of_one_run("measure_controls"), of_one_run("explain_seeds")
    ('sample', 'measure', 'explain_seeds')
    """
    return rule.removesuffix("_together").removesuffix("_controls")


def of_each(given: dict[str, list[Path] | None]) -> list[dict[str, Path | None]]:
    """The files of each of several runs, by name. given: as many files of a name as runs, or fewer, each for as many runs in a row.

    Raises UserError where the numbers do not divide, or a file for several runs is not there, as no output is.

    >>> of_each({"a": [Path("1"), Path("2")], "b": None, "c": [Path("/")]})
    [{'a': PosixPath('1'), 'b': None, 'c': PosixPath('/')}, {'a': PosixPath('2'), 'b': None, 'c': PosixPath('/')}]
    """
    lists = {name: paths for name, paths in given.items() if paths is not None}
    runs = max(map(len, lists.values()), default=0)
    for paths in lists.values():
        if runs % len(paths) or not (len(paths) == runs or all(path.exists() for path in paths)):
            numbers = {name: len(paths) for name, paths in lists.items()}
            raise UserError(
                f"found numbers of files {numbers}; allowed: as many of each, or fewer that are there and serve as many runs each."
            )
    return [{name: paths[i * len(paths) // runs] if paths else None for name, paths in given.items()} for i in range(runs)]


def end(text: str) -> None:
    """Ends the process with a sentence in the log file; on the terminal of the workflow where the log cannot be written."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:  # the disk is full
        print(text, flush=True)
    sys.exit(1)


def parser(
    function: Callable[..., None], file_parameters: dict[str, inspect.Parameter], in_turn: bool = False
) -> argparse.ArgumentParser:
    """The command line of a job: an option for each field of Job and for each of its files. in_turn: of which there are several."""
    command_line = argparse.ArgumentParser(prog=f"run.py {function.__name__}", description=function.__doc__, allow_abbrev=False)
    command_line.add_argument("--campaign", required=True, help="name of the campaign")
    command_line.add_argument("--code", required=True, help="hash of the code this job runs")
    command_line.add_argument("--settings", type=json.loads, default={}, help="what decides the result besides the files, as JSON")
    command_line.add_argument("--places", type=json.loads, default={}, help="where files lie that users brought, as JSON")
    for name in ("device", "live"):
        command_line.add_argument(f"--{name}", default=getattr(Job, name))
    for name in ("threads", "batch-size"):
        command_line.add_argument(f"--{name}", type=int, default=getattr(Job, name.replace("-", "_")))
    for name, parameter in file_parameters.items():
        is_list = get_origin(parameter.annotation) is list
        is_optional = get_origin(parameter.annotation) is types.UnionType and types.NoneType in get_args(parameter.annotation)
        option = f"--{name.replace('_', '-')}"
        command_line.add_argument(option, type=Path, nargs="+" if is_list or in_turn else None, required=not is_optional)
    return command_line


def content_hash(path: Path) -> str:
    """The content hash that a Parquet table or a file of weights carries. Raises StoreError where the file cannot be read."""
    facts = read_facts(path) if path.suffix == ".safetensors" else store.footer(path)
    return str(facts["content_hash"])


def git_commit() -> str:
    """The git commit of the checkout that this file lies in; "unknown" outside a checkout."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
