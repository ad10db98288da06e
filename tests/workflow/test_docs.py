"""Every command in the documentation is run, as it stands there; those that need a cluster, or hours, as a dry run."""

import re
import shutil
import socket
import subprocess
import time
import urllib.request
import zipfile

import numpy as np
import pytest
from checkout import ROOT, SMALL_JUDGE
from PIL import Image

DRY = "snakemake -n $(OPTIONS)"
CLUSTER = "snakemake --profile slurm --configfile config/celeba.yaml"
ELSEWHERE = (  # run by test_external.py, which prepares the images, and by the last test here, which ends the server again
    "make demo CONFIG=config/external.yaml",
    "make ask TRAIN=my-images/train OTHER=my-images/other SAMPLES=my-images/samples",
    "make ui",
)
COMMANDS = {  # how a command is run here
    "make demo": ["make", "demo", f"SNAKEMAKE={DRY}"],
    **{
        f"make demo CONFIG=config/{name}.yaml": ["make", "demo", f"CONFIG=config/{name}.yaml", f"SNAKEMAKE={DRY}"]
        for name in ("alignment", "capacity", "module", "phase", "time")
    },
    "make setup": ["make", "setup"],
    "make schema": ["make", "schema"],
    "source .venv/bin/activate": ["bash", "-c", "source .venv/bin/activate && snakemake --version"],
    CLUSTER: [*CLUSTER.split(), "-n"],
    "make plan PROFILE=slurm CONFIG=config/celeba.yaml": ["make", "plan", "PROFILE=slurm", "CONFIG=config/celeba.yaml"],
    f"{CLUSTER} -n": [*CLUSTER.split(), "-n"],
}
IN_ORDER = (  # of the tutorial, each after the one before
    "make demo CONFIG=mine.yaml",
    "make figures CONFIG=mine.yaml",
    "snakemake --configfile mine.yaml --report report.zip",
)


def told():
    """All commands in the README and in docs/: indented lines and sh blocks, without comments."""
    found = set()
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        text = page.read_text()
        blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        lines = [line for block in blocks for line in block.splitlines()]
        plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        lines += [line[4:] for line in plain.splitlines() if re.match(r"    (make|snakemake|source|pip|conda|python)\b", line)]
        found |= {line.partition("#")[0].strip() for line in lines if line.strip()}
    return found


def test_every_command_is_known_here():
    assert told() == {*COMMANDS, *IN_ORDER, *ELSEWHERE}


@pytest.fixture(scope="module")
def setup(new_checkout):
    """A checkout with the environment of this one."""
    checkout = new_checkout()
    if not (ROOT / ".venv/.installed").exists():
        pytest.skip("no .venv that make setup has made")
    shutil.copytree(ROOT / "tests", checkout.root / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "requirements.lock", "requirements-tests.txt", "pyproject.toml"):
        shutil.copy2(ROOT / name, checkout.root)
    (checkout.root / ".venv").symlink_to((ROOT / ".venv").resolve())
    return checkout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_runs(setup, command):
    before = (setup.root / "workflow/schemas/config.schema.yaml").read_text()
    said = setup.run(COMMANDS[command]).stdout
    assert "Traceback" not in said
    assert (setup.root / "workflow/schemas/config.schema.yaml").read_text() == before


@pytest.mark.long
def test_the_tutorial_runs_as_it_stands_there(setup):
    """With a tenth of its steps, and a smaller judge."""
    rng = np.random.default_rng(0)
    (setup.root / "my-images").mkdir()
    for i in range(200):
        image = rng.integers(0, 256, (5, 5, 3), dtype=np.uint8).repeat(8, axis=0).repeat(8, axis=1)
        Image.fromarray(image).save(setup.root / f"my-images/{i:03}.png")
    (campaign,) = re.findall(r"```yaml\n(campaign: mine.*?)```", (ROOT / "docs/tutorial.md").read_text(), re.DOTALL)
    assert campaign.count("steps: 500") == 1
    campaign = campaign.replace("steps: 500", "steps: 50") + SMALL_JUDGE
    (setup.root / "mine.yaml").write_text(campaign)
    for command in IN_ORDER:
        setup.run(command.split())
    root = setup.root / "results/mine"
    assert (root / "report.html").stat().st_size > 200_000
    names = {path.stem for path in (root / "figures").glob("*.svg")}
    for kind in ("svg", "pdf", "txt"):
        assert {path.stem for path in (root / "paper").glob(f"*.{kind}")} == names
    packed = zipfile.ZipFile(setup.root / "report.zip").namelist()
    tables = {path.name for path in root.glob("*.parquet")} - {"reference.parquet"}
    expected = {f"{name}.{kind}" for name in names for kind in ("html", "svg")} | tables | {"report.html"}
    assert expected <= {name.rpartition("/")[2] for name in packed}
    text = "".join(
        zipfile.ZipFile(setup.root / "report.zip").read(name).decode(errors="ignore") for name in packed if "/data/raw" not in name
    )
    for words in (
        "What each denoiser makes of the same noise",
        "Every run: subset, denoiser",
        "The page of mine",
        "Figures",
        "Tables",
        "Page",
    ):
        assert words in text, words


@pytest.mark.long
def test_the_mlflow_page_answers(setup):
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 5000)) == 0:
            pytest.skip("port 5000 is taken")
    server = subprocess.Popen(
        ["make", "ui"], cwd=setup.root, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert answers("http://127.0.0.1:5000")
    finally:
        subprocess.run(["kill", "--", f"-{server.pid}"], check=False)
        server.wait(30)


def answers(url):
    for _ in range(90):
        try:
            with urllib.request.urlopen(url, timeout=5) as page:
                return page.status == 200
        except OSError:
            time.sleep(1)
    return False
