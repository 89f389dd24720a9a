"""Named works: each has a process that waits for its day or its decree, for builders, and for its end.

A work that a decree founds begins in each member on the day on which the decree takes effect there; members
in which it begins together have a site together. A work ends on a day of its own in each member: a process is
woken in every month in which something happens to its work in some member.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

import numpy as np
import simpy

from planmodel.engine import Array, Mask
from planmodel.engine.clock import Process
from planmodel.engine.component import Context


class Work(Protocol):
    """A named work of the scenario: ``size`` in billion roubles of 1928, a number or one a member."""

    @property
    def key(self) -> str:
        """Its name in the scenario."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def start(self) -> date | None:
        """The day on which building begins; none where a decree founds it."""

    @property
    def branch(self) -> str:
        """The branch that it belongs to."""

    @property
    def size(self) -> float | Array:
        """What it costs, billion roubles of 1928."""

    @property
    def decree(self) -> str:
        """The decree that founds it where it takes effect; empty where it begins on a day."""

    @property
    def months(self) -> float | None:
        """Months to build it when nothing is short; none where it is built as any other site."""

    @property
    def inmates(self) -> float:
        """Million prisoners who build it; zero where the hired do."""


Told = tuple[date, str, Mask, np.ndarray | None]  # day, text, members, and how many days later in each


class Founded(NamedTuple):
    """A work that is to begin in some members; ``begun`` then happens, with its number."""

    work: Work
    members: Mask
    begun: simpy.Event | None


class News(NamedTuple):
    """Of a named work in a month, by member.

    Attributes
    ----------
    number
        Its number as a site.
    ended, halted
        Whether it ends, and whether it is frozen, in some member.
    what
        Share of the month after which it was finished; -1 where it is frozen, else 0.
    """

    number: int
    ended: bool
    halted: bool
    what: Array


