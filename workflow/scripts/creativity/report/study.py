"""The page of a study, which asks the same of several targets: what each denoiser makes of each, and who explains whom."""

import base64
import html
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from creativity import families, store
from creativity.campaign.layout import runs
from creativity.campaign.validation import load
from creativity.figures.classes import LOOKS
from creativity.figures.results import copier_to_noise
from creativity.measures.classes import column
from creativity.report.render import fill

DISTANCE = "nearest_distance"
AGREEMENT = "network_determination"  # R² of what a network gives and what a closed form gives, at the same noisy image
ALIKE = 0.02  # difference in R² below which two closed forms explain as much
SEVERAL, GREY = "several alike", "var(--line)"


class Target(NamedTuple):
    """One campaign of a study. images: that it is trained on, in words. measures, explained: its tables. kinds, families: of its
    denoisers, by name.
    """

    name: str
    campaign: str
    images: str
    measures: pd.DataFrame
    explained: pd.DataFrame
    kinds: dict[str, str]
    families: dict[str, str]


def read(root: Path, study: str) -> Target:
    """The campaign of a study whose results lie at `root`."""
    campaign = load(root / "settings.yaml")
    every = runs(campaign)
    side, numbers = campaign.dataset.size, ", ".join(map(str, campaign.subsets.sizes))
    return Target(
        root.name.removeprefix(f"{study}-"),
        root.name,
        f"{numbers} images of {campaign.dataset.name}, {side} × {side}",
        store.read(root / "measures.parquet").to_pandas(),
        store.read(root / "explained.parquet").to_pandas(),
        {run.denoiser: run.kind for run in every},
        {run.denoiser: run.family for run in every},
    )


def page(study: str, targets: Sequence[Target], alignment: str) -> str:
    """The page as one HTML file that needs nothing else. alignment: the figure of that name, as SVG."""
    links = [f'<a href="../{target.campaign}/report.html">{target.name}</a>' for target in targets]
    names = [f"{link}<br><small>{html.escape(target.images)}</small>" for link, target in zip(links, targets, strict=True)]
    denoisers = {name for target in targets for name, kind in target.kinds.items() if kind != "control"}
    parts = {
        "title": html.escape(study),
        "lede": f"{len(denoisers)} denoisers on {len(targets)} targets, each with a page of its own: {', '.join(links)}.",
        "legend": legend((name, "var(--ink)", look.shade) for name, look in LOOKS.items()),
        "classes": classes(targets, names),
        "alignment": base64.b64encode(alignment.encode()).decode(),
        "explained": explained(targets, names),
    }
    return fill("study.html", parts)


def classes(targets: Sequence[Target], names: Sequence[str]) -> str:
    """A row a denoiser, from copier to noise, and a cell a target: the shares of the classes, and d1 over held-out's."""
    shares = [means(target.measures).to_dict("index") for target in targets]
    kinds = {name: kind for target in targets for name, kind in target.kinds.items()}
    known = {name: [share[name][DISTANCE] for share in shares if name in share] for name in kinds}
    order = copier_to_noise(kinds, {name: float(np.mean(values)) for name, values in known.items() if values})
    rows = []
    for name in order:
        cells = [class_cell(share[name]) if name in share else "<td></td>" for share in shares]
        shown = f"<em>{html.escape(name)}</em>" if kinds[name] == "control" else html.escape(name)
        rows.append(f'<tr><th scope="row">{shown}</th>{"".join(cells)}</tr>')
    return table(["denoiser", *names], rows)


def means(measures: pd.DataFrame) -> pd.DataFrame:
    """The shares of the classes and d1, over that of held-out images, of each denoiser: means over subsets and trainings."""
    wanted = [DISTANCE, *map(column, LOOKS)]
    rows = measures[(measures["space"] == "pixel") & measures["measure"].isin(wanted)]
    table = rows.pivot_table(index="denoiser", columns="measure", values="value").reindex(columns=wanted)
    return table.assign(**{DISTANCE: table[DISTANCE] / table[DISTANCE].get("held-out", np.nan)})


