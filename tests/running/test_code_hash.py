import shutil

import pytest
from checkout import ROOT

from creativity.running import code_hash as codehash

PACKAGE = "creativity"
UNET = "creativity.denoisers.unet"
CNN = "creativity.denoisers.cnn"


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
    for function in (codehash.module_file, codehash.hash_of, codehash.imported, codehash.tree, codehash.parts, codehash.digest_of):
        function.cache_clear()


def test_comments_docstrings_and_layout_do_not_count(scripts):
    before = codehash.code_hash("train.py", [UNET])
    scripts("creativity/train.py", "def edm_loss(", "# a comment\n\n\ndef edm_loss(")
    scripts("creativity/train.py", '"""Training of denoisers:', '"""Something else:')
    scripts("creativity/denoisers/unet.py", '"""Two 3 x 3 convolutions', '"""Other words')
    scripts("train.py", '"""Trains one', '"""Fits one')
    assert codehash.code_hash("train.py", [UNET]) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("train.py", "HISTORY, result.history", "HISTORY, result.history[1:]"),
        ("creativity/train.py", "self.config.clip)", "2 * self.config.clip)"),
        ("creativity/precondition.py", "sigma.log() / 4", "sigma.log() / 5"),
        ("creativity/denoisers/unet.py", "avg_pool2d", "max_pool2d"),
        ("creativity/denoisers/embedding.py", "features: int = 16", "features: int = 8"),
        ("creativity/store.py", '"zstd"', '"snappy"'),
    ],
)
def test_an_edit_of_anything_imported_counts(scripts, file, old, new):
    before = codehash.code_hash("train.py", [UNET])
    scripts(file, old, new)
    assert codehash.code_hash("train.py", [UNET]) != before


def test_a_family_depends_on_its_own_file_alone(scripts):
    before = {name: codehash.code_hash("train.py", [name]) for name in (UNET, CNN)}
    scripts("creativity/denoisers/unet.py", "avg_pool2d", "max_pool2d")
    assert codehash.code_hash("train.py", [UNET]) != before[UNET]
    assert codehash.code_hash("train.py", [CNN]) == before[CNN]


def test_a_family_depends_on_what_it_is_made_of(scripts):
    names = [f"creativity.denoisers.{name}" for name in ("polynomial", "bottleneck", "linear", "equivariant_local", "bayes")]
    before = {name: codehash.code_hash("sample.py", [name]) for name in names}
    scripts("creativity/denoisers/principal.py", "1e-10", "1e-9")
    scripts("creativity/denoisers/streaming.py", "-80.0", "-70.0")
    assert [codehash.code_hash("sample.py", [name]) != before[name] for name in names] == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [("page.css", "600 34px", "600 35px"), ("grid.js", "GAP = 4", "GAP = 5"), ("page.html", "Sources", "From")],
)
def test_the_page_depends_on_its_parts_and_nothing_else_does(scripts, part, old, new):
    before = [codehash.code_hash(script) for script in ("report.py", "plot.py")]
    scripts(f"creativity/report/{part}", old, new)
    assert [codehash.code_hash(script) == known for script, known in zip(("report.py", "plot.py"), before, strict=True)] == [
        False,
        True,
    ]


def test_training_does_not_depend_on_figures_measures_or_the_checks_of_the_configuration(scripts):
    before = codehash.code_hash("train.py", [UNET])
    scripts("creativity/figures/theme.py", "#332288", "#332289")
    scripts("creativity/measures/sets.py", "K = 5", "K = 6")
    scripts("creativity/validate.py", "found twice", "found again")
    scripts("creativity/config.py", "ge=4, le=1024", "ge=4, le=2048")
    assert codehash.code_hash("train.py", [UNET]) == before


def test_a_measure_counts_for_measuring(scripts):
    before = codehash.code_hash("measure.py")
    scripts("creativity/measures/sets.py", "K = 5", "K = 6")
    assert codehash.code_hash("measure.py") != before


def test_the_files_behind_a_hash_are_remembered(scripts):
    before = codehash.code_hash("train.py", [UNET])
    scripts("creativity/denoisers/unet.py", "avg_pool2d", "max_pool2d")
    after = codehash.code_hash("train.py", [UNET])
    old, new = codehash.files_of(before), codehash.files_of(after)
    assert {name for name in old if old[name] != new[name]} == {"creativity/denoisers/unet.py"}
    assert {"train.py", "creativity/train.py", "creativity/denoisers/unet.py"} <= set(old)
    assert "creativity/denoisers/cnn.py" not in old
    assert codehash.files_of("0" * 16) == {}
