"""Exogenous series: one year changed is one year changed at every door, and what is not covered is said."""

import tempfile
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel.documented.vocabulary import EVIDENCE
from planmodel.engine import UserError
from planmodel.engine.parameters import Evidence
from planmodel.runs.history import History
from planmodel.scenario import load_scenario
from planmodel.scenario.changes import parse_change
from planmodel.scenario.coverage import coverage_notes
from planmodel.scenario.exogenous import exogenous_series
from planmodel.scenario.load import change_scenario
from planmodel.scenario.overlay import lay_series
from planmodel.scenario.plausible import plausibility_notes

BASELINE = load_scenario("baseline")
SHORT = BASELINE.until(BASELINE.period.start.replace(month=3, day=31))
WEATHER = BASELINE.exogenous.weather.values
ABOUT = {"unit": "1", "source": "test", "evidence": "assumption"}


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(sorted(WEATHER)), st.floats(-0.3, 0.3))
def test_one_year_is_the_same_at_every_door(year: str, value: float) -> None:
    key = f"exogenous.weather.values.{year}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "other.toml"
        text = f'extends = "baseline"\n[exogenous.weather]\nvalues = {{ {year} = {value!r} }}\n'
        file.write_text(text, encoding="utf-8")
        by_file = load_scenario(file)
    by_set = load_scenario("baseline", dict([parse_change(f"{key}={value!r}")]))
    by_table = load_scenario("baseline", {"exogenous.weather.values": {year: value}})
    by_change = change_scenario(BASELINE, {key: value}, "here")
    by_members = exogenous_series(BASELINE, {"weather": {year: np.array([value])}})["weather"]
    for scenario in (by_file, by_set, by_table, by_change):
        assert scenario.exogenous.weather == by_file.exogenous.weather
        assert scenario.exogenous.weather.values == {**WEATHER, year: value}
        series = exogenous_series(scenario)["weather"]
        for at in sorted(WEATHER):
            day = BASELINE.period.start.replace(year=int(at))
            assert np.atleast_1d(by_members.on(day))[0] == series.on(day)


def test_replace_takes_the_whole() -> None:
    for changes in (
        {"exogenous.weather": {**ABOUT, "replace": True, "values": {"1930": 0.1}}},
        {"exogenous.weather": {"series": "grain_procurement_share", "version": "lewin"}},
    ):
        assert load_scenario("baseline", changes).exogenous.weather.reading == "interpolate"
    weather = load_scenario("baseline", changes).exogenous.weather
    assert (weather.values, weather.unit, weather.source) == (None, None, None)
    kept = load_scenario(
        "baseline", {"exogenous.weather": {**ABOUT, "replace": False, "values": {"1930": 0.1}}}
    )
    assert kept.exogenous.weather.values == {**WEATHER, "1930": 0.1}
    with pytest.raises(UserError, match=r'replace: "yes" is not valid; allowed: true or false'):
        load_scenario("baseline", {"exogenous.weather.replace": "yes"})


def test_another_version_keeps_reading_and_scale_but_not_the_version() -> None:
    below = {"series": "a", "version": "x", "reading": "year", "scale": 0.5, "territory": "RSFSR"}
    assert lay_series(below, {"series": "b", "version": "y"}) == {
        "series": "b", "version": "y", "reading": "year", "scale": 0.5,
    }  # fmt: skip
    with pytest.raises(UserError, match="a series of the record needs its version"):
        load_scenario("baseline", {"exogenous.soldiers.series": "steel"})


def test_a_change_in_another_unit_is_converted_into_that_of_the_table() -> None:
    thousand = {"exogenous.gold_output": {"unit": "million tonnes", "values": {"1930": 30e-6}}}
    changed = load_scenario("baseline", thousand).exogenous.gold_output
    assert changed.unit == "tonnes"
    assert changed.values["1930"] == 30.0
    assert changed.values["1931"] == BASELINE.exogenous.gold_output.values["1931"]
    with pytest.raises(
        UserError, match=r"exogenous\.gold_output\.unit: 'million'; the model expects 'tonnes'"
    ):
        load_scenario("baseline", {"exogenous.gold_output": {"unit": "million", "values": {"1930": 3.0}}})


