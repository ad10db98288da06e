from drawn import EVERY

from creativity.figures import theme


def test_every_family_has_a_colour_of_its_own():
    families = {run.family for run in EVERY if run.kind != "control"} | {"control"}
    assert families <= set(theme.FAMILY_COLOURS)
    assert len(set(theme.FAMILY_COLOURS.values())) == len(theme.FAMILY_COLOURS)
