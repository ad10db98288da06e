"""The copy-or-create map: how new each sample is, against how near it is to real images."""

import altair as alt
import numpy as np
import pandas as pd

from creativity import store
from creativity.figures import theme
from creativity.figures.results import Results, sample_measures
from creativity.measures.realism import fit_ruler


def draw(results: Results) -> alt.TopLevelMixin:
    """One small panel a denoiser; 1 on either axis is the median of real images that are new."""
    table = sample_measures(results, ["nearest_distance", "reference_distance", "class"])
    table["colour"] = theme.family_of(table)
    real = table[table["denoiser"] == "held-out"]
    units = (float(np.median(real[name])) for name in ("nearest_distance", "reference_distance"))
    novelty_unit, realism_unit = (unit or 1.0 for unit in units)  # 0 where images repeat: then in pixel values
    table["novelty"] = table["nearest_distance"].astype(float) / novelty_unit
    table["realism"] = table["reference_distance"].astype(float) / realism_unit
    ruler = fit_ruler(store.units(results.root / "reference.parquet"))
    band = pd.DataFrame({"low": [ruler.distance_range[0] / realism_unit], "high": [ruler.distance_range[1] / realism_unit]})
    present = table.dropna(subset=["novelty"])
    panels = [panel(present, band, name) for name in results.order if name in set(present["denoiser"])]
    chart = alt.concat(*panels, columns=4, spacing=18).resolve_scale(x="shared", y="shared", color="shared", shape="shared")
    return theme.finish(
        chart,
        f"Left: copied. Right and within the band: created, and like real images ({results.campaign.campaign}, {results.subset})",
        "A point a sample. Axes: distance to the nearest training and to the 5th nearest reference image, over held-out's median. "
        "Band: where real images lie; samples in it may still be too smooth or too rough to be real.",
    )


def panel(table: pd.DataFrame, band: pd.DataFrame, name: str) -> alt.LayerChart:
    """One denoiser's samples over the band of real images and the line of held-out ones."""
    x = alt.X("novelty:Q", title="nearest training image (held-out = 1)", scale=alt.Scale(domainMin=0))
    y = alt.Y("realism:Q", title="5th reference image", scale=alt.Scale(domainMin=0))
    shapes = alt.Scale(domain=list(theme.CLASS_SHAPES), range=list(theme.CLASS_SHAPES.values()))
    points = (
        alt.Chart(table[table["denoiser"] == name])
        .mark_point(size=28, filled=True, opacity=0.65)
        .encode(x=x, y=y, color=theme.colour(table["colour"]), shape=alt.Shape("class:N", title="class", scale=shapes))
    )
    shade = alt.Chart(band).mark_rect(color="#dddddd", opacity=0.5).encode(y="low:Q", y2="high:Q")
    line = alt.Chart(pd.DataFrame({"x": [1]})).mark_rule(color="black", strokeDash=[3, 3]).encode(x="x:Q")
    return (shade + line + points).properties(width=190, height=150, title=name)
