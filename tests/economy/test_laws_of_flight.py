"""Laws of ways out of the village and back by region: who goes, who is kept, and that all of it adds up."""

from __future__ import annotations

import numpy as np
import pytest
from regional import MANY, ONE, SHARES, Given, only, read, reckon, reckon_in, village
from standing import APRIL

from planmodel.engine import Array

HOME = SHARES * 120.0  # people of the village, million
PEASANTS = np.stack([SHARES * 80.0, SHARES[::-1] * 30.0])  # individual peasants and members


# ---- on their own ------------------------------------------------------------------------------------------


def pull(**given: float | Array) -> Array:
    """Return the share of a village that would leave in a year, where food is wanting by a third."""
    usual: Given = {
        "town_call": 0.5, "town_gap": 1.4, "town_room": 0.8, "fear": 0.3, "village_nutrition": 0.7,
        "towns_closed": 0.0, "jobless_outflow": 0.4, "gap_outflow": 0.05, "fear_outflow": 0.1,
        "hunger_outflow": 0.2, "passport_effect": 0.5, "border_effect": 0.6, "borders_closed": 0.0,
        "closed_here": only(1.0, 0.25),
    }  # fmt: skip
    return np.broadcast_to(reckon("migration.samotek_pull", **(usual | given)), MANY)


FLIGHT = 0.2 * 0.3 * 0.8  # of the hungry


def test_peasants_leave_for_a_better_life_in_fear_and_in_hunger() -> None:
    better, afraid = 0.05 * (0.4 + 0.6 * 0.5) * 0.4 * 0.8, 0.1 * 0.3 * 0.8
    np.testing.assert_allclose(pull(), better + afraid + FLIGHT, rtol=1e-12)
    np.testing.assert_allclose(pull(village_nutrition=1.3), better + afraid, rtol=1e-12)
    np.testing.assert_allclose(pull(fear=0.0), better + FLIGHT, rtol=1e-12)
    np.testing.assert_allclose(pull(town_gap=0.5), afraid + FLIGHT, rtol=1e-12)
    np.testing.assert_allclose(pull(fear=9.0) - pull(fear=1.0), 0.0, atol=1e-15)
    assert (pull(town_room=0.0) == 0.0).all()


def test_closed_borders_hold_the_hungry_where_they_are_closed_and_nobody_else() -> None:
    closed = pull(borders_closed=1.0)
    np.testing.assert_allclose(pull() - closed, FLIGHT * 0.6 * only(1.0, 0.25), rtol=1e-9)
    fed = {"village_nutrition": 1.0}
    np.testing.assert_allclose(pull(**fed, borders_closed=1.0), pull(**fed), rtol=1e-12)
    shut = pull(borders_closed=1.0, border_effect=1.0, closed_here=1.0)
    np.testing.assert_allclose(pull() - shut, FLIGHT, rtol=1e-9)


@pytest.mark.parametrize("what", ["border_effect", "borders_closed", "closed_here"])
def test_borders_that_are_not_closed_hold_nobody(what: str) -> None:
    np.testing.assert_allclose(pull(**({"borders_closed": 1.0} | {what: 0.0})), pull(), rtol=1e-12)


def test_passports_hold_back_all_who_would_go_on_their_own() -> None:
    np.testing.assert_allclose(pull(towns_closed=1.0), 0.5 * pull(), rtol=1e-12)
    np.testing.assert_allclose(pull(towns_closed=1.0, passport_effect=0.0), pull(), rtol=1e-12)


def test_hunger_in_one_region_drives_its_own_people_out() -> None:
    beside = pull(village_nutrition=only(0.4, 0.7)) - pull()
    np.testing.assert_allclose(beside, only(0.2 * 0.3 * 0.8), atol=1e-15)


