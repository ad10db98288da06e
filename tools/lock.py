"""Writes requirements.lock (exact versions, from a fresh install of requirements.txt) and environment.yml (the same for conda)."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
LINUX_ONLY = ("nvidia-", "cuda-", "triton")  # what torch brings along for GPUs
MARKER = ' ; platform_system == "Linux" and platform_machine == "x86_64"'


def lock(frozen: str) -> str:
    """pip's list of installed packages, with what exists on Linux alone marked as such."""
    lines = (f"{line}{MARKER}" if line.startswith(LINUX_ONLY) else line for line in sorted(frozen.split(), key=str.lower))
    return "# Written by `make lock` from requirements.txt; do not edit.\n" + "\n".join(lines) + "\n"


def environment(requirements: str) -> str:
    """requirements.txt as a conda environment whose packages come by pip, as some of them exist there alone."""
    packages = [line for line in requirements.splitlines() if line and not line.startswith("#")]
    head = "# Written by `make lock` from requirements.txt; do not edit.\nname: creativity\nchannels: [conda-forge]\n"
    head += "dependencies:\n  - python=3.11\n  - pip\n  - pip:\n"
    return head + "".join(f"      - {package}\n" for package in packages)


def main() -> None:
    (ROOT / "environment.yml").write_text(environment((ROOT / "requirements.txt").read_text()))
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        pip = [f"{folder}/bin/python", "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "-r", str(ROOT / "requirements.txt")], check=True, stdout=sys.stderr)
        frozen = subprocess.run([*pip, "freeze", "--exclude", "setuptools"], check=True, capture_output=True, text=True).stdout
    (ROOT / "requirements.lock").write_text(lock(frozen))


if __name__ == "__main__":
    main()
