"""Laws of the village by region: plans, dues and barns of each, and what they add up to in the country."""

from __future__ import annotations

import numpy as np
import pytest
from regional import MANY, ONE, REGIONS, SHARES, WEIGHTS, Given, only, read, reads, reckon, reckon_in, village
from standing import APRIL, NOVEMBER

from planmodel.engine import Array

HARVESTS = SHARES[::-1] * 70.0


# ---- the plan of procurement -------------------------------------------------------------------------------


def share_of_plan(**given: float | Array) -> Array:
    usual: Given = {"lasting_share": SHARES, "plan_shift_region": 0.0, "plan_by_harvest": 0.0}
    usual |= {"harvest_last_year_region": HARVESTS}
    return np.asarray(reckon("state_grain.share_of_plan", **(usual | given)))


SHIFT = only(0.07, -0.01)  # decreed for one year: nothing in all


def test_the_plan_is_shared_out_as_decreed_or_by_the_last_harvest() -> None:
    np.testing.assert_allclose(share_of_plan(), SHARES, rtol=1e-12)
    np.testing.assert_allclose(share_of_plan(plan_shift_region=SHIFT), SHARES + SHIFT, rtol=1e-12)
    for scale in (0.5, 1.3):  # what regions are told says who delivers more, not how much is asked of all
        scaled = reckon("state_grain.lasting_share", plan_share_region=SHARES * scale)
        np.testing.assert_allclose(scaled, SHARES, rtol=1e-12)
    by_harvest = share_of_plan(plan_by_harvest=1.0, plan_shift_region=SHIFT)
    np.testing.assert_allclose(by_harvest, HARVESTS / 70.0, rtol=1e-12)
    half = share_of_plan(plan_by_harvest=0.5, plan_shift_region=SHIFT)
    np.testing.assert_allclose(half, (SHARES + SHIFT + HARVESTS / 70.0) / 2.0, rtol=1e-12)


@pytest.mark.parametrize("by_harvest", [0.0, 0.3, 1.0])
def test_shares_of_the_plan_add_up_to_one_under_either_rule(by_harvest: float) -> None:
    shares = share_of_plan(plan_by_harvest=by_harvest, plan_shift_region=SHIFT)
    assert shares.sum() == pytest.approx(1.0, rel=1e-12)
    assert share_of_plan(plan_by_harvest=1.0, harvest_last_year_region=0.0).sum() == pytest.approx(1.0)


def test_plans_of_regions_add_up_to_that_of_the_country() -> None:
    made = reckon("state_grain.plan_procurement", share_of_plan=SHARES)
    plan = float(made["procurement_plan"])
    assert plan > 0.0
    np.testing.assert_allclose(made["regional_plan_region"], plan * SHARES, rtol=1e-12)


def test_a_lever_lets_plans_follow_harvests() -> None:
    history = village(APRIL, None, harvest_last_year=HARVESTS)
    history.levers["plan_by_harvest"] = 1.0
    made = reckon_in(history, "state_grain.plan_procurement")
    parts = made["regional_plan_region"] / made["procurement_plan"]
    np.testing.assert_allclose(parts, HARVESTS / 70.0, rtol=1e-9)


# ---- what is due and can be got ----------------------------------------------------------------------------


def due(**given: float | Array) -> Array:
    usual: Given = {
        "under_deliveries": False, "under_quotas": True, "growing_area": 10.0, "norm_of_year": 0.3,
        "weight_of_norm": 1.1, "month": 10, "plan_in_force": SHARES * 20.0, "taken_this_year": 0.5,
        "taken_from_peasants": 0.4, "market_share": 0.2, "harvest_expected": HARVESTS,
    }  # fmt: skip
    return np.broadcast_to(reckon("procurement.due_this_year", **(usual | given)), MANY)


def test_regions_owe_their_own_plan_norm_or_supply() -> None:
    np.testing.assert_allclose(due(), SHARES * 20.0 - 0.1, rtol=1e-12)
    np.testing.assert_allclose(due(month=7), SHARES * 20.0, rtol=1e-12)
    np.testing.assert_allclose(due(under_deliveries=True), 3.3, rtol=1e-12)
    np.testing.assert_allclose(due(under_quotas=False), 0.2 * HARVESTS, rtol=1e-12)
    assert (due(plan_in_force=0.0) == 0.0).all()


def test_the_norm_of_a_hectare_is_that_of_the_region() -> None:
    ratios = np.linspace(0.5, 1.5, MANY)
    norm = reckon("procurement.norm_of_year", delivery_norm=0.25, delivery_scale=1.2, norm_ratio=ratios)
    np.testing.assert_allclose(norm, 0.3 * ratios, rtol=1e-12)
    history = village(APRIL, {"procurement": {"norm_ratio": only(2.0, 1.0)}}, collectivised_share=0.5)
    history.levers["obligatory_deliveries"] = 1.0
    shares = read(history, "norm_of_year", "procurement")[:, 0]
    np.testing.assert_allclose(shares / shares[0], only(2.0, 1.0), rtol=1e-12)


