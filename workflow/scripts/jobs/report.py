"""Makes the page of a campaign: everything it left, in one file."""

from pathlib import Path

from creativity import store
from creativity.campaign.layout import keys_in
from creativity.campaign.validation import load
from creativity.report.fit import page as page_of
from creativity.running.job import Job


def report(job: Job, *, config: Path, page: Path, missing: Path | None = None) -> None:
    """missing: the keys of the runs that are left out."""
    text = page_of(config.parent, load(config), keys_in(missing), job.settings.get("study"))
    with store.whole(page) as partial:
        partial.write_text(text, encoding="utf-8")
