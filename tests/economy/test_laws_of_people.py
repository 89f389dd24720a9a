"""Laws of births, deaths and towns' call by region, of pooled animals, and of who keeps them."""

from __future__ import annotations

import numpy as np
import pytest
from regional import MANY, ONE, SHARES, Given, only, reckon

from planmodel.engine import Array

HOME = SHARES * 120.0
GROUPS = np.stack([HOME * 0.6, HOME * 0.3, HOME * 0.1])


# ---- births and deaths -------------------------------------------------------------------------------------


def born(**given: float | Array) -> Array:
    usual: Given = {
        "people_village": GROUPS, "village_population": HOME, "people_seasonal_workers": 0.0,
        "rural_birth_rate": 0.045, "births_kept": 1.0, "strength_at_conception": 1.0, "birth_elasticity": 2.0,
    }  # fmt: skip
    return np.asarray(reckon("population.bear_in_the_village", **(usual | given))["births_village"])


def test_children_are_born_by_the_food_of_their_region_nine_months_before() -> None:
    np.testing.assert_allclose(born(), GROUPS * 0.045 / 12.0, rtol=1e-12)
    beside = born(strength_at_conception=only(0.5, 1.0)) / born()
    np.testing.assert_allclose(beside, np.broadcast_to(only(0.25, 1.0), beside.shape), rtol=1e-12)
    np.testing.assert_allclose(born(strength_at_conception=0.5, birth_elasticity=0.0), born(), rtol=1e-12)
    away = born(people_seasonal_workers=HOME * 0.1) / born()
    np.testing.assert_allclose(away, 1.1, rtol=1e-12)


def test_fear_displaces_births_and_a_ban_brings_more() -> None:
    def kept(**given: float | Array) -> Array:
        usual: Given = {"fear": 0.0, "ban_at_conception": 0.0, "birth_displacement": 0.3}
        found = reckon("population.births_kept", **(usual | {"abortion_law_effect": 0.2} | given))
        return np.broadcast_to(found, MANY)

    np.testing.assert_allclose(kept(), 1.0, rtol=1e-12)
    np.testing.assert_allclose(kept(fear=only(0.5)), 1.0 - only(0.15), rtol=1e-12)
    np.testing.assert_allclose(kept(fear=9.0), 0.7, rtol=1e-12)
    np.testing.assert_allclose(kept(ban_at_conception=1.0), 1.2, rtol=1e-12)


def test_whom_famine_took_before_their_time_is_missing_later_in_the_same_region() -> None:
    def deaths(**given: float | Array) -> Array:
        usual: Given = {"rural_death_rate": 0.02, "mortality_trend": 0.9, "deaths_forestalled": 0.0}
        usual |= {"people_village": GROUPS, "village_population": HOME, "frail_years": 2.0}
        return np.asarray(reckon("population.die_in_the_village", **(usual | given))["deaths_village"])

    np.testing.assert_allclose(deaths(), GROUPS * 0.018 / 12.0, rtol=1e-12)
    missing = (deaths() - deaths(deaths_forestalled=only(0.1))).sum(axis=0)
    np.testing.assert_allclose(missing, only(0.1 / 2.0 / 12.0), atol=1e-12)
    assert (deaths(deaths_forestalled=1e3) == 0.0).all()


def test_deaths_brought_forward_are_a_part_of_those_of_hunger_and_fade() -> None:
    died = np.stack([SHARES, SHARES * 2.0, SHARES * 0.0])
    given: Given = {"moved_excess_deaths_village": died, "deaths_forestalled": 6.0, "frail_years": 2.0}
    some, none = (
        reckon("population.count_forestalled", frail=part, **given)["deaths_forestalled"]
        for part in (0.4, 0.0)
    )
    np.testing.assert_allclose(none, 6.0 * (1.0 - 1.0 / 24.0), rtol=1e-12)
    np.testing.assert_allclose(some - none, 0.4 * SHARES * 3.0, rtol=1e-9)


