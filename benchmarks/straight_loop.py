"""The same arithmetic as a straight NumPy loop: what the model would cost without the house.

The very methods of the components run, on stand-ins for clock, ledger and board. Left out: SimPy (a plain
loop over the openings of the phases calls who waits for them), proposals and their settlement from the
opening state (a flow is applied where it is proposed), ranks and sharing (a flow is cut to what its source
holds), the audit, the totals since the start, and copies of what is written on the board. Kept: the
arithmetic of the components, flows that change two accounts and a monthly total, and the record of the same
names.

The history differs from that of the model, for here order matters; the amount of arithmetic does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import simpy

from planmodel.engine import Array, Board, Clock, Ledger, Phase, simulation
from planmodel.engine.clock import Process
from planmodel.runs import history
from planmodel.runs.history import Run
from planmodel.scenario import Scenario, registry


class Waiting:
    """A process of the straight loop: what it waits for, and how it goes on."""

    def __init__(self, generator: Process, environment: Any) -> None:
        self.generator, self.environment = generator, environment
        self.when: Any = None

    def go_on(self) -> bool:
        """Run to the next wait; tell whether there is one."""
        self.environment.active_process = self
        self.when = next(self.generator, None)
        return self.when is not None

    def interrupt(self, cause: Any) -> None:
        """Call the process off, as SimPy would; it goes on to wait for the same phase."""
        self.generator.throw(simpy.Interrupt(cause))


class StraightClock(Clock):
    """The calendar without SimPy."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.environment: Any = SimpleNamespace(now=0, active_process=None, event=simpy.Environment().event)
        self.processes: list[Waiting] = []

    def until(self, when: str | date) -> Any:
        return when

    def process(self, generator: Process) -> Any:
        self.processes.append(Waiting(generator, self.environment))
        return self.processes[-1]

    def run(self) -> None:
        waiting: dict[Any, list[Waiting]] = {}
        self._go_on(self.processes, waiting)
        for when, phase in self.openings():
            self.environment.now = self.day(when)
            for name in self._due(waiting, when, phase):
                self._go_on(waiting.pop(name, []), waiting)
            for settle in self._settle:
                settle(phase.name)

    def _due(self, waiting: dict[Any, list[Waiting]], when: date, phase: Phase) -> Iterator[Any]:
        yield from sorted(day for day in waiting if isinstance(day, date) and day <= when)
        yield from list(self._opened_by(phase, when.month))

    @staticmethod
    def _go_on(processes: Sequence[Waiting], waiting: dict[Any, list[Waiting]]) -> None:
        for process in processes:
            if process.go_on():
                waiting.setdefault(process.when, []).append(process)


class StraightLedger(Ledger):
    """Books in which a flow is applied where it is proposed, and nobody checks."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._asked: dict[str, Array] = {}

    def propose(self, flow: str, amount: Array, rank: int | None = None) -> None:
        index = self._flow[flow]
        _, source, destination = self._flows[index]
        if source in self._floored:
            amount = np.minimum(amount, self._stocks[source])
        self._stocks[source] -= amount
        self._stocks[destination] += amount
        self._moved[index] += amount

    def settle(self) -> None:
        pass

    def audit(self, day: date, members: Sequence[int]) -> float:
        return 0.0

    def ever(self, flow: str) -> Array:
        return self._asked.setdefault(flow, np.zeros(self.members))

    def close_month(self) -> None:
        for flow in self._asked:
            self._asked[flow] = self._asked[flow] + self.moved(flow)
        self.moved_this_month[:] = 0.0
        self.stocks[self._boundless] = 0.0


class StraightBoard(Board):
    """Variables that are names for arrays."""

    recorded: Collection[str] = ()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._now: dict[str, Array] = {name: self.values[row].copy() for name, row in self._row.items()}

    def __getitem__(self, name: str) -> Array:
        return self._now[name]

    def __setitem__(self, name: str, value: Array | float) -> None:
        self._now[name] = np.asarray(value, dtype=float)

    def settle(self) -> None:
        for name in self.recorded:
            self.values[self._row[name]] = self._now[name]


def run_straight(scenario: Scenario, members: int, wanted: Collection[str]) -> Run:
    """Run the components of the model in a straight loop."""
    with ExitStack() as stack:
        for module, name, stand_in in (
            (history, "Clock", StraightClock),
            (simulation, "Ledger", StraightLedger),
            (simulation, "Board", StraightBoard),
        ):
            stack.enter_context(mock.patch.object(module, name, stand_in))
        variables = {v.name for c in registry.MODEL.blocks for v in c.variables}
        stack.enter_context(mock.patch.object(StraightBoard, "recorded", variables & set(wanted)))
        return history.History(scenario, range(members), wanted=wanted).run()
