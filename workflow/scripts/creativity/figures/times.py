"""The figure `times`: what each network makes along its training, and when it begins to copy and its held-out loss is least."""

import altair as alt
import numpy as np
import pandas as pd

from creativity import store
from creativity.figures import theme
from creativity.figures.results import Results

NAMES = {"tau_mem": "begins to copy", "tau_gen": "least held-out loss"}
SHAPES = alt.Scale(domain=list(NAMES.values()), range=["circle", "square"])
CURVES = {  # measures along training, where they were made, with the words above their panels
    "memorised": "memorised share",
    "copies": "copies at FDR 5 %",
    "real": "judged real",
    "heldout_loss": "held-out loss",
}
WIDTH, HEIGHT = 200, 150
NOTE = [
    "Along training, one line a training, darker for more training images. FDR: false discovery rate, by distance in pixels alone.",
    "Right: a mark a training; a cross: no copies up to its last step. n^slope: of ln step on ln n, with its 95 % interval.",
]


def draw(results: Results) -> alt.TopLevelMixin:
    """One row for each network: what it makes along training, and its two times against n."""
    times = store.read(results.root / "times.parquet").to_pandas()
    slopes = store.read(results.root / "slopes.parquet").to_pandas()
    along = results.convergence.query("sampling_steps == @steps", local_dict={"steps": results.campaign.sampling.steps})
    names = [name for name in results.order if name in set(times["denoiser"])]
    rows = [row(along[along["denoiser"] == name], times[times["denoiser"] == name], slopes, name) for name in names]
    chart = alt.vconcat(*rows, spacing=20).resolve_scale(shape="shared") if rows else alt.Chart(times).mark_point()
    return theme.finish(chart, f"When do they copy, and when do they generalise? ({results.campaign.campaign})", NOTE)


def row(along: pd.DataFrame, times: pd.DataFrame, slopes: pd.DataFrame, name: str) -> alt.HConcatChart:
    """The panels of one network."""
    made = [measure for measure in CURVES if (along["measure"] == measure).any()]
    panels = [curve(along[along["measure"] == measure], measure, name if measure == made[0] else "") for measure in made]
    return alt.hconcat(*panels, against_n(times, slopes[slopes["denoiser"] == name]), spacing=18)


def curve(rows: pd.DataFrame, measure: str, name: str) -> alt.Chart:
    """A measure along training, one line a training. name: of the network, where it is to stand above."""
    title, limits = CURVES[measure], alt.Undefined if measure == "heldout_loss" else [0, 1]
    rows = rows.assign(training=rows["subset"] + "/" + rows["seed"].astype(str))
    scale = alt.Scale(type="log", nice=False)
    return (
        alt.Chart(rows)
        .mark_line(strokeWidth=1.5, point=alt.OverlayMarkDef(size=14))
        .encode(
            x=alt.X("step:Q", title="step", scale=scale),
            y=alt.Y("value:Q", title=title, scale=alt.Scale(zero=False, domain=limits)),
            color=alt.Color("n:O", title="training images", scale=alt.Scale(scheme="viridis", reverse=True)),
            detail="training:N",
            tooltip=["subset:N", "seed:Q", "step:Q", "value:Q"],
        )
        .properties(width=WIDTH, height=HEIGHT, title=f"{name}: {title}" if name else title)
    )


def against_n(times: pd.DataFrame, slopes: pd.DataFrame) -> alt.LayerChart:
    """Both times against n, a training that never copied as a cross at its last step."""
    long = times.melt(id_vars=["subset", "seed", "n", "last"], value_vars=list(NAMES), var_name="time", value_name="step")
    long = long.assign(
        said=long["time"].map(NAMES), seen=long["step"].notna(), step=long["step"].fillna(long["last"]).astype(float)
    )
    x = alt.X("n:Q", title="training images", scale=alt.Scale(type="log", nice=False, padding=12), axis=alt.Axis(format="d"))
    y = alt.Y("step:Q", title="step", scale=alt.Scale(type="log", nice=False, padding=8))
    base = alt.Chart(long).encode(x=x, y=y, tooltip=["subset:N", "seed:Q", "said:N", "step:Q"])
    marks = base.transform_filter("datum.seen").mark_point(filled=True, size=45, opacity=0.7, color=theme.REFERENCE)
    marks = marks.encode(shape=alt.Shape("said:N", title=None, scale=SHAPES))
    lines = alt.Chart(long).transform_filter("datum.seen").mark_line(color=theme.AGREEMENT, strokeDash=[3, 3])
    lines = lines.encode(x=x, y=alt.Y("median(step):Q", title="step"), detail="said:N")
    never = base.transform_filter("!datum.seen").mark_point(shape="cross", size=45, color=theme.CONTROL)
    return (lines + marks + never).properties(width=WIDTH + 60, height=HEIGHT, title=slope_text(slopes))


def slope_text(slopes: pd.DataFrame) -> str:
    """Both slopes with their intervals, in words."""
    texts = []
    for time, value, low, high in zip(*(slopes[name].tolist() for name in ("time", "value", "low", "high")), strict=True):
        interval = "" if np.isnan(low) else f" [{low:.2f}, {high:.2f}]"
        texts.append(f"{NAMES[time]}: " + ("no slope" if np.isnan(value) else f"n^{value:.2f}{interval}"))
    return "; ".join(texts) or "steps"
