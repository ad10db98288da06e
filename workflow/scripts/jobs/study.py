"""Makes the page of a study, which links to the pages of its campaigns."""

from pathlib import Path

from creativity import store
from creativity.report import study as pages
from creativity.running.job import Job


def study(job: Job, *, configs: list[Path], alignment: Path, page: Path) -> None:
    """configs: of the campaigns of the study, beside whose results they lie. alignment: the figure as SVG."""
    targets = [pages.read(config.parent, job.campaign) for config in configs]
    with store.whole(page) as partial:
        partial.write_text(pages.page(job.campaign, targets, alignment.read_text(encoding="utf-8")), encoding="utf-8")
