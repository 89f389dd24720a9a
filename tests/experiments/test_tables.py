"""Tables and agreement against cases that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from planmodel.engine import UserError
from planmodel.experiments.agreement import agreement, agreement_line
from planmodel.experiments.dates import years_of
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import compare_series, model_path, table_of
from planmodel.scenario import load_scenario, registry
from planmodel.show.markdown import cell

INDICATORS = registry.economy().indicators


@pytest.fixture(scope="module")
def results() -> Results:
    """Two members whose steel is 1 and 3 million tonnes a month."""
    time = pd.date_range("1928-01-31", "1940-12-31", freq="ME")
    values = np.ones((2, len(time))) * np.array([[1.0], [3.0]])
    about = {"kind": "flow", "units": "million tonnes a month", "long_name": "Steel"}
    dataset = xr.Dataset({"steel": (("member", "time"), values, about)}, {"member": [0, 1], "time": time})
    return Results("model", dataset, load_scenario("baseline"))


def test_points_stand_beside_what_the_model_says_on_their_dates(results: Results) -> None:
    table = compare_series(results, Record(), "steel", "official")
    row = table[table["dates"] == "1932"].iloc[0]
    assert (row["documented"], row["median"], row["unit"]) == (5.927, 24.0, "million tonnes")
    assert (row["low"], row["high"]) == pytest.approx((13.2, 34.8))
    assert set(table["counted"]) == {""}


def test_a_base_takes_units_away_and_is_not_counted(results: Results) -> None:
    table = compare_series(results, Record(), "steel", "official", base="1928")
    row = table.set_index("dates").loc["1932"]
    assert row["documented"] == pytest.approx(5.927 / 4.251)
    assert (row["low"], row["median"], row["high"]) == (1.0, 1.0, 1.0)
    assert table.set_index("dates").loc["1928", "counted"] == "base"


def test_without_a_model_the_documented_side_stands_alone() -> None:
    table = compare_series(None, Record(), "steel", "official")
    assert table["documented"].notna().all()
    assert table["median"].isna().all()
    assert agreement(table).empty
    assert agreement_line(agreement(table)) == "nothing to compare"


def test_a_path_has_one_row_a_year_of_a_flow(results: Results) -> None:
    path = model_path(results, "steel")
    assert path["dates"].tolist() == [str(year) for year in range(1928, 1941)]
    assert set(path["median"]) == {24.0}
    assert path["documented"].isna().all()


def test_what_is_missing_is_said(results: Results) -> None:
    with pytest.raises(UserError, match="did not record 'cattle_household', which cattle is made of"):
        results.observe("cattle", "1930-01-01")
    with pytest.raises(UserError, match="no indicator 'tractors_produced'"):
        compare_series(results, Record(), "tractors_produced")
    with pytest.raises(UserError, match=r"record has no figure of steel \(official\) for the base 1900"):
        compare_series(results, Record(), "steel", "official", base="1900")


def test_an_indicator_of_ones_own_is_observed(results: Results) -> None:
    double = replace(INDICATORS["steel"], name="double", parts=("steel", "steel"))
    assert results.need(double, "1930").tolist() == [24.0, 72.0]
    assert results.observe(double, "1927") is None


def test_agreement_counts_what_it_says() -> None:
    def row(
        name: str, dates: str, documented: float, median: float, low: float, high: float
    ) -> dict[str, Any]:
        known = {"documented": documented, "documented_low": documented, "documented_high": documented}
        model = {"median": median, "low": low, "high": high}
        return {"quantity": name, "title": name.upper(), "dates": dates, **known, **model}

    none = float("nan")
    rows = [
        row("a", "1930", 10.0, 12.0, 9.0, 13.0),
        row("a", "1931", 10.0, 5.0, 4.0, 6.0),
        row("a", "1932", 10.0, 99.0, 98.0, 100.0) | {"counted": "plan"},
        row("b", "1930", 4.0, 9.0, 5.5, 11.0) | {"documented_low": 2.0, "documented_high": 6.0},
        row("b", "1931", 4.0, none, none, none),
        row("b", "1932", none, 9.0, 8.0, 10.0),
    ]
    found = agreement(table_of(rows)).set_index("quantity").to_dict("index")
    assert {name: (row["points"], row["within"]) for name, row in found.items()} == {
        "a": (2, 1),
        "b": (1, 1),
        "all": (3, 2),
    }
    assert (found["a"]["worst"], found["a"]["worst_deviation"]) == ("1931", -0.5)
    assert found["a"]["median_deviation"] == pytest.approx(0.35)
    assert found["b"]["median_deviation"] == pytest.approx(0.75)  # from the near end of the range


def test_low_and_high_estimates_become_a_range() -> None:
    figures = Record().series("camp_population", everywhere=True)
    ranges = figures[figures["kind"] == "range"]
    assert len(ranges)
    assert (ranges["low"] < ranges["value"]).all()
    assert (ranges["value"] < ranges["high"]).all()


@pytest.mark.parametrize(
    ("dates", "year"),
    [("1930", 1930.5), ("1930-01-01", 1930.0), ("1930/31", 1931.0), ("1928..1932", 1930.5)],
)
def test_dates_are_drawn_in_their_middle(dates: str, year: float) -> None:
    assert years_of(dates) == pytest.approx(year, abs=0.01)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.01234, "0.0123"), (5.927, "5.93"), (123.4, "123"), (8067.9, "8068"), (float("nan"), "-"),
     ("a|b", "a\\|b"), ("", "-"), (7, "7")],
)  # fmt: skip
def test_cells_are_short(value: object, text: str) -> None:
    assert cell(value) == text


def test_points_at_other_prices_are_refused_unless_it_is_said_why_they_do_not_count(results: Results) -> None:
    def steel(run: Results, dates: str) -> Any:
        return run.observe("steel", dates)

    asked: Any = (results, Record(), "gross_investment_growth", "official")
    with pytest.raises(UserError) as caught:
        compare_series(*asked, model=steel, prices="current")
    assert str(caught.value) == (
        "gross_investment_growth: 'official' of gross_investment_growth is at constant prices of a year that "
        "is not said, what is compared of the model at current prices; allowed: current prices; "
        "see docs/units.md"
    )
    assert set(compare_series(*asked, model=steel, prices="current", counted="no")["counted"]) == {"no"}
    assert set(compare_series(*asked, model=steel, prices="1928")["counted"]) == {""}


def test_points_of_other_borders_are_refused_unless_it_is_said_why_they_do_not_count(
    results: Results,
) -> None:
    asked: Any = (results, Record(), "steel", "official")
    with pytest.raises(UserError) as caught:
        compare_series(*asked, everywhere=True)
    assert str(caught.value) == (
        "steel: 'official' for 1940 is of USSR enlarged 1939-40, steel of the model of the borders of 1938; "
        "allowed: USSR pre-1939, USSR boundary unclear, or to say in counted why the point does not count"
    )
    assert set(compare_series(*asked, everywhere=True, counted="other borders")["counted"]) == {
        "other borders"
    }
