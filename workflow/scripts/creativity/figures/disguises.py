"""The figure `disguises`: which copies in disguise each space finds."""

import altair as alt

from creativity.figures import theme
from creativity.figures.results import Results
from creativity.measures.disguises import ANY, KINDS


def draw(results: Results) -> alt.TopLevelMixin:
    """One row a disguise, one column a space, the last one all spaces together."""
    table = results.table("disguises")
    spaces = [*(space for space in table["space"].unique() if space != ANY), ANY]
    x = alt.X("space:N", sort=spaces, title="space", axis=alt.Axis(orient="top", labelAngle=0))
    y = alt.Y("kind:N", sort=list(KINDS), title="disguise")
    base = alt.Chart(table).encode(x=x, y=y)
    scale = alt.Scale(domain=[0, 1], range=theme.SHARE_SCALE)
    cells = base.mark_rect(stroke=theme.GRID).encode(
        color=alt.Color("found:Q", title="share found", scale=scale, legend=alt.Legend(format="%")),
        tooltip=["kind:N", "space:N", *(alt.Tooltip(f"{name}:Q", format=".0%") for name in ("found", "low", "high")), "count:Q"],
    )
    colour = alt.when(alt.datum.found > 0.5).then(alt.value(theme.BACKGROUND)).otherwise(alt.value(theme.TEXT))
    numbers = base.mark_text(fontSize=11).encode(text=alt.Text("found:Q", format=".0%"), color=colour)
    return theme.finish(
        (cells + numbers).properties(width=90 * len(spaces), height=26 * len(KINDS)),
        f"Which copies in disguise are found ({results.campaign.campaign}, {results.subset})",
        "Share of training images with one known change that are found where 1 % of held-out images are found too.",
    )
