"""Which code a result depends on: a hash of syntax trees, so that comments, docstrings and file times do not count.

What lies beside a package's modules and is not Python, the parts of the page, counts by its bytes."""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SCRIPTS = Path(__file__).parent.parent
PARTS = (".css", ".html", ".js")
NOT_COUNTED = {"creativity.config"}  # it only checks settings; what they resolve to is a parameter of each job


def code_hash(script: str, modules: Iterable[str] = ()) -> str:
    """Hash of a script in workflow/scripts and of the package's modules that it imports, however indirectly.

    modules: further ones, which are imported by a name that only the settings tell, such as the file of a family.
    """
    seen: dict[str, str] = {}
    pending = [*imported(SCRIPTS / script), *modules]
    while pending:
        name = pending.pop()
        path = module_file(name)
        if path is None or name in seen or name in NOT_COUNTED:
            continue
        seen[name] = tree(path) + parts(path)
        pending += [*imported(path), name.rpartition(".")[0]]
    return hashlib.sha256(repr((tree(SCRIPTS / script), sorted(seen.items()))).encode()).hexdigest()[:16]


@cache
def module_file(name: str) -> Path | None:
    base = SCRIPTS.joinpath(*name.split("."))
    candidates = (base.with_suffix(".py"), base / "__init__.py") if name.startswith("creativity") else ()
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
