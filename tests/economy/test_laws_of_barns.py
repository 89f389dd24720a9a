"""Laws of fields and barns of each region: what grows, what is owed and given, and what is shared out."""

from __future__ import annotations

import numpy as np
import pytest
from regional import MANY, ONE, SHARES, WEIGHTS, Given, only, reckon

from planmodel.engine import Array


def value(name: str, **given: float | Array) -> Array:
    return np.broadcast_to(reckon(name, **given), MANY)


# ---- fields ------------------------------------------------------------------------------------------------


def test_kolkhozes_mean_to_sow_their_land_and_what_plan_orders_add() -> None:
    given: Given = {"peasant_land": SHARES * 90.0, "collectivised_share": 0.5, "plan_area_push": 0.1}
    np.testing.assert_allclose(
        value("cropping.area_meant_kolkhoz", sowing_plan=0.0, **given), SHARES * 45.0, rtol=1e-12
    )
    np.testing.assert_allclose(
        value("cropping.area_meant_kolkhoz", sowing_plan=1.0, **given), SHARES * 49.5, rtol=1e-12
    )


def test_crops_of_both_forms_grow_on_their_own_land_and_only_kolkhozes_withhold_effort() -> None:
    given: Given = {"area_under_grain": SHARES * 90.0, "collectivised_share": 0.4, "common_yield": 0.8}
    given |= {"draught_elasticity": 0.5, "hands_effect": 0.9, "harvest_part": 0.5}
    land = SHARES * 90.0 * 0.8 * 0.9 * 0.5
    own = value("cropping.ripe_crop_individual", draught_individual=0.25, **given)
    pooled = value("cropping.ripe_crop_kolkhoz", draught_kolkhoz=0.25, effort=0.7, **given)
    np.testing.assert_allclose(own, land * 0.6 * 0.5, rtol=1e-12)
    np.testing.assert_allclose(pooled, land * 0.4 * 0.5 * 0.7, rtol=1e-12)
    alike: Given = given | {"draught_elasticity": 0.0}
    together = value("cropping.ripe_crop_individual", draught_individual=0.25, **alike) + value(
        "cropping.ripe_crop_kolkhoz", draught_kolkhoz=0.25, effort=1.0, **alike
    )
    np.testing.assert_allclose(together, land, rtol=1e-12)


def test_horses_of_individual_peasants_are_over_their_own_land() -> None:
    given: Given = {"fields_tilled": 10.0, "horses_household": 3.0, "horse_power": 0.7, "draught_1928": 0.2}
    given |= {"least_tilled": 0.001, "least_draught": 0.1, "most_draught": 4.0}
    power = value("draught.draught_now_individual", collectivised_share=only(0.5), **given)
    np.testing.assert_allclose(power, only(2.1, 1.05), rtol=1e-12)
    rich, none = (
        value("draught.draught_now_individual", collectivised_share=0.0, **(given | {"horses_household": h}))
        for h in (1e3, 0.0)
    )
    assert (rich[0], none[0]) == (4.0, 0.1)


def test_hands_are_people_over_fields_as_in_1928() -> None:
    given: Given = {"fields_tilled": 2.0, "people_1928": 1.0, "least_hands": 0.3, "most_hands": 1.5}
    hands = reckon("draught.count_hands", village_population=only(1.0, 2.0), **given)["field_labour"]
    np.testing.assert_allclose(hands, only(0.5, 1.0), rtol=1e-12)
    many = reckon("draught.count_hands", village_population=only(0.0, 99.0), **given)["field_labour"]
    np.testing.assert_allclose(many, only(0.3, 1.5), rtol=1e-12)


def test_stations_cover_more_land_with_more_tractors_and_never_all() -> None:
    covered = [
        float(np.ravel(reckon("draught.cover_by_stations", tractor_park=park, tractors_for_coverage=0.2)[
            "mts_coverage"
        ])[0])
        for park in (0.0, 0.1, 0.2, 2.0)
    ]  # fmt: skip
    assert covered[0] == 0.0
    assert (np.diff(covered) > 0.0).all()
    assert covered[2] == pytest.approx(1.0 - np.exp(-1.0), rel=1e-12)
    assert covered[3] < 1.0


# ---- what is owed and taken --------------------------------------------------------------------------------


