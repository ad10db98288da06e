"""The rules by Snakemake's own linter, but for what is meant here."""

import json

MEANT = (
    "Specify a conda environment",  # Snakemake and all jobs run in one environment, that of environment.yml or make setup
    "Shell command directly uses variable rule",  # the name of the job is the name of its rule
)


def test_the_linter_finds_nothing_that_is_not_meant(new_checkout):
    said = new_checkout().run(["snakemake", "--lint", "json"], check=False).stdout
    told = json.loads(said[said.index("{") : said.rindex("}") + 1])
    lints = [(rule["name"], lint["title"]) for rule in told.get("rules", []) for lint in rule["lints"]]
    lints += [(snakefile.get("snakefile"), lint["title"]) for snakefile in told.get("snakefiles", []) for lint in snakefile["lints"]]
    assert len({name for name, _ in lints}) > 20  # the rules were read
    assert [lint for lint in lints if not lint[1].startswith(MEANT)] == []
