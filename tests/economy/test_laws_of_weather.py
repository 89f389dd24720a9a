"""Laws of weather, land and yield by region: what is common, what is their own, and what it adds up to."""

from __future__ import annotations

import numpy as np
import pytest
from regional import MANY, ONE, SHARES, Given, only, read, reckon, village
from standing import APRIL, JANUARY

from planmodel.engine import Array

MEMBERS = tuple(range(6))  # the first is without chance
DRAWN = np.linspace(-1.5, 2.0, MANY)


def of_their_own(**given: float | Array) -> Array:
    usual: Given = {"drawn_regional_weather": DRAWN, "part_of_land": SHARES, "regional_weather_spread": 0.1}
    return np.asarray(reckon("cropping.weather_of_their_own", **(usual | given)))


# ---- weather -----------------------------------------------------------------------------------------------


def test_weather_of_regions_is_nothing_in_the_mean_of_all_land() -> None:
    assert SHARES @ of_their_own() == pytest.approx(0.0, abs=1e-15)
    assert np.ptp(of_their_own()) == pytest.approx(0.35, rel=1e-12)


def test_weather_of_regions_is_drawn_by_its_spread_and_is_none_without() -> None:
    assert (of_their_own(regional_weather_spread=0.0) == 0.0).all()
    np.testing.assert_allclose(of_their_own(regional_weather_spread=0.2), 2.0 * of_their_own(), rtol=1e-12)
    np.testing.assert_allclose(of_their_own(drawn_regional_weather=1.3), 0.0, atol=1e-15)


def weathers(own: float, common: float) -> tuple[Array, Array, Array]:
    """Return the weather of a year drawn for some members beyond what is given, the draws, and land."""
    sizes = {"regional_weather_spread": own, "weather_spread": common}
    history = village(APRIL, {"cropping": sizes}, members=MEMBERS)
    many = len(MEMBERS)
    year, given, drawn, land = (
        read(history, name, "cropping")[..., :many]
        for name in ("weather_of_year", "given_weather", "drawn_weather", "part_of_land")
    )
    return year - given, drawn, land


def test_the_draw_of_the_country_is_one_for_all_regions() -> None:
    beyond, drawn, _ = weathers(own=0.0, common=0.1)
    np.testing.assert_allclose(beyond, 0.1 * drawn * np.ones((MANY, 1)), atol=1e-15)
    assert drawn[0] == 0.0
    assert np.ptp(drawn) > 0.3


def test_the_draws_of_regions_differ_and_leave_the_country_as_it_is() -> None:
    beyond, drawn, land = weathers(own=0.1, common=0.1)
    mean = (beyond * land).sum(axis=0) / land.sum(axis=0)
    np.testing.assert_allclose(mean, 0.1 * drawn, atol=1e-12)
    assert (np.ptp(beyond[:, 0]), np.ptp(beyond[:, 1:], axis=0).min() > 0.05) == (0.0, True)


def test_without_spreads_weather_is_what_is_given() -> None:
    beyond, *_ = weathers(own=0.0, common=0.0)
    assert (beyond == 0.0).all()


# ---- land --------------------------------------------------------------------------------------------------


def test_land_of_regions_adds_up_to_that_of_the_country() -> None:
    for scale in (
        1.0,
        0.3,
        1.4,
    ):  # shares that are drawn each by itself say who has more, not how much there is
        np.testing.assert_allclose(
            reckon("cropping.part_of_land", land_share=SHARES * scale), SHARES, rtol=1e-12
        )
    land = reckon("cropping.peasant_land", grain_area=90.0, part_of_land=SHARES)
    np.testing.assert_allclose(land, 90.0 * SHARES, rtol=1e-12)
    assert read(village(), "part_of_land", "cropping")[:, 0].sum() == pytest.approx(1.0, rel=1e-12)


def test_state_farms_near_their_part_of_the_target_of_the_country() -> None:
    def extended(**given: float | Array) -> Array:
        usual: Given = {
            "state_farm_area": SHARES * 4.0,
            "state_farm_target": 10.0,
            "part_of_land": SHARES[::-1],
        }
        usual |= {"state_farm_growth": 1.0}
        made = reckon("cropping.extend_state_farms", **(usual | given))
        return np.asarray(made["state_farm_area"])

    np.testing.assert_allclose(extended(), SHARES[::-1] * 10.0, rtol=1e-12)
    assert extended(state_farm_growth=0.3).sum() == pytest.approx(4.0 + 0.3 * 6.0, rel=1e-12)
    np.testing.assert_allclose(extended(state_farm_growth=0.0), SHARES * 4.0, rtol=1e-12)
    assert (extended(state_farm_growth=2.0, state_farm_target=0.0) == 0.0).all()


# ---- yield -------------------------------------------------------------------------------------------------

FIELDS = SHARES[::-1] * 95.0
FERTILE = np.linspace(0.6, 1.4, MANY)


def yield_1928(**given: float | Array) -> float:
    usual: Given = {
        "harvest_1928": 74.0, "harvest_loss": 0.1, "hidden_always": 0.05, "fields_of_1928": FIELDS,
        "fertility": FERTILE,
    }  # fmt: skip
    return float(reckon("cropping.note_the_yield", **(usual | given))["yield_1928"])


