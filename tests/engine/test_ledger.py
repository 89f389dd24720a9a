"""Books and settlement: who gets what when all is applied together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import numpy as np
import pytest

from planmodel.engine import (
    Account,
    Commodity,
    DeclarationError,
    Flow,
    Ledger,
)

MARCH = date(1931, 3, 31)
GRAIN = Commodity("grain", "tonnes", "grain")
Kind = Literal["stock", "source", "sink"]


def books(
    kinds: Mapping[str, Kind], flows: Sequence[tuple[str, str] | tuple[str, str, int]], members: int = 1
) -> Ledger:
    """Make a ledger of grain; a flow is called ``<source>-<destination>``."""
    accounts = [Account("grain", name, name, kind) for name, kind in kinds.items()]
    declared = [
        Flow(f"{flow[0]}-{flow[1]}", "grain", flow[0], flow[1], "moves", rank=sum(flow[2:])) for flow in flows
    ]
    return Ledger([GRAIN], accounts, declared, members)


def village(members: int = 1) -> Ledger:
    kinds: dict[str, Kind] = {"field": "source", "barn": "stock", "town": "stock", "mouths": "sink"}
    ledger = books(
        kinds, [("field", "barn"), ("barn", "town", 1), ("barn", "mouths"), ("town", "mouths")], members
    )
    ledger.endow("grain", "barn", 10.0)
    return ledger


def held(ledger: Ledger, account: str) -> list[float]:
    return ledger.stock("grain", account).tolist()


@pytest.mark.parametrize("order", [1, -1])
def test_all_flows_move_what_was_there_at_the_opening(order: int) -> None:
    """A to B and B to C in one phase: C gets no more than B held at the opening."""
    ledger = books(dict.fromkeys("abc", "stock"), [("a", "b"), ("b", "c")])
    ledger.endow("grain", "a", 10.0)
    ledger.endow("grain", "b", 1.0)
    for flow in ["a-b", "b-c"][::order]:
        ledger.propose(flow, np.array([8.0]))
    assert [held(ledger, x) for x in "abc"] == [[10.0], [1.0], [0.0]]
    ledger.settle()
    assert [held(ledger, x) for x in "abc"] == [[2.0], [8.0], [1.0]]
    ledger.settle()  # nothing is proposed any more
    assert [held(ledger, x) for x in "abc"] == [[2.0], [8.0], [1.0]]


def test_a_flow_is_proposed_once_a_phase() -> None:
    ledger = village()
    ledger.propose("barn-town", np.array([1.0]))
    with pytest.raises(DeclarationError, match="'barn-town' is proposed twice"):
        ledger.propose("barn-town", np.array([1.0]))
    ledger.settle()
    ledger.propose("barn-town", np.array([1.0]))
    ledger.settle()
    assert held(ledger, "town") == [2.0]


@pytest.mark.parametrize(
    ("rank", "town", "eaten"), [(None, [4.0], [6.0]), (0, [6.25], [3.75]), (-1, [10.0], [0.0])]
)
def test_what_is_short_goes_by_rank_and_equals_share(
    rank: int | None, town: list[float], eaten: list[float]
) -> None:
    """The flow to the town has rank 1, the other one 0; a proposal may bring a rank of its own."""
    ledger = village()
    ledger.propose("barn-town", np.array([10.0]), rank)
    ledger.propose("barn-mouths", np.array([6.0]))
    ledger.settle()
    assert held(ledger, "town") == pytest.approx(town, abs=1e-14)
    assert held(ledger, "mouths") == pytest.approx(eaten, abs=1e-14)
    assert held(ledger, "barn") == pytest.approx([0.0], abs=1e-14)


def test_sources_have_no_floor_and_a_month_starts_them_at_zero() -> None:
    ledger = village()
    ledger.propose("field-barn", np.array([50.0]))
    ledger.propose("barn-mouths", np.array([3.0]))
    ledger.settle()
    assert (held(ledger, "field"), held(ledger, "barn"), held(ledger, "mouths")) == ([-50.0], [57.0], [3.0])
    assert ledger.audit(MARCH, [0]) == 0.0
    assert (ledger.moved("field-barn").tolist(), ledger.ever("field-barn").tolist()) == ([50.0], [0.0])
    ledger.close_month()
    assert (held(ledger, "field"), held(ledger, "barn"), held(ledger, "mouths")) == ([0.0], [57.0], [0.0])
    assert (ledger.moved("field-barn").tolist(), ledger.ever("field-barn").tolist()) == ([0.0], [50.0])


def test_endowments_are_numbers_or_one_a_member_and_no_leak() -> None:
    ledger = village(2)
    ledger.endow("grain", "town", np.array([1.0, 2.0]))
    assert (held(ledger, "barn"), held(ledger, "town")) == ([10.0, 10.0], [1.0, 2.0])
    assert ledger.audit(MARCH, [0, 1]) == 0.0


def test_a_stock_proposed_as_it_stands_is_copied() -> None:
    """The harvest is as large as the stock at the opening, not as what settlement leaves of it."""
    ledger = village()
    ledger.propose("field-barn", ledger.stock("grain", "barn"))
    ledger.propose("barn-mouths", np.array([4.0]))
    ledger.settle()
    assert (held(ledger, "barn"), ledger.moved("field-barn").tolist()) == ([16.0], [10.0])


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "commodity twice": ({"commodities": [GRAIN, GRAIN]}, "commodity declared twice: grain"),
    "account twice": ({"accounts": [Account("grain", "barn", "again")]}, r"twice: grain\.barn"),
    "flow twice": ({"flows": [Flow("eat", "grain", "barn", "mouths", "again")]}, "flow declared twice: eat"),
    "flow as a stock": (
        {"flows": [Flow("grain_barn", "grain", "field", "barn", "")]},
        r"'grain_barn' has the name of the stock grain\.barn",
    ),
    "unknown account": (
        {"flows": [Flow("x", "grain", "barn", "moon", "")]},
        "'x': no account 'moon' of grain",
    ),
    "unknown source": (
        {"flows": [Flow("x", "grain", "moon", "barn", "")]},
        "'x': no account 'moon' of grain",
    ),
    "other commodity": ({"flows": [Flow("x", "iron", "barn", "mouths", "")]}, "no account 'barn' of iron"),
    "unknown commodity": ({"accounts": [Account("iron", "mill", "")]}, "'mill' holds unknown 'iron'"),
    "out of a sink": ({"flows": [Flow("x", "grain", "mouths", "barn", "")]}, "'x' flows out of the sink"),
    "into a source": ({"flows": [Flow("x", "grain", "barn", "field", "")]}, "'x' flows into the source"),
}


@pytest.mark.parametrize("case", list(BAD))
def test_impossible_declarations_are_refused(case: str) -> None:
    extra, message = BAD[case]
    kinds: dict[str, Kind] = {"barn": "stock", "mouths": "sink", "field": "source"}
    accounts = [Account("grain", name, name, kind) for name, kind in kinds.items()]
    flows = [Flow("eat", "grain", "barn", "mouths", "eaten")]
    Ledger([GRAIN], accounts, flows, 1)  # good without what is added
    with pytest.raises(DeclarationError, match=message):
        Ledger(
            extra.get("commodities", [GRAIN]),
            accounts + extra.get("accounts", []),
            flows + extra.get("flows", []),
            1,
        )
