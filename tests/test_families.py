"""The families of denoisers, a file each: found by their names, complete in what they say, and strict in what they allow."""

import re
import subprocess
import sys

import pytest
from checkout import ROOT

from creativity import families
from creativity.families.control import CONTROLS
from creativity.fields import ImageShape, ImpossibleError, modules_in

SMALL, LARGE = ImageShape(8, 1), ImageShape(16, 3)
LAWS = {  # a configuration of every family, and the laws that its samples are held against
    "autoencoder": ({"dim": 3, "encoder": "linear", "decoder": "linear"}, ("rank",)),
    "bayes": ({}, ("bayes",)),
    "bottleneck": ({"dim": 3}, ("rank",)),
    "cnn": ({}, ()),
    "control": ({}, ()),
    "dit": ({}, ()),
    "diffusers": ({"path": "ddpm"}, ()),
    "equivariant-local": ({"patch": 3}, ()),
    "external": ({"path": "samples"}, ()),
    "linear": ({}, ("linear",)),
    "linear-net": ({}, ("linear",)),
    "local": ({"patch": 3}, ()),
    "mlp": ({}, ()),
    "pca-locality": ({}, ()),
    "module": ({"file": "net.py", "prediction": "denoised"}, ()),
    "polynomial": ({}, ("polynomial",)),
    "polynomial-net": ({}, ("polynomial",)),
    "unet": ({}, ()),
}
SPECIAL = {  # other options of the same families
    "bottleneck": ({"dim": 3, "decoder": "bayes"}, ("bottleneck",)),
    "autoencoder": ({"dim": 3}, ("rank", "bottleneck")),
    "polynomial": ({"basis": "total"}, ()),
    "module": ({"file": "net.py", "train": True, "law": "linear"}, ("linear",)),
}
CHOSEN = [name for name in LAWS if name != "control"]
COSTLY = [name for name in CHOSEN if name not in ("external", "module", "diffusers")]


def family(name, **options):
    return families.parse({"family": name, **(options or LAWS[name][0])})


def test_every_file_is_a_family_and_all_are_known_here():
    assert set(families.registry()) == set(modules_in(ROOT / "workflow/scripts/creativity/families")) - {"base"} == set(LAWS)
    kinds = [each.kind for each in families.registry().values()]
    assert kinds == sorted(kinds, key=families.KINDS.index)
    assert (kinds.count("control"), kinds.count("external")) == (1, 3)


def test_every_family_has_a_colour_of_its_own():
    colours = families.colours()
    assert set(colours) == set(LAWS)
    assert len(set(colours.values())) == len(colours)
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in colours.values())


@pytest.mark.parametrize("name", CHOSEN)
def test_a_family_is_read_back_from_its_options_and_its_place_is_none_of_them(name):
    made = family(name)
    told = families.options(made)
    assert told["family"] == made.family == name
    assert not set(made.places) & set(told)
    again = families.parse({**LAWS[name][0], **told, "computed": {"anything": 1}})
    assert again == made


def test_what_networks_and_closed_forms_are_built_of_is_there():
    built = {name for name, each in families.registry().items() if each.kind in ("trained", "closed form")}
    assert all((ROOT / f"workflow/scripts/creativity/denoisers/{name.replace('-', '_')}.py").is_file() for name in built)


@pytest.mark.parametrize("name", CHOSEN)
def test_samples_are_held_against_laws_that_there_are(name):
    assert family(name).laws() == LAWS[name][1]
    if name in SPECIAL:
        options, laws = SPECIAL[name]
        assert family(name, **options).laws() == laws
    assert all((ROOT / f"workflow/scripts/creativity/laws/{law}.py").is_file() for law in family(name).laws())


def test_a_patch_may_follow_a_network_and_nothing_else_does():
    following = {name: family(name, patch="unet").refers_to() for name in ("local", "equivariant-local")}
    assert following == {"local": "unet", "equivariant-local": "unet"}
    assert {family(name).refers_to() for name in CHOSEN} == {None}


@pytest.mark.parametrize("name", COSTLY)
def test_larger_images_cost_more_and_more_training_images_where_all_are_looked_at(name):
    made = family(name)
    assert made.multiplications(40, LARGE) > made.multiplications(40, SMALL) > 0
    assert made.softmax_terms(40, LARGE) >= made.softmax_terms(40, SMALL)
    assert made.building(40, LARGE) >= made.building(40, SMALL)
    more = made.multiplications(80, SMALL) / made.multiplications(40, SMALL)
    assert more == 1 if made.kind == "trained" else 1 <= more <= 2
    kept = made.activations(SMALL)
    assert kept > 0 if made.kind == "trained" else kept == 0


