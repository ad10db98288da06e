"""The figure `law_beside_samples`: variance of the samples along each principal direction, predicted and measured.

The prediction is the law of the denoiser; see `laws`.
"""

import altair as alt
import pandas as pd

from creativity.figures import theme
from creativity.figures.results import Results

FLOOR = 1e-6  # smaller variances are drawn at this value


def draw(results: Results) -> alt.TopLevelMixin:
    """One panel for each denoiser and law, with the law's variances as a line and those of the samples as points."""
    table = results.table("laws")
    spectra = table[table["measure"] == "variance"].assign(colour=theme.family_of)
    for column in ("expected", "value", "low", "high"):
        spectra[column] = spectra[column].clip(lower=FLOOR)
    distinct = spectra.drop_duplicates(["denoiser", "law"])
    pairs = sorted(zip(distinct["denoiser"], distinct["law"], strict=True), key=lambda pair: results.order.index(pair[0]))
    if not pairs:
        return theme.finish(alt.Chart(spectra).mark_point(), "No denoiser in this campaign has a law", "")
    panels = [panel(spectra, name, law, summary(table, name, law)) for name, law in pairs]
    chart = alt.concat(*panels, columns=3, spacing=22).resolve_scale(x="shared", y="shared", color="shared")
    return theme.finish(
        chart,
        f"What theory says beside what came out ({results.campaign.campaign}, {results.subset})",
        "Line: the law's variance along each principal direction, on the grid of noise levels used. Points: the samples', with "
        "95 % intervals. Above: median distance from the sample that the noise must give, R² of the two, p of the energy distance.",
    )


def summary(table: pd.DataFrame, name: str, law: str) -> str:
    """The subtitle of a panel: further comparisons, averaged over training seeds."""
    by_measure = table[(table["denoiser"] == name) & (table["law"] == law)].groupby("measure")

    def value(measure: str, column: str = "value") -> float:
        return float(by_measure[column].mean().get(measure, float("nan")))

    text = f"error {value('error'):.2g}, R² {value('determination'):.3f}, p {value('energy_distance', 'p'):.2f}"
    escaped, monotone = value("escaped"), value("monotone")
    text += f", {escaped:.1%} escaped" if escaped > 0 else ""
    return text + (f", {1 - monotone:.0%} of maps not monotone" if monotone < 1 else "")


def panel(spectra: pd.DataFrame, name: str, law: str, text: str) -> alt.LayerChart:
    """The panel of one denoiser and one law."""
    rows = spectra[(spectra["denoiser"] == name) & (spectra["law"] == law)]
    x = alt.X("mode:Q", title="principal direction of the training set", scale=alt.Scale(nice=False))
    scale = alt.Scale(type="log")
    base = alt.Chart(rows).encode(x=x)
    bars = base.mark_rule(opacity=0.35).encode(
        y=alt.Y("low:Q", title="variance", scale=scale), y2="high:Q", color=theme.colour(spectra["colour"])
    )
    dots = base.mark_point(filled=True, size=16, opacity=1).encode(
        y=alt.Y("value:Q", title="variance", scale=scale),
        color=theme.colour(spectra["colour"]),
        tooltip=["mode:Q", "expected:Q", "value:Q", "low:Q", "high:Q", "seed:Q"],
    )
    line = base.mark_line(color=theme.REFERENCE, strokeWidth=1.2).encode(y=alt.Y("mean(expected):Q", title="variance", scale=scale))
    title = alt.TitleParams(f"{name}: law of {law}", subtitle=text, fontSize=13, subtitleFontSize=11)
    return (bars + dots + line).properties(width=270, height=140, title=title)
