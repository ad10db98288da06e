"""The axes of the page: runs on a line differ in one number alone."""

import made_up

from creativity.report import payload


def test_axes_join_runs_that_differ_in_one_number(tmp_path):
    root = tmp_path / "page"
    found = payload.build(root, made_up.campaign(root, sizes=[20, 12], seeds=(0, 1)))
    axes = {axis["name"]: axis["points"] for axis in found["axes"]}
    assert set(axes) == {"unet: pooling", "receptive field", "training images n"}
    lines = {}
    for run, x, line, _ in axes["unet: pooling"]:
        lines.setdefault(line, []).append((found["runs"][run]["subset"], found["runs"][run]["seed"], x))
    assert len(lines) == 4
    for members in lines.values():
        assert len({member[:2] for member in members}) == 1
        assert sorted(member[2] for member in members) == [0, 1, 2]
    assert {found["runs"][run]["n"] == x for run, x, *_ in axes["training images n"]} == {True}
