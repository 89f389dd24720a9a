"""A member whose shocks are zero is the deterministic run, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from planmodel.engine import Array, Draws
from planmodel.engine.draws import When
from planmodel.runs.history import run
from planmodel.scenario import load_scenario, registry

# A spread that scales a draw may be nought; one among districts or inmates, where nothing is drawn, may not.
SPREADS = [
    (component, name)
    for component, group in registry.economy().parameters().items()
    for name, declared in group.items()
    if declared.meaning.startswith("standard deviation") and declared.bounds[0] == 0.0
]


@pytest.fixture(scope="module")
def central() -> xr.Dataset:
    return run("baseline")


def assert_same(found: xr.Dataset, expected: xr.Dataset, position: int = 0) -> None:
    for name in expected.data_vars:
        one, other = found.variables[name].values[position], expected.variables[name].values[0]
        assert np.array_equal(one, other), f"{name}: first apart in month {np.flatnonzero(one != other)[0]}"


def test_what_draws_has_a_spread() -> None:
    """Each stream that components draw from is scaled by a declared spread: see its meaning."""
    weather = {"weather_spread", "regional_weather_spread"}
    assert {name for _, name in SPREADS} == weather | {"plan_chance", "pace_spread", "size_spread"}


@pytest.mark.parametrize("seed", [0, 12345])
def test_without_spread_every_member_is_the_central_history(central: xr.Dataset, seed: int) -> None:
    none = {f"parameters.{component}.{name}": 0.0 for component, name in SPREADS}
    assert_same(run(load_scenario("baseline", none), members=[3, 17], seed=seed), central, position=1)


def test_a_member_that_draws_zeros_is_the_central_history(
    central: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def calm(self: Draws, purpose: str, when: When) -> Array:
        return np.full(self.members.size, 0.5)  # a half is a normal draw of zero

    monkeypatch.setattr(Draws, "uniform", calm)
    assert_same(run("baseline", members=[8]), central)


def test_with_shocks_a_member_is_another_history(central: xr.Dataset) -> None:
    other = run("baseline", members=[8])
    assert not np.array_equal(other["grain_harvest"].values, central["grain_harvest"].values)