def test_borders_are_closed_where_the_table_says() -> None:
    sizes = {"migration": {"border_effect": 1.0, "closed_here": only(1.0), "hunger_outflow": 0.3}}
    history = village(APRIL, sizes, village_nutrition=0.5)
    before = np.asarray(reckon_in(history, "migration.samotek_pull"))
    history.levers["borders_closed"] = 1.0
    held = before - reckon_in(history, "migration.samotek_pull")
    assert held[ONE] > 0.0
    assert (np.delete(held, ONE) == 0.0).all()


# ---- recruited ---------------------------------------------------------------------------------------------


def recruited(**given: float | Array) -> Array:
    usual: Given = {"quota": 0.5, "orgnabor": 0.8, "open_jobs": 3.0, "recruitment": 0.6, "arrival": 0.9}
    found = reckon("migration.orgnabor_pull", **(usual | {"village_population": HOME} | given))
    return np.broadcast_to(found, MANY)


def test_recruiters_take_the_same_share_everywhere_and_what_they_were_told_in_all() -> None:
    assert np.ptp(recruited()) == 0.0
    assert HOME @ recruited() == pytest.approx(0.5 * 0.8 * 3.0 * 0.6 * 0.9, rel=1e-12)
    assert (recruited(orgnabor=0.0) == 0.0).all()
    assert (recruited(open_jobs=0.0) == 0.0).all()


def test_who_leaves_is_taken_from_his_region_and_counted_once() -> None:
    groups = np.stack([HOME * 0.6, HOME * 0.3, HOME * 0.1])
    own, called = only(0.03, 0.01), 0.005
    made = reckon(
        "migration.leave", people_village=groups, village_population=HOME, gone_on_their_own=own,
        gone_recruited=called,
    )  # fmt: skip
    np.testing.assert_allclose(made["samotek_village"].sum(axis=0), HOME * own, rtol=1e-12)
    np.testing.assert_allclose(made["orgnabor_village"].sum(axis=0), made["organised_recruits"], rtol=1e-12)
    np.testing.assert_allclose(made["organised_recruits"], HOME * called, rtol=1e-12)


def test_all_ways_out_together_take_no_more_than_there_are() -> None:
    for size in (1e-3, 0.1, 1.0, 50.0):
        ways: Given = {"samotek_pull": 12.0 * size, "orgnabor_pull": 6.0 * size, "season_pull": 0.3 * size}
        part = float(np.ravel(reckon("migration.leaving_by_hazard", **ways))[0])
        hazard = size * 1.8
        assert part * hazard == pytest.approx(1.0 - np.exp(-hazard), rel=1e-9)
    few: Given = {"samotek_pull": 1e-9, "orgnabor_pull": 0.0, "season_pull": 0.0}
    assert float(np.ravel(reckon("migration.leaving_by_hazard", **few))[0]) == pytest.approx(1.0, rel=1e-6)


# ---- for the season ----------------------------------------------------------------------------------------


def test_who_is_away_for_the_season_comes_home_to_his_region() -> None:
    given: Given = {
        "people_peasants": PEASANTS,
        "leaving_by_hazard": 0.9,
        "peasant_population": PEASANTS.sum(axis=0),
    }
    given |= {"season_pull": only(0.1), "people_seasonal_workers": only(3.0, 1.0), "away_wanted": 1.0}
    made = reckon("migration.go_for_the_season", **given)
    np.testing.assert_allclose(made["season_over_peasants"].sum(axis=0), only(2.0), rtol=1e-12)
    np.testing.assert_allclose(made["seasonal_peasants"], PEASANTS * only(0.09), rtol=1e-12)


