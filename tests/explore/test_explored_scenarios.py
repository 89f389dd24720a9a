"""A question is a scenario: what is moved says what it says in a file, and gives the same histories."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from exploring import opened

from planmodel.engine import UserError
from planmodel.explore.answering import Asker
from planmodel.explore.asked import Explored
from planmodel.scenario import load_scenario
from planmodel.scenario.decrees import Decree

ALL: dict[str, Any] = {
    "sliders": {
        "weather_1932": -0.2,
        "weather_1931": 0.1,
        "exports": 0.5,
        "push": 0.3,
        "relief": 0.1,
        "defence": 0.5,
    },
    "decrees": {
        "mass_collectivisation": {"on": True, "date": "1930-11-17"},
        "passports": {"on": False},
        "plots_by_rule": {"on": True, "date": "1931-03-31"},
    },
}


def test_nothing_asked_is_the_scenario_itself() -> None:
    explored = opened()
    same = {name: moved.value for name, moved in explored.ranges.items()}
    stay = {name: {"on": decree.enabled} for name, decree in explored.scenario.decrees.items()}
    for asked in ({}, {"sliders": same, "decrees": stay}):
        assert explored.tree(asked) == {}
        assert explored.changed(asked) is explored.scenario


@pytest.mark.parametrize("source", ["baseline", "relief_by_rule"])
def test_the_file_gives_the_histories_that_were_shown(source: str, tmp_path: Path) -> None:
    explored = opened(source)
    asker = Asker(explored, 3, seed=4)
    file = tmp_path / "explored.toml"
    file.write_text(explored.toml(ALL), encoding="utf-8")
    shown = asker.read(explored.changed(ALL), range(3))
    assert np.array_equal(shown, asker.read(load_scenario(file), range(3)), equal_nan=True)
    assert not np.array_equal(shown, asker.read(explored.scenario, range(3)), equal_nan=True)


def test_each_thing_stands_in_the_file_where_a_user_would_write_it() -> None:
    said = tomllib.loads(opened().toml(ALL))
    assert said["extends"] == "baseline"
    assert said["exogenous"]["weather"]["values"] == {"1931": 0.1, "1932": -0.2}
    base = {str(year): value for year, value in ((1929, 0.178), (1930, 4.846 / 2), (1934, 0.769))}
    assert {year: said["exogenous"]["grain_export_plan"]["values"][year] for year in base} == base
    assert said["parameters"] == {"plan": {"push": 0.3}, "state_grain": {"relief": 0.1}}
    assert said["decrees"]["mass_collectivisation"] == {"date": date(1930, 11, 17)}
    assert said["decrees"]["passports"] == {"enabled": False}
    assert said["decrees"]["plots_by_rule"]["not_before"] == date(1931, 3, 31)


def test_every_slider_moves_to_its_ends_and_stands_where_the_scenario_has_it() -> None:
    explored = opened()
    for name, moved in explored.ranges.items():
        assert moved.low <= moved.value <= moved.high
        for number in (moved.low, moved.high):
            if number != moved.value:
                assert explored.changed({"sliders": {name: number}}).digest() != explored.scenario.digest(), (
                    name
                )


def test_a_file_of_ones_own_can_be_explored(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('extends = "baseline"\n[parameters.plan]\npush = 0.15\n', encoding="utf-8")
    explored = Explored(str(mine), load_scenario(mine))
    assert explored.ranges["push"].value == 0.15
    asked = {"sliders": {"relief": 0.2}}
    (tmp_path / "explored.toml").write_text(explored.toml(asked), encoding="utf-8")
    again = load_scenario(tmp_path / "explored.toml")
    assert again.parameters.plan.push == explored.changed(asked).parameters.plan.push == 0.15


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ([], "the question: '[]' is not valid; allowed: a table"),
        ({"slider": {}}, "slider: no such key; did you mean 'sliders'?"),
        ({"sliders": []}, "sliders: '[]' is not valid; allowed: a table"),
        ({"sliders": {"wether_1932": 0}}, "sliders.wether_1932: no such slider; did you mean 'weather_1932'"),
        ({"sliders": {"weather_1932": 2}}, "weather_1932: 2 is out of bounds; allowed: -0.35 to 0.35"),
        ({"sliders": {"weather_1932": float("nan")}}, "sliders.weather_1932: nan is out of bounds"),
        ({"sliders": {"weather_1932": 10**3000}}, "sliders.weather_1932: 1000"),
        ({"sliders": {"weather_1932": True}}, "sliders.weather_1932: 'True' is not a number"),
        ({"sliders": {"weather_1932": "<b>"}}, "sliders.weather_1932: '<b>' is not a number"),
        ({"decrees": {"passport": {}}}, "decrees.passport: no such decree; did you mean 'passports'?"),
        ({"decrees": {"passports": 1}}, "decrees.passports: '1' is not valid; allowed: a table"),
        ({"decrees": {"passports": {"when": "1"}}}, "decrees.passports.when: no such key; allowed: on, date"),
        ({"decrees": {"passports": {"on": 1}}}, "passports.on: '1' is not valid; allowed: true or false"),
        ({"decrees": {"passports": {"date": "soon"}}}, "decrees.passports.date: 'soon' is not a date"),
        ({"decrees": {"passports": {"date": "1955-01-01"}}}, "decrees.passports.date: 1955-01-01 is outside"),
        ({"decrees": {"camps_for_long_terms": {"date": "1930-02-25"}}}, "sets this lever on the same day"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_told_in_one_line(asked: Any, message: str) -> None:
    with pytest.raises(UserError) as told:
        opened().toml(asked)
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_an_economy_without_an_explorer_says_so() -> None:
    kuzbass = load_scenario("kuzbass")
    with pytest.raises(UserError, match=r"kuzbass: economy 'kuzbass' has no explorer; allowed: .*soviet"):
        _ = Explored("kuzbass", kuzbass).controls


def test_rules_are_decrees_that_the_economy_takes() -> None:
    explored = opened()
    assert explored.rules
    for name, rule in explored.rules.items():
        assert isinstance(rule, Decree)
        changed = explored.changed({"decrees": {name: {"on": True}}})
        assert changed.decrees[name].when == rule.when
