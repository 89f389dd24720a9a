"""What a simulation does in a month: who is settled, audited, written down and closed, and in which order."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterable
from datetime import date

import numpy as np
import pytest
import xarray as xr

from planmodel.engine import (
    Account,
    Array,
    Board,
    Clock,
    Commodity,
    Component,
    ConservationError,
    Draws,
    Flow,
    Ledger,
    Parameters,
    Phase,
    PlanmodelError,
    Simulation,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process

pytestmark = pytest.mark.usefixtures("engine")

ENDS = [date(1930, 1, 31), date(1930, 2, 28), date(1930, 3, 31)]


class Habits(Parameters):
    appetite: Array = parameter(
        1.0, unit="tonnes/month", bounds=(0, 9), symbol="a", meaning="appetite", source="made up"
    )


class Mill(Component):
    """Grain is reaped and eaten every month; the luck of each member is drawn once."""

    name = "mill"
    parameters = Habits
    commodities = (Commodity("grain", "tonnes", "grain"),)
    accounts = (
        Account("grain", "field", "the field", "source"),
        Account("grain", "bin", "in the bin"),
        Account("grain", "mouths", "eaten", "sink"),
    )
    flows = (
        Flow("reaped", "grain", "field", "bin", "reaped"),
        Flow("eaten", "grain", "bin", "mouths", "eaten"),
    )
    variables = (Variable("luck", "1", "luck"), Variable("months", "1", "months so far"))

    def processes(self) -> Iterable[Process]:
        yield every(self.clock, "work", self.work)

    def work(self) -> None:
        self.ledger.propose("reaped", self.zeros + 4.0)
        self.ledger.propose("eaten", self.p.appetite)
        self.board["luck"] = self.context.draws.normal("luck", None)
        self.board["months"] = self.board["months"] + 1.0


def simulation(members: Iterable[int] = (3, 5), **given: object) -> Simulation:
    clock = Clock(date(1930, 1, 1), ENDS[-1], [Phase("work"), Phase("record")])
    return Simulation((Mill,), clock, list(members), initial={"grain": {"bin": 10.0}}, **given)  # type: ignore[arg-type]


def noted(dataset: xr.Dataset, name: str) -> list[list[float]]:
    """Return what was written down of each member, month by month."""
    values: list[list[float]] = dataset[name].transpose("member", "time").values.tolist()
    return values


def leak(run: Simulation, month: int, size: float) -> Process:
    """Put grain into the bin of the second member by no flow."""
    for _ in range(month):
        yield run.clock.until("record")
    book = run.ledger.books["grain"]
    book.stocks[book.row["bin"], 1] += size


def test_what_moved_in_a_month_is_written_down_before_the_month_is_closed() -> None:
    dataset = simulation().play()
    assert noted(dataset, "reaped") == [[4.0] * 3] * 2
    assert noted(dataset, "eaten") == [[1.0] * 3] * 2
    assert noted(dataset, "grain_bin") == [[13.0, 16.0, 19.0]] * 2
    assert noted(dataset, "months") == [[1.0, 2.0, 3.0]] * 2


@pytest.mark.parametrize("board_first", [True, False])
def test_what_is_proposed_of_a_variable_or_a_stock_is_what_it_was_at_the_opening(board_first: bool) -> None:
    """Whichever of ledger and board is settled first."""
    ledger, board = Ledger(Mill.commodities, Mill.accounts, Mill.flows, 2), Board(Mill.variables, 2)
    ledger.endow("grain", "bin", 10.0)
    board["luck"] = 3.0
    board.settle()
    ledger.propose("eaten", board["luck"])
    board["luck"] = 7.0
    board["months"] = ledger.stock("grain", "bin")
    for each in (board, ledger) if board_first else (ledger, board):
        each.settle()
    assert ledger.moved("eaten").tolist() == [3.0, 3.0]
    assert board["months"].tolist() == [10.0, 10.0]


@pytest.mark.parametrize("month", [1, 2, 3])
def test_the_worst_residual_is_that_of_the_worst_month(month: int) -> None:
    run = simulation()
    run.play([leak(run, month, 1e-9)])  # below what stops a run, of five tonnes moved
    assert run.worst_residual == pytest.approx(2e-10, rel=1e-3)


def test_a_leak_is_found_in_its_month_and_named_by_the_number_of_the_member() -> None:
    run = simulation()
    with pytest.raises(ConservationError, match=r"grain.*February 1930.*'bin', member 5, \+0\.5 tonnes"):
        run.play([leak(run, 2, 0.5)])


WRONG: dict[str, Callable[[Array], Array]] = {
    "division by zero": lambda x: 1.0 / x,
    "no number": lambda x: np.sqrt(x - 1.0),
    "overflow": lambda x: np.exp(x + 1e4),
}


@pytest.mark.parametrize("wrong", list(WRONG))
def test_an_equation_that_has_no_value_stops_the_run(wrong: str) -> None:
    run = simulation()

    def reckon() -> Process:
        yield run.clock.until("work")
        WRONG[wrong](np.zeros(2))

    with pytest.raises((FloatingPointError, PlanmodelError)):
        run.play([reckon()])


def test_a_number_too_small_to_be_held_is_zero_and_no_fault() -> None:
    run, seen = simulation(), list[float]()

    def reckon() -> Process:
        yield run.clock.until("work")
        seen.extend(np.exp(np.full(2, -1e4)))

    run.play([reckon()])
    assert seen == [0.0, 0.0]


def test_progress_is_told_at_the_end_of_each_month() -> None:
    run, days = simulation(), list[date]()
    run.progress = days.append
    run.play()
    assert days == ENDS


@pytest.mark.parametrize("members", [[3, 5], [5], [0]])
def test_members_draw_by_their_number_and_one_alone_is_one(members: list[int]) -> None:
    dataset = simulation(members, seed=8).play()
    assert dataset.sizes["member"] == len(members)
    assert dataset["member"].values.tolist() == members
    drawn = Draws(8, members).normal("luck", None)
    assert noted(dataset, "luck") == [[luck] * 3 for luck in drawn]


def test_parameters_are_given_by_component() -> None:
    run = simulation(parameters={"mill": {"appetite": np.array([2.0, 6.0])}})
    assert noted(run.play(), "grain_bin") == [[12.0, 14.0, 16.0], [8.0, 6.0, 4.0]]


def test_processes_are_started_in_another_order_when_shuffled() -> None:
    def started(shuffle: int | None) -> list[int]:
        run, order = simulation(), list[int]()

        def process(number: int) -> Process:
            order.append(number)
            yield run.clock.until("work")

        run.play([process(number) for number in range(8)], shuffle)
        return order

    assert started(None) == list(range(8))
    assert sorted(started(1)) == list(range(8))
    assert started(1) == started(1) != started(2)
    assert started(1) != started(None)


def test_a_run_that_is_over_leaves_the_memory_at_once() -> None:
    """Without the garbage collector: else each chunk of an ensemble stays beside the next ones."""
    gc.disable()
    try:
        run = simulation()
        run.play()
        gone = weakref.ref(run.ledger)
        del run
        assert gone() is None
    finally:
        gc.enable()


def test_processes_that_still_wait_are_closed_also_when_a_run_fails() -> None:
    run, closed = simulation(), list[str]()

    def waiting() -> Process:
        try:
            yield run.clock.until(date(1939, 1, 1))
        finally:
            closed.append("waiting")

    with pytest.raises(ConservationError):
        run.play([waiting(), leak(run, 1, 1.0)])
    assert closed == ["waiting"]
