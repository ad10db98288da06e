"""A page."""

import made_up
import pytest

from creativity.report import payload


@pytest.fixture
def built(tmp_path):
    """The payload of a complete made-up campaign, and where it lies."""
    root = tmp_path / "page"
    campaign = made_up.campaign(root)
    return payload.build(root, campaign), root, campaign
