"""Another last day, another chunk or another order of members is no other weather: in every economy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel.runs.history import run
from planmodel.scenario import load_scenario, registry

WANTED = ["grain_harvest", "weather", "kolkhoz_market_price", "excess_deaths"]
MEMBERS = (0, 1, 2, 7)
# Ends of runs, the longest last; those before have other numbers of years, months and phases.
ENDS = {
    "baseline": [date(1928, 9, 30), date(1929, 12, 31), date(1930, 8, 31), date(1931, 12, 31)],
    "market_village": [date(1928, 9, 30), date(1930, 12, 31)],
    "kuzbass": [date(1922, 10, 31), date(1924, 12, 31), date(1931, 12, 31)],
    "magnitogorsk": [date(1929, 4, 30), date(1930, 11, 30), date(1935, 12, 31)],
    "labour_process": [date(1928, 1, 31), date(1929, 11, 30), date(1932, 12, 31)],
    "cadres_of_25000": [date(1930, 1, 31), date(1931, 7, 31)],
}
DRAWN = {  # a quantity of the first months that chance moves
    "baseline": "weather",
    "market_village": "weather",
    "kuzbass": "food_grown",
    "magnitogorsk": "supply",
    "labour_process": "people_unskilled_level",
    "cadres_of_25000": "local_pressure",
}


def history(name: str, end: date, members: Sequence[int], seed: int = 3) -> xr.Dataset:
    scenario = load_scenario(name).until(end)
    return run(scenario, members, seed, wanted=None if name in registry.smaller() else WANTED)


@cache
def longest(name: str) -> xr.Dataset:
    """All members over the longest period."""
    return history(name, ENDS[name][-1], MEMBERS)


@pytest.mark.parametrize("name", ENDS)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_horizon_chunk_and_order_leave_a_member_bit_for_bit(name: str, data: st.DataObject) -> None:
    end = data.draw(st.sampled_from(ENDS[name]))
    order = data.draw(st.permutations(MEMBERS))
    chunk = order[: data.draw(st.integers(2, len(order)))]  # at least one that draws
    short = history(name, end, chunk)
    whole = longest(name).sel(member=chunk, time=slice(None, str(end)))
    for quantity in short.data_vars:
        one, other = short.variables[quantity].values, whole.variables[quantity].values
        np.testing.assert_array_equal(one, other, str(quantity))


@pytest.mark.parametrize("name", ENDS)
def test_chance_moves_members_from_the_central_history_in_ways_of_their_own(name: str) -> None:
    drawn = longest(name)[DRAWN[name]].sel(time=str(ENDS[name][0].year)).values
    assert len(np.unique(drawn, axis=0)) == len(MEMBERS)


def test_another_seed_is_another_weather() -> None:
    other = history("baseline", ENDS["baseline"][0], MEMBERS, seed=4)["weather"].values[:, -1]
    same = longest("baseline")["weather"].sel(time="1928-09-30").values
    np.testing.assert_array_equal(other == same, np.array(MEMBERS) == 0)