def test_kolkhozes_owe_their_share_of_what_can_be_got_and_the_stations_theirs() -> None:
    def dues(**given: float | Array) -> Array:
        usual: Given = {"attainable": SHARES * 20.0, "found_so_far": 0.0, "collectivised_share": 0.5}
        usual |= {"mts_share": 0.1, "kolkhoz_harvest_this_year": 3.0}
        made = reckon("procurement.set_dues", **(usual | given))
        return np.broadcast_to(made["kolkhoz_dues"], MANY)

    np.testing.assert_allclose(dues(), SHARES * 10.0 + 0.3, rtol=1e-12)
    np.testing.assert_allclose(dues(found_so_far=99.0), 0.3, rtol=1e-12)
    np.testing.assert_allclose(dues(collectivised_share=0.0, mts_share=0.0), 0.0, atol=1e-15)


def collected(**given: float | Array) -> tuple[Array, Array]:
    usual: Given = {"asked_this_month": SHARES * 4.0, "seized": 0.1, "procurement_part": 0.2}
    made = reckon(
        "procurement.collect", **(usual | {"collectivised_share": 0.25, "sold_to_traders": 0.0} | given)
    )
    return tuple(np.broadcast_to(made[f"procured_{form}"], MANY) for form in ("individual", "kolkhoz"))  # type: ignore[return-value]


def test_what_is_asked_and_seized_is_given_by_both_forms_whole() -> None:
    own, pooled = collected()
    np.testing.assert_allclose(own + pooled, SHARES * 4.0 + 0.1, rtol=1e-12)
    np.testing.assert_allclose(pooled / (own + pooled), 0.25, rtol=1e-12)
    np.testing.assert_allclose(sum(collected(procurement_part=0.0)), 0.1, rtol=1e-12)
    np.testing.assert_allclose(sum(collected(asked_this_month=-5.0)), 0.1, rtol=1e-12)
    traded, _ = collected(sold_to_traders=0.05)
    np.testing.assert_allclose(own - traded, 0.05, rtol=1e-9)
    assert (collected(sold_to_traders=99.0)[0] == 0.0).all()


def test_stations_are_paid_what_is_due_and_not_yet_paid() -> None:
    def paid(**given: float | Array) -> Array:
        usual: Given = {
            "kolkhoz_harvest_this_year": SHARES * 30.0,
            "mts_share": 0.1,
            "mts_paid_this_year": 0.0,
        }
        return np.asarray(reckon("procurement.pay_mts", **(usual | given))["mts_payment"])

    np.testing.assert_allclose(paid(), SHARES * 3.0, rtol=1e-12)
    np.testing.assert_allclose(paid(mts_paid_this_year=SHARES * 2.0), SHARES, rtol=1e-12)
    assert (paid(mts_paid_this_year=9.0) == 0.0).all()
    given: Given = {"mts_rate": 0.2, "mts_coverage": 0.5}
    for regime, share in ((1.0, 0.1), (0.0, 0.0)):
        due = value("procurement.mts_share", under_deliveries=regime, **given)
        np.testing.assert_allclose(due, share, rtol=1e-12)


def test_state_farms_deliver_a_part_beyond_their_seed() -> None:
    def delivered(**given: float | Array) -> Array:
        usual: Given = {"grain_state_farms": only(2.0, 0.5), "seed_need_state_farm": 1.0, "sowing_ahead": 0.5}
        made = reckon("procurement.collect_from_state_farms", state_farm_part=0.4, **(usual | given))
        return np.asarray(made["procured_state_farm"])

    np.testing.assert_allclose(delivered(), only(0.6), rtol=1e-12)
    assert (delivered(seed_need_state_farm=9.0) == 0.0).all()


def test_the_share_taken_is_of_the_harvest_of_the_same_region() -> None:
    noted = reckon("procurement.note_share_taken", taken_this_year=only(3.0, 1.0), harvest_last_year=6.0)
    np.testing.assert_allclose(noted["taken_share_last_year"], only(0.5, 1.0 / 6.0), rtol=1e-12)


# ---- the kolkhoz barn --------------------------------------------------------------------------------------


def test_members_and_cadres_get_what_is_free_of_claims_and_no_more() -> None:
    free = reckon(
        "kolkhoz.grain_free_of_claims", grain_kolkhoz=only(5.0, 1.0), kolkhoz_seed_fund=1.0,
        socialised_feed_need=0.1, months_to_harvest=5, kolkhoz_dues_ahead=0.5,
    )  # fmt: skip
    np.testing.assert_allclose(free, only(3.0), rtol=1e-12)
    made = reckon("kolkhoz.share_out", grain_free_of_claims=free, advance=0.6, overhead=0.1)
    np.testing.assert_allclose(made["grain_to_cadres"] + made["grain_to_members"], only(1.8), rtol=1e-12)
    np.testing.assert_allclose(made["grain_to_cadres"], only(0.18), rtol=1e-12)


