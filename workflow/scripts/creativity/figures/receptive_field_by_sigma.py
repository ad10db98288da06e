"""How far a pixel sees at every noise level, measured, beside the receptive field that the kernels have."""

import altair as alt
import numpy as np
import pandas as pd

from creativity.figures import theme
from creativity.figures.results import Results

SHARE = 0.9


def draw(results: Results) -> alt.TopLevelMixin:
    """One small panel a denoiser: the side of the square that holds 90 % of the Jacobian's energy, against sigma."""
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
    """The side at which the share passes SHARE, read between odd sides: denoiser, family, kind, seed, sigma, side."""
    keys = ["denoiser", "family", "kind", "seed", "sigma"]
    found = [(*key, crossing(part.sort_values("side"))) for key, part in table.groupby(keys)]
    return pd.DataFrame(found, columns=[*keys, "side"])


def crossing(part: pd.DataFrame) -> float:
    share = np.maximum.accumulate(part["share"].to_numpy(dtype=float))
    return float(np.interp(SHARE, np.concatenate([[0.0], share]), np.concatenate([[0.0], part["side"].to_numpy(dtype=float)])))


def panel(table: pd.DataFrame, control: pd.DataFrame, name: str, field: float | None, size: int) -> alt.LayerChart:
    """One denoiser's line over the control's."""
    x = alt.X(
        "sigma:Q", title="noise level sigma (pixel values)", scale=alt.Scale(type="log"), axis=alt.Axis(values=[0.01, 0.1, 1, 10])
    )
    y = alt.Y("side:Q", title="side (pixels)", scale=alt.Scale(domain=[0, size + 1], nice=False))
    grey = alt.Chart(control).mark_line(color="#777777", strokeWidth=1.2).encode(x=x, y=y)
    own = alt.Chart(table[table["denoiser"] == name]).mark_line(strokeWidth=2.4)
    lines = own.encode(x=x, y=y, color=theme.colour(table["colour"]), detail="seed:N", tooltip=["sigma:Q", "side:Q"])
    limit = pd.DataFrame({"side": [] if field is None or np.isnan(field) or field > size else [float(field)]})
    rule = alt.Chart(limit).mark_rule(color="black", strokeDash=[4, 3]).encode(y="side:Q")
    return (grey + rule + lines).properties(width=190, height=120, title=name)
