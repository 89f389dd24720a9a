"""Decrees on a date and by a condition: who issues them on which day, what they set, and for how long."""

from __future__ import annotations

import functools
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from small import EQUATIONS, TABLE, blocks, simulation

from planmodel.engine import DeclarationError, Simulation, State
from planmodel.engine.clock import Process
from planmodel.engine.conditions import condition
from planmodel.engine.decrees import Decree, by_member, levers_by_member
from planmodel.engine.equations import Block

pytestmark = pytest.mark.usefixtures("engine")

# Members bake 3, 6 and 9 tonnes a month, in July the double; whose ovens work in shifts more.
BY_NUMBER = EQUATIONS.replace(
    "rank_sent_north=0 if rationing else 1", "rank_sent_north=np.where(rationing > 0.0, 0.0, 1.0)"
)
SHIFTS = BY_NUMBER.replace("def bake(ovens, running)", "def bake(ovens, running, shifts)").replace(
    "baked=ovens * running", "baked=ovens * running * shifts"
)
END = date(2000, 9, 1)
LEVER = "bread, lever, shifts, , 1, 0, 3, , , , , , , shifts of ovens, ,\n"
NAMES = ("baked", "bread_store", "hunger", "sent_north", "shifts", "lever_rationing", "month", "year", "day")
MANY_OVENS = "baked / shifts >= 6 and month >= 3"  # in members 1 and 2 in March, in member 0 in July


@functools.cache
def parts() -> tuple[Block, ...]:
    return blocks(Path(tempfile.mkdtemp()), SHIFTS, TABLE + LEVER)


def rule(when: str = MANY_OVENS, name: str = "relief", **more: Any) -> Decree:
    given = {"effects": {"shifts": 2.0}, "title": name} | more
    return Decree(name=name, date=None, when=condition(when, NAMES), **given)


def dated(day: date, shifts: float, name: str = "plan", **more: Any) -> Decree:
    return Decree(name, day, name, {"shifts": shifts}, **more)


def made(*decrees: Decree, members: tuple[int, ...] = (0, 1, 2), **more: Any) -> Simulation:
    ovens = np.array([3.0, 6.0, 9.0])[list(members)]
    return simulation(
        parts(), members, parameters={"bread": {"ovens": ovens}}, decrees=decrees, seed=3, **more
    )


def played(*decrees: Decree, **more: Any) -> tuple[Simulation, xr.Dataset]:
    run = made(*decrees, **more)
    return run, run.play()


def path(run: Simulation, lever: str = "shifts", member: int = 0) -> dict[str, float]:
    """Return the days on which a lever was set to another value in a member, and the values."""
    found: dict[str, float] = {}
    last = 1.0
    for day, value in run.decrees.paths.get(lever, []):
        now = float(np.broadcast_to(value, 3)[member])
        if now != last:
            found[day.isoformat()] = last = now
    return found


def log(run: Simulation) -> list[tuple[str, str, list[int] | None]]:
    return [
        (e.date.isoformat(), e.kind, None if e.members is None else np.flatnonzero(e.members).tolist())
        for e in run.events.events
        if e.kind.startswith("decree")
    ]


# ---- who issues on which day -------------------------------------------------------------------------------


def test_each_member_issues_on_its_own_day_and_acts_from_the_next() -> None:
    run, history = played(rule())
    assert log(run) == [("2000-03-31", "decree", [1, 2]), ("2000-07-31", "decree", [0])]
    assert [path(run, member=m) for m in (0, 1)] == [
        {"2000-08-01": 2.0},
        {"2000-04-01": 2.0},
    ]
    baked = history["baked"].sel(time=slice("2000-02", "2000-09")).values
    np.testing.assert_array_equal(baked[0] / 3.0, [1, 1, 1, 1, 1, 2, 2, 2])
    np.testing.assert_array_equal(baked[2] / 9.0, [1, 1, 2, 2, 2, 4, 2, 2])


