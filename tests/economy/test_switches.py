"""Each mechanism can be switched off, and moves what it should in the direction it should.

One row a switch: what is measured, over which years, and which way it goes *without* the mechanism.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pytest
import xarray as xr

from planmodel.economy import run
from planmodel.flows.repression import WEIGHTS
from planmodel.scenario import load_scenario, registry
from planmodel.sectors.capital import BRANCHES

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
    least: float = 0.01  # change over the average with the mechanism


ROWS = {
    # Village
    "effort_response": Row(of("grain_harvest"), 1931, 1932, +1, 0.02),
    "livestock_slaughter": Row(of("cattle"), 1930, 1932, +1, 0.10),
    # Later years are another history: procurement falls behind, and no second offensive opens.
    "plot_subsistence": Row(of("village_nutrition"), 1930, 1931, -1, 0.01),
    "kolkhoz_market": Row(of("kolkhoz_market_price"), 1931, 1933, +1, 0.05),
    "grain_exports": Row(of("excess_deaths"), 1930, 1933, -1, 0.10),
    "passports": Row(of("net_migration_to_towns"), 1933, 1935, +1, 0.05),
    # Industry and accumulation
    "food_productivity": Row(of("work_per_head"), 1931, 1933, +1, 0.05),
    "skill_dilution": Row(of("industrial_output"), 1932, 1932, +1, 0.03),
    "norm_ratchet": Row(of("intensity"), 1936, 1937, -1, 0.10),
    "artisan_ruin": Row(of("output_artisans"), 1931, 1933, +1, 0.05),
    "gestation": Row(of("unfinished_construction"), 1929, 1930, -1, 0.30),
    "priority_rationing": Row(share_of_heavy_industry, 1929, 1930, -1, 0.05),
    "target_inflation": Row(of("investment_plan"), 1929, 1932, -1, 0.02),
    # Money
    "price_scissors": Row(of("cost_of_living"), 1931, 1933, -1, 0.05),
    # The unfree
    "camp_labour": Row(of("investment"), 1931, 1933, -1, 0.003),
    "terror_contagion": Row(of(*(f"executed_{group}" for group in WEIGHTS)), 1937, 1938, -1, 0.30),
}


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    return run("baseline")


def test_the_table_is_that_of_the_registry() -> None:
    assert set(ROWS) == set(registry.switches())


@pytest.mark.parametrize("name", ROWS)
def test_without_the_mechanism(history: xr.Dataset, name: str) -> None:
    row = ROWS[name]
    without = run(load_scenario("baseline", switch_off=[name]).until(date(row.last, 12, 31)))
    years = slice(str(row.first), str(row.last))
    before, after = (float(row.measure(d).loc[years].mean()) for d in (history, without))
    assert row.sign * (after / before - 1.0) > row.least, f"{before:.4g} with, {after:.4g} without"


def test_before_a_mechanism_acts_history_is_the_same(history: xr.Dataset) -> None:
    """A switch changes its mechanism alone: nothing moves before decrees or terror set it going."""
    for name, end in (("passports", date(1932, 11, 30)), ("terror_contagion", date(1934, 11, 30))):
        without = run(load_scenario("baseline", switch_off=[name]).until(end))
        shared = history.sel(time=without["time"])
        for variable in without.data_vars:
            assert without[variable].equals(shared[variable]), f"{name}: {variable}"
