"""Scenarios side by side over common draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from typer.testing import CliRunner

from planmodel.cli import app
from planmodel.engine import UserError
from planmodel.experiments.compare import Comparison, compare
from planmodel.runs.history import run_fully
from planmodel.scenario import load_scenario, registry

ECONOMY = registry.economy()
NAMES = ("baseline", "no_exports_1931_33", "no_camps")


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare([load_scenario(name) for name in NAMES], members=3, seed=4)


def test_paths_are_those_of_runs_with_the_same_weather(comparison: Comparison) -> None:
    alone = run_fully("no_camps", [2], 4, wanted=("cattle", "excess_deaths")).dataset
    paths = comparison.paths.sel(scenario="no_camps", member=2)
    yearly = alone["cattle"].isel(member=0).groupby("time.year").last()
    np.testing.assert_array_equal(paths["cattle"].values, yearly.values)
    deaths = alone["excess_deaths"].isel(member=0).groupby("time.year").sum().cumsum()
    np.testing.assert_allclose(paths["excess_deaths"].values, deaths.values, rtol=1e-12)


def test_the_table_tells_median_range_ratio_and_how_often_more(comparison: Comparison) -> None:
    table = comparison.table()
    assert len(table) == len(ECONOMY.compared) * len(ECONOMY.compared_years) * len(NAMES)
    base = table[table["scenario"] == "baseline"]
    assert (base["more"] == 0.5).all()
    assert base["ratio"].dropna().to_numpy() == pytest.approx(1.0)
    assert (table["low"] <= table["median"]).all()
    assert (table["median"] <= table["high"]).all()
    row = table[
        (table[["quantity", "year", "scenario"]] == ["investment", 1932, "no_camps"]).all(axis=1)
    ].iloc[0]
    values = comparison.paths["investment"].sel(year=1932)
    ratios = values.sel(scenario="no_camps") / values.sel(scenario="baseline")
    assert row["ratio"] == pytest.approx(float(np.median(ratios)))
    assert row["more"] == pytest.approx(float((ratios > 1.0).mean()))


def test_common_draws_of_parameters_reach_every_scenario() -> None:
    draws = {"parameters.cropping.harvest_1928": np.array([64.0, 72.0])}
    found = compare([load_scenario(name) for name in NAMES[:2]], draws).paths["grain_harvest"]
    assert (found.isel(member=0) < found.isel(member=1)).all()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("baseline",), "one scenario is given; allowed: two or more"),
        (("baseline", "baseline"), "'baseline' is given twice; allowed: each once"),
        (("baseline", "stationary_village"), "allowed: the period of 'baseline', 1928-01-01 to 1940-12-31"),
    ],
)
def test_what_cannot_be_compared_is_refused(names: tuple[str, ...], message: str) -> None:
    with pytest.raises(UserError, match=message):
        compare([load_scenario(name) for name in names])


def test_the_command_writes_the_folder_and_refuses_to_replace_it(tmp_path: Path) -> None:
    words = ["compare", "baseline", "no_camps", "--members", "2", "--out", str(tmp_path / "c")]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    written = {file.name for file in (tmp_path / "c").iterdir()}
    files = {"table.csv", "by_region.csv", "paths.nc", "paths.png", "paths.svg", "manifest.json"}
    assert written == files
    assert "Goods per head, towns" in result.output
    table = pd.read_csv(tmp_path / "c" / "table.csv")
    assert set(table["scenario"]) == {"baseline", "no_camps"}
    with xr.open_dataset(tmp_path / "c" / "paths.nc") as paths:
        assert paths.sizes["member"] == 2
    again = CliRunner().invoke(app, words)
    assert isinstance(again.exception, UserError)
    assert "--force to replace it" in str(again.exception)


def test_the_page_of_a_comparison_draws_each_quantity(tmp_path: Path) -> None:
    names = ["baseline", "no_exports_1931_33"]
    out = tmp_path / "roads"
    command = ["compare", *names, "--members", "2", "--out", str(out)]
    assert CliRunner().invoke(app, command, catch_exceptions=False).exit_code == 0
    assert CliRunner().invoke(app, ["report", str(out)], catch_exceptions=False).exit_code == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("<figure>") == len(ECONOMY.compared)
    for quantity in ECONOMY.compared:
        assert f'alt="Paths of {quantity.title}' in page
    assert page.index("What came out</h2>") < page.index("Scenarios</h2>")
    assert "<summary>Difference from the baseline" in page
    assert ". ." not in page