def test_delay_and_duration_are_counted_in_days() -> None:
    run, history = played(rule(delay=40, duration=61))
    first, last = date(2000, 3, 31) + timedelta(days=41), date(2000, 3, 31) + timedelta(days=102)
    assert path(run, member=1) == {first.isoformat(): 2.0, last.isoformat(): 1.0}
    assert log(run)[:3] == [
        ("2000-03-31", "decree", [1, 2]),
        (first.isoformat(), "decree in force", [1, 2]),
        (last.isoformat(), "decree ended", [1, 2]),
    ]
    np.testing.assert_array_equal(history["baked"][1, :8] / 6.0, [1, 1, 1, 1, 2, 2, 2, 1])


def test_it_is_issued_again_only_if_it_says_so() -> None:
    once, _ = played(rule(duration=31))
    assert [day for day, kind, _ in log(once) if kind == "decree"] == ["2000-03-31", "2000-07-31"]
    again, _ = played(rule(duration=31, again=True))
    issued = [(day, who) for day, kind, who in log(again) if kind == "decree"]
    # It ends on May 2: in April it is in force, at the end of May it may be issued again.
    assert issued[:3] == [("2000-03-31", [1, 2]), ("2000-05-31", [1, 2]), ("2000-07-31", [0, 1, 2])]


def test_days_bound_when_it_is_looked_at() -> None:
    run, _ = played(rule("month > 0", not_before=date(2000, 4, 30), not_after=date(2000, 12, 31)))
    assert log(run) == [("2000-04-30", "decree", [0, 1, 2])]
    run, _ = played(rule("month > 0", not_before=date(2000, 5, 1), not_after=date(2000, 5, 30)))
    assert log(run) == []


def test_stocks_flows_variables_levers_and_the_calendar_are_as_the_month_leaves_them() -> None:
    run, history = played(
        rule("bread_store > 8 and baked > 8 and shifts == 1 and lever_rationing == 0 and day == 31")
    )
    store, baked = history["bread_store"].values, history["baked"].values
    days = history["time"].dt.day.values
    expected = [np.flatnonzero((store[m] > 8) & (baked[m] > 8) & (days == 31)) for m in range(3)]
    months = [run.decrees.spells["relief"].issued[m] for m in range(3)]
    for m in range(3):
        if len(expected[m]):
            day = history["time"].values[expected[m][0]].astype("datetime64[D]").item()
            assert months[m] == run.clock.day(day)
        else:
            assert months[m] > 10**6
    assert {len(e) > 0 for e in expected} == {True, False}


# ---- what a lever is ---------------------------------------------------------------------------------------


def test_a_lever_is_where_the_last_decree_in_force_set_it() -> None:
    plan, cut = dated(date(2000, 2, 10), 1.5), dated(date(2000, 5, 20), 0.5, "cut")
    run, _ = played(plan, rule(duration=30))  # ends while nothing else has been decreed
    assert path(run, member=1) == {"2000-02-10": 1.5, "2000-04-01": 2.0, "2000-05-01": 1.5}
    run, _ = played(plan, cut, rule(duration=100))  # overtaken on May 20
    assert path(run, member=1) == {"2000-02-10": 1.5, "2000-04-01": 2.0, "2000-05-20": 0.5}
    assert path(run, member=0) == {
        "2000-02-10": 1.5, "2000-05-20": 0.5, "2000-08-01": 2.0, "2000-11-09": 0.5
    }  # fmt: skip


def test_it_repeals_what_was_issued_before_where_it_takes_effect() -> None:
    run, _ = played(
        dated(date(2000, 2, 10), 1.5),
        dated(date(2000, 2, 20), 3.0, "more"),
        rule(effects={}, repeals=("more",)),
    )
    assert path(run, member=1) == {"2000-02-10": 1.5, "2000-02-20": 3.0, "2000-04-01": 1.5}
    assert path(run, member=0) == {"2000-02-10": 1.5, "2000-02-20": 3.0, "2000-08-01": 1.5}
    assert ("2000-04-01", "decree repealed", [1, 2]) in log(run)


def test_what_is_repealed_before_its_delay_is_over_never_takes_effect() -> None:
    run, _ = played(dated(date(2000, 2, 10), 3.0, "slow", delay=100), rule(effects={}, repeals=("slow",)))
    assert path(run, member=1) == {}
    assert path(run, member=0) == {"2000-05-20": 3.0, "2000-08-01": 1.0}