def test_source_and_evidence_say_what_changed() -> None:
    below = {
        "values": {"1930": 1.0, "1931": 2.0},
        "source": "a table.",
        "evidence": "transcribed",
        "unit": "1",
    }
    without = lay_series(below, {"values": {"1931": 3.0}})
    assert without["source"] == "a table; 1931: changed, without a source"
    assert without["evidence"] == "assumption"
    recalled = lay_series(below, {"values": {"1931": 3.0}, "source": "b", "evidence": "recalled"})
    assert (recalled["source"], recalled["evidence"]) == ("a table; 1931: b", "recalled")
    whole = {"values": {"1930": 0.0, "1931": 3.0}, "source": "b", "evidence": "recalled"}
    assert lay_series(below, whole) == {**below, **whole}


def test_a_reading_is_weaker_than_what_is_recalled_and_firmer_than_an_assumption() -> None:
    below = {"values": {"1930": 1.0, "1931": 2.0}, "source": "words", "evidence": "reading", "unit": "1"}
    change = {"values": {"1931": 3.0}, "source": "b"}
    assert lay_series(below, {**change, "evidence": "recalled"})["evidence"] == "reading"
    assert lay_series(below, change)["evidence"] == "assumption"
    assert get_args(Evidence) == (*EVIDENCE, "assumption")


def test_the_baseline_says_what_its_record_does_not_cover() -> None:
    assert coverage_notes(BASELINE) == [
        "exogenous.grain_export_plan: the record ends with 1938, and its last value stands for 1939-40",
        "exogenous.soldiers: the record is of 'USSR enlarged 1939-40' for 1940, of 'USSR pre-1939' before",
        "exogenous.procurement_price: the record has nothing for 1929-30, where a line is drawn; it ends "
        "with 1932, and its last value stands for 1933-40",
        "exogenous.valuables_given: the record begins with 1930, and its first value stands for 1928-29; it "
        "ends with 1937, and its last value stands for 1938-40",
    ]
    assert plausibility_notes(BASELINE) == []


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(1925, 1943), min_size=1))
def test_what_is_carried_is_named_and_nothing_else(years: set[int]) -> None:
    weather = {**ABOUT, "replace": True, "reading": "year", "values": {str(year): 0.0 for year in years}}
    (note,) = [n for n in coverage_notes(load_scenario("baseline", {"exogenous.weather": weather}))
               if "weather" in n] or [""]  # fmt: skip
    assert ("begins with" in note) == (min(years) > 1928)
    assert ("ends with" in note) == (max(years) < 1940)
    holes = [y for y in range(max(min(years), 1928), min(max(years), 1940) + 1) if y not in years]
    assert ("has nothing for" in note) == bool(holes)


def test_same_words_for_several_series_are_said_once() -> None:
    stationary = load_scenario("stationary_village")
    (note,) = coverage_notes(stationary)
    assert note.endswith(": what is given ends with 1928, and its last value stands for 1929-59")
    assert all(name in note for name in stationary.declared.inputs())


@pytest.mark.parametrize("by", [1000.0, 0.001])
@pytest.mark.parametrize("name", ["soldiers", "gold_output", "other_exports"])
def test_a_slip_of_units_is_named(name: str, by: float) -> None:
    (note,) = plausibility_notes(load_scenario("baseline", {f"exogenous.{name}.scale": by}))
    assert note.startswith(f"exogenous.{name}: ")
    assert " is far from all that the series has had, " in note
    assert note.endswith(f"; it is read in '{BASELINE.declared.inputs()[name].unit}'")


def test_values_of_members_are_looked_at_too() -> None:
    drawn = {"other_exports": {"1928": np.array([0.7, 700.0])}}
    run = History(SHORT, [0, 1], exogenous=drawn, wanted=["population"])
    expected = (
        "exogenous.other_exports: 700 for 1928 is far from all that the series has had, 0.05 to 0.77; it is "
        "read in 'billion gold roubles'"
    )
    assert expected in plausibility_notes(SHORT, drawn)
    assert run._exogenous is drawn
    assert plausibility_notes(SHORT, {"other_exports": {"1928": np.array([0.7, 0.0])}}) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"exogenous.weather.version": "official"},
         "exogenous.weather.version: belongs to a series of the record; allowed: with series"),
        ({"exogenous.weather.values.1931-03-01": 0.1},
         'exogenous.weather: 1931 and 1931-03-01 fall in one year; allowed: one value a year, or reading = '
         '"interpolate"'),
        ({"exogenous.soldiers.territory": "Mars"},
         "exogenous.soldiers: military_personnel (correlates_of_war) has no figure of that kind or "
         'territory; allowed: a version with one figure a date, or territory = "USSR enlarged 1939-40" or '
         '"USSR pre-1939"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as caught:
        load_scenario("baseline", changes)
    assert str(caught.value).endswith(f"changes: {message}")
