"""What is counted of a table, and where it stands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from planmodel.texts.page import answer, printed
from planmodel.texts.tally import ALONE, BESIDE, INPUTS, PART, WHOLE, tally

INFINITE = float("inf")


def row(figure: float, median: float = np.nan, **more: Any) -> dict[str, Any]:
    return {
        "documented": figure, "documented_low": figure, "documented_high": figure, "median": median,
        "low": median - 1.0, "high": median + 1.0, "draws_low": median - 0.1, "draws_high": median + 0.1,
        "counted": "", "mark": "", "fitted": "", "quantity": "coal", "version": "book",
        "unit": "million tonnes", "dates": "1930", **more,
    }  # fmt: skip


def counted(*rows: dict[str, Any]) -> Any:
    return tally(pd.DataFrame(rows))


def test_a_figure_lies_in_a_band_or_off_it() -> None:
    found = counted(row(10.0, 10.05), row(10.0, 10.5, dates="1931"), row(10.0, 12.0, dates="1932"))
    assert (found.counted, found.within, found.within_draws) == (3, 2, 1)
    assert found.median == pytest.approx(0.05)
    assert found.standing == WHOLE


def test_a_range_is_met_anywhere_within_it() -> None:
    wide = {"documented_low": 8.0, "documented_high": 12.0}
    found = counted(row(10.0, 11.9, **wide), row(10.0, 15.0, **wide))
    assert (found.within, found.within_draws) == (1, 1)
    assert found.median == pytest.approx(0.15)  # half of 0 and of (15 - 12) / 10


def test_a_bound_is_kept_or_not_and_is_no_point() -> None:
    ceiling = {"documented_low": -INFINITE, "counted": "at most"}
    found = counted(row(10.0, 9.0, **ceiling), row(10.0, 11.0, **ceiling))
    assert (found.counted, found.kept, found.bounds) == (0, 1, 2)
    assert np.isnan(found.median)


def test_directions_are_those_of_one_series_and_of_changes() -> None:
    years = [row(10.0 + i - 3.0 * (i == 3), 20.0 + i, dates=f"193{i}") for i in range(4)]  # up, up, down
    rates = [
        row(0.1, 0.3, unit="1/year", quantity="growth"),
        row(0.1, -0.3, unit="1/year", quantity="growth"),
    ]
    found = counted(*years, *rates)
    assert (found.right, found.directions) == (3, 5)


@pytest.mark.parametrize(
    ("rows", "standing"),
    [
        ([row(1.0)], ALONE),
        ([row(1.0, 1.0), row(1.0)], PART),
        ([row(1.0, 1.0, mark="given", counted="given"), row(1.0)], INPUTS),
        ([row(1.0, 1.0, mark="apart", counted="apart"), row(1.0, 1.0, mark="read", counted="read")], BESIDE),
        ([row(1.0, 1.0, mark="base", counted="base"), row(1.0, 1.1)], WHOLE),
        ([row(1.0, 1.0, mark="base", counted="base"), row(1.0)], ALONE),
    ],
)
def test_where_a_table_stands(rows: list[dict[str, Any]], standing: str) -> None:
    assert counted(*rows).standing == standing


def test_a_base_is_neither_figure_nor_answer() -> None:
    found = counted(row(1.0, 1.0, mark="base", counted="base"), row(1.0, 2.0))
    assert (found.figures, found.answered, found.counted) == (1, 1, 1)


@pytest.mark.parametrize(
    ("low", "high", "version", "said"),
    [
        (0.35, 0.6, "book", "35 to 60"),
        (0.35, 0.35, "book", "35"),
        (-INFINITE, 0.5, "book", "at most 50"),
        (0.5, INFINITE, "book", "at least 50"),
        (0.0, INFINITE, "", "above 0"),
        (np.nan, np.nan, "", "in words"),
    ],
)
def test_a_figure_stands_as_it_is_printed(low: float, high: float, version: str, said: str) -> None:
    about = {"documented_low": low, "documented_high": high, "scale": 100.0, "version": version}
    assert printed(pd.Series(about)) == said


def test_an_answer_is_in_the_unit_of_the_print() -> None:
    about = {"median": 0.5, "low": 0.4, "high": 0.6, "scale": 100.0, "mark": ""}
    assert answer(pd.Series(about)) == "50 (40 to 60)"
    assert answer(pd.Series({**about, "mark": "base"})) == "50"
    assert answer(pd.Series({**about, "median": np.nan})) == "-"
