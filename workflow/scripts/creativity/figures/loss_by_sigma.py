"""The figure `loss_by_sigma`: training and held-out loss at each noise level.

A gap between the two shows at which noise levels a denoiser memorises its training images.
"""

import altair as alt
import numpy as np
import pandas as pd

from creativity import store
from creativity.figures import theme
from creativity.figures.results import Results


def draw(results: Results) -> alt.TopLevelMixin:
    """One panel for each trained denoiser, with its losses at the last checkpoint against sigma."""
    table = losses(results)
    table["colour"] = theme.family_of(table)
    panels = [panel(table, name) for name in results.order if name in set(table["denoiser"])]
    if not panels:
        return theme.finish(alt.Chart(table).mark_point(), "No trained denoiser in this campaign", "")
    chart = alt.concat(*panels, columns=4, spacing=18).resolve_scale(x="shared", y="shared", color="shared", strokeDash="shared")
    return theme.finish(
        chart,
        f"A gap between the lines is learning by heart ({results.campaign.campaign}, {results.subset})",
        "Solid: training images; dashed: held-out images. Grey: the control, a network that always gives 0 on data of mean 0.",
    )


def losses(results: Results) -> pd.DataFrame:
    """The losses of all trainings at their last checkpoint; sigma is the geometric mean of the bin's edges."""
    tables = []
    for run in results.available_runs:
        if run.kind == "trained":
            table = store.read(run.file(results.root, "losses.parquet")).to_pandas()
            table = table[table["step"] == table["step"].max()]
            tables.append(table.assign(denoiser=run.denoiser, family=run.family, kind=run.kind, seed=run.seed))
    columns = ["step", "split", "sigma_low", "sigma_high", "loss", "denoiser", "family", "kind", "seed"]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
    return table.assign(sigma=np.sqrt(table["sigma_low"].astype(float) * table["sigma_high"].astype(float)))


def panel(table: pd.DataFrame, name: str) -> alt.LayerChart:
    """The panel of one denoiser, with the loss of a network that always outputs 0."""
    x = alt.X(
        "sigma:Q", title="noise level sigma (pixel values)", scale=alt.Scale(type="log"), axis=alt.Axis(values=[0.01, 0.1, 1, 10])
    )
    y = alt.Y("loss:Q", title="weighted loss")
    dash = alt.StrokeDash("split:N", title="images", scale=alt.Scale(domain=["train", "heldout"], range=[[1, 0], [5, 3]]))
    lines = alt.Chart(table[table["denoiser"] == name]).mark_line(strokeWidth=2)
    lines = lines.encode(x=x, y=y, strokeDash=dash, color=theme.colour(table["colour"]), detail="seed:N")
    control = alt.Chart(pd.DataFrame({"y": [1]})).mark_rule(color=theme.CONTROL).encode(y="y:Q")
    return (control + lines).properties(width=190, height=120, title=name)
