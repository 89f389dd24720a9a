"""Named works that a decree founds: in which members, on which day, and never without it."""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

import numpy as np
import pytest
import xarray as xr
from watched_sites import sites_of

from planmodel.engine import EventLog, State
from planmodel.runs.history import History
from planmodel.scenario import Scenario, load_scenario

MEMBERS = (0, 1, 2, 3)
ARTISANS = np.array([0.5, 1.5, 2.5, 3.5])  # capital on the first day, by which members differ
RULE = {
    "when": " or ".join(f"works_capital_artisans > {3 - n} and month == {2 + 3 * n}" for n in range(3)),
    "delay": 9,
    "title": "A combine is to be built",
    "source": "invented",
}
WORK = {"title": "Combine", "size": 0.03, "branch": "engineering", "source": "invented"}
# What is decreed at the ends of February, May and August is in force ten days later; in member 0 never.
DAYS = {3: date(1928, 3, 10), 2: date(1928, 6, 10), 1: date(1928, 9, 10)}
END = date(1930, 6, 30)


def scenario(end: date = END, work: dict[str, Any] | None = None, **decrees: dict[str, Any]) -> Scenario:
    """Return the baseline with a combine, founded by the rule unless something else is said."""
    words = {"title": "A combine is to be built", "source": "invented"}
    tree = {
        "decrees": {"combine": RULE} if not decrees else {n: words | said for n, said in decrees.items()},
        "works": {"combine": {**WORK, "evidence": "assumption", **(work or {"decree": "combine"})}},
    }
    return load_scenario("one_country", tree).until(end)


def made(of: Scenario, members: tuple[int, ...] = MEMBERS, **more: Any) -> History:
    artisans = {"works": {"capital_artisans": ARTISANS[list(members)]}}
    return History(of, members, 5, initial=artisans, **more)


def played(of: Scenario, members: tuple[int, ...] = MEMBERS, **more: Any) -> tuple[xr.Dataset, EventLog]:
    run = made(of, members, **more).run()
    return run.dataset, run.events


@functools.cache
def ruled() -> tuple[xr.Dataset, EventLog]:
    return played(scenario())


@functools.cache
def without() -> xr.Dataset:
    return played(scenario(work={"decree": "combine", "enabled": False}))[0]


def days_of(events: EventLog, what: str = "building begins", size: int = 4) -> dict[int, list[date]]:
    """Return the days on which something was told of the combine, by member."""
    tables = {member: events.table(member) for member in range(size)}
    return {m: list(t["date"][t["text"] == f"Combine: {what}"]) for m, t in tables.items()}


def same(first: xr.Dataset, second: xr.Dataset, member: int) -> bool:
    return bool(first.sel(member=member).equals(second.sel(member=member)))


def test_it_begins_in_each_member_on_the_day_on_which_the_decree_takes_effect() -> None:
    assert days_of(ruled()[1]) == {0: [], **{member: [day] for member, day in DAYS.items()}}


@pytest.mark.parametrize("member", DAYS)
def test_a_member_is_to_the_bit_as_if_the_day_had_been_given(member: int) -> None:
    dated, _ = played(scenario(work={"start": DAYS[member]}))
    assert same(ruled()[0], dated, member)
    assert not same(ruled()[0], dated, 0)


def test_without_the_decree_nothing_is_founded() -> None:
    assert same(ruled()[0], without(), 0)
    assert not any(same(ruled()[0], without(), member) for member in DAYS)


def test_it_never_stands_before_the_decree_and_always_after() -> None:
    """Looked at in every month and member: it stands or has been finished from the month of its day on."""
    history = made(scenario())
    sites = sites_of(history)
    seen: list[Any] = []

    def look(_: date) -> None:
        rows = [row for row, site in enumerate(sites.sites) if site.label == "Combine"]
        known = [days for n, days in sites.works.finished_on.items() if sites.works.titles[n] == "Combine"]
        stands, ended = sites.size[rows] > 0.0, np.array(known).reshape(-1, 4) > 0.0
        seen.append(np.any([*stands, *ended, np.zeros(4, dtype=bool)], axis=0))

    history.progress = look
    ends = [day.astype("M8[D]").item() for day in history.run().dataset["time"].values]
    for member in MEMBERS:
        begins = DAYS.get(member, date.max)
        assert [bool(one[member]) for one in seen] == [end >= begins for end in ends]


