"""Figures of a user's own in scenarios: compared, drawn, scored, read as an input, and part of the hash."""

from __future__ import annotations

import json
import pickle
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_calls import planmodel

import planmodel as pm
from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import prepare
from planmodel.engine import UserError
from planmodel.experiments.load import load_experiment
from planmodel.experiments.results import Record
from planmodel.experiments.running import Runs
from planmodel.report.comparison import compare, recorded_values
from planmodel.report.figures import figures_of
from planmodel.report.score import score
from planmodel.runs import load_ensemble
from planmodel.runs.identity import make_manifest
from planmodel.runs.workers import SerialExecutor
from planmodel.scenario import difference
from planmodel.scenario.data import record_of
from planmodel.scenario.exogenous import exogenous_series
from planmodel.sensitivity import load as sensitivity

YEARS = range(1928, 1940)
HEAD = "# variable: heavy_goods; title: Steel and coal; unit: thousand tonnes; measure: flow; model: MODEL\n"


def text(model: str = "steel + coal") -> str:
    """Return twelve yearly figures of a quantity that the record lacks, and of one that it has."""
    lines = [HEAD.replace("MODEL", model) + "variable,date,value,unit"]
    lines += [f"heavy_goods,{year},{40000 + 8000 * (year - 1928)},thousand tonnes" for year in YEARS]
    lines += [f"steel,{year},{4 + year - 1928},million tonnes" for year in YEARS]
    return "\n".join(lines) + "\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text(text(), encoding="utf-8")
    (tmp_path / "own.toml").write_text('extends = "one_country"\ndata = ["mine.csv"]\n', encoding="utf-8")
    return tmp_path


def test_own_figures_are_compared_drawn_and_scored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Of the figures of the economy one is drawn beside, in this process: all take longer than the rest.
    monkeypatch.setattr("planmodel.report.figures.figures_of", lambda economy: figures_of(economy)[:1])
    monkeypatch.setattr("planmodel.report.drawn.ProcessExecutor", lambda _: SerialExecutor())
    answer = planmodel("run", "own.toml", "--out", "out", "--force", columns=120)
    assert answer.status == 0, answer.err
    assert "Steel and coal" in answer.out
    met = pd.read_csv(folder / "out" / "comparison.csv")
    mine = met[met["version"] == "mine"]
    assert sorted(mine["variable"]) == ["heavy_goods"] * 12 + ["steel"] * 12
    assert (folder / "out" / "figures" / "own.png").stat().st_size > 5000
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["data_sha256"]) == ["mine.csv"]
    (folder / "mine.csv").unlink()  # the result holds what it was made with
    assert planmodel("report", "out").status == 0
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "Figures of the user's own" in page.replace("&#39;", "'")
    assert manifest["data_sha256"]["mine.csv"] in page


def test_own_figures_in_python(folder: Path) -> None:
    record = pm.record.add("mine.csv")
    scenario = pm.load("one_country", record=record)
    assert scenario.record["steel"] == ["mine", "official"]
    history = pm.run(scenario).data
    steel, both = (history[name].sel(time="1932").sum().item() for name in ("steel", "heavy_goods"))
    coal = history["coal"].sel(time="1932").sum().item()
    assert both == pytest.approx(steel + coal)
    met = compare(history, scenario).set_index(["variable", "date"])
    assert met.loc[("heavy_goods", "1932"), "recorded"] == pytest.approx(72.0)
    assert met.loc[("heavy_goods", "1932"), "model"] == pytest.approx(both)
    found = score(history, met.reset_index(), scenario.declared, record=scenario.documented)
    assert "heavy_goods" in set(found.by_series()["variable"])
    steel_in_1932 = met.reset_index().query("variable == 'steel' and date == '1932'")
    assert list(steel_in_1932["version"]) == ["mine"]


def test_own_figures_are_less_firm_than_any(folder: Path) -> None:
    scenario = pm.load("own.toml", {"evidence": "reading"})
    assert "mine" not in set(recorded_values(scenario)["version"])
    assert "mine" in set(recorded_values(pm.load("own.toml"))["version"])
    assert "mine" not in planmodel("score", "--data", "mine.csv", "--evidence", "recalled").out
    wrong = text().replace("unit\n", "unit,territory\n").replace("tonnes\n", "tonnes,Atlantis\n")
    (folder / "mine.csv").write_text(wrong, encoding="utf-8")
    message = planmodel("series", "check", "mine.csv").message
    assert message.startswith("mine.csv, line 3, column territory: ")