def class_cell(row: Mapping[Any, float]) -> str:
    """A bar of the four shares, which it says when pointed at, and d1."""
    named = {name: row[column(name)] for name in LOOKS}
    words = ", ".join(f"{name} {share:.0%}" for name, share in named.items())
    bar = "".join(f'<i style="width:{100 * share:.1f}%;opacity:{LOOKS[name].shade}"></i>' for name, share in named.items())
    distance = f"{row[DISTANCE]:.2f}" if np.isfinite(row[DISTANCE]) else "–"
    return f'<td title="{words}"><span class="shares" role="img" aria-label="{words}">{bar}</span>{distance}</td>'


def explained(targets: Sequence[Target], names: Sequence[str]) -> str:
    """A row a network and a cell a target: the closed form that explains most at each noise level."""
    best = [{} if target.explained.empty else best_forms(target.explained) for target in targets]
    networks = list(dict.fromkeys(name for found in best for name in found))
    if not networks:
        return "<p>No network is among the denoisers.</p>"
    known = families.colours()
    colour = {name: known[family] for target in targets for name, family in target.families.items() if family in known}
    colour |= {SEVERAL: GREY}
    forms = dict.fromkeys(str(form) for found in best for rows in found.values() for form in rows["told"][rows["value"] > 0])
    rows = []
    for name in networks:
        cells = [levels_cell(found[name], colour) if name in found else "<td></td>" for found in best]
        rows.append(f'<tr><th scope="row">{html.escape(name)}</th>{"".join(cells)}</tr>')
    return legend((form, colour[form], 1.0) for form in forms) + table(["network", *names], rows)


def best_forms(explained: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Of each network the closed form that explains most at each noise level, the highest level first: means over its trainings.

    `told` is its name, or SEVERAL where another one explains as much within ALIKE.
    """
    rows = explained[(explained["measure"] == AGREEMENT) & explained["sigma"].notna()]
    mean = rows.groupby(["denoiser", "sigma", "explained_by"], sort=False)[["value", "chance", "second_seed"]].mean().reset_index()
    ordered = mean.sort_values("value", ascending=False, kind="stable").groupby(["denoiser", "sigma"], sort=False)
    best, second = ordered.nth(0), ordered.nth(1).set_index(["denoiser", "sigma"])["value"]
    keys = list(zip(best["denoiser"], best["sigma"], strict=True))
    runner_up = second.reindex(keys).fillna(-np.inf).to_numpy()
    best = best.assign(told=best["explained_by"].where(best["value"] - runner_up >= ALIKE, SEVERAL))
    return {str(name): part.sort_values("sigma", ascending=False) for name, part in best.groupby("denoiser", sort=False)}


def levels_cell(rows: pd.DataFrame, colour: Mapping[str, str]) -> str:
    """A square a noise level, the stronger the more is explained, and how many levels each closed form is best at."""
    squares = "".join(square(row, colour[row["told"]]) for row in rows.to_dict("records"))
    explains = rows[rows["value"] > 0]["told"].value_counts()
    counts = ", ".join(f"{html.escape(str(form))} {number}" for form, number in explains.items())
    return f'<td><span class="levels">{squares}</span><br>{counts or "none"} <small>of {len(rows)} levels</small></td>'


def square(row: Mapping[Any, Any], colour: str) -> str:
    """One noise level, with the words that it says when it is pointed at."""
    words = f"σ {row['sigma']:.3g}: {row['explained_by']} R² {row['value']:.2f}, chance {row['chance']:.2f}"
    if not pd.isna(row["second_seed"]):
        words += f", its second training {row['second_seed']:.2f}"
    return f'<i style="background:{colour};opacity:{max(0.0, row["value"]):.2f}" title="{html.escape(words)}"></i>'


def legend(entries: Iterable[tuple[str, str, float]]) -> str:
    """Names with their colours and opacities."""
    marks = (
        f'<span class="entry"><i style="background:{colour};opacity:{opacity}"></i>{html.escape(name)}</span>'
        for name, colour, opacity in entries
    )
    return f'<p class="key">{"".join(marks)}</p>'


def table(heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
