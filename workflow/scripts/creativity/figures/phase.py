"""From copying to creating: the memorised share against the number of training images."""

import altair as alt
import numpy as np
import pandas as pd

from creativity import store
from creativity.figures import theme
from creativity.figures.results import Results

MEMORISED = (
    "Dots: the share of memorised samples of one training on one subset, with its 95 % interval; line: their mean. "
    "Below: where the line passes one half."
)
ALIKE = "Grey: r² of what two trainings on disjoint images make of the same noise; dotted: of different noises."


def draw(results: Results) -> alt.TopLevelMixin:
    """Above, the share of each denoiser with controls; below, where it passes one half, with its interval."""
    table = results.measures.query("measure == 'memorised' and space == 'pixel'")
    table = table.assign(colour=theme.family_of(table))
    sizes = sorted(table["n"].unique().tolist())
    phase = store.read(results.root / "phase.parquet").to_pandas()
    phase = phase[phase["kind"] != "control"].assign(colour=lambda part: part["family"])
    x = alt.X(
        "n:Q", title="training images", scale=alt.Scale(type="log", nice=False, padding=10), axis=alt.Axis(values=sizes, format="d")
    )
    names = [name for name in results.order if name in set(table["denoiser"])]
    agreement = results.agreement()
    panels = [panel(table[table["denoiser"] == name], agreement[agreement["denoiser"] == name], table, name, x) for name in names]
    curves = alt.concat(*panels, columns=4, spacing=18).resolve_scale(x="shared", y="shared", color="shared")
    return theme.finish(
        alt.vconcat(curves, crossings(phase, sizes), spacing=24).resolve_scale(color="shared"),
        f"From copying to creating as the training set grows ({results.campaign.campaign})",
        [MEMORISED, ALIKE] if len(agreement) else [MEMORISED],
    )


def panel(mine: pd.DataFrame, agreement: pd.DataFrame, every: pd.DataFrame, name: str, x: alt.X) -> alt.LayerChart:
    """One denoiser's share at each size, and how alike its samples are after training on disjoint images."""
    y = alt.Y("value:Q", title="memorised share", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(mine).encode(x=x, color=theme.colour(every["colour"]))
    dots = base.mark_point(filled=True, size=30, opacity=0.8).encode(y=y, tooltip=["subset:N", "seed:Q", "value:Q"])
    bars = base.mark_rule(opacity=0.5).encode(y=alt.Y("low:Q", title="memorised share"), y2="high:Q")
    mean = base.mark_line(strokeWidth=2).encode(y=alt.Y("mean(value):Q", title="memorised share"))
    half = alt.Chart(pd.DataFrame({"y": [0.5]})).mark_rule(color="black", strokeDash=[3, 3]).encode(y="y:Q")
    dashes = alt.StrokeDash("kind:N", scale=alt.Scale(domain=["agreement", "chance"], range=[[1, 0], [2, 3]]), legend=None)
    again = alt.Chart(agreement).mark_line(color="#888888", strokeWidth=1.5)
    alike = again.encode(x=x, y=alt.Y("mean(value):Q", title="memorised share"), strokeDash=dashes)
    return (half + alike + bars + mean + dots).properties(width=190, height=110, title=name)


def crossings(phase: pd.DataFrame, sizes: list[int]) -> alt.LayerChart:
    """Each denoiser's crossing on the axis of training images; an open end is drawn to the border."""
    least, most = sizes[0], sizes[-1]
    shown = phase.assign(
        low=phase["low"].clip(least, most),
        high=phase["high"].clip(least, most),
        inside=phase["value"].between(least, most),
        said=[said(value, least, most) for value in phase["value"]],
    ).sort_values("value")
    order = shown["denoiser"].tolist()
    x = alt.X(
        "low:Q",
        title="training images at which half of the samples are memorised",
        scale=alt.Scale(type="log", domain=[least, most], nice=False),
    )
    y = alt.Y("denoiser:N", sort=order, title=None)
    base = alt.Chart(shown).encode(y=y, color=theme.colour(shown["colour"]))
    bars = base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=x, x2="high:Q")
    dots = base.transform_filter("datum.inside").mark_point(filled=True, size=70, opacity=1).encode(x="value:Q")
    words = base.mark_text(align="left", dx=8).encode(x=alt.value(720), text="said:N")
    return (bars + dots + words).properties(width=720, height=20 * len(shown))


def said(value: float, least: int, most: int) -> str:
    if np.isnan(value):
        return "no samples"
    return f"copies at {most} still" if value > most else f"creates at {least} already" if value < least else f"{value:.0f}"