def test_nothing_leaks_into_another_scenario(folder: Path) -> None:
    before = pm.load("one_country")
    own = pm.load("own.toml")
    after = pm.load("one_country")
    assert before.digest() == after.digest() != own.digest()
    assert "heavy_goods" not in after.declared.indicators
    assert after.documented is pm.record
    assert "data" not in difference(before, after)["key"].to_list()
    sent = pickle.loads(pickle.dumps(own))
    assert sent.digest() == own.digest()
    assert sent.documented == own.documented


def test_what_a_file_says_of_versions_holds(folder: Path) -> None:
    said = 'extends = "baseline"\ndata = ["mine.csv"]\n[record]\nsteel = ["official"]\n'
    (folder / "own.toml").write_text(said, encoding="utf-8")
    assert pm.load("own.toml").record["steel"] == ["official"]
    (folder / "upon.toml").write_text('extends = "own"\n', encoding="utf-8")
    assert pm.load("upon.toml").record["heavy_goods"] == ["mine"]


def test_an_input_is_read_from_own_figures(folder: Path) -> None:
    rows = [f"grain_export,{year},{year - 1928},million tonnes" for year in YEARS]
    (folder / "mine.csv").write_text("\n".join(["variable,date,value,unit", *rows]), encoding="utf-8")
    said = '[exogenous.grain_export_plan]\nseries = "grain_export"\nversion = "mine"\nreading = "year"\n'
    with (folder / "own.toml").open("a", encoding="utf-8") as file:
        file.write(said)
    history = pm.run(pm.load("own.toml")).data
    assert history["grain_export"].sel(time="1928").sum().item() == pytest.approx(0.0)


def test_an_ensemble_knows_when_its_figures_change(folder: Path) -> None:
    config = 'scenario = "own.toml"\ndesign = "lhs"\nmembers = 2\n[vary]\nlivestock.pigs_births = {}\n'
    (folder / "many.toml").write_text(config, encoding="utf-8")
    first = make_manifest(load_ensemble("many.toml"), [])
    (folder / "mine.csv").write_text(text().replace("48000", "48001"), encoding="utf-8")
    second = make_manifest(load_ensemble("many.toml"), [])
    assert first["ensemble_sha256"] != second["ensemble_sha256"]
    assert first["identity"]["data_sha256"] != second["identity"]["data_sha256"]


CALIBRATION = """
name = "small"
scenario = "one_country"
data = ["mine.csv"]
[fit]
products.electrification = {}
[search]
sample = 4
points = 2
descent = 1
rounds = 0
starts = 1
polish = 1
[targets.heavy_goods]
version = "mine"
years = "1929..1932"
[targets.steel]
version = ["mine", "official"]
"""


