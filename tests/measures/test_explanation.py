import numpy as np
import pytest
import torch

from creativity.denoisers import build
from creativity.families.bayes import Bayes
from creativity.families.linear import Linear
from creativity.measures.explanation import explain


def rows_of(own, others, x, sigma, images):
    """The rows for these denoised images; the scalings are those of Karras et al. 2022, table 1."""
    own, x, *others_ = (each.flatten(1).double().numpy() for each in (own, x, *others.values()))
    spread = float(np.std(images.double().numpy()))
    total = sigma**2 + spread**2
    return explain(own, dict(zip(others, others_, strict=True)), x, sigma, spread**2 / total, sigma * spread / np.sqrt(total))


def test_a_denoiser_explains_itself_and_no_other(images):
    linear, bayes = build(Linear(family="linear"), images), build(Bayes(family="bayes"), images)
    x = images[:32] + 0.3 * torch.randn(32, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    at = torch.full((32,), 0.3)
    own = linear(x, at)
    rows = {row[:2]: row[2:] for row in rows_of(own, {"same": own, "bayes": bayes(x, at)}, x, 0.3, images)}
    for measure in ("squared_correlation", "determination", "network_squared_correlation", "network_determination"):
        assert rows["same", measure][1] == pytest.approx(1)
        assert rows["bayes", measure][1] < 0.99
    assert rows["same", "distance"][:2] == (0.3, 0)
    assert rows["same", "distance"][-2:] == (32, 0)


def test_what_a_network_must_give_tells_denoisers_apart_where_their_images_do_not(images):
    """At small sigma both give nearly x: only the network's own part shows that they differ."""
    linear, bayes = build(Linear(family="linear"), images), build(Bayes(family="bayes"), images)
    x, at = images[:32] + 0.01 * torch.randn(32, 1, 8, 8, generator=torch.Generator().manual_seed(0)), torch.full((32,), 0.01)
    rows = {row[1]: row[3] for row in rows_of(linear(x, at), {"bayes": bayes(x, at)}, x, 0.01, images)}
    assert rows["determination"] > 0.999
    assert rows["network_determination"] < 0.9
