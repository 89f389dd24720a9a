"""`planmodel centre` as a user calls it: rows, a folder from which it goes on, a scenario, refusals."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cli_calls import Answer, fits, planmodel

from planmodel.robustness import centre
from planmodel.robustness.judging import judge_draws
from planmodel.scenario import load_scenario
from planmodel.storage import read_manifest, verified

CALIBRATION = """
scenario = "kuzbass"
changes = { "parameters.mines.step" = 1.2 }
[fit.farm.food_yield]
[fit.mines.coke_yield]
[targets.food_grown]
date = "1923"
value = 400.0
error = 0.02
source = "invented for a test"
evidence = "assumption"
"""
CHECKS = """
[checks.grown]
fact = 1
statement = "More food is grown than there is"
source = "toy"
claims = [{ of = "food_grown", dates = "1923", between = [500.0, 600.0] }]
[checks.miners]
fact = 2
statement = "Many miners work in the colony"
source = "toy"
claims = [{ of = "people_miners", dates = "1923-12-31", between = [4500.0, 5500.0] }]
[checks.equal]
statement = "Settlers leave though all are supplied alike"
source = "toy"
runs.equal = { switch_off = ["wage_scale"] }
claims = [{ of = "left_colonists", dates = "1922..1924", run = "equal", above = 1e6 }]
[checks.swept]
statement = "A sweep is around the scenario itself"
source = "toy"
runs.swept = { sweep = { parameter = "farm.food_yield", values = [0.8, 0.9] } }
claims = [{ of = "food_grown", dates = "1923", run = "swept", trend = "rises" }]
[joint.pair]
title = "Food and miners"
checks = ["grown", "miners"]
"""
FILES = ("steps.csv", "centre.toml", "centring.json")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("centre")
    (folder / "checks.toml").write_text(CHECKS, encoding="utf-8")
    (folder / "fit.toml").write_text(CALIBRATION, encoding="utf-8")
    return folder / "fit.toml"


def ask(config: Path, out: Path, *words: str, steps: int = 2) -> Answer:
    given = ("--steps", str(steps), "--draws", "40", "--seed", "3", "--out", str(out))
    return planmodel("centre", str(config), *given, *words)


@pytest.fixture(scope="module")
def sought(config: Path) -> tuple[Answer, Path]:
    out = config.parent / "whole"
    return ask(config, out), out


def contents(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in FILES]


def test_a_row_a_step_and_a_scenario_of_what_moved(sought: tuple[Answer, Path]) -> None:
    answer, out = sought
    assert answer.status == 0, answer.err
    lines = answer.out.splitlines()
    first = "kuzbass: 40 draws a step, seed 3; parameters, of the width of their bounds: "
    assert lines[0] == first + "2 within 10 %, 36 within 5 %"
    assert fits("\n".join(lines[1:-3]))
    table = pd.read_csv(out / "steps.csv")
    assert table["step"].tolist() == [1, 2]
    assert table["moved"].is_monotonic_increasing
    assert (table["moved"] > 0.0).all()
    assert table["share_all"].between(0.0, 1.0).all()
    for row, line in zip(table.to_dict("records"), lines[3:5], strict=True):
        assert line.split()[:2] == [str(row["step"]), f"{row['cost']:.1f}"]
    verified(out, read_manifest(out))
    kept = json.loads((out / "centring.json").read_text(encoding="utf-8"))
    places = kept["parameters"]
    scenario = tomllib.loads((out / "centre.toml").read_text(encoding="utf-8"))
    assert scenario["extends"] == "kuzbass"
    said = {f"{c}.{n}": v for c, group in scenario["parameters"].items() for n, v in group.items()}
    changed = {name for name, at in places.items() if abs(at["centre"] - at["start"]) > 1e-12}
    assert 0 < len(set(said) - {"mines.step"}) < len(places)
    assert set(said) <= changed | {"mines.step"}  # what the calibration says itself stays
    assert all(value == float(f"{value:.3g}") for value in said.values())
    assert answer.out.count("Moved furthest") == 1
    load_scenario(out / "centre.toml")


def test_what_a_step_moves_is_the_sum_of_small_moves_within_the_bounds(sought: tuple[Answer, Path]) -> None:
    places = json.loads((sought[1] / "centring.json").read_text(encoding="utf-8"))["parameters"]
    assert all(0.04 <= at["centre"] <= 0.96 for at in places.values())
    moved = [at for at in places.values() if 0.04 < at["start"] < 0.96 and at["centre"] != at["start"]]
    assert all(abs(at["centre"] - at["start"]) < 0.6 for at in moved)


def test_the_same_command_tells_the_same_and_runs_nothing(
    sought: tuple[Answer, Path], config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(centre, "judge_draws", _forbidden)
    before = contents(sought[1])
    assert ask(config, sought[1]).out == sought[0].out
    assert contents(sought[1]) == before


def _forbidden(*_: Any, **__: Any) -> None:
    raise AssertionError("run again")


def test_a_search_that_was_stopped_goes_on_to_the_same_bits(
    sought: tuple[Answer, Path], config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr(centre, "judge_draws", _stops(judge_draws))
        stopped = ask(config, out)
    assert stopped.status == 130
    assert "the same command goes on" in stopped.err
    assert pd.read_csv(out / "steps.csv")["step"].tolist() == [1]
    assert ask(config, out, "--workers", "2").status == 0  # nor does it hang on where draws are run
    assert contents(out) == contents(sought[1])
    assert sorted(path.name for path in tmp_path.rglob("*")) == sorted([*FILES, "manifest.json", "out"])


def _stops(judge: Callable[..., Any]) -> Callable[..., Any]:
    """Stop in the second step, as Ctrl-C does."""
    calls: list[int] = []

    def stopping(*given: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return judge(*given, **named)

    return stopping


def test_each_step_draws_others(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the same places around a centre that moved: in each the draws have another order."""
    orders: list[list[int]] = []

    def seen(scenario: Any, checks: Any, values: Any, *given: Any) -> Any:
        orders.append(values["parameters.farm.food_yield"].argsort().tolist())
        return judge_draws(scenario, checks, values, *given)

    monkeypatch.setattr(centre, "judge_draws", seen)
    assert ask(config, tmp_path / "out").status == 0
    assert orders[0] != orders[1]


