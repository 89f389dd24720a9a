"""Figures of a user's own beside the accounts: a variable may be made of their series, by their prices."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from cli_calls import planmodel

import planmodel as pm
from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import prepare
from planmodel.engine import UserError
from planmodel.report.comparison import compare
from planmodel.runs.observe import Observation, observer_of
from planmodel.sensitivity import load as sensitivity

MADE_OF = {
    "my_product": ("flow", "million roubles of 1937", "gnp_1937"),
    "my_civil": ("flow", "billion roubles of 1937", "gnp_1937 - use_defence_1937"),
    "my_arms": ("share", "percent", "use_defence_1937 / gnp_1937"),
    "my_farm": ("index", "index 1928=1", "farm_price"),
    "my_worker": ("average", "roubles of 1937/person/year", "gnp_1937 / labour_all"),
}
PRICES = {"my_arms": "; prices: 1937", "my_farm": "; prices: none"}  # of what is no money
CALIBRATION = """
name = "small"
data = ["mine.csv"]
[fit]
products.electrification = {}
[targets.my_arms]
version = "mine"
"""
SEARCH = """
[search]
sample = 4
points = 2
descent = 1
rounds = 0
starts = 1
polish = 1
"""
ANALYSIS = """
method = "sobol"
samples = 8
[vary]
livestock.pigs_births = {}
products.electrification = {}
[outputs.product]
of = "gnp_at_1937_prices"
dates = "1932"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    lines = [
        f"# variable: {name}; title: {name}; unit: {unit}; measure: {measure}; model: {model}"
        + PRICES.get(name, "")
        for name, (measure, unit, model) in MADE_OF.items()
    ]
    lines += ["variable,date,value,unit", "gnp_share_consumption,1937,52,%"]
    lines += [f"{name},1937,7,{unit}" for name, (_, unit, _) in MADE_OF.items()]
    (tmp_path / "mine.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "own.toml").write_text('extends = "one_country"\ndata = ["mine.csv"]\n', encoding="utf-8")
    return tmp_path


def test_variables_are_made_of_series_of_the_accounts(folder: Path) -> None:
    scenario = pm.load("own.toml")
    history = pm.run(scenario).data
    met = compare(history, scenario)
    model = met[met["version"] == "mine"].set_index("variable")["model"]
    of = {name: float(history[name].sel(time="1937").sum()) for name in ("gnp_1937", "use_defence_1937")}
    product, arms = of["gnp_1937"], of["use_defence_1937"]
    assert model["my_product"] == pytest.approx(product)
    assert model["my_civil"] == pytest.approx(product - arms)
    assert model["my_arms"] == pytest.approx(arms / product)
    assert model["my_farm"] == pytest.approx(float(history["farm_price"].sel(time="1937").mean()))
    workers = float(history["labour_all"].sel(time="1937").mean())
    assert model["my_worker"] == pytest.approx(product / workers / 12.0)
    recorded = met[met["version"] == "mine"].set_index("variable")["recorded"]
    assert recorded["gnp_share_consumption"] == pytest.approx(0.52)
    assert recorded["my_arms"] == pytest.approx(0.07)
    assert recorded["my_worker"] == pytest.approx(0.007 / 12.0)  # thousand roubles a month


def test_a_run_writes_both_and_its_manifest_keeps_both(folder: Path) -> None:
    answer = planmodel("run", "own.toml", "--out", "out", "--no-figures")
    assert answer.status == 0, answer.err
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["data_sha256"]) == ["mine.csv"]
    assert set(manifest["economies_sha256"]) == {"soviet (regions = one)"}
    met = pd.read_csv(folder / "out" / "comparison.csv")
    consumption = met[(met["variable"] == "gnp_share_consumption") & (met["date"] == "1937")]
    assert consumption["version"].to_list() == ["mine"]  # before that of the record
    balance = planmodel("balance", "national", "1937", "--of", "own.toml")
    assert balance.status == 0, balance.err


def test_a_quantity_of_the_accounts_is_no_new_variable(folder: Path) -> None:
    text = (folder / "mine.csv").read_text(encoding="utf-8")
    (folder / "mine.csv").write_text(text.replace("my_product", "gnp_1937"), encoding="utf-8")
    with pytest.raises(UserError, match="variable gnp_1937 is a quantity of the model"):
        pm.load("own.toml")


def test_a_level_over_a_flow_is_refused(folder: Path) -> None:
    text = (folder / "mine.csv").read_text(encoding="utf-8")
    text = text.replace("gnp_1937 / labour_all", "labour_all / gnp_1937")
    (folder / "mine.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="gnp_1937 flows and labour_all does not; allowed: flows over flows"):
        pm.load("own.toml")


@pytest.mark.parametrize(("name", "before_1937"), [("my_product", False), ("gnp_at_1928_prices", True)])
def test_what_is_at_prices_that_are_not_run_is_not_covered(
    name: str, before_1937: bool, folder: Path
) -> None:
    economy = pm.load("own.toml").declared
    asked = [Observation(name, date(1932, 1, 1), date(1932, 12, 31))]
    for end, covered in ((date(1933, 12, 31), before_1937), (date(1937, 12, 31), True)):
        assert observer_of(economy, date(1928, 1, 1), end, asked).covered.tolist() == [covered]


def test_such_a_figure_is_a_target(folder: Path) -> None:
    (folder / "fit.toml").write_text(CALIBRATION, encoding="utf-8")
    (point,) = prepare(load_calibration("fit.toml"))[1].points
    assert (point.target, point.label) == ("my_arms", "1937")
    (folder / "search.toml").write_text(CALIBRATION + SEARCH, encoding="utf-8")
    answer = planmodel("calibrate", "search.toml", "--workers", "1", "--out", "fit", "--no-figures")
    assert answer.status == 0, answer.err
    (model,) = pd.read_csv(folder / "fit" / "points.csv")["model"]
    assert 0.01 < model < 0.2


def test_an_analysis_runs_to_the_year_of_the_prices(folder: Path) -> None:
    file = folder / "sobol.toml"
    for of, last in (("gnp_at_1937_prices", 1937), ("gnp_at_1928_prices", 1932)):
        file.write_text(ANALYSIS.replace("gnp_at_1937_prices", of), encoding="utf-8")
        prepared = sensitivity.prepare(sensitivity.load_analysis(file), file)
        assert prepared.members["base"].scenario.period.end.year == last
