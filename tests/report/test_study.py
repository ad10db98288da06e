"""The page of a study: the numbers of two campaigns side by side, and the way to their pages and back."""

import re

import made_up
import pandas as pd
import pytest
import yaml

from creativity import store
from creativity.campaign.layout import runs
from creativity.campaign.validation import deciding
from creativity.measures.who_explains import WHO_EXPLAINS
from creativity.report import study as pages
from creativity.report.payload import build
from creativity.running.job import Job
from jobs.study import study

SIGMAS = (10.0, 1.0, 0.1)
VALUES = {"bayes": (0.9, 0.2, -1.0), "linear": (0.89, 0.6, -2.0)}  # R² of each closed form at each of them


def explanations(denoiser, measure=pages.AGREEMENT):
    """Rows of explained.parquet for two trainings, the mean of which is VALUES."""
    return [
        ("n20-s0", denoiser, seed, sigma, measure, form, value + (0.1 if seed else -0.1), 0.0, 1.0, 12, 0.05, 0.97, False)
        for seed in (0, 1)
        for form, values in VALUES.items()
        for sigma, value in zip(SIGMAS, values, strict=True)
    ]


@pytest.fixture
def made(tmp_path):
    """The page of a study of two targets, its folder, and their campaigns. In one of them nothing explains anything."""
    denoisers = {"bayes": {"family": "bayes"}, "linear": {"family": "linear"}, "net": {"family": "mlp", "width": 4}}
    campaigns = {}
    for target, rows in (("faces", explanations("net")), ("shuffled", [])):
        root = tmp_path / f"rivals-{target}"
        campaigns[target] = made_up.campaign(root, denoisers)
        (root / "settings.yaml").write_text(yaml.safe_dump(deciding(campaigns[target])))
        store.write(root / "explained.parquet", WHO_EXPLAINS, rows, made_up.STAMP)
        tables = [
            pd.read_parquet(run.file(root, "measures.parquet")).assign(denoiser=run.denoiser) for run in runs(campaigns[target])
        ]
        pd.concat(tables).to_parquet(root / "measures.parquet")
    (tmp_path / "alignment.svg").write_text("<svg/>")
    configs = [tmp_path / f"rivals-{target}/settings.yaml" for target in campaigns]
    study(Job(campaign="rivals", code="x"), configs=configs, alignment=tmp_path / "alignment.svg", page=tmp_path / "report.html")
    return (tmp_path / "report.html").read_text(), tmp_path, campaigns


def test_it_links_to_its_campaigns_and_they_back(made):
    text, folder, campaigns = made
    assert re.findall(r'href="\.\./(.*?)/report\.html"', text)[:2] == ["rivals-faces", "rivals-shuffled"]
    assert "20 images of orl-faces, 8 × 8" in text
    assert "<script" not in text
    built = build(folder / "rivals-faces", campaigns["faces"], study="rivals")
    assert built["study"] == "rivals"
    assert build(folder / "rivals-faces", campaigns["faces"])["study"] is None


def test_a_cell_has_the_shares_and_the_distance_over_that_of_held_out_images(made):
    text, folder, _ = made
    table = pd.read_parquet(folder / "rivals-faces/measures.parquet").query("space == 'pixel'")
    of_net = table[table["denoiser"] == "net"].set_index("measure")["value"]
    held = table[table["denoiser"] == "held-out"].set_index("measure")["value"]
    row = re.search(r'<tr><th scope="row">net</th>(.*?)</tr>', text).group(1)
    assert f"copy {of_net['class_copy']:.0%}, collage {of_net['class_collage']:.0%}" in row
    assert f"</span>{of_net['nearest_distance'] / held['nearest_distance']:.2f}</td>" in row
    assert '<th scope="row"><em>copier</em></th>' in text


def test_the_closed_form_that_explains_most_on_the_mean_of_the_trainings_is_named_by_level(made):
    text = made[0]
    row = re.findall(r'<tr><th scope="row">net</th>(.*?)</tr>', text)[1]
    told = re.findall(r'opacity:([\d.]+)" title="(.*?)"', row)
    assert [words.split(",")[0] for _, words in told] == ["σ 10: bayes R² 0.90", "σ 1: linear R² 0.60", "σ 0.1: bayes R² -1.00"]
    assert [opacity for opacity, _ in told] == ["0.90", "0.60", "0.00"]
    assert told[0][1].endswith("chance 0.05, its second training 0.97")
    assert "several alike 1, linear 1 <small>of 3 levels" in row  # .90 and .89 are alike
    assert "background:var(--line);opacity:0.90" in row
    assert row.endswith("<td></td>")  # of the target where no network was held against a closed form


def test_without_networks_it_says_so():
    table = pd.DataFrame(columns=["measure", "sigma"])
    target = pages.Target("a", "s-a", "", pd.DataFrame(), table, {}, {})
    assert pages.explained([target], ["a"]) == "<p>No network is among the denoisers.</p>"
