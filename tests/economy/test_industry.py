"""Industry: production by capacity, work and materials, products, upkeep."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from industrial import BASELINE, MONTH, acts, size

from planmodel.economies.production import worth_making
from planmodel.economies.soviet import crops, industry
from planmodel.runs.history import History
from planmodel.scenario import load_scenario


def scale(history: History, factor: float, variable: str | None = None, people: str | None = None) -> None:
    """Multiply a variable or a group of people in the second member."""
    if variable is not None:
        history.board[variable] = history.board[variable] * np.array([1.0, factor])
        history.board.settle()
    if people is not None:
        held = history.ledger.stock("people", people)
        history.ledger.endow("people", people, held * np.array([1.0, factor]))


def at_rest(history: History, members: int = 2) -> None:
    """Give every stage the capacity of its base year, with crops and food enough and nothing unsold."""
    parameters = BASELINE.parameters
    history.board["capacity_metal_and_fuel"] = np.full(members, parameters.metal.metal_capital_1928)
    history.board["capacity_engineering"] = np.full(members, parameters.heavy_industry.machine_capital_1928)
    history.board["capacity_consumer_goods"] = np.full(members, 4.0)
    history.board["town_nutrition"] = np.full(members, 100.0)
    history.board.settle()
    history.ledger.endow("producer_goods", "supply", 0.0)
    history.ledger.endow("metal", "supply", 0.0)
    history.ledger.endow("industrial_crops", "fibres", 1e3)
    history.ledger.endow("industrial_crops", "beet", 1e3)


MILLS_AS_OTHERS = {"crops": {"mill_growth": np.ones(2)}}  # all factories grow alike
# sector: block, equation, flow of output, index, capacity, elasticity to capacity, effective labour
SECTORS: dict[str, tuple[str, str, str, str, str, str, str]] = {
    "metal": (
        "metal", "make_metal", "metal_output", "metal_and_fuel_index", "capacity_metal_and_fuel",
        "metal_capital_share", "heavy_labour",
    ),
    "engineering": (
        "heavy_industry", "make_machines", "output_engineering", "engineering_index", "capacity_engineering",
        "engineering_capital_share", "heavy_labour",
    ),
    "consumer goods": (
        "consumer_goods", "make_goods", "output_consumer_goods", "consumer_goods_index",
        "capacity_consumer_goods", "factory_capital_share", "work_per_head",
    ),
}  # fmt: skip


@pytest.mark.parametrize("cause", ["capacity", "labour"])
@pytest.mark.parametrize("sector", SECTORS)
def test_output_follows_capacity_and_work(sector: str, cause: str) -> None:
    block, equation, flow, index_name, capacity, share_name, labour = SECTORS[sector]
    history = History(MONTH, [0, 0], parameters=MILLS_AS_OTHERS)
    at_rest(history)
    scale(history, 2.0, capacity if cause == "capacity" else labour)
    acts(history, f"{block}.{equation}")
    index = history.board[index_name]
    share = size(history, block, share_name)
    assert index[1] / index[0] == pytest.approx(2.0 ** (share if cause == "capacity" else 1.0 - share))
    made = history.ledger.moved(flow)
    assert made[1] / made[0] == pytest.approx(index[1] / index[0])


def test_consumer_goods_follow_the_number_of_workers() -> None:
    history = History(MONTH, [0, 0], parameters=MILLS_AS_OTHERS)
    at_rest(history)
    scale(history, 2.0, people="consumer_goods_workers")
    acts(history, "consumer_goods.make_goods")
    index = history.board["consumer_goods_index"]
    assert index[1] / index[0] == pytest.approx(
        2.0 ** (1.0 - size(history, "consumer_goods", "factory_capital_share"))
    )


def test_heavy_labour_is_workers_times_their_work() -> None:
    history = History(MONTH, [0, 0])
    scale(history, 2.0, people="heavy_industry_workers")
    scale(history, 0.5, "work_per_head")
    acts(history, "heavy_industry.count_heavy_industry")
    assert history.board["heavy_labour"][0] == history.board["heavy_labour"][1]


def test_heavy_industry_is_metal_and_engineering_by_weight() -> None:
    history = History(MONTH, [0, 0])
    history.board["metal_and_fuel_index"] = np.array([2.0, 1.0])
    history.board["engineering_index"] = np.array([1.0, 2.0])
    history.board.settle()
    acts(history, "heavy_industry.count_heavy_industry")
    weight = size(history, "heavy_industry", "metal_weight")
    np.testing.assert_allclose(history.board["heavy_industry_index"], [1.0 + weight, 2.0 - weight])


@pytest.mark.parametrize("cause", ["upkeep_ratio", "competence", "carried_coal_and_ore"])
def test_metal_follows_upkeep_management_and_transport(cause: str) -> None:
    history = History(MONTH, [0, 0])
    at_rest(history)
    scale(history, 0.6, cause)
    acts(history, "metal.make_metal")
    index = history.board["metal_and_fuel_index"]
    powers = {
        "upkeep_ratio": size(history, "metal", "upkeep_effect"),
        "carried_coal_and_ore": size(history, "transport", "transport_effect"),
    }
    assert index[1] / index[0] == pytest.approx(0.6 ** powers.get(cause, 1.0))


def test_a_surge_of_engineering_ends_at_the_metal() -> None:
    """Works that want twice the metal there is make, after a few months, what its elasticity leaves them."""
    history = History(MONTH, [0, 0])
    at_rest(history)
    for _ in range(24):
        acts(history, "heavy_industry.make_machines", "heavy_industry.need_metal")
        history.ledger.endow("producer_goods", "supply", 0.0)
        need = history.board["metal_claim_engineering"]
        history.ledger.endow("metal", "supply", need * np.array([1.0, 0.5]))
        acts(history, "heavy_industry.claim_goods")
        acts(history, "heavy_industry.take_note")
        history.ledger.close_month()
    made = history.board["engineering_index"]
    effect = load_scenario("one_country").parameters.heavy_industry.metal_effect
    assert made[1] / made[0] == pytest.approx(0.5**effect, rel=0.01)


@given(st.floats(0.01, 10.0), st.floats(0.0, 100.0))
def test_nothing_is_made_for_long_that_finds_no_use(output: float, unsold: float) -> None:
    made = float(worth_making(np.array([output]), np.array([unsold]), 3.0)[0])
    assert 0.0 < made <= output
    assert made == output or unsold > 3.0 * output


def test_tractors_come_from_engineering_and_give_way_to_defence() -> None:
    history = History(MONTH, [0] * 3)
    history.levers["tractor_programme"] = 1.0
    history.ledger.endow("producer_goods", "supply", 50.0)
    history.board["defence_claim"] = np.array([0.0, 0.1, 10.0])
    history.board.settle()
    history.ledger.propose("output_engineering", np.full(3, 0.5))
    history.ledger.settle()
    acts(history, "tractors.claim_goods_for_tractors")
    acts(history, "tractors.deliver_tractors")
    made = history.ledger.moved("tractor_deliveries")
    goods = history.ledger.moved("goods_to_tractors")
    np.testing.assert_allclose(made, 1000.0 * goods / size(history, "tractors", "tractor_cost"))
    assert made[0] > made[1] > made[2] == 0.0


def test_consumer_goods_follow_inputs_in_all_their_parts() -> None:
    history = History(MONTH, [0, 0])
    at_rest(history)
    history.board["input_ratio_consumer_goods"] = np.array([1.0, 0.5])
    history.board.settle()
    acts(history, "consumer_goods.make_goods")
    index = history.board["consumer_goods_index"]
    assert index[1] / index[0] == pytest.approx(0.5 ** size(history, "consumer_goods", "input_effect"))


@pytest.mark.parametrize("part", ["fibres", "beet", "food"])
def test_want_of_a_material_costs_its_part_of_consumer_goods_and_no_more(part: str) -> None:
    history = History(MONTH, [0, 0])
    at_rest(history)
    if part == "food":
        history.board["town_nutrition"] = np.array([100.0, 0.0])
        history.board.settle()
    else:
        history.ledger.endow("industrial_crops", part, np.array([1e3, 0.0]))
    acts(history, "consumer_goods.make_goods")
    index = history.board["consumer_goods_index"]
    block = "consumer_goods" if part == "food" else "crops"
    potential = history.workspace.read("factory_potential")
    potential = potential ** size(history, "crops", "mill_growth") if part == "fibres" else potential
    inputs = history.workspace.read("inputs_of_factories")
    lost = size(history, block, f"made_of_{part}") * potential * inputs
    np.testing.assert_allclose(index[0] - index[1], lost[0], rtol=1e-9)


def test_products_follow_their_sector() -> None:
    """Twice the sector is twice the product: with their null values also coal and electricity."""
    nothing = {"products": {"coal_for_power": np.zeros(2), "electrification": np.zeros(2)}}
    history = History(MONTH, [0, 0], parameters=nothing)
    history.board["metal_and_fuel_index"] = np.array([1.0, 2.0])
    history.board["heavy_industry_index"] = np.array([1.0, 3.0])
    history.board.settle()
    history.ledger.propose("metal_output", np.array([0.3, 0.6]))
    history.ledger.settle()
    acts(history, "products.count_products")
    for name, factor in (("steel", 2.0), ("coal", 2.0), ("electricity", 3.0)):
        made = history.board[name]
        assert made[1] / made[0] == pytest.approx(factor), name


@pytest.mark.parametrize("equation", [industry.count_products, crops.count_in_kind])
def test_no_product_has_a_trend_of_its_own(equation: Callable[..., object]) -> None:
    """What products are reckoned from does not hold the year."""
    assert not {"year", "years", "years_run"} & set(signature(equation).parameters)


def test_more_power_for_each_worker_takes_more_coal_and_electricity() -> None:
    sizes = {"products": {"coal_for_power": np.array([0.0, 0.2]), "electrification": np.array([0.0, 0.2])}}
    history = History(MONTH, [0, 0], parameters=sizes)
    history.board["metal_and_fuel_index"] = np.array([1.5, 1.5])
    history.board["heavy_industry_index"] = np.array([3.0, 3.0])
    history.board.settle()
    acts(history, "products.count_products")
    coal, power = history.board["coal"], history.board["electricity"]
    assert coal[1] / coal[0] == pytest.approx(2.0**0.2)
    assert power[1] / power[0] == pytest.approx(3.0**0.2)


def test_upkeep_follows_what_was_received() -> None:
    history = History(MONTH, [0, 0])
    history.ledger.endow("metal", "supply", np.array([10.0, 0.0]))
    before = history.board["upkeep_ratio"].copy()
    acts(history, "metal.claim_repairs")
    acts(history, "metal.keep_in_repair")
    full, none = history.board["upkeep_ratio"] - before
    assert full == pytest.approx((1.0 - before[0]) / 6.0)
    assert none == pytest.approx(-before[1] / 6.0)
