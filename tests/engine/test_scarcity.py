"""Accounts that are asked for all they hold, a hair more, or without end; and what the audit sees of it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    ConservationError,
    Flow,
    Ledger,
    NegativeStockError,
    total,
)

MARCH = date(1931, 3, 31)
CLAIMS = ("army", "feed", "seed", "town")  # in the order of their names, in which they are added up
COMMODITIES = [Commodity("grain", "tonnes", "grain"), Commodity("money", "rubles", "money")]
ACCOUNTS = [
    Account("grain", "field", "field", "source"),
    Account("grain", "barn", "barn"),
    *(Account("grain", name, name, "sink") for name in CLAIMS),
    Account("money", "bank", "bank"),
    Account("money", "purse", "purse"),
]
FLOWS = [
    Flow("wasted", "grain", "field", "feed", "never reaches the barn"),
    *(Flow(name, "grain", "barn", name, name) for name in CLAIMS),
    Flow("paid", "money", "bank", "purse", "paid"),
]


def books(members: int = 2, reverse: bool = False) -> Ledger:
    step = -1 if reverse else 1
    ledger = Ledger(COMMODITIES[::step], ACCOUNTS[::step], FLOWS[::step], members)
    ledger.endow("grain", "barn", 10.0)
    return ledger


@pytest.mark.parametrize("more", [1e-3, 1e-7, 1e-9, 1e-12])
def test_a_shortage_is_shared_however_small_it_is(more: float) -> None:
    ledger = books()
    ledger.propose("town", np.array([6.0, 6.0]))
    ledger.propose("army", np.array([4.0, 4.0 + more]))
    ledger.settle()
    assert (ledger.stock("grain", "barn") >= 0.0).all()
    assert ledger.moved("army")[0] == 4.0
    assert ledger.moved("army")[1] < 4.0 + more
    assert ledger.moved("town")[1] < 6.0
    assert ledger.audit(MARCH, [0, 1]) < 1e-12


def settled(available: Array, claims: list[Array]) -> tuple[Array, Array]:
    """Return what claims on the barn were served, and what is left in it."""
    ledger = books(available.size)
    ledger.endow("grain", "barn", available)
    for name, claim in zip(CLAIMS, claims, strict=True):
        ledger.propose(name, claim)
    ledger.settle()
    return np.array([ledger.moved(name) for name in CLAIMS]), ledger.stock("grain", "barn")


def test_who_has_just_enough_does_not_feel_a_neighbour_that_is_short() -> None:
    """Not in the last bit, where the order of sums would show."""
    chance = np.random.default_rng(3)
    claims = [chance.uniform(0.0, 1.0, 4001) for _ in CLAIMS]
    available = total(claims)
    available[-1] = 0.5
    assert sum(claim[-1] for claim in claims) > 0.5
    served, left = settled(available, claims)
    alone, left_alone = settled(available[:-1], [claim[:-1] for claim in claims])
    np.testing.assert_array_equal(served[:, :-1], alone)
    np.testing.assert_array_equal(left[:-1], left_alone)
    np.testing.assert_array_equal(alone, np.array(claims)[:, :-1])


@pytest.mark.parametrize("rank", [-1, 0, 1])
def test_an_endless_claim_is_no_claim_on_all_there_is(rank: int) -> None:
    """It comes of an equation that has gone wrong; to serve it would hide that."""
    ledger = books()
    ledger.propose("town", np.array([1.0, np.inf]), rank)
    ledger.propose("army", np.array([1.0, 1.0]))
    with np.errstate(invalid="ignore"):
        ledger.settle()
    with pytest.raises(NegativeStockError, match=r"grain, .*, March 1931, member 9: nan tonnes"):
        ledger.audit(MARCH, [8, 9])


def test_an_amount_that_is_no_number_and_touches_no_stock_is_named_by_its_flow() -> None:
    ledger = books()
    ledger.propose("wasted", np.array([1.0, np.nan]))
    ledger.settle()
    ledger.propose("wasted", np.array([1.0, 1.0]))
    ledger.settle()  # a later settlement of the month does not cover it
    with pytest.raises(NegativeStockError) as caught:
        ledger.audit(MARCH, [8, 9])
    assert str(caught.value) == "grain, flow 'wasted', March 1931, member 9: nan tonnes, must be zero or more"


@pytest.mark.parametrize(
    ("commodity", "account", "unit"), [("grain", "barn", "tonnes"), ("money", "purse", "rubles")]
)
def test_a_stock_that_is_no_number_is_named_whichever_book_it_stands_in(
    commodity: str, account: str, unit: str
) -> None:
    ledger = books()
    book = ledger.books[commodity]
    book.stocks[book.row[account], 1] = np.nan
    with pytest.raises(NegativeStockError) as caught:
        ledger.audit(MARCH, [8, 9])
    expected = f"{commodity}, account '{account}', March 1931, member 9: nan {unit}, must be zero or more"
    assert str(caught.value) == expected


@pytest.mark.parametrize("size", [1e-3, -1e-3])
@pytest.mark.parametrize("moved", [True, False])
def test_a_leak_of_a_small_commodity_does_not_hide_behind_a_large_one(size: float, moved: bool) -> None:
    """Neither behind what the other one turns over, nor behind what it holds."""
    ledger = books()
    ledger.endow("money", "bank", 1e13)
    if moved:
        ledger.propose("paid", np.full(2, 1e12))
    ledger.propose("town", np.full(2, 1.0))
    ledger.settle()
    book = ledger.books["grain"]
    book.stocks[book.row["barn"], 1] += size
    with pytest.raises(ConservationError, match=r"grain does not close .*'barn', member 9"):
        ledger.audit(MARCH, [8, 9])


def test_a_leak_in_one_member_does_not_hide_behind_the_others() -> None:
    ledger = books()
    ledger.endow("grain", "barn", np.array([1e13, 10.0]))
    ledger.propose("town", np.array([1e12, 1.0]))
    ledger.settle()
    book = ledger.books["grain"]
    book.stocks[book.row["barn"], 1] += 1e-3
    with pytest.raises(ConservationError, match="member 9"):
        ledger.audit(MARCH, [8, 9])


def test_the_order_of_declarations_changes_no_bit() -> None:
    chance = np.random.default_rng(4)
    claims = {name: chance.uniform(0.0, 3.0, 500) for name in CLAIMS}
    plain, reverse = books(500), books(500, reverse=True)
    for ledger in (plain, reverse):
        for _ in range(3):
            for name, claim in claims.items():
                ledger.propose(name, claim)
            ledger.settle()
    for name in ("barn", *CLAIMS):
        np.testing.assert_array_equal(plain.stock("grain", name), reverse.stock("grain", name))
    for name in CLAIMS:
        np.testing.assert_array_equal(plain.moved(name), reverse.moved(name))


def test_what_moves_adds_up_over_the_phases_of_a_month_and_over_months() -> None:
    ledger = books()
    for month in range(2):
        for _ in range(3):
            ledger.propose("town", np.array([1.0, 0.5]))
            ledger.settle()
        assert ledger.moved("town").tolist() == [3.0, 1.5]
        assert ledger.ever("town").tolist() == [3.0 * month, 1.5 * month]
        ledger.audit(MARCH, [8, 9])
        ledger.close_month()
    assert ledger.ever("town").tolist() == [6.0, 3.0]


def test_sums_leave_what_is_added_as_it_was_and_of_nothing_there_is_none() -> None:
    rows = [np.array([1.0, 2.0]), np.array([3.0, 4.0])]
    assert total(rows).tolist() == [4.0, 6.0]
    assert [row.tolist() for row in rows] == [[1.0, 2.0], [3.0, 4.0]]
    with pytest.raises(ValueError, match="nothing to add"):
        total([])


def test_one_column_is_added_as_the_same_column_among_others() -> None:
    """In the order of the rows: ``np.add.reduce`` adds a lone column in pairs."""
    rows = np.random.default_rng(5).lognormal(size=(300, 2))
    alone = np.ascontiguousarray(rows[:, :1])
    assert total(alone)[0] == total(rows)[0] != np.add.reduce(alone, axis=0)[0]
