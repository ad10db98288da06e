"""What all figures have in common."""

import json
from importlib import import_module

import made_up
import numpy as np
import pandas as pd
import pytest
from drawn import EVERY, marks, results, unet_axis, write_comparisons

from creativity.campaign.layout import runs
from creativity.figures.along_training import draw as draw_along_training
from creativity.figures.architecture import draw as draw_architecture
from creativity.figures.explained_by import draw as draw_explained
from creativity.figures.gallery import caution
from creativity.figures.law_beside_samples import draw as draw_laws
from creativity.figures.loss_by_sigma import draw as draw_losses
from creativity.figures.receptive_field_by_sigma import draw as draw_fields


@pytest.mark.parametrize("draw", [draw_laws, draw_explained, draw_fields])
def test_campaigns_without_closed_forms_without_networks_or_with_neither_have_these_figures_too(tmp_path, draw):
    for kinds in (("control", "trained"), ("control", "closed form"), ("control",)):
        every = [run for run in EVERY if run.kind in kinds]
        write_comparisons(tmp_path, every)
        assert draw(results(tmp_path, every)).to_dict()["title"]["text"]
    assert "No " in draw(results(tmp_path, every)).to_dict()["title"]["text"]


@pytest.mark.parametrize("draw", [draw_architecture, draw_along_training])
def test_figures_say_what_is_seen_and_name_the_campaign(tmp_path, draw):
    spec, found = marks(draw(results(tmp_path, unet_axis())))
    assert "(tiny, n40-s0)" in spec["title"]["text"]
    assert spec["title"]["subtitle"]
    titled = [unit["encoding"]["y"]["title"] for unit in found if "title" in unit.get("encoding", {}).get("y", {})]
    assert titled
    assert all(titled)


def test_a_campaign_without_training_has_figures_too(tmp_path):
    closed = [run for run in EVERY if run.kind != "trained"]
    for draw in (draw_losses, draw_along_training, draw_architecture):
        assert draw(results(tmp_path, closed)).to_dict()
    assert np.isnan(results(tmp_path, closed).value("nobody", "real"))


@pytest.mark.parametrize("figure", ["gallery", "copy_or_create", "nearest_distances"])
def test_figures_of_samples_show_every_denoiser_of_a_campaign(tmp_path, figure):
    campaign = made_up.campaign(tmp_path / "made")
    every = runs(campaign)
    measures = pd.concat(pd.read_parquet(run.file(tmp_path / "made", "measures.parquet")).assign(**run._asdict()) for run in every)
    made = results(tmp_path, every)._replace(root=tmp_path / "made", campaign=campaign, subset="n20-s0", measures=measures)
    chart = import_module(f"creativity.figures.{figure}").draw(made)
    spec = json.dumps(chart.to_dict())
    assert "(made, n20-s0)" in spec
    assert all(f'"{run.denoiser}"' in spec for run in every)


def test_the_gallery_says_where_the_judge_is_weak(tmp_path):
    made = results(tmp_path, EVERY)
    for share, told in ((0.1, []), (0.97, ["The judge of what is real says little here: it takes 97% of torn for real."])):
        real = pd.DataFrame({"denoiser": ["torn", "noise"], "measure": "real", "space": "pixel", "value": [share, 0.0]})
        assert caution(made._replace(measures=real)) == told
