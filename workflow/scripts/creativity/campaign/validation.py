"""Reads and checks campaign files, the YAML files in which a user says which denoisers are compared on which images.

A correct file becomes a `Campaign` with all defaults filled in. A mistake becomes one sentence: the key's full path, what was found
and what is allowed.
"""

import dataclasses
import datetime as dt
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
MERGE = "tag:yaml.org,2002:merge"  # of the key <<, which takes over the keys of another map
DEEPEST = 50  # maps and lists within one another


class ConfigError(UserError):
    """A campaign file that cannot be run; the text of the error is one sentence."""


class StrictLoader(yaml.SafeLoader):
    """Plain YAML in which a key that stands twice in a map is an error, and so is what YAML reads otherwise than people mean it."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        lines: dict[str, int] = {}
        for key_node, _ in node.value:
            line = key_node.start_mark.line + 1
            if key_node.tag == MERGE:
                continue
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConfigError(f"line {line}: found {key!r} as a key; allowed: a name")
            if not isinstance(key, str | int):
                raise read_otherwise(key_node, key, True)
            name = str(key)  # 8 and "8" would be one name
            if isinstance(key, bool) or name != key_node.value:
                raise read_otherwise(key_node, key, True)
            if name in lines:
                raise ConfigError(f"{name}: found twice, in lines {lines[name]} and {line}; allowed: each key once")
            lines[name] = line
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """A value. Raises ConfigError where a number or a date is another one than a reader of the file sees."""
        value = super().construct_object(node, deep)
        if isinstance(node, yaml.ScalarNode) and node.style is None:
            text = node.value
            is_whole = type(value) is int and str(value) != text.removeprefix("+")
            is_float = type(value) is float and (":" in text or "_" in text)
            is_date = isinstance(value, dt.date) and str(value) != text
            if is_whole or is_float or is_date:
                raise read_otherwise(node, value)
        return value


def read_otherwise(node: yaml.ScalarNode, value: object, is_key: bool = False) -> ConfigError:
    """The error for a text that YAML reads as something else, or as something that is no key."""
    line, text = node.start_mark.line + 1, node.value
    number = "" if is_key else f"{value}, or "
    return ConfigError(f'line {line}: found {text}, which YAML reads as {plain_yaml(value)}; allowed: {number}"{text}" in quotes')


def plain_yaml(value: object) -> str:
    """A value as YAML would write it: true, null, 8."""
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


def check_circles(node: yaml.Node | None, above: tuple[yaml.Node, ...] = ()) -> None:
    """Raises ConfigError where an alias (*name) stands within what it refers to, or where maps and lists are nested too deeply."""
    if any(node is outer for outer in above) or len(above) > DEEPEST:
        line = node.start_mark.line + 1 if node else 0
        raise ConfigError(f"line {line}: found an alias within what it stands for; allowed: maps and lists that end")
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            check_circles(item, (*above, node))
    if isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            check_circles(key, (*above, node))
            check_circles(item, (*above, node))


def parse(text: str) -> Any:
    """The content of a YAML text. Raises ConfigError, without the file's name, or YAMLError."""
    loader = StrictLoader(text)
    try:
        node = loader.get_single_node()
        check_circles(node)
        return None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def read(path: Path) -> dict[str, Any]:
    """The content of a YAML file. Raises ConfigError, with the file's name, where it holds no map or is not read as it looks."""
    try:
        content = parse(path.read_text(encoding="utf-8"))
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}.") from None
    except RecursionError:
        raise ConfigError(f"{path}: found maps or lists within one another, too deep to be read; allowed: a campaign.") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: {line_of(error)}found {problem_of(error)}; allowed: YAML.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}: line {line}: found a byte that is not UTF-8; allowed: a YAML file in UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{path}: found {error.strerror}; allowed: a YAML file.") from None
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: found {quote(content)}; allowed: a map of keys.")
    return content


def line_of(error: yaml.YAMLError) -> str:
    """Where YAML is wrong; "" where it does not say."""
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}: " if mark else ""


def problem_of(error: yaml.YAMLError) -> str:
    """What is wrong in a YAML text, in one line."""
    problem = (
        str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
        .splitlines()[0]
        .removeprefix("found ")
        .removeprefix("but found ")
    )
    return "a tab at the beginning of a line" if "'\\t'" in problem else problem


