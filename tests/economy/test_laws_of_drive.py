"""Laws of the drive by region: who joins and leaves, in what order, and who is deported."""

from __future__ import annotations

import numpy as np
import pytest
from regional import MANY, ONE, SHARES, Given, only, reckon, reckon_in, village
from standing import APRIL

from planmodel.engine import Array

ORDER = np.linspace(0.5, 2.5, MANY)  # place in the order of the drive, or grain that is wanted


# ---- the order of the drive --------------------------------------------------------------------------------


def taking_hold(**given: float | Array) -> Array:
    usual: Given = {
        "collectivisation_drive": 1.0, "offensive_season": 1.0, "plan_fulfilment": 1.0, "confidence": 0.9,
        "collectivised_share": 0.1, "collectivised_enough": 0.7, "sowing_endangered": 0.2, "unevenness": 0.2,
        "onset": 0.1, "zeal": 1.2, "offensive": 0.25, "order_of_region": ORDER, "heed_of_order": 0.5,
    }  # fmt: skip
    return np.broadcast_to(reckon("centre.taking_hold", **(usual | given)), MANY)


def test_regions_whose_turn_is_first_start_first() -> None:
    rates = taking_hold()
    assert (np.diff(rates) > 0.0).all()
    np.testing.assert_allclose(rates, taking_hold(order_of_region=1.0) * ORDER**0.5, rtol=1e-12)


def test_an_order_that_nobody_heeds_changes_nothing() -> None:
    np.testing.assert_allclose(taking_hold(heed_of_order=0.0), taking_hold(order_of_region=1.0), rtol=1e-12)
    with_order = taking_hold(order_of_region=1.0, heed_of_order=2.0)
    np.testing.assert_allclose(with_order, taking_hold(order_of_region=1.0, heed_of_order=0.0), rtol=1e-12)


def test_the_order_of_the_table_reaches_the_start() -> None:
    """With a history in which two regions differ in their turn alone."""
    alike: dict[str, Given] = {"centre": {"heed_of_order": 1.0}}
    alike["collectivisation"] = {"drive_order": only(2.0, 1.0)}
    history = village(APRIL, alike, plan_fulfilment=1.0, discontent=0.0, collectivised_share=0.1)
    history.levers["collectivisation_drive"] = 1.0
    started = reckon_in(history, "centre.taking_hold", offensive_season=1.0)
    assert started[0] > 0.0
    np.testing.assert_allclose(started / started[0], only(2.0, 1.0), rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plan_fulfilment", 0.8),
        ("collectivised_share", 0.6),
        ("sowing_endangered", 0.5),
        ("offensive", 0.1),
        ("order_of_region", 0.7),
    ],
)
def test_what_hinders_the_drive_in_one_region_hinders_it_there_alone(name: str, value: float) -> None:
    usual: Given = {
        "plan_fulfilment": 1.0,
        "collectivised_share": 0.1,
        "sowing_endangered": 0.2,
        "offensive": 0.25,
    }
    usual["order_of_region"] = 1.0
    beside = taking_hold(**(usual | {name: only(value, usual[name])})) / taking_hold(**usual)
    assert beside[ONE] < 1.0
    np.testing.assert_allclose(np.delete(beside, ONE), 1.0, rtol=1e-12)


# ---- joining and leaving -----------------------------------------------------------------------------------


def joining(**given: float | Array) -> Array:
    usual: Given = {"entry": 0.3, "pressure": 0.5, "joining_freely": 0.02, "dekad": 0.25, "most_joining": 0.6}
    return np.broadcast_to(reckon("collectivisation.share_joining_kolkhozes", **(usual | given)), MANY)


def test_peasants_join_under_pressure_and_a_few_of_themselves() -> None:
    np.testing.assert_allclose(joining(), (0.02 + 0.15) * 0.25, rtol=1e-12)
    np.testing.assert_allclose(joining(pressure=0.0), 0.02 * 0.25, rtol=1e-12)
    np.testing.assert_allclose(joining(joining_freely=0.0), 0.15 * 0.25, rtol=1e-12)
    assert (joining(joining_freely=0.0, pressure=0.0) == 0.0).all()
    np.testing.assert_allclose(joining(pressure=1e3), 0.6, rtol=1e-12)
    np.testing.assert_allclose(joining(pressure=only(1.0)), 0.005 + only(0.075), rtol=1e-12)


