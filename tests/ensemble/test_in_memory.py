"""The form in memory: what calibration and sensitivity call."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ensemble_runs import fail_in

from planmodel.engine import UserError
from planmodel.runs import Observation
from planmodel.runs.chunks import Chunk
from planmodel.runs.evaluate import evaluate
from planmodel.runs.history import run
from planmodel.runs.observe import observe
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.load import change_scenario

SHORT = load_scenario("one_country").until(date(1930, 3, 31))
DEATHS = Observation("deaths", date(1929, 1, 1), date(1929, 12, 31))
SHARE = Observation("grain_procurement_share", date(1928, 7, 1), date(1929, 6, 30))
LATER = Observation("deaths", date(1939, 1, 1), date(1939, 12, 31))
SEEN: list[str | Observation] = ["cattle", "pressure", DEATHS, SHARE, LATER]


def varied(members: int) -> dict[str, Any]:
    """One key of every kind."""
    chance = np.random.default_rng(3)
    low, high = registry.economy().parameters()["draught"]["tractor_utilisation"].bounds
    days = np.array(["1929-11-17", "1929-08-01", "1930-01-17"], dtype="datetime64[D]")
    return {
        "draught.tractor_utilisation": chance.uniform(low, high, members),
        "initial.grain.individual.value": chance.uniform(38.0, 45.0, members),
        "initial.variables.pressure.value": chance.uniform(0.0, 0.1, members),
        "works.dneprostroi.size": chance.uniform(0.1, 0.4, members),
        "switches.grain_exports": np.arange(members) % 4 != 1,
        "decrees.mass_collectivisation.date": days[np.arange(members) % 3],
        "exogenous.soldiers.scale": np.where(np.arange(members) % 5 == 0, 2.0, 1.0),
        "exogenous.weather.values.1929": chance.normal(0.0, 0.1, members),
    }


def test_each_member_is_the_history_of_its_own_scenario() -> None:
    members, values = 8, varied(8)
    seen = evaluate(SHORT, values, 5, SEEN)
    for number in range(members):
        changes = {
            "parameters.draught.tractor_utilisation": float(values["draught.tractor_utilisation"][number]),
            "initial.grain.individual.value": float(values["initial.grain.individual.value"][number]),
            "initial.variables.pressure": {
                "value": float(values["initial.variables.pressure.value"][number]),
                "source": "test",
                "evidence": "assumption",
            },
            "works.dneprostroi.size": float(values["works.dneprostroi.size"][number]),
            "switches.grain_exports": bool(values["switches.grain_exports"][number]),
            "decrees.mass_collectivisation.date": values["decrees.mass_collectivisation.date"][number].item(),
            "exogenous.soldiers.scale": float(values["exogenous.soldiers.scale"][number]),
            "exogenous.weather.values.1929": float(values["exogenous.weather.values.1929"][number]),
        }
        alone = run(change_scenario(SHORT, changes, "test"), members=[number], seed=5)
        for name in ("cattle", "pressure"):
            np.testing.assert_array_equal(seen[name][number], alone[name].values[0])
        for item in (DEATHS, SHARE):
            expected = observe(
                alone,
                registry.economy().indicators[item.indicator],
                pd.Timestamp(item.start),
                pd.Timestamp(item.end),
            )
            assert expected is not None
            assert seen[item][number] == expected[0]
    assert np.isnan(seen[LATER]).all()
    assert len(np.unique(seen["cattle"], axis=0)) == members


def given_by_values() -> list[str]:
    """Exogenous series that the scenario itself gives, value by value."""
    return [name for name in registry.economy().inputs() if getattr(SHORT.exogenous, name).values is not None]


def test_members_can_differ_in_any_exogenous_value() -> None:
    """In every series given by values, at every date: the same to the bit as in a scenario of one's own."""
    chance = np.random.default_rng(8)
    values: dict[str, Any] = {}
    for name in given_by_values():
        for day, value in getattr(SHORT.exogenous, name).values.items():
            values[f"exogenous.{name}.values.{day}"] = value + (abs(value) + 0.1) * chance.uniform(0, 0.2, 4)
    names: list[str | Observation] = list(SHORT.declared.recordable())
    seen = evaluate(SHORT, values, 5, names, chunk=3)
    for number in range(4):
        changes = {key: float(column[number]) for key, column in values.items()}
        alone = run(change_scenario(SHORT, changes, "test"), members=[number], seed=5)
        for item, series in seen.items():
            name = str(item)
            np.testing.assert_array_equal(series[number], alone[name].values[0], err_msg=name)


