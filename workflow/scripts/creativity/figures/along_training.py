"""The figure `along_training`: distance to the nearest training image against training loss, at the checkpoints of training.

It separates the effect of the architecture from that of the fit: do denoisers with equal loss copy equally?
"""

import altair as alt
import pandas as pd

from creativity.figures import theme
from creativity.figures.results import Results


def draw(results: Results) -> alt.TopLevelMixin:
    """A line for each training and a point for each checkpoint, with the names of the denoisers, and lines of two controls."""
    table = points(results)
    x = alt.X(
        "train_loss:Q",
        title="training loss (EDM weighted, mean over the noise levels of training)",
        scale=alt.Scale(zero=False, padding=70),
    )
    y = alt.Y("distance:Q", title="median distance to nearest training image (pixel values, L2)")
    base = alt.Chart(table).encode(x=x, y=y)
    colour = theme.colour(table["colour"])
    lines = base.mark_line(strokeWidth=1.6).encode(color=colour, detail=["denoiser:N", "seed:N"], order="step:Q")
    dots = base.mark_point(filled=True, size=55, opacity=1).encode(
        color=colour, tooltip=["denoiser:N", "step:Q", "train_loss:Q", "distance:Q"]
    )
    last = table[table["step"] == table.groupby(["denoiser", "seed"])["step"].transform("max")]
    labels = alt.Chart(last).encode(x=x, y=y, text="denoiser:N")
    halo = labels.mark_text(align="right", dx=-9, fontSize=11, stroke=theme.BACKGROUND, strokeWidth=3, strokeJoin="round")
    names = halo + labels.mark_text(align="right", dx=-9, fontSize=11, color=theme.TEXT)
    controls = pd.DataFrame(
        [{"control": name, "distance": results.value(name, "nearest_distance")} for name in ("held-out", "copier")]
    )
    rules = alt.Chart(controls).mark_rule(color=theme.CONTROL, strokeDash=[4, 3]).encode(y="distance:Q")
    rule_names = (
        alt.Chart(controls)
        .mark_text(align="right", dy=-6, x=714, color=theme.CONTROL_NAME)
        .encode(y="distance:Q", text="control:N")
    )
    chart = (rules + rule_names + lines + dots + names).properties(width=720, height=460)
    return theme.finish(
        chart,
        f"The better the loss, the nearer the copy, but not equally for all ({results.campaign.campaign}, {results.subset})",
        "A point a checkpoint, lines run along training. Denoisers apart at the same loss differ by more than their fit.",
    )


def points(results: Results) -> pd.DataFrame:
    """One row for each checkpoint of a training: denoiser, family, kind, seed, step, train_loss, distance, colour."""
    table = results.convergence.query("sampling_steps == @steps", local_dict={"steps": results.campaign.sampling.steps})
    keys = ["denoiser", "family", "kind", "seed", "step"]
    wide = table.pivot_table(index=keys, columns="measure", values="value").reset_index()
    wide = wide.reindex(columns=[*keys, "train_loss", "nearest_distance"]).dropna()
    return wide.rename(columns={"nearest_distance": "distance"}).assign(colour=theme.family_of)
