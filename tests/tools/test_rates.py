import json
import subprocess
import sys

import pytest

import rates
from campaign_files import measure_rates
from creativity.running import demand


def test_rates_are_work_over_seconds_and_are_what_estimates_read(tmp_path, monkeypatch):
    """With a clock by which each call takes 2 seconds."""
    monkeypatch.setattr(rates, "seconds", lambda work: (work(), 2.0)[1])
    monkeypatch.setattr(rates, "start", lambda: 3.0)
    monkeypatch.setattr(rates, "beside_neighbours", rates.of_one_core)
    monkeypatch.setattr(rates, "RATES", tmp_path / "results/rates.json")
    rates.main()
    measured = demand.measured_rates(tmp_path / "results/rates.json")
    assert measured.product == 32 * 3072 * 1000 / 2
    assert measured.network == 3 * 4 * 9 * 16 * 16 * 32 * 256 / 2
    assert measured.start == 3
    assert json.loads((tmp_path / "results/rates.json").read_text()) == measured._asdict()


def test_the_least_of_several_times_counts(monkeypatch):
    clock = iter([0, 5, 5, 7, 7, 15, 15, 18, 18, 24])
    monkeypatch.setattr(rates.time, "process_time", lambda: next(clock))
    assert rates.seconds(lambda: None) == 2


def test_several_cores_are_measured_at_once():
    measured = rates.beside_neighbours(2)
    assert all(rate > 0 for rate in measured)
    assert 0.1 < measured.start < 60


def test_they_are_measured_once(tmp_path, monkeypatch):
    """In a process of its own, whose words do not get among those that `make ask` hands on."""
    calls = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subprocess, "run", lambda command, **options: calls.append((command[1].name, options["stdout"])))
    measure_rates()
    assert calls == [("rates.py", sys.stderr)]
    (tmp_path / "results").mkdir()
    (tmp_path / "results/rates.json").write_text("{}")
    measure_rates()
    assert len(calls) == 1


def test_where_they_cannot_be_kept_one_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(rates, "seconds", lambda work: 1.0)
    monkeypatch.setattr(rates, "start", lambda: 1.0)
    monkeypatch.setattr(rates, "beside_neighbours", rates.of_one_core)
    (tmp_path / "results").write_text("a file")
    monkeypatch.setattr(rates, "RATES", tmp_path / "results/rates.json")
    with pytest.raises(SystemExit, match=r"rates\.json: .*; so the cost of jobs is estimated by the rates of another machine\.$"):
        rates.main()
