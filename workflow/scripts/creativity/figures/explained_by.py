"""The figure `explained_by`: which denoiser in closed form gives nearly what a trained network gives, at each noise level.

They are compared at the same x, taken from the network's own sampling trajectories.
"""

import altair as alt
import pandas as pd

from creativity.figures import theme
from creativity.figures.results import Results

MEASURE = "network_determination"
BY_CHANCE = "network_chance_determination"
CHANCE = "other noise"
ENDS = "sample"


def draw(results: Results) -> alt.TopLevelMixin:
    """One panel for each network, with a row for each closed form and a column for each noise level; last, the samples."""
    pairs = results.pairs()
    trained = results.runs.loc[results.runs["kind"].isin(["trained", "external"]), "denoiser"]
    closed_forms = [
        name for name in results.order if name in set(results.runs.loc[results.runs["kind"] == "closed form", "denoiser"])
    ]
    cells = explained(pairs[pairs["a"].isin(trained) & pairs["b"].isin(closed_forms)])
    names = [name for name in results.order if name in set(cells["a"])]
    if not names:
        return theme.finish(alt.Chart(cells).mark_point(), "No network and closed form to compare in this campaign", "")
    columns = [*sorted((c for c in set(cells["column"]) if c != ENDS), key=float, reverse=True), ENDS]
    panels = [panel(cells[cells["a"] == name], name, [*closed_forms, CHANCE], columns) for name in names]
    chart = alt.concat(*panels, columns=2, spacing=22).resolve_scale(x="shared", color="shared")
    return theme.finish(
        chart,
        f"Which closed form explains each network ({results.campaign.campaign}, {results.subset})",
        "R² of what the network gives, (D - c_skip x) / c_out, and what a closed form gives at the same x, medians over noises; "
        "last column: of the samples. White: 0 or less. Dot: the best. Other noise: the best of them from another noise.",
    )


def explained(pairs: pd.DataFrame) -> pd.DataFrame:
    """One row for each network a, closed form b and column of the figure: value (mean over training seeds), best.

    CHANCE is a further form: the largest value of the closed forms for the network's output from other noise.
    """
    along = pairs[pairs["sigma"].notna()]
    along = along.assign(column=[f"{sigma:.3g}" for sigma in along["sigma"]])
    ends = pairs[pairs["sigma"].isna()].assign(column=ENDS)
    same_noise = pd.concat([along[along["measure"] == MEASURE], ends[ends["measure"] == "determination"]])
    other_noise = pd.concat([along[along["measure"] == BY_CHANCE], ends[ends["measure"] == "chance_determination"]])
    cells = same_noise.groupby(["a", "b", "column"], as_index=False)["value"].mean()
    chance = other_noise.groupby(["a", "b", "column"], as_index=False)["value"].mean()
    chance = chance.groupby(["a", "column"], as_index=False)["value"].max().assign(b=CHANCE)
    best = cells["value"] == cells.groupby(["a", "column"])["value"].transform("max")
    return pd.concat([cells.assign(best=best & (cells["value"] > 0)), chance.assign(best=False)], ignore_index=True)


def panel(cells: pd.DataFrame, name: str, forms: list[str], columns: list[str]) -> alt.LayerChart:
    """The panel of one network."""
    x = alt.X("column:N", sort=columns, title="noise level sigma, then the samples", axis=alt.Axis(labelAngle=-60, labelFontSize=9))
    y = alt.Y("b:N", sort=forms, title=None)
    scale = alt.Scale(domain=[0, 1], clamp=True, range=theme.SHARE_SCALE, interpolate="rgb")
    base = alt.Chart(cells).encode(x=x, y=y)
    squares = base.mark_rect(stroke=theme.GRID).encode(
        color=alt.Color("value:Q", title="R²", scale=scale), tooltip=["b:N", "column:N", "value:Q"]
    )
    dots = base.transform_filter("datum.best").mark_point(filled=True, size=22, color=theme.BEST, opacity=1)
    return (squares + dots).properties(width=18 * len(columns), height=16 * len(forms), title=name)
