"""Draws do not overwrite what a scenario says: every command does what a direct run with its values does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from cli_calls import planmodel

from planmodel import open_ensemble
from planmodel.experiments.compare import compare
from planmodel.runs.history import run
from planmodel.runs.posterior import read_posterior
from planmodel.scenario import load_scenario

NUMBER = 3
FAIR = """extends = "calibrated"
title = "Fair weather in 1929 and 1930, more seed, more slaughter"
parameters.cropping.harvest_1928 = 76.8
parameters.livestock.cattle_slaughter = 0.13
[exogenous.weather]
unit = "1"
source = "hypothetical"
evidence = "assumption"
reading = "year"
values = { 1928 = 0.0, 1929 = 0.15, 1930 = 0.15, 1931 = 0.0, 1932 = 0.0, 1933 = 0.0, 1934 = 0.0, \
1935 = 0.0, 1936 = 0.0, 1937 = 0.0, 1938 = 0.0, 1939 = 0.0, 1940 = 0.0 }
""".replace("\\\n", "")
HELD = {"parameters.cropping.harvest_1928", "parameters.livestock.cattle_slaughter"}
HARVEST = tuple(f"grain_harvest_{form}" for form in ("individual", "kolkhoz", "state_farm"))


@pytest.fixture(scope="module")
def fair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("h1") / "fair.toml"
    file.write_text(FAIR, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def expected(fair: Path) -> Mapping[int, np.ndarray]:
    """Harvests by year in direct runs of the draws, with the values of the scenario in their place."""
    scenario = load_scenario(fair)
    drawn = dict(read_posterior("archival").some(NUMBER).values)
    values = {
        key if key.startswith(("exogenous", "initial")) else f"parameters.{key}": array
        for key, array in drawn.items()
    }
    kept = {k: v for k, v in values.items() if k not in HELD and not k.startswith("exogenous.weather.")}
    assert len(kept) == len(values) - len(HELD) - 13
    dataset = run(scenario, [0] * NUMBER, parameters=kept, wanted=HARVEST)
    harvest = sum(dataset[part] for part in HARVEST)
    assert isinstance(harvest, xr.DataArray)
    yearly = harvest.groupby("time.year").sum()
    return {year: yearly.sel(year=year).values for year in (1929, 1932, 1937)}


def test_compare(fair: Path, expected: Mapping[int, np.ndarray], tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer = planmodel(
        "compare", "calibrated", str(fair), "--draws", "archival", "--number", str(NUMBER), "--out", str(out)
    )
    assert answer.status == 0
    assert "fair: held by the scenario, not drawn: " in " ".join(answer.out.split())
    table = pd.read_csv(out / "table.csv")
    row = table[(table["quantity"] == "grain_harvest") & (table["scenario"] == "fair")].set_index("year")
    for year in (1932, 1937):
        assert row.loc[year, "median"] == pytest.approx(np.median(expected[year]), rel=1e-12)
    held = json.loads((out / "manifest.json").read_text())["origins"]["fair"]["held"]
    assert set(held) >= HELD
    assert set(held.values()) == {str(fair)}
    shown = " ".join(planmodel("params", "cropping", "--of", str(out)).out.split())
    assert "parameters.cropping.harvest_1928" in shown
    assert "held by it, not drawn" in shown
    assert len(planmodel("params", "--of", str(out)).out) > len(shown)


def test_comparison_in_python(fair: Path, expected: Mapping[int, np.ndarray]) -> None:
    draws = read_posterior("archival").some(NUMBER)
    paths = compare([load_scenario("calibrated"), load_scenario(fair)], draws).paths["grain_harvest"]
    np.testing.assert_allclose(paths.sel(scenario="fair", year=1932).values, expected[1932], rtol=1e-12)
    assert not np.allclose(paths.sel(scenario="calibrated", year=1932).values, expected[1932])


def test_ensemble(fair: Path, expected: Mapping[int, np.ndarray], tmp_path: Path) -> None:
    draws = read_posterior("archival").some(NUMBER)
    xr.Dataset({k: ("draw", v) for k, v in draws.values.items()}).to_netcdf(
        tmp_path / "some.nc", engine="h5netcdf"
    )
    file = tmp_path / "ensemble.toml"
    file.write_text(
        f'scenario = "{fair}"\ndesign = "posterior"\nfile = "some.nc"\nshocks = "none"\n'
        '[keep]\nvariables = ["grain_harvest"]\n'
    )
    answer = planmodel("ensemble", str(file), "--out", str(tmp_path / "out"))
    assert answer.status == 0
    assert "held by the scenario, not drawn" in " ".join(answer.out.split())
    with open_ensemble(tmp_path / "out") as dataset:
        harvest = dataset["grain_harvest"].sel(time="1937-12-31").values
    np.testing.assert_allclose(harvest.ravel(), expected[1937], rtol=1e-12)


def test_check(fair: Path, expected: Mapping[int, np.ndarray], tmp_path: Path) -> None:
    low, high = expected[1937].min() - 1e-6, expected[1937].max() + 1e-6
    file = tmp_path / "checks.toml"
    file.write_text(
        '[checks.harvest]\nstatement = "The harvest of 1937"\nsource = "test"\n'
        f'claims = [{{ of = "grain_harvest", dates = "1937", between = [{low}, {high}] }}]\n'
    )
    asked = ("--draws", "archival", "--number", str(NUMBER), "--config", str(file))
    assert planmodel("check", "calibrated", *asked).status == 1
    answer = planmodel("check", str(fair), *asked)
    assert answer.status == 0
    assert "fair: held by the scenario, not drawn" in " ".join(answer.out.split())


def test_sensitivity(fair: Path, expected: Mapping[int, np.ndarray], tmp_path: Path) -> None:
    draws = read_posterior("archival").some(NUMBER)
    xr.Dataset({k: ("draw", v) for k, v in draws.values.items()}).to_netcdf(
        tmp_path / "some.nc", engine="h5netcdf"
    )
    file = tmp_path / "analysis.toml"
    file.write_text(
        f'scenario = "{fair}"\nmethod = "attribution"\nsamples = {NUMBER}\nfile = "some.nc"\n'
        '[players.exports]\nswitch_off = ["grain_exports"]\n'
        '[players.passports]\nswitch_off = ["passports"]\n'
        '[outputs.harvest]\nof = "grain_harvest"\ndates = "1937"\n'
    )
    answer = planmodel("sensitivity", str(file), "--out", str(tmp_path / "out"))
    assert answer.status == 0, answer.err
    assert "Note: held by the scenario, not drawn" in " ".join(answer.out.split())
    shares = pd.read_csv(tmp_path / "out" / "results" / "shares.csv")
    assert shares["with_all"].iloc[0] == pytest.approx(expected[1937].mean(), rel=1e-9)


def test_reproduce(fair: Path, expected: Mapping[int, np.ndarray]) -> None:
    from planmodel.experiments.running import Runs
    from planmodel.experiments.schema import RunOfExperiment

    wanted = RunOfExperiment(scenario=str(fair), draws="archival", number=NUMBER, variables=["grain_harvest"])
    shared = Runs()._prepared(wanted, fair.parent, "runs.base")
    assert set(shared.members.held) >= HELD
    assert "held by the scenario, not drawn" in shared.about


def test_a_scenario_that_changes_sizes_keeps_them_in_draws() -> None:
    """The twin of the case: two of the sizes of repression are among those that are drawn."""
    scenario = load_scenario("pre_archive_camps")
    members = read_posterior("archival").some(NUMBER).over(scenario)
    assert members.held
    assert all(key.startswith("parameters.") for key in members.held)
    assert set(members.held.values()) == {"pre_archive_camps"}