def test_two_rules_of_one_day_repeal_each_other_in_any_order() -> None:
    one = rule(name="one", repeals=("two",))
    two = rule(name="two", effects={"shifts": 3.0}, repeals=("one",))
    runs = [made(one, two) for _ in range(4)]
    histories = [run.play(shuffle=number) for number, run in enumerate(runs)]
    for run, history in zip(runs, histories, strict=True):
        xr.testing.assert_identical(history, histories[0])
        assert run.events.table().equals(runs[0].events.table())
        assert path(run, member=1) == path(runs[0], member=1)
    # Both are issued on one day, and what was issued before the day on which a rule takes effect ends.
    assert log(runs[0])[-1][1] == "decree repealed"


def test_dated_decrees_leave_one_number_for_all() -> None:
    run, _ = played(dated(date(2000, 2, 10), 2.0, duration=60), dated(date(2001, 3, 1), 3.0, "late", delay=3))
    assert type(run.levers["shifts"]) is float
    assert path(run) == {"2000-02-10": 2.0, "2000-04-10": 1.0, "2001-03-04": 3.0}
    assert [(day, kind) for day, kind, _ in log(run)] == [
        ("2000-02-10", "decree"), ("2000-04-10", "decree ended"), ("2001-03-01", "decree"),
        ("2001-03-04", "decree in force"),
    ]  # fmt: skip


def test_what_is_dated_before_the_start_is_in_force_or_over() -> None:
    run = made(
        dated(date(1999, 1, 1), 2.0),
        dated(date(1999, 5, 1), 3.0, "over", duration=100),
        dated(date(1999, 12, 30), 0.5, "to_come", delay=12),
    )
    assert run.levers["shifts"] == 2.0
    run.play()
    assert path(run) == {"2000-01-01": 2.0, "2000-01-11": 0.5}


def test_of_one_day_the_later_by_name_counts_and_none_repeals_the_other() -> None:
    day = date(2000, 5, 20)
    run, _ = played(dated(day, 2.0, "a"), dated(day, 3.0, "b"))
    assert run.decrees.paths["shifts"] == [(day, 3.0)]
    run, _ = played(rule(name="one"), rule(name="two", effects={"shifts": 3.0}))
    assert path(run, member=1) == {"2000-04-01": 3.0}
    run, _ = played(dated(day, 2.0), Decree("zero", day, "zero", {}, repeals=("plan",)))
    assert path(run) == {"2000-05-20": 2.0}


def test_what_was_repealed_before_the_start_is_over() -> None:
    end = Decree("end", date(1999, 6, 1), "end", {}, repeals=("plan",))
    assert made(dated(date(1999, 1, 1), 2.0), end).levers["shifts"] == 1.0


def test_whose_days_differ_is_followed_through_repeals() -> None:
    chain = [
        rule(effects={}, repeals=("a",)),
        Decree("a", END, "a", {}, repeals=("b",)),
        dated(END, 2.0, "b"),
    ]
    assert by_member({decree.name: decree for decree in chain}) == {"relief", "a", "b"}
    assert levers_by_member(chain) == {"shifts"}
    assert levers_by_member(chain[1:]) == set()


# ---- members differ in ranks -------------------------------------------------------------------------------


def test_members_may_differ_in_the_rank_of_a_flow() -> None:
    """Half the bread: the north is served first only where it is decreed, in others both are cut alike."""
    half = dated(date(2000, 2, 1), 0.5, "half")
    run, history = played(half, rule("month == 4 and baked > 2.9", "first", effects={"rationing": 1.0}))
    assert run.levers["rationing"].tolist() == [0.0, 1.0, 1.0]  # type: ignore[union-attr]
    may = history.sel(time="2000-05").isel(time=0)
    needs = np.array([3.0, 6.0, 9.0])
    served = may["sent_north"].values / (needs / 4.0)
    assert served[0] == pytest.approx(may["sent_south"].values[0] / (needs[0] * 0.75))
    assert served[0] < 0.8
    np.testing.assert_allclose(served[1:], 1.0)
    for member in range(3):
        _, alone = played(
            half, rule("month == 4 and baked > 2.9", "first", effects={"rationing": 1.0}), members=(member,)
        )
        xr.testing.assert_identical(alone, history.isel(member=[member]))


