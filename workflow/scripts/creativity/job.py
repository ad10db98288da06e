"""What all entry points share: common arguments, the stamp of what they write, and errors in one sentence."""

import argparse
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from creativity import store
from creativity.errors import UserError

log = logging.getLogger("creativity")


def parser(description: str | None) -> argparse.ArgumentParser:
    """A parser with the arguments of every job. Files are given by name, settings as JSON in --params."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--campaign", required=True, help="name of the campaign")
    made.add_argument("--code", required=True, help="hash of the code this job runs")
    made.add_argument("--params", required=True, type=json.loads, help="settings that determine the result, as JSON")
    return made


def gathering_parser(description: str | None) -> argparse.ArgumentParser:
    """The same for what gathers the runs of a campaign: its resolved configuration, and which runs are left out."""
    made = parser(description)
    made.add_argument("--config", type=Path, required=True)
    made.add_argument("--missing", type=Path, help="keys of runs that are not up to date, as JSON")
    return made


def run(main: Callable[[], None]) -> None:
    """Runs an entry point; a user's mistake ends it with one sentence instead of a traceback."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        main()
    except UserError as error:
        sys.exit(str(error))


def stamp(args: argparse.Namespace, inputs: Sequence[Path] = ()) -> store.Stamp:
    """The stamp of a job's outputs: its content hash covers settings, code and the contents of the inputs, nothing else."""
    contents = [content_hash(path) for path in inputs]
    content = store.digest(params=args.params, code=args.code, inputs=contents)
    return store.Stamp(args.campaign, content, args.code, git_commit())


def settings(kind: Any, value: Any) -> Any:
    """A value from --params as the dataclass of its section or family."""
    return TypeAdapter(kind).validate_json(json.dumps(value))


def content_hash(path: Path) -> str:
    facts = model_facts(path) if path.suffix == ".safetensors" else store.footer(path)
    return str(facts["content_hash"])


def model_facts(path: Path) -> dict[str, Any]:
    """The facts that a model file carries in its one metadata key. Raises StoreError where it cannot be read."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as model:
            return json.loads(model.metadata()[store.MODEL_KEY])
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        raise store.StoreError(f"{path}: found no readable model ({error}).") from None


def git_commit() -> str:
    """The commit of the checkout this file lies in; "unknown" outside one."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
