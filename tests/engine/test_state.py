"""A state that is gone on with makes to the bit what a run in one go makes; what does not fit is refused."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from small import EQUATIONS, TABLE, blocks, simulation

from planmodel.engine import (
    Account,
    Clock,
    Commodity,
    Component,
    DeclarationError,
    EventLog,
    Phase,
    Simulation,
    State,
    StateError,
    Variable,
    every,
)
from planmodel.engine.clock import Process
from planmodel.engine.equations import Block
from planmodel.engine.limits import Limit
from planmodel.engine.types import Array

pytestmark = pytest.mark.usefixtures("engine")

END = date(2001, 12, 31)
MONTHS = [date(2000, m, d) for m, d in ((1, 31), (2, 29), (6, 30), (7, 31), (12, 31))] + [date(2001, 11, 30)]

# The small economy with all that a state is made of: lags that matter, chance, an entity, a season, a limit.
EXTRA_TABLE = (
    TABLE.rstrip()
    + """
bread, draw, luck, , , , , , , , , , year, luck of ovens in a year, ,
bread, draw, whim, , , , , , , , , , month, whim of a month, ,
bread, lag, rationing_before, , 3, , , , , rationing, , , bake, rationing three months ago, ,
bread, variable, sacks, 1, 0, , , , , , , , , sacks on the shelf, ,
bread, constant, memory, 1, 0.25, , , , , , , , , need that stays, invented, assumption
bread, input, rain, 1, , , , , , , , , , rain, ,
"""
)
CHANGES = {
    "def bake(ovens, running)": "def bake(ovens, running, drawn_luck, drawn_whim, rain)",
    "baked=ovens * running": "baked=ovens * running * np.exp(drawn_luck + drawn_whim) * rain",
    "def want(people_town, ovens, people)": "def want(people_town, ovens, people, need_north_before, memory)",
    "ovens * people_town / people)": "ovens * people_town / people + memory * need_north_before)",
}
EXTRA = (
    functools.reduce(lambda text, change: text.replace(*change), CHANGES.items(), EQUATIONS)
    + '''

@bread.entity
class Shelf:
    """Sacks in the order in which they came."""

    def __init__(self, members):
        self.rows = np.zeros((0, members))
        self.labels = []

    def save(self):
        return {"rows": self.rows.copy(), "labels": list(self.labels)}

    def restore(self, saved):
        self.rows, self.labels = np.array(saved["rows"]), list(saved["labels"])


@bread.procedure("eat")
def shelve(shelf, hunger, rationing_before, month):
    """Two in three sacks stay."""
    shelf.rows = np.concatenate([shelf.rows, [hunger + rationing_before]])
    shelf.labels.append(f"month {month}")
    if len(shelf.rows) > 5:
        shelf.rows, shelf.labels = shelf.rows[::2].copy(), shelf.labels[::2]
    return dict(sacks=shelf.rows.sum(axis=0))
'''
)
LIMITS = (
    Limit("starving", ("eaten_north",), 1.9, 9.0, "tonnes", "hunger"),
    Limit("year", ("baked",), 0.0, 130.0, "tonnes", "too much", "year"),
    Limit("mean", ("hunger",), 0.0, 0.1, "1", "hunger", "mean"),
)


class Rain:
    """A series with another value in every month."""

    def __init__(self, wet: float = 1.0, since: date = date(1, 1, 1)) -> None:
        self.wet, self.since = wet, since

    def on(self, day: date) -> float:
        return (1.0 + day.month / 24.0) * (self.wet if day >= self.since else 1.0)


@functools.cache
def parts() -> tuple[Block, ...]:
    return blocks(Path(tempfile.mkdtemp()), EXTRA, EXTRA_TABLE)


def decree(made: Simulation) -> Iterable[Process]:
    """Bread is rationed from March 2001 on."""

    def issue(when: date, value: float) -> Process:
        yield made.clock.until(when)
        made.levers["rationing"] = value
        made.events.add(when, "decree", f"rationing {value}")

    for when, value in ((date(2000, 6, 30), 0.5), (date(2001, 3, 5), 1.0)):
        if when >= made.clock.first:
            yield issue(when, value)


def run(
    until: date = END, members: tuple[int, ...] = (0, 1, 7), **more: Any
) -> tuple[Simulation, xr.Dataset]:
    settings: dict[str, Any] = {
        "seed": 3,
        "exogenous": {"rain": Rain()},
        "limits": LIMITS,
        "parameters": {"bread": {"ovens": np.linspace(3.0, 9.0, len(members))}},
        "initial": {"bread": {"store": 5.0}},
    }
    made = simulation(parts(), members, until, **settings | more)
    return made, made.play(decree(made))


def kept(state: State) -> State:
    """Return a state after it was in a file."""
    return State.from_bytes(state.to_bytes("a remark"))


def assert_same(first: tuple[Simulation, xr.Dataset], second: tuple[Simulation, xr.Dataset]) -> None:
    xr.testing.assert_identical(first[1], second[1])
    a, b = first[0], second[0]
    assert a.events.table().equals(b.events.table())
    assert a.worst_residual == b.worst_residual
    assert a.levers == b.levers
    assert a.state().to_bytes() == b.state().to_bytes()  # what no dataset shows, too


@pytest.mark.parametrize("members", [(0, 1, 7), (0,), (7,)])
@pytest.mark.parametrize("day", MONTHS)
def test_what_is_gone_on_with_is_what_a_run_in_one_go_makes(day: date, members: tuple[int, ...]) -> None:
    state = kept(run(day, members)[0].state())
    assert (state.day, state.members, state.seed) == (day, list(members), 3)
    assert_same(run(members=members), run(members=members, resume=state))


@given(days=st.sets(st.integers(0, 22), min_size=1, max_size=3))
@settings(max_examples=15, deadline=None)
def test_any_months_of_saving_give_the_same_history(days: set[int]) -> None:
    """Also one after the other: a run that was gone on with is saved like any other."""
    state = None
    for month in sorted(days):
        state = kept(run(last(month), resume=state)[0].state())
    assert_same(whole(), run(resume=state))


@functools.cache
def whole() -> tuple[Simulation, xr.Dataset]:
    return run()


def last(month: int) -> date:
    """Return the last day of a month, counted from the first."""
    return (np.datetime64("2000-02") + month - np.timedelta64(1, "D")).astype("datetime64[D]").item()


def test_a_state_can_be_gone_on_with_many_times() -> None:
    state = run(MONTHS[2])[0].state()
    before = state.to_bytes()
    assert_same(run(resume=state), run(resume=state))
    assert state.to_bytes() == before
    assert len(state.to_bytes(compressed=True)) < len(before)


def test_less_may_be_recorded_of_a_run_than_of_its_beginning() -> None:
    state = run(MONTHS[2])[0].state()
    _, dataset = run(resume=state, wanted={"hunger", "baked"})
    xr.testing.assert_identical(dataset, whole()[1][["baked", "hunger"]])
    little = run(MONTHS[2], wanted={"hunger"})[0].state()
    with pytest.raises(StateError, match=r"no record of bread_.*baked.* more; allowed: what was recorded"):
        run(resume=little)


# ---- branches ----------------------------------------------------------------------------------------------

DAY = MONTHS[2]


def branch(**more: Any) -> tuple[Simulation, xr.Dataset]:
    return run(resume=run(DAY)[0].state(), branch=True, **more)


def test_a_branch_holds_from_the_day_on() -> None:
    made, dataset = branch(parameters={"bread": {"ovens": 9.0}}, switches={"seasons": False})
    assert made.changed.holds == ("parameters.bread.ovens", "switches.seasons")
    assert made.changed.past == ()
    straight = whole()[1]
    past, to_come = ({"time": slice(*span)} for span in ((None, "2000-06"), ("2000-07", None)))
    xr.testing.assert_equal(
        dataset.sel(past).drop_vars("implausible"), straight.sel(past).drop_vars("implausible")
    )
    assert (dataset["baked"].sel(to_come).values[:2] != straight["baked"].sel(to_come).values[:2]).all()


def test_what_a_branch_says_of_days_before_has_no_effect() -> None:
    made, dataset = branch(
        initial={"bread": {"store": np.array([1.0, 2.0, 3.0])}},
        variables={"sacks": 2.0},
        exogenous={"rain": Rain(2.0)},
    )
    assert made.changed.past == ("initial.bread.store", "initial.variables.sacks", "exogenous.rain (2000)")
    assert made.changed.holds == ()
    _, other = branch(exogenous={"rain": Rain(2.0, date(2000, 7, 1))})
    xr.testing.assert_identical(dataset, other)


def test_what_begins_after_the_day_is_no_branch() -> None:
    late = {"rain": Rain(3.0, date(2001, 2, 1))}
    state = run(DAY)[0].state()
    assert_same(run(exogenous=late), run(exogenous=late, resume=state))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"parameters": {"bread": {"ovens": 9.0}}}, "parameters.bread.ovens"),
        ({"switches": {"seasons": False}}, "switches.seasons"),
        ({"initial": {"bread": {"store": 6.0}}}, "initial.bread.store"),
        ({"exogenous": {"rain": Rain(2.0)}}, "exogenous.rain .2000."),
    ],
)
def test_other_values_are_refused_unless_it_is_a_branch(more: dict[str, Any], said: str) -> None:
    state = run(DAY)[0].state()
    with pytest.raises(StateError, match=f"^the state was given otherwise: {said}; allowed: the same values"):
        run(resume=state, **more)


# ---- what does not fit -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"members": (0, 1)}, "the state has members 0, 1, 7, not 0 to 1"),
        ({"seed": 4}, "the state has seed 3, not 4"),
        ({"labels": [5, 6, 7]}, "the state has members that are called 0, 1, 7, not 5 to 7"),
        (
            {"until": DAY},
            "the state is of 2000-06-30, the period 2000-01-01 to 2000-06-30; allowed: a later end",
        ),
        ({"limits": LIMITS[:1]}, "the state is of other equations or tables: limits"),
    ],
)
def test_a_state_of_others_is_refused(more: dict[str, Any], message: str) -> None:
    state = run(DAY)[0].state()
    for purpose in (False, True):
        with pytest.raises(StateError, match=message):
            run(resume=state, branch=purpose, **more)


OTHER: dict[str, tuple[tuple[str, str] | None, tuple[str, str] | None, str]] = {
    "a formula": (("memory * need_north_before", "memory + need_north_before"), None, "bread.want"),
    "a variant": (("return 1.0", "return 0.0"), None, "bread.running without seasons"),
    "a phase": (('equation("eat")\ndef eat', 'equation("share")\ndef eat'), None, "bread.eat"),
    "an entity": (("shelf.rows[::2]", "shelf.rows[::3]"), None, "bread.shelve"),
    "a constant": (None, ("north, million persons, 1", "north, million persons, 2"), "bread .table."),
    "a rank": (None, ("bread.{town}, 1, , bread sent", "bread.{town}, 2, , bread sent"), "bread .table."),
    "an axis": (None, ("north south", "south north"), "axes"),
}  # fmt: skip


@pytest.mark.parametrize("what", OTHER)
def test_a_state_of_other_equations_or_tables_is_refused_by_name(what: str, tmp_path: Path) -> None:
    state = run(DAY)[0].state()
    equation, row, name = OTHER[what]
    text, table = (
        EXTRA.replace(*equation) if equation else EXTRA,
        EXTRA_TABLE.replace(*row) if row else EXTRA_TABLE,
    )
    assert (text, table) != (EXTRA, EXTRA_TABLE)
    other = blocks(tmp_path, text, table)
    with pytest.raises(StateError, match=f"^the state is of other equations or tables: {name}"):
        simulation(other, (0, 1, 7), seed=3, exogenous={"rain": Rain()}, limits=LIMITS, resume=state)


def test_words_and_lines_do_not_count(tmp_path: Path) -> None:
    text = "# A remark.\n" + EXTRA.replace("Ovens bake by season.", "It is baked.").replace(
        "Sacks in", "Bags in"
    )
    table = EXTRA_TABLE.replace("bread baked", "what is baked")
    state = run(DAY)[0].state()
    given: dict[str, Any] = {"seed": 3, "exogenous": {"rain": Rain()}, "limits": LIMITS, "branch": True}
    made = simulation(blocks(tmp_path, text, table), (0, 1, 7), resume=state, **given)
    assert made.changed.holds == ("parameters.bread.ovens",)


def test_another_calendar_is_refused() -> None:
    state = run(DAY)[0].state()
    for start, phases, message in (
        (
            date(1999, 1, 1),
            ("bake", "share", "eat", "record"),
            "begins on 2000-01-01, the period on 1999-01-01",
        ),
        (date(2000, 1, 1), ("share", "bake", "eat", "record"), "of other equations or tables: calendar"),
    ):
        clock = Clock(start, END, [Phase(name) for name in phases])
        with pytest.raises(StateError, match=message):
            Simulation(
                parts(), clock, (0, 1, 7), seed=3, exogenous={"rain": Rain()}, limits=LIMITS, resume=state
            )


# ---- what cannot be saved ----------------------------------------------------------------------------------


class Well(Component):
    """A component of the old kind, without a state of its own."""

    name = "well"
    commodities = (Commodity("water", "litres", "water"),)
    accounts = (Account("water", "well", "water in the well"),)
    variables = (Variable("depth", "metres", "depth of the water"),)

    def processes(self) -> Iterable[Process]:
        yield every(self.clock, "bake", self.rise)

    def rise(self) -> None:
        self.board["depth"] = self.board["depth"] + 1.0


class Keeping(Well):
    """One that remembers."""

    name = "keeping"

    def rise(self) -> None:
        self._last: Array = self.board["depth"] + 1.0
        self.board["depth"] = self._last


class Counting(Well):
    """One whose process counts."""

    name = "counting"

    def processes(self) -> Iterable[Process]:
        yield self.count()

    def count(self) -> Process:
        for number in range(99):
            yield self.clock.until("bake")
            self.board["depth"] = np.full(2, float(number))


def old(kind: type[Component], until: date = END, **more: Any) -> Simulation:
    return Simulation(
        (kind,), Clock(date(2000, 1, 1), until, [Phase("bake"), Phase("record")]), (0, 1), **more
    )


def test_components_that_keep_nothing_can_be_saved() -> None:
    made = old(Well, DAY)
    made.play()
    expected = old(Well).play()
    xr.testing.assert_identical(old(Well, resume=made.state()).play(), expected)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (Keeping, r"component 'keeping' keeps what cannot be saved \(_last\)"),
        (Counting, "component 'counting' has a process that may keep what cannot be saved"),
    ],
)
def test_components_that_keep_something_are_named(kind: type[Component], message: str) -> None:
    made = old(kind, DAY)
    made.play()
    with pytest.raises(StateError, match=message):
        made.state()


def test_an_entity_must_offer_to_be_saved(tmp_path: Path) -> None:
    text = EXTRA.replace("def restore(", "def bring_back(")
    made = simulation(blocks(tmp_path, text, EXTRA_TABLE), until=DAY, exogenous={"rain": Rain()})
    made.play()
    with pytest.raises(
        StateError, match=r"entity 'shelf' cannot be saved: it has no save\(\) and restore\(\)"
    ):
        made.state()
    text = EXTRA.replace('"rows": self.rows.copy()', '"rows": self')
    made = simulation(blocks(tmp_path / "other", text, EXTRA_TABLE), until=DAY, exogenous={"rain": Rain()})
    made.play()
    with pytest.raises(DeclarationError, match=r"state.workspace.entities.shelf.rows: Shelf cannot be saved"):
        made.state().to_bytes()


def test_a_run_is_saved_at_its_end() -> None:
    with pytest.raises(StateError, match="at the end of its period; allowed: after play"):
        simulation(parts(), until=DAY, exogenous={"rain": Rain()}).state()


# ---- files -------------------------------------------------------------------------------------------------


def test_numbers_and_texts_come_back_as_they_were() -> None:
    tree = {
        "numbers": [0.1, -0.0, float("inf"), 10**20, True, None, np.float64(1e-300), np.int64(3)],
        "texts": ["Müller", "", "a\n"],
        "names": np.array(["x", "yy"]),
    }
    arrays = {
        "a": np.array([[0.1, np.nan]]),
        "b": np.array([True]),
        "c": np.arange(3),
        "d": np.zeros((0, 2)),
    }
    back = State.from_bytes(State({**tree, "arrays": arrays}).to_bytes()).tree
    assert back["numbers"] == [0.1, -0.0, float("inf"), 10**20, True, None, 1e-300, 3]
    assert back["texts"] == tree["texts"]
    for name, array in arrays.items():
        np.testing.assert_array_equal(back["arrays"][name], array)
        assert back["arrays"][name].dtype == array.dtype
    assert back["names"].tolist() == ["x", "yy"]


@pytest.mark.parametrize(
    "value", [{1: 2}, {"__array__": 0}, {1, 2}, object(), np.array([object()]), date(2000, 1, 1)]
)
def test_what_no_file_can_hold_is_refused_with_its_place(value: object) -> None:
    with pytest.raises(DeclarationError, match=r"state\.a\[1\]: .* cannot be saved; allowed: arrays"):
        State({"a": [0, value]}).to_bytes()


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_is_more_than_a_refusal(data: st.DataObject) -> None:
    whole_file = saved_bytes()
    content = bytearray(whole_file)
    kind = data.draw(st.sampled_from(["cut", "change", "other"]))
    if kind == "cut":
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    elif kind == "change":
        for _ in range(data.draw(st.integers(1, 5))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    else:
        content = bytearray(data.draw(st.binary(max_size=200)))
    try:
        State.from_bytes(bytes(content))
    except StateError as error:
        assert "state" in str(error)  # noqa: PT017


def test_a_file_that_says_it_is_encrypted_is_refused() -> None:
    """Python's archives raise a plain RuntimeError for it."""
    content = bytearray(saved_bytes())
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(header)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(header, at + 1)
    with pytest.raises(StateError, match="is no state of planmodel"):
        State.from_bytes(bytes(content))


@functools.cache
def saved_bytes() -> bytes:
    return run(date(2000, 2, 29))[0].state().to_bytes()


def test_a_state_of_another_format_or_shape_is_refused() -> None:
    other = saved_bytes().replace(b'{"format": 1', b'{"format": 2')
    with pytest.raises(StateError):
        State.from_bytes(other)  # the check sum of the archive
    tree = dict(State.from_bytes(saved_bytes()).tree)
    del tree["ledger"]
    with pytest.raises(StateError, match="not as planmodel writes it: KeyError 'ledger'"):
        run(resume=State(tree))


def test_events_of_all_members_and_of_some_come_back() -> None:
    log = EventLog(3)
    log.add(date(2000, 1, 1), "a", "all")
    log.add(date(2000, 1, 2), "b", "some", np.array([True, False, True]))
    again = EventLog(3)
    again.restore(log.save())
    for member in (None, 0, 1):
        assert again.table(member).equals(log.table(member))
    empty = EventLog(3)
    empty.restore(EventLog(3).save())
    assert empty.events == []
