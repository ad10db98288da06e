"""What a machine does in a second."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

RATES = Path("results/rates.json")  # of the machine at hand, which tools/rates.py measures


class Rates(NamedTuple):
    """What one core, or one GPU, does in a second; the defaults were measured on one core of an AMD EPYC with AVX-512."""

    network: float = 1.6e10  # multiplications in convolutions and layers of networks
    product: float = 1e10  # multiplications in float64 matrix products
    weight: float = 1.7e8  # terms of a softmax-weighted mean
    start: float = 2.5  # seconds until torch is imported; a third of it for processes without torch


class Machine(NamedTuple):
    """Where jobs run: rates of a core, and of a GPU where one is used. gpu: 10^12 multiplications in networks a second."""

    core: Rates = Rates()
    gpu: float = 30.0

    @property
    def device(self) -> Rates:
        """Float64 products and weights on a GPU are estimated at an eighth and a thousandth of its products in networks."""
        return Rates(self.gpu * 1e12, self.gpu * 1e12 / 8, self.gpu * 1e9, self.core.start)


def measured_rates(path: Path = RATES) -> Rates:
    """The rates of the machine at hand; the defaults where they were not measured.

    >>> measured_rates(Path("no such file")) == Rates()
    True
    """
    return Rates(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else Rates()


def machine(default_resources: Mapping[str, Any] | None) -> Machine:
    """The machine of a run of the workflow, from Snakemake's default resources: `gpu_speed` says how fast a GPU is.

    >>> machine({"gpu_speed": 40}).gpu
    40.0
    """
    named = dict(default_resources.items()) if default_resources else {}
    resource = named.get("gpu_speed", Machine().gpu)
    return Machine(measured_rates(), float(getattr(resource, "value", resource)))