def test_the_ease_of_the_year_is_what_is_left_over_what_is_wanted() -> None:
    def ease(**given: float | Array) -> Array:
        usual: Given = {
            "grain_kolkhoz": only(4.0, 9.0), "kolkhoz_seed_fund": 1.0, "kolkhoz_dues_ahead": 0.5,
            "people_kolkhoz_members": 10.0, "village_food_need_per_head": 0.02, "socialised_feed_norm": 0.05,
            "months_crop_lasts": 20.0,
        }  # fmt: skip
        return np.broadcast_to(reckon("kolkhoz.see_the_year", **(usual | given))["kolkhoz_ease"], MANY)

    np.testing.assert_allclose(ease(), only(0.5, 1.0), rtol=1e-12)
    assert (ease(grain_kolkhoz=0.0) == 0.0).all()
    np.testing.assert_allclose(ease(socialised_feed_norm=0.3), only(0.25, 0.75), rtol=1e-12)


def test_the_cellar_is_spent_whole_over_the_months() -> None:
    made = reckon(
        "plots.spend_potatoes", potatoes_village=SHARES * 12.0, months_to_potatoes=6, potato_sales=0.1,
        potato_seed_and_feed=0.4,
    )  # fmt: skip
    together = made["potatoes_kept"] + made["potatoes_to_towns"] + made["potatoes_eaten_village"]
    np.testing.assert_allclose(together, SHARES * 2.0, rtol=1e-12)
    np.testing.assert_allclose(made["potatoes_eaten_village"], SHARES, rtol=1e-12)


def test_grain_given_to_members_counts_from_july() -> None:
    for month, sum_ in ((7, 1.0), (8, 3.0)):
        made = reckon("kolkhoz.count_grain_to_members", month=month, distributed_this_year=2.0 * SHARES,
                      moved_grain_to_members=SHARES)  # fmt: skip
        np.testing.assert_allclose(made["distributed_this_year"], sum_ * SHARES, rtol=1e-12)


# ---- the village table -------------------------------------------------------------------------------------


def eaten(at_hand: float | Array, feed: float = 0.01) -> Array:
    return np.broadcast_to(
        reckon(
            "nutrition.grain_eaten", grain_at_hand=at_hand, feed_floor=0.1, grain_need=0.24, feed_wanted=feed
        ),
        (len(WEIGHTS), MANY),
    )


def test_people_eat_before_animals_and_never_more_than_their_need() -> None:
    for hand, food in ((0.01, 0.009), (0.02, 0.018), (0.1, 0.02), (0.0, 0.0)):
        np.testing.assert_allclose(eaten(hand), food, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(eaten(0.01, feed=0.0), 0.01, rtol=1e-12)  # nothing is kept for no animals


def test_what_is_eaten_and_fed_leaves_the_barns_of_the_region_whole() -> None:
    hand = np.outer([0.005, 0.01, 0.02, 0.06], np.ones(MANY))
    food = eaten(hand)
    made = reckon(
        "nutrition.eat", grain_at_hand=hand, grain_eaten=food, feed_wanted=0.01, own_grain=SHARES * 8.0,
        district_weight_district=WEIGHTS, village_eaters=SHARES * 100.0, grain_of_members=SHARES * 3.0,
        grain_hidden=SHARES * 1.0, moved_grain_relief=only(0.2), food_over_districts=1.0,
    )  # fmt: skip
    people = SHARES * 100.0
    table = made["food_individual"] + made["food_members"] + made["food_hidden"]
    np.testing.assert_allclose(table, (WEIGHTS @ food) * people + only(0.2), rtol=1e-12)
    animals = made["feed_from_individual"] + made["feed_from_members"] + made["feed_from_hidden"]
    np.testing.assert_allclose(animals, (WEIGHTS @ np.minimum(hand - food, 0.01)) * people, rtol=1e-12)
    np.testing.assert_allclose(made["food_hidden"], (WEIGHTS @ food) * people / 12.0, rtol=1e-12)
    assert made["food_members"][ONE] > 0.2


def test_trade_is_as_free_as_decrees_say() -> None:
    assert float(reckon("kolkhoz_market.trade_allowed", lever_free_trade=0.3)) == 0.3
