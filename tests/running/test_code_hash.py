"""Which edits count for which job: all that it imports and that its settings name, and nothing else."""

import shutil

import pytest
from checkout import ROOT

from creativity import syntax
from creativity.running import code_hash as codehash

UNET, CNN = "creativity.denoisers.unet", "creativity.denoisers.cnn"
JOBS = sorted(path.stem for path in (ROOT / "workflow/scripts/jobs").glob("*.py") if path.stem != "__init__")
SAMPLERS, SPACES, SETS = (f"creativity.{name}" for name in ("sampling.samplers", "neighbours.spaces", "data.sets"))


@pytest.fixture
def scripts(tmp_path, monkeypatch):
    """A copy of the scripts that may be edited, and a function that edits one of its files."""
    folder = tmp_path / "scripts"
    shutil.copytree(ROOT / "workflow/scripts", folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(codehash, "SCRIPTS", folder)
    monkeypatch.setattr(codehash, "KNOWN", tmp_path / "known")
    clear()

    def edit(name, old, new):
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        clear()

    yield edit
    clear()


def clear():
    of_syntax = (syntax.tree, syntax.imported, syntax.beside)
    for function in (codehash.module_file, codehash.hash_of, codehash.parts, codehash.digest_of, *of_syntax):
        function.cache_clear()


def test_comments_docstrings_and_layout_do_not_count(scripts):
    before = codehash.code_hash("train", [UNET])
    scripts("creativity/training/trainer.py", "def edm_loss(", "# a comment\n\n\ndef edm_loss(")
    scripts("creativity/training/trainer.py", '"""Trains a denoiser', '"""Fits something')
    scripts("creativity/denoisers/unet.py", '"""Two convolutions', '"""Other words')
    scripts("jobs/train.py", '"""Trains one', '"""Fits one')
    scripts("jobs/train_together.py", '"""The outputs', '"""What is left')
    assert codehash.code_hash("train", [UNET]) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("jobs/train.py", "model=[model]", "model=[model, model]"),
        ("jobs/train_together.py", "HISTORY, result.history", "HISTORY, result.history[1:]"),
        ("creativity/training/trainer.py", "self.config.clip)", "2 * self.config.clip)"),
        ("creativity/denoisers/precondition.py", "sigma.log() / 4", "sigma.log() / 5"),
        ("creativity/denoisers/unet.py", "avg_pool2d", "max_pool2d"),
        ("creativity/denoisers/embedding.py", "features: int = 16", "features: int = 8"),
        ("creativity/store/tables.py", '"zstd"', '"snappy"'),
        ("creativity/running/job.py", "settings=self.settings, code=self.code", "code=self.code"),
    ],
)
def test_an_edit_of_anything_imported_counts(scripts, file, old, new):
    before = codehash.code_hash("train", [UNET])
    scripts(file, old, new)
    assert codehash.code_hash("train", [UNET]) != before


def test_a_job_depends_on_the_file_of_its_own_rule_alone(scripts):
    before = {rule: codehash.code_hash(rule) for rule in JOBS}
    scripts("jobs/control.py", '"status": "drawn"', '"status": "made"')
    assert {rule for rule in JOBS if codehash.code_hash(rule) != before[rule]} == {"control"}
    before = {rule: codehash.code_hash(rule) for rule in JOBS}
    scripts("jobs/resolve.py", "sort_keys=False", "sort_keys=True")
    assert {rule for rule in JOBS if codehash.code_hash(rule) != before[rule]} == {"resolve", "settings"}  # which calls it


def test_a_family_depends_on_its_own_file_alone(scripts):
    before = {name: codehash.code_hash("train", [name]) for name in (UNET, CNN)}
    scripts("creativity/denoisers/unet.py", "avg_pool2d", "max_pool2d")
    assert codehash.code_hash("train", [UNET]) != before[UNET]
    assert codehash.code_hash("train", [CNN]) == before[CNN]