def test_hunger_takes_the_same_share_of_all_groups_of_a_region() -> None:
    died = reckon("population.die_of_hunger_in_the_village", people_village=GROUPS,
                  famine_mortality=only(0.02))["excess_deaths_village"]  # fmt: skip
    np.testing.assert_allclose(died, GROUPS * only(0.02), rtol=1e-12)


def test_who_is_away_dies_as_towns_do() -> None:
    made = reckon("population.die_away_for_the_season", people_seasonal_workers=SHARES * 3.0,
                  town_mortality=0.001, town_famine_mortality=0.002)  # fmt: skip
    np.testing.assert_allclose(made["deaths_seasonal_workers"], SHARES * 0.003, rtol=1e-12)
    np.testing.assert_allclose(made["excess_deaths_seasonal_workers"], SHARES * 0.006, rtol=1e-12)


def test_the_village_is_all_its_groups() -> None:
    np.testing.assert_allclose(
        reckon("population.village_population", people_village=GROUPS), HOME, rtol=1e-12
    )


# ---- the call of towns -------------------------------------------------------------------------------------


def test_towns_draw_as_one_lives_better_there_than_in_the_region() -> None:
    given: Given = {"gap_1928": 1.5, "real_wage": 0.8, "least_standard": 0.2, "most_gap": 4.0}
    gap = reckon("migration.compare_standards", village_standard=only(0.5, 1.0), **given)["town_gap"]
    np.testing.assert_allclose(gap, only(2.4, 1.2), rtol=1e-12)
    poor = reckon("migration.compare_standards", village_standard=0.0, **given)["town_gap"]
    np.testing.assert_allclose(poor, 4.0, rtol=1e-12)


def test_the_standard_of_a_village_is_food_and_the_grain_of_the_labour_day() -> None:
    def standard(**given: float | Array) -> Array:
        usual: Given = {"labour_day_value": 200.0, "labour_day_norm": 400.0, "village_nutrition": 0.9}
        usual |= {"least_earned": 0.3, "most_earned": 1.5, "food_in_standard": 0.4}
        return np.broadcast_to(reckon("migration.village_standard", **(usual | given)), MANY)

    np.testing.assert_allclose(standard(), 0.4 * 0.9 + 0.6 * 0.5, rtol=1e-12)
    np.testing.assert_allclose(standard(food_in_standard=1.0), 0.9, rtol=1e-12)
    np.testing.assert_allclose(standard(labour_day_value=0.0), 0.36 + 0.6 * 0.3, rtol=1e-12)
    assert np.argmax(np.abs(standard(village_nutrition=only(0.2, 0.9)) - standard())) == ONE


def test_towns_call_as_jobs_stand_open_and_take_as_many_as_they_can_house_and_feed() -> None:
    def call(jobs: float) -> float:
        made = reckon("migration.call_hands", open_jobs=jobs, open_posts=0.1, people_workers=2.0)
        return float(np.ravel(made["town_call"])[0])

    workers = 8.0  # four groups of two million
    assert call(0.0) == 0.0
    assert call(0.1 * workers) == pytest.approx(0.5, rel=1e-12)
    assert call(1e6) == pytest.approx(1.0, abs=1e-5)
    given: Given = {"housing_per_head_at_start": 6.0, "crowding": 2.0, "town_hunger": 1.0}
    given |= {"least_housing": 0.2, "least_town_food": 0.1}

    def room(housing: float, food: float) -> float:
        made = reckon("migration.make_room", housing_per_head=housing, town_nutrition=food, **given)
        return float(np.ravel(made["town_room"])[0])

    assert room(9.0, 1.3) == pytest.approx(1.0, rel=1e-12)
    assert room(3.0, 0.5) == pytest.approx(0.25 * 0.5, rel=1e-12)


# ---- pooled animals ----------------------------------------------------------------------------------------


def test_who_joins_pools_horses_of_which_members_keep_few() -> None:
    def pooled(keep: float, share: float | Array) -> Array:
        made = reckon("collectivisation.pool_horses", share_joining_kolkhozes=0.1, kolkhoz_share=share,
                      horses_household=SHARES * 20.0, horses_pooled=0.8, horses_of_members=keep)  # fmt: skip
        return np.asarray(made["pooled_horses"])

    np.testing.assert_allclose(pooled(0.0, 0.5), SHARES * 1.6, rtol=1e-12)
    np.testing.assert_allclose(pooled(1.0, 0.5), SHARES * 0.8, rtol=1e-12)
    np.testing.assert_allclose(pooled(1.0, only(1.0)), SHARES * 1.6 * only(0.0, 1.0), atol=1e-12)


