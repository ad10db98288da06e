"""The files that say how the project is installed and run agree with one another."""

import re
import tomllib

import pytest
import yaml
from checkout import ROOT

import lock


def names(lines):
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if line.strip() and not line.startswith("#"))
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found}


def test_environment_yml_names_the_packages_of_requirements_txt():
    text = (ROOT / "requirements.txt").read_text()
    assert (ROOT / "environment.yml").read_text() == lock.environment(text)
    *_, pip = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert names(pip["pip"]) == names(text.splitlines())


def test_the_lock_names_every_package_of_requirements_txt_exactly():
    locked = (ROOT / "requirements.lock").read_text().splitlines()
    assert names((ROOT / "requirements.txt").read_text().splitlines()) <= names(locked)
    assert all(re.fullmatch(r"[^=\s]+==[^=\s]+( ; .*)?", line) for line in locked if not line.startswith("#"))


def test_the_lock_marks_what_exists_on_linux_alone():
    text = lock.lock("torch==2.14.1\nnvidia-cublas==1.0\nAltair==6.3.0\n")
    assert text.splitlines()[1:] == ["Altair==6.3.0", f"nvidia-cublas==1.0{lock.MARKER}", "torch==2.14.1"]


@pytest.mark.parametrize("name", ["rerun-incomplete", "max-checksum-file-size"])
def test_every_profile_counts_results_in_the_same_way(name):
    profiles = [yaml.safe_load(path.read_text()) for path in ROOT.glob("profiles/*/config.yaml")]
    assert len(profiles) == 2
    assert len({profile[name] for profile in profiles}) == 1


def test_the_slurm_profile_is_found_by_its_name():
    assert (ROOT / "slurm").is_symlink()
    assert (ROOT / "slurm/config.yaml").is_file()


def test_versions_agree():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text()
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()