def leaving(**given: float | Array) -> Array:
    usual: Given = {
        "parameter_exit": 0.4, "held_for_grain": 0.7, "grain_wanted_here": ORDER, "may_leave": 0.5,
        "dekad": 0.25, "most_leaving": 0.9, "kolkhoz_share": 0.5, "bound_share": 0.2,
    }  # fmt: skip
    return np.broadcast_to(reckon("collectivisation.share_leaving_kolkhozes", **(usual | given)), MANY)


def test_fewer_leave_where_the_state_wants_more_grain() -> None:
    rates = leaving()
    assert (np.diff(rates) < 0.0).all()
    np.testing.assert_allclose(rates, leaving(grain_wanted_here=1.0) * ORDER**-0.7, rtol=1e-12)
    np.testing.assert_allclose(leaving(held_for_grain=0.0), leaving(grain_wanted_here=1.0), rtol=1e-12)


def test_grain_is_wanted_by_the_plan_of_a_hectare() -> None:
    def wanted(plan: Array, land: Array) -> Array:
        given: Given = {"lasting_share": plan, "part_of_land": land, "least_wanted": 0.05}
        return np.asarray(reckon("collectivisation.grain_wanted_here", **given))

    land = np.full(MANY, 1.0 / MANY)
    np.testing.assert_allclose(wanted(only(0.3, 0.1), land), only(0.3, 0.1) * MANY)
    np.testing.assert_allclose(wanted(SHARES, SHARES), 1.0, rtol=1e-12)
    np.testing.assert_allclose(wanted(only(0.0, 0.1), land)[ONE], 0.05)  # nothing is asked: some stay


def test_the_shares_of_the_plan_reach_leaving() -> None:
    """With a history in which the plan asks twice as much of a hectare of one region as of the others."""
    alike: dict[str, Given] = {"collectivisation": {"held_for_grain": 1.0}}
    alike["cropping"] = {"land_share": 1.0 / MANY}
    alike["state_grain"] = {"plan_share": only(0.2, 0.1)}
    history = village(APRIL, alike)
    left = reckon_in(
        history, "collectivisation.share_leaving_kolkhozes", may_leave=1.0, kolkhoz_share=0.4, bound_share=0.1
    )
    assert left[0] > 0.0
    np.testing.assert_allclose(left / left[0], only(0.5, 1.0), rtol=1e-9)


def test_only_those_above_the_floor_leave_and_only_where_they_may() -> None:
    assert (leaving(may_leave=0.0) == 0.0).all()
    assert (leaving(bound_share=0.5) == 0.0).all()
    assert (leaving(kolkhoz_share=0.0, bound_share=0.0) == 0.0).all()
    np.testing.assert_allclose(leaving(grain_wanted_here=1.0), 0.4 * 0.5 * 0.25 * 0.3 / 0.5, rtol=1e-12)
    np.testing.assert_allclose(leaving(parameter_exit=1e3), 0.9 * 0.3 / 0.5, rtol=1e-12)
    beside = leaving(may_leave=only(1.0))
    assert (np.delete(beside, ONE) == 0.0).all()
    assert beside[ONE] > 0.0


def test_nobody_leaves_or_joins_where_nobody_is() -> None:
    joined = reckon(
        "collectivisation.join", people_individual_peasants=only(0.0, 5.0), share_joining_kolkhozes=0.1,
        grain_individual=4.0, grain_pooled=0.7,
    )  # fmt: skip
    np.testing.assert_allclose(joined["joining"], only(0.0, 0.5), rtol=1e-12)
    np.testing.assert_allclose(joined["grain_pooled"] + joined["grain_kept"], 0.4, rtol=1e-12)
    np.testing.assert_allclose(joined["grain_pooled"], 0.28, rtol=1e-12)


