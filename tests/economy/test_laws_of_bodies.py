"""Laws of hunger by region and district: bodies, deaths, epidemics, and districts that stay as they are."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from regional import MANY, ONE, SHARES, WEIGHTS, Given, only, read, reckon, village

from planmodel.engine import Array

CLASSES = (len(WEIGHTS), MANY)
PLACES = np.array([-1.7, -0.8, 0.0, 0.9])
LINE = 2000.0


# ---- bodies ------------------------------------------------------------------------------------------------


def bodies(before: float | Array, food: float | Array, slow: float = 1.0, lag: float = 4.0) -> Array:
    given: Given = {
        "bodies_district": before,
        "village_calories_now": food,
        "body_lag": lag,
        "slow_recovery": slow,
    }
    return np.broadcast_to(reckon("nutrition.bodies_now", **given), CLASSES)


def test_bodies_fall_with_food_at_one_pace_and_recover_more_slowly() -> None:
    np.testing.assert_allclose(bodies(2400.0, 1600.0), bodies(2400.0, 1600.0, slow=3.0), rtol=1e-12)
    fall, rise, slow = (
        2400.0 - bodies(2400.0, 1600.0),
        bodies(1600.0, 2400.0),
        bodies(1600.0, 2400.0, slow=3.0),
    )
    np.testing.assert_allclose(rise - 1600.0, fall, rtol=1e-12)  # the null value: as fast as they fell
    np.testing.assert_allclose(fall, 800.0 / 4.0, rtol=1e-12)
    np.testing.assert_allclose(slow - 1600.0, 800.0 / 12.0, rtol=1e-12)


def test_bodies_stay_between_what_they_were_and_what_is_eaten() -> None:
    assert (bodies(2000.0, 2000.0, slow=3.0) == 2000.0).all()
    food = np.linspace(500.0, 3500.0, MANY)
    now = bodies(2000.0, food, slow=2.0)
    assert ((now - 2000.0) * (food - now) >= 0.0).all()
    assert (np.diff(now, axis=1) > 0.0).all()


def test_there_is_no_step_where_food_is_what_bodies_lived_on() -> None:
    near = bodies(2000.0, 2000.0 + np.linspace(-1e-6, 1e-6, MANY), slow=5.0)
    assert np.abs(near - 2000.0).max() < 1e-6


def test_one_region_recovers_while_another_falls() -> None:
    now = bodies(2000.0, only(2600.0, 1400.0), slow=3.0)
    np.testing.assert_allclose(now, np.broadcast_to(2000.0 + only(50.0, -150.0), CLASSES), rtol=1e-12)


# ---- deaths ------------------------------------------------------------------------------------------------


def dying(bodies_now: float | Array = LINE, **given: float | Array) -> tuple[Array, Array]:
    """Return mortality, and the hunger that is remembered."""
    usual: Given = {
        "district_weight_district": WEIGHTS, "hunger_line": LINE, "famine_severity": 0.5,
        "famine_convexity": 2.0, "most_famine_mortality": 0.3, "epidemics": 0.4, "hunger_of_late": 0.0,
        "epidemic_memory": 3.0,
    }  # fmt: skip
    made = reckon("nutrition.hunger", bodies_now=bodies_now, **(usual | given))
    return np.broadcast_to(made["famine_mortality"], MANY), np.broadcast_to(made["hunger_of_late"], MANY)


def test_nobody_dies_of_hunger_above_the_line() -> None:
    for fed in (LINE, 1.5 * LINE):
        assert (dying(fed)[0] == 0.0).all()
        assert (dying(fed)[1] == 0.0).all()


def test_hunger_kills_convexly_in_each_class_of_districts() -> None:
    def toll(body: float) -> float:
        return float(1.0 - np.exp(-0.5 * (1.0 - body / LINE) ** 2))

    np.testing.assert_allclose(dying(1000.0)[0], toll(1000.0), rtol=1e-12)
    uneven = np.array([600.0, 1400.0, 2200.0, 2600.0])[:, None] * np.ones(MANY)
    np.testing.assert_allclose(dying(uneven)[0], 0.1 * toll(600.0) + 0.2 * toll(1400.0), rtol=1e-12)
    falls = np.diff([dying(body)[0][0] for body in (2000.0, 1600.0, 1200.0)])
    assert falls[1] > falls[0] > 0.0


def test_hunger_of_one_region_kills_there() -> None:
    mortality = dying(only(800.0, 2200.0))[0]
    assert mortality[ONE] > 0.0
    assert (np.delete(mortality, ONE) == 0.0).all()


def test_epidemics_follow_the_hunger_of_the_last_months_and_are_none_without() -> None:
    after = dying(2500.0, hunger_of_late=only(0.1))
    np.testing.assert_allclose(after[0], only(0.04), rtol=1e-12)
    assert 0.0 < after[1][ONE] < 0.1
    assert (dying(2500.0, hunger_of_late=0.1, epidemics=0.0)[0] == 0.0).all()
    beside = dying(1000.0, hunger_of_late=0.1)[0] - dying(1000.0)[0]
    np.testing.assert_allclose(beside, 0.04, rtol=1e-12)


def test_remembered_hunger_nears_that_of_the_month_and_fades_when_it_is_over() -> None:
    toll, late = dying(1000.0)[0][0], 0.0
    seen = []
    for _ in range(60):
        late = float(dying(1000.0, hunger_of_late=late)[1][0])
        seen.append(late)
    assert (np.diff(seen) >= 0.0).all()
    assert seen[0] == pytest.approx(toll / 3.0, rel=1e-9)  # of the toll alone: epidemics bring no epidemics
    assert late == pytest.approx(toll, rel=1e-6)
    assert dying(2500.0, hunger_of_late=late)[1][0] == pytest.approx(late * 2.0 / 3.0, rel=1e-9)


def test_no_more_die_in_a_month_than_a_limit() -> None:
    np.testing.assert_allclose(dying(100.0, hunger_of_late=1.0, famine_severity=50.0)[0], 0.3, rtol=1e-12)


# ---- what is wanting ---------------------------------------------------------------------------------------


def test_what_is_wanting_of_food_is_reckoned_by_district_and_region() -> None:
    food = np.array([1000.0, 1800.0, 2400.0, 3000.0])[:, None] * np.ones(MANY)
    made = reckon(
        "nutrition.count_calories", village_fed=WEIGHTS @ food, village_calories_now=food, bodies_now=food,
        district_weight_district=WEIGHTS, hunger_line=LINE, village_eaters=SHARES * 100.0,
        kilograms_a_day=30.0, grain_energy=3000.0, enough_calories=2500.0, most_food_over_need=1.2,
    )  # fmt: skip
    short = (0.1 * 1000.0 + 0.2 * 200.0) * SHARES * 100.0
    np.testing.assert_allclose(made["village_deficit"] * 30.0 * 3000.0, short, rtol=1e-12)
    np.testing.assert_allclose(made["village_nutrition"], (WEIGHTS @ food) / 2500.0, rtol=1e-12)
    np.testing.assert_allclose(made["village_strength"], (WEIGHTS @ food) / 2500.0, rtol=1e-12)


def test_the_mean_hides_no_want() -> None:
    """A region that is well fed in the mean, and in which a tenth hungers."""
    food = np.array([1000.0, 3000.0, 3000.0, 3000.0])[:, None] * np.ones(MANY)
    made = reckon("nutrition.count_calories", village_calories_now=food, hunger_line=LINE, village_eaters=1.0)
    assert (made["village_deficit"] > 0.0).all()


def test_field_work_suffers_by_the_food_of_the_region() -> None:
    given: Given = {"enough_calories": 2500.0, "field_nutrition": 0.5, "spring_memory": 0.6}
    fed = only(1500.0, 4000.0)
    april, may = (
        reckon("nutrition.weaken_in_the_fields", month=month, village_fed=fed, **given)["field_nutrition"]
        for month in (4, 5)
    )
    np.testing.assert_allclose(april, only(0.6, 1.0), rtol=1e-12)
    np.testing.assert_allclose(may, 0.3 + 0.4 * only(0.6, 1.0), rtol=1e-12)


# ---- districts ---------------------------------------------------------------------------------------------


def districts(harvests: float = 0.4, quotas: float = 0.5, past: float = 0.3) -> dict[str, Array]:
    made: dict[str, Array] = reckon(
        "nutrition.note_the_districts", spread_of_harvests=harvests, spread_of_quotas=quotas,
        quota_on_past=past, district_place_district=PLACES, district_weight_district=WEIGHTS,
    )  # fmt: skip
    return {name: np.broadcast_to(shape, CLASSES)[:, 0] for name, shape in made.items()}


def test_harvests_of_districts_have_a_mean_of_one_and_rise_with_their_place() -> None:
    shape = districts()["harvest_shape_district"]
    assert WEIGHTS @ shape == pytest.approx(1.0, rel=1e-12)
    assert (np.diff(shape) > 0.0).all()
    steps = np.diff(np.log(shape)) / np.diff(PLACES)
    np.testing.assert_allclose(steps, np.sqrt(np.log1p(0.4**2)), rtol=1e-9)


def test_without_spreads_districts_are_alike() -> None:
    for shape in districts(harvests=0.0, quotas=0.0).values():
        np.testing.assert_allclose(shape, 1.0, rtol=1e-12)


def test_quotas_follow_this_years_harvest_as_far_as_not_the_past() -> None:
    harvest = districts()["harvest_shape_district"]
    for past in (0.0, 0.3, 1.0):
        known = districts(past=past)["known_shape_district"]
        np.testing.assert_allclose(known / known[2], (harvest / harvest[2]) ** (1.0 - past), rtol=1e-12)


def test_uneven_quotas_burden_the_poor() -> None:
    uneven = districts()["uneven_shape_district"]
    np.testing.assert_allclose(np.diff(np.log(uneven)) / np.diff(PLACES), -np.sqrt(np.log1p(0.25)), rtol=1e-9)


@pytest.mark.parametrize(("what", "between"), [("harvest", "harvests"), ("quota", "quotas")])
def test_one_country_bears_the_spread_between_regions_beside_that_within(what: str, between: str) -> None:
    def spread(within: float, beyond: float) -> float:
        found = reckon(
            f"nutrition.spread_of_{between}", **{f"{what}_spread": within, f"{between}_between": beyond}
        )
        return float(np.ravel(found)[0])

    assert spread(0.4, 0.0) == pytest.approx(0.4, rel=1e-12)  # the null value: what regions stand for
    assert spread(0.0, 0.3) == pytest.approx(0.3, rel=1e-12)
    assert spread(0.4, 0.3) == pytest.approx(0.5, rel=1e-12)


def quota(on_market: bool = False, under_deliveries: bool = False, **given: float | Array) -> Array:
    shapes = {name: shape[:, None] * np.ones(MANY) for name, shape in districts().items()}
    found = reckon(
        "nutrition.quota_over_districts", on_market=on_market, under_deliveries=under_deliveries,
        district_weight_district=WEIGHTS, **(shapes | given),
    )  # fmt: skip
    return np.broadcast_to(found, CLASSES)


def test_what_is_owed_has_a_mean_of_one_under_each_regime() -> None:
    shape = districts()
    for regime in ({}, {"on_market": True}, {"under_deliveries": True}):
        np.testing.assert_allclose(WEIGHTS @ quota(**regime), 1.0, rtol=1e-12)
    np.testing.assert_allclose(quota(on_market=True)[:, 0], shape["harvest_shape_district"], rtol=1e-12)
    norm = quota(under_deliveries=True)[:, 0]
    known = shape["known_shape_district"]
    np.testing.assert_allclose(norm / norm[0], known / known[0], rtol=1e-12)
    part = quota()[:, 0] / shape["harvest_shape_district"]
    assert (np.diff(part) < 0.0).all()


def test_trade_evens_the_food_of_districts_out_within_their_region() -> None:
    left = np.array([0.2, 0.6, 1.0, 1.6])[:, None] * np.linspace(1.0, 2.0, MANY)

    def food(**given: float) -> Array:
        usual: Given = {"trade": 0.5, "free_trade": 0.8}
        return np.asarray(
            reckon("nutrition.food_over_districts", grain_left_over_districts=left,
                   district_weight_district=WEIGHTS, **(usual | given))
        )  # fmt: skip

    np.testing.assert_allclose(WEIGHTS @ food(), 1.0, rtol=1e-12)
    np.testing.assert_allclose(food(trade=0.0), left / (WEIGHTS @ left), rtol=1e-12)
    np.testing.assert_allclose(food(trade=1.0, free_trade=1.0), 1.0, rtol=1e-12)
    np.testing.assert_allclose(food() - 1.0, 0.6 * (food(trade=0.0) - 1.0), atol=1e-12)


def test_who_is_poor_in_one_year_is_poor_in_the_next() -> None:
    sizes = {"nutrition": {"harvest_spread": 0.4, "quota_spread": 0.5, "harvests_between": 0.0}}
    first, later = (
        read(village(day, sizes), "harvest_shape_district", "nutrition")[..., 0]
        for day in (date(1928, 1, 28), date(1929, 11, 28))
    )
    np.testing.assert_array_equal(first, later)
    assert (np.diff(first, axis=0) > 0.0).all()
