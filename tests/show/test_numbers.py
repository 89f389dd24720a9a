"""A number is written in one way, wherever it stands."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmodel.show.numbers import column, dated, fixed, number, percent, short, text_of, with_range


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.01234, "0.0123"), (0.5, "0.500"), (0.9996, "1.00"), (12.345, "12.3"), (8067.9, "8068"),
     (123456.7, "123457"), (1.2e-5, "1.2e-05"), (-0.25, "-0.250"), (float("nan"), "-"), (math.inf, "-")],
)  # fmt: skip
def test_three_digits_count(value: float, text: str) -> None:
    assert number(value) == text


def test_a_number_within_a_sentence_has_no_zeros_at_its_end() -> None:
    assert [short(0.5), short(100.0), short(0.25, 2), short(10.0)] == ["0.5", "100", "0.25", "10"]


def test_numbers_below_each_other_have_two_decimals_at_most() -> None:
    assert [column(0.1234), column(12.34), column(1234.5), column(-0.001)] == ["0.12", "12.3", "1234", "0.00"]


def test_shares_dates_and_ranges() -> None:
    assert percent(-0.001) == "0 %"
    assert percent(0.126, sign=True) == "+13 %"
    assert dated(1932.48) == "1932.5"
    assert dated(19.32) == "19.3"
    assert with_range(1.0, 0.5, 2.0) == "1 (0.5 to 2)"


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "yes"), (np.bool_(False), "no"), (1928, "1928"), (12345, "12,345"), (np.int64(7), "7"),
     (np.float64(2.5), "2.50"), (None, "-"), ("a" * 301, "a" * 300 + " ...")],
)  # fmt: skip
def test_any_value_is_written_by_its_type(value: Any, text: str) -> None:
    assert text_of(value) == text


@given(st.floats(-1e9, 1e9), st.integers(1, 6))
def test_no_digit_that_counts_is_lost(value: float, digits: int) -> None:
    if abs(value) >= 1e-4:
        assert float(number(value, digits)) == pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits))
    assert fixed(value * 1e-12, 0) != "-0"
