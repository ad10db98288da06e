import pandas as pd
import pytest

from creativity.figures.alignment import cells_of
from creativity.measures.alignment import ALIGNMENT


def test_a_success_holds_for_every_replicate_and_metric():
    rows = [
        ("t", False, "n9-s0", 9, name, "mlp", "trained", seed, metric, value, 0.9, 1.1, 0.8, 1.2, 0.0, 0.0, 100, value <= 1.2, True)
        for name, values in {"good": (1.0, 1.1), "odd": (1.0, 1.3)}.items()
        for seed, value in enumerate(values)
        for metric in ("image", "pixel")
    ]
    cells = cells_of(pd.DataFrame(rows, columns=list(ALIGNMENT))).set_index("denoiser")
    assert cells["success"].to_dict() == {"good": True, "odd": False}
    assert cells["ratio"].to_dict() == pytest.approx({"good": 1.05, "odd": 1.15})
