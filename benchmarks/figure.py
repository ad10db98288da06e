"""benchmarks/results.parquet as a figure: the ratios, with their intervals."""

import altair as alt
import pandas as pd
from rounds import RESULTS


def chart(table: pd.DataFrame) -> alt.LayerChart:
    """One point a comparison; right of 1 this project is better."""
    found = table.dropna(subset="ratio").query("not work.str.contains('noise level')")
    found = found.assign(what=found["work"] + ", " + found["size"])
    title = "theirs / ours in time and loss, ours / theirs in speed"
    rows = alt.Y("what:N", title=None).axis(labelLimit=420)
    base = alt.Chart(found, width=420).encode(y=rows, color=alt.Color("peer:N", title=None))
    intervals = base.mark_rule(size=2).encode(alt.X("low:Q").scale(type="log"), x2="high:Q")
    medians = base.mark_point(filled=True, size=70).encode(alt.X("ratio:Q", title=title).scale(type="log"))
    equal = alt.Chart().mark_rule(color="grey", strokeDash=[4, 4]).encode(x=alt.datum(1.0))
    return equal + intervals + medians


if __name__ == "__main__":
    chart(pd.read_parquet(RESULTS)).save(RESULTS.with_suffix(".svg"))
