"""The audit: books of any network close, and what is planted in them is found and named."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    ConservationError,
    Flow,
    Ledger,
    NegativeStockError,
)

MARCH = date(1931, 3, 31)
GRAIN = Commodity("grain", "tonnes", "grain")
KINDS: list[Literal["stock", "source", "sink"]] = ["stock", "stock", "source", "sink"]


def village() -> Ledger:
    """Three members with ten tonnes in the barn, and a second commodity that stays as it is."""
    accounts = [
        Account("iron", "forge", "forge"),
        Account("grain", "field", "field", "source"),
        Account("grain", "barn", "barn"),
        Account("grain", "town", "town"),
        Account("grain", "mouths", "mouths", "sink"),
    ]
    pairs = [("field", "barn"), ("barn", "town"), ("barn", "mouths")]
    flows = [Flow(f"{source}-{end}", "grain", source, end, "moves") for source, end in pairs]
    ledger = Ledger([Commodity("iron", "kg", "iron"), GRAIN], accounts, flows, 3)
    ledger.endow("grain", "barn", 10.0)
    ledger.endow("iron", "forge", 1.0)
    return ledger


@st.composite
def networks(draw: st.DrawFn) -> tuple[Ledger, list[Flow], int]:
    """Draw a ledger with endowments, its flows, and a seed of amounts."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5))
    accounts = [Account("grain", f"a{i}", "", kind) for i, kind in enumerate([KINDS[0], *kinds])]
    pairs = [(s, d) for s in accounts for d in accounts if s != d and s.kind != "sink" and d.kind != "source"]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=8))
    flows = [
        Flow(f"f{i}", "grain", s.name, d.name, "", draw(st.integers(0, 2))) for i, (s, d) in enumerate(chosen)
    ]
    ledger = Ledger([GRAIN], accounts, flows, draw(st.integers(1, 4)))
    seed = draw(st.integers(0, 2**32))
    chance = np.random.default_rng(seed)
    for account in accounts:
        if account.kind == "stock":
            ledger.endow("grain", account.name, chance.uniform(0.0, 100.0, ledger.members))
    return ledger, flows, seed


@settings(max_examples=80, deadline=None)
@given(networks(), st.floats(-6.0, 6.0))
def test_the_books_of_any_network_close(network: tuple[Ledger, list[Flow], int], magnitude: float) -> None:
    """Nothing appears, vanishes, is overdrawn or is not a number, whatever is asked for."""
    ledger, flows, seed = network
    chance = np.random.default_rng(seed)
    book = ledger.books["grain"]
    start = {account.name: ledger.stock("grain", account.name).copy() for account in book.accounts}
    for _ in range(4):
        for _ in range(3):
            before, moved = book.stocks.copy(), book.moved.copy()
            asked = np.full_like(moved, 0.0)
            for flow in flows:
                if chance.random() < 0.8:
                    size: Array = 10.0**magnitude * chance.integers(0, 3, ledger.members)
                    asked[book.flows.index(flow)] = size * chance.random(ledger.members)
                    ledger.propose(flow.name, asked[book.flows.index(flow)])
            ledger.settle()
            taken = book.moved - moved
            assert (taken <= asked * (1 + 1e-12) + 1e-12 * moved).all()
            for row in range(book.floored):
                out = sum(taken[i] for i, f in enumerate(book.flows) if f.source == book.accounts[row].name)
                assert (out <= before[row] + 1e-12 * (before[row] + moved.sum(axis=0))).all()
        scale = np.abs(book.opening).sum(axis=0) + book.moved.sum(axis=0)
        assert ledger.audit(MARCH, range(ledger.members)) <= 1e-9
        assert (np.abs(book.stocks.sum(axis=0) - book.opening.sum(axis=0)) <= 1e-12 * scale).all()
        assert (book.stocks[: book.floored] >= 0.0).all()
        assert np.isfinite(book.stocks).all()
        ledger.close_month()
    for account in book.accounts[: book.floored]:
        gained = [ledger.ever(f.name) for f in flows if f.destination == account.name]
        lost = [ledger.ever(f.name) for f in flows if f.source == account.name]
        scale = start[account.name] + sum(gained) + sum(lost)
        gap = ledger.stock("grain", account.name) - start[account.name] - sum(gained) + sum(lost)
        assert (np.abs(gap) <= 1e-12 * scale).all()