def test_kolkhozes_hold_those_who_would_be_away() -> None:
    def away(**given: float | Array) -> Array:
        usual: Given = {
            "seasonal_share": 0.04, "seasonal_call": 1.0, "town_call": 0.5, "seasonal_hold": 0.6,
            "collectivised_share": 0.5, "most_away": 0.2, "away_season": 0.5,
            "peasant_population": PEASANTS.sum(axis=0),
        }  # fmt: skip
        return np.asarray(reckon("migration.away_wanted", **(usual | given)))

    np.testing.assert_allclose(away(), 0.04 * 1.5 * 0.7 * 0.5 * PEASANTS.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(away(seasonal_hold=0.0), away() / 0.7, rtol=1e-12)
    np.testing.assert_allclose(away(seasonal_share=9.0), 0.1 * PEASANTS.sum(axis=0), rtol=1e-12)
    beside = away(collectivised_share=only(1.0, 0.5)) / away()
    np.testing.assert_allclose(beside, only(0.4 / 0.7, 1.0), rtol=1e-12)


def test_builders_of_the_season_are_those_of_all_regions() -> None:
    hands = reckon(
        "migration.seasonal_hands", parameter_seasonal_builders=0.3, away_wanted=SHARES * 4.0,
        away_season=0.5, mean_season=0.4,
    )  # fmt: skip
    assert float(hands) == pytest.approx(0.3 * 4.0 / 0.5 * 0.4, rel=1e-12)


# ---- back --------------------------------------------------------------------------------------------------


def returning(**given: float | Array) -> float:
    usual: Given = {"newcomers": 2.0, "return_base": 0.1, "return_pressure": 0.6, "pressure": 0.0}
    return float(reckon("migration.newcomers_returning", **(usual | {"village_population": HOME} | given)))


def test_newcomers_return_as_villages_are_pressed_by_the_people_of_each() -> None:
    assert returning() == pytest.approx(2.0 * 0.1 / 12.0, rel=1e-12)
    assert returning(pressure=0.5) == pytest.approx(2.0 * 0.4 / 12.0, rel=1e-12)
    assert returning(pressure=only(0.5)) == pytest.approx(2.0 * (0.1 + 0.3 * SHARES[ONE]) / 12.0, rel=1e-12)
    assert returning(pressure=7.0) == returning(pressure=1.0)
    assert returning(pressure=1.0, return_pressure=0.0) == returning()
    empty = returning(pressure=only(1.0), village_population=only(0.0, 10.0))
    assert empty == pytest.approx(returning(), rel=1e-6)


def test_who_goes_back_is_spread_over_peasants_and_adds_up() -> None:
    back = reckon(
        "migration.go_back", people_peasants=PEASANTS, newcomers_returning=0.4, all_peasants=PEASANTS.sum()
    )["back_to_village_peasants"]
    assert back.sum() == pytest.approx(0.4, rel=1e-12)
    np.testing.assert_allclose(back, 0.4 * PEASANTS / PEASANTS.sum(), rtol=1e-12)


def test_all_peasants_are_those_of_all_regions() -> None:
    by_region = reckon("migration.peasant_population", people_peasants=PEASANTS)
    np.testing.assert_allclose(by_region, PEASANTS.sum(axis=0), rtol=1e-12)
    assert float(reckon("migration.all_peasants", peasant_population=by_region)) == pytest.approx(110.0)


def test_newcomers_are_counted_when_they_come_and_no_more_when_they_are_gone() -> None:
    def counted(**given: float | Array) -> dict[str, Array]:
        usual: Given = {
            "newcomers": 2.0, "to_expel": 0.5, "newcomers_returning": 0.1, "village_population": HOME,
            "gone_on_their_own": only(0.02), "gone_recruited": 0.001, "towns_closed": 0.0,
            "towns_closed_before": 0.0, "passport_refusal": 0.25, "newcomer_time": 20.0,
            "expulsion_time": 10.0,
        }  # fmt: skip
        made: dict[str, Array] = reckon("migration.count_newcomers", **(usual | given))
        return made

    came = HOME[ONE] * 0.02 + HOME.sum() * 0.001
    assert float(counted()["newcomers"]) == pytest.approx(2.0 + came - 0.1 - 0.1, rel=1e-9)
    refused = counted(towns_closed=0.8)
    assert float(counted()["newcomers"] - refused["newcomers"]) == pytest.approx(0.25 * 0.8 * 2.0, rel=1e-9)
    assert float(refused["to_expel"]) == pytest.approx(0.5 * 0.9 + 0.4, rel=1e-9)
    assert float(counted(towns_closed=0.8, towns_closed_before=0.8)["to_expel"]) == pytest.approx(0.45)
    assert float(counted(newcomers_returning=99.0)["newcomers"]) == 0.0


def test_who_is_turned_out_and_not_settled_goes_to_peasants_in_proportion() -> None:
    out = reckon(
        "migration.turn_out", expelled_now=0.3, expelled_and_settled=0.1, people_peasants=PEASANTS,
        all_peasants=PEASANTS.sum(),
    )["expelled_peasants"]  # fmt: skip
    assert out.sum() == pytest.approx(0.2, rel=1e-12)
    assert np.ptp(out / PEASANTS) < 1e-15


# ---- state farms and settlements ---------------------------------------------------------------------------


def hired(**given: float | Array) -> Array:
    usual: Given = {
        "state_farm_area": SHARES * 12.0, "state_farm_area_at_start": 2.0, "tractors_farms": 50.0,
        "people_state_farm_workers": SHARES * 1.5, "people_peasants": PEASANTS,
        "all_peasants": PEASANTS.sum(), "state_farm_base": 0.5,
        "state_farm_hands": 0.2, "mts_hands": 10.0, "thousands_in_million": 1000.0,
        "most_taken_by_state_farms": 0.02, "months_of_hiring": 10.0,
    }  # fmt: skip
    made = reckon("migration.hire_for_state_farms", **(usual | given))
    return np.broadcast_to(made["to_state_farms_peasants"], PEASANTS.shape)


def test_state_farms_hire_what_they_want_in_all_at_the_same_share_everywhere() -> None:
    assert hired().sum() == pytest.approx((0.5 + 0.2 * 10.0 + 0.5 - 1.5) / 10.0, rel=1e-12)
    assert np.ptp(hired() / PEASANTS) < 1e-15
    assert (hired(people_state_farm_workers=SHARES * 9.0) == 0.0).all()
    assert hired(state_farm_hands=1e3).sum() == pytest.approx(0.02 * PEASANTS.sum(), rel=1e-12)
    fewer: Given = {"state_farm_area": SHARES * 1.0}
    np.testing.assert_allclose(hired(**fewer, state_farm_hands=9.0), hired(**fewer, state_farm_hands=0.0))


def escaped(**given: float | Array) -> Array:
    usual: Given = {
        "people_camp_inmates": 0.5, "camp_escape": 0.2, "recapture": 0.6, "unguarded": 0.5,
        "people_special_settlers": 1.2, "settlement_health": 0.6, "settler_release": 0.02,
        "settler_escape": 0.1, "settler_flight": 0.5, "people_kolkhoz_members_region": SHARES * 20.0,
    }  # fmt: skip
    return np.asarray(reckon("labor_camps.escape", **(usual | given))["settler_escapes_region"])


def test_settlers_escape_by_want_and_go_where_kolkhozes_are() -> None:
    assert escaped().sum() == pytest.approx(0.1 * (0.02 + 0.5 * (0.1 + 0.5 * 0.4)), rel=1e-12)
    np.testing.assert_allclose(escaped() / escaped().sum(), SHARES, rtol=1e-12)
    assert escaped(settlement_health=1.4).sum() == pytest.approx(0.1 * (0.02 + 0.05), rel=1e-12)
    assert escaped(settler_flight=0.0).sum() == pytest.approx(0.1 * (0.02 + 0.05), rel=1e-12)
    assert escaped(unguarded=0.0).sum() == pytest.approx(0.1 * 0.02, rel=1e-12)
    nowhere = escaped(people_kolkhoz_members_region=0.0)  # before there are kolkhozes
    assert nowhere.sum() == pytest.approx(escaped().sum(), rel=1e-9)


def test_who_is_free_to_go_is_read_by_region() -> None:
    history = village(APRIL, {"migration": {"hunger_outflow": 0.5}}, village_nutrition=only(0.5, 1.0))
    leaving = read(history, "gone_on_their_own", "migration")[:, 0]
    assert leaving[ONE] > leaving[0]
