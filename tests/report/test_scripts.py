"""The page's scripts, style and template as text: lines that fit, no colours among code, and types that hold."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from creativity.report.render import PARTS, SCRIPTS, script

VERSION = "5.9.3"  # of TypeScript, where it is installed for this test
OLDEST = (5, 5)  # which understands that a filter for what is not null leaves none that is
OPTIONS = ("--noEmit", "--allowJs", "--checkJs", "--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable")
COLOUR = r"""#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(\d|["'](?:white|black|gr[ae]y|red)["']"""
NAMES = sorted(path.name for path in PARTS.iterdir() if path.suffix in (".js", ".css", ".html"))


def text_of(name):
    return (PARTS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_not_longer_than_those_of_the_python_code(name):
    assert [line for line in text_of(name).split("\n") if len(line) > 132] == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_says_first_what_it_is_for(name):
    assert re.match(r"// [A-Z][^\n]+\.\n\n", text_of(name))


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_colour_is_written_in_a_script(name):
    assert re.findall(COLOUR, text_of(name)) == []


@pytest.fixture(scope="module")
def compiler(tmp_path_factory):
    """The command that checks types; the tests are skipped, with the reason, where there is none."""
    if shutil.which("node") is None:
        pytest.skip("no Node.js: install it to check the types of the page's scripts")
    path = shutil.which("tsc")
    if path and version_of(path) >= OLDEST:
        return path
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "creativity" / f"typescript-{VERSION}"
    if not command_in(folder).exists():
        install(folder, tmp_path_factory.mktemp("typescript"))
    return command_in(folder)


def version_of(path):
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(number) for number in re.findall(r"\d+", said)[:2])


def command_in(folder):
    return folder / "node_modules" / ".bin" / "tsc"


def install(folder, partial):
    """TypeScript from npm's registry, whole or not at all."""
    if shutil.which("npm") is None:
        pytest.skip("no TypeScript, and no npm to install it with")
    options = ("--no-audit", "--no-fund", "--fetch-retries=0", "--fetch-timeout=30000")
    done = subprocess.run(
        ["npm", "install", "--prefix", str(partial), *options, f"typescript@{VERSION}"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no TypeScript, and npm could not install it: {done.stderr.strip()[-300:]}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.move(partial, folder)


def complaints(compiler, folder, text):
    """What the compiler finds wrong, by script and line."""
    (folder / "page.js").write_text(text, encoding="utf-8")
    done = subprocess.run([compiler, *OPTIONS, "page.js"], cwd=folder, capture_output=True, text=True, check=False)
    return [named(line) for line in done.stdout.splitlines() if line]


def named(complaint):
    """The complaint with the script and the line in it, in place of the line of all scripts together."""
    place = re.match(r"page\.js\((\d+),\d+\): ", complaint)
    if place is None:
        return complaint
    line = int(place[1]) - 2  # what the scripts are wrapped in begins with two lines
    for name in SCRIPTS:
        length = len(text_of(name).split("\n"))
        if line <= length:
            return f"{name}:{line}: {complaint[place.end() :]}"
        line -= length
    return complaint


def test_the_types_of_the_scripts_hold(compiler, tmp_path):
    assert complaints(compiler, tmp_path, script()) == []


def test_a_mistake_would_be_found(compiler, tmp_path):
    right, wrong = "const parts = [run.denoiser];", "const parts = [run.denoizer];"
    number = text_of("runs.js").split("\n").index(f"  {right}") + 1
    said = complaints(compiler, tmp_path, script().replace(right, wrong, 1))
    assert [complaint.split(": ")[0] for complaint in said] == [f"runs.js:{number}"]
