"""The first day is in balance: what fixes the same thing of 1928 is derived, and not drawn twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from thresholds import bound

from planmodel.engine import Array
from planmodel.engine.arithmetic import power
from planmodel.runs.history import History
from planmodel.scenario import load_scenario
from planmodel.scenario.keys import nested

DRAWN = 64
PARAMETERS = load_scenario("one_country").declared.parameters()
WORK = ("accumulation", "products", "plan", "capital")  # what sites, plan and builders of 1928 hang on


@dataclass
class Opened:
    """A history of members that differ on the first day, and what was drawn."""

    history: History
    values: dict[str, Array]

    def series(self, name: str) -> Array:
        return np.asarray(self.history.recorder.dataset(self.history.labels)[name].values)


def drawn(
    blocks: tuple[str, ...], stocks: dict[str, float], until: date, held: dict[str, float] | None = None
) -> Opened:
    """Draw all parameters of some blocks within their bounds, and some opening stocks from half to twice."""
    chance = np.random.default_rng(5)
    values: dict[str, Array] = {}
    for block in blocks:
        for name, p in PARAMETERS[block].items():
            values[f"parameters.{block}.{name}"] = chance.uniform(*p.bounds, DRAWN)
    for key, value in (held or {}).items():
        values[f"parameters.{key}"] = np.full(DRAWN, value)
    for key, value in stocks.items():
        values[f"initial.{key}"] = value * power(2.0, chance.uniform(-1.0, 1.0, DRAWN))
    history = History(load_scenario("one_country").until(until), list(range(DRAWN)), 3, **nested(values))
    history.run()
    return Opened(history, values)


# ---- work, the plan and the builders of 1928 ---------------------------------------------------------------


@pytest.fixture(scope="module")
def building() -> Opened:
    stocks = {"people.construction_workers": 0.7, "works.unfinished_housing_and_services": 1.2}
    return drawn(WORK, stocks, date(1928, 3, 31))


def test_nothing_waits_for_builders_in_the_first_months(building: Opened) -> None:
    ratio = building.series("builders_ratio")
    assert ratio.shape == (DRAWN, 3)
    assert ratio.min() > 0.9
    assert ratio.mean() > 0.98


def test_the_sites_of_the_first_day_want_the_work_of_1928(building: Opened) -> None:
    work = building.values["parameters.products.construction_1928"]
    wanted, ratio = building.series("construction_wanted"), building.series("construction_ratio")
    np.testing.assert_allclose(wanted[:, 0], work, rtol=0.1)  # named works come on top
    assert ratio[:, 0].min() > 0.9
    index = building.series("construction_index")[:, 0]
    np.testing.assert_allclose(index, 1.0, atol=0.05)


def test_the_first_plan_is_the_work_of_1928(building: Opened) -> None:
    work = building.values["parameters.products.construction_1928"]
    np.testing.assert_array_equal(building.series("investment_plan")[:, 0], work)


def test_there_are_jobs_for_the_builders_of_the_first_day_and_hardly_more(building: Opened) -> None:
    """Jobs follow the work of the first day: there is no leap from the opening stock."""
    jobs = building.series("jobs_construction_workers")[:, 0]
    held = building.series("people_construction_workers")
    np.testing.assert_allclose(jobs, held[:, 0], rtol=0.02)
    assert (np.abs(held[:, 2] / held[:, 0] - 1.0) < bound("builders_of_the_first_months")).all()


# ---- the harvest of 1928 -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def harvest() -> Opened:
    """Weather of every member is ordinary, and want of food in the spring does not tell."""
    held = {"cropping.weather_spread": 0.0, "cropping.nutrition_elasticity": 0.0}
    return drawn(("cropping", "draught"), {"horses.household": 31.7}, date(1928, 9, 30), held)


def test_the_harvest_of_1928_is_what_was_said(harvest: Opened) -> None:
    """Whatever area, losses and power of horses are; the spring alone makes it another."""
    brought = harvest.series("harvest_this_year")[:, -1]
    said = harvest.values["parameters.cropping.harvest_1928"]
    np.testing.assert_allclose(brought, said, rtol=0.04)
    assert np.median(np.abs(brought / said - 1.0)) < 0.02


# ---- producer goods of 1928 --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def goods() -> Opened:
    """The debt abroad is not drawn: what it costs is no part of what the first day tells."""
    blocks = ("accumulation", "products", "heavy_industry", "consumer_goods")
    return drawn(blocks, {"works.capital_engineering": 2.5}, date(1928, 3, 31))


def test_what_is_made_and_bought_of_producer_goods_in_1928_is_used(goods: Opened) -> None:
    """In March, when imports run: uses are those of sites, factories, defence and a few tractors."""
    flow = {name: goods.series(name)[:, 2] for name in (
        "output_engineering", "imports_producer_goods", "goods_to_shock_sites", "goods_to_sites",
        "goods_to_consumer_goods", "goods_to_defence", "goods_to_tractors",
    )}  # fmt: skip
    come = flow.pop("output_engineering") + flow.pop("imports_producer_goods")
    used = np.sum(list(flow.values()), axis=0)
    assert np.median(np.abs(used / come - 1.0)) < 0.06
    assert np.abs(used / come - 1.0).max() < 0.25
    assert (goods.series("equipment_ratio") > 0.9).all()


# ---- metal of 1928 -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def metal() -> Opened:
    stocks = {"works.capital_metal_and_fuel": 2.3, "works.capital_transport": 11.0}
    return drawn(("metal", "products", "heavy_industry", "accumulation"), stocks, date(1928, 3, 31))


def test_metal_of_1928_is_used_and_each_use_has_its_part(metal: Opened) -> None:
    flow = {name: metal.series(name)[:, 2] for name in (
        "metal_output", "imports_metal", "metal_to_engineering", "metal_to_shock_sites", "metal_to_sites",
        "metal_to_upkeep",
    )}  # fmt: skip
    come = flow.pop("metal_output") + flow.pop("imports_metal")
    used = np.sum(list(flow.values()), axis=0)
    assert np.median(np.abs(used / come - 1.0)) < 0.06
    assert np.abs(used / come - 1.0).max() < 0.25
    sites = flow["metal_to_sites"] + flow["metal_to_shock_sites"]
    part = metal.values["parameters.metal.sites_part"]
    assert np.median(np.abs(sites / come / part - 1.0)) < 0.1
