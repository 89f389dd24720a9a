"""Decrees: on its date, or where its condition holds, a decree sets levers of policy for a time.

Each member issues a decree with a condition on a day of its own. What is known of a decree is in arrays of
days, a member each: when it was issued, from which day it is in force, on which day it ends. They are all
that is saved; processes only wait for the days that stand in them, and are started anew where a run is gone
on with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

import numpy as np
import simpy

from planmodel.engine.clock import Clock, Process
from planmodel.engine.conditions import Condition
from planmodel.engine.events import EventLog
from planmodel.engine.fingerprint import compact
from planmodel.engine.published import Published
from planmodel.engine.types import Array, Mask

NEVER = np.iinfo(np.int64).max // 4  # a day that does not come
Days = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Decree:
    """An entry of the calendar of policy: when it is issued, and what it sets.

    Attributes
    ----------
    date
        The day on which it is issued, in all members; None where it is issued by its condition.
    when
        Where this holds at the end of a month, it is issued on that day.
    delay, duration
        Days from the issue to the first day in force (from the day after it, where it has a condition), and
        days in force; without a duration it is in force until it is repealed.
    not_before, not_after
        First and last day on which a condition is looked at.
    again
        Whether it may be issued again once it has ended.
    repeals
        Decrees that it ends where it takes effect.
    """

    name: str
    date: date | None
    title: str
    effects: Mapping[str, float]
    when: Condition | None = None
    delay: int = 0
    duration: int | None = None
    not_before: Any = None
    not_after: Any = None
    again: bool = False
    repeals: tuple[str, ...] = ()


class Ruled(Protocol):
    """What tells whose days a decree has."""

    @property
    def when(self) -> Any:
        """Its condition, if it has one."""

    @property
    def repeals(self) -> Iterable[str]:
        """The decrees that it ends."""


def by_member(decrees: Mapping[str, Ruled]) -> set[str]:
    """Return the decrees that members have on days of their own: with a condition, or ended by such a one."""
    found = {name for name, decree in decrees.items() if decree.when is not None}
    left = list(found)
    while left:
        reached = {name for name in decrees[left.pop()].repeals if name in decrees} - found
        found |= reached
        left += reached
    return found


def levers_by_member(decrees: Iterable[Decree]) -> set[str]:
    """Return the levers that may differ between members."""
    known = {decree.name: decree for decree in decrees}
    return {lever for name in by_member(known) for lever in known[name].effects}


class Spells:
    """A decree, and on which days it is issued, in force and ended: one day for all members, or one each."""

    def __init__(self, decree: Decree, size: int) -> None:
        self.decree, self.size = decree, size
        self.issued, self.begins, self.ends = (np.full(size, NEVER, dtype=np.int64) for _ in range(3))

    def of(self, who: Mask) -> Mask:
        """Return a mask of members as this decree has it."""
        return who if len(who) == self.size else np.broadcast_to(who[:1], (self.size,))

    def issue(self, who: Mask, day: int, first: int) -> None:
        """Note that it is issued on a day, and in force from another one on."""
        lasts = self.decree.duration
        self.issued[who], self.begins[who] = day, first
        self.ends[who] = NEVER if lasts is None else first + lasts

    def take(self, days: Days) -> None:
        """Go on from days of issue, of beginning and of ending, of all members together or of each."""
        self.size = max(self.size, days.shape[1])
        self.issued, self.begins, self.ends = np.array(np.broadcast_to(days, (3, self.size)))

    def repeal(self, who: Mask, day: int) -> Mask:
        """End it where it was issued before a day, in force or not yet; return where it was ended by that."""
        ended: Mask = self.of(who) & (self.issued < day) & (self.ends > day)
        self.ends[ended] = day
        return ended

    def in_force(self, day: int) -> Mask:
        """Tell where it is in force on a day."""
        return (self.begins <= day) & (day < self.ends)

    def to_come(self, day: int) -> list[int]:
        """Return the days after one on which it begins or ends somewhere."""
        days = {*self.begins.tolist(), *self.ends.tolist()}
        return sorted(d for d in days if day < d < NEVER)


class Decrees:
    """The calendar of policy as SimPy processes: one a decree waits, one a day that is to come acts.

    A lever is in each member where the decree that is last in force there set it; where none is, it is what
    it was at first. Of two that begin on the same day the later by name is the last.

    Parameters
    ----------
    clock, events
        Calendar and log.
    levers
        The settings that decrees change, shared with all components; those of :func:`levers_by_member` are
        arrays.
    published
        What conditions read.
    decrees
        The calendar; what is dated before the start is in force from the start. Where a run is gone on with,
        what is dated before its first day has been done, and is left as it is.
    members
        Number of columns.
    closing
        The phase after which conditions are looked at.
    """

    def __init__(
        self,
        clock: Clock,
        events: EventLog,
        levers: dict[str, float | Array],
        published: Published,
        decrees: Iterable[Decree],
        members: int,
        closing: str,
    ) -> None:
        self.clock, self.events, self.levers, self.published = clock, events, levers, published
        self.members, self._closing = members, closing
        known = {d.name: d for d in sorted(decrees, key=lambda d: d.name)}
        own = by_member(known)
        self.spells = {name: Spells(d, members if name in own else 1) for name, d in known.items()}
        self.past: dict[str, Spells] = {}  # of a scenario from which this one branches off
        self._first = dict(levers)  # what they are where nothing is decreed
        self.paths: dict[str, list[tuple[date, float | Array]]] = {}
        self._waiting: dict[str, simpy.Event] = {}
        self._effective: dict[str, simpy.Event] = {}
        self._awaited: set[int] = set()  # days
        if clock.first == clock.start:
            self._before_the_start()

    def next_issue(self, name: str) -> simpy.Event:
        """Return the event a process yields to wait until a decree is issued; its value is in which members.

        Raises
        ------
        KeyError
            If there is no such decree.
        """
        if name not in self.spells:
            raise KeyError(name)
        return self._waiting.setdefault(name, self.clock.environment.event())

    def next_effect(self, name: str) -> simpy.Event:
        """Return the event a process yields to wait for a day on which a decree takes effect in some members.

        In which tells :meth:`taking_effect`, when all decrees of the day have spoken.

        Raises
        ------
        KeyError
            If there is no such decree.
        """
        if name not in self.spells:
            raise KeyError(name)
        return self._effective.setdefault(name, self.clock.environment.event())

    def taking_effect(self, name: str) -> Mask:
        """Tell in which members a decree takes effect today; on the first day also where it is in force."""
        today = self.clock.day(self.clock.today)
        who = np.zeros(self.members, dtype=bool)
        for spells in (*self.past.values(), self.spells[name]):
            if spells.decree.name == name:
                fresh = spells.begins == today if today else spells.begins <= today
                who |= fresh & spells.in_force(today)
        return who

    # ---- waiting -------------------------------------------------------------------------------------------

    def processes(self) -> Iterator[Process]:
        """Yield a process for each decree that may still be issued, and for each day that is to come."""
        if self.clock.first == self.clock.start:
            yield self._open()
        for spells in self.spells.values():
            decree = spells.decree
            if decree.when is not None:
                yield self._watch(spells, decree.when)
            elif decree.date is not None and self.clock.first <= decree.date <= self.clock.end:
                yield self._wait(spells, decree.date)
        done = self.clock.day(self.clock.first) - 1
        every = [*self.past.values(), *self.spells.values()]
        yield from self._days(day for spells in every for day in spells.to_come(done))

    def _open(self) -> Process:
        """Tell on the first day what is in force from before it."""
        yield self.clock.until(self.clock.start)
        self._tell(self.spells.values())

    def _wait(self, spells: Spells, day: date) -> Process:
        """Issue a decree on its date."""
        yield self.clock.until(day)
        self._issue(spells, np.ones(spells.size, dtype=bool), spells.decree.delay)

    def _watch(self, spells: Spells, when: Condition) -> Process:
        """Look at a condition when the books of a month are closed, and issue the decree where it holds."""
        decree = spells.decree
        while True:
            yield self.clock.settled(self._closing)
            today = self.clock.today
            if (decree.not_before or today) <= today <= (decree.not_after or today):
                who = when.holds(self.published.values, self.members) & self._may(spells)
                if who.any():
                    self._issue(spells, who, decree.delay + 1)

    def _may(self, spells: Spells) -> Mask:
        """Tell where a decree may be issued: where it was not yet, or has ended and may be issued again."""
        fresh: Mask = spells.issued == NEVER
        return fresh | (spells.ends <= self.clock.day(self.clock.today)) if spells.decree.again else fresh

    def _issue(self, spells: Spells, who: Mask, days: int) -> None:
        """Issue a decree in some members, that is in force some days later."""
        today = self.clock.day(self.clock.today)
        spells.issue(who, today, today + days)
        self._log("decree", spells, who)
        waiting = self._waiting.pop(spells.decree.name, None)
        if waiting is not None:
            waiting.succeed(np.array(np.broadcast_to(who, (self.members,))))
        if days == 0:
            self._begin(spells, today)
            self._set(spells.decree.effects, today)
            self._tell([spells])
        for process in self._days(day for day in spells.to_come(today)):
            self.clock.process(process)

    def _days(self, days: Iterable[int]) -> Iterator[Process]:
        """Yield a process for each day that none waits for yet."""
        for day in sorted(set(days) - self._awaited):
            self._awaited.add(day)
            yield self._act(day)

    def _act(self, day: int) -> Process:
        """Set what is set anew on a day on which some decree begins or ends."""
        yield self.clock.until(self.clock.start + timedelta(days=day))
        every = [*self.past.values(), *self.spells.values()]
        some = [s for s in every if (s.begins == day).any() or (s.ends == day).any()]
        for spells in some:
            self._begin(spells, day)
            self._end(spells, day)
        self._set({lever for spells in some for lever in spells.decree.effects}, day)
        self._tell(some)

    # ---- what happens on a day -----------------------------------------------------------------------------

    def _begin(self, spells: Spells, day: int) -> None:
        """Have a decree take effect where this is its day: what it repeals ends."""
        who: Mask = spells.begins == day
        if not who.any():
            return
        if spells.decree.delay:
            self._log("decree in force", spells, who)
        for name in spells.decree.repeals:
            if name in self.spells:
                other = self.spells[name]
                self._log("decree repealed", other, other.repeal(who, day))
                self._set(other.decree.effects, day)

    def _tell(self, some: Iterable[Spells]) -> None:
        """Wake who waits for decrees that take effect today."""
        for name in {spells.decree.name for spells in some} & self._effective.keys():
            if self.taking_effect(name).any():
                self._effective.pop(name).succeed()

    def _end(self, spells: Spells, day: int) -> None:
        """Log where a decree has lasted its days; what was repealed is logged by who repeals it."""
        lasts = spells.decree.duration
        if lasts is not None:
            self._log("decree ended", spells, (spells.ends == day) & (spells.begins + lasts == day))

    def _set(self, levers: Iterable[str], day: int) -> None:
        """Set levers to what the decree that is last in force says."""
        every = [*self.past.values(), *self.spells.values()]
        for lever in levers:
            value, last = np.asarray(self._first[lever], dtype=float), np.asarray(-NEVER)
            for spells in every:
                if lever in spells.decree.effects:
                    holds = spells.in_force(day) & (spells.begins >= last)
                    value = np.where(holds, spells.decree.effects[lever], value)
                    last = np.where(holds, spells.begins, last)
            wide = np.ndim(self.levers[lever]) > 0
            now: float | Array = (
                np.array(np.broadcast_to(value, (self.members,))) if wide else float(value.flat[0])
            )
            if not np.array_equal(now, self.levers[lever]):
                self.levers[lever] = now
                self._note(lever, self.clock.start + timedelta(days=day), now)

    def _note(self, lever: str, day: date, now: float | Array) -> None:
        """Write down the path of a lever; of a day what it is in the end."""
        path = self.paths.setdefault(lever, [])
        if path and path[-1][0] == day:
            path.pop()
        path.append((day, compact(now)))

    def _log(self, kind: str, spells: Spells, who: Mask) -> None:
        some = None if spells.size == 1 else np.asarray(who)
        if some is None and not who.any():
            return
        self.events.add(self.clock.today, kind, spells.decree.title, some)

    def _before_the_start(self) -> None:
        """Have in force from the start what is dated before it."""
        days = [(s.decree.date, s) for s in self.spells.values() if s.decree.date is not None]
        early = [(self.clock.day(day), s) for day, s in days if day < self.clock.start]
        for day, spells in early:
            spells.issue(np.ones(spells.size, dtype=bool), day, day + spells.decree.delay)
        for _, spells in sorted(early, key=lambda one: int(one[1].begins[0])):
            begins = int(spells.begins[0])
            for name in spells.decree.repeals if begins < 0 else ():
                if name in self.spells:
                    self.spells[name].repeal(spells.begins == begins, begins)
        self._set({lever for _, spells in early for lever in spells.decree.effects}, 0)

    # ---- saving --------------------------------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        """Return what was issued so far, and the paths of levers, as :meth:`restore` takes them."""
        every = {**self.past, **self.spells}
        return {
            "issued": {
                name: {
                    "title": s.decree.title,
                    "effects": dict(s.decree.effects),
                    "duration": s.decree.duration,
                    "days": _compact(np.stack([s.issued, s.begins, s.ends])),
                }
                for name, s in sorted(every.items())
                if (s.issued < NEVER).any()
            },
            "paths": {
                lever: [[day.isoformat(), now] for day, now in path]
                for lever, path in sorted(self.paths.items())
            },
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from what was issued so far.

        A decree that is another here, or none, stays as it was issued: it is kept with what is past.
        """
        done = self.clock.first - timedelta(days=1)
        for name, told in saved["issued"].items():
            days = np.asarray(told["days"], dtype=np.int64)
            here = self.spells.get(name)
            same = here is not None and (told["effects"], told["duration"]) == (
                dict(here.decree.effects),
                here.decree.duration,
            )
            if here is not None:
                here.take(days if same else np.stack([days[0], *np.full_like(days[1:], NEVER)]))
            if not same:
                old = Decree(name, None, told["title"], dict(told["effects"]), duration=told["duration"])
                kept = self.past[name if name.endswith(")") else f"{name} (until {done})"] = Spells(old, 1)
                kept.take(days)
        self.paths = {
            lever: [(date.fromisoformat(day), value) for day, value in path]
            for lever, path in saved["paths"].items()
        }


def _compact(days: Days) -> Any:
    """Return days as a file holds them shortest: those that all members share as a list."""
    same = bool((days == days[:, :1]).all())
    return days[:, :1].tolist() if same else days
