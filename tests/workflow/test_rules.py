"""The rules by Snakemake's own linter, but for what is meant here; and their shell, wherever the environment lies."""

import re
import sys

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
