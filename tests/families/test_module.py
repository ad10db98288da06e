"""Options of a user's own module, and its file as it is looked at while planning: read, and never run."""

import pytest

from creativity import families, syntax
from creativity.families.module import Module
from creativity.fields import ImageShape, ImpossibleError

SHAPE = ImageShape(8, 1)


def module(**options):
    return Module(family="module", **{"file": "net.py", **options})


@pytest.fixture
def net(tmp_path):
    """Writes the file of a module; its import would end the process."""
    for function in (syntax.imported, syntax.beside):
        function.cache_clear()

    def write(text="def build(images): ...\nraise SystemExit('it was run')", name="net.py"):
        (tmp_path / name).write_text(text)
        return tmp_path / "net.py"

    return write


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"train": True}, "trained"),
        ({"train": True, "prediction": "network"}, "trained"),
        ({"weights": "w.pt", "prediction": "network", "sigma_data": 0.5}, "external"),
        ({"weights": "w.pt", "prediction": "noise"}, "external"),
        ({"prediction": "denoised"}, "closed form"),
        ({"prediction": "noise"}, "closed form"),
    ],
)
def test_the_kind_says_where_its_weights_come_from(options, kind):
    assert module(**options).kind == kind
    assert families.parse({"family": "module", "file": "x.py", **options}).kind == kind


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "prediction: found None; allowed: denoised, noise or network"),
        ({"weights": "w.pt"}, "prediction: found None; allowed: denoised, noise or network"),
        ({"train": True, "weights": "w.pt"}, "weights: found 'w.pt'; allowed: null, since train is true"),
        ({"train": True, "prediction": "noise"}, "prediction: found 'noise'; allowed: network, since train is true"),
        ({"prediction": "network"}, "prediction: found 'network'; allowed: denoised or noise"),
        ({"train": True, "sigma_data": 0.5}, "sigma_data: found 0.5; allowed: null"),
        ({"weights": "w.pt", "prediction": "noise", "sigma_data": 0.5}, "sigma_data: found 0.5; allowed: null"),
    ],
)
def test_options_that_contradict_each_other_are_told(options, said):
    with pytest.raises(ValueError, match=r"validation error|found") as error:
        module(**options)
    assert said in str(error.value)


def test_where_files_lie_is_no_option_that_decides_a_result():
    one = module(weights="here/w.pt", prediction="noise", options={"width": 4})
    other = module(file="there/net.py", weights="there/w.pt", prediction="noise", options={"width": 4})
    assert families.options(one) == families.options(other)
    assert families.options(one)["options"] == {"width": 4}


def test_it_is_held_against_the_law_that_is_asked_for():
    assert module(prediction="denoised").laws() == ()
    assert module(prediction="denoised", law="linear").laws() == ("linear",)


def test_a_file_is_read_and_not_run(net):
    family = module(file=str(net()), train=True)
    assert family.fingerprint("denoisers.mine", SHAPE) is None
    assert family.source() == net()


def test_weights_count_by_their_content_alone(net, tmp_path):
    (tmp_path / "a.pt").write_bytes(b"one")
    (tmp_path / "b.pt").write_bytes(b"one")
    (tmp_path / "c.pt").write_bytes(b"two")
    a, b, c = (
        module(file=str(net()), weights=str(tmp_path / f"{name}.pt"), prediction="noise").fingerprint("x", SHAPE) for name in "abc"
    )
    assert a == b != c


@pytest.mark.parametrize(
    ("text", "beside", "said"),
    [
        ("def build(images:\n", None, "net.py, line 1: '(' was never closed'; allowed: a file that is Python"),
        (
            "import other\ndef build(images): ...",
            "x = 1\ny = = 2",
            "other.py, line 2: invalid syntax'; allowed: a file that is Python",
        ),
        ("def make(images): ...", None, "net.py, line 1: no build in the whole file'; allowed: a Python file that defines build("),
    ],
)
def test_a_file_that_cannot_work_is_told_with_file_and_line(text, beside, said, net):
    file = net(text)
    if beside:
        net(beside, "other.py")
    with pytest.raises(ImpossibleError) as error:
        module(file=str(file), train=True).fingerprint("denoisers.mine", SHAPE)
    assert str(error.value).replace('"', "'").startswith("denoisers.mine.file: found '")
    assert said in str(error.value).replace('"', "'")


def test_files_that_are_not_there_are_told(net, tmp_path):
    with pytest.raises(ImpossibleError, match=r"x\.file: found .*no\.py.*there is no such file"):
        module(file=str(tmp_path / "no.py"), train=True).fingerprint("x", SHAPE)
    with pytest.raises(ImpossibleError, match=r"x\.weights: found .*no\.pt.*a file that can be read"):
        module(file=str(net()), weights=str(tmp_path / "no.pt"), prediction="noise").fingerprint("x", SHAPE)
