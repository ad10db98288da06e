"""A user's own module in the workflow: what runs again after which edit, and mistakes that end a campaign before any job."""

import sys
from collections import Counter

import pytest
import torch
from checkout import TINY

from creativity import store
from creativity.denoisers.cost import COST

pytestmark = pytest.mark.long
NET = """import torch
from blocks import block

def build(images, width=4):
    return Net(images.shape[1], width)

class Net(torch.nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        self.first, self.second = block(channels, width), block(width, channels)

    def forward(self, x, c_noise):
        return self.second(self.first(x) * c_noise[:, None, None, None])
"""
BLOCKS = """from torch import nn

def block(incoming, outgoing):
    return nn.Conv2d(incoming, outgoing, 3, padding=1)
"""
SHRINK = """from torch import nn

def build(images):
    return Same()

class Same(nn.Module):
    def forward(self, x, sigma):
        return x / (1 + sigma[:, None, None, None] ** 2)
"""
DENOISERS = {
    "bayes": {"family": "bayes"},
    "mlp": {"family": "mlp", "width": 16, "depth": 1},
    "mine": {"family": "module", "file": "mine/net.py", "train": True},
    "given": {"family": "module", "file": "mine/net.py", "weights": "mine/w.pt", "prediction": "noise"},
    "shrink": {"family": "module", "file": "mine/shrink.py", "prediction": "denoised"},
}
OF_ALL = ("sample", "converge", "explain", "neighbours", "judge", "measure")


@pytest.fixture(scope="module")
def done(new_checkout):
    """A checkout in which a campaign with a user's modules counts as finished: all files are there, but empty."""
    checkout = new_checkout()
    folder = checkout.root / "mine"
    folder.mkdir()
    for name, text in (("net.py", NET), ("blocks.py", BLOCKS), ("shrink.py", SHRINK)):
        (folder / name).write_text(text)
    torch.save({"x": torch.ones(1)}, folder / "w.pt")
    config = checkout.config(denoisers=DENOISERS, subsets={**TINY["subsets"], "sizes": [20]})
    for *_, outputs in checkout.jobs(config):
        for output in outputs:
            path = checkout.root / output
            path.parent.mkdir(parents=True, exist_ok=True)
            if "/costs/" in output:
                store.write(path, COST, [(0.1, 5, 7)], store.Stamp("tiny", "content", "code", "commit"))
            else:
                path.touch()
    (checkout.root / "results/mlflow/mlflow.db").touch()
    checkout.snakemake("--touch", "--forceall", "--configfile", config)
    assert checkout.plan(config) == {}
    return checkout


def of(plan):
    """Which jobs of which denoisers are planned, without the summaries of the whole campaign."""
    return Counter(job for job in plan if job.split()[0] in (*OF_ALL, "probe", "train", "law"))


def jobs(denoiser, *first):
    return [*(f"{rule} {denoiser}" for rule in (*first, "probe", *OF_ALL))]


COMPARED = ["explain mine", "explain given", "explain mlp"]
EDITS = {
    "the module's file": (
        "mine/net.py",
        lambda text: text.replace("self.second(self", "2 * self.second(self"),
        [*jobs("mine", "train"), *jobs("given")],
    ),
    "a file that it imports": (
        "mine/blocks.py",
        lambda text: text.replace("3, padding=1", "5, padding=2"),
        [*jobs("mine", "train"), *jobs("given")],
    ),
    "its comments, docstrings and layout": ("mine/net.py", lambda text: f'"""Words."""\n\n# more\n{text}', []),
    "comments of a file that it imports": ("mine/blocks.py", lambda text: f"# more\n{text}\n\n", []),
    "a closed form, with which networks are compared": (
        "mine/shrink.py",
        lambda text: text.replace("1 +", "2 +"),
        [*jobs("shrink"), *COMPARED],
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_runs_what_depends_on_it(name, done):
    file, edited, again = EDITS[name]
    path = done.root / file
    before = path.read_text()
    path.write_text(edited(before))
    try:
        plan = done.plan("mine.yaml")
    finally:
        path.write_text(before)
    assert set(of(plan)) == set(again)
    assert (plan == {}) == (again == [])


def test_weights_count_by_content_and_places_do_not_count(done):
    weights, before = done.root / "mine/w.pt", (done.root / "mine/w.pt").read_bytes()
    torch.save({"x": torch.zeros(1)}, weights)
    assert set(of(done.plan("mine.yaml"))) == set(jobs("given"))
    weights.write_bytes(before)
    text = (done.root / "mine.yaml").read_text()
    (done.root / "moved.yaml").write_text(text.replace("mine/", "moved/"))
    (done.root / "mine").rename(done.root / "moved")
    try:
        assert set(done.plan("moved.yaml")) == {"resolve", "track", "all"}
    finally:
        (done.root / "moved").rename(done.root / "mine")


def test_a_file_that_is_no_python_ends_the_plan_in_one_sentence_and_is_not_run(done):
    path = done.root / "mine/blocks.py"
    before = path.read_text()
    path.write_text("raise SystemExit('it was run')\nx = = 1\n")
    try:
        said = done.run([sys.executable, "-m", "snakemake", "-n", "--configfile", "mine.yaml"], check=False)
    finally:
        path.write_text(before)
    expected = "mine.yaml: denoisers.mine.file: found 'mine/blocks.py, line 2: invalid syntax'; allowed: a file that is Python."
    assert said.stdout.strip().splitlines()[-1] == expected
    assert said.returncode != 0
