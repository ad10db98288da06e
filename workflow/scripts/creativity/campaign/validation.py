"""From what a user wrote to a Campaign, or to one sentence: the key's full path, what was found, what is allowed."""

import dataclasses
import difflib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from creativity.campaign.sections import Campaign
from creativity.errors import UserError
from creativity.fields import NAME, ImpossibleError, computed

ADAPTER = TypeAdapter(Campaign)


class ConfigError(UserError):
    """A configuration that cannot run; its text is one sentence."""


class StrictLoader(yaml.SafeLoader):
    """Plain YAML, except that a key may stand only once in a map."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        lines: dict[Any, int] = {}
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if not isinstance(key, str | int | float | bool | None):
                raise ConfigError(f"line {line}: found {key!r} as a key; allowed: a name")
            if key in lines:
                raise ConfigError(f"{key}: found twice, in lines {lines[key]} and {line}; allowed: each key once")
            lines[key] = line
        return super().construct_mapping(node, deep)


def read(path: Path) -> dict[str, Any]:
    """The map in a YAML file. Raises ConfigError, with the file's name, where there is none or a key stands twice."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), StrictLoader)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise ConfigError(f"{path}: {where}found {getattr(error, 'problem', error)}; allowed: YAML.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: found {getattr(error, 'strerror', 'bytes that are not text')}; allowed: a YAML file.") from None
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: found {quote(content)}; allowed: a map of keys.")
    return content


def resolve(config: dict[str, Any], source: str) -> Campaign:
    """The campaign that a configuration describes, defaults filled in. Raises ConfigError, beginning with the source."""
    try:
        return ADAPTER.validate_json(json.dumps(config, default=str))
    except ValidationError as error:
        raise ConfigError(f"{source}: {sentence(error.errors()[0])}.") from None


def load(path: Path) -> Campaign:
    """The campaign of a resolved configuration beside its results. Raises ConfigError as `read` and `resolve` do."""
    return resolve(without_computed(read(path)), str(path))


def without_computed(config: dict[str, Any]) -> dict[str, Any]:
    """A map without what `deciding` added to it."""
    return {
        key: without_computed(value) if isinstance(value, dict) else value for key, value in config.items() if key != "computed"
    }


def resolve_all(config: dict[str, Any], source: str) -> dict[str, Campaign]:
    """The campaigns of a configuration by name: one, or where `targets` stands for `dataset` <campaign>-<target> for each target.

    Raises ConfigError, beginning with the source.
    """
    if "targets" not in config:
        campaign = resolve(config, source)
        return {campaign.campaign: campaign}
    targets = config["targets"]
    if "dataset" in config:
        raise ConfigError(f"{source}: targets: found beside dataset; allowed: one of the two.")
    if not isinstance(targets, dict) or not targets:
        raise ConfigError(f"{source}: targets: found {quote(targets)}; allowed: a map of data sets by name, at least 1.")
    shared = {key: value for key, value in config.items() if key != "targets"}
    found = {}
    for target, dataset in targets.items():
        name = f"{config.get('campaign')}-{target}"
        try:
            found[name] = resolve(shared | {"campaign": name, "dataset": dataset}, source)
        except ConfigError as error:
            raise ConfigError(str(error).replace(f"{source}: dataset", f"{source}: targets.{target}", 1)) from None
    return found


def plain(campaign: Campaign) -> dict[str, Any]:
    """The campaign as a map that `resolve` would read back."""
    plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(campaign)))  # type: ignore[call-overload]
    return plain


def deciding(campaign: Campaign) -> dict[str, Any]:
    """The same map with what each section and family works out from its keys, under `computed`: all that may decide a result."""
    sections = {field.name: getattr(campaign, field.name) for field in dataclasses.fields(campaign)}  # type: ignore[arg-type]
    told = plain(campaign)
    for name, section in sections.items():
        if dataclasses.is_dataclass(section):
            told[name] |= with_computed(section)
    for name, family in campaign.denoisers.items():
        told["denoisers"][name] |= with_computed(family)
    return told | with_computed(campaign)


def with_computed(config: object) -> dict[str, Any]:
    values = json.loads(json.dumps(computed(config)))
    return {"computed": values} if values else {}


