from drawn import marks, results, unet_axis

from creativity.figures.architecture import axes_of
from creativity.figures.architecture import draw as draw_architecture


def test_an_axis_joins_runs_that_differ_in_one_number_alone(tmp_path):
    found = axes_of(results(tmp_path, unet_axis()).runs)
    by_axis = {axis: part["denoiser"].tolist() for axis, part in found.groupby("axis")}
    assert by_axis == {"unet: pooling": ["pool0", "pool1", "pool2"], "unet: width": ["pool2", "wide"]}


def test_controls_stand_in_every_panel(tmp_path):
    _, found = marks(draw_architecture(results(tmp_path, unet_axis())))
    rules = [unit for unit in found if "strokeDash" in unit["encoding"]]
    assert len(rules) == 2 * 5
