"""What every job is given besides its files, how its command line comes from its function, and the stamp of what it writes."""

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
    """One job of a campaign.

    code: the hash of the code it runs; settings: all that decides its results, besides its input files. The rest decides none: the
    device and threads that it computes with, samples held at once, where the files of other people lie, and the server that is told
    how a training goes.
    """

    campaign: str
    code: str
    settings: dict[str, Any] = field(default_factory=dict)
    threads: int = 1
    device: str = "cpu"
    batch_size: int = 256
    path: str = ""
    live: str = "off"

    def section(self, kind: Any, name: str, **also: Any) -> Any:
        """A section of the settings as its dataclass; also: keys that decide no result and stand beside them."""
        plain = {key: value for key, value in self.settings[name].items() if key != "computed"}
        return TypeAdapter(kind).validate_json(json.dumps(plain | also))

    def family(self, name: str = "family") -> Family:
        """A family in the settings as its dataclass."""
        return families.parse(self.settings[name])

    def stamp(self, inputs: Iterable[Path | None] = (), **also: Any) -> store.Stamp:
        """Stamp of the outputs; its content hash covers settings, code, the contents of the inputs that there are, and `also`."""
        contents = [content_hash(path) for path in inputs if path is not None]
        content = store.digest(settings=self.settings, code=self.code, inputs=contents, **also)
        return store.Stamp(self.campaign, content, self.code, git_commit())


def run(function: Callable[..., None], arguments: Sequence[str]) -> None:
    """Runs a job's function with a command line; a user's mistake ends it with one sentence instead of a traceback.

    The function takes a Job and its files by name: `Path`, `list[Path]` for several, `Path | None` for one that there may not be.
    """
    streams = [sys.stderr] if sys.stderr.isatty() else [sys.stderr, sys.stdout]  # the log, and whoever watches the workflow
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[logging.StreamHandler(stream) for stream in streams])
    files = {name: parameter for name, parameter in inspect.signature(function).parameters.items() if name != "job"}
    given = vars(parser(function, files).parse_args(arguments))
    try:
        job = Job(**{name: value for name, value in given.items() if name not in files})
        function(job, **{name: given[name] for name in files})
    except UserError as error:
        sys.exit(str(error))


def parser(function: Callable[..., None], files: dict[str, inspect.Parameter]) -> argparse.ArgumentParser:
    """The command line of a job: what all jobs are given, and an option for each of its files."""
    options = argparse.ArgumentParser(prog=f"run.py {function.__name__}", description=function.__doc__, allow_abbrev=False)
    options.add_argument("--campaign", required=True, help="name of the campaign")
    options.add_argument("--code", required=True, help="hash of the code this job runs")
    options.add_argument("--settings", type=json.loads, default={}, help="what decides the result besides the files, as JSON")
    for name in ("device", "path", "live"):
        options.add_argument(f"--{name}", default=getattr(Job, name))
    for name in ("threads", "batch-size"):
        options.add_argument(f"--{name}", type=int, default=getattr(Job, name.replace("-", "_")))
    for name, parameter in files.items():
        several = get_origin(parameter.annotation) is list
        optional = get_origin(parameter.annotation) is types.UnionType and types.NoneType in get_args(parameter.annotation)
        options.add_argument(f"--{name.replace('_', '-')}", type=Path, nargs="+" if several else None, required=not optional)
    return options


def content_hash(path: Path) -> str:
    """The content hash in the footer of a table or of a file of weights."""
    facts = read_facts(path) if path.suffix == ".safetensors" else store.footer(path)
    return str(facts["content_hash"])


def git_commit() -> str:
    """The commit of the checkout this file lies in; "unknown" outside one."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
