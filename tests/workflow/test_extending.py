"""docs/extending.md is carried out to the letter in a copy of the checkout; what it adds works, in as few places as it says."""

import re
import sys

import pandas as pd
import pytest
from checkout import ROOT, SMALL_JUDGE

PAGE = (ROOT / "docs/extending.md").read_text()
FAMILY_FILES = ["workflow/scripts/creativity/families/shrink.py", "workflow/scripts/creativity/denoisers/shrink.py"]


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def carry_out(root):
    """Does what the page says and returns the files that it touches: {file: how}."""
    touched = {}
    for block in blocks("python"):
        first, _, code = block.partition("\n")
        *how, file = first.removeprefix("# ").split()
        path = root / file
        if not how:
            assert not path.exists()
            path.write_text(code)
        elif how[:2] == ["at", "the"]:
            path.write_text(f"{path.read_text()}\n\n{code}")
        else:
            path.write_text(insert(path.read_text(), how[1], code))
        touched[file] = " ".join(how)
    (row,) = blocks("md")
    readme = root / "config/README.md"
    readme.write_text(readme.read_text().replace("| `local`", f"{row}| `local`", 1))
    return touched


def insert(text, name, code):
    """The text with the code as the last entry of a tuple; a module that it uses is imported."""
    start = text.index(f"{name} = (")
    end = text.index("\n)\n", start) + 1
    text = text[:end] + code + text[end:]
    return text.replace("novelty, sets\n", "novelty, realism, sets\n", 1) if "realism." in code else text


def test_the_page_touches_as_few_places_as_it_says(new_checkout):
    touched = carry_out(new_checkout().root)
    new = [file for file, how in touched.items() if not how]
    assert new[:2] == FAMILY_FILES
    assert [file for file in new if "/data/sets/" in file] == ["workflow/scripts/creativity/data/sets/stripes.py"]
    assert [file for file in new if "/samplers/" in file] == ["workflow/scripts/creativity/sampling/samplers/midpoint.py"]
    assert [file for file in new if "/spaces/" in file] == ["workflow/scripts/creativity/neighbours/spaces/blocks.py"]
    assert len(new) == 5
    assert len(touched) - len(new) == 2  # a measure: the function and its row


@pytest.mark.long
def test_everything_that_the_page_adds_works_in_one_campaign(new_checkout):
    checkout = new_checkout()
    carry_out(checkout.root)
    (campaign,) = blocks("yaml")
    (checkout.root / "mine.yaml").write_text(campaign + SMALL_JUDGE)
    checkout.run(["env", "PYTHONPATH=workflow/scripts", sys.executable, "tools/schema.py"])
    assert "shrink" in (checkout.root / "workflow/schemas/config.schema.yaml").read_text()
    checkout.snakemake("--configfile", "mine.yaml")
    root = checkout.root / "results/mine"
    measures = pd.read_parquet(root / "measures.parquet")
    asked = measures[(measures["denoiser"] == "shrink") & (measures["measure"] == "contrast")]
    assert asked["space"].tolist() == ["pixel"]
    assert (asked["low"] <= asked["value"]).all()
    assert set(measures.loc[measures["measure"] == "nearest_distance", "space"]) == {"pixel", "blocks"}
    assert "contrast" in (root / "report.html").read_text()
    assert len(pd.read_parquet(root / "laws.parquet")) == 0  # no law knows this sampler
