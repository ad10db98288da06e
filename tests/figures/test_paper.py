import re

import pytest
from checkout import ROOT

from creativity.campaign.layout import FIGURES
from creativity.figures import paper


def test_figures_for_a_paper_fit_a_page_and_have_a_caption_each():
    made = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 1 1"></svg>'
    wide, high = made.format(890, 600), made.format(400, 1200)
    assert 'width="178.00mm" height="120.00mm"' in paper.sized(wide)
    assert 'width="80.00mm" height="240.00mm"' in paper.sized(high)
    box = re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", paper.pdf(wide))
    assert [float(side) / 72 * 25.4 for side in box.groups()] == pytest.approx([178, 120], abs=0.1)
    texts = [(ROOT / f"workflow/report/figures/{figure}.rst").read_text() for figure in FIGURES]
    captions = [paper.caption(text, {"campaign": "tiny", "subset": "n40-s0"}) for text in texts]
    assert all(len(caption) > 150 and caption.endswith("Campaign tiny, subset n40-s0.\n") for caption in captions)
    assert len(set(captions)) == len(FIGURES)
