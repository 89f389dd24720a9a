"""Rivals and their forecasts: in an economy of two sectors, whose growth its parameters decide."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import toys

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_calls import Answer, fits, planmodel

from planmodel.calibration import rivals_folder
from planmodel.calibration.facts import around, centre, facts_of, held
from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import Points, prepare
from planmodel.calibration.rivals import rivals_of
from planmodel.calibration.targets import Point
from planmodel.runs.posterior import read_posterior
from planmodel.scenario import load_scenario

CONFIG = """
scenario = "feldman_domar"
[fit.machines.kept]
[fit.machines.capital_output]
low = 1.5
high = 4.0
[tempering]
particles = 30
moves = 3
last_moves = 5
[validation]
fit_until = 1931
[rivals.plain]
title = "As it is"
[rivals.wearing]
title = "Machines that wear out"
source = "invented for a test"
changes = { "parameters.consumption.capital_output" = 2.0 }
fit.machines.wear = { low = 0.15 }
fit.machines.capital_output = { low = 3.5 }
hold.machines.kept = 0.4
"""
FACT = """
[targets.{name}]
model = "{model}"
transform = "rate"
date = "{date}"
between = [{low}, {high}]
error = 0.01
discrepancy = 0.0
firm = {firm}
source = "invented for a test"
evidence = "assumption"
"""


def facts() -> str:
    """Facts that the first form can hold, one of them late, and one in words that is no fact."""
    return "".join(
        FACT.format(name=name, model=model, date=date, low=low, high=high, firm=firm)
        for name, model, date, low, high, firm in (
            ("early_growth", "consumption", 1930, 0.1, 0.3, "true"),
            ("late_growth", "consumption", 1935, 0.1, 0.3, "true"),
            ("early_machines", "capital_sector_1", 1930, 0.0, 0.9, "false"),
        )
    )


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rivals") / "small.toml"
    file.write_text(CONFIG + facts(), encoding="utf-8")
    return file


def ask(command: str, config: Path, out: Path, *words: str) -> Answer:
    return planmodel(command, str(config), "--workers", "1", "--seed", "2", "--out", str(out), *words)


@pytest.fixture(scope="module")
def contested(config: Path) -> tuple[Answer, Path]:
    out = config.parent / "rivals"
    return ask("rivals", config, out), out


@pytest.fixture(scope="module")
def foretold(config: Path) -> tuple[Answer, Path]:
    out = config.parent / "forecast"
    return ask("forecast", config, out), out


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return found


# ---- what a rival is


def test_a_rival_lays_its_own_over_the_calibration(config: Path) -> None:
    whole = load_calibration(config)
    rival = whole.rival("wearing")
    assert set(rival.fit["machines"]) == {"capital_output", "wear"}  # what it holds it does not seek
    assert rival.hold == {"machines": {"kept": 0.4}}
    scenario, points, cube = prepare(rival)
    assert scenario.parameters.machines.kept == 0.4
    assert scenario.parameters.consumption.capital_output == 2.0
    assert len(points) == len(prepare(whole)[1]) == 3
    assert [key.dotted for key in cube.keys] == ["machines.capital_output", "machines.wear"]
    assert cube.low == pytest.approx([3.5, 0.15])  # its own range comes before that of the calibration
    assert whole.rival("plain").fit == whole.fit


def test_the_shipped_rivals_are_sound_and_differ() -> None:
    found = {rival.name: rival for rival in rivals_of("accumulation")}
    assert len(found) == 16
    assert prepare(found["full"])[0].digest() == load_scenario("baseline").digest()
    assert len({prepare(rival)[0].digest() for rival in found.values()}) == 16
    latent = [key.dotted for key in prepare(found["retreat"])[2].keys if key.sd is not None]
    assert latent == [f"exogenous.plan_shock.values.{year}" for year in range(1929, 1940)]


# ---- facts and good draws


def firm(name: str, low: float, high: float, is_firm: bool = True) -> Point:
    return replace(toys.point(name, low, high), firm=is_firm)


def test_facts_are_firm_ranges() -> None:
    points = Points(
        [firm("range", 1.0, 2.0), firm("figure", 1.0, 1.0), firm("loose", 1.0, 2.0, is_firm=False),
         firm("ceiling", -np.inf, 2.0)],
        persistence=0.0,
    )  # fmt: skip
    assert [points.points[i].target for i in facts_of(points)] == ["range", "ceiling"]
    predicted = np.array([[1.5, 0, 0, 1.0], [2.5, 1, 1, 2.0], [np.nan, 1, 1, 2.1]])
    assert held(points, predicted).tolist() == [[True, True], [False, True], [False, False]]


def test_good_draws_hold_most_facts_and_then_fit_best() -> None:
    unit = np.arange(10.0)[:, None] / 10.0
    holds = np.zeros((10, 2), dtype=bool)
    holds[[3, 4, 5], 0] = True
    misfit = np.array([0.0, 0, 0, 9, 1, 2, 0, 0, 0, 0])
    assert centre(unit, holds, misfit, share=0.2)[0] == pytest.approx(0.45)
    assert centre(unit, holds, misfit, share=0.01)[0] == 0.4


def test_draws_around_a_point_stay_in_reach_and_in_the_cube() -> None:
    drawn = around(np.array([0.5, 0.02]), 0.1, 4000, np.random.default_rng(1))
    assert drawn.min(axis=0) == pytest.approx([0.4, 0.0], abs=0.001)
    assert drawn.max(axis=0) == pytest.approx([0.6, 0.12], abs=0.001)
    assert drawn.mean(axis=0) == pytest.approx([0.5, 0.06], abs=0.003)


# ---- the commands


def test_rivals_are_shown_by_evidence_with_a_doubt_about_it(contested: tuple[Answer, Path]) -> None:
    answer, _ = contested
    assert answer.status == 0, answer.err
    assert fits(answer.out)
    said = " ".join(answer.out.split())
    assert "a lead of less than 10 says nothing here" in said
    assert "has the highest evidence" in said
    assert "early_growth" not in said


def test_rows_say_what_rivals_came_to(contested: tuple[Answer, Path]) -> None:
    plain, wearing = rows(contested[1], "rivals")
    assert (plain["rival"], wearing["source"]) == ("plain", "invented for a test")
    assert plain["facts"] == plain["best_holds"] == plain["centre_holds"] == 2
    assert plain["log_evidence"] > wearing["log_evidence"]
    assert wearing["all_facts"] < 0.2 < plain["all_facts"]
    assert plain["lowest_misfit"] <= plain["misfit_of_mean"]
    by_fact = pd.read_csv(contested[1] / "facts.csv")
    assert by_fact["fact"].tolist() == 2 * ["early_growth", "late_growth"]
    assert pd.read_csv(contested[1] / "rivals.csv")["rival"].tolist() == ["plain", "wearing"]


def test_draws_and_centre_are_files_that_other_commands_read(contested: tuple[Answer, Path]) -> None:
    draws = read_posterior(contested[1] / "rival_wearing.nc")
    assert len(draws) == 30
    assert set(draws.values) == {"machines.capital_output", "machines.wear"}
    scenario = load_scenario(contested[1] / "wearing.toml")
    assert scenario.parameters.machines.kept == 0.4
    assert scenario.parameters.consumption.capital_output == 2.0
    assert 0.15 <= scenario.parameters.machines.wear <= 0.2


def test_what_is_fitted_is_not_fitted_again(
    contested: tuple[Answer, Path], config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rivals_folder, "fit_rival", _forbidden)
    again = ask("rivals", config, contested[1])
    assert again.out == contested[0].out
    other = ask("rivals", config, contested[1], "--particles", "20")
    assert "holds fits of other settings or other code (plain, wearing)" in other.message


def _forbidden(*_: Any, **__: Any) -> None:
    raise AssertionError("fitted again")


@pytest.mark.parametrize("command", ["rivals", "forecast"])
def test_a_contest_that_was_stopped_goes_on(
    command: str, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: Any
) -> None:
    """Stopped within the second rival: the first is kept whole, the second is answered from its journal."""
    whole = request.getfixturevalue({"rivals": "contested", "forecast": "foretold"}[command])[1]
    out = tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr("planmodel.cli.progress.Progress.__call__", _stops("wearing"))
        assert ask(command, config, out).status == 130
    assert [row["rival"] for row in rows(out, command)] == ["plain"]
    (journal,) = tmp_path.glob(".out-wearing-*.journal")
    assert journal.stat().st_size > 1000
    assert ask(command, config, out).status == 0
    assert not list(tmp_path.glob(".out*"))
    first, second = rows(whole, command)[1], rows(out, command)[1]
    assert second["runs"] < first["runs"]
    for row in (first, second):
        del row["runs"], row["seconds"]
    assert first == second


def _stops(name: str) -> Callable[..., None]:
    def told(_: object, stage: str, done: int, of: int, misfit: float) -> None:
        if stage == name:
            raise KeyboardInterrupt

    return told


def test_only_some_are_fitted_and_others_join_them(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("--particles", "20")
    assert ask("rivals", config, out, "--only", "wearing", *words).status == 0
    assert [row["rival"] for row in rows(out, "rivals")] == ["wearing"]
    answer = ask("rivals", config, out, *words)
    assert [row["rival"] for row in rows(out, "rivals")] == ["plain", "wearing"]
    assert "A trial with fewer runs" in answer.out
    assert "less than 30 says nothing here" in " ".join(answer.out.split())


def test_forecasts_see_nothing_of_later_years(foretold: tuple[Answer, Path]) -> None:
    answer, out = foretold
    assert answer.status == 0, answer.err
    assert fits(answer.out)
    plain, _ = rows(out, "forecast")
    assert plain["until"] == 1931
    assert [fact["fact"] for fact in plain["by_fact"]] == ["late_growth"]
    assert [year["year"] for year in plain["by_year"]] == [1935]
    growth = pd.read_csv(out / "forecast_growth.csv")
    mine = growth[growth["rival"] == "plain"]
    assert mine["year"].tolist() == list(range(1931, 1941))
    assert (mine["low"] <= mine["median"]).all()
    assert (mine["median"] <= mine["high"]).all()
    assert mine["lowest"].sum() == pytest.approx(1.0)
    assert mine["lowest"].notna().sum() == 5
    assert "Year of the lowest growth" in answer.out


def test_a_later_fact_that_changes_does_not_change_the_fit(config: Path, tmp_path: Path) -> None:
    text = config.read_text(encoding="utf-8")
    changed = tmp_path / "small.toml"
    head, late = text.split("[targets.late_growth]")
    changed.write_text(f"{head}[targets.late_growth]{late.replace('[0.1, 0.3]', '[-0.3, -0.1]', 1)}")
    found = []
    for number, file in enumerate((config, changed)):
        out = tmp_path / str(number)
        assert ask("forecast", file, out, "--only", "plain").status == 0
        found.append(rows(out, "forecast")[0])
    assert found[0]["log_evidence"] == found[1]["log_evidence"]
    assert found[0]["by_fact"][0]["median"] == found[1]["by_fact"][0]["median"]
    assert found[1]["by_fact"][0]["inside"] == 0.0 < found[0]["by_fact"][0]["inside"]
    assert found[1]["log_foretold"] < found[0]["log_foretold"]


def test_figures_of_the_last_year_are_seen_and_a_late_base_is_not(config: Path, tmp_path: Path) -> None:
    points = [toys.point("a", 1.0, year=1930), toys.point("b", 1.0, year=1931)]
    points.append(replace(points[0], target="c", over=toys.observation("base", 1937)))
    assert Points(points, 0.0).seen(1930).tolist() == [1.0, 0.0, 0.0]
    assert (
        Points(points, 0.0).seen(1937).tolist() == Points(points, 0.0).seen(None).tolist() == [1.0, 1.0, 1.0]
    )
    out = tmp_path / "out"
    assert ask("forecast", config, out, "--only", "plain", "--until", "1930").status == 0
    (row,) = rows(out, "forecast")
    assert [fact["fact"] for fact in row["by_fact"]] == ["late_growth"]  # that of 1930 was seen


# ---- what is refused


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--only", "wering"), "--only wering: no such rival; did you mean 'wearing'?"),
        (("--particles", "3"), "--particles 3: out of bounds; allowed: 20 to 100000"),
        (("--seed", "-1"), "--seed -1: out of bounds; allowed: 0 to 4294967295"),
    ],
)
@pytest.mark.parametrize("command", ["rivals", "forecast"])
def test_options_that_are_refused(
    command: str, words: tuple[str, ...], said: str, config: Path, tmp_path: Path
) -> None:
    assert planmodel(command, str(config), *words, "--out", str(tmp_path / "out")).message == said


def test_a_year_beyond_the_run_is_refused(config: Path) -> None:
    said = planmodel("forecast", str(config), "--until", "1940").message
    assert said == "--until 1940: out of bounds; allowed: 1929 to 1939, within the run"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("changes = {", 'scenario = "kuzbass"\nchanges = {', "scenario: 'kuzbass' is of another economy"),
        ("changes = {", 'scenario = "feldman"\nchanges = {', "no scenario is called 'feldman'"),
        ('output" = 2.0', 'outptu" = 2.0', "parameters.consumption.capital_outptu"),
    ],
)
def test_rivals_whose_scenario_cannot_be_run(
    old: str, new: str, said: str, config: Path, tmp_path: Path
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(config.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    message = planmodel("rivals", str(file)).message
    assert message.startswith(f"{file}: rivals.wearing: ")
    assert said in message


def test_without_a_fact_nothing_is_asked(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "loose.toml"
    file.write_text(
        config.read_text(encoding="utf-8").replace("firm = true", "firm = false"), encoding="utf-8"
    )
    said = "none is a fact; allowed: one or more with firm = true and between, above or below"
    assert planmodel("rivals", str(file)).message == f"{file}: targets: {said}"


def test_a_calibration_without_rivals_is_its_own(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "alone.toml"
    text = config.read_text(encoding="utf-8")
    file.write_text(text[: text.index("[rivals.plain]")] + facts(), encoding="utf-8")
    assert ask("forecast", file, tmp_path / "out", "--particles", "20").status == 0
    assert [row["rival"] for row in rows(tmp_path / "out", "forecast")] == ["alone"]


def test_a_folder_of_another_command_is_left_alone(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert planmodel("run", "feldman_domar", "--out", str(out)).status == 0
    before = sorted(file.name for file in out.iterdir())
    assert "--force will not replace it" in ask("rivals", config, out, "--force").message
    assert sorted(file.name for file in out.iterdir()) == before
