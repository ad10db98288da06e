"""The common look of all figures: colours, symbols, titles and axes.

Families of denoisers have the colours of the registry `families`, which colour-blind readers can distinguish.
"""

import altair as alt
import pandas as pd

from creativity import families
from creativity.figures.classes import LOOKS

CONTROL = families.colours()["control"]  # lines of controls
REFERENCE = "black"  # other lines to compare with: held-out images, a law, a threshold
AGREEMENT = "#888888"  # lines of how alike two trainings are
TEXT = "#222222"  # names and numbers
NOTE = "#444444"  # text below names
CONTROL_NAME = "#555555"  # text beside the lines of controls
BACKGROUND = "white"  # of image sheets; also halos around text, and numbers on dark cells
FRAME = "#dddddd"  # around panels
BAND = "#dddddd"  # where real images lie
GRID = "#eeeeee"  # grid lines, and lines between cells
SHARE_SCALE = ["#ffffff", "#332288"]  # from 0 to 1
BEST = "#DDCC77"  # the mark of the best cell
SUCCESS = "#117733"  # the frame of a cell
PADDING = {"left": 30, "right": 30, "top": 8, "bottom": 8}  # pixels: viewers may have wider fonts
CLASS_SHAPES = {name: look.shape for name, look in LOOKS.items()}


def family_of(table: pd.DataFrame) -> pd.Series:
    """The family that colours each row of a table with the columns family and kind; all controls count as one family.

    >>> table = pd.DataFrame({"family": ["unet", "copier"], "kind": ["trained", "control"]})
    >>> family_of(table).tolist()
    ['unet', 'control']
    """
    return table["family"].where(table["kind"] != "control", "control")


def colour(present: pd.Series) -> alt.Color:
    """The encoding of the column `colour`, which names families, with a legend of the families that are present."""
    colours = {name: value for name, value in families.colours().items() if name in set(present)}
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color("colour:N", title="family", scale=scale)


def finish(chart: alt.TopLevelMixin, title: str, subtitle: str | list[str]) -> alt.TopLevelMixin:
    """The chart with its title and subtitle, and with the fonts and line colours of all figures."""
    params = alt.TitleParams(
        title, subtitle=subtitle, anchor="start", fontSize=17, subtitleFontSize=12, subtitlePadding=6, offset=14
    )
    return (
        chart.properties(title=params, padding=PADDING)
        .configure_view(stroke=FRAME)
        .configure_axis(labelFontSize=11, titleFontSize=12, titleFontWeight="normal", gridColor=GRID)
        .configure_header(labelFontSize=12, titleFontSize=12, labelFontWeight="bold")
        .configure_legend(labelFontSize=11, titleFontSize=12, symbolLimit=60)
    )