def test_own_figures_are_fitted_to(folder: Path) -> None:
    (folder / "small.toml").write_text(CALIBRATION, encoding="utf-8")
    answer = planmodel("calibrate", "small.toml", "--workers", "1", "--out", "fit", "--no-figures")
    assert answer.status == 0, answer.err
    assert "minutes here, at most" in answer.out
    points = pd.read_csv(folder / "fit" / "points.csv")
    assert set(points["series"]) == {"heavy_goods", "steel"}
    assert set(points["version"]) == {"mine"}
    manifest = json.loads((folder / "fit" / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["data_sha256"]) == ["mine.csv"]
    # their page was checked by nobody: they are as sure as what is quoted from memory, by default
    errors = {p.error for p in prepare(load_calibration("small.toml"))[1].points if p.target == "heavy_goods"}
    assert np.allclose(list(errors), np.hypot(0.06, 0.02))


ANALYSIS = """
method = "sobol"
samples = 8
data = ["mine.csv"]
[changes]
exogenous.grain_export_plan = { series = "grain_export", version = "mine", reading = "year" }
[vary]
livestock.pigs_births = {}
products.electrification = {}
[outputs.sold]
of = "grain_export"
dates = "1929"
"""
EXPERIMENT = """
title = "Mine"
question = "Is it read?"
source = "Made up"
group = "book"
data = ["mine.csv"]
[runs.model]
scenario = "baseline"
variables = ["heavy_goods"]
"""


def test_an_analysis_reads_its_figures(folder: Path) -> None:
    rows = "variable,date,value,unit\ngrain_export,1928,0,million tonnes\n"
    (folder / "mine.csv").write_text(rows, encoding="utf-8")
    file = folder / "sobol.toml"
    file.write_text(ANALYSIS, encoding="utf-8")
    base = sensitivity.prepare(sensitivity.load_analysis(file), file).members["base"]
    assert list(base.scenario.data_hashes) == ["mine.csv"]
    assert exogenous_series(base.scenario)["grain_export_plan"].on(date(1929, 6, 1)) == 0.0
    file.write_text(ANALYSIS.replace('data = ["mine.csv"]', ""), encoding="utf-8")
    with pytest.raises(UserError, match="mine"):
        sensitivity.prepare(sensitivity.load_analysis(file), file)


def test_an_experiment_reads_its_figures(folder: Path) -> None:
    (folder / "figure.py").write_text("def tabulate(results, record): ...\ndef draw(table): ...\n")
    (folder / "experiment.toml").write_text(EXPERIMENT, encoding="utf-8")
    experiment = load_experiment(folder)
    (run,) = Runs().prepare(experiment).values()
    assert list(run.members.scenario.data_hashes) == ["mine.csv"]
    assert Record(record_of(experiment.about.data)).value("heavy_goods", "mine", "1932") == 72000.0
    (folder / "experiment.toml").write_text(EXPERIMENT.replace('data = ["mine.csv"]', ""), encoding="utf-8")
    with pytest.raises(UserError, match="heavy_goods"):
        Runs().prepare(load_experiment(folder))


def test_figures_of_the_scenario_are_fitted_to(folder: Path) -> None:
    said = CALIBRATION.replace('data = ["mine.csv"]', "").replace("one_country", "own.toml")
    (folder / "small.toml").write_text(said, encoding="utf-8")
    assert load_calibration("small.toml").documented == pm.record.add("mine.csv")
    (folder / "small.toml").write_text(CALIBRATION.replace('data = ["mine.csv"]', ""), encoding="utf-8")
    with pytest.raises(UserError, match="the model has no such quantity"):
        load_calibration("small.toml")
    assert load_calibration("small.toml", pm.record.add("mine.csv")).used()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("steal", "model: the model has no quantity 'steal'"),
        (
            "steel + cattle",
            "model: steel is a flow in 'million tonnes', cattle a stock in 'million head'; allowed",
        ),
        (
            "cattle",
            "model: cattle is in 'million head', into which 'thousand tonnes' does not convert; allowed",
        ),
        ("steel coal", "model: 'steel coal' cannot be read; allowed: a quantity of the model"),
        ("steel / (coal - steel)", "has a minus below the stroke; allowed: a sum"),
    ],
)
def test_a_model_that_is_none_is_refused(model: str, message: str, folder: Path) -> None:
    (folder / "mine.csv").write_text(text(model), encoding="utf-8")
    with pytest.raises(UserError) as raised:
        pm.load("own.toml")
    assert str(raised.value).startswith("own.toml: data: mine.csv: heavy_goods: ")
    assert message in str(raised.value)


def test_data_that_is_none_is_refused_with_the_configuration(folder: Path) -> None:
    for said, message in (
        ('"mine.csv"', 'own.toml: data: "mine.csv" is not valid; allowed: a list such as ["official"]'),
        ("[3]", "own.toml: data: 3 is not valid; allowed: names of files"),
        ('["no.csv"]', "own.toml: data: no.csv: no such file"),
    ):
        (folder / "own.toml").write_text(f'extends = "baseline"\ndata = {said}\n', encoding="utf-8")
        assert planmodel("validate", "own.toml").message == message


def test_series_shows_and_checks_own_figures(folder: Path) -> None:
    checked = planmodel("series", "check", "mine.csv", columns=120)
    assert checked.status == 0
    assert "mine.csv: 24 figures of 2 variables" in checked.out
    assert "new variable: Steel and coal (flow); compared with: steel + coal" in checked.out
    assert "official, quarterly_plan_1933_1, second_plan, third_plan" in checked.out
    assert "compared with the model: heavy_goods, steel" in checked.out
    shown = planmodel("series", "show", "heavy_goods", "--data", "mine.csv")
    assert "u the user's own, checked by nobody here" in shown.out
    assert planmodel("series", "show", "heavy_goods").status == 2
    (folder / "mine.csv").write_text(text().replace("million tonnes", "million head"), encoding="utf-8")
    assert planmodel("series", "check", "mine.csv").message.startswith("mine.csv, line 15, column unit: ")
    assert planmodel("score", "--data", "mine.csv").message.startswith(
        "--data: mine.csv, line 15, column unit: "
    )
