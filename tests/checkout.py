"""The workflow as its users run it: in a copy of the checkout, by the command line."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).parent.parent
TINY = yaml.safe_load((ROOT / "config/test/tiny.yaml").read_text())
SMALL_JUDGE = "judge: {steps: 50, folds: 2, width: 8}\n"  # for campaigns whose time would go into training a larger one


class Checkout(NamedTuple):
    """A copy of the code, with results of its own."""

    root: Path

    def command(self, *args, cores=2):
        return [sys.executable, "-m", "snakemake", "--profile", "profiles/local", "--cores", str(cores), *map(str, args)]

    def snakemake(self, *args, cores=2, check=True):
        """Runs Snakemake with the local profile; its output, both streams, and exit code."""
        return self.run(self.command(*args, cores=cores), check)

    def environment(self):
        hidden = ("PYTEST", "MLFLOW", "PYTHONPATH")
        return {key: value for key, value in os.environ.items() if not key.startswith(hidden)}

    def run(self, command, check=True):
        done = subprocess.run(
            command, cwd=self.root, env=self.environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        assert done.returncode == 0 or not check, done.stdout[-6000:]
        return done

    def config(self, name="mine.yaml", **changes):
        """A campaign file: the tiny campaign with some sections changed."""
        path = self.root / name
        path.write_text(yaml.safe_dump({**TINY, **changes}, sort_keys=False))
        return path

    def jobs(self, config, *args):
        """The jobs of a dry run: rule, wildcards, message, reason, outputs."""
        script = "import json, sys, why; print('plan:' + json.dumps(why.planned_jobs(sys.argv[1:])))"
        options = (*args, "--profile", "profiles/local", "--cores", "2", "--configfile", config)
        command = ["env", "PYTHONPATH=workflow/scripts:tools", sys.executable, "-c", script, *map(str, options)]
        return json.loads(self.run(command).stdout.split("plan:")[1])

    def plan(self, config, *args):
        """The jobs of a dry run, counted by rule and, where a rule has one, by denoiser or figure: {"train unet": 4, "all": 1}."""
        named = ((rule, wildcards.get("denoiser") or wildcards.get("figure")) for rule, wildcards, *_ in self.jobs(config, *args))
        return Counter(" ".join(filter(None, words)) for words in named)

    def planned(self, config):
        """How many jobs of each rule a dry run plans; {} where there is nothing to do."""
        found = Counter()
        for job, count in self.plan(config).items():
            found[job.split()[0]] += count
        return found

    def edit(self, name, old, new):
        path = self.root / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        return text


def copy_of_the_checkout(folder):
    for name in ("Snakefile", "workflow", "tools", "config", "profiles", "requirements.txt", "environment.yml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    (folder / "slurm").symlink_to("profiles/slurm")
    return Checkout(folder)
