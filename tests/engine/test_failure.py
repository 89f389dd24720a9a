"""A run that breaks off says where, when, for whom and on what: planted faults, one of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import numpy as np
import pytest

from planmodel.engine import (
    Account,
    Clock,
    Commodity,
    Component,
    EquationError,
    Flow,
    Parameters,
    Phase,
    PlanmodelError,
    ProcessError,
    Simulation,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process
from planmodel.engine.types import Array

pytestmark = pytest.mark.usefixtures("engine")


class MillParameters(Parameters):
    wind: Array = parameter(
        1.0,
        unit="1",
        bounds=(-10.0, 1e300),
        symbol="w",
        meaning="wind",
        source="planted",
        evidence="recalled",
    )


class Mill(Component):
    """Runs a planted fault every March."""

    name = "mill"
    parameters = MillParameters
    commodities = (Commodity("flour", "tonnes", "flour"),)
    accounts = (
        Account("flour", "field", "the field", kind="source"),
        Account("flour", "sacks", "flour in sacks"),
    )
    flows = (Flow("ground", "flour", "field", "sacks", "flour ground"),)
    variables = (Variable("speed", "1", "speed of the stones", 2.0), Variable("worn", "1", "wear"))
    fault: Callable[[Any], None]

    def processes(self) -> Iterable[Process]:
        yield every(self.clock, "day", self.grind)

    def grind(self) -> None:
        if self.month == 3:
            type(self).fault(self)


def divide(mill: Mill) -> None:
    mill.board["speed"] = 1.0 / (mill.p.wind - 3.0)


def overflow(mill: Mill) -> None:
    mill.board["speed"] = np.exp(mill.p.wind * 400.0)


def root(mill: Mill) -> None:
    speed = mill.p.wind - 2.5
    mill.board["speed"] = (
        speed
        ** 0.5
    )  # fmt: skip


def read(mill: Mill) -> None:
    mill.board["speed"] = 5.0 / mill.board["worn"]


def matrix(mill: Mill) -> None:
    rows = np.array([mill.p.wind, 2.0 - mill.p.wind])
    mill.board["speed"] = np.log(rows).sum(axis=0)


def in_place(mill: Mill) -> None:
    speed = mill.p.wind.copy()
    speed /= mill.p.wind - 3.0
    mill.board["speed"] = speed


def no_such_place(mill: Mill) -> None:
    stones = [1.0, 2.0]
    mill.board["speed"] = mill.zeros + stones[2]


def not_a_number(mill: Mill) -> None:
    mill.board["speed"] = np.where(mill.p.wind == 3.0, np.nan, 1.0)


def too_much(mill: Mill) -> None:
    mill.ledger.propose("ground", np.where(mill.p.wind == 3.0, 1.7e308, 0.0))
    mill.ledger.settle()
    mill.ledger.propose("ground", np.where(mill.p.wind == 3.0, 1.7e308, 0.0))


def run(fault: Callable[[Mill], None], members: list[int], wind: list[float]) -> None:
    kind = type("Mill", (Mill,), {"fault": fault})
    clock = Clock(date(1930, 1, 1), date(1930, 4, 30), [Phase("day"), Phase("record")])
    Simulation((kind,), clock, members, parameters={"mill": {"wind": np.array(wind)}}).play()


WIND = [1.0, 2.0, 3.0, 4.0, 5.0]
FIVE = [7, 8, 9, 10, 11]


@pytest.mark.parametrize(
    ("fault", "kind", "message"),
    [
        (divide, EquationError, "mill.grind, March 1930, member 9: divide by zero encountered in divide in "
         "1.0 / (mill.p.wind - 3.0); mill.p.wind - 3.0 = 0; reads"),
        (overflow, EquationError, "mill.grind, March 1930, members 8, 9, 10 and 1 more: overflow encountered "
         "in exp in np.exp(mill.p.wind * 400.0); mill.p.wind * 400.0 = 800"),
        (root, EquationError, "mill.grind, March 1930, members 7, 8: invalid value encountered in "
         "sqrt in speed ** 0.5; speed = -1.5"),
        (read, EquationError, "mill.grind, March 1930, members 7, 8, 9 and 2 more: divide by zero "
         "encountered in divide in 5.0 / mill.board['worn']; mill.board['worn'] = 0"),
        (matrix, EquationError, "mill.grind, March 1930, members 8, 9, 10 and 1 more: divide by zero "
         "encountered in log in np.log(rows); rows = 0 to 2"),
        (in_place, EquationError, "mill.grind, March 1930, member 9: divide by zero encountered in divide; "
         "speed = inf"),
        (no_such_place, ProcessError, "mill.grind, March 1930: IndexError: list index out of range"),
        (not_a_number, EquationError, "mill, March 1930, member 9: speed is nan at the end of 'record'"),
        (too_much, EquationError, "mill, March 1930, member 9: ground is 1.7e+308 at the end of 'day'"),
    ],
)  # fmt: skip
def test_each_fault_names_itself(
    fault: Callable[[Mill], None], kind: type[PlanmodelError], message: str
) -> None:
    with pytest.raises(kind) as caught:
        run(fault, FIVE, WIND)
    text = str(caught.value)
    assert text.startswith(message.removesuffix("; reads"))
    assert len(text.splitlines()) == 1
    assert "/" not in text.replace(" / ", "").replace("/=", "")  # no path


def test_the_place_in_the_source_is_named() -> None:
    line = divide.__code__.co_firstlineno + 1
    with pytest.raises(EquationError, match=rf"\(test_failure, line {line}\)$"):
        run(divide, FIVE, WIND)


def test_what_the_component_read_is_named_where_it_is_not_positive() -> None:
    class Reader(Mill):
        def grind(self) -> None:
            quotient(self.board["speed"], self.board["worn"])

    clock = Clock(date(1930, 1, 1), date(1930, 4, 30), [Phase("day"), Phase("record")])
    simulation = Simulation((Reader,), clock, [0])
    with pytest.raises(EquationError, match=r"above = 2, below = 0; reads worn = 0 \("):
        simulation.play()


def quotient(above: Array, below: Array) -> Array:
    return above / below


def test_a_member_alone_is_named_once() -> None:
    with pytest.raises(EquationError, match=r"March 1930, member 4: divide by zero"):
        run(divide, [4], [3.0])


def test_a_fault_of_construction_is_named_too() -> None:
    class Broken(Mill):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            self.start = 1.0 / (self.p.wind - 1.0)

    clock = Clock(date(1930, 1, 1), date(1930, 4, 30), [Phase("day"), Phase("record")])
    with pytest.raises(EquationError, match=r"^mill.__init__, January 1930, member 3: divide by zero"):
        Simulation((Broken,), clock, [3]).play()


def test_what_is_no_fault_of_a_component_passes() -> None:
    def full(mill: Mill) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        run(full, FIVE, WIND)
