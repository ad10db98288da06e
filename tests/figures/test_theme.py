import pandas as pd
from drawn import EVERY

from creativity import families
from creativity.figures import theme


def test_every_family_has_a_colour_of_its_own():
    present = sorted({run.family for run in EVERY if run.kind != "control"} | {"control"})
    scale = theme.colour(pd.Series(present)).to_dict()["scale"]
    assert sorted(scale["domain"]) == present
    assert scale["range"] == [families.colours()[name] for name in scale["domain"]]
    assert len(set(scale["range"])) == len(present)
