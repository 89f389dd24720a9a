"""The calendar: integer days, named phases of the month, seasons of the year.

Time is the number of whole days since the start, an integer, because sums of floating months drift apart
by the end of a year. Dates exist at the edges only.

Order must not be a hidden parameter. SimPy runs events of one instant in the order of their creation, so
processes never act "now": they wait for a *phase*. When a phase opens, every waiting process computes from
the state as it stood at the opening and only *proposes*; when all have spoken the conductor settles, and the
next phase opens on the settled state. Creation order then cannot matter.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import simpy

from planmodel.engine.errors import DeclarationError, StateError

Process = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class Phase:
    """A named step of the month, held on one or several days (``0`` stands for the last day)."""

    name: str
    days: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Season:
    """Months of the year in which a phase has a name of its own, such as the harvest."""

    name: str
    phase: str
    months: tuple[int, ...]


class Clock:
    """One SimPy environment, its calendar, and the conductor that opens and settles the phases.

    Parameters
    ----------
    start, end
        First and last day of the period, both included.
    phases
        Phases of a month in the order in which they are held on one day.
    seasons
        Named months of a phase, for :meth:`until`.
    """

    def __init__(
        self, start: date, end: date, phases: Sequence[Phase], seasons: Sequence[Season] = ()
    ) -> None:
        if end < start:
            raise DeclarationError(f"the period ends ({end}) before it starts ({start})")
        self.start, self.end = start, end
        self.first = start  # the first day that is lived through: a later one where a run is gone on with
        self.environment = simpy.Environment()
        self.phases = tuple(phases)
        self.seasons = {season.name: season for season in seasons}
        self._names = {phase.name for phase in phases} | set(self.seasons)
        unknown = {s.phase for s in seasons} - {p.name for p in phases}
        if unknown:
            raise DeclarationError(f"seasons of unknown phases: {sorted(unknown)}")
        self._dates = _days(start, end)
        self._waiting: dict[str, simpy.Event] = {}
        self._after: dict[str, simpy.Event] = {}
        self._settle: list[Callable[[str], None]] = []
        self._started: list[Process] = []

    @property
    def today(self) -> date:
        """The current day."""
        return self._dates[int(self.environment.now)]

    def day(self, when: date) -> int:
        """Return the integer time of a date."""
        return (when - self.start).days

    def go_on(self, done: date) -> None:
        """Begin on the evening of a day: only what comes after it is conducted.

        Raises
        ------
        StateError
            If nothing of the period is left.
        """
        if not self.start <= done < self.end:
            period = f"{self.start} to {self.end}"
            raise StateError(f"the state is of {done}, the period {period}; allowed: a later end")
        self.first = done + timedelta(days=1)
        self.environment = simpy.Environment(initial_time=self.day(done))

    def until(self, when: str | date) -> simpy.Event:
        """Return the event a process yields to wait for a phase, a season or a date.

        Parameters
        ----------
        when
            Name of a phase (its next opening), of a season (the next opening of its phase in one of its
            months), or a date that is not past.
        """
        if isinstance(when, date):
            return self.environment.timeout(self.day(when) - int(self.environment.now))
        if when not in self._names:
            raise DeclarationError(f"no phase or season is called '{when}': {sorted(self._names)}")
        event = self._waiting.get(when)
        if event is None:
            event = self._waiting[when] = self.environment.event()
        return event

    def settled(self, phase: str) -> simpy.Event:
        """Return the event a process yields to wait until a phase has been settled, for the next time."""
        return self._after.setdefault(phase, self.environment.event())

    def on_settlement(self, settle: Callable[[str], None]) -> None:
        """Have ``settle(phase)`` called when every process has spoken in a phase."""
        self._settle.append(settle)

    def process(self, generator: Process) -> simpy.Process:
        """Start a process."""
        self._started.append(generator)
        return self.environment.process(generator)

    def run(self) -> None:
        """Run to the end of the period."""
        conductor = self.environment.process(self._conduct())
        try:
            self.environment.run(until=conductor)
        finally:
            # Who still waits holds the calendar and the calendar them: a chunk would stay in memory beside
            # the next ones until the garbage collector comes by.
            for generator in self._started:
                generator.close()
            self._settle.clear()

    def openings(self) -> Iterator[tuple[date, Phase]]:
        """Yield the openings of all phases of the period, in order."""
        return iter(_openings(self.start, self.end, self.phases))

    def _conduct(self) -> Process:
        yield self.environment.timeout(0)  # who waits for the very first day speaks first
        opened = {(p.name, m): list(self._opened_by(p, m)) for p in self.phases for m in range(1, 13)}
        for when, phase in self.openings():
            if when < self.first:
                continue
            delay = self.day(when) - int(self.environment.now)
            if delay:
                yield self.environment.timeout(delay)
                # Decrees of this very day were scheduled earlier; a second, empty wait lets them speak first.
                yield self.environment.timeout(0)
            for name in opened[phase.name, when.month]:
                event = self._waiting.pop(name, None)
                if event is not None:
                    event.succeed()
            yield self.environment.timeout(0)  # every process that waited has now proposed
            for settle in self._settle:
                settle(phase.name)
            after = self._after.pop(phase.name, None)
            if after is not None:
                after.succeed()

    def _opened_by(self, phase: Phase, month: int) -> Iterator[str]:
        yield phase.name
        for season in self.seasons.values():
            if season.phase == phase.name and month in season.months:
                yield season.name


@lru_cache(maxsize=8)
def _days(start: date, end: date) -> list[date]:
    """Return the days of a period."""
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


@lru_cache(maxsize=8)
def _openings(start: date, end: date, phases: tuple[Phase, ...]) -> list[tuple[date, Phase]]:
    """Return the openings of phases in a period, in order."""
    found = []
    year, month = start.year, start.month
    while date(year, month, 1) <= end:
        last = calendar.monthrange(year, month)[1]
        held = sorted(
            (min(day or last, last), order, phase) for order, phase in enumerate(phases) for day in phase.days
        )
        for day, _, phase in held:
            when = date(year, month, day)
            if start <= when <= end:
                found.append((when, phase))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def every(clock: Clock, when: str, act: Callable[[], None]) -> Process:
    """Act at every opening of a phase or season: the commonest process."""
    while True:
        yield clock.until(when)
        act()
