"""The page of a campaign as text, with as many samples of each kind as it can hold."""

from collections.abc import Collection
from pathlib import Path

from creativity.campaign.sections import Campaign
from creativity.report.payload import build
from creativity.report.render import render

LARGEST = 15_000_000  # bytes of a page
FEWER = (None, 6, 3, 1)  # samples of a kind that are tried; None: as many as the sizes of pictures let expect to fit


def page(root: Path, campaign: Campaign, outdated: Collection[str] = (), study: str | None = None) -> str:
    """The first of several pages that is not larger than LARGEST, or the smallest. outdated, study: as in `build`."""
    text = ""
    for most in FEWER:
        text = render(build(root, campaign, outdated, most, study))
        if len(text.encode()) <= LARGEST:
            break
    return text
