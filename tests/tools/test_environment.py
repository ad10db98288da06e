"""How .venv is set up: by which Python, by uv or by pip, and when it is not touched."""

import os
import subprocess
import sys

import pytest
from checkout import ROOT

import environment

LISTS = ("requirements.txt", "requirements-tests.txt")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A checkout whose .venv has this Python, without uv's and pip's work; and the commands that they were given."""
    monkeypatch.chdir(tmp_path)
    for name in (*LISTS, "requirements.lock"):
        (tmp_path / name).write_text("six==1.17.0\n")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    monkeypatch.setattr(environment, "settings_of_pip", lambda: "")
    monkeypatch.delenv("UV_TORCH_BACKEND", raising=False)
    return tmp_path


@pytest.fixture
def commands(monkeypatch):
    """The commands that installed, each without its Python; those with `broken` in them fail."""
    given = []

    def succeeds(command, environment=None):
        given.append(" ".join(map(str, command[2:])))
        return not any(word in given[-1] for word in given.broken)

    class Given(list):
        broken = ()

    given = Given()
    monkeypatch.setattr(environment, "succeeds", succeeds)
    return given


def set_up(monkeypatch, *lists):
    monkeypatch.setattr("sys.argv", ["environment.py", ".venv/.installed", *lists])
    environment.main()


def test_uv_installs_the_lists_in_the_versions_of_the_lock(root, commands, monkeypatch):
    set_up(monkeypatch, *LISTS)
    bootstrap, installed = commands
    assert bootstrap == "pip --quiet --disable-pip-version-check install -c requirements.lock uv"
    assert installed.startswith("uv ")
    assert installed.endswith("-r requirements.txt -r requirements-tests.txt -c requirements.lock")


def test_what_is_installed_is_left_alone_until_a_list_or_the_lock_changes(root, commands, monkeypatch):
    set_up(monkeypatch, LISTS[0])
    set_up(monkeypatch, LISTS[0])
    assert len(commands) == 2
    for number, name in enumerate((LISTS[0], "requirements.lock"), 2):
        (root / name).write_text("six==1.16.0\n")
        set_up(monkeypatch, LISTS[0])
        assert len(commands) == 2 * number


@pytest.mark.parametrize("broken", ["install -c requirements.lock uv", "uv --quiet"])
def test_pip_installs_where_uv_cannot_be_had_or_fails(broken, root, commands, monkeypatch, capsys):
    commands.broken = (broken,)
    set_up(monkeypatch, LISTS[0])
    assert commands[-1] == "pip --quiet --disable-pip-version-check install -r requirements.txt -c requirements.lock"
    assert "pip installs instead." in capsys.readouterr().out


def test_where_nothing_can_install_one_sentence_says_so_and_the_next_call_tries_again(root, commands, monkeypatch):
    commands.broken = ("install",)
    with pytest.raises(SystemExit, match="could not be installed, as said above; the same command tries again"):
        set_up(monkeypatch, LISTS[0])
    assert not (root / ".venv/.installed").exists()


def test_what_uv_alone_can_do_is_not_left_to_pip(root, commands, monkeypatch):
    monkeypatch.setenv("UV_TORCH_BACKEND", "cpu")
    commands.broken = ("uv --quiet",)
    with pytest.raises(SystemExit, match="UV_TORCH_BACKEND: uv alone reads it"):
        set_up(monkeypatch, LISTS[0])
    assert len(commands) == 2


@pytest.fixture
def made(monkeypatch):
    """The commands by which .venv was made."""
    commands, run = [], subprocess.run

    def recorded(command, **options):
        if "venv" not in command:
            return run(command, **options)
        commands.append(list(map(str, command)))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(environment.subprocess, "run", recorded)
    return commands


def test_a_python_that_is_gone_is_replaced(root, commands, made, monkeypatch, capsys):
    (root / ".venv/bin/python").unlink()
    (root / ".venv/bin/python").symlink_to("/no/such/python")
    set_up(monkeypatch, LISTS[0])
    assert made == [[sys.executable, "-m", "venv", "--clear", ".venv"]]
    assert ".venv has no Python that works: it is made anew" in capsys.readouterr().out


def test_a_python_of_another_version_is_replaced(root, commands, made, monkeypatch, capsys):
    monkeypatch.setattr(environment, "version_of", lambda python: (3, 9))
    set_up(monkeypatch, LISTS[0])
    assert len(made) == 1
    assert ".venv was made with Python 3.9" in capsys.readouterr().out


def test_what_a_link_leads_to_is_not_cleared(root, commands, made, monkeypatch):
    (root / ".venv").rename(root / "shared")
    (root / ".venv").symlink_to("shared")
    set_up(monkeypatch, LISTS[0])
    monkeypatch.setattr(environment, "version_of", lambda python: (3, 9))
    with pytest.raises(SystemExit, match=r"\.venv: found a link to shared, which was made with Python 3\.9; allowed: a folder"):
        set_up(monkeypatch, LISTS[0])
    assert made == []


def test_a_python_that_is_too_old_is_refused(root, commands, monkeypatch):
    monkeypatch.setattr(environment.sys, "version_info", (3, 10, 0))
    with pytest.raises(SystemExit, match=r"PYTHON: found Python 3\.10; allowed: 3\.11, 3\.12, 3\.13\."):
        set_up(monkeypatch, LISTS[0])
    assert list(commands) == []


def test_uv_looks_where_pip_does_and_the_environment_prevails(monkeypatch):
    for name in [name for name in os.environ if name.startswith("UV_") or name == "SSL_CERT_FILE"]:
        monkeypatch.delenv(name)
    settings = (
        "global.extra-index-url='file:///one\\nfile:///two'\n:env:.index-url='https://mine'\nglobal.index-url='https://theirs'\n"
    )
    settings += "global.find-links='/a /b'\nglobal.timeout='9'\n"
    found = {
        "UV_INDEX": "file:///one file:///two",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_DEFAULT_INDEX": "https://mine",
        "UV_FIND_LINKS": "/a,/b",
    }
    assert environment.for_uv(settings) == found
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://ours")
    assert "UV_DEFAULT_INDEX" not in environment.for_uv(settings)
    assert environment.for_uv("") == {}


def test_uv_keeps_nothing_where_the_user_has_no_home_to_keep_it_in(root, commands, monkeypatch):
    for name in ("UV_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    home = root / "home"
    home.write_text("no folder")
    monkeypatch.setenv("HOME", str(home))
    set_up(monkeypatch, LISTS[0])
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "cache"))
    (root / ".venv/.installed").unlink()
    set_up(monkeypatch, LISTS[0])
    assert ["--no-cache" in command for command in commands if command.startswith("uv ")] == [True, False]
    monkeypatch.delenv("XDG_CACHE_HOME")

    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(environment.Path, "home", no_home)
    assert not environment.can_cache()


@pytest.mark.parametrize("home", ["open", "closed"])
def test_snakemake_keeps_its_cache_here_where_the_home_folder_is_closed(tmp_path, home):
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())
    (tmp_path / "closed").write_text("no folder")  # tests may run as root, to whom no folder is closed
    settings = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"} | {"HOME": str(tmp_path / home)}
    command = [
        "make",
        "-s",
        "-C",
        str(tmp_path),
        "--no-print-directory",
        "--eval",
        'show: ; @echo "$${XDG_CACHE_HOME:-none}"',
        "show",
    ]
    said = subprocess.run([*command, f"PYTHON={sys.executable}"], env=settings, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == ("none" if home == "open" else str(tmp_path / ".snakemake/cache"))