def test_the_share_of_the_kolkhozes_of_a_region_is_of_its_own_peasants() -> None:
    share = reckon(
        "collectivisation.kolkhoz_share",
        people_kolkhoz_members=SHARES * 30.0,
        people_individual_peasants=SHARES[::-1] * 60.0,
    )
    np.testing.assert_allclose(share, SHARES / (SHARES + 2.0 * SHARES[::-1]), rtol=1e-12)


# ---- deportation -------------------------------------------------------------------------------------------

FROM = np.linspace(0.0, 2.1, MANY)


def marked(**given: float | Array) -> Array:
    usual: Given = {
        "deportation": 0.02, "deported_from": FROM, "dekulakisation": 0.8, "pressure": 0.5,
        "blamed_share": 0.001, "people_individual_peasants": 10.0, "marked_individual_peasants": 0.05,
        "most_marked": 0.5,
    }  # fmt: skip
    return np.broadcast_to(reckon("collectivisation.to_deport_individual_peasants", **(usual | given)), MANY)


def test_the_offensive_marks_by_the_share_of_a_region_in_deportation() -> None:
    np.testing.assert_allclose(marked(), 0.05 + 10.0 * (0.001 + 0.02 * FROM * 0.8 * 0.5), rtol=1e-12)
    assert (np.diff(marked()) > 0.0).all()


@pytest.mark.parametrize("what", ["deportation", "deported_from", "dekulakisation", "pressure"])
def test_without_an_offensive_only_the_blamed_are_marked(what: str) -> None:
    np.testing.assert_allclose(marked(**{what: 0.0}), 0.05 + 0.01, rtol=1e-12)
    np.testing.assert_allclose(marked(**{what: 0.0}, blamed_share=0.0), 0.05, rtol=1e-12)


def test_no_more_are_marked_than_a_part_of_those_who_are_there() -> None:
    np.testing.assert_allclose(marked(deportation=1e3, deported_from=1.0), 5.0, rtol=1e-12)
    assert marked(people_individual_peasants=only(0.0, 10.0))[ONE] == 0.0


def test_blame_falls_where_procurement_is_short_of_the_plan_of_the_region() -> None:
    given: Given = {"reprisal": 0.02, "dekulakisation": 1.0, "collectivised_share": 0.5}
    blamed = reckon("collectivisation.blamed_share", plan_fulfilment=only(0.6, 1.2), **given)
    np.testing.assert_allclose(blamed, only(0.02 * 0.4 * 0.5), rtol=1e-12)


TO_DEPORT = np.stack([SHARES * 0.9, SHARES[::-1] * 0.3])  # individual peasants and members


def deported(**given: float | Array) -> dict[str, Array]:
    usual: Given = {"to_deport_peasants": TO_DEPORT, "marked_in_all": 1.2, "places_in_trains": 0.3}
    usual |= {"transit_deaths": 0.1}
    made: dict[str, Array] = reckon("collectivisation.deport", **(usual | given))
    return made


def test_all_of_the_country_who_are_marked_wait_for_the_same_trains() -> None:
    in_all = reckon("collectivisation.marked_in_all", to_deport_peasants=TO_DEPORT)
    assert float(in_all) == pytest.approx(1.2, rel=1e-12)


def test_trains_take_the_same_share_of_the_marked_everywhere_and_no_more_than_they_hold() -> None:
    made = deported()
    moved = made["deported_peasants"] + made["transit_deaths_peasants"]
    assert moved.sum() == pytest.approx(0.3, rel=1e-12)
    np.testing.assert_allclose(moved / TO_DEPORT, 0.25, rtol=1e-12)
    np.testing.assert_allclose(moved + made["marked_peasants"], TO_DEPORT, rtol=1e-12)
    np.testing.assert_allclose(made["transit_deaths_peasants"], 0.1 * moved, rtol=1e-12)
    empty = deported(places_in_trains=99.0)
    assert (empty["marked_peasants"] == 0.0).all()
    assert (deported(places_in_trains=0.0)["deported_peasants"] == 0.0).all()