def test_a_family_depends_on_what_it_is_made_of(scripts):
    names = [f"creativity.denoisers.{name}" for name in ("polynomial", "bottleneck", "linear", "equivariant_local", "bayes")]
    before = {name: codehash.code_hash("sample", [name]) for name in names}
    scripts("creativity/denoisers/principal.py", "1e-10", "1e-9")
    scripts("creativity/denoisers/streaming.py", "-80.0", "-70.0")
    assert [codehash.code_hash("sample", [name]) != before[name] for name in names] == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("rule", "folder", "own", "others", "old", "new"),
    [
        ("sample", SAMPLERS, "heun", ["euler", "dpmpp_2m", "heun_churn"], "/ 2 if at.following", "* 0.5 if at.following"),
        ("explain", SAMPLERS, "euler", ["heun", "dpmpp_2m"], "x + (at.following - at.sigma)", "x - (at.sigma - at.following)"),
        ("neighbours", SPACES, "pca", ["pixel"], "DIMENSIONS = 64", "DIMENSIONS = 32"),
        ("measure", SPACES, "pca", ["pixel"], "DIMENSIONS = 64", "DIMENSIONS = 32"),
        ("subset", SETS, "orl_faces", ["mnist", "texture"], "range(1, 41)", "range(1, 40)"),
        ("reference", SETS, "texture", ["orl_faces", "templates"], "LEVEL = 0.5", "LEVEL = 0.4"),
    ],
)
def test_what_settings_name_counts_for_the_jobs_that_use_it_alone(scripts, rule, folder, own, others, old, new):
    used, unused = ([f"{folder}.{name}"] for name in (own, others[0]))
    before = {name: codehash.code_hash(rule, [f"{folder}.{name}"]) for name in (own, *others)}
    elsewhere = {other: codehash.code_hash(other) for other in JOBS}
    scripts(f"{folder.replace('.', '/')}/{own}.py", old, new)
    assert codehash.code_hash(rule, used) != before[own]
    assert codehash.code_hash(rule, unused) == before[others[0]]
    assert all(codehash.code_hash(rule, [f"{folder}.{name}"]) == before[name] for name in others)
    assert {other: codehash.code_hash(other) for other in JOBS} == elsewhere


def test_a_made_up_data_set_depends_on_what_all_of_them_share(scripts):
    before = codehash.code_hash("reference", [f"{SETS}.texture"]), codehash.code_hash("reference", [f"{SETS}.orl_faces"])
    scripts("creativity/data/synthetic.py", "127.5", "127.4")
    after = codehash.code_hash("reference", [f"{SETS}.texture"]), codehash.code_hash("reference", [f"{SETS}.orl_faces"])
    assert [a != b for a, b in zip(before, after, strict=True)] == [True, False]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [("page.css", "600 34px", "600 35px"), ("grid.js", "GAP = 4", "GAP = 5"), ("page.html", "Sources", "From")],
)
def test_the_page_depends_on_its_parts_and_nothing_else_does(scripts, part, old, new):
    before = {rule: codehash.code_hash(rule) for rule in JOBS}
    scripts(f"creativity/report/page/{part}", old, new)
    changed = {rule for rule in JOBS if codehash.code_hash(rule) != before[rule]}
    assert "report" in changed
    assert changed <= {"report", "track", "study"}  # whose page has the same style


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("creativity/families/unet.py", "50 * self.blocks", "40 * self.blocks"),
        ("creativity/families/base.py", "2 * shape.values * self.width", "3 * shape.values * self.width"),
        ("creativity/families/__init__.py", "if key not in family.places", "if not (key in family.places)"),
        ("creativity/fields.py", "max_length=64", "max_length=63"),
        ("creativity/campaign/sections.py", "ge=4, le=1024", "ge=4, le=2048"),
    ],
)
def test_what_only_says_what_is_allowed_counts_for_no_job(scripts, file, old, new):
    """What it comes to is a parameter of each job."""
    named = [UNET, f"{SAMPLERS}.heun", f"{SPACES}.pca", f"{SETS}.orl_faces"]
    before = {rule: codehash.code_hash(rule, named) for rule in JOBS}
    scripts(file, old, new)
    assert {rule: codehash.code_hash(rule, named) for rule in JOBS} == before


