import torch

from creativity.denoisers import build, parameters
from creativity.families.unet import Unet


def test_pooling_adds_levels_and_skips_add_weights():
    x = torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    sizes = [parameters(build(Unet(family="unet", pooling=p, width=4), x)) for p in range(5)]
    assert sizes == sorted(set(sizes))
    assert parameters(build(Unet(family="unet", pooling=2, width=4, skips=False), x)) < sizes[2]


def test_the_matched_pair_of_the_default_campaign_is_matched():
    x = torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    flat, deep = (parameters(build(Unet(family="unet", pooling=p, width=w), x)) for p, w in ((0, 27), (3, 5)))
    assert abs(flat / deep - 1) < 0.01
