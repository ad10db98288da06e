"""Python files as syntax trees: what they import, and what of them counts, without running anything."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path


def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file; not kept, since those of all files take 24 MB.

    Raises SyntaxError, with file and line, where it is no Python; OSError where it cannot be read.
    """
    try:
        return ast.parse(path.read_bytes(), filename=str(path))
    except ValueError as error:  # null bytes
        raise SyntaxError(str(error), (str(path), 1, None, None)) from None


@cache
def tree(path: Path) -> str:
    """A file's syntax tree as text, without docstrings. Raises as `parsed` does."""
    module = ast.parse(path.read_bytes())  # a tree of its own, since it is changed
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(module)


@cache
def imported(path: Path) -> tuple[str, ...]:
    """The modules that a file imports, also within functions. `from a import b` gives a and a.b, since b may be a module."""
    names: list[str] = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(names)


@cache
def beside(file: Path) -> tuple[Path, ...]:
    """A file, and all files of its folder and of packages in it that it imports, however indirectly. Raises as `parsed` does."""
    files: list[Path] = []
    pending = [file]
    while pending:
        path = pending.pop()
        if path not in files:
            files.append(path)
            pending += in_folder(path, file.parent)
    return tuple(files)


def in_folder(path: Path, folder: Path) -> Iterator[Path]:
    """The files in a folder that one of its files imports, with the __init__.py of the packages that they lie in."""
    names = list(imported(path))
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = path.parent.relative_to(folder).parts
            inside = [*package[: len(package) - node.level + 1], *(node.module or "").split(".")]
            names += [".".join(filter(None, [*inside, last])) for last in ("", *(alias.name for alias in node.names))]
    for name in names:
        parts = name.split(".")
        for count in range(1, len(parts) + 1):
            target = folder.joinpath(*parts[:count])
            yield from (file for file in (target.with_suffix(".py"), target / "__init__.py") if file.is_file())


def binds(file: Path, name: str) -> bool:
    """Whether a file may define a name at its top level: by def, class, import or assignment, in any of its statements.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "net.py")
    ...     _ = file.write_text("def build(images): pass")
    ...     binds(file, "build"), binds(file, "make")
    (True, False)
    """
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return True
        if isinstance(node, ast.alias) and (node.asname or node.name) in (name, "*"):
            return True
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name:
            return True
    return False
