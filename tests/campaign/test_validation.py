import copy
import json

import jsonschema
import pytest
import yaml
from checkout import ROOT

from creativity.campaign.validation import ConfigError, plain, read, resolve, resolve_all, schema

CAMPAIGNS = [*ROOT.glob("config/*.yaml"), *ROOT.glob("config/test/*.yaml")]
BASE = yaml.safe_load((ROOT / "config/test/tiny.yaml").read_text())


@pytest.mark.parametrize("path", CAMPAIGNS, ids=lambda path: path.name)
def test_every_campaign_in_the_repository_is_valid(path):
    content = read(path)
    jsonschema.validate(content, schema())
    for name, campaign in resolve_all(content, str(path)).items():
        assert campaign.campaign == name
        assert resolve(plain(campaign), "again") == campaign


STUDY = {key: value for key, value in BASE.items() if key != "dataset"} | {
    "targets": {"small": {"name": "orl-faces", "size": 8}, "large": {"name": "orl-faces", "size": 16}}
}


def test_a_study_is_one_campaign_for_each_target():
    jsonschema.validate(STUDY, schema())
    found = resolve_all(STUDY, "study.yaml")
    assert {name: campaign.dataset.size for name, campaign in found.items()} == {"tiny-small": 8, "tiny-large": 16}
    assert found["tiny-small"] == resolve(BASE | {"campaign": "tiny-small"}, "alone")


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        ({}, "study.yaml: targets: found {}; allowed: a map of data sets by name, at least 1."),
        ({"a": {"name": "orl-faces", "size": 2}}, "study.yaml: targets.a.size: found 2; allowed: a whole number"),
        ({"a b": {"name": "orl-faces", "size": 8}}, 'study.yaml: campaign: found "tiny-a b"; allowed: letters'),
    ],
)
def test_a_wrong_target_is_named(targets, said):
    with pytest.raises(ConfigError) as raised:
        resolve_all(STUDY | {"targets": targets}, "study.yaml")
    assert str(raised.value).startswith(said)


def test_targets_stand_in_place_of_the_dataset():
    with pytest.raises(ConfigError, match="targets: found beside dataset"):
        resolve_all(STUDY | {"dataset": BASE["dataset"]}, "study.yaml")


def test_every_key_of_the_schema_has_a_description_and_every_optional_one_a_default():
    for name, kind in [("campaign", schema()), *schema()["$defs"].items()]:
        for key, node in kind["properties"].items():
            told = schema()["$defs"][node["$ref"].split("/")[-1]] if "$ref" in node else node
            assert key == "family" or "description" in told, f"{name}.{key}"
            assert key in {"dataset", "targets", *kind.get("required", [])} or "default" in node, f"{name}.{key}"


