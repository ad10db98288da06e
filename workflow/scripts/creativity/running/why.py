"""The reasons that `make why` prints: why each job of the workflow would run, in words.

Snakemake says of each job of a dry run that, for instance, its parameters changed. From the parameters before and now this module
finds out which settings and which code files differ.
"""

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
SHOWN = 3  # jobs that are named for each rule and reason


class Planned(NamedTuple):
    """A job that would run. message: what it does, in words. reason: why it would run, as Snakemake says it. outputs: its files."""

    rule: str
    wildcards: dict[str, str]
    message: str
    reason: str
    outputs: list[str]


def reasons(jobs: Iterable[Planned]) -> list[str]:
    """The lines that `make why` prints: for each rule and reason how many jobs would run, and the first of them by name."""
    jobs = [job for job in jobs if job.rule != "all"]
    if not jobs:
        return ["Nothing would run: all results are up to date."]
    rule_of_file = {output: job.rule for job in jobs for output in job.outputs}
    messages_by_reason: dict[tuple[str, str], list[str]] = {}
    for job in jobs:
        messages_by_reason.setdefault((job.rule, words(job.reason, rule_of_file)), []).append(job.message)
    lines = [f"{count(len(jobs))} would run."]
    for (rule, reason), messages in messages_by_reason.items():
        lines += [f"{rule}: {count(len(messages))}, because {reason}", *(f"    {message}" for message in sorted(messages)[:SHOWN])]
        if len(messages) > SHOWN:
            lines.append(f"    ... and {len(messages) - SHOWN} more")
    return lines


def count(jobs: int) -> str:
    """A number of jobs in words, such as "1 job"."""
    return f"{jobs} job" + "s" * (jobs != 1)


def words(reason: str, rule_of_file: Mapping[str, str]) -> str:
    """Snakemake's reason for a job in words, or as it stands where it is of an unknown kind.

    rule_of_file: the rule by which each file would be made in this run. That another job makes an input anew is said only where
    there is no other reason.

    >>> words("Missing output files: samples.parquet", {})
    'its results are missing'
    >>> words("Input files updated by another job: model.safetensors", {"model.safetensors": "train"})
    'its input is made anew by train'
    """
    phrases = [phrase for beginning, phrase in PHRASES.items() if beginning in reason]
    if match := re.search(r"Updated input files: ([^;]+)", reason):
        phrases.append(f"{match[1]} changed")
    if match := PARAMS.search(reason):
        phrases += changes(*(list(map(ast.literal_eval, STRING.findall(match[side]))) for side in ("before", "now")))
    if not phrases and (match := re.search(r"Input files updated by another job: ([^;]+)", reason)):
        rules = sorted({rule_of_file[file] for file in match[1].split(", ") if file in rule_of_file})
        phrases.append(f"its input is made anew by {', '.join(rules)}")
    return "; ".join(phrases) or reason


def changes(before: list[str], now: list[str]) -> list[str]:
    """What differs between the parameters of a job before and now, in words: code files by name, settings by key."""
    codes, settings = ([pick(params, is_code) for params in (before, now)] for is_code in (True, False))
    phrases = []
    if any(codes):
        old, new = (files_of(code) for code in codes)
        files = sorted(file for file in old.keys() | new.keys() if old.get(file) != new.get(file)) if old and new else []
        phrases.append("the code changed" + (f": {', '.join(files)}" if files else ""))
    if any(settings):
        old, new = (flat(json.loads(text)) if text.startswith("{") else {} for text in settings)
        keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        differences = (f"{key} was {old.get(key, 'not set')}, is {new.get(key, 'not set')}" for key in keys)
        phrases.append("; ".join(differences) or "its settings changed")
    return phrases


def pick(params: list[str], is_code: bool) -> str:
    """The one parameter that is a code hash, or the one that is not; "" where there is none. params: of one job, as texts."""
    return next((text for text in params if bool(re.fullmatch(r"[0-9a-f]{16}", text)) == is_code), "")


def flat(settings: Any, path: str = "") -> dict[str, str]:
    """Nested settings by their full keys, with values as JSON.

    >>> flat({"sampling": {"steps": 20}})
    {'sampling.steps': '20'}
    """
    if not isinstance(settings, dict):
        return {path: json.dumps(settings)}
    return {key: value for name, inner in settings.items() for key, value in flat(inner, f"{path}.{name}".lstrip(".")).items()}