def test_more_steps_go_on_and_fewer_are_refused(
    sought: tuple[Answer, Path], config: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert ask(config, out, steps=1).status == 0
    assert ask(config, out, steps=2).status == 0
    assert contents(out) == contents(sought[1])
    assert ask(config, out, steps=1).message == (
        f"--out {out}: holds 2 steps, more than --steps 1; allowed: as many, another folder, or --force to "
        "begin anew"
    )
    assert ask(config, out, "--force", steps=1).status == 0
    assert len(pd.read_csv(out / "steps.csv")) == 1


def test_other_settings_are_refused_and_begun_anew_by_force(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert ask(config, out, steps=1).status == 0
    before = contents(out)
    said = (
        f"--out {out}: holds steps of other others, seed; allowed: another folder, or --force to begin anew"
    )
    assert ask(config, out, "--others", "0.02", "--seed", "4", steps=1).message == said
    assert contents(out) == before
    kept = config.read_text(encoding="utf-8")
    try:
        config.write_text(kept.replace("400.0", "410.0"), encoding="utf-8")
        assert "holds steps of other files or other code" in ask(config, out, steps=1).message
    finally:
        config.write_text(kept, encoding="utf-8")
    assert ask(config, out, "--seed", "4", "--force", steps=1).status == 0
    assert contents(out) != before


def test_nothing_of_others_is_replaced_and_damage_is_told(config: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert "--force will not replace it" in ask(config, mine, "--force", steps=1).message
    out = tmp_path / "out"
    assert ask(config, out, steps=1).status == 0
    (out / "centring.json").write_text("{}", encoding="utf-8")
    assert "centring.json: is damaged: its hash is not that of manifest.json" in ask(config, out).message


def test_checks_besides_the_facts_are_asked_in_runs_of_their_own_and_some_weigh_more(
    config: Path, tmp_path: Path
) -> None:
    checks = ("--config", str(config.parent / "checks.toml"))
    rows = {}
    for name, words in {
        "facts": (),
        "also": ("--also", "equal"),
        "heavy": ("--also", "equal", "--heavy", "equal"),
    }.items():
        answer = ask(config, tmp_path / name, *checks, *words, steps=1)
        assert answer.status == 0, answer.err
        (rows[name],) = pd.read_csv(tmp_path / name / "steps.csv").to_dict("records")
    # No draw comes near a million: as far off as counts, four quarters of the width, squared, by a half.
    assert rows["also"]["cost"] == pytest.approx(rows["facts"]["cost"] + 8.0)
    assert rows["heavy"]["cost"] == pytest.approx(rows["facts"]["cost"] + 2.5 * 8.0)
    assert rows["also"]["facts"] == rows["facts"]["facts"]  # it is no fact
    assert rows["also"]["share_pair"] == rows["facts"]["share_pair"]
    # What all miss alike moves nothing.
    assert centres(tmp_path / "also") == pytest.approx(centres(tmp_path / "facts"))


def centres(folder: Path) -> dict[str, float]:
    places = json.loads((folder / "centring.json").read_text(encoding="utf-8"))["parameters"]
    return {name: at["centre"] for name, at in places.items()}


CASES = {
    "--within 0": "--within 0: out of bounds; allowed: above 0, up to 1 (the whole width)",
    "--within nan": "--within nan: out of bounds; allowed: above 0, up to 1 (the whole width)",
    "--others -0.1": "--others -0.1: out of bounds; allowed: 0 to 1 (the whole width)",
    "--others nan": "--others nan: out of bounds; allowed: 0 to 1 (the whole width)",
    "--steps 0": "--steps 0: out of bounds; allowed: 1 to 10000",
    "--draws 19": "--draws 19: out of bounds; allowed: 20 to 1000000",
    "--workers 0": "--workers 0: out of bounds; allowed: 1 to 512",
    "--seed -1": "--seed: -1 is not valid; allowed: a whole number from 0 to 4294967295",
    "archivl": "calibrations: none is called 'archivl'; did you mean 'archival'?",
    "--config stylised_fact": "checks: none is called 'stylised_fact'; did you mean 'stylised_facts'?",
    "--also crisis_of_1937_without_al": (
        "--also crisis_of_1937_without_al: no check is called so; did you mean "
        "'crisis_of_1937_without_all_three'?"
    ),
    "--heavy plateau_1940": (
        "--heavy plateau_1940: no check that is asked is called so; did you mean 'plateau_to_1940'?"
    ),
}


@pytest.mark.parametrize("words", CASES)
def test_what_is_wrong_is_said_in_one_line(words: str, tmp_path: Path) -> None:
    answer = planmodel("centre", *words.split(), "--out", str(tmp_path / "out"))
    assert answer.message == CASES[words]
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_judged_or_drawn_is_refused(config: Path, tmp_path: Path) -> None:
    checks = ("--config", str(config.parent / "checks.toml"))
    assert ask(config, tmp_path / "out", *checks, "--also", "swept").message == (
        "--also swept: cannot be judged in draws: it lies outside of the period, or has a sweep of its own"
    )
    late = tmp_path / "late.toml"
    late.write_text(CHECKS[: CHECKS.index("[checks.miners]")].replace('"1923"', '"1937"'), encoding="utf-8")
    assert ask(config, tmp_path / "out", "--config", str(late)).message == (
        "kuzbass: none of the checks can be judged within its period"
    )
    assert not (tmp_path / "out").exists()
