import pytest
from exact_classes import along_a_line, shaken

from creativity.families.polynomial_net import PolynomialNet

SIGMAS = [0.05, 0.4, 3.0]


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("degree", [1, 2, 3, 4])
def test_a_polynomial_net_is_a_polynomial_of_exactly_its_degree(images, degree, sigma):
    values = along_a_line(shaken(PolynomialNet(family="polynomial-net", degree=degree, width=24), images), images, sigma, 8)
    scale = values.abs().max()
    assert values.diff(n=degree + 1, dim=0).abs().max() < 1e-10 * scale
    assert values.diff(n=degree, dim=0).abs().max() > 1e-6 * scale
