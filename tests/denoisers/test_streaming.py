import torch

from creativity.denoisers.streaming import SoftmaxMean


def test_running_means_are_those_of_one_softmax(rng):
    logits, values = torch.from_numpy(rng.normal(0, 300, (2, 5, 90))), torch.from_numpy(rng.normal(size=(2, 90, 3)))
    expected = torch.softmax(logits, dim=2) @ values
    for size in (1, 7, 90):
        mean = SoftmaxMean()
        for part, v in zip(logits.split(size, dim=2), values.split(size, dim=1), strict=True):
            mean.add(part.clone(), v)
        assert torch.allclose(mean.result(), expected, atol=1e-12, rtol=0)