@pytest.mark.parametrize("busy", [True, False])
@pytest.mark.parametrize("size", [5.0, -2.5, 1e-6])
def test_a_planted_leak_is_caught_and_named(size: float, busy: bool) -> None:
    ledger = village()
    if busy:
        ledger.propose("barn-mouths", np.array([1.0, 2.0, 3.0]))
        ledger.settle()
    book = ledger.books["grain"]
    book.stocks[book.row["barn"], 1] += size
    with pytest.raises(ConservationError) as caught:
        ledger.audit(MARCH, [3, 7, 11])
    for part in ("grain", "account 'barn'", "March 1931", "member 7", f"{size:+.6g} tonnes"):
        assert part in str(caught.value)


def test_rounding_of_a_large_stock_that_hardly_moves_is_no_leak() -> None:
    ledger = village()
    ledger.endow("grain", "barn", 1e6)
    ledger.endow("grain", "town", 3e6 / 7)
    for _ in range(200):
        ledger.propose("barn-town", np.full(3, 1e-3))
        ledger.settle()
        ledger.audit(MARCH, range(3))
        ledger.close_month()


@pytest.mark.parametrize("flow", ["field-barn", "barn-town", "barn-mouths"])
@pytest.mark.parametrize("wrong", [-4.0, float("nan"), float("inf")])
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_an_amount_that_is_negative_or_no_number_is_caught_and_named(flow: str, wrong: float) -> None:
    ledger = village()
    ledger.propose(flow, np.array([1.0, wrong, 1.0]))
    ledger.settle()
    with pytest.raises((NegativeStockError, ConservationError)) as caught:
        ledger.audit(MARCH, [3, 7, 11])
    for part in ("grain", "March 1931", "member 7", "tonnes"):
        assert part in str(caught.value)
    assert re.search(r"account '(barn|town|mouths|field)'|flow '" + flow, str(caught.value))


@pytest.mark.parametrize("row", ["barn", "town"])
def test_a_negative_stock_is_caught_and_named(row: str) -> None:
    ledger = village()
    ledger.endow("grain", row, np.array([1.0, 1.0, -0.25]))
    with pytest.raises(NegativeStockError) as caught:
        ledger.audit(MARCH, [3, 7, 11])
    expected = f"grain, account '{row}', March 1931, member 11: -0.25 tonnes"
    assert expected in str(caught.value)


def test_a_negative_amount_is_named_with_its_flow_and_size() -> None:
    """Where no account goes below zero: the barn takes from a town that has enough."""
    ledger = village()
    ledger.endow("grain", "town", 50.0)
    ledger.propose("barn-town", np.array([1.0, -4.0, 1.0]))
    ledger.settle()
    with pytest.raises(NegativeStockError, match="grain, flow 'barn-town', March 1931, member 7: -4 tonnes"):
        ledger.audit(MARCH, [3, 7, 11])


def test_the_audit_reports_the_largest_residual_as_a_share_of_turnover() -> None:
    ledger = village()
    ledger.propose("barn-town", np.full(3, 4.0))
    ledger.settle()
    book = ledger.books["grain"]
    book.stocks[book.row["town"], 2] += 2e-9  # below what stops a run
    assert ledger.audit(MARCH, range(3)) == pytest.approx(5e-10, rel=1e-3)


@pytest.mark.parametrize(("row", "other"), [("barn", "town"), ("town", "barn"), ("mouths", "barn")])
def test_what_is_taken_from_the_wrong_account_is_found(row: str, other: str) -> None:
    """The books of the commodity close; two of its accounts do not."""
    ledger = village()
    ledger.propose("barn-town", np.full(3, 1.0))
    ledger.propose("field-barn", np.full(3, 2.0))
    ledger.settle()
    ledger.stock("grain", row)[1] += 1e-3
    ledger.stock("grain", other)[1] -= 1e-3
    assert ledger.books["grain"].stocks.sum(axis=0) == pytest.approx([10.0] * 3)
    with pytest.raises(ConservationError, match=rf"account '({row}|{other})', member 1, [+-]0\.001 tonnes"):
        ledger.audit(MARCH, (0, 1, 2))
