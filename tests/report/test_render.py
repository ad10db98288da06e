"""The text around the payload: one file, without a way out."""

import json
import re
from html.parser import HTMLParser

import pytest

from creativity.report.render import PARTS, SCRIPTS, as_script, render


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.links = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [value for name, value in attributes if name in ("src", "href") and value]


def test_the_page_is_one_file_and_names_cannot_leave_their_place(built):
    found = built[0]
    found["campaign"] = found["runs"][0]["denoiser"] = "</script><script>alert(1)</script><b>&amp;"
    found["subsets"][0]["ids"][0] = "<!-- <script> \u2028"
    text = render(found)
    page = Page()
    page.feed(text)
    assert page.tags.count("script") == 2
    assert "b" not in page.tags
    assert all(link.startswith("#") for link in page.links)
    assert not re.search(r"https?://(?!www\.w3\.org)", text)
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1]
    assert json.loads(data) == json.loads(json.dumps(found))


def test_no_script_writes_markup_or_reaches_out():
    assert {path.name for path in PARTS.glob("*.js")} == set(SCRIPTS)
    text = "".join((PARTS / name).read_text() for name in SCRIPTS)
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(", "XMLHttpRequest", "import "):
        assert word not in text


def test_what_is_not_a_number_is_no_json():
    with pytest.raises(ValueError, match="Out of range"):
        as_script({"value": float("nan")})
