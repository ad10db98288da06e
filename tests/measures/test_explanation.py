import pytest
import torch

from creativity.denoisers import build
from creativity.denoisers.precondition import sigma_data
from creativity.families.bayes import Bayes
from creativity.families.linear import Linear
from creativity.sampling.trajectory import explain


def test_a_denoiser_explains_itself_and_no_other(images):
    linear, bayes = build(Linear(family="linear"), images), build(Bayes(family="bayes"), images)
    x = images[:32] + 0.3 * torch.randn(32, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    at = torch.full((32,), 0.3)
    own = linear(x, at)
    rows = {row[:2]: row[2:] for row in explain(own, {"same": own, "bayes": bayes(x, at)}, x, 0.3, sigma_data(images))}
    for measure in ("squared_correlation", "determination", "network_squared_correlation", "network_determination"):
        assert rows["same", measure][1] == pytest.approx(1)
        assert rows["bayes", measure][1] < 0.99
    assert rows["same", "distance"][:2] == (0.3, 0)
    assert rows["same", "distance"][-1] == 32


def test_what_a_network_must_give_tells_denoisers_apart_where_their_images_do_not(images):
    """At small sigma both give nearly x: only the network's own part shows that they differ."""
    linear, bayes = build(Linear(family="linear"), images), build(Bayes(family="bayes"), images)
    x, at = images[:32] + 0.01 * torch.randn(32, 1, 8, 8, generator=torch.Generator().manual_seed(0)), torch.full((32,), 0.01)
    rows = {row[1]: row[3] for row in explain(linear(x, at), {"bayes": bayes(x, at)}, x, 0.01, sigma_data(images))}
    assert rows["determination"] > 0.999
    assert rows["network_determination"] < 0.9
