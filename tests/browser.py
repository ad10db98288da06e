"""A headless Chromium: Debian's own, driven by Playwright, which downloads nothing."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@cache
def chromium():
    """Where Chromium is; installed with apt-get where that is allowed and possible, else the reason why there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found and os.geteuid() == 0 and Path("/etc/debian_version").exists():
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = "apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium"
        subprocess.run(["bash", "-c", install], env=environment, capture_output=True, check=False)
        found = shutil.which("chromium")
    return found


@contextmanager
def opened():
    """A browser; the test is skipped, with the reason, where there is none."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: install it (apt-get install chromium) to test the page")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Watched:
    """A page opened from disk, with all that it said and asked for."""

    def __init__(self, browser, path, **options):
        self.said, self.asked = [], []
        self.page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("body[data-ready]", timeout=20_000)
        self.page.wait_for_timeout(150)

    def requests(self):
        return [url for url in self.asked[1:] if not url.startswith(("data:", "blob:"))]

    def text(self, selector):
        return self.page.inner_text(selector)

    def cell(self, row, column):
        """The middle of a cell in view, on the screen."""
        box = self.page.locator("#grid").bounding_box()
        names = ("pitch", "height", "head", "top", "cell")
        pitch, height, head, top, cell = (float(self.page.get_attribute("#grid", f"data-{name}")) for name in names)
        return box["x"] + 1 + head + column * pitch + cell / 2, box["y"] + 1 + top + row * height + cell / 2

    def hover(self, row, column):
        self.page.mouse.move(*self.cell(row, column))
        self.page.wait_for_timeout(80)

    def click(self, row, column):
        self.page.mouse.click(*self.cell(row, column))
        self.page.wait_for_timeout(80)