class Works:
    """What is known of the named works.

    Attributes
    ----------
    begun
        By key: in which members it has begun, or is to begin when sites are next started.
    finished_on
        By number of the site: the day on which it was finished in each member
        (:meth:`datetime.date.toordinal`), or zero. ``titles`` tells what it is called.
    frozen
        In which members the standing ones are frozen.
    inmates
        By number of the site, where there are any: million prisoners who build it.
    """

    def __init__(self, members: int) -> None:
        self.members = members
        self.begun: dict[str, Mask] = {}
        self.titles: dict[int, str] = {}
        self.finished_on: dict[int, Array] = {}
        self.frozen: dict[int, Mask] = {}
        self.inmates: dict[int, float] = {}
        self._founded: list[Founded] = []
        self._awaited: dict[int, simpy.Event] = {}

    def save(self) -> dict[str, Any]:
        """Return the state, as :meth:`restore` takes it; at a month's end all that was founded has begun."""
        numbers = sorted(self.titles)
        standing = sorted(self.frozen)
        days = [self.finished_on[n] for n in numbers]
        return {
            "begun": sorted(self.begun),
            "begun_in": np.array([self.begun[key] for key in sorted(self.begun)], dtype=bool).reshape(
                -1, self.members
            ),
            "number": np.array(numbers, dtype=int),
            "title": [self.titles[n] for n in numbers],
            "inmates": np.array([self.inmates.get(n, 0.0) for n in numbers], dtype=float),
            "finished_on": np.array(days, dtype=float).reshape(len(days), self.members),
            "standing": np.array(standing, dtype=int),
            "frozen": np.array([self.frozen[n] for n in standing], dtype=bool).reshape(-1, self.members),
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from what was saved."""
        self.begun = dict(zip(map(str, saved["begun"]), np.array(saved["begun_in"]), strict=True))
        numbers = [int(n) for n in saved["number"]]
        self.titles = dict(zip(numbers, map(str, saved["title"]), strict=True))
        of_inmates = zip(numbers, saved["inmates"], strict=True)
        self.inmates = {number: float(some) for number, some in of_inmates if some > 0.0}
        self.finished_on = dict(zip(numbers, np.array(saved["finished_on"]), strict=True))
        self.frozen = dict(zip(map(int, saved["standing"]), np.array(saved["frozen"]), strict=True))

    # ---- what processes do ---------------------------------------------------------------------------------

    def processes(self, context: Context, standing: Mapping[int, str]) -> Iterator[Process]:
        """Yield a process for each work that stands, and for each that is to come within the period."""
        first = context.clock.first
        for number, title in standing.items():
            yield self._life(number, title, context)
        for work in context.works:
            if (work.start is None or work.start >= first) and self._waits(work).any():
                yield self._founding(work, context)

    def _founding(self, work: Work, context: Context) -> Process:
        """Wait for the day; or for the decree, until that has founded it in all members."""
        clock, decrees = context.clock, context.decrees
        if work.start is not None:
            yield clock.until(work.start)
            yield from self._building(work, self._waits(work), context)
        elif decrees is not None:
            while self._waits(work).any():
                yield decrees.next_effect(work.decree)
                members = decrees.taking_effect(work.decree) & self._waits(work)
                if members.any():
                    clock.process(self._building(work, members, context))

    def _waits(self, work: Work) -> Mask:
        """Tell in which members a work has not begun."""
        return ~self.begun.get(work.key, np.zeros(self.members, dtype=bool))

    def _building(self, work: Work, members: Mask, context: Context) -> Process:
        """Found a work, wait for the sites to be looked at, and then for what becomes of it."""
        day, begun = context.clock.today, context.clock.environment.event()
        self.found(work, begun, members)
        number = yield begun
        context.events.add(day, "site", f"{work.title}: building begins", None if members.all() else members)
        yield from self._life(number, work.title, context)

    def _life(self, number: int, title: str, context: Context) -> Process:
        """Log what happens to it, in whichever members, until it is finished in all."""
        while number in self.frozen:
            self._awaited[number] = context.clock.environment.event()
            for day, text, members, later in (yield self._awaited[number]):
                context.events.add(day, "site", f"{title}: {text}", members, later)

    # ---- what sites ask and tell ---------------------------------------------------------------------------

    def found(self, work: Work, begun: simpy.Event | None = None, members: Mask | None = None) -> None:
        """Have a work begin, in some members or in all, when sites are next started: see :class:`Founded`."""
        who = self._waits(work) if members is None else members
        self.begun[work.key] = who | ~self._waits(work)
        self._founded.append(Founded(work, who, begun))

    def take(self) -> list[Founded]:
        """Return the works that are to begin, by title; each but once."""
        founded, self._founded = self._founded, []
        return sorted(founded, key=lambda one: (one.work.title, one.work.branch))

    def begin(self, number: int, work: Work, begun: simpy.Event | None) -> None:
        """Note that a work has begun, and wake its process."""
        self.titles[number] = work.title
        self.finished_on[number] = np.zeros(self.members)
        self.frozen[number] = np.zeros(self.members, dtype=bool)
        if work.inmates > 0.0:
            self.inmates[number] = work.inmates
        if begun is not None:
            begun.succeed(number)

    def hear(self, news: Iterable[News], today: date) -> None:
        """Note what happened in a month, and wake the processes of the works to which something did."""
        first = today.replace(day=1)
        days = calendar.monthrange(today.year, today.month)[1]
        for number, ended, halted, what in news:
            before = self.frozen[number]
            stood = bool(before.any())
            if not (ended or halted or stood):
                continue
            told: list[Told] = []
            if ended:
                members = what > 0.0
                some = np.flatnonzero(members)  # few of many, in most months
                days_later = np.ceil(what[some] * days) - 1.0
                self.finished_on[number][some] += first.toordinal() + days_later
                later = np.zeros(self.members, dtype=np.uint8)
                later[some] = days_later
                told.append((first, "finished", members, later))
            if halted or stood:
                frozen = what < 0.0
                changed = frozen != before
                if not (ended or changed.any()):
                    continue
                told += [
                    (today, "work stops", frozen & changed, None),
                    (today, "work goes on", changed & ~frozen & (what == 0.0), None),
                ]
                self.frozen[number] = frozen
            waiting = self._awaited.pop(number, None)
            if waiting is not None:
                waiting.succeed(told)

    def leave(self, standing: set[int]) -> None:
        """Forget whether those are frozen that stand no more."""
        for number in self.frozen.keys() - standing:
            del self.frozen[number]
