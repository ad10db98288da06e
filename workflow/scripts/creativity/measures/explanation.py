"""What a closed form does at each noise level beside what a network does there."""

from collections.abc import Mapping

from creativity import store
from creativity.measures import pairs
from creativity.types import Vectors

EXPLAINED = {"b": store.TEXT} | pairs.PAIR
SEEDS = {"seed": store.LONG, "other": store.LONG} | pairs.PAIR  # one training beside another with other seed, at the x of the first


def explain(own: Vectors, others: Mapping[str, Vectors], x: Vectors, sigma: float, c_skip: float, c_out: float) -> list[tuple]:
    """Rows of EXPLAINED: the denoised images of one denoiser beside those of others at the same x [n, d].

    All denoisers agree trivially where sigma is large (D is the mean) and small (D is x). network_*: the same of what a network
    must give, F = (D - c_skip x) / c_out, whose target has unit variance at every level (Karras et al. 2022, table 1).
    """

    def network(denoised: Vectors) -> Vectors:
        return denoised * (1 / c_out) - x * (c_skip / c_out)

    rows = []
    for name, other in others.items():
        rows += [(name, *row) for row in pairs.compare(own, other, sigma)]
        rows += [(name, f"network_{row[0]}", *row[1:]) for row in pairs.compare(network(own), network(other), sigma)]
    return rows
