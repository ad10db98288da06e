"""Numbers of the page: short, and as JSON can say them."""

from typing import Any

import numpy as np
import pandas as pd


def cells(column: pd.Series) -> list[Any]:
    """A column as JSON can say it; infinity, which the phases know, as a word."""
    if column.dtype.kind != "f":
        return list(column.astype(object).where(column.notna(), None))
    return ["∞" if np.isposinf(value) else number(value) for value in column]


def rounded(values: Any, digits: int = 4) -> list[float | int | None]:
    return [number(value, digits) for value in np.asarray(values, dtype=float).tolist()]


def number(value: Any, digits: int = 4) -> float | int | None:
    """A number to so many significant digits, as short as JSON can say it; None where it is not finite."""
    if value is None or not np.isfinite(value):
        return None
    short = float(f"{value:.{digits}g}")
    return int(short) if short.is_integer() and abs(short) < 1e9 else short