def test_training_does_not_depend_on_figures_measures_or_the_reading_of_the_configuration(scripts):
    before = codehash.code_hash("train", [UNET])
    scripts("creativity/figures/theme.py", "fontSize=17", "fontSize=18")
    scripts("creativity/measures/overlap.py", "K = 5", "K = 6")
    scripts("creativity/campaign/validation.py", "found twice", "found again")
    scripts("creativity/sampling/samplers/heun.py", "/ 2 if at.following", "* 0.5 if at.following")
    scripts("creativity/training/live.py", "[:200]", "[:100]")
    assert codehash.code_hash("train", [UNET]) == before


def test_a_measure_counts_for_measuring(scripts):
    before = codehash.code_hash("measure")
    scripts("creativity/measures/overlap.py", "K = 5", "K = 6")
    assert codehash.code_hash("measure") != before


def test_a_rule_without_a_job_is_no_empty_hash(scripts):
    hashes = {rule: codehash.code_hash(rule) for rule in JOBS}
    assert all(f"jobs/{rule}.py" in codehash.files_of(code) for rule, code in hashes.items())
    assert len(set(hashes.values())) == len(JOBS)


def test_the_files_behind_a_hash_are_remembered(scripts):
    before = codehash.code_hash("train", [UNET])
    scripts("creativity/denoisers/unet.py", "avg_pool2d", "max_pool2d")
    after = codehash.code_hash("train", [UNET])
    old, new = codehash.files_of(before), codehash.files_of(after)
    assert {name for name in old if old[name] != new[name]} == {"creativity/denoisers/unet.py"}
    needed = {"jobs/train.py", "jobs/train_together.py", "creativity/training/trainer.py", "creativity/denoisers/unet.py"}
    assert needed <= set(old)
    assert "creativity/denoisers/cnn.py" not in old
    assert not [
        name for name in old if name.startswith(("creativity/families/", "creativity/fields", "creativity/campaign/sections"))
    ]
    assert codehash.files_of("0" * 16) == {}


def test_a_users_file_and_what_it_imports_beside_it_count_wherever_they_lie(scripts, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "net.py").write_text("from blocks import Block\nfrom creativity.denoisers.unet import UNet\n")
    (folder / "blocks.py").write_text("Block = 1\n")

    def code():
        clear()
        return codehash.code_hash("train", ["creativity.denoisers.module", folder / "net.py"])

    before = code()
    named = codehash.files_of(before)
    assert {"net.py", "blocks.py", "creativity/denoisers/unet.py", "creativity/denoisers/module.py"} <= set(named)
    (folder / "blocks.py").write_text('"""Words."""\n\nBlock = 1  # one\n')
    (folder / "other.py").write_text("x = 1\n")
    folder = folder.rename(tmp_path / "moved")
    assert code() == before
    scripts("creativity/denoisers/unet.py", "avg_pool2d", "max_pool2d")
    assert {name for name, value in codehash.files_of(code()).items() if named.get(name) != value} == {
        "creativity/denoisers/unet.py"
    }
    (folder / "blocks.py").write_text("Block = 2\n")
    assert {name for name, value in codehash.files_of(code()).items() if named.get(name) != value} >= {"blocks.py"}


def test_users_files_of_one_name_both_count(scripts, tmp_path):
    files = [tmp_path / name / "net.py" for name in ("one", "two")]
    for number, file in enumerate(files):
        file.parent.mkdir()
        file.write_text(f"x = {number}\n")
    both = codehash.code_hash("explain", files)
    files[0].write_text("x = 5\n")
    clear()
    assert codehash.code_hash("explain", files) != both
