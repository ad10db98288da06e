"""The figure `alignment` of a study: which denoiser succeeds on which target distribution.

A denoiser succeeds where its samples are distributed like fresh draws of the target and are not memorised.
"""

import altair as alt
import pandas as pd

from creativity.families.control import CONTROLS
from creativity.figures import theme

KEYS = ["target", "denoiser", "family", "kind"]


def draw(table: pd.DataFrame, study: str) -> alt.TopLevelMixin:
    """Two matrices, denoisers against targets: the largest distance ratio over the metrics, and the memorised share."""
    cells = cells_of(table)
    ratios = alt.Scale(type="log", scheme="blues", domain=[0.5, 50], clamp=True)
    left = matrix(
        cells, "ratio", "distance to fresh draws, over that between fresh draws (largest of four metrics)", ratios, ".2~f"
    )
    right = matrix(cells, "memorised", "memorised share", alt.Scale(domain=[0, 1], scheme="oranges"), ".0%")
    return theme.finish(
        alt.hconcat(left, right, spacing=30).resolve_scale(color="independent"),
        f"Success is both: like fresh draws of the target, and no more memorised than they are ({study})",
        "Means over training seeds. Framed: both hold for every seed and metric. 1 on the left is what fresh draws have "
        "among themselves; the copier shows that a small distance alone is no success.",
    )


def cells_of(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each denoiser and target.

    Columns: the ratio for each metric, averaged over replicates, the largest of these and its metric, the memorised shares, and
    success, which must hold in all replicates and metrics.
    """
    ratios = table.pivot_table(index=KEYS, columns="metric", values="ratio", sort=False)
    metrics = list(ratios.columns)
    success = (table["matches"] & table["new"]).groupby([table[key] for key in KEYS], sort=False).all()
    shares = table.groupby(KEYS, sort=False)[["memorised", "fresh_memorised"]].mean()
    cells = ratios.assign(ratio=ratios.max(axis=1), metric=ratios.idxmax(axis=1), success=success).join(shares).reset_index()
    return cells[[*KEYS, "ratio", "metric", *metrics, "memorised", "fresh_memorised", "success"]]


def rows_of(cells: pd.DataFrame) -> list[str]:
    """The denoisers in the order of the campaign, controls last."""
    names = list(dict.fromkeys(cells["denoiser"]))
    return [name for name in names if name not in CONTROLS] + [name for name in names if name in CONTROLS]


def matrix(cells: pd.DataFrame, value: str, title: str, scale: alt.Scale, form: str) -> alt.LayerChart:
    """One value of each cell as colour and number; cells of success are framed."""
    x = alt.X("target:N", sort=None, title=None, axis=alt.Axis(orient="top", labelAngle=-30))
    y = alt.Y("denoiser:N", sort=rows_of(cells), title=None)
    base = alt.Chart(cells).encode(x=x, y=y)
    squares = base.mark_rect().encode(
        color=alt.Color(f"{value}:Q", scale=scale, title=None, legend=None),
        tooltip=[
            "denoiser:N",
            "target:N",
            "ratio:Q",
            "fresh_low:Q",
            "fresh_high:Q",
            "memorised:Q",
            "fresh_memorised:Q",
            "replicates:Q",
        ],
    )
    numbers = base.mark_text(fontSize=11).encode(
        text=alt.Text(f"{value}:Q", format=form),
        color=alt.condition(f"datum.{value} > {dark(value)}", alt.value(theme.BACKGROUND), alt.value(theme.TEXT)),
    )
    frames = base.transform_filter("datum.success").mark_rect(filled=False, stroke=theme.SUCCESS, strokeWidth=2.5)
    width = 64 * cells["target"].nunique()
    return (squares + numbers + frames).properties(width=width, height=22 * cells["denoiser"].nunique(), title=title)


def dark(value: str) -> float:
    """The value above which a cell is dark, so that its number is drawn in white."""
    return 10.0 if value == "ratio" else 0.6