def resolve(content: dict[str, Any], source: str) -> Campaign:
    """The campaign that the content of a campaign file describes, with defaults filled in.

    source: the file's name, with which the ConfigError of a wrong value begins.
    """
    try:
        return ADAPTER.validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        raise ConfigError(f"{source}: {sentence(error.errors()[0])}.") from None


def load(path: Path) -> Campaign:
    """The campaign of a config.yaml or settings.yaml in results/. Raises ConfigError as `read` and `resolve` do."""
    return resolve(without_computed(read(path)), str(path))


def without_computed(configuration: dict[str, Any]) -> dict[str, Any]:
    """A configuration without the entries `computed` that `deciding` adds."""
    return {
        key: without_computed(value) if isinstance(value, dict) else value
        for key, value in configuration.items()
        if key != "computed"
    }


def resolve_all(content: dict[str, Any], source: str) -> dict[str, Campaign]:
    """The campaigns of a campaign file by name: one; or, of a study, one named <campaign>-<target> for each of its `targets`.

    content, source: as in `resolve`, which says what is raised.
    """
    if "targets" not in content:
        campaign = resolve(content, source)
        return {campaign.campaign: campaign}
    targets = content["targets"]
    if "dataset" in content:
        raise ConfigError(f"{source}: targets: found beside dataset; allowed: one of the two.")
    if not isinstance(targets, dict) or not targets:
        raise ConfigError(f"{source}: targets: found {quote(targets)}; allowed: a map of data sets by name, at least 1.")
    other_sections = {key: value for key, value in content.items() if key != "targets"}
    campaigns = {}
    for target, dataset in targets.items():
        name = f"{content.get('campaign')}-{target}"
        try:
            campaigns[name] = resolve(other_sections | {"campaign": name, "dataset": dataset}, source)
        except ConfigError as error:
            raise ConfigError(str(error).replace(f"{source}: dataset", f"{source}: targets.{target}", 1)) from None
    return campaigns


def plain(campaign: Campaign) -> dict[str, Any]:
    """The configuration: all sections and keys of a campaign as JSON types, which `resolve` would read back."""
    configuration: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(campaign)))  # type: ignore[call-overload]
    return configuration


def deciding(campaign: Campaign) -> dict[str, Any]:
    """The configuration together with all values computed from it, that is, with everything that may decide a result.

    The properties of each section and family stand in it under the key `computed`.
    """
    sections = {field.name: getattr(campaign, field.name) for field in dataclasses.fields(campaign)}  # type: ignore[arg-type]
    configuration = plain(campaign)
    for name, section in sections.items():
        if dataclasses.is_dataclass(section):
            configuration[name] |= with_computed(section)
    for name, family in campaign.denoisers.items():
        configuration["denoisers"][name] |= with_computed(family)
    return configuration | with_computed(campaign)


def with_computed(section: object) -> dict[str, Any]:
    """The properties of a section, family or campaign under the key `computed`; {} where it has none."""
    values = json.loads(json.dumps(computed(section)))
    return {"computed": values} if values else {}


def schema() -> dict[str, Any]:
    """The JSON schema of a campaign file, with a description and a default for each key."""
    campaign_schema = ADAPTER.json_schema()
    targets = {"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/Dataset"}}
    targets["description"] = "data sets by name, in place of dataset: one campaign each, named <campaign>-<target>"
    campaign_schema["properties"]["targets"] = targets
    campaign_schema["required"].remove("dataset")
    campaign_schema["oneOf"] = [{"required": ["dataset"]}, {"required": ["targets"]}]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A campaign"}
    return head | {key: value for key, value in campaign_schema.items() if key != "title"}


