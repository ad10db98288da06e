"""The figure `nearest_distances`: distances of samples to their nearest training images, beside those of held-out images."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from creativity.figures import theme
from creativity.figures.results import Results, sample_measures


def draw(results: Results) -> alt.TopLevelMixin:
    """One panel for each denoiser, with the empirical distribution functions of its samples and of two controls."""
    table = sample_measures(results, ["nearest_distance"])
    table["colour"] = theme.family_of(table)
    curves = pd.concat([ecdf(part) for _, part in table.groupby(["denoiser", "seed"])], ignore_index=True)
    panels = [panel(curves, name) for name in results.order if name in set(curves["denoiser"])]
    chart = alt.concat(*panels, columns=4, spacing=18).resolve_scale(x="shared", y="shared", color="shared")
    return theme.finish(
        chart,
        f"Left of held-out: nearer to the training set than real new images are ({results.campaign.campaign}, {results.subset})",
        "Share of samples whose distance to the nearest training image is below x. Black: held-out images; grey dashes: copier.",
    )


def ecdf(part: pd.DataFrame) -> pd.DataFrame:
    """The empirical distribution function of the nearest distances of one run, from 0 to 1 in at most 100 steps."""
    values = np.sort(part["nearest_distance"].dropna().to_numpy(dtype=float))
    levels = np.linspace(0, 1, min(len(values), 100) + 1) if len(values) else np.zeros(0)
    x = np.quantile(values, levels, method="inverted_cdf") if len(values) else values
    first = part.iloc[0]
    return pd.DataFrame({"x": x, "share": levels, "denoiser": first["denoiser"], "seed": first["seed"], "colour": first["colour"]})


def panel(curves: pd.DataFrame, name: str) -> Any:
    """The panel of one denoiser: its curve over those of held-out images and of the copier."""
    x = alt.X("x:Q", title="distance to nearest training image (pixel values, L2)")
    y = alt.Y("share:Q", title="share of samples", axis=alt.Axis(format="%", tickCount=3))

    def line(denoiser: str, **style: Any) -> alt.Chart:
        curve = curves[curves["denoiser"] == denoiser]
        return alt.Chart(curve).mark_line(interpolate="step-after", **style).encode(x=x, y=y, detail="seed:N")

    heldout = line("held-out", color=theme.REFERENCE, strokeWidth=1.2)
    copier = line("copier", color=theme.CONTROL, strokeDash=[4, 3], strokeWidth=1.2)
    own = line(name, strokeWidth=2.4).encode(color=theme.colour(curves["colour"]))
    return (heldout + copier + own).properties(width=190, height=120, title=name)
