"""Each mechanism can be switched off, and moves what it should in the direction it should.

One row a consequence: what is measured, over which years, and which way it goes *without* the mechanism. At
least one of them lies outside the component that has the switch: what the mechanism does to the history, and
not what it does to its own variable. The least change asked for is about a third of what we saw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from thresholds import bound

from planmodel.economies.soviet.sites import BRANCHES
from planmodel.runs.history import run
from planmodel.scenario import load_scenario, registry

ECONOMY = registry.economy()
BLOCKS = {block.name: block for block in ECONOMY.blocks}

Measure = Callable[[xr.Dataset], pd.Series]


def of(*names: str) -> Measure:
    """Measure the sum of recorded quantities, month by month, in the central history."""
    return lambda dataset: sum(
        (dataset[name].isel(member=0).to_series() for name in names[1:]),
        start=dataset[names[0]].isel(member=0).to_series(),
    )


def share_of_heavy_industry(dataset: xr.Dataset) -> pd.Series:
    part = of("construction_metal_and_fuel", "construction_engineering")(dataset)
    return part / of(*(f"construction_{branch}" for branch in BRANCHES))(dataset)


@dataclass(frozen=True)
class Row:
    measure: Measure
    first: int
    last: int
    sign: int  # of the change without the mechanism
    least: float  # change over the average with the mechanism


EXECUTED = of(*(f.name for f in BLOCKS["repression"].flows if f.name.startswith("executed_")))
FACTORIES_AND_ARTISANS = of("output_consumer_goods", "output_artisans")

ROWS: dict[str, tuple[Row, ...]] = {
    # Village
    "effort_response": (
        Row(of("grain_harvest"), 1932, 1935, +1, 0.01),
        Row(of("excess_deaths"), 1932, 1933, -1, 0.10),
    ),
    "livestock_slaughter": (
        Row(of("cattle"), 1930, 1932, +1, 0.10),
        Row(of("meat_town", "meat_village"), 1930, 1930, -1, 0.05),
        Row(of("meat_town", "meat_village"), 1934, 1936, +1, bound("meat_after_the_slaughter")),
    ),
    # Between 1931 and 1934 another history is told: procurement falls behind, no second offensive opens.
    "plot_subsistence": (
        Row(of("village_nutrition"), 1930, 1931, -1, 0.01),
        Row(of("village_nutrition"), 1936, 1939, -1, 0.05),
        Row(of("cattle"), 1936, 1939, -1, 0.10),
    ),
    "kolkhoz_market": (
        Row(of("kolkhoz_market_price"), 1931, 1933, +1, 0.05),
        Row(of("real_wage"), 1933, 1936, -1, 0.02),
    ),
    "grain_exports": (
        Row(of("excess_deaths"), 1930, 1933, -1, 0.10),
        Row(of("imports"), 1930, 1932, -1, 0.05),
        Row(of("town_nutrition"), 1930, 1932, +1, bound("towns_without_exports")),
    ),
    "passports": (
        Row(of("net_migration_to_towns"), 1933, 1935, +1, 0.15),
        Row(of("urban_population"), 1935, 1936, +1, 0.01),
    ),
    # Industry and accumulation
    "food_productivity": (
        Row(of("work_per_head"), 1931, 1933, +1, 0.05),
        Row(of("investment"), 1933, 1934, +1, bound("investment_without_hunger_at_work")),
    ),
    "skill_dilution": (
        Row(of("skill"), 1930, 1932, +1, 0.03),
        Row(of("steel"), 1931, 1933, +1, bound("steel_without_dilution")),
    ),
    "norm_ratchet": (
        Row(of("work_per_head"), 1936, 1937, -1, 0.08),
        Row(of("industrial_output"), 1932, 1936, -1, 0.03),
    ),
    "artisan_ruin": (
        Row(of("output_artisans"), 1931, 1933, +1, 0.05),
        Row(FACTORIES_AND_ARTISANS, 1933, 1936, +1, 0.01),
    ),
    "gestation": (
        Row(of("unfinished_construction"), 1929, 1930, -1, 0.30),
        # Capacity is there sooner, and calls for more hands: jobs follow plants more than sites.
        Row(of("steel"), 1930, 1932, +1, 0.20),
        Row(of("wage_earners"), 1930, 1932, +1, 0.03),
    ),
    "priority_rationing": (
        Row(share_of_heavy_industry, 1929, 1930, -1, 0.03),
        Row(of("steel"), 1931, 1933, -1, 0.02),
    ),
    "target_inflation": (
        Row(of("investment_plan"), 1929, 1932, -1, bound("plan_without_target_inflation")),
        Row(of("starts"), 1929, 1931, -1, bound("starts_without_target_inflation")),
    ),
    "transport_limit": (
        Row(of("investment"), 1931, 1933, +1, 0.03),
        Row(of("steel"), 1932, 1934, +1, 0.01),
    ),
    # The plan in money: without it there is the plan of strain, at sizes that are not its own
    "money_plan": (
        Row(of("investment_plan"), 1930, 1932, -1, 0.04),
        Row(of("investment"), 1930, 1932, -1, 0.10),
    ),
    "budget_pressure": (
        Row(of("investment_plan"), 1929, 1931, -1, 0.05),  # taxes run ahead of outlays until 1935:
        Row(
            of("investment"), 1930, 1932, -1, 0.02
        ),  # a loose budget lets the plan grow; 1937 is in the checks
    ),
    "food_in_plan": (
        Row(of("investment_plan"), 1932, 1934, +1, 0.03),
        Row(  # what is begun in hunger is built when there is food
            of("investment"), 1937, 1939, +1, bound("investment_without_food_in_plan")
        ),
    ),
    "starts_rule": (Row(of("unfinished_construction"), 1935, 1939, +1, 0.02),),
    # Money
    "price_scissors": (
        Row(of("tribute"), 1931, 1933, -1, 0.50),
        Row(of("farm_purchases"), 1931, 1936, +1, 0.30),
    ),
    # The unfree
    "camp_labour": (
        Row(of("investment"), 1931, 1934, -1, bound("investment_without_camp_labour")),
        Row(of("imports"), 1933, 1936, -1, 0.05),
    ),
    "terror_contagion": (
        Row(EXECUTED, 1937, 1938, -1, 0.50),
        Row(of("camp_and_colony_inmates"), 1938, 1940, -1, 0.10),
        Row(of("excess_deaths"), 1938, 1938, -1, 0.30),
    ),
}
CASES = [
    pytest.param(name, row, id=f"{name}-{place}")
    for name, rows in ROWS.items()
    for place, row in enumerate(rows)
]


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    return run("baseline")


def test_the_table_is_that_of_the_registry() -> None:
    assert set(ROWS) == set(registry.economy().switches())


@cache
def without(name: str) -> xr.Dataset:
    """Run the baseline without a mechanism, as long as its rows ask for."""
    last = max(row.last for row in ROWS[name])
    return run(load_scenario("baseline", switch_off=[name]).until(date(last, 12, 31)))


@pytest.mark.parametrize(("name", "row"), CASES)
def test_without_the_mechanism(history: xr.Dataset, name: str, row: Row) -> None:
    years = slice(str(row.first), str(row.last))
    before, after = (float(row.measure(d).loc[years].mean()) for d in (history, without(name)))
    assert row.sign * (after / before - 1.0) > row.least, f"{before:.4g} with, {after:.4g} without"


def test_before_a_mechanism_acts_history_is_the_same(history: xr.Dataset) -> None:
    """A switch changes its mechanism alone: nothing moves before decrees or terror set it going."""
    for name, end in (("passports", date(1932, 11, 30)), ("terror_contagion", date(1934, 11, 30))):
        off = run(load_scenario("baseline", switch_off=[name]).until(end))
        shared = history.sel(time=off["time"])
        # Accounts are reckoned after the run, and value a month at the prices of its year.
        accounts = {n for n, i in ECONOMY.indicators.items() if set(i.parts) & set(ECONOMY.accounted)}
        for variable in set(off.data_vars) - accounts - set(ECONOMY.accounted):
            ours, theirs = (d.variables[variable].values for d in (off, shared))
            assert np.array_equal(ours, theirs, equal_nan=True), f"{name}: {variable}"