def test_an_if_on_such_a_lever_is_refused(tmp_path: Path) -> None:
    given = blocks(tmp_path, EQUATIONS, TABLE)
    with pytest.raises(DeclarationError, match=r"'bread.send': asks for lever 'rationing' once for all mem"):
        simulation(given, decrees=[rule(effects={"rationing": 1.0})])


# ---- others wait for it ------------------------------------------------------------------------------------


def test_a_process_waits_for_a_decree_and_is_told_in_which_members() -> None:
    run = made(rule(), dated(date(2000, 5, 7), 1.5))
    heard: list[tuple[date, list[bool]]] = []

    def listen(name: str) -> Process:
        while True:
            who = yield run.decrees.next_issue(name)
            heard.append((run.clock.today, who.tolist()))

    run.play([listen("relief"), listen("plan")])
    assert heard == [
        (date(2000, 3, 31), [False, True, True]),
        (date(2000, 5, 7), [True, True, True]),
        (date(2000, 7, 31), [True, False, False]),
    ]
    with pytest.raises(KeyError, match="nothing"):
        run.decrees.next_issue("nothing")


# ---- alone, and gone on with -------------------------------------------------------------------------------

MANY = (
    dated(date(1999, 6, 1), 1.2, "old", duration=300),
    dated(date(2000, 5, 20), 1.1, "plan", delay=20),
    rule(delay=17, duration=75, again=True),
    rule("bread_store > 20", "stop", effects={"shifts": 0.4, "rationing": 1.0}, duration=200,
         repeals=("relief", "plan")),
    rule("shifts < 1 and month == 12", "year_end", effects={"shifts": 0.9}, not_before=date(2000, 6, 1)),
)  # fmt: skip
ENDS = [date(2000, 1, 31), date(2000, 3, 31), date(2000, 4, 30), date(2000, 7, 31), date(2000, 12, 31)]


@pytest.mark.parametrize("member", [0, 1, 2])
def test_a_member_alone_is_as_among_others(member: int) -> None:
    _, together = played(*MANY)
    _, alone = played(*MANY, members=(member,))
    xr.testing.assert_identical(alone, together.isel(member=[member]))


@pytest.mark.parametrize("end", ENDS, ids=str)
def test_a_run_gone_on_with_is_a_run_in_one_go(end: date) -> None:
    whole, expected = played(*MANY)
    first, _ = played(*MANY, until=end)
    second, history = played(*MANY, resume=State.from_bytes(first.state().to_bytes()))
    xr.testing.assert_identical(history, expected)
    assert second.state().to_bytes() == whole.state().to_bytes()
    assert {kind for _, kind, _ in log(whole)} == {
        "decree", "decree in force", "decree ended", "decree repealed"
    }  # fmt: skip


def test_a_branch_keeps_what_was_issued_and_issues_by_its_own_rules() -> None:
    first, _ = played(rule(duration=100), dated(date(2000, 2, 1), 1.5), until=date(2000, 4, 30))
    kept = State.from_bytes(first.state().to_bytes())
    run, history = played(dated(date(2000, 9, 1), 0.5), resume=kept)  # the rule is gone, the plan put off
    assert path(run, member=1) == {
        "2000-02-01": 1.5, "2000-04-01": 2.0, "2000-07-10": 1.5, "2000-09-01": 0.5
    }  # fmt: skip
    assert path(run, member=0) == {"2000-02-01": 1.5, "2000-09-01": 0.5}
    again, other = played(dated(date(2000, 9, 1), 0.5), resume=kept, until=date(2000, 6, 30))
    on, gone_on = played(dated(date(2000, 9, 1), 0.5), resume=again.state())
    xr.testing.assert_identical(gone_on, history)
    xr.testing.assert_identical(other, history.isel(time=slice(0, 6)))
    assert path(on, member=1) == path(run, member=1)
    changed, _ = played(
        rule(duration=100, effects={"shifts": 3.0}), dated(date(2000, 2, 1), 1.5), resume=kept
    )
    assert path(changed, member=1)["2000-07-10"] == 1.5  # issued once, with what it set then
    assert path(changed, member=0)["2000-08-01"] == 3.0
