"""Which code a result depends on: a hash of syntax trees, so that comments, docstrings and file times do not count.

What lies beside a package's modules and is not Python, the parts of the page, counts by its bytes."""

import ast
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from creativity.store import whole

SCRIPTS = Path(__file__).parent.parent.parent
PACKAGES = ("creativity", "jobs")
PARTS = (".css", ".html", ".js")
KNOWN = Path(".snakemake/code")  # beside Snakemake's own records of what results were made with
NOT_COUNTED = ("creativity.fields", "creativity.families", "creativity.campaign.sections")
# These only check a campaign and work out its settings; what they come to is a parameter of each job.


def code_hash(rule: str, modules: Iterable[str] = ()) -> str:
    """Hash of the job of a rule and of all modules of ours that it imports, however indirectly.

    modules: further ones, which are imported by a name that only the settings tell, such as the file of a family.
    """
    return hash_of(rule, tuple(sorted(set(modules))))


@cache
def hash_of(rule: str, modules: tuple[str, ...]) -> str:
    seen: set[Path] = set()
    pending = [f"jobs.{rule}", *modules]
    while pending:
        name = pending.pop()
        path = module_file(name)
        if path is None or path in seen or name.startswith(NOT_COUNTED):
            continue
        seen.add(path)
        pending += [*imported(path), name.rpartition(".")[0]]
    trees = {path.relative_to(SCRIPTS).as_posix(): digest_of(path) for path in sorted(seen)}
    code = digest(json.dumps(trees))
    remember(code, trees)
    return code


@cache
def digest_of(path: Path) -> str:
    return digest(tree(path) + parts(path))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def remember(code: str, trees: Mapping[str, str]) -> None:
    """Notes which files a hash is made of, so that `make why` can name those that changed."""
    path = KNOWN / f"{code}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as partial:
            partial.write_text(json.dumps(trees, indent=1))


def files_of(code: str) -> dict[str, str]:
    """The files that a hash was made of, each with the hash of its syntax tree; {} where nobody took note of it."""
    try:
        trees: dict[str, str] = json.loads((KNOWN / f"{code}.json").read_text())
    except OSError:
        return {}
    return trees


@cache
def module_file(name: str) -> Path | None:
    base = SCRIPTS.joinpath(*name.split("."))
    candidates = (base.with_suffix(".py"), base / "__init__.py") if name.split(".")[0] in PACKAGES else ()
    return next((path for path in candidates if path.is_file()), None)


@cache
def parts(path: Path) -> str:
    """What else a package is made of, by name and hash; nothing for a module."""
    files = sorted(path.parent.iterdir()) if path.name == "__init__.py" else []
    return "".join(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for file in files if file.suffix in PARTS)


@cache
def imported(path: Path) -> tuple[str, ...]:
    """The names a file imports, at the top or within functions; of `from a import b` both a and a.b, since b may be a module."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(names)


@cache
def tree(path: Path) -> str:
    """A file's syntax tree as text, without docstrings."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(module)
