"""The page as text: template, style, scripts and content in one file."""

import html
import json
from pathlib import Path
from typing import Any

from creativity.report import page

PARTS = Path(page.__file__).parent
SCRIPTS = (  # in the order in which the page runs them; what stands at the top of one may use those before it alone
    *("types.js", "elements.js", "data.js", "words.js", "state.js", "colours.js", "runs.js", "shown.js", "picking.js"),
    *("canvas.js", "sheets.js", "classes.js", "fields.js", "table.js", "chart.js"),
    *("grid.js", "grid-drawing.js", "grid-input.js"),
    *("tiles.js", "detail.js", "copied.js"),
    *("map.js", "map-drawing.js", "map-input.js"),
    *("axes.js", "losses.js", "laws.js", "pairs.js", "tables.js", "notices.js", "head.js"),
    *("filters.js", "ranges.js", "selection.js", "start.js"),
)


def script() -> str:
    """All scripts in one scope of their own, so that none of their names is seen outside."""
    scripts = "\n".join((PARTS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return f'"use strict";\n{{\n{scripts}\n}}'


def render(payload: dict[str, Any]) -> str:
    """One HTML file that needs nothing else. Names are escaped; the page's policy forbids every request."""
    return fill("page.html", {"title": html.escape(str(payload["campaign"])), "script": script(), "data": as_script(payload)})


def fill(template: str, parts: dict[str, str]) -> str:
    """A template of the page with its parts, and the style, in their places."""
    parts = parts | {"style": (PARTS / "page.css").read_text(encoding="utf-8")}
    head, *rest = (PARTS / template).read_text(encoding="utf-8").split("{{")
    return head + "".join(parts[piece.split("}}")[0]] + piece.split("}}", 1)[1] for piece in rest)


def as_script(payload: dict[str, Any]) -> str:
    """JSON that may stand in a script element: nothing in it can end the element."""
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
