"""The registry of families of denoisers, such as `mlp`, `unet` or `bayes`: each file of this folder is a family of that name.

A family is a kind of denoiser with options, such as a UNet with its width and depth. A campaign file names a family for each of its
denoisers.
"""

import dataclasses
import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from creativity.families.base import Family, Kind
from creativity.fields import modules_in

KINDS: tuple[Kind, ...] = ("closed form", "trained", "external", "control")


@cache
def family_class(name: str) -> type[Family]:
    """The class of a family, from the file of its name. Raises ModuleNotFoundError where there is none."""
    module = import_module(f"creativity.families.{name.replace('-', '_')}")
    classes = (value for value in vars(module).values() if isinstance(value, type) and value.__module__ == module.__name__)
    return next(value for value in classes if issubclass(value, Family))


@cache
def registry() -> dict[str, type[Family]]:
    """The classes of all families by name, sorted by kind and then by name."""
    families = {name: family_class(name) for name in modules_in(Path(__file__).parent) if name != "base"}
    return dict(sorted(families.items(), key=lambda item: KINDS.index(item[1].kind)))


def colours() -> dict[str, str]:
    """The colour of each family by name; all controls share that of `control`."""
    return {name: family.colour for name, family in registry().items()}


def parse(json_options: Mapping[str, Any]) -> Family:
    """A family from its options as JSON types, such as {"family": "mlp", "width": 8}; other options have their defaults.

    Raises pydantic's ValidationError where an option is not allowed.
    """
    adapter: TypeAdapter[Family] = TypeAdapter(family_class(json_options["family"]))
    return adapter.validate_json(json.dumps({key: value for key, value in json_options.items() if key != "computed"}))


def options(family: Family) -> dict[str, Any]:
    """The options of a family, without those that say where files lie: they decide no result."""
    return {key: value for key, value in dataclasses.asdict(family).items() if key not in family.places}  # type: ignore[call-overload]
