"""Hashes of the code that a job runs, by which Snakemake knows when a result was made by code that has changed since.

A hash covers the syntax trees of the job's module and of all project modules that it imports, so that comments, docstrings and file
times do not count. So do the file of a user's model and the files beside it that it imports. The parts of the page that are not
Python (CSS, HTML, JavaScript) count by their bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path, PurePath

from creativity.store import whole
from creativity.syntax import beside, imported, tree

SCRIPTS = Path(__file__).parent.parent.parent
PACKAGES = ("creativity", "jobs")
PARTS = (".css", ".html", ".js")
KNOWN = Path(".snakemake/code")  # which files each hash was made of; beside Snakemake's own records
NOT_COUNTED = ("creativity.fields", "creativity.families", "creativity.campaign.sections")
# These only check a campaign and compute its configuration, whose values reach each job as its settings.


def code_hash(rule: str, modules: Iterable[str | Path] = ()) -> str:
    """Hash of the code of a rule's job: of its module and of all project modules that it imports, however indirectly.

    modules: those that the job imports by a name from its settings, such as the file of a family; a path is a file that a user
    brought, which counts by its name, wherever its folder lies.
    """
    return hash_of(rule, tuple(sorted(set(modules), key=str)))


@cache
def hash_of(rule: str, modules: tuple[str | Path, ...]) -> str:
    """`code_hash` with hashable arguments, so that each hash is computed once in a process."""
    digests: dict[str, set[str]] = {}
    pending = [f"jobs.{rule}", *(module for module in modules if isinstance(module, str))]
    for brought in (module for module in modules if isinstance(module, Path)):
        for path in beside(brought):
            digests.setdefault(path.relative_to(brought.parent).as_posix(), set()).add(digest_of(path))
            pending += imported(path)
    for path in project_files(pending):
        digests.setdefault(path.relative_to(SCRIPTS).as_posix(), set()).add(digest_of(path))
    file_hashes = {
        name: "+".join(sorted(digests[name])) for name in sorted(digests, key=PurePath)
    }  # two users' files may have one name
    code = digest(json.dumps(file_hashes))
    remember(code, file_hashes)
    return code


def project_files(names: Iterable[str]) -> set[Path]:
    """The files of the project modules of these names and of all that they import, however indirectly."""
    files: set[Path] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        path = module_file(name)
        if path is None or path in files or name.startswith(NOT_COUNTED):
            continue
        files.add(path)
        pending += [*imported(path), name.rpartition(".")[0]]
    return files


@cache
def digest_of(path: Path) -> str:
    """The hash of one module, and of the parts of its package that are not Python."""
    return digest(tree(path) + parts(path))


def digest(text: str) -> str:
    """The first 16 hexadecimal digits of a text's SHA-256 hash."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def remember(code: str, file_hashes: Mapping[str, str]) -> None:
    """Writes down which files a code hash was made of, so that `make why` can name those that changed."""
    path = KNOWN / f"{code}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as partial:
            partial.write_text(json.dumps(file_hashes, indent=1))


def files_of(code: str) -> dict[str, str]:
    """The files that a code hash was made of, each with its own hash; {} where `remember` has not written it down."""
    try:
        file_hashes: dict[str, str] = json.loads((KNOWN / f"{code}.json").read_text())
    except OSError:
        return {}
    return file_hashes


@cache
def module_file(name: str) -> Path | None:
    """The file of a module or package of this project; None for any other."""
    base = SCRIPTS.joinpath(*name.split("."))
    candidates = (base.with_suffix(".py"), base / "__init__.py") if name.split(".")[0] in PACKAGES else ()
    return next((path for path in candidates if path.is_file()), None)


@cache
def parts(path: Path) -> str:
    """The names and hashes of the files of a package that are not Python; "" for a plain module."""
    files = sorted(path.parent.iterdir()) if path.name == "__init__.py" else []
    return "".join(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for file in files if file.suffix in PARTS)
