"""monthly.csv, yearly.csv and columns.csv: the numbers of the run in full, by label."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from planmodel.report.series_files import FEW, rows_said, write_series
from planmodel.runs.history import run
from planmodel.scenario import Scenario, load_scenario

Rows = list[dict[str, str]]
RUNS = {"few": range(2), "many": range(FEW + 2), "many drawn": range(3, FEW + 5)}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("one_country").until(date(1930, 3, 31))


@pytest.fixture(scope="module", params=RUNS)
def made(
    request: pytest.FixtureRequest, scenario: Scenario, tmp_path_factory: pytest.TempPathFactory
) -> tuple[xr.Dataset, dict[str, Rows]]:
    """A run, and its tables as text."""
    folder = tmp_path_factory.mktemp("series")
    dataset = run(scenario, members=list(RUNS[request.param]), seed=2)
    write_series(dataset, scenario, folder)
    return dataset, {file.stem: read(file) for file in folder.iterdir()}


def read(file: Path) -> Rows:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def column(rows: Rows, name: str, **where: object) -> list[float]:
    chosen = [row for row in rows if all(row[key] == str(value) for key, value in where.items())]
    return [float(row[name]) if row[name] else float("nan") for row in chosen]


def same(found: list[float], held: list[float]) -> bool:
    """Equal to the bit; what has no value, as a product at prices of a year that is not run, has none."""
    return np.array_equal(found, held, equal_nan=True)


def test_every_number_of_the_run_is_there_to_the_bit(made: tuple[xr.Dataset, dict[str, Rows]]) -> None:
    dataset, tables = made
    monthly = tables["monthly"]
    days = [str(day)[:10] for day in dataset["time"].values]
    assert [row["date"] for row in monthly][: len(days)] == days
    few = dataset.sizes["member"] <= FEW
    for name in dataset.data_vars:
        values = dataset.variables[name].values
        if few:
            for member in (0, 1):
                held = values[dataset.indexes["member"].get_loc(member)].tolist()
                assert same(column(monthly, str(name), member=member), held)
        else:
            held = np.quantile(values, 0.5, axis=0).tolist()
            assert same(column(monthly, str(name), statistic="median"), held)
    labels = list(dict.fromkeys(row["member" if few else "statistic"] for row in monthly))
    central = ["member 0"] if 0 in dataset["member"] else []
    assert labels == (["0", "1"] if few else [*central, "q05", "median", "q95"])
    if central and not few:
        assert column(monthly, "cattle", statistic="member 0") == dataset["cattle"].values[0].tolist()


def test_years_follow_the_rules_of_ensembles(made: tuple[xr.Dataset, dict[str, Rows]]) -> None:
    """Flows are summed, stocks stand at the end, other variables are averaged, shares are of two sums."""
    dataset, tables = made
    yearly = tables["yearly"]
    assert {row["year"] for row in yearly} == {"1928", "1929"}  # whole years only
    if dataset.sizes["member"] > FEW:
        low, high = column(yearly, "cattle", statistic="q05"), column(yearly, "cattle", statistic="q95")
        ends = dataset["cattle"].sel(time=["1928-12-31", "1929-12-31"]).values
        assert low == np.quantile(ends, 0.05, axis=0).tolist()
        assert high == np.quantile(ends, 0.95, axis=0).tolist()
        return
    own = dataset.sel(member=1, time="1929")
    (row,) = [row for row in yearly if (row["member"], row["year"]) == ("1", "1929")]
    assert float(row["grain_export"]) == pytest.approx(float(own["grain_export"].sum()), rel=1e-14)
    assert float(row["grain_state"]) == float(own["grain_state"][-1])
    assert float(row["pressure"]) == pytest.approx(float(own["pressure"].mean()), rel=1e-14)
    harvest, procured = float(row["grain_harvest"]), float(row["grain_procurement_share"] or "nan")
    assert harvest == pytest.approx(float(own["grain_harvest"].sum()), rel=1e-14)
    assert np.isnan(procured)  # of July 1929 to June 1930, which the run does not cover


def test_every_column_is_described(made: tuple[xr.Dataset, dict[str, Rows]]) -> None:
    dataset, tables = made
    about = {row["column"]: row for row in tables["columns"]}
    label = "member" if dataset.sizes["member"] <= FEW else "statistic"
    for table, unit in (("monthly", "unit_by_month"), ("yearly", "unit_by_year")):
        columns = set(tables[table][0]) - {label, "date", "year"}
        assert columns == {name for name, row in about.items() if row[unit]}
    assert about["grain_export"]["unit_by_month"] == "million tonnes a month"
    assert about["grain_export"]["unit_by_year"] == "million tonnes a year"
    assert about["grain_state"]["by_year"] == "end of the year"
    assert about["grain_procurement"]["year"].startswith("agricultural")
    assert about["grain_procurement_share"]["unit_by_month"] == ""
    assert all(row["meaning"] for row in about.values())


def test_what_the_rows_are_is_said() -> None:
    time = np.array(["1928-01-31"], dtype="datetime64[ns]")
    few = xr.Dataset(coords={"member": [0, 1], "time": time})
    assert rows_said(few) == "one row a member and month, or year"
    many = xr.Dataset(coords={"member": np.arange(50), "time": time})
    assert rows_said(many) == (
        "member 0, and 5 %, median and 95 % of 50 members, each quantity and date for itself; each member is "
        "in results.nc only"
    )
    assert rows_said(many.isel(member=slice(1, None))).startswith("5 %, median and 95 % of 49 members")


def test_a_run_without_a_whole_year_has_no_yearly_table(scenario: Scenario, tmp_path: Path) -> None:
    short = scenario.until(date(1928, 2, 29))
    write_series(run(short), short, tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"monthly.csv", "columns.csv"}


def test_a_small_system_has_tables_too(tmp_path: Path) -> None:
    system = load_scenario("cadres_of_25000")
    dataset = run(system, members=2)
    write_series(dataset, system, tmp_path)
    rows = read(tmp_path / "monthly.csv")
    assert column(rows, "pressure", member=1) == dataset["pressure"].sel(member=1).values.tolist()
