"""Analyses from beginning to end, with the model itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cli_calls import planmodel

from planmodel.provenance import machine
from planmodel.runs import Observation, Progress
from planmodel.runs.evaluate import evaluate
from planmodel.runs.history import run
from planmodel.runs.measures import measure
from planmodel.scenario import load_scenario
from planmodel.scenario.configurations import ready_files
from planmodel.scenario.load import change_scenario
from planmodel.sensitivity.analyse import Result, analyse
from planmodel.sensitivity.load import Prepared, load_analysis, prepare
from planmodel.sensitivity.schema import Output
from planmodel.sensitivity.words import readings

VARY = '[vary]\n"draught.tractor_utilisation" = {}\n"cropping.seed_rate" = { around = 0.1 }\n'
OUTPUTS = """\
[outputs.harvest]
of = "grain_harvest"
dates = "1929"
[outputs.each_year]
of = "grain_harvest"
dates = "1928..1929"
yearly = true
[outputs.exports]
of = "grain_export"
dates = "1928..1929"
run = "closed"
against = "base"
compare = "difference"
[runs.closed]
switch_off = ["grain_exports"]
"""
ONE = 'scenario = "one_country"\n'  # what is tested is not the village
SOBOL = ONE + 'method = "sobol"\nsamples = 8\n' + VARY + OUTPUTS
GAME = """\
scenario = "one_country"
method = "attribution"
samples = 3
[vary]
"cropping.seed_rate" = {}
[players.exports]
switch_off = ["grain_exports"]
[players.weather]
title = "Weather"
set = { "exogenous.weather.scale" = 0.0 }
[players.seed]
set = { "cropping.seed_rate" = 0.1 }
[outputs.harvest]
of = "grain_harvest"
dates = "1929"
[outputs.stock]
of = "grain_state"
dates = "1929-12-31"
"""


def prepared(folder: Path, text: str) -> Prepared:
    folder.mkdir(exist_ok=True)
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return prepare(load_analysis(file), file)


def analysed(folder: Path, text: str) -> Result:
    return analyse(prepared(folder, text), folder / "out")


@pytest.fixture(scope="module")
def sobol(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return analysed(tmp_path_factory.mktemp("sobol"), SOBOL)


@pytest.fixture(scope="module")
def game(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return analysed(tmp_path_factory.mktemp("game"), GAME)


def column(result: Result, name: str) -> np.ndarray:
    return result.outputs[:, [s.name for s in result.series].index(name)]


def test_outputs_are_those_of_the_model(sobol: Result) -> None:
    members = sobol.prepared.members["base"]
    year = Observation("grain_harvest", date(1929, 1, 1), date(1929, 12, 31))
    exports = Observation("grain_export", date(1928, 1, 1), date(1929, 12, 31))
    seen = evaluate("one_country", members.columns, observe=[year, exports], numbers=[0] * len(members))
    assert np.array_equal(column(sobol, "harvest"), seen[year])  # though the run was cut off after 1929
    assert np.array_equal(column(sobol, "each_year@1929"), seen[year])
    assert column(sobol, "exports") == pytest.approx(-seen[exports])
    assert members.scenario.period.end == date(1929, 12, 31)


def test_the_design_is_that_of_the_inputs(sobol: Result) -> None:
    design, members = sobol.prepared.design, sobol.prepared.members["base"]
    assert len(members) == 8 * (2 + 2)
    # by key, not by line
    assert design.inputs == ["parameters.cropping.seed_rate", "parameters.draught.tractor_utilisation"]
    standing = load_scenario("one_country").parameters.cropping.seed_rate
    seed = members.columns["parameters.cropping.seed_rate"]
    assert np.corrcoef(seed, design.points[:, 0])[0, 1] > 0.99
    assert np.all((0.9 * standing <= seed) & (seed <= 1.1 * standing))


def test_so_few_samples_are_not_interpreted(sobol: Result) -> None:
    for line in readings(sobol):
        assert "not interpreted" in line
        assert "%" not in line.replace("95 %", "")


def test_an_analysis_that_was_stopped_goes_on(tmp_path: Path) -> None:
    text = SOBOL.replace("samples = 8", "samples = 16")
    about = prepared(tmp_path, text)

    def stop(run: str, state: Progress) -> None:
        if run == "closed" and state.run == 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyse(about, tmp_path / "out", progress=stop)
    again = analyse(about, tmp_path / "out")
    assert (again.run, again.members) == (64, 128)  # of two runs, the one that was missing
    whole = analyse(about, tmp_path / "anew")
    assert np.array_equal(again.outputs, whole.outputs)
    pd.testing.assert_frame_equal(again.table(), whole.table())


def test_results_do_not_depend_on_the_number_of_workers(tmp_path: Path, sobol: Result) -> None:
    two = analyse(prepared(tmp_path, SOBOL), tmp_path / "out", workers=2)
    assert np.array_equal(two.outputs, sobol.outputs)
    pd.testing.assert_frame_equal(two.table(), sobol.table())


def test_draws_of_a_file_keep_their_correlation(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    common = random.uniform(size=60)
    rows = pd.DataFrame(
        {
            "draught.tractor_utilisation": 0.45 + 0.1 * common,
            "cropping.seed_rate": 0.11 + 0.02 * common + 0.005 * random.uniform(size=60),
        }
    )
    rows.to_csv(tmp_path / "draws.csv", index=False)
    text = ONE + 'method = ["prcc", "delta", "pawn"]\nsamples = 50\nfile = "draws.csv"\n' + OUTPUTS
    result = analysed(tmp_path, text)
    points = result.prepared.design.points
    assert np.corrcoef(points[:, 0], points[:, 1])[0, 1] > 0.9
    given = {tuple(row) for row in rows.round(12).to_numpy()}
    assert all(tuple(row) in given for row in points.round(12))
    assert set(result.table()["method"]) == {"prcc", "delta", "pawn"}


def test_shares_sum_to_the_whole_in_the_model(game: Result) -> None:
    for name in ("harvest", "stock"):
        shares = game.shares[name]
        assert shares.table["shapley"].sum() == pytest.approx(shares.whole[0])
        assert shares.full - shares.none == pytest.approx(shares.whole[0])
        assert shares.whole[0] != 0.0


def test_a_coalition_is_the_model_without_the_others(game: Result) -> None:
    about = game.prepared.game
    assert about is not None
    only_exports = int(np.flatnonzero(about.masks == 1)[0])
    values = about.members.columns["parameters.cropping.seed_rate"]
    rows = slice(only_exports * about.draws, (only_exports + 1) * about.draws)
    assert np.all(values[rows] == 0.1)  # the drawn value is the mechanism that does not play
    scenario = change_scenario(
        load_scenario("one_country").until(date(1929, 12, 31)),
        {"exogenous.weather.scale": 0.0, "parameters.cropping.seed_rate": 0.1},
        "test",
    )
    (expected,) = measure(Output(of="grain_state", dates="1929-12-31"), run(scenario))
    assert column(game, "stock")[rows] == pytest.approx(expected, rel=1e-15)
    everyone = int(np.flatnonzero(about.masks == 7)[0]) * about.draws
    assert len(set(values[everyone : everyone + 3])) == 3


def test_the_command_writes_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(SOBOL, encoding="utf-8")
    answer = planmodel("sensitivity", "mine.toml", "--samples", "16")
    assert answer.status == 0, answer.err
    assert "NOT CONVERGED" in answer.out
    folder = tmp_path / "out" / "sensitivity" / "mine" / "results"
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {"indices.csv", "growing_sample.csv", "readings.md"} <= set(about["files"])
    assert about["machine"] == machine()
    for figure in ("bars", "heat_map", "scatter", "growing_sample", "evolution"):
        assert f"figures/sobol_{figure}.png" in about["files"]
    table = pd.read_csv(folder / "indices.csv")
    assert set(table["index"]) == {"S1", "ST"}
    assert {"low", "high", "samples", "converged", "note"} <= set(table.columns)
    again = planmodel("sensitivity", "mine.toml", "--samples", "16")
    assert "were there before" in again.out
    assert "0 members run" in again.out
    other = planmodel("sensitivity", "mine.toml", "--samples", "32")
    assert other.status == 2
    assert "holds another ensemble" in other.err
    assert planmodel("sensitivity", "mine.toml", "--samples", "32", "--force").status == 0


def test_files_of_the_user_are_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(SOBOL, encoding="utf-8")
    for place in ("o/results", "p/ensembles/base"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "thesis.txt").write_text("years of work")
    for force in ((), ("--force",)):
        assert planmodel("sensitivity", "mine.toml", "--out", "o", *force).message == (
            "--out o/results: exists and is not a result of planmodel; --force will not replace it"
        )
        assert planmodel("sensitivity", "mine.toml", "--out", "p", *force).message == (
            "p/ensembles/base: holds 'thesis.txt' and is not an ensemble of planmodel; "
            "allowed: a new or empty folder, or that of an ensemble"
        )
    assert sorted(str(f.relative_to(tmp_path)) for f in tmp_path.rglob("*.*")) == [
        "mine.toml", "o/results/thesis.txt", "p/ensembles/base/thesis.txt",
    ]  # fmt: skip


def test_the_command_shares_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(GAME, encoding="utf-8")
    assert planmodel("sensitivity", "mine.toml", "--out", "here", "--quiet").out == ""
    table = pd.read_csv(tmp_path / "here" / "results" / "shares.csv")
    assert set(table["player"]) == {"exports", "weather", "seed"}
    sums = table.groupby("output")["shapley"].sum()
    whole = table.groupby("output")[["with_all", "without"]].first()
    assert sums.to_numpy() == pytest.approx((whole["with_all"] - whole["without"]).to_numpy())
    assert len(pd.read_csv(tmp_path / "here" / "results" / "pairs.csv")) == 6


def test_the_command_discovers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    short = run(load_scenario("one_country").until(date(1928, 12, 31)))
    middle = float(np.median(short["grain_harvest"].sum("time")))
    text = f"""
scenario = "one_country"
method = "discovery"
samples = 200
{VARY}"cropping.harvest_1928" = {{ around = 0.05 }}
[outcomes.good_harvest]
claims = [{{ of = "grain_harvest", dates = "1928", above = {middle} }}]
"""
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    answer = planmodel("sensitivity", "mine.toml")
    assert answer.status == 0, answer.err
    boxes = pd.read_csv(tmp_path / "out" / "sensitivity" / "mine" / "results" / "boxes.csv")
    assert "parameters.cropping.harvest_1928" in set(boxes["input"])
    assert boxes["density_low"].iloc[0] > boxes["share"].iloc[0] > 0.3
    assert (tmp_path / "out/sensitivity/mine/results/figures/box_good_harvest.png").is_file()


@pytest.mark.parametrize("name", list(ready_files("sensitivity")))
def test_ready_analyses_are_valid(name: str) -> None:
    file = ready_files("sensitivity")[name]
    assert prepare(load_analysis(name, samples=2), file).size > 0
