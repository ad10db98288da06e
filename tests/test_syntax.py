"""What a file imports beside it, and which names it defines, without running it."""

import pytest

from creativity import syntax


@pytest.fixture
def write(tmp_path):
    """Writes files by name into a folder, and gives the path of the first."""

    def files(**texts):
        for name, text in texts.items():
            path = tmp_path.joinpath(*name.split("__")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path / f"{next(iter(texts))}.py"

    return files


def names(file):
    return sorted(path.relative_to(file.parent).as_posix() for path in syntax.beside(file))


def test_files_beside_count_however_indirectly_and_others_do_not(write):
    file = write(
        net="import torch\nfrom blocks import Block",
        blocks="def f():\n    import deeper",
        deeper="import blocks",
        unused="import net",
    )
    assert names(file) == ["blocks.py", "deeper.py", "net.py"]


def test_packages_beside_count_with_their_relative_imports(write):
    file = write(
        net="from parts.up import Up",
        parts__up="from .shared import x\nfrom ..above import y",
        parts__shared="from . import more\nfrom .inner import z",
        parts__more="",
        parts__inner__init="",
        above="",
        parts__other="",
    )
    (file.parent / "parts/inner/init.py").rename(file.parent / "parts/inner/__init__.py")
    (file.parent / "parts/__init__.py").write_text("")
    expected = ["net.py", "parts/__init__.py", "parts/inner/__init__.py", "parts/more.py", "parts/shared.py", "parts/up.py"]
    assert set(expected) <= set(names(file))
    assert "parts/other.py" not in names(file)


def test_a_mistake_beside_is_told_with_its_file_and_line(write):
    file = write(net="import blocks", blocks="x = 1\ndef f(:\n")
    with pytest.raises(SyntaxError) as error:
        syntax.beside(file)
    assert (error.value.filename, error.value.lineno) == (str(file.with_name("blocks.py")), 2)


def test_bytes_that_are_no_python_are_a_syntax_error(write):
    file = write(net="")
    for content in (b"\x00", b"\xff = 1"):
        file.write_bytes(content)
        with pytest.raises(SyntaxError):
            syntax.parsed(file)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("def build(images): ...", True),
        ("from nets import build", True),
        ("from nets import make as build", True),
        ("from nets import *", True),
        ("build = print", True),
        ("if True:\n    class build: ...", True),
        ("build(1)", False),
        ("def built(images): ...", False),
        ("from nets import build as made", False),
    ],
)
def test_a_name_is_bound_or_not(text, bound, write):
    file = write(net=text)
    assert syntax.binds(file, "build") == bound
