"""The figure `copy_or_create`: how new each sample is, against how near it is to real images.

Novelty is the distance to the nearest training image; what is not real is hard to denoise for the judge.
"""

import altair as alt
import numpy as np
import pandas as pd

from creativity.figures import theme
from creativity.figures.results import Results, sample_measures
from creativity.measures import judges


def draw(results: Results) -> alt.TopLevelMixin:
    """One panel for each denoiser; both distances are divided by their medians over held-out images."""
    table = sample_measures(results, ["nearest_distance", "denoising_error", "class"])
    table["colour"] = theme.family_of(table)
    real = table[table["denoiser"] == "held-out"]
    units = (float(np.median(real[name])) for name in ("nearest_distance", "denoising_error"))
    novelty_unit, realism_unit = (unit or 1.0 for unit in units)  # 0 where images repeat: then in pixel values
    table["novelty"] = table["nearest_distance"].astype(float) / novelty_unit
    table["realism"] = table["denoising_error"].astype(float) / realism_unit
    low, high = judges.band(results.root / "judge.safetensors")
    band = pd.DataFrame({"low": [low / realism_unit], "high": [high / realism_unit]})
    present = table.dropna(subset=["novelty"])
    panels = [panel(present, band, name) for name in results.order if name in set(present["denoiser"])]
    chart = alt.concat(*panels, columns=4, spacing=18).resolve_scale(x="shared", y="shared", color="shared", shape="shared")
    return theme.finish(
        chart,
        f"Left: copied. Right and within the band: created, and real to the judge ({results.campaign.campaign}, {results.subset})",
        "A point a sample. Axes: distance to the nearest training image, and how badly networks that know real images alone "
        "denoise it, both over held-out's median. Band: most of the reference; below it is too smooth. Shapes: the verdict.",
    )


def panel(table: pd.DataFrame, band: pd.DataFrame, name: str) -> alt.LayerChart:
    """One denoiser's samples over the band of real images and the line of held-out ones."""
    x = alt.X("novelty:Q", title="nearest training image (held-out = 1)", scale=alt.Scale(domainMin=0))
    y = alt.Y("realism:Q", title="denoising error (held-out = 1)", scale=alt.Scale(type="log"))
    shapes = alt.Scale(domain=list(theme.CLASS_SHAPES), range=list(theme.CLASS_SHAPES.values()))
    points = (
        alt.Chart(table[table["denoiser"] == name])
        .mark_point(size=28, filled=True, opacity=0.65)
        .encode(x=x, y=y, color=theme.colour(table["colour"]), shape=alt.Shape("class:N", title="class", scale=shapes))
    )
    shade = alt.Chart(band).mark_rect(color=theme.BAND, opacity=0.5).encode(y="low:Q", y2="high:Q")
    line = alt.Chart(pd.DataFrame({"x": [1]})).mark_rule(color=theme.REFERENCE, strokeDash=[3, 3]).encode(x="x:Q")
    return (shade + line + points).properties(width=190, height=150, title=name)