def most_taken(**given: float | Array) -> Array:
    usual: Given = {"ceiling": 0.3, "ceiling_kolkhoz": 0.2, "organised_share": 0.5, "selectivity": 0.0}
    return np.broadcast_to(reckon("procurement.most_taken", **(usual | given)), MANY)


def test_the_ceiling_of_a_region_is_raised_or_lowered_by_its_own_factor() -> None:
    np.testing.assert_allclose(most_taken(), 0.4, rtol=1e-12)  # the null value
    np.testing.assert_allclose(most_taken(selectivity=only(0.2)), 0.4 * np.exp(only(0.2)), rtol=1e-12)
    assert most_taken(selectivity=only(-0.2))[ONE] < 0.4
    np.testing.assert_allclose(most_taken(organised_share=only(1.0)), 0.3 + only(0.2), rtol=1e-12)
    history = village(NOVEMBER, {"procurement": {"selectivity": only(0.3)}}, organised_share=0.5)
    shares = read(history, "most_taken", "procurement")[:, 0]
    np.testing.assert_allclose(shares / shares[0], np.exp(only(0.3)), rtol=1e-9)


def test_procurement_of_the_country_is_measured_against_the_plans_of_all_regions() -> None:
    plans, taken = SHARES * 20.0, SHARES[::-1] * 6.0
    given: Given = {"plan_in_force": plans, "procurement_due": 0.5, "taken_to_date": taken}
    by_region = reckon("procurement.fulfilment_to_date", **given)
    country = float(reckon("procurement.fulfilment_of_country", **given))
    np.testing.assert_allclose(by_region, taken / (plans * 0.5), rtol=1e-12)
    assert country == pytest.approx(6.0 / 10.0, rel=1e-12)
    assert SHARES @ by_region == pytest.approx(country, rel=1e-12)


def test_emergency_measures_are_called_for_the_country_as_a_whole() -> None:
    """A region far behind calls none where others make good for it; all fall under those that are called."""
    given: Given = {"month": 11, "emergency": 0.0, "on_market": True, "emergency_measures": 1.0}
    given |= {"shortfall_alarm": 0.1}
    called = [
        reckon("procurement.measures_called", fulfilment_of_country=country, **given)
        for country in (1.0, 0.8)
    ]
    assert not np.any(called[0])
    assert np.all(called[1])


def test_the_state_bids_by_what_all_regions_bring() -> None:
    def price(taken: Array, expected: Array = HARVESTS) -> float:
        given: Given = {
            "procurement_price_response": 0.5, "on_market": True, "offered_ahead": 0.6, "market_share": 0.2,
            "outbid": 0.1, "procurement_plan": 12.0, "price_offered": 6.0, "procurement_price": 6.0,
            "price_ceiling": 9.0, "state_price_bread": 10.0, "least_price_step": 0.1, "most_price_step": 9.0,
            "lowest_price_offered": 0.1,
        }  # fmt: skip
        made = reckon(
            "procurement.bid",
            taken_to_date=taken,
            harvest_expected=expected,
            collectivised_share=0.3,
            **given,
        )
        return float(np.ravel(made["price_offered"])[0])

    wanted, offered = 12.0 - 4.0, 0.2 * 70.0 * 0.6 * (1.0 - 0.7 * 0.1)
    assert price(SHARES * 4.0) == pytest.approx(6.0 * (wanted / offered) ** 0.5, rel=1e-9)
    assert price(only(4.0)) == pytest.approx(price(SHARES * 4.0), rel=1e-12)
    assert price(SHARES * 4.0, only(70.0)) == pytest.approx(price(SHARES * 4.0), rel=1e-12)


# ---- effort, losses, hiding and fields of each region -----------------------------------------------------

