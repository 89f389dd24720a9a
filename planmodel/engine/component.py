"""What every part of an economy has: declarations that can be read at the top of its class, and processes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np

from planmodel.engine.board import Board, Variable
from planmodel.engine.books import Account, Commodity, Flow
from planmodel.engine.clock import Clock, Process
from planmodel.engine.draws import Draws
from planmodel.engine.events import EventLog
from planmodel.engine.ledger import Ledger
from planmodel.engine.parameters import Parameters
from planmodel.engine.types import Array

if TYPE_CHECKING:
    from planmodel.engine.decrees import Decrees


@dataclass(frozen=True)
class Lever:
    """A setting of policy that decrees change on their dates; mostly a pure number."""

    name: str
    initial: float
    bounds: tuple[float, float]
    meaning: str
    unit: str = "1"


@dataclass(frozen=True)
class Switch:
    """A mechanism that can be turned off, so that a user can ask what history looks like without it."""

    name: str
    meaning: str


@dataclass(frozen=True)
class Input:
    """An exogenous series that a component reads, and the unit in which it expects it.

    One that is ``of_year`` gives the amount of a calendar year, as the record does: a rate a year.
    """

    name: str
    unit: str
    meaning: str
    of_year: bool = False


class Series(Protocol):
    """A dated series that can be read on any day."""

    def on(self, day: date) -> float | Array:
        """Return the value on a day, shape ``(members,)`` where members differ in it."""
        ...


@dataclass(frozen=True)
class Context:
    """What a component works with: calendar, books, variables, chance, and what the scenario sets."""

    clock: Clock
    ledger: Ledger
    board: Board
    draws: Draws
    events: EventLog
    levers: dict[str, float | Array]  # one value a member where members issue decrees on days of their own
    switches: Mapping[str, bool]
    exogenous: Mapping[str, Series]
    works: Sequence[Any] = ()  # what the scenario has begun on a day of its own, or by a decree
    decrees: Decrees | None = None  # none where nothing is decreed


class Component:
    """A part of the economy: a sector, a flow between sectors, or a policy.

    Subclasses declare at the top of the class what they are made of, and return their SimPy processes. They
    act through the ledger and the board only, so that the order in which they are created has no effect.
    """

    name: ClassVar[str]
    parameters: ClassVar[type[Parameters]] = Parameters
    commodities: ClassVar[tuple[Commodity, ...]] = ()
    accounts: ClassVar[tuple[Account, ...]] = ()
    flows: ClassVar[tuple[Flow, ...]] = ()
    variables: ClassVar[tuple[Variable, ...]] = ()
    levers: ClassVar[tuple[Lever, ...]] = ()
    switches: ClassVar[tuple[Switch, ...]] = ()
    inputs: ClassVar[tuple[Input, ...]] = ()

    def __init__(self, context: Context, parameters: Parameters) -> None:
        self.context = context
        self.clock = context.clock
        self.ledger = context.ledger
        self.board = context.board
        self.p: Any = parameters

    def processes(self) -> Iterable[Process]:
        """Return the generators to run as SimPy processes."""
        return ()

    def stock(self, commodity: str, account: str) -> Array:
        """Return what an account holds at the opening of the phase."""
        return self.ledger.stock(commodity, account)

    def exogenous(self, name: str) -> float | Array:
        """Return the value of an exogenous series today, shape ``(members,)`` where members differ in it."""
        return self.context.exogenous[name].on(self.clock.today)

    def lever(self, name: str) -> float | Array:
        """Return the present setting of a lever of policy, an array where members may differ in it."""
        return self.context.levers[name]

    def on(self, switch: str) -> bool:
        """Tell whether a mechanism is switched on."""
        return self.context.switches[switch]

    @property
    def month(self) -> int:
        """The current month, 1 to 12."""
        return self.clock.today.month

    @property
    def zeros(self) -> Array:
        """A fresh array of zeros, one a member."""
        return np.zeros(self.ledger.members)
