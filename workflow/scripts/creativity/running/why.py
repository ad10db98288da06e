"""Why jobs would run, in words: Snakemake's reasons with what is known of the settings and the code behind them."""

import ast
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from creativity.running.code_hash import files_of

PARAMS = re.compile(r"Params have changed since last execution: .*?before: (?P<before>.*) now: (?P<now>.*?) *(; Software|$)")
STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
PHRASES = {
    "Forced execution": "it is forced",
    "Missing output files": "its results are missing",
    "Incomplete output files": "it was interrupted",
    "Set of input files has changed": "it has other inputs than before",
    "Code has changed": "its rule changed",
    "Software environment definition has changed": "its environment changed",
}
SHOWN = 3  # jobs named for each rule and reason


class Planned(NamedTuple):
    """A job of a dry run: its rule and wildcards, what it does in words, Snakemake's reason, and its outputs."""

    rule: str
    wildcards: dict[str, str]
    message: str
    reason: str
    outputs: list[str]


def explain(jobs: Iterable[Planned]) -> list[str]:
    """The lines that `make why` prints: for each rule and reason, how many jobs and which."""
    jobs = [job for job in jobs if job.rule != "all"]
    if not jobs:
        return ["Nothing would run: all results are up to date."]
    makers = {output: job.rule for job in jobs for output in job.outputs}
    groups: dict[tuple[str, str], list[str]] = {}
    for job in jobs:
        groups.setdefault((job.rule, words(job.reason, makers)), []).append(job.message)
    lines = [f"{count(len(jobs))} would run."]
    for (rule, reason), messages in groups.items():
        lines += [f"{rule}: {count(len(messages))}, because {reason}", *(f"    {message}" for message in sorted(messages)[:SHOWN])]
        if len(messages) > SHOWN:
            lines.append(f"    ... and {len(messages) - SHOWN} more")
    return lines


def count(jobs: int) -> str:
    return f"{jobs} job" + "s" * (jobs != 1)


def words(reason: str, makers: Mapping[str, str]) -> str:
    """A reason of Snakemake's in words. Inputs that another job makes anew are named only where nothing else is the cause.

    makers: which rule makes a file in this dry run.
    """
    found = [phrase for beginning, phrase in PHRASES.items() if beginning in reason]
    if match := re.search(r"Updated input files: ([^;]+)", reason):
        found.append(f"{match[1]} changed")
    if match := PARAMS.search(reason):
        found += changes(*(list(map(ast.literal_eval, STRING.findall(match[side]))) for side in ("before", "now")))
    if not found and (match := re.search(r"Input files updated by another job: ([^;]+)", reason)):
        rules = sorted({makers[file] for file in match[1].split(", ") if file in makers})
        found.append(f"its input is made anew by {', '.join(rules)}")
    return "; ".join(found) or reason


def changes(before: list[str], now: list[str]) -> list[str]:
    """What differs between the parameters of a job: code files by name, settings by key."""
    codes, settings = ([pick(side, is_code) for side in (before, now)] for is_code in (True, False))
    found = []
    if any(codes):
        old, new = (files_of(code) for code in codes)
        files = sorted(file for file in old.keys() | new.keys() if old.get(file) != new.get(file)) if old and new else []
        found.append("the code changed" + (f": {', '.join(files)}" if files else ""))
    if any(settings):
        old, new = (flat(json.loads(text)) if text.startswith("{") else {} for text in settings)
        keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        told = (f"{key} was {old.get(key, 'not set')}, is {new.get(key, 'not set')}" for key in keys)
        found.append("; ".join(told) or "its settings changed")
    return found


def pick(params: list[str], is_code: bool) -> str:
    """The one parameter that is a code hash, or the one that is not; "" where there is none."""
    return next((text for text in params if bool(re.fullmatch(r"[0-9a-f]{16}", text)) == is_code), "")


def flat(settings: Any, path: str = "") -> dict[str, str]:
    """Nested settings by paths such as sampling.steps, values as JSON."""
    if not isinstance(settings, dict):
        return {path: json.dumps(settings)}
    return {key: value for name, below in settings.items() for key, value in flat(below, f"{path}.{name}".lstrip(".")).items()}
