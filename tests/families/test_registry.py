"""Whatever is added as a family says all that the rest of the project asks of it: nothing optional is left out in silence."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from checkout import ROOT

from creativity import families
from creativity.families.base import Family
from creativity.families.control import CONTROLS
from creativity.fields import ImageShape
from creativity.measures import controls

SMALLEST = {"bottleneck": {"dim": 2}, "autoencoder": {"dim": 2}, "local": {"patch": 3}, "equivariant-local": {"patch": 3}}
SMALLEST |= {"external": {"path": "x"}, "diffusers": {"path": "x"}}
SMALLEST |= {"module": {"file": "x.py", "weights": "w.pt", "prediction": "noise"}}
NAMES = [name for name in families.registry() if name != "control"]
PACKAGE = ROOT / "workflow/scripts/creativity"


def smallest(name):
    return families.parse({"family": name, **SMALLEST.get(name, {})})


def test_each_file_of_the_folder_is_a_family():
    files = {path.stem.replace("_", "-") for path in (PACKAGE / "families").glob("*.py")}
    assert set(families.registry()) == files - {"--init--", "base"}


@pytest.mark.parametrize("name", families.registry())
def test_a_family_has_a_colour_of_its_own(name):
    colours = families.colours()
    assert re.fullmatch(r"#[0-9A-F]{6}", colours[name])
    assert list(colours.values()).count(colours[name]) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_denoiser_has_a_cost_that_grows_with_the_image_and_laws_that_exist(name):
    family = smallest(name)
    if family.kind == "external":
        pytest.skip("nothing is computed with other people's images, and the cost of other people's networks is measured")
    small, large = (family.multiplications(100, ImageShape(size, 1)) for size in (16, 32))
    assert 0 < small < large
    assert (family.activations(ImageShape(16, 1)) > 0) == (family.kind == "trained")
    assert all((PACKAGE / f"laws/{law}.py").exists() for law in family.laws())


@pytest.mark.parametrize("name", NAMES)
def test_a_denoiser_can_be_built_and_stands_in_the_table_of_families(name):
    if families.registry()[name].kind != "external":
        assert callable(import_module(f"creativity.denoisers.{name.replace('-', '_')}").build)
    rows = [line for line in (ROOT / "config/README.md").read_text().splitlines() if line.startswith("|")]
    assert any(f"`{name}`" in row.split("|")[1] for row in rows), name


def test_every_control_can_be_made():
    assert set(CONTROLS) == set(controls.CONTROLS)


def test_a_family_that_says_nothing_of_its_cost_is_told():
    class Silent(Family):
        family = "silent"

    with pytest.raises(TypeError, match="the family silent does not say what it costs"):
        Silent().multiplications(1, ImageShape(8, 1))


def test_what_a_family_works_out_for_its_denoiser_is_told_to_jobs():
    """Whatever a denoiser reads from its configuration is an option or a property: both are in the settings of its jobs."""
    from dataclasses import fields

    from creativity.fields import computed

    for name in NAMES:
        path = PACKAGE / f"denoisers/{name.replace('-', '_')}.py"
        if path.exists():
            family = smallest(name)
            told = {field.name for field in fields(family)} | set(computed(family))
            told |= {"source", "folder"}  # where files lie, whose contents are in the settings
            assert set(re.findall(r"\bconfig\.(\w+)", Path(path).read_text())) <= told, name
