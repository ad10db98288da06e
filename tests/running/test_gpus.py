"""GPUs that are made up: names and locks are all there is to them here."""

import os
import subprocess
import sys
import threading

import pytest
import torch
from checkout import ROOT

from creativity.running import gpus
from creativity.running.device import choose_device


@pytest.fixture
def held(monkeypatch):
    """The locks of several takers in this process, each of which takes itself for a process of its own."""
    takers = []

    def another():
        monkeypatch.setattr(gpus, "HELD", {})
        takers.append(gpus.HELD)
        return gpus.HELD

    another()
    yield another
    for file in (file for held in takers for file in held.values()):
        file.close()


def test_each_process_has_its_own_and_the_next_one_waits(held, tmp_path):
    assert gpus.take(["0", "1"], tmp_path) == 0
    second = held()
    assert gpus.take(["0", "1"], tmp_path) == 1
    held()
    found = []
    waiting = threading.Thread(target=lambda: found.append(gpus.take(["0", "1"], tmp_path, pause=0.01)))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    for file in second.values():
        file.close()
    waiting.join(10)
    assert found == [1]


def test_a_process_that_asks_again_keeps_what_it_has(held, tmp_path):
    assert gpus.take(["0", "1"], tmp_path) == 0
    held()
    assert [gpus.take(["0", "1"], tmp_path) for _ in range(3)] == [1, 1, 1]


def test_a_process_that_is_killed_gives_its_gpu_back(held, tmp_path):
    taken = f"gpus.take('ab', pathlib.Path({str(tmp_path)!r}))"
    code = f"import pathlib, time; from creativity.running import gpus; print({taken}, flush=True)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "workflow/scripts")}
    command = [sys.executable, "-c", f"{code}; time.sleep(60)"]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert other.stdout.readline() == "0\n"
    assert gpus.take(["a", "b"], tmp_path) == 1
    other.kill()
    other.wait()
    held()
    assert gpus.take(["a", "b"], tmp_path) == 0


def test_a_single_gpu_is_shared(held, tmp_path):
    assert [gpus.take(["0"], tmp_path) for _ in range(3)] == [0, 0, 0]


@pytest.mark.parametrize(("given", "expected"), [("2,5", ["2", "5"]), ("", ["0", "1"]), ("7", ["0", "1"])])
def test_gpus_are_named_as_the_whole_machine_knows_them(monkeypatch, given, expected):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", given)
    assert gpus.visible(2) == expected


def test_automatic_devices_are_those_that_were_taken(held, tmp_path, monkeypatch):
    monkeypatch.setattr(gpus.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert [str(choose_device(name)) for name in ("auto", "cpu", "cuda:1", "cuda")] == ["cuda:0", "cpu", "cuda:1", "cuda:0"]
    held()
    assert str(choose_device("auto")) == "cuda:1"
