"""A campaign file that Snakemake would stumble over is told in one sentence before."""

import pytest
from checkout import ROOT

from campaign_files import check_files


@pytest.mark.parametrize("name", ["a b.yaml", "it's.yaml", 'say "x".yaml'])
def test_a_file_of_any_name_is_read(tmp_path, monkeypatch, name):
    monkeypatch.chdir(ROOT)
    path = tmp_path / name
    path.write_text("campaign: a\n")
    check_files(["--profile", "profiles/local", "--configfile", str(path)])
    path.write_text("campaign:\n\tb: 1\n")
    with pytest.raises(SystemExit, match=r"line 2: found a tab at the beginning of a line; allowed: YAML\.$"):
        check_files(["--profile", "profiles/local", "--configfile", str(path)])


def test_a_file_that_is_missing_is_named(monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit, match=r"^none\.yaml: found No such file or directory"):
        check_files(["--configfile", "none.yaml"])