LOCAL = [
    ("effort.asked", "taken_of_crop", 0.2, 0.5),
    ("effort.effort_held", "asked", 0.1, 0.4),
    ("effort.effort_held", "field_nutrition", 1.0, 0.6),
    ("effort.effort_held", "new_to_kolkhoz", 0.0, 0.5),
    ("effort.new_to_kolkhoz", "collectivised_share", 0.2, 0.6),
    ("effort.value_of_labour_day", "distributed_this_year", 0.5, 2.0),
    ("effort.effort_by_reward", "fear", 0.0, 0.5),
    ("cropping.lost_on_state_farms", "effort", 1.0, 0.6),
    ("cropping.lost_individual", "draught_individual", 1.0, 0.5),
    ("cropping.lost_kolkhoz", "field_labour", 1.0, 0.5),
    ("cropping.hidden_share", "asked", 0.1, 0.4),
    ("cropping.area_meant_individual", "taken_share_last_year", 0.2, 0.5),
    ("cropping.area_in_reach_kolkhoz", "village_strength", 1.0, 0.5),
    ("cropping.ripe_crop_kolkhoz", "effort", 1.0, 0.6),
    ("procurement.attainable", "attainable_over_districts", 1.0, 2.0),
    ("procurement.seized", "grain_individual", 1.0, 2.0),
    ("kolkhoz.grain_free_of_claims", "grain_kolkhoz", 4.0, 5.0),
    ("population.births_kept", "fear", 0.0, 0.5),
    ("nutrition.food_over_districts", "grain_left_over_districts", 1.0, np.linspace(0.5, 2.0, 4)),
    ("nutrition.grain_at_hand", "own_grain", 1.0, 2.0),
    ("livestock.slaughter_from_hunger", "village_nutrition", 1.0, 0.5),
    ("livestock.slaughter_from_fear", "pressure", 0.0, 0.5),
    ("centre.sowing_endangered", "discontent", 0.2, 0.9),
]
SIZES = {
    "terms_effect": 0.5, "despair": 0.5, "newness": 0.2, "norm_credit": 0.0, "taken_share_1927": 0.15,
    "collectivised_a_year_ago": 0.1, "loss_from_slack": 0.3, "loss_from_weakness": 0.3, "harvest_loss": 0.1,
    "most_lost": 0.8, "hidden_always": 0.05, "hidden_of_asked": 0.3, "free_sale": 0.0, "area_response": 0.5,
    "sowing_food": 0.5, "emergency": 1.0, "seizure": 0.1, "on_market": True, "plan_in_force": 9.0,
    "procurement_due": 0.9, "month": 11, "taken_this_year": 0.1, "birth_displacement": 0.3, "trade": 0.5,
    "hunger_slaughter": 0.1, "nutrition_at_ease": 1.0, "sowing_risk": 1.0, "fear_effect": 0.5,
    "plot_rights": 1.0, "kolkhoz_dues_ahead": 0.1, "kolkhoz_seed_fund": 0.1, "socialised_feed_need": 0.1,
    "kolkhoz_harvest_this_year": 5.0, "people_kolkhoz_members": 1.0, "harvest_part": 0.3,
    "collectivised_share": 0.5,
}  # fmt: skip


@pytest.mark.parametrize(("equation", "name", "usual", "other"), LOCAL)
def test_what_changes_in_one_region_changes_nothing_in_another(
    equation: str, name: str, usual: float, other: float | Array
) -> None:
    """One place at a time, with sizes that let it matter."""
    given: Given = {key: size for key, size in SIZES.items() if key in reads(equation) and key != name}
    here = np.full((*np.shape(other), MANY), usual)
    here[..., ONE] = other
    before = np.atleast_1d(reckon(equation, **(given | {name: usual})))
    after = np.atleast_1d(reckon(equation, **(given | {name: here})))
    changed = np.broadcast_to(~np.isclose(before, after, rtol=1e-12, atol=0.0), after.shape)
    assert changed[..., ONE].any()
    assert not np.delete(changed, ONE, axis=-1).any()


def test_tractors_are_where_kolkhoz_land_is() -> None:
    fields = SHARES * 40.0
    engines = reckon(
        "draught.engines_per_hectare", power_of_engines=3.0, collective_fields=fields, least_tilled=0.001
    )
    assert float(engines * fields.sum()) == pytest.approx(3.0, rel=1e-12)
    given: Given = {"horse_power": 0.7, "draught_1928": 0.3, "least_tilled": 0.001, "least_draught": 0.0}
    given |= {"most_draught": 9.0, "horses_socialised": 0.0, "collective_fields": fields}
    pooled = reckon("draught.draught_now_kolkhoz", engines_per_hectare=0.15, **given)
    np.testing.assert_allclose(pooled, 0.5, rtol=1e-12)
    noted = reckon(
        "draught.note_the_power", horses_household=SHARES * 20.0, horses_socialised=0.0, horse_power=0.7,
        engines_per_hectare=engines, collective_fields=fields, village_population=SHARES * 120.0,
        fields_tilled=100.0 * SHARES,
    )  # fmt: skip
    assert (noted["draught_1928"] * 100.0 * SHARES).sum() == pytest.approx(14.0 + 3.0, rel=1e-12)
    np.testing.assert_allclose(noted["people_1928"], 1.2, rtol=1e-12)


