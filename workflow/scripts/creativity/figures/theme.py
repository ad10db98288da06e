"""One look for all figures: a colour a family, safe for the colour-blind, the same everywhere."""

import altair as alt
import pandas as pd

from creativity.measures.classes import CLASSES

FAMILY_COLOURS = {  # Paul Tol's "muted" scheme, which stays apart under all common colour blindness
    "bayes": "#117733",
    "linear": "#DDCC77",
    "polynomial": "#999933",
    "bottleneck": "#AA4499",
    "local": "#44AA99",
    "equivariant-local": "#882255",
    "unet": "#332288",
    "cnn": "#88CCEE",
    "mlp": "#CC6677",
    "linear-net": "#663333",  # of his "dark" scheme, and two of his "light" one
    "polynomial-net": "#FFAABB",
    "autoencoder": "#BBCC33",
    "external": "#EE7733",
    "control": "#777777",
}
CLASS_SHAPES = {kind.name: kind.shape for kind in CLASSES}


def family_of(table: pd.DataFrame) -> pd.Series:
    """The family by which a row is coloured: all controls are one."""
    return table["family"].where(table["kind"] != "control", "control")


def colour(present: pd.Series) -> alt.Color:
    """The colour of a `colour` column, with a legend of the families that are there."""
    names = [name for name in FAMILY_COLOURS if name in set(present)]
    scale = alt.Scale(domain=names, range=[FAMILY_COLOURS[name] for name in names])
    return alt.Color("colour:N", title="family", scale=scale)


def finish(chart: alt.TopLevelMixin, title: str, subtitle: str | list[str]) -> alt.TopLevelMixin:
    """The chart with a title that says what is seen, and quiet axes."""
    params = alt.TitleParams(
        title, subtitle=subtitle, anchor="start", fontSize=17, subtitleFontSize=12, subtitlePadding=6, offset=14
    )
    return (
        chart.properties(title=params)
        .configure_view(stroke="#dddddd")
        .configure_axis(labelFontSize=11, titleFontSize=12, titleFontWeight="normal", gridColor="#eeeeee")
        .configure_header(labelFontSize=12, titleFontSize=12, labelFontWeight="bold")
        .configure_legend(labelFontSize=11, titleFontSize=12, symbolLimit=60)
    )
