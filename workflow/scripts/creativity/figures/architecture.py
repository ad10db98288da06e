"""The figure `architecture`: how measures change along options of the architecture.

An axis is one numeric option, such as the width of UNets; runs on a line differ in that option alone.
"""

import json
from typing import Any

import altair as alt
import pandas as pd

from creativity.figures import theme
from creativity.figures.results import Results
from creativity.measures.classes import COPY, NEW_REAL, column

MEASURES = {
    "nearest_distance": "d1, median (pixel values)",
    column(COPY): "share of copies",
    column(NEW_REAL): "share that is new and real",
    "coverage": "coverage of the reference",
    "frechet": "Fréchet distance, PCA-64",
}
CONTROL_DASHES = {"held-out": [1, 0], "copier": [4, 3], "noise": [1, 3]}


def draw(results: Results) -> alt.TopLevelMixin:
    """A panel for each measure (rows) and axis (columns), with lines of controls in all panels."""
    axes = axes_of(results.runs)
    table = results.measures.merge(axes, on=["denoiser", "seed"])
    table["colour"] = theme.family_of(table)
    names = list(dict.fromkeys(axes["axis"]))
    rows = [alt.hconcat(*(panel(table, results, axis, measure) for axis in names), spacing=24) for measure in MEASURES]
    chart = alt.vconcat(*rows, spacing=16).resolve_scale(color="shared", strokeDash="shared")
    return theme.finish(
        chart,
        f"What changes along each axis of the architecture ({results.campaign.campaign}, {results.subset})",
        "Denoisers on a line differ in that one number. Bars: 95 % intervals over the samples of one training. "
        "Grey: controls; the line style names them.",
    )


def axes_of(runs: pd.DataFrame) -> pd.DataFrame:
    """One row for each run and integer option that varies between runs whose other options are equal.

    Columns: denoiser, seed, axis ("family: option"), x (the option's value), line (the other options, as JSON), label (of a line).
    """
    configs = [(row, flat(json.loads(str(row.config)))) for row in runs.itertuples() if str(row.kind) != "control"]
    points = []
    for row, config in configs:
        for option, x in config.items():
            if isinstance(x, int) and not isinstance(x, bool):
                line = json.dumps({key: value for key, value in config.items() if key != option}, sort_keys=True)
                points.append((row.denoiser, row.seed, f"{row.family}: {option}", x, line))
    table = pd.DataFrame(points, columns=["denoiser", "seed", "axis", "x", "line"])
    varied = table[table.groupby(["axis", "line"])["x"].transform("nunique") > 1]
    return varied.assign(
        label=[label(str(row.line), set(varied.loc[varied["axis"] == row.axis, "line"])) for row in varied.itertuples()]
    )


def flat(config: dict[str, Any]) -> dict[str, Any]:
    """The options of a family, those of a user's own module among them.

    >>> flat({"family": "module", "options": {"width": 8}})
    {'family': 'module', 'width': 8}
    """
    return {key: value for key, value in config.items() if key != "options"} | config.get("options", {})


def label(line: str, others: set[str]) -> str:
    """The options in which a line differs from others on its axis, such as "pooling 3"; empty where it is the only line."""
    options, all_options = json.loads(line), [json.loads(other) for other in others]
    return ", ".join(f"{key} {value}" for key, value in options.items() if any(other.get(key) != value for other in all_options))


def panel(table: pd.DataFrame, results: Results, axis: str, measure: str) -> alt.LayerChart:
    """The panel of one measure along one axis."""
    chosen = table[(table["axis"] == axis) & (table["measure"] == measure) & (table["space"] == space_of(measure))]
    scale = alt.Scale(type="log", base=2) if axis.endswith("width") else alt.Scale(nice=False, padding=12)
    ticks = sorted(chosen["x"].unique().tolist())
    x = alt.X("x:Q", title=axis, scale=scale, axis=alt.Axis(values=ticks, format="d", labelOverlap=True))
    y = alt.Y("value:Q", title=MEASURES[measure])
    base = alt.Chart(chosen).encode(x=x, color=theme.colour(table["colour"]), detail=["line:N", "seed:N"])
    lines = base.mark_line(point=alt.OverlayMarkDef(size=45)).encode(y=y, tooltip=["denoiser:N", "value:Q", "low:Q", "high:Q"])
    last = chosen[chosen["x"] == chosen.groupby("line")["x"].transform("max")]
    text = alt.Chart(last).mark_text(align="right", dy=-9, fontSize=10, color=theme.TEXT).encode(x=x, y=y, text="label:N")
    bars = base.mark_rule().encode(y=alt.Y("low:Q", title=MEASURES[measure]), y2="high:Q")
    controls = pd.DataFrame(
        [{"control": name, "value": results.value(name, measure, space_of(measure))} for name in shown(measure)]
    )
    dashes = alt.Scale(domain=list(CONTROL_DASHES), range=list(CONTROL_DASHES.values()))
    rules = (
        alt.Chart(controls)
        .mark_rule(color=theme.CONTROL)
        .encode(y=alt.Y("value:Q", title=MEASURES[measure]), strokeDash=alt.StrokeDash("control:N", title="control", scale=dashes))
    )
    return (rules + bars + lines + text).properties(width=190, height=110)


def shown(measure: str) -> list[str]:
    """The controls drawn for a measure: without noise where its value would stretch the scale too far."""
    return ["held-out", "copier"] if measure == "frechet" else list(CONTROL_DASHES)


def space_of(measure: str) -> str:
    return "pca" if measure == "frechet" else "pixel"
