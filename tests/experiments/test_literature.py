"""Experiments of the literature: their tables hold together, on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from planmodel.experiments.annual import by_year, figures_of
from planmodel.experiments.load import load_experiment
from planmodel.experiments.results import Record
from planmodel.experiments.running import Runs
from planmodel.experiments.stated import COLUMN, YES, state, stated_text
from planmodel.runs.workers import make_executor

NAMES = (
    "allen_counterfactual",
    "camp_flows",
    "feldman_domar",
    "grain_balance",
    "surplus_of_agriculture",
    "wedge_accounting",
)


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with make_executor(1) as one:
        yield one


@pytest.fixture(scope="module")
def tables(executor: Executor) -> dict[str, pd.DataFrame]:
    """Return the table of each experiment with one draw, so that medians are its values."""
    experiments = [load_experiment(name) for name in NAMES]
    runs = Runs(number=1)
    for one in experiments:
        runs.ask(one)
    return {one.name: one.tabulate(runs.results(one, executor), Record()) for one in experiments}


def values(
    table: pd.DataFrame, quantity: str, run: str = "model", column: str = "median"
) -> dict[str, float]:
    """Return a path, or the documented points, of a quantity by date."""
    rows = table[(table["quantity"] == quantity) & (table["run"] == run)]
    rows = rows[rows["documented"].isna() == (column == "median")]
    assert len(rows), quantity
    return dict(zip(rows["dates"], rows[column].astype(float), strict=True))


def path(table: pd.DataFrame, quantity: str, run: str = "model") -> np.ndarray:
    """Return the values of a path."""
    return np.array(list(values(table, quantity, run).values()))


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_names_its_group_and_draws_its_table(
    name: str, tables: dict[str, pd.DataFrame]
) -> None:
    experiment = load_experiment(name)
    assert experiment.about.group == "literature"
    sheet = experiment.draw(tables[name])
    shown = [axis for axis in sheet.axes if axis.get_visible()]
    assert all(axis.has_data() for axis in shown)
    assert all(axis.get_title(loc="left") for axis in shown)


def test_the_grain_of_the_model_is_used_up(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["grain_balance"]
    gaps = values(table, "does_not_close")
    assert len(gaps) == 6
    np.testing.assert_allclose(list(gaps.values()), 0.0, atol=1e-9)
    uses = ("seed", "feed", "food_of_the_village", "exports")
    used = sum(values(table, name)["1932/33"] for name in uses)
    assert 20.0 < used < values(table, "grain_harvest")["1932"]


def test_left_in_the_village_is_harvest_less_procurement(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["grain_balance"]
    left = values(table, "village_grain_balance")
    harvest, taken = values(table, "grain_harvest"), values(table, "grain_procurement")
    for dates, value in left.items():
        assert value == pytest.approx(harvest[dates[:4]] - taken[dates]), dates


def test_both_accounts_of_camps_close(tables: dict[str, pd.DataFrame]) -> None:
    """In the record with the flows that the model has not, in the model without them."""
    table = tables["camp_flows"]
    np.testing.assert_allclose(path(table, "account_gap"), 0.0, atol=1e-12)
    inmates = values(table, "camp_inmates", column="documented")
    coming = ("camp_arrivals_from_outside", "camp_recaptured")
    going = ("camp_released", "camp_escapes", "camp_departures_to_outside", "camp_deaths")
    others = {
        "camp_arrivals_from_other_camps": 1.0,
        "camp_arrivals_other": 1.0,
        "camp_departures_to_other_camps": -1.0,
        "camp_departures_other": -1.0,
    }
    for year in range(1934, 1941):
        moved = sum(values(table, name, column="documented")[str(year)] for name in coming)
        moved -= sum(values(table, name, column="documented")[str(year)] for name in going)
        moved += sum(sign * values(table, name, "", "documented")[str(year)] for name, sign in others.items())
        change = inmates[f"{year + 1}-01-01"] - inmates[f"{year}-01-01"]
        assert moved == pytest.approx(change, abs=1e-9), year


def test_what_belongs_to_the_enlarged_territory_is_not_counted(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["camp_flows"]
    points = table[table["documented"].notna() & (table["run"] == "model")]
    late = points["dates"].isin(["1940", "1940-01-01", "1941-01-01"])
    assert set(points.loc[late, "counted"]) == {"enlarged territory"}
    assert set(points.loc[~late, "counted"]) == {""}


def test_shares_of_surplus_follow_from_bundles(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["surplus_of_agriculture"]
    sales, goods = path(table, "sales"), path(table, "goods")
    np.testing.assert_allclose(path(table, "share_prices_of_1928"), 1.0 - goods / sales, rtol=1e-9)
    np.testing.assert_allclose(path(table, "break_even"), goods / sales, rtol=1e-9)


def test_parts_of_the_labour_wedge_add_up(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["wedge_accounting"]
    parts = sum(path(table, f"labour_wedge_{part}") for part in ("consumption", "production", "mobility"))
    np.testing.assert_allclose(parts, path(table, "labour_wedge"), atol=1e-9)
    assert list(values(table, "labour_wedge", column="documented")) == ["1928", "1937", "1940"]


def test_feldmans_paths_start_from_the_stocks_of_the_model(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["feldman_domar"]
    runs = [run for run in dict.fromkeys(table["run"]) if run.startswith("Feldman")]
    assert len(runs) == 2
    for capital in ("Capital of A", "Capital of B"):
        model = path(table, capital)
        for run in runs:
            assert path(table, capital, run)[0] == pytest.approx(model[0])
    lever = "Capital of B by the share g kept in A"
    little, much = path(table, lever, "g = 0.3"), path(table, lever, "g = 0.9")
    assert (little[1:] > much[1:]).all()


def test_the_four_cases_part_ways_after_1928(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["allen_counterfactual"]
    runs = ("collectivised, fast", "collectivised, slow", "NEP, fast", "NEP, slow")
    share = {run: values(table, "Gross investment over product", run) for run in runs}
    assert max(s["1928"] for s in share.values()) == pytest.approx(
        min(s["1928"] for s in share.values()), rel=0.05
    )
    for regime in ("collectivised", "NEP"):
        assert share[f"{regime}, slow"]["1931"] < share[f"{regime}, fast"]["1931"]
    for run in runs:
        assert (np.diff(path(table, "Excess deaths since 1928", run)) >= 0.0).all()


def test_a_year_is_answered_and_other_dates_are_not() -> None:
    known = xr.DataArray(
        [[1.0, 2.0], [np.nan, np.nan]], dims=("year", "member"), coords={"year": [1930, 1931]}
    )
    answer = by_year(known)
    np.testing.assert_array_equal(answer(None, "1930"), [1.0, 2.0])
    assert answer(None, "1931") is None
    assert answer(None, "1930/31") is None


def test_figures_calculated_from_the_record_are_recalled() -> None:
    known = xr.DataArray([[3.0], [np.nan]], dims=("year", "member"), coords={"year": [1930, 1931]})
    found = figures_of(known, "sum of shares")
    assert found["date"].tolist() == ["1930"]
    row = found.to_dict("records")[0]
    assert (row["value"], row["kind"], row["evidence"]) == (3.0, "derived", "recalled")


def test_a_quotient_is_as_weak_as_the_weaker_of_its_figures() -> None:
    """The real wage of 1928 is printed, that of 1933 stands for words; steel is recalled."""
    record = Record()
    found = record.over(("steel", "official"), ("real_wage", "book")).set_index("date")["evidence"]
    steel = record.series("steel", "official").set_index("date")["evidence"]
    assert found["1928"] == steel["1928"]
    assert found["1933"] == found["1934"] == "reading"
    same = record.over(("real_wage", "book"), ("real_wage", "book")).set_index("date")["evidence"]
    assert same["1928"] == "transcribed"


def test_a_readme_states_marked_rows_by_run_and_date(tables: dict[str, pd.DataFrame]) -> None:
    table = state(tables["allen_counterfactual"], ["Capital of A"], ["1932", "1937"])
    marked = table[table[COLUMN] == YES]
    assert set(marked["quantity"]) == {"Capital of A"}
    text = stated_text(table).splitlines()
    assert text[0] == "| median (5 to 95 % of draws) | run | 1932 | 1937 |"
    assert len(text) == 2 + 4
    assert text[2].startswith("| Capital of A, billion roubles of 1928 | collectivised, fast |")
