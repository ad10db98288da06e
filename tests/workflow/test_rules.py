"""The rules by Snakemake's own linter, but for what is meant here; and their shell, wherever the environment lies."""

import re
import sys

from checkout import TINY

MEANT = (
    "Specify a conda environment",  # Snakemake and all jobs run in one environment, that of environment.yml or make setup
    "Shell command directly uses variable rule",  # the name of the job is the name of its rule
)


def test_the_linter_finds_nothing_that_is_not_meant(new_checkout):
    said = new_checkout().run(["snakemake", "--lint"], check=False).stdout
    lints = [line.strip("* :") for line in said.splitlines() if re.match(r"\s+\* ", line)]
    assert said.count("Lints for rule") > 20  # the rules were read
    assert [lint for lint in lints if not lint.startswith(MEANT)] == []


def test_jobs_find_their_python_in_a_folder_of_any_name(new_checkout, tmp_path):
    environment = tmp_path / 'w{b} [ü]\'s "q" $HOME'
    environment.symlink_to(sys.prefix)
    checkout = new_checkout()
    made = "results/tiny/config.yaml"
    command = [
        environment / "bin/python",
        "-m",
        "snakemake",
        made,
        "--profile",
        "profiles/local",
        "--configfile",
        checkout.config(),
    ]
    checkout.run([str(word) for word in command])
    assert (checkout.root / made).exists()


def test_a_job_that_asks_for_no_gpu_is_not_told_to_use_one(new_checkout):
    """On a cluster it would find none. What asks for one is given the device that the campaign names."""
    checkout = new_checkout()
    features = {"extractor": "torchscript", "weights": str(checkout.root / "weights.pt")}
    (checkout.root / "weights.pt").write_bytes(b"read when the job runs")
    campaign = checkout.config(training={**TINY["training"], "device": "cuda"}, features=features, critic={"steps": 1})
    said = checkout.snakemake("--dry-run", "--printshellcmds", "--configfile", campaign).stdout
    asked = set(re.findall(r"run\.py (\w+) .*?--device (\w+).*?/n40-s0/([\w-]+)/", said))
    networks = {name for name, options in TINY["denoisers"].items() if options["family"] in ("unet", "mlp", "cnn")}
    for rule in ("sample", "converge", "explain"):
        found = {denoiser: device for job, device, denoiser in asked if job == rule}
        assert found.keys() == TINY["denoisers"].keys()
        assert {name for name, device in found.items() if device == "cuda"} == networks
    assert {device for job, device, _ in asked if job == "judge"} == {"cuda", "auto"}
    for rule in ("critic", "train_judge", "features"):
        assert set(re.findall(rf"run\.py {rule} .*?--device (\w+)", said)) == {"cuda"}
