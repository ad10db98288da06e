"""The tests mirror the folders: a/b.py is tested by tests/a/test_b.py; what is not, is tested where this file says."""

import ast
import re

import pytest
from checkout import ROOT

SOURCES = {"workflow/scripts/creativity": "", "workflow/scripts/jobs": "jobs", "workflow/scripts": "", "tools": "tools"}
BY_NAME = (
    "families",
    "sampling/samplers",
    "neighbours/spaces",
    "data/sets",
    "running/demand",
)  # tested by one file a folder: all but the last are found by their names
ELSEWHERE = {  # module: the file that tests it, which names it
    "jobs/plot_study": "jobs/test_align.py",
    "jobs/study": "report/test_study.py",
    "data/arrays": "data/test_collection.py",
    "data/counts": "data/test_data.py",
    "data/decode": "data/test_collection.py",
    "data/table": "data/test_collection.py",
    "measures/evidence": "measures/test_tables.py",
    "training/live": "test_tracking.py",
    "figures/copy_or_create": "figures/test_figures.py",
    "figures/gallery": "figures/test_figures.py",
    "figures/along_training": "figures/test_figures.py",
    "tools/lock": "test_environment.py",
    "tools/plan": "workflow/test_together.py",
    "tools/why": "workflow/test_reruns.py",
}


def modules(root):
    """What there is to test, by its place among the tests: the modules in which something is computed."""
    found = []
    for folder, place in SOURCES.items():
        for path in (root / folder).glob("*.py" if folder == "workflow/scripts" else "**/*.py"):
            name = path.relative_to(root / folder).with_suffix("").as_posix()
            name = f"{place}/{name}".lstrip("/")
            if computes(path):
                found.append(name)
    return sorted(found)


def computes(path):
    """Whether a module has a function that does something: vocabularies, tables of names and empty packages have none."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    done = any(not isinstance(node.body[-1], ast.Expr) or len(node.body) > 2 for node in functions)
    return done or any(isinstance(node, ast.Lambda) for node in nodes) or path.parent.name == "families"


def own_file(module):
    """Where the tests of a module lie: those of a package bear its name, and lie in its folder."""
    folder, _, name = module.rpartition("/")
    if folder in BY_NAME:
        return f"{folder.rpartition('/')[0]}/test_{folder.rpartition('/')[2]}.py".lstrip("/")
    name = folder.rpartition("/")[2] if name == "__init__" else name
    return f"{folder}/test_{name}.py".lstrip("/")


def names_of(module):
    """How a module may be named in a test."""
    name = module.rpartition("/")[2]
    return {name, name.replace("_", "-")}


def mentions(path, module):
    """Whether a test file names a module as a word."""
    words = set(re.findall(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*", path.read_text()))
    return bool(words & names_of(module))


def untested(root, elsewhere=ELSEWHERE):
    """What is wrong, a line each."""
    tests, found = root / "tests", []
    workflow = [path for path in (tests / "workflow").glob("test_*.py") if path.is_file()]
    for module in modules(root):
        file = elsewhere.get(module, own_file(module))
        if (tests / file).is_file():
            named = module in elsewhere or module.rpartition("/")[0] in BY_NAME
            if named and not module.endswith("__init__") and not mentions(tests / file, module):
                found.append(f"{module}: tests/{file} does not name it")
        elif module in elsewhere or not (module.startswith("jobs/") and any(mentions(path, module) for path in workflow)):
            found.append(f"{module}: there is no tests/{file}")
    return found + [f"{module}: there is no such module" for module in elsewhere if module not in modules(root)]


def test_every_module_has_its_tests():
    assert untested(ROOT) == []


def test_the_tests_of_a_folder_are_those_of_its_modules():
    """A test file in a mirrored folder bears the name of a module there, or of the folder."""
    known = {own_file(module) for module in modules(ROOT)} | {
        "figures/test_figures.py",
        "report/test_page.py",
        "report/test_scripts.py",
        "neighbours/test_aligned.py",
        "neighbours/test_halves.py",
    }
    folders = {file.partition("/")[0] for file in known if "/" in file}
    found = {
        path.relative_to(ROOT / "tests").as_posix() for folder in folders for path in (ROOT / "tests" / folder).rglob("test_*.py")
    }
    assert sorted(found - known) == []


@pytest.fixture
def small(tmp_path):
    """A project of one module a folder, all with tests, and a function that writes a file of it."""

    def write(path, text="def something():\n    return 1\n"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    for path in ("workflow/scripts/creativity/laws/linear.py", "workflow/scripts/jobs/train.py", "tools/plan.py"):
        write(path)
    write("tests/laws/test_linear.py")
    write("tests/tools/test_plan.py")
    write("tests/workflow/test_campaign.py", "planned['train'] == 4\n")
    assert untested(tmp_path, {}) == []
    return tmp_path, write


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("workflow/scripts/creativity/laws/new.py", "laws/new: there is no tests/laws/test_new.py"),
        ("workflow/scripts/creativity/laws/__init__.py", "laws/__init__: there is no tests/laws/test_laws.py"),
        ("workflow/scripts/creativity/new.py", "new: there is no tests/test_new.py"),
        ("workflow/scripts/jobs/new.py", "jobs/new: there is no tests/jobs/test_new.py"),
        ("workflow/scripts/run.py", "run: there is no tests/test_run.py"),
        ("tools/new.py", "tools/new: there is no tests/tools/test_new.py"),
        (
            "workflow/scripts/creativity/sampling/samplers/new.py",
            "sampling/samplers/new: there is no tests/sampling/test_samplers.py",
        ),
    ],
)
def test_a_new_module_without_tests_is_told(small, path, said):
    root, write = small
    write(path)
    assert untested(root, {}) == [said]


def test_what_computes_nothing_needs_no_test(small):
    root, write = small
    write(
        "workflow/scripts/creativity/types.py",
        'from typing import NamedTuple\n\n\nclass Both(NamedTuple):\n    """Two."""\n\n    a: int\n',
    )
    write("workflow/scripts/creativity/laws/__init__.py", '"""Laws."""\n')
    assert untested(root, {}) == []


def test_a_file_that_is_named_must_be_there_and_name_the_module(small):
    root, write = small
    write("workflow/scripts/creativity/new.py")
    assert untested(root, {"new": "test_other.py"}) == ["new: there is no tests/test_other.py"]
    write("tests/test_other.py", "renewed = 1\n")
    assert untested(root, {"new": "test_other.py"}) == ["new: tests/test_other.py does not name it"]
    write("tests/test_other.py", "from creativity import new\n")
    assert untested(root, {"new": "test_other.py"}) == []
    assert untested(root, {"new": "test_other.py", "gone": "test_other.py"}) == ["gone: there is no such module"]


def test_a_sampler_is_named_in_the_tests_of_all_samplers(small):
    root, write = small
    write("workflow/scripts/creativity/sampling/samplers/new_one.py")
    write("tests/sampling/test_samplers.py", "EVERY = ['heun']\n")
    assert untested(root, {}) == ["sampling/samplers/new_one: tests/sampling/test_samplers.py does not name it"]
    write("tests/sampling/test_samplers.py", "EVERY = ['new-one']\n")
    assert untested(root, {}) == []
