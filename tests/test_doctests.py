"""The examples in docstrings give what they say."""

import doctest
from importlib import import_module

import pytest
from checkout import ROOT

SCRIPTS = ROOT / "workflow/scripts"
MODULES = [
    ".".join(path.relative_to(SCRIPTS).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((SCRIPTS / "creativity").rglob("*.py"))
    if ">>>" in path.read_text()
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    failed, tried = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert tried > 0
    assert failed == 0


def test_readers_meet_examples_first():
    assert len(MODULES) >= 15
