"""Transport: what trains can carry, who is loaded first, what waits, and whom it holds up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_country import ECONOMY
from watching import act, put

from planmodel.economies.soviet.sites import BRANCHES
from planmodel.engine import Array, total
from planmodel.runs.history import History
from planmodel.scenario import load_scenario

BASELINE = load_scenario("one_country")
LOADS = ECONOMY.axes["load"]
BULK = LOADS[1:]  # what comes after grain
P = "parameters.transport."


def railways(changes: Mapping[str, Any] | None = None, members: int = 2) -> History:
    return History(load_scenario("one_country", changes), [0] * members)


def read(history: History, name: str) -> Array:
    return np.asarray(history.workspace.read(name, "transport"))


def size(history: History, name: str) -> float:
    return float(read(history, f"parameter_{name}")[0])


def load(history: History, trains: float, **asked: float) -> None:
    """Let freight ask for trains that are enough for a part of it."""
    put(history, {f"freight_offered_{name}": 0.0 for name in LOADS} | {f"queue_{n}": 0.0 for n in LOADS})
    put(history, {f"freight_offered_{name}": amount for name, amount in asked.items()})
    history.ledger.endow("freight", "trains", trains)
    act(history, "transport.load_trains", "transport.load_deported")


def carried(history: History, name: str) -> float:
    return float(history.ledger.moved(f"freight_{name}")[0] + history.ledger.moved(f"later_{name}")[0])


# ---- capacity ----------------------------------------------------------------------------------------------


CAUSES = {
    "capacity_transport": "track_effect",
    "upkeep_ratio": "rolling_stock_effect",
    "work_per_head": "crew_effect",
}


@pytest.mark.parametrize("cause", CAUSES)
def test_trains_follow_track_repair_and_work(cause: str) -> None:
    history = railways()
    history.board[cause] = history.board[cause] * np.array([1.0, 0.5])
    history.board.settle()
    whole, half = read(history, "able_to_carry")
    assert half / whole == pytest.approx(0.5 ** size(history, CAUSES[cause]))


@pytest.mark.parametrize("cause", ["upkeep_ratio", "work_per_head"])
def test_an_elasticity_of_zero_is_none(cause: str) -> None:
    history = railways({P + CAUSES[cause]: 0.0})
    history.board[cause] = np.array([1.0, 0.5])
    history.board.settle()
    whole, half = read(history, "able_to_carry")
    assert half == whole


def test_the_railways_of_the_first_year_carry_its_freight_and_the_reserve() -> None:
    history = railways()
    track = size(history, "transport_capital_1928")
    put(history, {"capacity_transport": track, "upkeep_ratio": 1.0, "work_per_head": 1.0})
    january = float(read(history, "running_part"))
    whole = size(history, "transport_reserve") * 93.4 / 12.0 * january
    assert read(history, "able_to_carry")[0] == pytest.approx(whole)
    assert january < 1.0  # snow


def test_trains_are_run_and_do_not_keep() -> None:
    history = railways()
    act(history, "transport.run_trains")
    np.testing.assert_array_equal(history.ledger.stock("freight", "trains"), read(history, "able_to_carry"))
    act(history, "transport.run_empty")
    np.testing.assert_array_equal(history.ledger.stock("freight", "trains"), 0.0)


# ---- freight -----------------------------------------------------------------------------------------------


OFFERS = {
    "metal_and_fuel_index": "coal_and_ore",
    "construction_wanted": "materials",
    "let_through": "materials",
    "builders_ratio": "materials",
    "engineering_index": "goods",
    "consumer_goods_index": "goods",
}


@pytest.mark.parametrize("cause", OFFERS)
def test_more_work_brings_more_freight_of_its_cargo_only(cause: str) -> None:
    history = railways()
    history.board[cause] = np.array([0.4, 0.8])
    history.board.settle()
    act(history, "transport.offer_freight")
    for name in LOADS:
        less, more = history.board[f"freight_offered_{name}"]
        assert (more > less) if name == OFFERS[cause] else (more == less)


def test_sites_that_lack_metal_ask_for_no_trains() -> None:
    history = railways()
    put(history, {"metal_ratio": 0.0, "equipment_ratio": 1.0})
    act(history, "transport.offer_freight")
    np.testing.assert_array_equal(history.board["freight_offered_materials"], 0.0)


def test_grain_procured_is_freight_by_its_haul() -> None:
    history = railways()
    history.ledger.endow("grain", "kolkhoz", 5.0)
    history.ledger.propose("procured_kolkhoz", np.array([0.0, 2.0]))
    history.ledger.settle()
    act(history, "transport.offer_freight")
    np.testing.assert_allclose(
        history.board["freight_offered_grain"], [0.0, 2.0 * size(history, "grain_haul")], rtol=1e-12
    )


# ---- trains are loaded by rank -----------------------------------------------------------------------------


def test_where_there_are_trains_all_is_carried() -> None:
    history = railways()
    load(history, 100.0, grain=1.0, coal_and_ore=3.0, materials=2.0, goods=2.0)
    for name, amount in (("grain", 1.0), ("coal_and_ore", 3.0), ("materials", 2.0), ("goods", 2.0)):
        assert carried(history, name) == pytest.approx(amount)


def test_grain_goes_before_coal_and_coal_before_what_is_left_of_goods() -> None:
    history = railways()
    first = {name: float(read(history, f"first_served_{name}")) for name in LOADS}
    trains = first["grain"] + first["coal_and_ore"] / 2.0
    load(history, trains, grain=1.0, coal_and_ore=1.0)
    assert carried(history, "grain") == pytest.approx(first["grain"])
    assert carried(history, "coal_and_ore") == pytest.approx(first["coal_and_ore"] / 2.0)
    assert first["coal_and_ore"] > first["materials"] > first["goods"]
    history = railways()
    load(history, 2.0, coal_and_ore=1.0, materials=1.0, goods=1.0)
    coal, materials, goods = (carried(history, name) for name in BULK)
    assert 1.0 > coal > materials > goods > 0.0
    assert coal + materials + goods == pytest.approx(2.0)


def test_trains_of_the_deported_go_first_and_are_a_share_of_all() -> None:
    history = railways()
    put(history, {"marked_individual_peasants": 5.0})
    whole = float(read(history, "able_to_carry")[0])
    load(history, whole / 2.0, grain=whole)
    moved = history.ledger.moved("freight_deported")[0]
    assert moved < size(history, "deported_share") * whole  # in one proportion with the grain of the campaign
    history = railways()
    put(history, {"marked_individual_peasants": 5.0})
    load(history, whole, goods=10.0 * whole)
    moved = history.ledger.moved("freight_deported")[0]
    assert moved == pytest.approx(size(history, "deported_share") * whole)
    places = read(history, "places_in_trains")[0]
    assert places == pytest.approx(moved / size(history, "deported_freight"))
    act(history, "collectivisation.deport")
    left = history.ledger.moved("deported_individual_peasants") + history.ledger.moved(
        "transit_deaths_individual_peasants"
    )
    assert left[0] == pytest.approx(places)
    assert history.board["marked_individual_peasants"][0] == pytest.approx(5.0 - places)


def test_few_who_are_marked_are_all_deported() -> None:
    history = railways()
    put(history, {"marked_individual_peasants": 0.01})
    load(history, 10.0)
    act(history, "collectivisation.deport")
    np.testing.assert_allclose(history.board["marked_individual_peasants"], 0.0, atol=1e-15)


# ---- what waits --------------------------------------------------------------------------------------------


amounts = st.floats(0.0, 50.0)


@given(st.lists(amounts, min_size=4, max_size=4), st.lists(amounts, min_size=4, max_size=4), amounts)
def test_freight_offered_is_carried_waits_or_is_withdrawn(
    offered: list[float], queue: list[float], trains: float
) -> None:
    history = railways(members=1)
    put(history, {f"freight_offered_{n}": v for n, v in zip(LOADS, offered, strict=True)})
    put(history, {f"queue_{n}": v for n, v in zip(LOADS, queue, strict=True)})
    history.ledger.endow("freight", "trains", trains)
    act(history, "transport.load_trains")
    act(history, "transport.wait_at_stations")
    for n, new, old in zip(LOADS, offered, queue, strict=True):
        waits, gone = history.board[f"queue_{n}"][0], history.board[f"withdrawn_{n}"][0]
        assert carried(history, n) + waits + gone == pytest.approx(new + old, abs=1e-9)
        assert min(waits, gone) >= 0.0
        assert 0.0 <= history.board[f"carried_{n}"][0] <= 1.0


def test_a_queue_without_trains_ends_at_what_is_withdrawn() -> None:
    history = railways()
    put(history, {f"freight_offered_{n}": 1.0 for n in LOADS})
    for _ in range(120):
        act(history, "transport.wait_at_stations")
    kept = 1.0 - size(history, "withdrawn")
    for n in LOADS:
        np.testing.assert_allclose(history.board[f"queue_{n}"], kept / (1.0 - kept))
        np.testing.assert_allclose(history.board[f"carried_{n}"], 0.0, atol=1e-12)


def test_where_all_is_withdrawn_nothing_waits() -> None:
    history = railways({P + "withdrawn": 1.0})
    put(history, {f"freight_offered_{n}": 1.0 for n in LOADS})
    act(history, "transport.wait_at_stations")
    for n in LOADS:
        np.testing.assert_array_equal(history.board[f"queue_{n}"], 0.0)
        np.testing.assert_array_equal(history.board[f"withdrawn_{n}"], 1.0)


def test_stations_where_nothing_is_offered_are_not_jammed() -> None:
    history = railways()
    load(history, 0.0)
    put(history, {f"carried_{n}": 0.4 for n in LOADS})
    act(history, "transport.wait_at_stations")
    for n in LOADS:
        np.testing.assert_allclose(history.board[f"carried_{n}"], 0.6)


# ---- whom it holds up --------------------------------------------------------------------------------------


def jammed(load: str, changes: Mapping[str, Any] | None = None) -> History:
    history = railways(changes)
    history.board[f"carried_{load}"] = np.array([1.0, 0.5])
    history.board.settle()
    return history


EFFECTS = {
    "grain": ("grain_effect", "grain_brought"),
    "coal_and_ore": ("transport_effect", "ore_brought"),
    "materials": ("site_effect", "materials_brought"),
    "goods": ("goods_effect", "goods_brought"),
}


@pytest.mark.parametrize("load", LOADS)
def test_what_is_not_brought_tells_by_its_elasticity(load: str) -> None:
    effect, brought = EFFECTS[load]
    history = jammed(load)
    np.testing.assert_allclose(read(history, brought), [1.0, 0.5 ** size(history, effect)])
    np.testing.assert_array_equal(read(jammed(load, {P + effect: 0.0}), brought), [1.0, 1.0])


def test_sites_work_with_the_materials_that_come() -> None:
    history = jammed("materials")
    act(history, "building.reckon_builders")
    history.ledger.endow("metal", "supply", 10.0)
    history.ledger.endow("producer_goods", "supply", 10.0)
    act(history, "accumulation.claim_materials")
    act(history, "building.build")
    free, short = total(history.ledger.moved(f"construction_{branch}") for branch in BRANCHES)
    assert short == pytest.approx(free * 0.5 ** size(history, "site_effect"))


def test_shops_sell_what_is_brought_and_the_rest_stays_in_trade() -> None:
    history = jammed("goods")
    history.ledger.endow("consumer_goods", "trade", 1.0)
    act(history, "consumer_goods.sell_goods")
    left = history.ledger.stock("consumer_goods", "trade")
    np.testing.assert_allclose(left, [0.0, 1.0 - 0.5 ** size(history, "goods_effect")], atol=1e-12)


def test_towns_get_the_grain_that_is_brought() -> None:
    history = jammed("grain")
    put(history, {"town_grain_claim": 0.5})
    history.ledger.endow("grain", "state", 50.0)
    act(history, "state_grain.serve")
    free, short = history.ledger.moved("grain_to_towns")
    assert short == pytest.approx(free * 0.5 ** size(history, "grain_effect"))
