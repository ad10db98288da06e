"""The building blocks of the configuration."""

from dataclasses import FrozenInstanceError

import pytest
from pydantic import TypeAdapter, ValidationError

from creativity.fields import ImageShape, ImpossibleError, Name, Positive, Seed, computed, distinct, modules_in, odd, strict


@strict
class Made:
    """A section of two keys, which works out a third value."""

    width: int
    name: str = "a"

    @property
    def doubled(self):
        return 2 * self.width

    @property
    def both(self):
        return (self.name, self.doubled)

    def method(self):
        return 7


def test_a_section_is_strict_about_keys_and_types_and_never_changes():
    assert Made(width=3).width == 3
    for keys in ({"width": "3"}, {"width": 3.0}, {"width": 3, "height": 4}, {}):
        with pytest.raises(ValidationError):
            Made(**keys)
    with pytest.raises(FrozenInstanceError):
        Made(width=3).width = 4


def test_what_a_section_works_out_are_its_properties_and_nothing_else():
    assert computed(Made(width=3)) == {"both": ("a", 6), "doubled": 6}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Name, ["a", "unet-pool3.1_x", "0"], ["", "-a", ".a", "a/b", "a b", "x" * 65]),
        (Positive, [0.1, 1e9], [0.0, -1.0, float("inf"), float("nan")]),
        (Seed, [0, 2**31 - 1], [-1, 2**31]),
    ],
)
def test_limits_hold(kind, good, bad):
    adapter = TypeAdapter(kind)
    assert [adapter.validate_python(value) for value in good] == good
    for value in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(value)


def test_images_are_square():
    shape = ImageShape(8, 3)
    assert (shape.pixels, shape.values) == (64, 192)


def test_repeated_and_even_values_are_told_by_key():
    distinct("seeds", (0, 1, 2))
    odd("kernel", 3)
    with pytest.raises(ImpossibleError, match=r"seeds: found \[0, 1, 0\]; allowed: each value once") as error:
        distinct("seeds", (0, 1, 0))
    assert (error.value.key, error.value.found) == ("seeds", [0, 1, 0])
    with pytest.raises(ImpossibleError, match="kernel: found 4; allowed: an odd number"):
        odd("kernel", 4)


def test_names_come_from_files_that_are_not_read(tmp_path):
    for name in ("image_folder.py", "mnist.py", "__init__.py"):
        (tmp_path / name).write_text("raise RuntimeError")
    (tmp_path / "notes.txt").touch()
    assert modules_in(tmp_path) == ("image-folder", "mnist")
