"""Sets up .venv, the environment of the project (`make setup`), by uv where it can be had and works, and otherwise by pip.

It is called with the Python that .venv is to be made with, and needs nothing but its standard library.
"""

import ast
import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

VENV, LOCK = Path(".venv"), Path("requirements.lock")
PYTHON = f"{VENV}/bin/python"
VERSIONS = ((3, 11), (3, 12), (3, 13))
FOR_UV = {  # what uv calls the settings of pip, which it does not read, and what stands between two values
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "cert": ("SSL_CERT_FILE", " "),
}
SECTIONS = ("global", "install", ":env:")  # of pip's settings; a later one prevails


def main() -> None:
    stamp, *lists = map(Path, sys.argv[1:])
    ours = sys.version_info[:2]
    if ours not in VERSIONS:
        sys.exit(f"PYTHON: found Python {in_words(ours)}; allowed: {', '.join(map(in_words, VERSIONS))}.")
    theirs = version_of(PYTHON)
    if theirs != ours:
        make_anew(theirs)
    wanted = made_with(lists)
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Installing {' and '.join(map(str, lists))} into {VENV} (some minutes, once) ...", flush=True)
        install(lists)
    stamp.write_text(wanted)


def in_words(version: Sequence[int]) -> str:
    """A version of Python as it is written.

    >>> in_words((3, 11))
    '3.11'
    """
    return ".".join(map(str, version))


def version_of(python: str) -> tuple[int, ...] | None:
    """The version of an environment's Python; None where it is gone, or has become another than its packages were installed for."""
    code = "import sys, pip; print(sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return tuple(ast.literal_eval(done.stdout)) if done.returncode == 0 else None


def make_anew(theirs: Sequence[int] | None) -> None:
    """Makes .venv with this Python, without any package. Raises SystemExit where it is a link: others may use what it leads to."""
    reason = f"was made with Python {in_words(theirs)}" if theirs else "has no Python that works"
    if VENV.is_symlink():
        sys.exit(
            f"{VENV}: found a link to {VENV.readlink()}, which {reason}; allowed: a folder, which is made where there is none."
        )
    if VENV.exists():
        print(f"{VENV} {reason}: it is made anew with Python {in_words(sys.version_info[:2])}.", flush=True)
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False).returncode:
        sys.exit(f"{VENV}: {sys.executable} could not make it, as said above; on Debian it needs the package python3-venv.")


def made_with(lists: Sequence[Path]) -> str:
    """What a stamp holds: the lists that were installed, and a hash of them and of the lock."""
    content = b"\0".join(path.read_bytes() for path in (*lists, LOCK))
    return f"{' '.join(map(str, lists))} {hashlib.sha256(content).hexdigest()[:16]}\n"


def install(lists: Sequence[Path]) -> None:
    """Installs the packages of these lists in the versions of the lock. Raises SystemExit where neither uv nor pip can."""
    chosen = [option for path in lists for option in ("-r", str(path))] + ["-c", str(LOCK)]
    pip = [PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    uv = [PYTHON, "-m", "uv", "--quiet", *([] if can_cache() else ["--no-cache"]), "pip", "install"]
    uv += ["--python", PYTHON, "--compile-bytecode"]  # else every process compiles them where PYTHONDONTWRITEBYTECODE is set
    if succeeds([*pip, "install", "-c", str(LOCK), "uv"]) and succeeds([*uv, *chosen], os.environ | for_uv(settings_of_pip())):
        return
    if "UV_TORCH_BACKEND" in os.environ:
        sys.exit("UV_TORCH_BACKEND: uv alone reads it, and could not install, as said above.")
    print("uv cannot be had, or did not succeed: pip installs instead.", flush=True)
    if not succeeds([*pip, "install", *chosen]):
        sys.exit(f"{VENV}: its packages could not be installed, as said above; the same command tries again.")


def can_cache() -> bool:
    """Whether uv's folder of what it has downloaded is there or can be made: a home may be missing, or not the user's own."""
    try:
        folder = Path(os.environ.get("UV_CACHE_DIR") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "uv"))
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # it cannot be made; or the user has no home at all
        return False
    return os.access(folder, os.W_OK)


def succeeds(command: Sequence[str], environment: Mapping[str, str] | None = None) -> bool:
    return subprocess.run(command, env=environment, check=False).returncode == 0


def settings_of_pip() -> str:
    """Where pip is told to look for packages, as `pip config list` prints it; "" where it cannot say."""
    command = [PYTHON, "-m", "pip", "--disable-pip-version-check", "config", "list"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def for_uv(settings: str) -> dict[str, str]:
    """The environment by which uv looks for packages where pip does; what the user's own environment says to uv prevails.

    >>> for_uv("global.find-links='wheels'")["UV_FIND_LINKS"]
    'wheels'
    """
    found: dict[str, str] = {}
    lines = [line.partition("=") for line in settings.splitlines()]
    for section in SECTIONS:
        for key, _, value in lines:
            of_section, _, name = key.rpartition(".")
            if of_section == section and name in FOR_UV:
                variable, between = FOR_UV[name]
                found[variable] = between.join(str(ast.literal_eval(value)).split())
    if "UV_INDEX" in found:
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # the newest version of any index, as pip takes it
    return {variable: value for variable, value in found.items() if variable not in os.environ}


if __name__ == "__main__":
    main()