def schema() -> dict[str, Any]:
    """The JSON schema of a campaign file, with a description and a default for each key."""
    made = ADAPTER.json_schema()
    targets = {"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/Dataset"}}
    targets["description"] = "data sets by name, in place of dataset: one campaign each, named <campaign>-<target>"
    made["properties"]["targets"] = targets
    made["required"].remove("dataset")
    made["oneOf"] = [{"required": ["dataset"]}, {"required": ["targets"]}]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A campaign"}
    return head | {key: value for key, value in made.items() if key != "title"}


def sentence(error: Any) -> str:
    """One error of pydantic in our words: path, found, allowed."""
    place = error["loc"]
    if place and isinstance(place[-1], str) and "anyOf" in node_at(place[:-1]):  # which of several allowed types was tried
        place = place[:-1]
    loc = [part for i, part in enumerate(place) if not (place[0] == "denoisers" and i == 2 and part != "[key]")]
    kind, found = error["type"], error["input"]
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, ImpossibleError):
        return f"{join([*loc, cause.key])}: found {quote(cause.found)}; allowed: {cause.allowed}"
    if kind == "unexpected_keyword_argument":
        keys = sorted(node_at(place[:-1])["properties"])
        near = difflib.get_close_matches(str(loc[-1]), keys, 1)
        hint = f" (is {near[0]} meant?)" if near else ""
        return f"{join(loc)}: found an unknown key{hint}; allowed: {', '.join(keys)}"
    if kind.startswith("union_tag"):
        found = error["ctx"].get("tag") if isinstance(found, dict) else found
        what = quote(found) if found is not None else "no such key"
        return f"{join([*loc, 'family'])}: found {what}; allowed: {families()}"
    if kind == "missing":
        return f"{join(loc)}: found no such key; allowed: {describe(node_at(place))}"
    if loc[-1] == "[key]":
        return f"{join(loc[:-1])}: found {quote(found)}; allowed: {describe({'pattern': NAME})}"
    hint = " (YAML reads 1e-4 as text; write 1.0e-4)" if kind.startswith("float") and is_number(found) else ""
    return f"{join(loc)}: found {quote(found)}{hint}; allowed: {describe(node_at(place))}"


def join(loc: Iterable[object]) -> str:
    """A path as one reads it: denoisers.unet.attention[0]."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")


def quote(found: object) -> str:
    text = json.dumps(found, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def is_number(found: object) -> bool:
    try:
        float(str(found))
    except ValueError:
        return False
    return True


def families() -> str:
    return ", ".join(node_at(("denoisers",))["_values"]["discriminator"]["mapping"])


def node_at(loc: Iterable[int | str]) -> dict[str, Any]:
    """The place in the schema that one of pydantic's locations means."""
    whole = ADAPTER.json_schema()

    def follow(node: dict[str, Any]) -> dict[str, Any]:
        node = whole["$defs"][node["$ref"].split("/")[-1]] if "$ref" in node else node
        values = list(node.get("patternProperties", {}).values())
        return node | ({"_values": values[0]} if values else {})

    node = follow(whole)
    for part in loc:
        if isinstance(part, int):
            arrays = [n for n in node.get("anyOf", [node]) if "items" in n]
            node = follow(arrays[0]["items"])
        elif "_values" in node:
            node = node["_values"]
        elif "discriminator" in node:
            node = follow({"$ref": node["discriminator"]["mapping"][part]})
        else:
            node = follow(node["properties"][part])
    return node


def describe(node: dict[str, Any]) -> str:
    """What a place in the schema allows, in words."""
    if "anyOf" in node:
        return " or ".join(describe(option) for option in node["anyOf"])
    if "enum" in node or "const" in node:
        return ", ".join(str(value) for value in node.get("enum", [node.get("const")]))
    if "discriminator" in node:
        return f"a map of keys with one named family: {', '.join(node['discriminator']['mapping'])}"
    if "pattern" in node:
        name = "letters, digits, '.', '_' and '-', at most 64, beginning with a letter or a digit"
        return name if node["pattern"] == NAME else str(node["description"])
    names = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "string": "a text"}
    names |= {"array": "a list", "object": "a map of keys", "null": "null"}
    text = names[node["type"]]
    if node["type"] == "array":
        least = f" of at least {node['minItems']}" if "minItems" in node else ""
        return f"{text}{least}, each {describe(node['items'])}"
    if node["type"] == "object" and "minProperties" in node:
        return f"{text}, at least {node['minProperties']}"
    limits = {"minimum": "at least", "exclusiveMinimum": "greater than", "maximum": "at most", "exclusiveMaximum": "less than"}
    return ", ".join([text] + [f"{word} {node[key]:.10g}" for key, word in limits.items() if key in node])
