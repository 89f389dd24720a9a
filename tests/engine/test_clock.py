"""The calendar, the phases and the conductor."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from pathlib import Path

import pytest
import simpy

import planmodel
from planmodel.engine import Clock, DeclarationError, Phase, Season, every
from planmodel.engine.clock import Process

TRADE = Phase("trade", (20, 10))
SURVEY = Phase("survey")
AUDIT = Phase("audit")
MONTH = (TRADE, SURVEY, AUDIT)


def clock(start: date = date(1930, 1, 1), end: date = date(1930, 12, 31)) -> Clock:
    harvest = Season("harvest", "trade", (7, 8))
    return Clock(start, end, MONTH, (harvest, Season("winter", "survey", (1, 2, 12))))


@pytest.mark.parametrize(("year", "last"), [(1931, 28), (1932, 29), (1936, 29)])
def test_openings_are_in_order_and_zero_is_the_last_day(year: int, last: int) -> None:
    held = [(day, phase.name) for day, phase in clock(date(year, 2, 1), date(year, 3, 31)).openings()]
    february = [(10, "trade"), (20, "trade"), (last, "survey"), (last, "audit")]
    march = [(10, "trade"), (20, "trade"), (31, "survey"), (31, "audit")]
    expected = [(date(year, 2, d), n) for d, n in february] + [(date(year, 3, d), n) for d, n in march]
    assert held == expected


def test_phases_of_one_day_are_held_in_the_order_of_declaration() -> None:
    phases = [Phase("z", (1, 0)), Phase("a", (0, 1))]
    held = [(day.day, p.name) for day, p in Clock(date(1930, 4, 1), date(1930, 4, 30), phases).openings()]
    assert held == [(1, "z"), (1, "a"), (30, "z"), (30, "a")]


def test_the_period_includes_both_ends_and_crosses_the_year() -> None:
    held = [(day, p.name) for day, p in clock(date(1930, 12, 20), date(1931, 1, 10)).openings()]
    december = [(20, "trade"), (31, "survey"), (31, "audit")]
    assert held == [(date(1930, 12, d), name) for d, name in december] + [(date(1931, 1, 10), "trade")]


def test_a_season_opens_with_its_phase_in_its_months_only() -> None:
    year, seen = clock(), list[date]()
    winters: list[date] = []
    year.process(every(year, "harvest", lambda: seen.append(year.today)))
    year.process(every(year, "winter", lambda: winters.append(year.today)))
    year.run()
    assert seen == [date(1930, m, d) for m in (7, 8) for d in (10, 20)]
    assert winters == [date(1930, 1, 31), date(1930, 2, 28), date(1930, 12, 31)]


def test_until_a_date_wakes_on_that_day() -> None:
    year, woken = clock(), list[date]()
    days = [date(1930, 1, 1), date(1930, 2, 28), date(1930, 3, 1), date(1930, 3, 1), date(1930, 12, 30)]

    def sleeper() -> Process:
        for day in days:
            yield year.until(day)
            woken.append(year.today)

    year.process(sleeper())
    year.run()
    assert woken == days


@pytest.mark.parametrize("decree_first", [True, False])
@pytest.mark.parametrize("when", [date(1930, 1, 10), date(1930, 3, 20), date(1930, 3, 31)])
@pytest.mark.parametrize("start", [date(1930, 1, 1), date(1930, 1, 10)])
def test_a_decree_of_the_day_is_seen_by_the_phases_of_that_day(
    start: date, when: date, decree_first: bool
) -> None:
    """Whoever was created first, however late the decree was scheduled, also on the first day."""
    year, seen = clock(start), dict[tuple[date, str], bool]()
    decreed = False

    def decree() -> Process:
        nonlocal decreed
        for day in (start, date(1930, 3, 19), when) if when > date(1930, 3, 19) else (when,):
            yield year.until(day)
        decreed = True

    def look(phase: str) -> None:
        seen[year.today, phase] = decreed

    processes = [decree(), *(every(year, name, partial(look, name)) for name in ("trade", "survey"))]
    for process in processes if decree_first else reversed(processes):
        year.process(process)
    year.run()
    assert seen == {key: key[0] >= when for key in seen}
    assert any(day == when for day, _ in seen)


@pytest.mark.parametrize("created_first", [True, False])
@pytest.mark.parametrize(
    "start",
    [
        date(1930, 1, 1),
        date(1930, 1, 20),
        date(1930, 1, 31),
    ],
)
def test_after_a_date_the_phases_of_that_very_day_are_still_to_come(start: date, created_first: bool) -> None:
    """Also where the date is the first day of all."""
    month, seen = clock(start, date(1930, 3, 31)), list[date]()

    def newcomer() -> Process:
        if start < date(1930, 1, 30):  # so that the conductor went to sleep before this process did
            yield month.until(date(1930, 1, 30))
        yield month.until(date(1930, 1, 31))
        yield month.until("survey")
        seen.append(month.today)

    processes = [newcomer(), every(month, "survey", lambda: None)]
    for process in processes if created_first else reversed(processes):
        month.process(process)
    month.run()
    assert seen == [date(1930, 1, 31)]


def test_unknown_names_and_impossible_periods_are_refused() -> None:
    with pytest.raises(DeclarationError, match="'trad'"):
        clock().until("trad")
    with pytest.raises(DeclarationError, match="thaw"):
        Clock(date(1930, 1, 1), date(1930, 2, 1), MONTH, [Season("spring", "thaw", (3,))])
    with pytest.raises(DeclarationError, match="before"):
        Clock(date(1930, 1, 2), date(1930, 1, 1), MONTH)


def test_time_is_a_whole_number_of_days_through_twelve_years() -> None:
    years, times = clock(date(1928, 1, 1), date(1940, 12, 31)), list[float]()
    years.process(every(years, "audit", lambda: times.append(years.environment.now)))
    years.run()
    assert {type(time) for time in times} == {int}
    assert len(times) == 13 * 12
    assert times[-1] == (date(1940, 12, 31) - date(1928, 1, 1)).days == years.day(date(1940, 12, 31))


def test_all_who_wait_for_a_phase_speak_before_it_is_settled_once() -> None:
    month, log = clock(end=date(1930, 1, 31)), list[str]()
    month.on_settlement(lambda phase: log.append(f"settle {phase}"))
    for who in "abc":
        month.process(every(month, "survey", partial(log.append, who)))
    month.process(every(month, "winter", lambda: log.append("season")))
    month.process(every(month, "audit", lambda: log.append("auditor")))
    month.run()
    assert log[:2] == ["settle trade"] * 2
    assert sorted(log[2:6]) == ["a", "b", "c", "season"]
    assert log[6:] == ["settle survey", "auditor", "settle audit"]


def test_waiting_again_means_the_next_opening() -> None:
    """Of another phase of the same day if it is still to come, of the same phase on its next day."""
    year, seen = clock(end=date(1930, 2, 28)), list[tuple[str, date]]()

    def walker() -> Process:
        for phase in ("survey", "audit", "audit", "trade"):
            yield year.until(phase)
            seen.append((phase, year.today))

    year.process(walker())
    year.run()
    last = date(1930, 1, 31)
    assert seen == [("survey", last), ("audit", last), ("audit", date(1930, 2, 28))]


def test_an_interrupted_process_can_wait_again() -> None:
    year, seen = clock(end=date(1930, 1, 31)), list[tuple[str, int]]()

    def worker() -> Process:
        try:
            yield year.until("trade")
        except simpy.Interrupt as order:
            seen.append((str(order.cause), year.today.day))
        for _ in range(2):
            yield year.until("trade")
            seen.append(("work", year.today.day))

    process = year.process(worker())

    def interrupter() -> Process:
        yield year.until(date(1930, 1, 5))
        process.interrupt("drafted")

    year.process(interrupter())
    year.process(every(year, "trade", lambda: seen.append(("other", year.today.day))))
    year.run()
    assert sorted(seen) == [("drafted", 5), ("other", 10), ("other", 20), ("work", 10), ("work", 20)]


def test_no_component_asks_how_long_the_run_is() -> None:
    """The calendar is the only clock: who reckons from the first or the last day has another history there.

    Named works whose day is before the first stand in the opening stocks, unfinished.
    """
    root = Path(planmodel.__file__).parent
    files = list((root / "economies").rglob("*.py"))
    assert len(files) > 25
    for file in files:
        found = set(re.findall(r"clock\.(?:start|end|openings)\b", file.read_text(encoding="utf-8")))
        assert found == set(), file


def test_a_period_may_be_one_day() -> None:
    day, seen = clock(date(1930, 1, 31), date(1930, 1, 31)), list[date]()
    day.process(every(day, "survey", lambda: seen.append(day.today)))
    day.run()
    assert seen == [date(1930, 1, 31)]


def test_a_day_that_a_month_has_not_is_its_last() -> None:
    phases = [Phase("rent", (30,)), Phase("bread", (31, 15))]
    held = [(day.day, p.name) for day, p in Clock(date(1931, 2, 1), date(1931, 2, 28), phases).openings()]
    assert held == [(15, "bread"), (28, "rent"), (28, "bread")]


def test_the_last_day_is_lived_whether_or_not_it_ends_a_month() -> None:
    for end in (date(1930, 3, 10), date(1930, 3, 31)):
        run, seen = clock(end=end), list[date]()
        run.process(every(run, "trade", lambda seen=seen, run=run: seen.append(run.today)))  # type: ignore[misc]
        run.run()
        assert seen[-1] == min(end, date(1930, 3, 20))
        assert run.today == end
