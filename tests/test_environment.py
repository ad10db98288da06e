"""The files that say how the project is installed and run agree with one another."""

import re
import sys
import tomllib
from importlib.util import cache_from_source, find_spec
from pathlib import Path

import pytest
import yaml
from checkout import ROOT
from packaging.specifiers import SpecifierSet

import environment
import lock


def names(lines):
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if line.strip() and not line.startswith("#"))
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found}


def test_environment_yml_names_the_packages_that_running_needs():
    text = (ROOT / "requirements.txt").read_text()
    assert (ROOT / "environment.yml").read_text() == lock.environment(text)
    *_, pip = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert names(pip["pip"]) == names(text.splitlines())


def test_the_lock_has_one_version_of_every_package_of_both_lists():
    locked = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[^=\s]+==[^=\s]+( ; .*)?", line) for line in locked)
    assert len(names(locked)) == len(locked)
    for listed in lock.LISTS:
        assert names((ROOT / listed).read_text().splitlines()) <= names(locked)


def test_running_needs_none_of_what_checks_and_tests_need():
    running, tests = (names((ROOT / listed).read_text().splitlines()) for listed in lock.LISTS)
    assert not running & tests
    imported = {"beartype", "duckdb", "faiss", "playwright", "polars", "prdc", "pytest", "sklearn"}
    for folder in ("workflow", "tools"):
        for path in (ROOT / folder).rglob("*.py"):
            found = re.findall(r"^\s*(?:import|from) (\w+)", path.read_text(), re.MULTILINE)
            assert not imported & set(found), path


def test_the_lock_is_what_uv_resolves():
    assert lock.lock("six==1.17.0\n") == lock.WRITTEN.format("requirements.txt and requirements-tests.txt") + "six==1.17.0\n"


@pytest.mark.parametrize("version", environment.VERSIONS, ids=environment.in_words)
def test_every_python_is_named_where_one_is_looked_for(version):
    word = environment.in_words(version)
    assert f"python{word}" in (ROOT / "Makefile").read_text()
    for page in ("README.md", "Makefile"):
        assert word in re.findall(r"3\.\d+", (ROOT / page).read_text())
    assert word in SpecifierSet(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"])


@pytest.mark.parametrize("package", ["torch", "scipy", "snakemake"])
def test_set_up_packages_are_compiled(package):
    """Else every process compiles them, where PYTHONDONTWRITEBYTECODE is set."""
    if not Path(sys.prefix, ".installed").exists():
        pytest.skip("no .venv that make setup has made")
    assert Path(cache_from_source(find_spec(package).origin)).exists()


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
