"""The figure `receptive_field_by_sigma`: the measured receptive field at each noise level, beside that of the architecture.

It is the side of the square around the centre pixel that holds 90 % of the energy of this pixel's Jacobian.
"""

import altair as alt
import numpy as np
import pandas as pd

from creativity.figures import theme
from creativity.figures.results import Results

SHARE = 0.9  # of the Jacobian's energy


def draw(results: Results) -> alt.TopLevelMixin:
    """One panel for each denoiser, with the measured side against sigma."""
    table = sides(results.table("receptive_fields"))
    table["colour"] = theme.family_of(table)
    names = [name for name in results.order if name in set(table["denoiser"])]
    if not names:
        return theme.finish(alt.Chart(table).mark_point(), "No denoiser in this campaign", "")
    fields = results.runs.drop_duplicates("denoiser").set_index("denoiser")["receptive_field"]
    control = table[table["family"] == "linear"]
    panels = [panel(table, control, name, fields[name], results.campaign.dataset.size) for name in names]
    chart = alt.concat(*panels, columns=4, spacing=18).resolve_scale(x="shared", y="shared", color="shared")
    return theme.finish(
        chart,
        f"How far a pixel sees at every noise level ({results.campaign.campaign}, {results.subset})",
        f"Side of the centred square that holds {SHARE:.0%} of the energy of the centre pixel's Jacobian, median over noises. "
        "Dashes: what kernels allow, where they limit it. Grey: the linear denoiser, a control whose Jacobian is known.",
    )


def sides(table: pd.DataFrame) -> pd.DataFrame:
    """The side at which the energy reaches SHARE, one row a run and noise level: denoiser, family, kind, seed, sigma, side."""
    keys = ["denoiser", "family", "kind", "seed", "sigma"]
    rows = [(*key, crossing(part.sort_values("side"))) for key, part in table.groupby(keys)]
    return pd.DataFrame(rows, columns=[*keys, "side"])


def crossing(part: pd.DataFrame) -> float:
    """The side at which the shares of one run and noise level reach SHARE, interpolated linearly between the odd sides."""
    shares = np.maximum.accumulate(part["share"].to_numpy(dtype=float))
    return float(np.interp(SHARE, np.concatenate([[0.0], shares]), np.concatenate([[0.0], part["side"].to_numpy(dtype=float)])))


def panel(table: pd.DataFrame, control: pd.DataFrame, name: str, field: float | None, size: int) -> alt.LayerChart:
    """The panel of one denoiser, with the linear denoiser as control and the receptive field of the architecture."""
    x = alt.X(
        "sigma:Q", title="noise level sigma (pixel values)", scale=alt.Scale(type="log"), axis=alt.Axis(values=[0.01, 0.1, 1, 10])
    )
    y = alt.Y("side:Q", title="side (pixels)", scale=alt.Scale(domain=[0, size + 1], nice=False))
    control_line = alt.Chart(control).mark_line(color=theme.CONTROL, strokeWidth=1.2).encode(x=x, y=y)
    own = alt.Chart(table[table["denoiser"] == name]).mark_line(strokeWidth=2.4)
    lines = own.encode(x=x, y=y, color=theme.colour(table["colour"]), detail="seed:N", tooltip=["sigma:Q", "side:Q"])
    limit = pd.DataFrame({"side": [] if field is None or np.isnan(field) or field > size else [float(field)]})
    rule = alt.Chart(limit).mark_rule(color=theme.REFERENCE, strokeDash=[4, 3]).encode(y="side:Q")
    return (control_line + rule + lines).properties(width=190, height=120, title=name)
