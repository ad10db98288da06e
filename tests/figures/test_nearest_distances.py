import pandas as pd

from creativity.figures.nearest_distances import ecdf


def test_the_distribution_function_runs_from_0_to_1():
    part = pd.DataFrame({"nearest_distance": [3.0, 1.0, 2.0, 2.0], "denoiser": "a", "seed": 0, "colour": "unet"})
    curve = ecdf(part)
    assert curve["share"].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert curve["x"].tolist() == [1, 1, 2, 2, 3]
    assert len(ecdf(pd.concat([part] * 500))) == 101