# ---- ten days of a region ----------------------------------------------------------------------------------


def ten_days(**given: float | Array) -> dict[str, Array]:
    usual: Given = {
        "discontent": 0.3, "discontent_decay": 6.0, "pressure": 0.4, "tax_pressure": 0.1,
        "full_pressure": 1.0, "caution": 0.5, "warned": 0.1, "offensive": 0.3, "taking_hold": 0.4,
        "sowing_endangered": 0.2, "recall": 1.5, "offensive_months": 6.0, "may_leave": 0.3,
        "collectivisation_drive": 1.0, "dekad": 1.0 / 3.0,
    }  # fmt: skip
    made: dict[str, Array] = reckon("centre.review", **(usual | given))
    return {name: np.broadcast_to(value, MANY) for name, value in made.items()}


@pytest.mark.parametrize(
    "name", ["discontent", "pressure", "warned", "offensive", "taking_hold", "may_leave"]
)
def test_what_stands_in_one_region_stirs_no_other(name: str) -> None:
    before = {"discontent": 0.3, "pressure": 0.4, "warned": 0.1, "offensive": 0.3, "taking_hold": 0.4}
    before["may_leave"] = 0.3
    usual, made = ten_days(), ten_days(**{name: only(0.9, before[name])})
    changed = np.array([~np.isclose(made[n], usual[n], rtol=1e-12) for n in usual])
    assert changed[:, ONE].any()
    assert not np.delete(changed, ONE, axis=1).any()


def test_where_the_sowing_is_endangered_the_region_calls_off_alone() -> None:
    made = ten_days(sowing_endangered=only(0.9, 0.0))
    assert made["offensive"][ONE] < made["offensive"][0]
    assert made["may_leave"][ONE] > made["may_leave"][0]
    assert made["warned"][ONE] > 0.1 == pytest.approx(made["warned"][0], rel=1e-12)


def test_fear_is_of_the_pressure_of_the_region() -> None:
    given: Given = {
        "fear": 0.2,
        "collectivised_share": 0.5,
        "dekulakisation": 0.0,
        "dekad": 0.25,
        "fear_decay": 5.0,
    }
    given |= {"fear_of_pressure": 0.4, "most_felt": 2.0}
    left = 0.2 * np.exp(-0.05)
    fear = reckon("centre.spread_fear", pressure=only(1.0), **given)["fear"]
    np.testing.assert_allclose(fear, left + only(0.8 * 0.5 * 0.1), rtol=1e-12)
    marked = reckon("centre.spread_fear", pressure=only(1.0), **(given | {"dekulakisation": 0.6}))["fear"]
    np.testing.assert_allclose(marked, left + only(0.8 * 0.8 * 0.1), rtol=1e-12)
    most = reckon("centre.spread_fear", pressure=99.0, **given)["fear"]
    np.testing.assert_allclose(most, left + 0.8 * 2.0 * 0.1, rtol=1e-12)


def test_who_leaves_takes_grain_and_a_part_of_the_seed() -> None:
    def gone(barn: float) -> dict[str, Array]:
        made: dict[str, Array] = reckon(
            "collectivisation.leave", share_leaving_kolkhozes=only(0.2), people_kolkhoz_members=SHARES * 30.0,
            grain_members=SHARES * 5.0, seed_need_kolkhoz=1.0, grain_kolkhoz=barn,
        )  # fmt: skip
        return made

    np.testing.assert_allclose(gone(9.0)["leaving"], SHARES * 30.0 * only(0.2), rtol=1e-12)
    np.testing.assert_allclose(gone(9.0)["grain_of_leavers"], SHARES * 5.0 * only(0.2), rtol=1e-12)
    np.testing.assert_allclose(gone(9.0)["seed_of_leavers"], only(0.2), rtol=1e-12)
    np.testing.assert_allclose(gone(0.5)["seed_of_leavers"], only(0.1), rtol=1e-12)