@pytest.mark.parametrize("fertility", [np.ones(MANY), FERTILE, FERTILE * 1.7, FERTILE[::-1]])
def test_the_harvest_of_1928_of_all_regions_is_the_one_that_was_counted(fertility: Array) -> None:
    brought = yield_1928(fertility=fertility) * fertility * FIELDS * (1.0 - 0.1) * (1.0 - 0.05)
    assert brought.sum() == pytest.approx(74.0, rel=1e-12)


def test_the_harvest_that_was_counted_is_that_of_a_history_whatever_the_fertility_of_regions() -> None:
    sizes = {"fertility": FERTILE, "harvest_1928": 70.0, "harvest_loss": 0.1, "hidden_always": 0.05}
    history = village(JANUARY, {"cropping": sizes})
    fields = read(history, "fields_of_1928", "cropping")[:, 0]
    crop = read(history, "ordinary_yield", "cropping")[:, 0]
    assert fields @ crop == pytest.approx(70.0, rel=1e-9)
    np.testing.assert_allclose(crop / crop[0], FERTILE / FERTILE[0], rtol=1e-12)


def test_only_the_differences_of_fertility_matter() -> None:
    assert yield_1928(fertility=2.0 * FERTILE) == pytest.approx(yield_1928() / 2.0, rel=1e-12)
    assert yield_1928(fertility=1.0) == pytest.approx(74.0 / 0.9 / 0.95 / FIELDS.sum(), rel=1e-12)


def test_the_first_harvest_comes_from_what_is_sown_what_will_be_and_state_farms() -> None:
    def fields(**given: float | Array) -> Array:
        usual: Given = {
            "sown_area": SHARES * 30.0, "area_meant_holding": SHARES * 45.0, "sowing_ahead": 0.6,
            "state_farm_area": SHARES * 5.0, "state_farm_yield": 1.2,
        }  # fmt: skip
        return np.asarray(reckon("cropping.fields_of_1928", **(usual | given)))

    np.testing.assert_allclose(fields(), SHARES * (30.0 + 2.0 * 45.0 * 0.6 + 6.0), rtol=1e-12)
    np.testing.assert_allclose(fields(sowing_ahead=0.0, state_farm_yield=0.0), SHARES * 30.0, rtol=1e-12)


def common_yield(**given: float | Array) -> Array:
    usual: Given = {
        "yield_1928": 0.9, "fertility": FERTILE, "weather_of_year": 0.0, "worst_weather": 0.2,
        "field_nutrition": 1.0, "nutrition_elasticity": 0.5,
    }  # fmt: skip
    return np.asarray(reckon("cropping.common_yield", **(usual | given)))


def test_the_yield_of_a_region_is_that_of_the_country_by_fertility_weather_and_food() -> None:
    np.testing.assert_allclose(common_yield(), 0.9 * FERTILE, rtol=1e-12)
    np.testing.assert_allclose(common_yield(weather_of_year=0.3), 1.3 * 0.9 * FERTILE, rtol=1e-12)
    np.testing.assert_allclose(common_yield(weather_of_year=-5.0), 0.2 * 0.9 * FERTILE, rtol=1e-12)
    np.testing.assert_allclose(common_yield(field_nutrition=0.25), 0.5 * 0.9 * FERTILE, rtol=1e-12)
    hungry = common_yield(field_nutrition=0.25, nutrition_elasticity=0.0)
    np.testing.assert_allclose(hungry, common_yield(), rtol=1e-12)


def test_drought_in_one_region_spares_the_others() -> None:
    beside = common_yield(weather_of_year=only(-0.5)) / common_yield()
    np.testing.assert_allclose(beside, only(0.5, 1.0), rtol=1e-12)


def test_an_ordinary_crop_is_what_comes_in_of_the_yield_of_the_region() -> None:
    given: Given = {"yield_1928": 0.9, "fertility": FERTILE, "harvest_loss": 0.1, "hidden_always": 0.05}
    np.testing.assert_allclose(
        reckon("cropping.ordinary_yield", **given), 0.9 * FERTILE * 0.9 * 0.95, rtol=1e-12
    )


# ---- potatoes ----------------------------------------------------------------------------------------------


def dug(**given: float | Array) -> Array:
    usual: Given = {
        "potato_yield": 0.3, "potatoes": FERTILE, "village_population": SHARES * 120.0, "use_of_plots": 0.9,
        "weather": DRAWN * 0.1, "weather_share": 0.4, "worst_plot_weather": 0.2, "potato_harvest_part": 0.5,
    }  # fmt: skip
    return np.asarray(reckon("plots.dig_potatoes", **(usual | given))["potato_harvest"])


def test_potatoes_grow_by_people_by_region_and_by_a_share_of_its_weather() -> None:
    fair = 0.3 * FERTILE * SHARES * 120.0 * 0.9 * 0.5
    np.testing.assert_allclose(dug(weather_share=0.0), fair, rtol=1e-12)
    np.testing.assert_allclose(dug(), fair * (1.0 + 0.4 * DRAWN * 0.1), rtol=1e-12)
    np.testing.assert_allclose(dug(weather=-9.0), fair * 0.2, rtol=1e-12)
    np.testing.assert_allclose(dug(potatoes=only(1.0)), only(dug(potatoes=1.0)[ONE]), rtol=1e-12)
