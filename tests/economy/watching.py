"""What is asked for and got in each settlement of a run: for the laws of rank and balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from one_country import ECONOMY

from planmodel.engine import Array, Component
from planmodel.runs.history import History
from planmodel.runs.of_scenario import Overrides
from planmodel.scenario import load_scenario

BASELINE = load_scenario("one_country")
SOURCES = {flow.name: (flow.commodity, flow.source) for flow in ECONOMY.flows()}


@dataclass
class Claim:
    """What a flow asked of an account that cannot fall below nothing, and what it got."""

    asked: Array
    rank: int | Array
    got: Array
    held: Array  # what the account held


@dataclass
class Settlement:
    """The claims of one phase, by flow, and what they were made under."""

    day: date
    claims: dict[str, Claim]
    levers: dict[str, float | Array]
    shock: Array  # share of construction in the first rank, at the opening


def of(history: History, kind: type[Component]) -> Component:
    """Return a component of an economy."""
    return next(c for c in history.components if isinstance(c, kind))


def drawn(members: int) -> Overrides:
    """Draw the first member as in the scenario and the others anywhere within all bounds: many are short."""
    chance = np.random.default_rng(17)
    values = {
        component: {
            name: np.concatenate([[p.default], chance.uniform(*p.bounds, members - 1)])
            for name, p in group.items()
        }
        for component, group in ECONOMY.parameters().items()
    }
    for component, group in BASELINE.parameters.model_dump().items():
        for name, value in group.items():
            values[component][name][0] = value
    return values


def watch(history: History) -> list[Settlement]:
    """Note, while it runs, the claims of each of its settlements on stocks."""
    ledger = history.ledger
    stocks = {
        (book.commodity.name, a.name) for book in ledger.books.values() for a in book.accounts[: book.floored]
    }
    seen: list[Settlement] = []
    claims: dict[str, Claim] = {}
    before: dict[str, Array] = {}
    settle = ledger.settle

    def note() -> None:
        ranks = ledger.ranks()
        for flow, amount in ledger.proposed().items():
            if SOURCES[flow] in stocks:
                held = ledger.stock(*SOURCES[flow]).copy()
                before[flow] = ledger.moved(flow).copy()
                claims[flow] = Claim(np.array(amount), ranks[flow], held, held)
        settle()

    def look(_: str) -> None:
        for flow, claim in claims.items():
            claim.got = ledger.moved(flow) - before[flow]
        if claims:
            seen.append(Settlement(history.clock.today, dict(claims), dict(history.levers), shock[-1]))
        shock.append(history.board["first_rank_share"].copy())
        claims.clear()

    shock = [history.board["first_rank_share"].copy()]
    ledger.settle = note  # type: ignore[method-assign]
    history.clock.on_settlement(look)
    return seen


def at(day: date, **variables: float) -> History:
    """Return an economy that stands on a day, with nothing having happened since the start."""
    history = History(BASELINE)
    if day > history.clock.start:
        history.clock.environment.run(until=history.clock.day(day))
    put(history, variables)
    return history


def put(history: History, variables: Mapping[str, float]) -> None:
    """Give variables of an economy other values."""
    for name, value in variables.items():
        history.board[name] = value
    history.board.settle()


def act(history: History, *names: str) -> None:
    """Let equations act together, and settle what they propose."""
    history.workspace.act(*names)
    history.ledger.settle()
    history.board.settle()