def test_each_member_finishes_it_once_and_on_a_day_of_its_own() -> None:
    finished = days_of(ruled()[1], "finished")
    assert [len(finished[member]) for member in MEMBERS] == [0, 1, 1, 1]
    assert finished[3] < finished[2] < finished[1]


def test_a_decree_that_is_issued_again_founds_once() -> None:
    when = "month == 2 or month == 6 and works_capital_artisans > 2"
    again = scenario(combine={"when": when, "duration": 31, "again": True})
    _, events = played(again)
    assert days_of(events) == {member: [date(1928, 3, 1)] for member in MEMBERS}


@pytest.mark.parametrize(
    "decrees",
    [
        {"combine": {**RULE, "enabled": False}},
        {"combine": {"date": date(1929, 1, 1), "enabled": False}},
        {"combine": {"when": "month == 13"}},
        {"combine": {"date": date(1930, 7, 1)}},
        {"combine": {**RULE, "delay": 900}},
        # Issued in February, and repealed before it is in force, or on the very day.
        {"combine": RULE, "stop": {"when": "month == 2", "repeals": ["combine"]}, "over": {
            "when": "month == 5", "repeals": ["combine"]}, "never": {"when": "month == 8",
            "repeals": ["combine"]}},
        {"combine": {"date": date(1928, 2, 1), "delay": 9},
         "stop": {"date": date(1928, 2, 10), "repeals": ["combine"]}},
        {"combine": {"date": date(1928, 2, 1), "delay": 9},
         "after": {"date": date(1928, 2, 2), "delay": 8, "repeals": ["combine"]}},
        # In force before the first day only.
        {"combine": {"date": date(1926, 1, 1), "duration": 100}},
        {"combine": {"date": date(1926, 1, 1)}, "stop": {"date": date(1927, 1, 1), "repeals": ["combine"]}},
    ],
)  # fmt: skip
def test_a_decree_that_is_never_in_force_founds_nothing(decrees: dict[str, Any]) -> None:
    history, events = played(scenario(**decrees))
    assert not any(days_of(events).values())
    assert history.equals(without())


def test_a_decree_that_is_repealed_later_has_founded() -> None:
    combine = {"date": date(1928, 2, 1)}
    _, events = played(scenario(combine=combine, stop={"date": date(1928, 2, 2), "repeals": ["combine"]}))
    assert days_of(events) == {member: [date(1928, 2, 1)] for member in MEMBERS}


@pytest.mark.parametrize(
    ("decree", "day"),
    [
        ({"date": date(1926, 1, 1)}, date(1928, 1, 1)),  # in force on the first day
        ({"date": date(1927, 12, 22), "delay": 10}, date(1928, 1, 1)),
        ({"date": date(1927, 12, 22), "delay": 30}, date(1928, 1, 21)),
        ({"date": date(1928, 1, 1)}, date(1928, 1, 1)),
        ({"date": date(1928, 3, 31)}, date(1928, 3, 31)),  # the day on which sites are looked at
    ],
)
def test_a_decree_with_a_date_founds_in_all_members(decree: dict[str, Any], day: date) -> None:
    history, events = played(scenario(combine=decree))
    assert days_of(events) == {member: [day] for member in MEMBERS}
    assert history.equals(played(scenario(work={"start": day}))[0])


def test_two_works_that_one_decree_founds_are_begun_by_title() -> None:
    both = {
        "works.combine.decree": "combine",
        "works.kharkov_tractor.decree": "combine",
        "decrees.combine": RULE,
    } | {f"works.combine.{key}": value for key, value in {**WORK, "evidence": "assumption"}.items()}
    history = made(load_scenario("one_country", both).until(date(1928, 9, 30)))
    history.run()
    named = [site for site in sites_of(history).sites if not site.cohort and site.branch == 1]
    labels = [site.label for site in named if site.label != "Stalingrad tractor works"]
    assert labels[:2] == ["Combine", "Kharkov tractor works"]
    assert sorted(labels) == ["Combine"] * 3 + ["Kharkov tractor works"] * 3 + ["Uralmash"]


