"""Industry and its people: production, skill, norms, artisans; jobs, turnover, recruits, population."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from inspect import signature

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from thresholds import bound

from planmodel.economies.production import worth_making
from planmodel.economies.soviet import crops, industry
from planmodel.engine import Array, total
from planmodel.runs.history import History, run
from planmodel.scenario import load_scenario, registry

AXES = registry.economy().axes
GROUPS = AXES["groups"]
UNFREE = AXES["unfree"]
WORKERS = AXES["workers"]

INDICATORS = registry.economy().indicators

BASELINE = load_scenario("baseline")
MONTH = BASELINE.until(date(1928, 1, 31))


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    """The central history and one with weather of its own."""
    return run(BASELINE, members=2)


def values(dataset: xr.Dataset, name: str) -> Array:
    return np.asarray(dataset[name].values)


def average(dataset: xr.Dataset, name: str, year: int) -> float:
    return float(dataset[name].isel(member=0).sel(time=str(year)).mean())


def after(history: History, act: Callable[[], None]) -> None:
    act()
    history.ledger.settle()
    history.board.settle()


def acts(history: History, *names: str) -> None:
    """Let equations act together, as in one phase."""
    after(history, lambda: history.workspace.act(*names))


def size(history: History, block: str, name: str) -> float:
    """The size of a parameter in the first member."""
    return float(history.workspace.read(f"parameter_{name}", block)[0])


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
    effect = load_scenario("baseline").parameters.heavy_industry.metal_effect
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


def test_hungry_and_purged_workers_do_less() -> None:
    history = History(MONTH, [0, 0])
    history.board["town_nutrition"] = np.array([1.0, 0.7])
    history.board.settle()
    acts(history, "workforce.work", "workforce.purge_managers")
    work = history.board["work_per_head"]
    enough = size(history, "workforce", "enough_town_food")
    assert work[1] / work[0] == pytest.approx(
        (0.7 / min(enough, 1.0)) ** size(history, "workforce", "food_effect")
    )
    assert history.board["competence"][0] == pytest.approx(1.0)
    history.levers["purge"] = 1.0
    acts(history, "workforce.purge_managers")
    assert history.board["competence"][0] < 1.0


def test_newcomers_dilute_skill() -> None:
    history = History(MONTH, [0, 0])
    workers = history.ledger.stock("people", "heavy_industry_workers").copy()
    history.ledger.propose("hired_heavy_industry_workers", workers * np.array([0.0, 0.2]))
    history.ledger.settle()
    acts(history, "workforce.learn")
    skill = history.board["skill"]
    assert skill[1] < skill[0] - 0.03


def test_a_revision_of_norms_raises_intensity_once_and_fades(history: xr.Dataset) -> None:
    intensity = history["intensity"].isel(member=0).to_series()
    gain = float(BASELINE.parameters.workforce.norm_gain)
    fade = float(BASELINE.parameters.workforce.norm_fade)
    revisions = {
        pd.Period(d.date, "M"): d.effects["norm_revision"]
        for d in BASELINE.decrees.values()
        if d.enabled and "norm_revision" in d.effects
    }
    assert len(revisions) >= 2
    so_far = 0.0
    expected = 1.0
    for day, seen in intensity.items():
        now = revisions.get(pd.Timestamp(str(day)).to_period("M"), so_far)
        expected += gain * (now - so_far)
        expected -= max(expected - 1.0, 0.0) / fade
        so_far = now
        assert seen == pytest.approx(expected, rel=1e-9), day


def test_without_norm_revisions_work_is_less_intense(history: xr.Dataset) -> None:
    without = run(load_scenario("baseline", switch_off=["norm_ratchet"]).until(date(1937, 12, 31)))
    assert (values(without, "intensity") == 1.0).all()
    for year in (1936, 1937):
        assert average(without, "intensity", year) < average(history, "intensity", year) - 0.1


def test_without_dilution_workers_make_more(history: xr.Dataset) -> None:
    without = run(load_scenario("baseline", switch_off=["skill_dilution"]).until(date(1932, 12, 31)))
    assert average(without, "industrial_output", 1932) > 1.03 * average(history, "industrial_output", 1932)


def test_artisans_shrink_only_where_they_are_ruined(history: xr.Dataset) -> None:
    capacity = values(history, "artisan_capacity")
    assert (np.diff(capacity[0, :60]) <= 1e-12).all()
    assert capacity[0, 59] < bound("artisans_ruined")
    without = run(load_scenario("baseline", switch_off=["artisan_ruin"]).until(date(1930, 12, 31)))
    kept = values(without, "artisan_capacity")  # a little below one: what was worn out before 1928
    assert (kept == capacity[0, 0]).all()


def test_farm_capital_is_lost_as_households_join(history: xr.Dataset) -> None:
    held = values(history, "works_capital_peasants")[0]
    lost = values(history, "destroyed_peasants")[0]
    np.testing.assert_allclose(np.diff(held), -lost[1:], atol=1e-9)
    joined = values(history, "joining")[0]
    assert (lost[joined <= 0.0] == 0.0).all()
    assert held[35] < 0.9 * held[0]


def test_jobs_overshoot_the_plan(history: xr.Dataset) -> None:
    """B-45: 11.4 million wage earners in 1928, far more than the 14-16 million of the plan in 1932."""
    assert average(history, "wage_earners", 1928) < bound("wage_earners_of_1928")
    assert average(history, "wage_earners", 1932) > 17.0
    by_hand = total(values(history, f"people_{g}") for g in WORKERS)
    assert (values(history, "wage_earners") >= by_hand * 0.97).all()


def test_jobs_follow_sites_and_not_only_capacity() -> None:
    """B-50: works that are not yet finished call for hands."""
    history = History(MONTH, [0, 0])
    for branch in ("metal_and_fuel", "engineering"):
        held = history.ledger.stock("works", f"unfinished_{branch}")
        history.ledger.endow("works", f"unfinished_{branch}", held * np.array([1.0, 2.0]))
    acts(history, "labour.offer_jobs")
    jobs = history.board["jobs_heavy_industry_workers"]
    assert jobs[1] > 1.2 * jobs[0]
    assert history.board["jobs_other_employees"][1] > history.board["jobs_other_employees"][0]


def test_turnover_falls_with_discipline() -> None:
    found = {}
    for discipline in (0.0, 0.5, 1.0):
        history = History(MONTH, [0, 0])
        history.levers["labour_discipline"] = discipline
        acts(history, "labour.change_jobs")
        found[discipline] = float(history.board["labour_turnover"][0])
    assert found[0.5] == pytest.approx(0.55 * found[0.0])
    assert found[1.0] == pytest.approx(0.10 * found[0.0])


def test_turnover_breaks_where_leaving_becomes_a_crime(history: xr.Dataset) -> None:
    turnover = history["labour_turnover"].isel(member=0).to_series()
    assert turnover["1931"].mean() > 1.3 * turnover["1928"].mean()
    assert turnover["1940-07":].mean() < 0.5 * turnover[:"1940-05"].iloc[-12:].mean()
    assert turnover["1932-12":"1933-03"].mean() < turnover["1932-07":"1932-10"].mean()


@pytest.mark.parametrize("group", WORKERS)
def test_hired_less_left_is_the_change_of_workers(history: xr.Dataset, group: str) -> None:
    change = np.diff(values(history, f"people_{group}"), axis=1)
    lost = values(history, f"deaths_{group}") + values(history, f"excess_deaths_{group}")
    for taken in ("arrests", "executed", "quitters"):
        if f"{taken}_{group}" in history:
            lost = lost + values(history, f"{taken}_{group}")
    hired = values(history, f"hired_{group}") - values(history, f"left_{group}")
    np.testing.assert_allclose(change, (hired - lost)[:, 1:], atol=1e-9)


def test_people_are_born_move_and_die_by_declared_flows_alone(history: xr.Dataset) -> None:
    flows = [flow for flow in registry.economy().flows() if flow.commodity == "people"]
    for group in GROUPS + UNFREE:
        change = np.diff(values(history, f"people_{group}"), axis=1)
        gained = total([values(history, f.name) for f in flows if f.destination == group])
        lost = total([values(history, f.name) for f in flows if f.source == group])
        np.testing.assert_allclose(change, (gained - lost)[:, 1:], atol=1e-9, err_msg=group)


def test_population_and_births_less_deaths_is_the_population_of_next_year(history: xr.Dataset) -> None:
    population = history["population"].resample(time="YE").last()
    births = history["births"].resample(time="YE").sum()
    deaths = history["deaths"].resample(time="YE").sum()
    natural = values(history, "births").shape[1] // 12
    assert population.sizes["time"] == natural == 13
    np.testing.assert_allclose(
        np.diff(population.values, axis=1), (births - deaths).values[:, 1:], rtol=0.0, atol=1e-9
    )


def test_indicators_of_people_leave_no_flow_out() -> None:
    flows = [flow for flow in registry.economy().flows() if flow.commodity == "people"]
    for indicator, end in (("births", "source"), ("deaths", "destination")):
        meant = {"births"} if indicator == "births" else {"deaths", "excess_deaths"}
        assert set(INDICATORS[indicator].parts) == {f.name for f in flows if getattr(f, end) in meant}
    excess = {f.name for f in flows if f.destination == "excess_deaths"}
    assert set(INDICATORS["excess_deaths"].parts) == excess
    assert len(INDICATORS["deaths"].parts) == len(set(INDICATORS["deaths"].parts))
