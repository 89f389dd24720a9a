"""Like with like: the prices of the model's quantities, and that all ready configurations keep to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planmodel.calibration.load import load_calibration
from planmodel.documented.catalogue import BUILT_IN
from planmodel.engine import UserError
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.alike import comparable, hold_alike
from planmodel.scenario.finding import scenario_files

ECONOMY = registry.economy()


def test_an_indicator_has_the_prices_of_what_it_is_made_of() -> None:
    assert ECONOMY.prices("investment") == "1928"  # flows in billion roubles of 1928
    assert ECONOMY.prices("construction_investment") == "1928"  # an index of them
    assert ECONOMY.prices("defence_outlays") == "current"
    assert ECONOMY.prices("industrial_output") == "1928"  # said in its table
    assert ECONOMY.prices("retail_price_index") == "none"
    assert ECONOMY.prices("steel") == ""


def test_every_indicator_says_its_prices() -> None:
    for name, indicator in ECONOMY.indicators.items():
        assert ECONOMY.prices(name) or not ECONOMY.shared.units.prices(indicator.unit), name


def test_an_indicator_of_indices_must_say_them() -> None:
    silent = replace(ECONOMY.indicators["industrial_output"], prices="")
    with pytest.raises(UserError) as caught:
        ECONOMY.prices(silent)
    assert str(caught.value) == (
        f"{ECONOMY.folder / 'indicators.csv'}: industrial_output: is made of indices; allowed: to say them "
        "in the column prices, or none"
    )


def test_an_indicator_of_money_at_several_prices_must_say_them() -> None:
    built, paid = (ECONOMY.indicators[name] for name in ("investment", "defence_outlays"))
    mixed = replace(built, parts=built.parts + paid.parts)
    with pytest.raises(UserError, match=r"investment: is made of money at several prices \(1928, current\);"):
        ECONOMY.prices(mixed)


def test_other_versions_at_other_prices_are_not_near() -> None:
    growth = BUILT_IN.versions("gross_investment_growth")
    alike = [
        version for version in growth if comparable(BUILT_IN, "gross_investment_growth", version, ECONOMY)
    ]
    assert set(growth) - set(alike) == {"kuibyshev_1930"}


def test_levels_at_constant_prices_of_two_years_are_not_alike() -> None:
    hold_alike("here", BUILT_IN, "gross_investment", "official", "investment", "1928", relative=True)
    with pytest.raises(UserError) as caught:
        hold_alike("here", BUILT_IN, "gross_investment", "official", "investment", "1928")
    assert str(caught.value) == (
        "here: 'official' of gross_investment is at constant prices of a year that is not said, investment "
        "of the model at constant prices of 1928; allowed: constant prices of 1928; see docs/units.md"
    )


@pytest.mark.parametrize("name", scenario_files())
def test_ready_scenarios_compare_like_with_like(name: str) -> None:
    scenario = load_scenario(name)
    for variable, named in scenario.record.items():
        assert all(
            comparable(scenario.documented, variable, version, scenario.declared) for version in named
        ), variable


@pytest.mark.parametrize("name", ["archival", "book"])
def test_ready_calibrations_compare_like_with_like(name: str) -> None:
    load_calibration(name)