def test_both_engines_have_the_same_bits() -> None:
    pytest.importorskip("llvmlite")
    for engine in ("compiled", "numpy"):
        history, events = played(scenario(), engine=engine)
        xr.testing.assert_equal(history, ruled()[0])
        assert events.table().equals(ruled()[1].table())


@pytest.mark.parametrize("members", [(0,), (2,), (3, 1), (1, 2, 3)])
def test_a_member_is_the_same_alone_and_among_others(members: tuple[int, ...]) -> None:
    history, events = played(scenario(), members)
    for at, member in enumerate(members):
        assert same(history, ruled()[0], member)
        mine, there = (
            log.drop(columns="share_of_members") for log in (events.table(at), ruled()[1].table(member))
        )
        assert mine.equals(there)


@pytest.mark.parametrize("shuffle", [1, 2, 3])
def test_the_order_of_processes_has_no_effect(shuffle: int) -> None:
    history, events = played(scenario(), shuffle=shuffle)
    xr.testing.assert_equal(history, ruled()[0])
    assert events.table().equals(ruled()[1].table())


def saved(of: Scenario) -> State:
    history = made(of)
    history.run()
    return history.state()


@pytest.mark.parametrize("day", [date(1928, 2, 29), date(1928, 6, 30), date(1929, 7, 31)])
def test_a_run_gone_on_with_has_the_bits_of_one_in_one_go(day: date) -> None:
    history, events = played(scenario(), resume=saved(scenario(day)))
    xr.testing.assert_equal(history, ruled()[0])
    assert events.table().equals(ruled()[1].table())


def test_in_a_branch_what_was_founded_stays_and_the_others_follow_the_branch() -> None:
    """At the end of June members 2 and 3 have it; a day in place of the decree begins it in the others."""
    state = saved(scenario(date(1928, 6, 30)))
    branch = made(scenario(work={"start": date(1928, 12, 5)}), resume=state, branch=True)
    events = branch.run().events
    begun = {member: days[0] for member, days in days_of(events).items()}
    assert begun == {0: date(1928, 12, 5), 1: date(1928, 12, 5), 2: DAYS[2], 3: DAYS[3]}
    assert branch.gone_on is not None
    assert branch.gone_on.holds == ("works.combine",)


def test_another_size_of_what_was_not_founded_yet_holds_from_the_branch_on() -> None:
    state = saved(scenario(date(1928, 6, 30)))
    larger = scenario(work={"decree": "combine", "size": 0.05})
    branch = made(larger, resume=state, branch=True)
    history = branch.run().dataset
    assert branch.gone_on is not None
    assert branch.gone_on.holds == ("works.combine",)
    whole = played(larger)[0]
    assert same(history, whole, 1)
    assert same(history, ruled()[0], 3)


def test_what_was_decreed_before_a_branch_founds_no_work_of_the_branch() -> None:
    """Members 2 and 3 had the decree before; only member 1, in which it takes effect later, has the work."""
    before = made(scenario(date(1928, 6, 30), work={"decree": "combine", "enabled": False}))
    before.run()
    branch = made(scenario(date(1928, 9, 30)), resume=before.state(), branch=True)
    assert days_of(branch.run().events) == {0: [], 1: [DAYS[1]], 2: [], 3: []}


def test_a_decree_that_was_issued_before_a_branch_changes_it_founds_as_it_was_issued() -> None:
    state = saved(scenario(date(1928, 2, 29)))
    other = scenario(date(1928, 3, 31), combine={**RULE, "effects": {"mass_arrests": 1.0}})
    branch = made(other, resume=state, branch=True)
    assert days_of(branch.run().events) == {0: [], 1: [], 2: [], 3: [DAYS[3]]}
