"""Decrees: on its date a decree sets levers of policy, and whoever waits for it is woken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import simpy

from planmodel.engine import Clock, EventLog
from planmodel.engine.clock import Process


@dataclass(frozen=True)
class Decree:
    """A dated entry of the calendar of policy, and what it sets."""

    name: str
    date: date
    title: str
    effects: Mapping[str, float]


class Decrees:
    """The dated calendar as SimPy processes.

    Parameters
    ----------
    clock, events
        Calendar and log.
    levers
        The settings that decrees change, shared with all components.
    decrees
        The calendar; what is dated before the start is in force from the start. Where a run is gone on with,
        what is dated before its first day has been done, and is left as it is.
    """

    def __init__(
        self, clock: Clock, events: EventLog, levers: dict[str, float], decrees: Iterable[Decree]
    ) -> None:
        self.clock, self.events, self.levers = clock, events, levers
        self.decrees = sorted(decrees, key=lambda d: (d.date, d.name))
        self.issued: dict[str, simpy.Event] = {d.name: clock.environment.event() for d in self.decrees}
        for decree in self.decrees:
            if decree.date < clock.start and clock.first == clock.start:
                self.levers.update(decree.effects)

    def processes(self) -> Iterable[Process]:
        """One process a decree that is still to come."""
        for decree in self.decrees:
            if self.clock.first <= decree.date <= self.clock.end:
                yield self._issue(decree)

    def _issue(self, decree: Decree) -> Process:
        yield self.clock.until(decree.date)
        self.levers.update(decree.effects)
        self.events.add(decree.date, "decree", decree.title)
        self.issued[decree.name].succeed(decree)
