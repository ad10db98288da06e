"""Writes the exact versions of all packages, and the project's environment for conda (`make lock`).

requirements.lock holds one version of each package for all Pythons and systems, with a marker where not all of them need it;
environment.yml is for conda, without exact versions.
"""

import os
import subprocess
import sys
from pathlib import Path

import environment as setup

ROOT = Path(__file__).parent.parent
LISTS = ("requirements.txt", "requirements-tests.txt")
WRITTEN = "# Written by `make lock` from {}; do not edit.\n"
OLDEST, NEWEST = setup.VERSIONS[0], setup.VERSIONS[-1]


def lock(resolved: str) -> str:
    """The text of requirements.lock. resolved: what uv prints, a package a line."""
    return WRITTEN.format(" and ".join(LISTS)) + resolved


def resolve() -> str:
    """The newest versions that the lists allow, one of each package. Raises CalledProcessError where uv fails."""
    options = ["--universal", "--fork-strategy", "fewest", "--python-version", setup.in_words(OLDEST)]
    plain = ["--quiet", "--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    command = [sys.executable, "-m", "uv", "pip", "compile", *options, *plain, *LISTS]
    sources = os.environ | setup.for_uv(setup.settings_of_pip())
    return subprocess.run(command, cwd=ROOT, env=sources, check=True, stdout=subprocess.PIPE, text=True).stdout


def environment(requirements: str) -> str:
    """The text of environment.yml: Python by conda and all packages by pip, since some are not on conda-forge."""
    packages = [line for line in requirements.splitlines() if line and not line.startswith("#")]
    head = WRITTEN.format(LISTS[0]) + "name: creativity\nchannels: [conda-forge]\n"
    head += f"dependencies:\n  - python>={setup.in_words(OLDEST)},<{NEWEST[0]}.{NEWEST[1] + 1}\n  - pip\n  - pip:\n"
    return head + "".join(f"      - {package}\n" for package in packages)


def main() -> None:
    (ROOT / "environment.yml").write_text(environment((ROOT / LISTS[0]).read_text()))
    (ROOT / "requirements.lock").write_text(lock(resolve()))


if __name__ == "__main__":
    main()
