"""The figure `claims`: which differences between trained denoisers hold over trainings, on every set of training images."""

import altair as alt
import pandas as pd

from creativity.figures import theme
from creativity.figures.results import Results
from creativity.measures.classes import COPY, NEW_REAL, column

MEASURES = {
    "nearest_distance": "difference of d1",
    column(COPY): "difference of the share of copies",
    column(NEW_REAL): "difference of the share new and real",
}
MOST = 45  # pairs of denoisers
LEVEL = 0.05
VERDICTS = {True: f"p < {LEVEL:g}", False: "not told apart"}


def draw(results: Results) -> alt.TopLevelMixin:
    """One row for each pair of trained denoisers, one column a measure: a mark and a bar for each set of training images."""
    table = claimed(results)
    pairs = list(dict.fromkeys(table["pair"]))
    shown = table[table["pair"].isin(pairs[:MOST])]
    chart = alt.hconcat(*(panel(shown, measure, first=measure == next(iter(MEASURES))) for measure in MEASURES), spacing=14)
    left_out = f" The first {MOST} of {len(pairs)} pairs." if len(pairs) > MOST else ""
    seeds = len(results.campaign.seeds)
    return theme.finish(
        chart.resolve_scale(color="shared"),
        f"Which differences hold over trainings ({results.campaign.campaign})",
        [
            f"First minus second denoiser, over {seeds} training seeds and the same noises; 95 % intervals, one bar a set of",
            f"training images. p: corrected for the pairs of a set and measure (Holm). At 0: no difference.{left_out}",
        ],
    )


def claimed(results: Results) -> pd.DataFrame:
    """The claims about pairs of trained denoisers, in the order from copier to noise."""
    rows = results.table("claims")
    trained = set(results.runs.loc[results.runs["kind"] == "trained", "denoiser"])
    rows = rows[rows["a"].isin(trained) & rows["b"].isin(trained) & rows["measure"].isin(MEASURES)]
    rank = {name: i for i, name in enumerate(results.order)}
    turned = rows["a"].map(rank) > rows["b"].map(rank)
    ends = {"a": rows["a"].where(~turned, rows["b"]), "b": rows["b"].where(~turned, rows["a"])}
    values = {"difference": rows["difference"].where(~turned, -rows["difference"])}
    values |= {"low": rows["low"].where(~turned, -rows["high"]), "high": rows["high"].where(~turned, -rows["low"])}
    rows = rows.assign(**ends, **values, verdict=(rows["p_holm"] < LEVEL).map(VERDICTS))
    rows = rows.assign(pair=rows["a"] + " - " + rows["b"], first=rows["a"].map(rank), second=rows["b"].map(rank))
    return rows.sort_values(["first", "second", "subset"], kind="stable")


def panel(table: pd.DataFrame, measure: str, first: bool) -> alt.LayerChart:
    """The panel of one measure; the names of the pairs stand at the first."""
    rows = table[table["measure"] == measure]
    axis = alt.Axis(labelLimit=260, grid=False) if first else None
    y = alt.Y("pair:N", title=None, sort=list(dict.fromkeys(table["pair"])), axis=axis)
    offset = alt.YOffset("subset:N", scale=alt.Scale(paddingOuter=0.3))
    scale = alt.Scale(domain=list(VERDICTS.values()), range=[theme.SHARE_SCALE[1], theme.CONTROL])
    base = alt.Chart(rows).encode(y=y, yOffset=offset, color=alt.Color("verdict:N", title=None, scale=scale))
    x = alt.X("difference:Q", title=MEASURES[measure])
    tooltip = ["pair:N", "subset:N", *(alt.Tooltip(f"{name}:Q", format=".3g") for name in ("difference", "low", "high", "p_holm"))]
    bars = base.mark_rule().encode(x=alt.X("low:Q", title=MEASURES[measure]), x2="high:Q")
    marks = base.mark_point(filled=True, size=22, opacity=1).encode(x=x, tooltip=tooltip)
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=theme.REFERENCE, strokeDash=[2, 2]).encode(x="zero:Q")
    sets = max(rows["subset"].nunique(), 1)
    height = alt.Step(max(14, 6 * sets), **{"for": "position"})
    return (zero + bars + marks).properties(width=230, height=height)
