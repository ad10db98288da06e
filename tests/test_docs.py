"""What the documentation says is there is there: links, columns of tables, and the example of a new denoiser."""

import re
import sys
from types import ModuleType

import pytest
import torch
from checkout import ROOT

from creativity import families, store
from creativity.campaign.sections import Training
from creativity.denoisers import build, cost
from creativity.laws.table import LAW
from creativity.measures import (
    alignment,
    claims,
    copied,
    disguises,
    explanation,
    judges,
    pairs,
    phase,
    receptive_field,
    tables,
    times,
    who_explains,
)
from creativity.neighbours import tables as neighbours
from creativity.training import trainer as train
from creativity.training.fit import fit
from jobs import converge, summarise

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "config").glob("*.md")),
]
SET = dict.fromkeys(("id", "sha256", "label"), store.TEXT) | {"image": "uint8 [c, h, w]"}
TABLES = {
    "reference.parquet": SET,
    "subsets/<subset>/train.parquet": SET,
    "subsets/<subset>/heldout.parquet": SET,
    "reference.features.parquet": dict.fromkeys(("feature", "mirror"), "fixed_size_list of float"),
    "subsets/<subset>/neighbours.parquet": neighbours.SUBSET_NEIGHBOURS,
    "subsets/<subset>/scales.parquet": neighbours.SCALES,
    "runs/<run>/history.parquet": train.HISTORY,
    "runs/<run>/losses.parquet": train.LOSSES,
    "runs/<run>/samples.parquet": {"sample": store.LONG, "finite": store.FLAG, "image": "float32 [c, h, w]"},
    "runs/<run>/neighbours.parquet": neighbours.NEIGHBOURS,
    "runs/<run>/provenance.parquet": neighbours.PROVENANCE,
    "subsets/<subset>/provenance.parquet": neighbours.PROVENANCE,
    "runs/<run>/judged.parquet": judges.JUDGED,
    "runs/<run>/sample_measures.parquet": tables.SAMPLE_TABLE,
    "runs/<run>/measures.parquet": store.MEASURE,
    "runs/<run>/convergence.parquet": converge.CONVERGENCE,
    "runs/<run>/law.parquet": LAW,
    "runs/<run>/receptive_field.parquet": receptive_field.RECEPTIVE_FIELD,
    "costs/<denoiser>.parquet": cost.COST,
    "runs.parquet": summarise.RUNS,
    "measures.parquet": store.RUN | store.MEASURE,
    "convergence.parquet": summarise.CONVERGENCE,
    "controls.parquet": summarise.CONTROLS,
    "judges.parquet": judges.JUDGES,
    "disguises.parquet": disguises.DISGUISED,
    "laws.parquet": store.RUN | LAW,
    "receptive_fields.parquet": store.RUN | receptive_field.RECEPTIVE_FIELD,
    "pairs.parquet": pairs.PAIRS,
    "runs/<subset>/<denoiser>/seeds.parquet": explanation.SEEDS,
    "explained.parquet": who_explains.WHO_EXPLAINS,
    "claims.parquet": claims.CLAIMS,
    "copied.parquet": copied.COPIED,
    "copied_first.parquet": copied.FIRST,
    "phase.parquet": phase.PHASE,
    "times.parquet": store.RUN | times.TIMES,
    "slopes.parquet": times.SLOPES,
    "alignment.parquet": alignment.ALIGNMENT,
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_link_is_broken(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        if anchor:
            assert anchor in {heading(line) for line in found.read_text().splitlines() if line.startswith("#")}, target


def heading(line):
    return re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_path_is_wrong(page):
    """Paths within the checkout that are named in words, such as `config/config.yaml`."""
    named = re.findall(r"`((?:config|workflow|profiles|tests|docs)/[\w./-]*)`", page.read_text())
    assert all((ROOT / path).exists() for path in named), [path for path in named if not (ROOT / path).exists()]


def test_every_page_is_in_the_index():
    index = (ROOT / "docs/index.md").read_text()
    assert all(f"]({page.name})" in index for page in (ROOT / "docs").glob("*.md") if page.name != "index.md")


def test_pictures_are_small():
    assert all(path.stat().st_size < 500_000 for path in (ROOT / "docs").glob("*.png"))


def test_the_tables_have_the_columns_that_are_told():
    told = {}
    for part in (ROOT / "docs/tables.md").read_text().split("\n## ")[1:]:
        rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", part, re.MULTILINE)
        told[re.match(r"`([^`]+)`", part)[1]] = dict(rows)
    assert set(told) == set(TABLES)
    for name, columns in TABLES.items():
        assert list(told[name].items()) == [(column, str(kind)) for column, kind in columns.items()], name


def test_the_example_of_a_new_denoiser_works(monkeypatch, faces):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/extending.md").read_text(), re.DOTALL)
    for block in blocks[:2]:
        path = re.match(r"# workflow/scripts/(creativity/\w+/shrink)\.py\n", block)[1]
        module = ModuleType(path.replace("/", "."))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(block, vars(module))
    images = torch.from_numpy(faces[:20])
    family = families.parse({"family": "shrink"})
    denoiser = build(family, images)
    x = torch.randn(3, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(denoiser(x, torch.full((3,), 1e6)), images.mean(dim=0).expand(3, -1, -1, -1), atol=1e-5)
    assert torch.allclose(denoiser(x, torch.full((3,), 1e-6)), x, atol=1e-5)


def test_the_example_of_a_users_module_is_the_file_that_the_shipped_campaign_names():
    (block,) = re.findall(r"```python\n# config/my_unet\.py\n(.*?)```", (ROOT / "docs/your-model.md").read_text(), re.DOTALL)
    assert block == (ROOT / "config/my_unet.py").read_text()
    assert "file: config/my_unet.py" in (ROOT / "config/module.yaml").read_text()


def test_the_example_of_a_users_module_learns(faces16):
    images = torch.from_numpy(faces16[:40])
    example = {"family": "module", "file": str(ROOT / "config/my_unet.py"), "options": {"width": 8}, "train": True}
    config = Training(steps=150, batch_size=16, checkpoints=(0.04, 1.0))
    losses = fit(build(families.parse(example), images), images, images, config, 0).losses
    early, late = ([row.loss for row in losses if row.step == step and row.split == "train"] for step in (6, 150))
    assert sum(late) < 0.8 * sum(early)
