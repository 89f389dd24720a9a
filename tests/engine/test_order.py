"""The order in which processes are created, and the chunk a member is in, change not one bit."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
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
    Context,
    Draws,
    EventLog,
    Flow,
    Ledger,
    Lever,
    Parameters,
    Phase,
    Recorder,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process

pytestmark = pytest.mark.usefixtures("engine")

MONTHS = 24
START, END = date(1930, 1, 1), date(1931, 12, 31)
PHASES = (Phase("work", (10, 20, 0)), Phase("plan"), Phase("audit"))
MEMBERS = range(100)


class Habits(Parameters):
    appetite: Array = parameter(
        25.0, unit="tonnes", bounds=(5, 60), symbol="a", meaning="appetite", source="made up"
    )


class Island(Component):
    """Three accounts, five processes that read what the others write in the same phase."""

    name = "island"
    parameters = Habits
    commodities = (Commodity("grain", "tonnes", "grain"),)
    accounts = tuple(Account("grain", name, name) for name in ("barn", "village", "town"))
    flows = (
        Flow("feed", "grain", "barn", "village", "to the village"),
        Flow("procure", "grain", "barn", "town", "to the town"),
        Flow("hoard", "grain", "barn", "village", "hoarded", rank=1),
        Flow("sell", "grain", "village", "town", "sold"),
        Flow("restock", "grain", "town", "barn", "brought back"),
    )
    variables = (Variable("price", "rubles", "price", 1.0), Variable("effort", "share", "effort", 1.0))
    levers = (Lever("quota", 30.0, (0.0, 100.0), "asked of the barn"),)

    def processes(self) -> Iterable[Process]:
        return (
            every(self.clock, "plan", self.feed),
            every(self.clock, "plan", self.procure),
            every(self.clock, "plan", self.market),
            every(self.clock, "work", self.work),
            self.policy(),
        )

    @property
    def shock(self) -> Array:
        noise: Array = np.exp(0.4 * self.context.draws.normal("noise", self.clock.today))
        return noise

    def feed(self) -> None:
        self.ledger.propose("feed", self.p.appetite * self.shock / self.board["price"])
        self.ledger.propose("hoard", 0.5 * self.p.appetite * self.shock)

    def procure(self) -> None:
        self.ledger.propose("procure", self.lever("quota") * self.board["effort"])
        self.ledger.propose("restock", 0.4 * self.stock("grain", "town"))

    def market(self) -> None:
        self.board["price"] = (1.0 + self.stock("grain", "town")) / (1.0 + self.stock("grain", "barn"))
        self.ledger.propose("sell", self.stock("grain", "village") / (3.0 + self.board["effort"]))

    def work(self) -> None:
        self.board["effort"] = (
            np.sqrt(0.5 + self.board["price"]) * self.shock / (1.0 + self.ledger.moved("sell"))
        )
        self.ledger.propose("sell", 0.1 * self.stock("grain", "village"))

    def policy(self) -> Process:
        yield self.clock.until(date(1930, 6, 30))  # the very day of all three phases
        self.context.levers["quota"] = 45.0
        yield self.clock.until("audit")
        self.context.levers["quota"] += 5.0  # in a phase in which nobody reads it: a lever acts at once
        yield self.clock.until(date(1931, 3, 10))
        self.context.levers["quota"] = 20.0


def run(members: Sequence[int], order: Sequence[int] = range(5)) -> xr.Dataset:
    clock = Clock(START, END, PHASES)
    ledger = Ledger(Island.commodities, Island.accounts, Island.flows, len(members))
    board = Board(Island.variables, len(members))
    levers: dict[str, float | Array] = {lever.name: lever.initial for lever in Island.levers}
    draws = Draws(7, members)
    context = Context(clock, ledger, board, draws, EventLog(len(members)), levers, {}, {})
    appetite = 25.0 + 10.0 * np.tanh(draws.normal("appetite", None))
    island = Island(context, Habits.resolve({"appetite": appetite}, len(members)))
    for name, amount in (("barn", 100.0), ("village", 10.0), ("town", 20.0)):
        ledger.endow("grain", name, amount)
    recorder = Recorder(ledger, board, MONTHS)

    def settle(phase: str) -> None:
        ledger.settle()
        board.settle()
        if phase == "audit":
            ledger.audit(clock.today, members)
            recorder.record(clock.today)
            ledger.close_month()

    clock.on_settlement(settle)
    processes = list(island.processes())
    for position in order:
        clock.process(processes[position])
    clock.run()
    return recorder.dataset(members)


def test_the_sum_of_many_rows_is_that_of_each_member_alone() -> None:
    rows = np.random.default_rng(5).lognormal(size=(40, 9))
    together = total(rows)
    for k in range(9):
        assert total(rows[:, k : k + 1])[0] == together[k]
    assert together[3] == sum(rows[:, 3].tolist()[1:], start=rows[0, 3])
    for other in (rows[:, :2].copy(), np.asfortranarray(rows[:, :2]), list(rows[:, :2])):
        np.testing.assert_array_equal(total(other), together[:2])


@pytest.fixture(scope="module")
def whole() -> xr.Dataset:
    return run(MEMBERS)


def test_the_island_is_not_trivial(whole: xr.Dataset) -> None:
    """Else the other tests could not fail: scarcity in some members only, and policy felt in all."""
    barn = whole["grain_barn"].values
    grain = barn + whole["grain_village"].values + whole["grain_town"].values
    np.testing.assert_allclose(grain, 130.0, rtol=1e-12)
    empty = (barn - whole["restock"].values < 1e-9)[1:]
    assert 0.05 < empty.mean() < 0.95
    assert (empty.any(axis=0) & ~empty.all(axis=0)).sum() > MONTHS / 2
    assert all(np.unique(whole[name].values[:, -1]).size > 90 for name in whole.data_vars)
    quiet = whole["procure"].values[0]
    assert quiet[4] != quiet[5]


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_creation_changes_nothing(whole: xr.Dataset, seed: int) -> None:
    order = random.Random(seed).sample(range(5), 5)
    xr.testing.assert_identical(run(MEMBERS, order), whole)


@pytest.mark.parametrize("size", [1, 7, 100])
def test_the_size_of_the_chunk_changes_nothing(whole: xr.Dataset, size: int) -> None:
    chunks = [run(MEMBERS[i : i + size]) for i in range(0, len(MEMBERS), size)]
    xr.testing.assert_identical(xr.concat(chunks, dim="member", join="exact", data_vars="all"), whole)


def test_members_can_be_run_in_any_company(whole: xr.Dataset) -> None:
    chosen = [42, 0, 99, 7, 8]
    xr.testing.assert_identical(run(chosen), whole.sel(member=chosen))
