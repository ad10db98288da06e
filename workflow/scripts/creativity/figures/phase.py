"""The figure `phase`: the share of memorised samples against the number of training images, from copying to creating."""

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
    """Above, one panel for each denoiser; below, the number of training images at which half of its samples are memorised."""
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


def panel(rows: pd.DataFrame, agreement: pd.DataFrame, all_rows: pd.DataFrame, name: str, x: alt.X) -> alt.LayerChart:
    """The panel of one denoiser: its memorised shares, and the agreement of its trainings on disjoint images."""
    y = alt.Y("value:Q", title="memorised share", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(rows).encode(x=x, color=theme.colour(all_rows["colour"]))
    dots = base.mark_point(filled=True, size=30, opacity=0.8).encode(y=y, tooltip=["subset:N", "seed:Q", "value:Q"])
    bars = base.mark_rule(opacity=0.5).encode(y=alt.Y("low:Q", title="memorised share"), y2="high:Q")
    mean = base.mark_line(strokeWidth=2).encode(y=alt.Y("mean(value):Q", title="memorised share"))
    half = alt.Chart(pd.DataFrame({"y": [0.5]})).mark_rule(color=theme.REFERENCE, strokeDash=[3, 3]).encode(y="y:Q")
    dashes = alt.StrokeDash("kind:N", scale=alt.Scale(domain=["agreement", "chance"], range=[[1, 0], [2, 3]]), legend=None)
    agreement_lines = alt.Chart(agreement).mark_line(color=theme.AGREEMENT, strokeWidth=1.5)
    agreement_lines = agreement_lines.encode(x=x, y=alt.Y("mean(value):Q", title="memorised share"), strokeDash=dashes)
    return (half + agreement_lines + bars + mean + dots).properties(width=190, height=110, title=name)


def crossings(phase: pd.DataFrame, sizes: list[int]) -> alt.LayerChart:
    """The crossing of each denoiser with its interval; an interval without end is drawn to the border."""
    smallest, largest = sizes[0], sizes[-1]
    shown = phase.assign(
        low=phase["low"].clip(smallest, largest),
        high=phase["high"].clip(smallest, largest),
        inside=phase["value"].between(smallest, largest),
        said=[crossing_text(value, smallest, largest) for value in phase["value"]],
    ).sort_values("value")
    order = shown["denoiser"].tolist()
    x = alt.X(
        "low:Q",
        title="training images at which half of the samples are memorised",
        scale=alt.Scale(type="log", domain=[smallest, largest], nice=False),
    )
    y = alt.Y("denoiser:N", sort=order, title=None)
    base = alt.Chart(shown).encode(y=y, color=theme.colour(shown["colour"]))
    bars = base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=x, x2="high:Q")
    dots = base.transform_filter("datum.inside").mark_point(filled=True, size=70, opacity=1).encode(x="value:Q")
    words = base.mark_text(align="left", dx=8).encode(x=alt.value(720), text="said:N")
    return (bars + dots + words).properties(width=720, height=20 * len(shown))


def crossing_text(value: float, smallest: int, largest: int) -> str:
    """A crossing in words; NaN: the denoiser has no samples."""
    if np.isnan(value):
        return "no samples"
    return (
        f"copies at {largest} still"
        if value > largest
        else f"creates at {smallest} already"
        if value < smallest
        else f"{value:.0f}"
    )
