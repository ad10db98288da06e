import json

import rates
from creativity.running import demand


def test_rates_are_work_over_seconds_and_are_what_estimates_read(tmp_path, monkeypatch):
    """With a clock by which each call takes 2 seconds."""
    monkeypatch.setattr(rates, "seconds", lambda work: (work(), 2.0)[1])
    monkeypatch.setattr(rates, "start", lambda: 3.0)
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