def test_the_weather_of_a_year_moves_the_harvest_of_that_year_and_no_earlier_one() -> None:
    weather = {"exogenous.weather.values.1929": np.array([-0.2, 0.0, 0.2])}
    harvests = [Observation("grain_harvest", date(y, 1, 1), date(y, 12, 31)) for y in (1928, 1929)]
    seen = evaluate(SHORT, weather, 5, harvests, numbers=[0, 0, 0])
    assert len(set(seen[harvests[0]].tolist())) == 1
    # (1 + w) times what the year would have given: the weather falls on the yield alone
    assert seen[harvests[1]] / seen[harvests[1]][1] == pytest.approx([0.8, 1.0, 1.2])


def test_chunks_and_processes_change_nothing() -> None:
    values = varied(10)
    one_by_one = evaluate(SHORT, values, 5, SEEN, chunk=1)
    for options in ({"chunk": 3}, {"chunk": 100}, {"chunk": 4, "workers": 2}):
        other = evaluate(SHORT, values, 5, SEEN, **options)  # type: ignore[arg-type]
        for item in SEEN:
            np.testing.assert_array_equal(one_by_one[item], other[item])


def test_streams_may_be_shared() -> None:
    same = evaluate(SHORT, {}, 5, ["grain_harvest"], numbers=[0, 0, 7, 7])["grain_harvest"]
    np.testing.assert_array_equal(same[0], same[1])
    np.testing.assert_array_equal(same[2], same[3])
    assert not np.array_equal(same[0], same[2])
    central = run(SHORT)["grain_harvest"].values[0]
    np.testing.assert_array_equal(same[0], central)