def sentence(error: Any) -> str:
    """One error of pydantic as a sentence: the key's path, what was found and what is allowed."""
    location = error["loc"]
    if location and isinstance(location[-1], str) and "anyOf" in node_at(location[:-1]):  # names which of several types was tried
        location = location[:-1]
    # pydantic's locations name the family after the denoiser; the path in the file does not
    path = [part for i, part in enumerate(location) if not (location[0] == "denoisers" and i == 2 and part != "[key]")]
    kind, value = error["type"], error["input"]
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, ImpossibleError):
        return f"{join([*path, cause.key])}: found {quote(cause.found)}; allowed: {cause.allowed}"
    if kind == "unexpected_keyword_argument":
        keys = sorted(node_at(location[:-1])["properties"])
        near = difflib.get_close_matches(str(path[-1]), keys, 1)
        hint = f" (is {near[0]} meant?)" if near else ""
        return f"{join(path)}: found an unknown key{hint}; allowed: {', '.join(keys)}"
    if kind.startswith("union_tag"):
        family = error["ctx"].get("tag") if isinstance(value, dict) else value
        quoted = quote(family) if family is not None else "no such key"
        return f"{join([*path, 'family'])}: found {quoted}; allowed: {families()}"
    if kind == "missing":
        return f"{join(path)}: found no such key; allowed: {describe(node_at(location))}"
    if path[-1] == "[key]":
        return f"{join(path[:-1])}: found {quote(value)}; allowed: {describe({'pattern': NAME})}"
    hint = " (YAML reads 1e-4 as text; write 1.0e-4)" if kind.startswith("float") and is_number(value) else ""
    return f"{join(path)}: found {quote(value)}{hint}; allowed: {describe(node_at(location))}"


def join(path: Iterable[object]) -> str:
    """The parts of a key's path as one text.

    >>> join(["denoisers", "unet", "attention", 0])
    'denoisers.unet.attention[0]'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def quote(value: object) -> str:
    """A value as JSON, cut to 60 characters."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def is_number(value: object) -> bool:
    """Whether a text could be read as a number."""
    try:
        float(str(value))
    except ValueError:
        return False
    return True


def families() -> str:
    """The names of all families that a campaign file may name."""
    return ", ".join(node_at(("denoisers",))["_values"]["discriminator"]["mapping"])


def node_at(location: Iterable[int | str]) -> dict[str, Any]:
    """The part of the JSON schema that describes the key at one of pydantic's locations.

    `_values` stands in it for the schema of the values of a map whose keys are free.
    """
    campaign_schema = ADAPTER.json_schema()

    def follow(node: dict[str, Any]) -> dict[str, Any]:
        node = campaign_schema["$defs"][node["$ref"].split("/")[-1]] if "$ref" in node else node
        values = list(node.get("patternProperties", {}).values())
        return node | ({"_values": values[0]} if values else {})

    node = follow(campaign_schema)
    for part in location:
        if isinstance(part, int):
            arrays = [option for option in node.get("anyOf", [node]) if "items" in option]
            node = follow(arrays[0]["items"])
        elif "_values" in node:
            node = node["_values"]
        elif "discriminator" in node:
            node = follow({"$ref": node["discriminator"]["mapping"][part]})
        else:
            node = follow(node["properties"][part])
    return node


def describe(node: dict[str, Any]) -> str:
    """What a part of the JSON schema allows, in words."""
    if "anyOf" in node:
        return " or ".join(describe(option) for option in node["anyOf"])
    if node.get("minLength"):
        return "a text that is not empty"
    if "enum" in node or "const" in node:
        return ", ".join(str(value) for value in node.get("enum", [node.get("const")]))
    if "discriminator" in node:
        return f"a map of keys with one named family: {', '.join(node['discriminator']['mapping'])}"
    if "pattern" in node:
        name = "letters, digits, '.', '_' and '-', at most 64, beginning with a letter or a digit"
        return name if node["pattern"] == NAME else str(node["description"])
    type_names = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "string": "a text"}
    type_names |= {"array": "a list", "object": "a map of keys", "null": "null"}
    text = type_names[node["type"]]
    if node["type"] == "array":
        least = f" of at least {node['minItems']}" if "minItems" in node else ""
        return f"{text}{least}, each {describe(node['items'])}"
    if node["type"] == "object" and "minProperties" in node:
        return f"{text}, at least {node['minProperties']}"
    limits = {"minimum": "at least", "exclusiveMinimum": "greater than", "maximum": "at most", "exclusiveMaximum": "less than"}
    return ", ".join([text] + [f"{word} {node[key]:.10g}" for key, word in limits.items() if key in node])