def test_what_another_model_or_a_control_costs_is_not_made_up():
    for each in (family("external"), CONTROLS["copier"]):
        with pytest.raises(TypeError, match="does not say what it costs"):
            each.multiplications(40, SMALL)


def test_what_users_bring_is_not_guessed_while_planning():
    """The job `probe` measures it."""
    assert [family(name).multiplications(40, SMALL) for name in ("module", "diffusers")] == [0, 0]


def test_what_closed_forms_compute_is_counted():
    """10 training images of 8 x 8: bayes two products of 64 numbers an image; local, for each pixel, 2 for x y, 2 for those that
    leave and 1 for the mean; 4 x 4 patches of 5 x 5 lie within the image, each beside 16 of each training image."""
    assert (family("bayes").multiplications(10, SMALL), family("bayes").softmax_terms(10, SMALL)) == (2 * 10 * 64, 10)
    for patch in (1, 3, "unet"):
        local = family("local", patch=patch)
        assert (local.multiplications(10, SMALL), local.softmax_terms(10, SMALL)) == (10 * 64 * 5, 10 * 64)
    inner, everywhere = (
        family("equivariant-local", patch=5, border=border).softmax_terms(10, SMALL) for border in ("broken", "circular")
    )
    assert 10 * 16**2 < inner < 10 * 64**2 <= everywhere
    assert family("linear").building(10, SMALL) == 6 * 10 * 64 * 10


@pytest.mark.parametrize(
    ("name", "options", "shape", "said"),
    [
        ("autoencoder", {"dim": 65}, SMALL, "x.dim: found 65; allowed: at most 64, the values of an image"),
        ("bottleneck", {"dim": 769}, LARGE, "x.dim: found 769; allowed: at most 768, the values of an image"),
        ("unet", {"pooling": 4}, SMALL, "x.pooling: found 4; allowed: 0 to 3, since dataset.size 8 can be halved only so often"),
        ("unet", {"pooling": 1}, ImageShape(7, 1), "x.pooling: found 1; allowed: 0 to 0, since dataset.size 7"),
        ("polynomial", {"basis": "total"}, SMALL, "x.basis: found 'total'; allowed: coordinate, since an image has 64 values"),
        ("polynomial", {"basis": "total", "degree": 4}, ImageShape(4, 1), "x.degree: found 4; allowed: at most 3 for 16 values"),
        ("dit", {"patch": 3}, SMALL, "x.patch: found 3; allowed: a divisor of dataset.size = 8"),
        ("equivariant-local", {"patch": 9, "border": "circular"}, SMALL, "x.patch: found 9; allowed: at most dataset.size = 8"),
    ],
)
def test_what_cannot_work_on_images_of_a_shape_is_told(name, options, shape, said):
    with pytest.raises(ImpossibleError) as error:
        family(name, **options).check("x", shape)
    assert str(error.value).startswith(said)


@pytest.mark.parametrize("name", CHOSEN)
def test_what_can_work_is_let_through(name):
    assert family(name).check("x", SMALL) is None


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("cnn", {"kernel": 4}),
        ("local", {"patch": 2}),
        ("equivariant-local", {"patch": 4}),
        ("unet", {"pooling": 1, "multipliers": [1]}),
        ("unet", {"pooling": 1, "attention": [2]}),
        ("unet", {"attention": [1, 1]}),
        ("mlp", {"width": 0}),
        ("mlp", {"width": 8.5}),
        ("linear", {"width": 8}),
        ("dit", {"width": 10, "heads": 4}),
        ("dit", {"width": 10, "heads": 2, "positions": "sinusoidal"}),
        ("dit", {"window": 2}),
        ("pca-locality", {"cut": 1.1}),
    ],
)
def test_options_that_cannot_be_are_refused(name, options):
    with pytest.raises(ValueError, match="validation error"):
        family(name, **options)


def test_the_widths_of_a_unets_levels_are_worked_out_where_they_are_not_given():
    assert family("unet", pooling=2).level_multipliers == (1, 2, 4)
    assert family("unet", pooling=1, multipliers=[1, 3]).level_multipliers == (1, 3)


def test_asking_for_all_families_imports_nothing_heavy():
    code = "import sys; from creativity import families; families.registry(); print(sorted(sys.modules))"
    command = ["env", f"PYTHONPATH={ROOT / 'workflow/scripts'}", sys.executable, "-c", code]
    imported = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "'creativity.families.unet'" in imported
    assert not [name for name in ("torch", "numpy", "pandas", "scipy", "pyarrow") if f"'{name}'" in imported]
