"""The rules by Snakemake's own linter, but for what is meant here."""

import re

MEANT = (
    "Specify a conda environment",  # Snakemake and all jobs run in one environment, that of environment.yml or make setup
    "Shell command directly uses variable rule",  # the name of the job is the name of its rule
)


def test_the_linter_finds_nothing_that_is_not_meant(new_checkout):
    said = new_checkout().run(["snakemake", "--lint"], check=False).stdout
    lints = [line.strip("* :") for line in said.splitlines() if re.match(r"\s+\* ", line)]
    assert said.count("Lints for rule") > 20  # the rules were read
    assert [lint for lint in lints if not lint.startswith(MEANT)] == []
