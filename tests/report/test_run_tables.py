"""Which files of a run are there, and the order of the runs."""

import made_up

from creativity.campaign.layout import runs
from creativity.report import payload, run_tables


def test_runs_stand_in_the_order_from_copier_to_noise(built):
    distances = [entry["measures"]["nearest_distance:pixel"][0] for entry in built[0]["runs"]]
    assert distances == sorted(distances)


def test_the_files_of_a_run_that_is_not_up_to_date_do_not_count(tmp_path):
    campaign = made_up.campaign(tmp_path / "campaign")
    found = payload.build(tmp_path / "campaign", campaign, {"n20-s0/unet-pool1/seed0"})
    entries = {entry["denoiser"]: entry for entry in found["runs"]}
    assert (entries["unet-pool1"]["status"], entries["unet-pool1"]["samples"]) == ("missing", 0)
    assert {entry["status"] for name, entry in entries.items() if name != "unet-pool1"} == {"trained"}


def test_what_is_missing_or_diverged_is_named_and_the_rest_is_complete(tmp_path):
    root = tmp_path / "page"
    campaign = made_up.campaign(root)
    by_name = {run.denoiser: run for run in runs(campaign)}
    made_up.crash(root, by_name["unet-pool1"])
    made_up.diverge(root, by_name["unet-pool2"])
    by_name["bayes"].file(root, "measures.parquet").write_bytes(b"half a file")
    entries = {entry["denoiser"]: entry for entry in payload.build(root, campaign)["runs"]}
    crashed = entries["unet-pool1"]
    assert crashed["status"] == "missing"
    assert {each["file"] for each in crashed["missing"]} == set(run_tables.MADE_BY)
    told = crashed["missing"][0]
    assert told["log"] == "logs/train/n20-s0-unet-pool1-0.log"
    assert told["said"] == "RuntimeError: out of memory"
    assert (entries["unet-pool2"]["status"], entries["unet-pool2"]["samples"], entries["unet-pool2"]["steps"]) == ("diverged", 0, 9)
    assert entries["unet-pool2"]["missing"] == []
    assert entries["bayes"]["status"] == "incomplete"
    assert [each["file"] for each in entries["bayes"]["missing"]] == ["measures.parquet"]
    assert entries["bayes"]["samples"] == 12
    assert entries["unet-pool0"]["missing"] == []
