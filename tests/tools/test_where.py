"""Where the results of a campaign file are."""

import pytest
from checkout import ROOT

import where


def told(monkeypatch, capsys, path):
    monkeypatch.setattr("sys.argv", ["where.py", str(path)])
    where.main()
    return capsys.readouterr().out


def test_the_places_of_a_campaign_are_told(monkeypatch, capsys):
    text = told(monkeypatch, capsys, ROOT / "config/test/tiny.yaml")
    assert "results/tiny/report.html" in text
    assert "gallery-n40-s0.html" in text


def test_a_study_has_the_places_of_each_of_its_campaigns(monkeypatch, capsys):
    text = told(monkeypatch, capsys, ROOT / "config/alignment.yaml")
    assert text.count("report.html") > 1


def test_a_file_that_is_no_campaign_ends_in_one_sentence(monkeypatch, capsys, tmp_path):
    with pytest.raises(SystemExit, match=r"none\.yaml: found No such file"):
        told(monkeypatch, capsys, tmp_path / "none.yaml")
