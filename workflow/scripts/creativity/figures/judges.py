"""The figure `judges`: how many images of each control every judge of realism finds real."""

import altair as alt
import pandas as pd

from creativity.figures import theme
from creativity.figures.results import Results

NAMES = {
    "judge": "judge: denoisers of real images",
    "critic": "critics, this kind unseen",
    "range": "within the range of real images",
}
SHAPES = {"judge": "circle", "critic": "square", "range": "triangle"}
REAL = ("held-out", "copier")  # controls that are real images


def draw(results: Results) -> alt.TopLevelMixin:
    """One row a control, real ones above; one mark a judge, with its interval."""
    table = results.table("judges")
    table = table.assign(name=table["judge"].map(NAMES), order=[control not in REAL for control in table["control"]])
    order = list(table.sort_values(["order", "control"])["control"].unique())
    y = alt.Y("control:N", sort=order, title=None)
    x = alt.X("real:Q", title="share that is judged real", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    offset = alt.YOffset("name:N", sort=list(NAMES.values()))
    present = [name for name in NAMES if name in set(table["judge"])]
    shapes = alt.Scale(domain=[NAMES[name] for name in present], range=[SHAPES[name] for name in present])
    base = alt.Chart(table).encode(y=y, yOffset=offset)
    bars = base.mark_rule(color=theme.CONTROL).encode(x=alt.X("low:Q", title="share that is judged real"), x2="high:Q")
    marks = base.mark_point(filled=True, size=55, opacity=1, color=theme.TEXT).encode(
        x=x, shape=alt.Shape("name:N", title="judge", scale=shapes), tooltip=["control:N", "name:N", "real:Q", "count:Q"]
    )
    wanted = alt.Chart(pd.DataFrame({"x": [0.9]})).mark_rule(color=theme.REFERENCE, strokeDash=[3, 3]).encode(x="x:Q")
    return theme.finish(
        (wanted + bars + marks).properties(width=520, height=26 * len(order)),
        f"What the judges of realism let pass ({results.campaign.campaign}, {results.subset})",
        "Held-out images and copies are real and should pass, all others should not. No judge was shown a control's kind.",
    )
