"""Any list of components runs: what must be given, what has a default, what comes back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pytest

from planmodel.engine import (
    Account,
    Clock,
    Commodity,
    Component,
    DeclarationError,
    Flow,
    Input,
    Phase,
    Simulation,
    Switch,
    Variable,
    every,
)
from planmodel.engine.clock import Process

pytestmark = pytest.mark.usefixtures("engine")


class Rain:
    """A series that is the same on every day."""

    def on(self, day: date) -> float:
        return 0.25


class Well(Component):
    """Water that rises with the rain, unless the well is covered."""

    name = "well"
    commodities = (Commodity("water", "litres", "water"),)
    accounts = (
        Account("water", "sky", "the sky", kind="source"),
        Account("water", "well", "water in the well"),
    )
    flows = (Flow("rainfall", "water", "sky", "well", "rain"),)
    variables = (Variable("depth", "metres", "depth of the water", 7.0),)
    switches = (Switch("open", "the well is open to the rain"),)
    inputs = (Input("rain", "litres/month", "rain of the month"),)

    def processes(self) -> Iterable[Process]:
        yield every(self.clock, "day", self.fill)

    def fill(self) -> None:
        self.ledger.propose("rainfall", self.zeros + (self.exogenous("rain") if self.on("open") else 0.0))


def clock(*phases: str) -> Clock:
    return Clock(date(1930, 1, 1), date(1930, 4, 30), [Phase(name) for name in phases])


def simulation(**given: object) -> Simulation:
    return Simulation((Well,), clock("day", "record"), [3, 5], exogenous={"rain": Rain()}, **given)  # type: ignore[arg-type]


def test_stocks_and_variables_begin_as_given_or_declared() -> None:
    dataset = simulation(initial={"water": {"well": np.array([1.0, 2.0])}}).play()
    assert dataset["member"].values.tolist() == [3, 5]
    assert dataset["water_well"].values.tolist() == [[1.25, 1.5, 1.75, 2.0], [2.25, 2.5, 2.75, 3.0]]
    assert (dataset["depth"] == 7.0).all()
    assert (simulation(variables={"depth": 2.0}).play()["depth"] == 2.0).all()
    assert simulation().play()["water_well"].values[:, -1].tolist() == [1.0, 1.0]


def test_a_switch_is_on_unless_it_is_off() -> None:
    dry = simulation(switches={"open": False}).play()
    assert (dry["water_well"] == 0.0).all()


def test_others_run_beside_the_components() -> None:
    run = simulation()

    def cover() -> Process:
        yield run.clock.until(date(1930, 3, 1))
        run.board["depth"] = np.array([0.0, 1.0])

    assert run.play([cover()])["depth"].values.tolist() == [[7.0, 7.0, 0.0, 0.0], [7.0, 7.0, 1.0, 1.0]]


def test_what_is_read_and_not_given_is_named() -> None:
    with pytest.raises(DeclarationError, match="no exogenous series is given for 'rain'"):
        Simulation((Well,), clock("day", "record"))


def test_the_books_must_be_closed() -> None:
    with pytest.raises(DeclarationError, match="no phase 'record'"):
        Simulation((Well,), clock("day"), exogenous={"rain": Rain()})


def test_no_days_are_left_after_the_last_closing() -> None:
    within = Clock(date(1930, 1, 1), date(1930, 2, 15), (Phase("day"), Phase("record")))
    with pytest.raises(DeclarationError, match="ends on 1930-02-15; books are last closed on 1930-01-31"):
        Simulation((Well,), within, exogenous={"rain": Rain()})
