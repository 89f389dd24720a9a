"""Decrees with conditions in the whole model: days of members, bits of both engines, saving, accounts."""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

import numpy as np
import pytest
import xarray as xr

from planmodel.engine import State, StateError
from planmodel.runs.history import History, Run, run_fully
from planmodel.scenario import Scenario, load_scenario

END = date(1933, 12, 31)
MEMBERS = (0, 1, 2, 3)
RULE = {
    "decrees.relief_by_rule.effects.relief_will": 0.5,
    "decrees.relief_by_rule.effects.hours": 1.1,  # the accounts read it
    "decrees.relief_by_rule.effects.mass_arrests": 1.0,
}


def scenario(changes: dict[str, Any] | None = None, end: date = END) -> Scenario:
    return load_scenario("relief_by_rule", changes or RULE).until(end)


def run(of: Scenario | None = None, members: tuple[int, ...] = MEMBERS, **more: Any) -> Run:
    return run_fully(of or scenario(), members, seed=2, save=True, **more)


@functools.cache
def whole() -> Run:
    return run()


def issued(of: Run) -> list[tuple[date, list[int]]]:
    title = of.scenario.decrees["relief_by_rule"].title
    events = [e for e in of.events.events if e.text == title and e.kind == "decree"]
    return [(e.date, np.flatnonzero(e.members).tolist()) for e in events if e.members is not None]


def test_members_with_other_weather_issue_on_other_days() -> None:
    by_member: dict[int, list[date]] = {member: [] for member in MEMBERS}
    for day, members in issued(whole()):
        for member in members:
            by_member[member].append(day)
    assert all(by_member.values())
    assert len({tuple(days) for days in by_member.values()}) > 1
    for member, days in by_member.items():
        for day in days:
            at = whole().dataset.sel(member=member, time=np.datetime64(day))
            assert at["village_nutrition"] < 0.85 or at["town_nutrition"] < 0.8
            assert day.month <= 6


def test_both_engines_have_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("llvmlite")
    runs = []
    for engine in ("numpy", "compiled"):
        monkeypatch.setenv("PLANMODEL_ENGINE", engine)
        runs.append(run())
    xr.testing.assert_identical(runs[0].dataset, runs[1].dataset)
    assert runs[0].events.table().equals(runs[1].events.table())


@pytest.mark.parametrize("member", [0, 2])
def test_a_member_alone_is_as_among_others(member: int) -> None:
    xr.testing.assert_equal(run(members=(member,)).dataset, whole().dataset.isel(member=[member]))


@pytest.mark.parametrize("day", [date(1929, 12, 31), date(1931, 1, 31), date(1932, 2, 29)], ids=str)
def test_a_run_gone_on_with_is_a_run_in_one_go(day: date) -> None:
    first = run(scenario(end=day)).state
    assert first is not None
    done = run(resume=State.from_bytes(first.to_bytes()))
    xr.testing.assert_identical(done.dataset, whole().dataset)
    assert done.state is not None
    assert whole().state is not None
    assert done.state.to_bytes() == whole().state.to_bytes()  # type: ignore[union-attr]


def test_another_rule_holds_from_the_day_of_a_branch_on_and_is_named() -> None:
    day = date(1931, 12, 31)
    state = run(scenario(end=day)).state
    off = scenario(RULE | {"decrees.relief_by_rule.enabled": False})
    with pytest.raises(StateError, match=r"not that of the state: decrees\.relief_by_rule; allowed"):
        run(off, resume=state)
    done = run(off, resume=state, branch=True)
    assert done.gone_on is not None
    assert done.gone_on.holds == ("decrees.relief_by_rule",)
    before = slice(None, day.isoformat())
    xr.testing.assert_equal(done.dataset.sel(time=before), whole().dataset.sel(time=before))
    assert all(when <= day for when, _ in issued(done))


def test_the_accounts_know_the_lever_of_each_member() -> None:
    """The rule sets hours to 1.1; no dated decree of these years sets them above one."""
    history = History(scenario(), MEMBERS, seed=2)
    dataset = history.run().dataset
    more = (dataset["hours_worked"] > dataset["labour_all"] + 1e-9).values
    path = history.decrees.paths["hours"]
    for month, day in enumerate(dataset["time"].values.astype("datetime64[D]").tolist()):
        now = [value for since, value in path if since <= day]
        expected = np.broadcast_to(now[-1] if now else 1.0, (len(MEMBERS),)) > 1.0
        np.testing.assert_array_equal(more[:, month], expected)
    assert (more.any(axis=0) & ~more.all(axis=0)).any()  # members differ


def test_dated_decrees_keep_one_number_for_all() -> None:
    history = History(load_scenario("one_country"), MEMBERS)
    assert all(type(value) is float for value in history.levers.values())
    ruled = History(scenario(), MEMBERS)
    assert {name for name, value in ruled.levers.items() if np.ndim(value)} == {
        "relief_will", "export_first", "hours", "mass_arrests"
    }  # fmt: skip
