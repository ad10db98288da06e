"""A page is no larger than it may be: fewer samples are shown until it fits."""

import re

import made_up

from creativity.report import fit


def samples(text):
    return max(int(number) for number in re.findall(r'"samples":(\d+)', text))


def test_a_page_that_is_too_large_shows_fewer_samples(tmp_path, monkeypatch):
    root = tmp_path / "page"
    campaign = made_up.campaign(root, count=64)
    whole = fit.page(root, campaign)
    assert samples(whole) == 64
    monkeypatch.setattr(fit, "LARGEST", len(whole.encode()))
    assert fit.page(root, campaign) == whole
    monkeypatch.setattr(fit, "LARGEST", len(whole.encode()) - 1)
    fewer = fit.page(root, campaign)
    assert samples(fewer) < 64
    assert len(fewer.encode()) <= fit.LARGEST
    monkeypatch.setattr(fit, "LARGEST", 1)
    assert samples(fit.page(root, campaign)) < samples(fewer)
