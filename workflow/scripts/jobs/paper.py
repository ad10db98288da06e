"""Brings one figure to the size of a page, as SVG and PDF, and writes its caption beside it."""

from pathlib import Path

from creativity import store
from creativity.figures.paper import caption as caption_of
from creativity.figures.paper import pdf as pdf_of
from creativity.figures.paper import sized
from creativity.running.job import Job


def paper(job: Job, *, figure: Path, caption: Path, svg: Path, pdf: Path, txt: Path) -> None:
    drawing = figure.read_text(encoding="utf-8")
    contents = {svg: sized(drawing).encode(), pdf: pdf_of(drawing)}
    contents[txt] = caption_of(caption.read_text(encoding="utf-8"), job.settings["wildcards"]).encode()
    for path, content in contents.items():
        with store.whole(path) as partial:
            partial.write_bytes(content)
