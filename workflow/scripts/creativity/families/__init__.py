"""The registry of families of denoisers: a file a family, found by its name."""

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


def family_class(name: str) -> type[Family]:
    """The class of a family, from the file of its name."""
    module = import_module(f"creativity.families.{name.replace('-', '_')}")
    own = (value for value in vars(module).values() if isinstance(value, type) and value.__module__ == module.__name__)
    return next(value for value in own if issubclass(value, Family))


@cache
def registry() -> dict[str, type[Family]]:
    """All families by name, in the order of their kinds and then of their names."""
    families = {name: family_class(name) for name in modules_in(Path(__file__).parent) if name != "base"}
    return dict(sorted(families.items(), key=lambda item: KINDS.index(item[1].kind)))


def colours() -> dict[str, str]:
    """The colour of each family by name; all controls share that of `control`."""
    return {name: family.colour for name, family in registry().items()}


def parse(config: Mapping[str, Any]) -> Family:
    """A family from its options as JSON holds them, such as {"family": "mlp", "width": 8}; the rest are defaults."""
    adapter: TypeAdapter[Family] = TypeAdapter(family_class(config["family"]))
    return adapter.validate_json(json.dumps({key: value for key, value in config.items() if key != "computed"}))


def options(family: Family) -> dict[str, Any]:
    """The options of a family as JSON holds them, without the place of other people's files, which decides no result."""
    return {key: value for key, value in dataclasses.asdict(family).items() if key != "path"}  # type: ignore[call-overload]
