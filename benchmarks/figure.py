"""Draws the comparisons in benchmarks/results.parquet as benchmarks/results.svg: ratios with their intervals."""

import altair as alt
import pandas as pd
from rounds import RESULTS


def chart(table: pd.DataFrame) -> alt.LayerChart:
    """One point for each comparison with a peer; to the right of 1 this project is better."""
    compared = table.dropna(subset="ratio").query("not work.str.contains('noise level|operations')")
    labels = compared["work"] + ", " + compared["size"]
    compared = compared.assign(label=labels, peer=compared["peer"].fillna("one after the other"))
    title = "theirs / ours in time and loss, ours / theirs in speed"
    rows = alt.Y("label:N", title=None).axis(labelLimit=0, minExtent=330)
    base = alt.Chart(compared, width=420).encode(
        y=rows, color=alt.Color("peer:N", title=None).legend(labelLimit=0, orient="top", columnPadding=30, columns=3)
    )
    intervals = base.mark_rule(size=2).encode(alt.X("low:Q").scale(type="log", domain=[0.7, 7], nice=False), x2="high:Q")
    medians = base.mark_point(filled=True, size=70).encode(alt.X("ratio:Q", title=title).axis(values=[0.7, 1, 1.5, 2, 3, 4, 5, 7]))
    equal = alt.Chart().mark_rule(color="grey", strokeDash=[4, 4]).encode(x=alt.datum(1.0))
    return equal + intervals + medians


if __name__ == "__main__":
    chart(pd.read_parquet(RESULTS)).save(RESULTS.with_suffix(".svg"))