def test_the_default_campaign_states_every_key():
    content = read(ROOT / "config/config.yaml")
    resolved = json.loads(json.dumps(plain(resolve(content, "default"))))
    for section in ("dataset", "subsets", "training", "sampling", "neighbours", "critic", "features", "tracking"):
        missing = set(resolved[section]) - set(content[section]) - {"path", "train", "range"}
        assert not missing, section


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("campaign: a\ncampaign: b\n", "campaign: found twice, in lines 1 and 2"),
        ("training: {steps: 5, steps: 6}\n", "steps: found twice"),
        ("- a\n- b\n", "allowed: a map"),
        ("", "found null"),
        ("a: [1\n", "allowed: YAML"),
        ("? [1, 2]\n: 3\n", "allowed: "),
        ('a: 1\nd:\n  8: {x: 1}\n  "8": {x: 2}\n', "8: found twice, in lines 3 and 4"),
        ("a: 1\nd:\n  no: {x: 1}\n", 'line 3: found no, which YAML reads as false; allowed: "no" in quotes'),
        ("on: 1\n", 'line 1: found on, which YAML reads as true; allowed: "on" in quotes'),
        ("~: 1\n", "line 1: found ~, which YAML reads as null"),
        ("1.5: 1\n", 'line 1: found 1.5, which YAML reads as 1.5; allowed: "1.5" in quotes'),
        ("010: 1\n", 'line 1: found 010, which YAML reads as 8; allowed: 8, or "010" in quotes'),
        ("seeds: [010]\n", 'line 1: found 010, which YAML reads as 8; allowed: 8, or "010" in quotes'),
        ("a: 0x10\n", "found 0x10, which YAML reads as 16"),
        ("a: 1_000\n", "found 1_000, which YAML reads as 1000"),
        ("a: 1:30\n", "found 1:30, which YAML reads as 90"),
        ("a: 1:30.5\n", "found 1:30.5, which YAML reads as 90.5"),
        ("a:\n\tb: 1\n", "line 2: found a tab at the beginning of a line"),
        ("a: 1\nseeds: &a [*a]\n", "line 2: found an alias within what it stands for"),
        ("a: &a {b: *a}\n", "line 1: found an alias within what it stands for"),
        ("a: *x\n", "line 1: found undefined alias 'x'; allowed: YAML"),
        ("a: 1\n---\nb: 2\n", "line 2: found another document; allowed: YAML"),
        ("a: !foo 3\n", "line 1: found could not determine a constructor for the tag '!foo'"),
        ("a: " + "[" * 3000 + "]" * 3000, "too deep to be read"),
    ],
)
def test_yaml_is_read_strictly(tmp_path, text, words):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"mine\.yaml: ") as error:
        read(path)
    assert words in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_what_yaml_reads_as_it_looks_is_kept(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text('base: &base {a: 1, c: -2}\nd: {<<: *base, a: 3}\n8: x\nquoted: "010"\nyes_is: yes\nrate: 1.0e-4\nnone: ~\n')
    content = read(path)
    assert content["d"] == {"a": 3, "c": -2}
    assert (content["quoted"], content["yes_is"], content["rate"], content["none"]) == ("010", True, 1e-4, None)


def test_a_file_that_is_not_utf8_and_a_folder_are_named(tmp_path):
    (tmp_path / "latin.yaml").write_bytes("a: 1\nb: für\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"latin\.yaml: line 2: found a byte that is not UTF-8; allowed: a YAML file in UTF-8\.$"):
        read(tmp_path / "latin.yaml")
    with pytest.raises(ConfigError, match=r"found Is a directory; allowed: a YAML file\.$"):
        read(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.yaml: found No such file"):
        read(tmp_path / "none.yaml")


def with_value(path, value):
    config = copy.deepcopy(BASE)
    place = config
    for key in path[:-1]:
        place = place.setdefault(key, {})
    place[path[-1]] = value
    return config


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["training", "learning_rate"], "1e-4", 'training.learning_rate: found "1e-4" (YAML reads 1e-4 as text'),
        (["denoisers", "unet", "pooling"], 5, "denoisers.unet.pooling: found 5; allowed: a whole number, at least 0, at most 4"),
        (["denoisers", "unet", "poling"], 1, "denoisers.unet.poling: found an unknown key (is pooling meant?)"),
        (["denoisers", "unet"], {"family": "unet", "pooling": 4}, "denoisers.unet.pooling: found 4; allowed: 0 to 3"),
        (["denoisers", "x"], {"family": "gan"}, 'denoisers.x.family: found "gan"; allowed: autoencoder, bayes, '),
        (["subsets", "sizes"], [40, "a"], 'subsets.sizes[1]: found "a"; allowed: a whole number, at least 1 or all'),
        (["subsets", "heldout"], 1, "subsets.heldout: found 1; allowed: a whole number, at least 2 or null"),
        (["dataset", "path"], "", 'dataset.path: found ""; allowed: a text that is not empty or null'),
        (["dataset", "range"], "unit", 'dataset.range: found "unit"; allowed: null, since name is orl-faces'),
        (["campaign"], "mlflow", 'campaign: found "mlflow"; allowed: another name'),
    ],
)
def test_a_mistake_is_told_by_path_found_and_allowed(path, value, words):
    with pytest.raises(ConfigError) as error:
        resolve(with_value(path, value), "mine.yaml")
    assert str(error.value).startswith("mine.yaml: " + words)
