"""A run that is saved and gone on with, of the ready economies: to the bit, or a branch that says so."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel import states
from planmodel.engine import State, StateError, UserError
from planmodel.runs.history import History, Run, run_fully
from planmodel.scenario import Scenario, load_scenario
from planmodel.storage import WriteError

NUMBERS = (0, 3)
SAVED = {  # some months, among them those in which decrees are issued
    "baseline": (date(1932, 12, 31),),
    "cadres_of_25000": (date(1930, 2, 28), date(1931, 5, 31)),
    "feldman_domar": (date(1928, 12, 31),),
    "kuzbass": (date(1922, 1, 31), date(1925, 9, 30), date(1931, 11, 30)),
    "labour_process": (date(1929, 4, 30), date(1931, 6, 30)),
    "magnitogorsk": (date(1929, 4, 30), date(1932, 12, 31)),
}
CASES = [(name, day) for name, days in SAVED.items() for day in days]
DAY = date(1930, 12, 31)  # on which `labour_process` is branched: two decrees come after it


def run(scenario: Scenario, numbers: Sequence[int] = NUMBERS, **more: Any) -> Run:
    return run_fully(scenario, numbers, seed=2, save=True, **more)


def labour(changes: dict[str, Any] | None = None, switch_off: Sequence[str] = ()) -> Scenario:
    return load_scenario("labour_process", changes, switch_off)


@functools.cache
def whole(name: str, numbers: Sequence[int] = NUMBERS) -> Run:
    return run(load_scenario(name), numbers)


@functools.cache
def saved(name: str, day: date, numbers: Sequence[int] = NUMBERS) -> State:
    """Return the state of a day, as it comes out of a file."""
    state = run(load_scenario(name).until(day), numbers).state
    assert state is not None
    return State.from_bytes(state.to_bytes())


def assert_same(run: Run, other: Run) -> None:
    xr.testing.assert_identical(run.dataset, other.dataset)
    assert run.events.table().equals(other.events.table())
    assert run.worst_residual == other.worst_residual
    assert run.notes == other.notes
    assert run.state is not None
    assert other.state is not None
    assert run.state.to_bytes() == other.state.to_bytes()


# ---- the same scenario -------------------------------------------------------------------------------------


@pytest.mark.parametrize("numbers", [NUMBERS, (0,), (3,)], ids=str)
@pytest.mark.parametrize(("name", "day"), CASES)
def test_a_run_gone_on_with_is_a_run_in_one_go(name: str, day: date, numbers: tuple[int, ...]) -> None:
    done = run(load_scenario(name), numbers, resume=saved(name, day, numbers))
    assert_same(done, whole(name, numbers))
    assert done.gone_on is not None
    assert (done.gone_on.scenario, done.gone_on.day) == (name, day.isoformat())
    assert done.gone_on.holds == done.gone_on.past == ()


@given(months=st.lists(st.integers(0, 58), min_size=1, max_size=2, unique=True).map(sorted))
@settings(max_examples=6, deadline=None)
def test_any_months_of_saving_give_the_same_history(months: list[int]) -> None:
    scenario, state = labour(), None
    for month in months:
        end = (np.datetime64("1928-02") + month - np.timedelta64(1, "D")).astype("datetime64[D]").item()
        state = run(scenario.until(end), resume=state).state
    assert_same(run(scenario, resume=state), whole("labour_process"))


def test_what_differs_after_the_day_only_is_the_same_scenario() -> None:
    later = {"decrees.norm_campaign.date": date(1931, 9, 1)}
    assert_same(run(labour(later), resume=saved("labour_process", DAY)), run(labour(later)))


def test_values_of_members_must_be_the_same() -> None:
    own = {"shopfloor": {"contagion": np.array([0.4, 0.5])}}
    state = run(labour().until(DAY), parameters=own).state
    assert_same(run(labour(), parameters=own, resume=state), run(labour(), parameters=own))
    with pytest.raises(StateError, match=r"not that of the state: parameters\.shopfloor\.contagion; allowed"):
        run(labour(), resume=state)


# ---- another scenario --------------------------------------------------------------------------------------

PAST = {
    "decrees.levelling_favoured.effects.levelling": 0.5,
    "decrees.one_man_management.enabled": False,
}


def test_what_a_branch_says_of_days_before_has_no_effect_and_is_named() -> None:
    done = run(labour(PAST), resume=saved("labour_process", DAY), branch=True)
    xr.testing.assert_equal(done.dataset, whole("labour_process").dataset)
    assert done.gone_on is not None
    assert done.gone_on.past == ("decrees.levelling_favoured", "decrees.one_man_management")
    assert done.notes == (
        *whole("labour_process").notes,
        "branch of 'labour_process' after 1930-12-31: of no effect is what 'labour_process' says otherwise "
        "of days before: decrees.levelling_favoured, decrees.one_man_management",
    )
    assert done.dataset.attrs["notes"] == "\n".join(done.notes)


def test_what_a_branch_says_of_parameters_and_mechanisms_holds_from_then_on() -> None:
    other = labour({"parameters.shopfloor.contagion": 0.6}, ["shock_work"])
    done = run(other, resume=saved("labour_process", DAY), branch=True)
    before, straight = slice(None, DAY.isoformat()), whole("labour_process").dataset
    xr.testing.assert_equal(done.dataset.sel(time=before), straight.sel(time=before))
    assert not done.dataset.equals(straight)
    assert done.gone_on is not None
    assert done.gone_on.holds == ("parameters.shopfloor.contagion", "switches.shock_work")
    assert done.notes[-1] == (
        "branch of 'labour_process': from 1931-01-01 on holds what 'labour_process' says otherwise: "
        "parameters.shopfloor.contagion, switches.shock_work"
    )


def test_named_works_are_begun_once_and_on_their_day() -> None:
    """One that was begun is not begun again on a later day that a branch gives it."""
    day, end = date(1929, 6, 30), date(1930, 12, 31)
    moved = {"works.magnitogorsk.start": date(1930, 1, 1), "works.kuznetsk.size": 0.9}
    later = {"works.kharkov_tractor.size": 0.5}
    baseline = load_scenario("baseline")
    state = run(baseline.until(day), (0,)).state
    done = run(load_scenario("baseline", moved).until(end), (0,), resume=state, branch=True)
    xr.testing.assert_equal(done.dataset, run(baseline.until(end), (0,)).dataset)
    assert done.gone_on is not None
    assert done.gone_on.past == ("works.kuznetsk", "works.magnitogorsk")
    other = load_scenario("baseline", later).until(end)
    assert_same(run(other, (0,), resume=state), run(other, (0,)))


def test_years_of_series_before_the_day_are_named() -> None:
    scaled = labour({"exogenous.workforce.scale": 1.01})
    done = run(scaled, resume=saved("labour_process", DAY), branch=True)
    assert done.gone_on is not None
    assert done.gone_on.past == ("exogenous.workforce (1928, 1929, 1930)",)


def test_a_branch_is_saved_and_gone_on_with_as_any_run() -> None:
    other = labour(PAST)
    straight = run(other, resume=saved("labour_process", DAY), branch=True)
    first = run(other.until(date(1931, 6, 30)), resume=saved("labour_process", DAY), branch=True)
    second = run(other, resume=first.state)
    xr.testing.assert_equal(second.dataset, straight.dataset)
    assert second.notes == straight.notes  # that it was a branch is not forgotten


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (PAST, "decrees.levelling_favoured, decrees.one_man_management"),
        ({"parameters.shopfloor.contagion": 0.6}, "parameters.shopfloor.contagion"),
        ({"switches.meetings": False}, "switches.meetings"),
        ({"decrees.shock_work.date": date(1931, 5, 1)}, "decrees.shock_work"),
    ],
)
def test_another_scenario_is_refused_unless_it_is_asked_for(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(StateError) as refused:
        run(labour(changes), resume=saved("labour_process", DAY))
    assert str(refused.value) == (
        f"the scenario is not that of the state: {named}; allowed: as it was run, or another one on purpose"
    )


# ---- what does not fit -------------------------------------------------------------------------------------


def test_a_state_of_another_economy_or_of_none_is_refused() -> None:
    with pytest.raises(
        StateError, match="of the economy 'kuzbass', the scenario 'labour_process' of 'labour"
    ):
        run(labour(), resume=saved("kuzbass", date(1925, 9, 30)), branch=True)
    bare = {key: part for key, part in saved("labour_process", DAY).tree.items() if key != "about"}
    with pytest.raises(StateError, match="the state is of no scenario"):
        run(labour(), resume=State(bare))


def test_a_state_of_other_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    state = saved("labour_process", DAY)
    monkeypatch.setattr(states, "code_sha256", lambda: "f" * 64)
    with pytest.raises(
        StateError, match=r"of other code of planmodel: .* there, ffffffffffff now; allowed: the"
    ):
        run(labour(), resume=state, branch=True)


@pytest.mark.parametrize(
    ("numbers", "seed", "until", "message"),
    [
        ((0, 3, 4), 2, None, "members 0, 3, not 0, 3, 4"),
        (NUMBERS, 3, None, "seed 2, not 3"),
        (
            NUMBERS,
            2,
            DAY,
            "the state is of 1930-12-31, the period 1928-01-01 to 1930-12-31; allowed: a later",
        ),
    ],
)
def test_other_members_and_nothing_left_to_do_are_refused(
    numbers: tuple[int, ...], seed: int, until: date | None, message: str
) -> None:
    scenario = labour() if until is None else labour().until(until)
    with pytest.raises(StateError, match=message):
        History(scenario, numbers, seed, resume=saved("labour_process", DAY), branch=True)


def test_another_machine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    state = saved("labour_process", DAY)
    monkeypatch.setattr(states, "machine", lambda: {"processor": "another"})
    assert run(labour(), resume=state).notes[-1].startswith("begun with ")
    assert run(labour(), resume=state).notes[-1].endswith("within 1e-10 of their range, not to the bit")


# ---- files -------------------------------------------------------------------------------------------------


def test_a_state_is_written_whole_and_read_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state, file = saved("labour_process", DAY), tmp_path / "state.npz"
    states.write_state(file, state)
    assert states.read_state(file).to_bytes() == state.to_bytes()
    assert states.read_state(tmp_path).to_bytes() == state.to_bytes()
    assert [f.name for f in tmp_path.iterdir()] == ["state.npz"]
    assert sorted(np.load(file))[-1] == "state.json"  # an archive that others can open
    monkeypatch.setattr(states, "_COMPRESSED", 0)
    small = tmp_path / "small.npz"
    states.write_state(small, state)
    assert small.stat().st_size < file.stat().st_size
    assert states.read_state(small).to_bytes() == state.to_bytes()
    with pytest.raises(WriteError, match="cannot be written"):
        states.write_state(tmp_path / "none" / "state.npz", state)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_damage_is_named(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    content = bytearray(states.state_bytes(saved("labour_process", DAY)))
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] ^= data.draw(st.integers(1, 255))
    file = tmp_path_factory.getbasetemp() / "damaged.npz"
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"damaged\.npz: (is damaged|was not written by planmodel)"):
        states.read_state(file)


def test_what_is_no_state_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        StateError, match=r"there is no state\.npz in it; allowed: the folder of a run with --sa"
    ):
        states.read_state(tmp_path)
    with pytest.raises(UserError, match=r"none\.npz: cannot be read: No such file"):
        states.read_state(tmp_path / "none.npz")
    np.savez(tmp_path / "other.npz", x=np.arange(3))
    with pytest.raises(UserError, match=r"other\.npz: was not written by planmodel, or is damaged"):
        states.read_state(tmp_path / "other.npz")