@pytest.mark.parametrize("chunk", [1, 3, 50])
def test_members_that_fail_do_not_take_others_along(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    values = varied(12)
    good = evaluate(SHORT, values, 5, SEEN)
    fail_in({2, 3, 10}, monkeypatch)
    seen = evaluate(SHORT, values, 5, SEEN, chunk=chunk, failures="nan")
    for item in SEEN:
        expected = good[item].copy()
        expected[[2, 3, 10]] = np.nan
        np.testing.assert_array_equal(seen[item], expected)
    with pytest.raises(ZeroDivisionError):
        evaluate(SHORT, values, 5, SEEN, chunk=chunk)


def test_a_mistake_of_the_program_is_not_run_again_for_every_member(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []

    def fail(chunk: Chunk, wanted: object) -> None:
        runs.append(len(chunk))
        raise TypeError("a mistake of ours")

    monkeypatch.setattr("planmodel.runs.evaluate.simulate", fail)
    seen = evaluate(SHORT, {"draught.tractor_utilisation": np.full(1000, 0.5)}, observe=["cattle"],
                    failures="nan")  # fmt: skip
    assert np.isnan(seen["cattle"]).all()
    assert len(runs) < 60


WRONG = {
    "unknown parameter": (
        {"draught.utilisation": [0.5]},
        ["cattle"],
        r"draught\.utilisation: unknown key; did you mean 'parameters\.draught\.tractor_utilisation'",
    ),
    "unknown decree": ({"decrees.passport.date": ["1930-01-01"]}, ["cattle"], "no decree is called"),
    "out of bounds": (
        {"draught.tractor_utilisation": [0.5, 77.0]},
        ["cattle"],
        r"parameters\.draught\.tractor_utilisation: 77 \(member 1\) is out of bounds; allowed: ",
    ),
    "not a number": (
        {"draught.tractor_utilisation": [0.5, np.nan]},
        ["cattle"],
        r"tractor_utilisation: nan \(member 1\) is out of bounds",
    ),
    "text for a number": ({"draught.tractor_utilisation": ["x"]}, ["cattle"], '"x" is not valid; allowed: '),
    "other length": (
        {"draught.tractor_utilisation": [0.5, 0.5], "switches.passports": [True]},
        ["cattle"],
        "switches.passports has 1 values and parameters.draught.tractor_utilisation has 2",
    ),
    "twice": (
        {"draught.tractor_utilisation": [0.5], "parameters.draught.tractor_utilisation": [0.5]},
        ["cattle"],
        "is given twice",
    ),
    "empty": ({"draught.tractor_utilisation": []}, ["cattle"], "no members; allowed: 1 or more"),
    "number for a switch": ({"switches.passports": [1.0]}, ["cattle"], "1.0 is not valid; allowed: true or"),
    "no such day": ({"decrees.credit_reform.date": ["soon"]}, ["cattle"], '"soon" is not valid'),
    "decree after the end": (
        {"decrees.credit_reform.date": ["1935-01-01"]},
        ["cattle"],
        r"member 0: decrees\.credit_reform\.date: 1935-01-01 is outside the period",
    ),
    "no weather of that year": (
        {"exogenous.weather.values.1945": [0.1]},
        ["cattle"],
        "exogenous.weather.values.1945: unknown key; did you mean 'exogenous.weather.values.1940'?",
    ),
    "values of a series of the record": (
        {"exogenous.soldiers.values.1930": [0.1]},
        ["cattle"],
        "exogenous.soldiers.values.1930: unknown key",
    ),
    "no such version": ({"exogenous.soldiers.version": ["x"]}, ["cattle"], '"x" is not valid; allowed: "'),
    "the period": ({"period.end": ["1930-01-01"]}, ["cattle"], "members cannot differ in it"),
    "the day of stocks": ({"initial.date": ["1930-01-01"]}, ["cattle"], "members cannot differ in it"),
    "unknown quantity": ({"draught.tractor_utilisation": [0.5]}, ["catle"], "'catle'; did you mean"),
    "ratio": ({"draught.tractor_utilisation": [0.5]}, ["grain_procurement_share"], "exists for a span only"),
    "nothing observed": ({"draught.tractor_utilisation": [0.5]}, [], "observe: nothing"),
    "unknown indicator": (
        {"draught.tractor_utilisation": [0.5]},
        [Observation("death", date(1930, 1, 1), date(1930, 12, 31))],
        "no indicator is called 'death'; did you mean 'deaths'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("values", "seen", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_is_refused(values: dict[str, Any], seen: list[Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        evaluate(SHORT, values, observe=seen)


def test_a_limiting_case_keeps_its_parameters_out_of_bounds(tmp_path: Path) -> None:
    file = tmp_path / "still.toml"
    file.write_text(
        'extends = "one_country"\nlimiting_case = true\n[parameters.draught]\ntractor_utilisation = 0.0\n'
    )
    still = load_scenario(file).until(date(1928, 12, 31))
    values = {"initial.grain.individual.value": np.array([40.0, 44.0])}
    seen = evaluate(still, values, 2, ["draught_kolkhoz"])["draught_kolkhoz"]
    first = change_scenario(still, {"initial.grain.individual.value": 40.0}, "test")
    np.testing.assert_array_equal(seen[0], run(first, [0], 2)["draught_kolkhoz"].values[0])
    usual = evaluate(SHORT.until(still.period.end), values, 2, ["draught_kolkhoz"])["draught_kolkhoz"]
    assert not np.array_equal(seen, usual)