# ---- who sells, who is arrested, who is born ---------------------------------------------------------------


def sold(**given: float | Array) -> dict[str, Array]:
    usual: Given = {
        "months_to_harvest": 4, "village_food_need_region": 0.1, "household_feed_need_region": 0.05,
        "own_grain": 1.2, "grain_members_region": 0.4, "free_trade": 0.5, "black_market": 0.2,
        "market_supply": 1.2, "market_return": 1.0, "most_grain_sold": 0.5,
        "sold_to_traders_region": SHARES * 0.3,
    }  # fmt: skip
    made: dict[str, Array] = reckon("kolkhoz_market.sell_grain", **(usual | given))
    return {name: np.broadcast_to(value, MANY) for name, value in made.items()}


def test_households_sell_what_is_above_the_need_of_their_own_region() -> None:
    made = sold()
    spare = (1.6 - 0.6) * 0.1 * 0.5
    np.testing.assert_allclose(made["market_grain_individual_region"] - SHARES * 0.3, spare * 0.75, rtol=1e-9)
    np.testing.assert_allclose(made["market_grain_members_region"], spare * 0.25, rtol=1e-12)
    poor = sold(village_food_need_region=only(9.0, 0.1), sold_to_traders_region=0.0)
    for flow in poor.values():
        assert flow[ONE] == 0.0
        assert (np.delete(flow, ONE) > 0.0).all()
    dry = sold(free_trade=0.0, black_market=0.0)
    np.testing.assert_allclose(dry["market_grain_individual_region"], SHARES * 0.3, rtol=1e-12)


def test_arrests_fall_on_all_who_are_exposed_alike_and_add_up() -> None:
    peasants, towns = np.stack([SHARES * 8.0, SHARES[::-1] * 4.0]), np.array([1.0, 2.0, 5.0])
    exposed = float(
        reckon("repression.exposed_people", peasants_by_hazard=peasants, townspeople_by_hazard=towns)
    )
    assert exposed == pytest.approx(20.0, rel=1e-12)
    made = reckon(
        "repression.arrest", peasants_by_hazard=peasants, townspeople_by_hazard=towns, exposed_people=exposed,
        penal_arrests=0.1, arrests_for_hands=0.02, terror_now=0.08, shot=0.02,
    )  # fmt: skip
    taken = made["arrests_peasants_region"].sum() + made["arrests_exposed_in_town"].sum()
    shot = made["executed_peasants_region"].sum() + made["executed_exposed_in_town"].sum()
    assert (taken, shot) == pytest.approx((0.18, 0.02), rel=1e-12)
    assert np.ptp(made["arrests_peasants_region"] / peasants) < 1e-15


def test_towns_fear_what_villages_fear_by_their_people() -> None:
    home = SHARES * 120.0
    given: Given = {"village_population": home, "birth_elasticity": 0.5, "town_food_at_conception": 1.0}

    def kept(births: float | Array, **other: float | Array) -> float:
        return float(reckon("population.births_kept_in_towns", births_kept=births, **(given | other)))

    assert kept(0.8) == pytest.approx(0.8, rel=1e-12)
    assert kept(only(0.0, 1.0)) == pytest.approx(1.0 - SHARES[ONE], rel=1e-12)
    assert kept(1.0, town_food_at_conception=0.25) == pytest.approx(0.5, rel=1e-12)
    assert kept(1.0, town_food_at_conception=0.25, birth_elasticity=0.0) == pytest.approx(1.0, rel=1e-12)
    assert kept(only(0.0, 1.0), village_population=only(0.0, 9.0)) == pytest.approx(1.0, rel=1e-6)


def test_what_can_be_got_of_a_region_is_the_mean_of_its_districts() -> None:
    by_class = np.outer([1.0, 2.0, 3.0, 4.0], SHARES)
    got = reckon(
        "procurement.attainable", attainable_over_districts=by_class, district_weight_district=WEIGHTS
    )
    np.testing.assert_allclose(got, 3.0 * SHARES, rtol=1e-12)


def test_grain_of_a_region_is_taken_from_its_own_barns() -> None:
    """Books: what one region gives leaves those of the others as they are."""
    history = village(NOVEMBER)
    before = {region: history.ledger.stock("grain", f"kolkhoz_{region}").copy() for region in REGIONS}
    flow = f"procured_kolkhoz_{REGIONS[ONE]}"
    history.ledger.propose(flow, np.full(history.ledger.members, 1e-3))
    history.ledger.settle()
    taken = [before[r][0] - history.ledger.stock("grain", f"kolkhoz_{r}")[0] for r in REGIONS]
    np.testing.assert_allclose(taken, only(history.ledger.moved(flow)[0]), atol=1e-15)
    assert taken[ONE] > 0.0