def test_who_leaves_gets_a_part_of_the_animals_back() -> None:
    herds = np.outer([1.0, 2.0, 3.0, 4.0], SHARES)
    back = reckon("collectivisation.take_animals_back", share_leaving_kolkhozes=only(0.5), kept_back=0.4,
                  animals_socialised=herds)["returned_animals"]  # fmt: skip
    np.testing.assert_allclose(back, herds * only(0.3), rtol=1e-12)


def test_the_floor_rises_to_the_share_and_never_beyond() -> None:
    def floor(**given: float | Array) -> Array:
        usual: Given = {
            "bound_share": 0.2,
            "kolkhoz_share": only(0.6, 0.2),
            "consolidation": 0.3,
            "dekad": 0.5,
        }
        made = reckon("collectivisation.raise_floor", **(usual | given))
        return np.broadcast_to(made["consolidated_share"], MANY)

    np.testing.assert_allclose(floor(), 0.2 + only(0.06), rtol=1e-12)
    np.testing.assert_allclose(floor(consolidation=0.0), 0.2, rtol=1e-12)
    bound = reckon("collectivisation.bound_share", consolidated_share=0.5, kolkhoz_share=only(0.3, 0.9))
    np.testing.assert_allclose(bound, only(0.3, 0.5), rtol=1e-12)


def test_members_are_marked_where_procurement_falls_short_up_to_a_part_of_them() -> None:
    given: Given = {"people_kolkhoz_members": 10.0, "marked_kolkhoz_members": 0.05, "most_marked": 0.5}
    marked = [
        np.broadcast_to(reckon("collectivisation.to_deport_kolkhoz_members", blamed_share=b, **given), MANY)
        for b in (only(0.01), 9.0)
    ]
    np.testing.assert_allclose(marked[0], 0.05 + only(0.1), rtol=1e-12)
    np.testing.assert_allclose(marked[1], 5.0, rtol=1e-12)


def test_trains_begin_once_and_end_once() -> None:
    for in_all, ran, begin, end in (
        (0.5, 0.0, True, False),
        (0.5, 1.0, False, False),
        (0.0, 1.0, False, True),
    ):
        made = reckon("collectivisation.announce_trains", marked_in_all=in_all, deportation_runs=ran,
                      least_for_trains=0.01)  # fmt: skip
        assert (bool(made["trains_begin"]), bool(made["trains_end"])) == (begin, end)


def test_keepers_are_peasants_of_the_region_and_members_as_far_as_they_may() -> None:
    def keepers(**given: float | Array) -> Array:
        usual: Given = {
            "people_individual_peasants": only(5.0, 2.0),
            "outside_own_farms": 4.0,
            "plot_herd": 0.5,
        }
        usual |= {"right_to_animals": 1.0, "kept_without_rights": 0.25}
        return np.broadcast_to(reckon("livestock.keepers_household", **(usual | given)), MANY)

    np.testing.assert_allclose(keepers(), only(7.0, 4.0), rtol=1e-12)
    np.testing.assert_allclose(keepers(right_to_animals=0.0), only(5.5, 2.5), rtol=1e-12)
    collective = reckon("livestock.keepers_socialised", outside_own_farms=only(4.0), collective_herd=0.6)
    np.testing.assert_allclose(collective, only(2.4), rtol=1e-12)


def test_young_are_born_by_herd_season_and_feed() -> None:
    feed = np.ones((2, MANY))
    feed[:, ONE] = 0.5
    pigs = np.stack([SHARES, SHARES * 2.0])
    born_pigs = reckon("livestock.farrow", pigs_owner=pigs, parameter_pigs_births=3.0, births_by_feed=feed)
    np.testing.assert_allclose(born_pigs["born_pigs_owner"], pigs * 0.25 * feed, rtol=1e-12)
