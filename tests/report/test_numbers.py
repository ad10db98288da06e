"""Numbers as the page carries them, against values written by hand."""

import json

import numpy as np
import pandas as pd
import pytest

from creativity.report import numbers


@pytest.mark.parametrize(("value", "text"), [(0.123456, "0.1235"), (3.0, "3"), (123456.0, "123500"), (np.nan, "null")])
def test_numbers_are_short(value, text):
    assert json.dumps(numbers.number(value)) == text


def test_what_is_not_finite_is_no_number_and_infinity_in_a_table_is_a_word():
    assert numbers.rounded([np.nan, 0.12346, 7.0]) == [None, 0.1235, 7]
    assert numbers.cells(pd.Series([np.inf, 0.5, np.nan])) == ["∞", 0.5, None]
    assert numbers.cells(pd.Series(["a", None])) == ["a", None]
