"""Where the results of equations go: to flows, variables, ranks and the log of events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np

from planmodel.engine.axes import Axes, Family
from planmodel.engine.component import Context
from planmodel.engine.equations import OPENING, Announcement, Equation
from planmodel.engine.errors import DeclarationError, nearest
from planmodel.engine.types import Array

Writer = Callable[[Any], None]


class Results:
    """What takes the results of equations to where they belong.

    Parameters
    ----------
    context
        Books, variables and events.
    axes
        Of the economy.
    announcements
        What may be logged, by name.
    over
        By block, the axis over which it holds.
    """

    def __init__(
        self,
        context: Context,
        axes: Axes,
        announcements: Mapping[str, Announcement],
        over: Mapping[str, str] | None = None,
    ) -> None:
        self.context, self.axes, self.announcements = context, axes, announcements
        self.over = over or {}
        self.members = context.ledger.members
        self._flows = set(context.ledger.flows())

    def writer(self, name: str, equation: Equation, axes: tuple[str, ...]) -> Writer:
        """Return what takes a result to where it belongs.

        Parameters
        ----------
        axes
            Axes that the values of the equation have.

        Raises
        ------
        DeclarationError
            With the place of the equation, if nothing of this name can be written.
        """
        context = self.context
        where = f"{equation.place}: '{name}'"
        told = self.told(name, equation.block)
        if told is not None:
            puts = [self._teller(told[0], n) for n in told[1].names]
            if not told[1].axes:
                return puts[0]
            return partial(self._along, partial(_each, puts), axes, told[1].axes, where)
        family = self.named(name, equation.block)
        if family is None:
            known = {*self._flows, *context.board.variables, *self.announcements}
            near = nearest(name, known)
            raise DeclarationError(
                f"{equation.place}: writes '{name}', which is no flow and no variable.{near}"
            )
        if equation.phase == OPENING and any(n in self._flows for n in family.names):
            raise DeclarationError(f"{equation.place}: moves '{name}' before the first month")
        put = [self._put(n) for n in family.names]
        if not axes or not family.axes:
            return partial(self._spread, put, axes, where)
        rows = partial(_each, put)
        if not self._flows.intersection(family.names):
            rows = partial(context.board.write, family.names)
        return partial(self._along, rows, axes, family.axes, where)

    def told(self, name: str, block: str) -> tuple[Literal["event", "rank"], Family] | None:
        """Return the events that a name stands for in a block, or the flows to which it gives ranks."""
        over, flow = self.over.get(block, ""), name.removeprefix("rank_")
        if flow != name and (one := self._family(flow, over, self._flows.__contains__)):
            return "rank", one
        found = self._family(name, over, self.announcements.__contains__)
        return ("event", found) if found else None

    def _teller(self, kind: Literal["event", "rank"], name: str) -> Writer:
        if kind == "rank":
            return partial(self.context.ledger.rank, name)
        return partial(self.announce, self.announcements[name])

    def _family(self, name: str, over: str, known: Callable[[str], bool]) -> Family | None:
        spread = self.axes.over(name, over, known)
        return spread or (Family((), (name,)) if known(name) else None)

    def named(self, name: str, block: str) -> Family | None:
        """Return the flows or variables that a name stands for in a block, None if it stands for none."""
        one = self._family(name, self.over.get(block, ""), self._writable)
        return one or self.axes.family(name, self._writable)

    def _writable(self, name: str) -> bool:
        return name in self._flows or name in self.context.board.variables

    def _put(self, name: str) -> Writer:
        if name in self._flows:
            return partial(self.context.ledger.propose, name)
        return partial(self.context.board.__setitem__, name)

    def announce(self, about: Announcement, mask: Any) -> None:
        """Log what is announced, with the members in which it happens."""
        if not np.count_nonzero(mask):
            return
        where = np.broadcast_to(np.asarray(mask, dtype=bool).reshape(-1), (self.members,))
        self.context.events.add(self.context.clock.today, about.topic, about.text, where)

    def _spread(self, put: list[Writer], axes: tuple[str, ...], where: str, value: Any) -> None:
        """Take a value without axes to one name, or the same to several."""
        array = value
        if type(value) is not np.ndarray or value.shape != (self.members,) or value.dtype != float:
            array = np.asarray(value, dtype=float)
            if array.size not in (1, self.members):
                wrong = [a for a, length in zip(axes, array.shape, strict=False) if length > 1]
                axis = wrong[0] if wrong else "?"
                raise DeclarationError(f"{where} has no axis '{axis}', but its value has: add over it")
            array = np.broadcast_to(array.reshape(-1), (self.members,))
        for one in put:
            one(array)

    def _along(
        self, put: Writer, axes: tuple[str, ...], wanted: tuple[str, ...], where: str, value: Any
    ) -> None:
        """Take a value with axes to the names of its rows, all together."""
        array = np.asarray(value, dtype=float)
        if array.ndim == len(axes) + 1:
            sizes = dict(zip(axes, array.shape, strict=False))
            wrong = [a for a in axes if a not in wanted and sizes[a] > 1]
            if wrong:
                raise DeclarationError(f"{where} has no axis '{wrong[0]}', but its value has: add over it")
            array = array.reshape((*(sizes.get(a, 1) for a in wanted), array.shape[-1]))
        shape = (*self.axes.sizes(wanted), self.members)
        if array.shape != shape:
            array = np.broadcast_to(array, shape)
        put(array.reshape(-1, self.members))

    def one_writer(self, equations: Iterable[Equation]) -> None:
        """Refuse two equations that write one name in one phase.

        Raises
        ------
        DeclarationError
            With the places of both; or if an equation waits for a phase that is none.
        """
        written: dict[tuple[str, str, int], Equation] = {}
        for equation in equations:
            phase, months = self._when(equation)
            for result in equation.results:
                for name in (self.named(result, equation.block) or Family((), (result,))).names:
                    for month in months:
                        other = written.setdefault((phase, name, month), equation)
                        if other is not equation:
                            raise DeclarationError(
                                f"{equation.place}: writes '{name}' in '{phase}', as does {other.place}"
                            )

    def _when(self, equation: Equation) -> tuple[str, tuple[int, ...]]:
        """Return phase and months of an equation."""
        clock = self.context.clock
        phases = {p.name for p in clock.phases} | {OPENING}
        if equation.phase in clock.seasons:
            season = clock.seasons[equation.phase]
            return season.phase, equation.months or season.months
        if equation.phase not in phases:
            near = nearest(equation.phase, {*phases, *clock.seasons})
            raise DeclarationError(
                f"{equation.place}: no phase or season is called '{equation.phase}'.{near}"
            )
        return equation.phase, equation.months or tuple(range(1, 13))


def _each(put: Sequence[Writer], rows: Array) -> None:
    """Take rows one by one to where they belong."""
    for one, row in zip(put, rows, strict=True):
        one(row)
