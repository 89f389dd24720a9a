"""Laws of herds by region: what owners keep and feed, and what dies where herders are settled."""

from __future__ import annotations

import numpy as np
import pytest
from regional import MANY, ONE, SHARES, Given, only, read, reckon, village
from standing import APRIL

from planmodel.engine import Array

HOUSEHOLD, SOCIALISED = 0, 1
KINDS = 4  # of animals
NORMS = np.array([0.5, 0.3, 0.2, 0.9])  # animals of a keeper
RESTOCKING = 0.8
HABITS = np.linspace(0.4, 2.2, MANY)  # what is kept in a region over the mean of the country


# ---- what is kept ------------------------------------------------------------------------------------------


def offtake(herd: float | Array = 1.0, **given: float | Array) -> Array:
    """Return the yearly offtake of herds, by kind, owner and region."""
    usual: Given = {
        "animals_norm": NORMS, "kept_animals": np.ones((KINDS, MANY)), "keepers_owner": 2.0,
        "least_herd": 0.0, "fullest_herd": 3.0, "culling_slope": RESTOCKING, "animals_offtake": 0.3,
    }  # fmt: skip
    herds = np.broadcast_to(herd, (KINDS, 2, MANY))
    return np.asarray(reckon("livestock.ordinary_offtake", animals_owner=herds, **(usual | given)))


WHOLE = 2.0 * NORMS[:, None, None] * np.ones((KINDS, 2, MANY))  # what two million keepers aim at


def test_a_herd_as_its_owners_keep_it_is_culled_as_in_an_ordinary_year() -> None:
    np.testing.assert_allclose(offtake(WHOLE), 0.3, rtol=1e-12)
    theirs = HABITS * np.ones((KINDS, MANY))
    np.testing.assert_allclose(offtake(WHOLE * HABITS, kept_animals=theirs), 0.3, rtol=1e-12)


def test_where_more_is_kept_fewer_of_the_same_herd_are_killed() -> None:
    rates = offtake(WHOLE, kept_animals=HABITS * np.ones((KINDS, MANY)))
    root = 1.0 + RESTOCKING * (np.minimum(1.0 / HABITS, 3.0) - 1.0)
    np.testing.assert_allclose(rates, 0.3 * root**2 * np.ones_like(rates), rtol=1e-9)
    assert (np.diff(rates, axis=-1) < 0.0).all()


def test_a_habit_of_one_kind_in_one_region_changes_nothing_else() -> None:
    habits = np.ones((KINDS, MANY))
    habits[2, ONE] = 1.5
    changed = ~np.isclose(offtake(WHOLE, kept_animals=habits), offtake(WHOLE), rtol=1e-12)
    assert changed[2, :, ONE].all()
    assert changed.sum() == 2


def test_restocking_is_half_the_elasticity_where_a_herd_is_what_is_aimed_at() -> None:
    slope = (offtake(WHOLE * 1.0001) - offtake(WHOLE * 0.9999)) / 0.0002
    np.testing.assert_allclose(slope, 0.3 * 2.0 * RESTOCKING, rtol=1e-6)


def test_nothing_is_culled_of_a_herd_that_is_far_too_small() -> None:
    assert (offtake(WHOLE * 0.1, culling_slope=1.5) == 0.0).all()
    assert (offtake(0.0, culling_slope=1.5) == 0.0).all()
    assert (offtake(WHOLE * 0.5, culling_slope=1.5) > 0.0).all()
    np.testing.assert_allclose(offtake(0.0, culling_slope=0.8), 0.3 * 0.2**2, rtol=1e-9)


def test_without_restocking_herds_are_culled_alike_however_full() -> None:
    np.testing.assert_allclose(offtake(WHOLE * HABITS, culling_slope=0.0), 0.3, rtol=1e-12)


def test_a_herd_counts_as_full_up_to_a_limit() -> None:
    np.testing.assert_allclose(offtake(WHOLE * 100.0), 0.3 * (1.0 + 2.0 * RESTOCKING) ** 2, rtol=1e-12)
    assert np.isfinite(offtake(WHOLE, keepers_owner=0.0, least_herd=0.01)).all()


def test_calves_are_kept_as_their_herds_are() -> None:
    given: Given = {"keepers_owner": 2.0, "least_herd": 0.0, "fullest_herd": 3.0, "culling_slope": 1.0}
    given |= {"veal_norm": 0.5, "veal_offtake": 0.2, "veal_owner": np.ones((2, 2, MANY))}
    habits = HABITS * np.ones((2, MANY))
    rates = reckon("livestock.ordinary_offtake_of_veal", kept_veal=habits, **given)
    root = np.minimum(1.0 / HABITS, 3.0)
    np.testing.assert_allclose(rates, 0.2 * root**2 * np.ones((2, 2, MANY)), rtol=1e-9)


@pytest.mark.parametrize("animals", ["cattle", "horses", "pigs", "sheep_and_goats"])
def test_what_a_region_keeps_is_read_from_its_own_row(animals: str) -> None:
    history = village(APRIL, {"livestock": {f"kept_{animals}": HABITS}})
    kept = read(history, f"kept_{animals}", "livestock")[:, 0]
    np.testing.assert_allclose(kept, HABITS, rtol=1e-12)


# ---- what is fed -------------------------------------------------------------------------------------------

FEED = np.array([0.6, 0.9, 0.4, 0.05])  # tonnes a year
ANIMALS = np.outer([4.0, 2.0, 1.0, 8.0], SHARES)


def needed(**given: float | Array) -> dict[str, Array]:
    usual: Given = {
        "animals_household": ANIMALS, "animals_socialised": ANIMALS[::-1], "animals_feed": FEED,
        "grain_feeding": HABITS, "feed_fund": 0.8, "kolkhoz_ease": 0.5,
    }  # fmt: skip
    made: dict[str, Array] = reckon("livestock.need_feed", **(usual | given))
    return made


def test_animals_need_grain_as_regions_feed_it() -> None:
    made = needed()
    np.testing.assert_allclose(made["household_feed_need"], FEED @ ANIMALS * HABITS / 12.0, rtol=1e-12)
    np.testing.assert_allclose(made["socialised_feed_norm"], FEED @ ANIMALS[::-1] * HABITS / 12.0, rtol=1e-12)
    np.testing.assert_allclose(
        made["socialised_feed_need"], made["socialised_feed_norm"] * 0.8 * 0.5, rtol=1e-12
    )


def test_herds_that_graze_need_no_grain() -> None:
    grazing = needed(grain_feeding=only(0.0, 1.0))
    for need in grazing.values():
        assert need[ONE] == 0.0
        assert (np.delete(need, ONE) > 0.0).all()
    assert (needed(feed_fund=0.0)["socialised_feed_need"] == 0.0).all()


# ---- what is lost ------------------------------------------------------------------------------------------

NULL = {"parameter_animals_losses": 0.0, "starvation": 0.0, "neglect": 0.0, "settlement_losses": 0.0}
LOSSES = {
    "parameter_animals_losses": np.array([0.06, 0.05, 0.1, 0.08]), "starvation": 2.0, "feed_ratio_owner": 1.0,
    "neglect": 0.3, "herd_experience": 0.25, "common_herd_owner": np.array([0.0, 1.0]), "most_dying": 0.3,
    "settlement_losses": 1.5, "moving_herds": only(0.4, 0.1), "pressure": 0.0,
}  # fmt: skip


def lost(**given: float | Array) -> Array:
    """Return the share of each herd that is lost in a year."""
    herds = np.ones((KINDS, 2, MANY))
    made = reckon("livestock.lose_animals", animals_owner=herds, **(LOSSES | given))
    return np.broadcast_to(made["lost_animals_owner"] * 12.0, herds.shape)


def test_nothing_is_lost_at_the_null_values() -> None:
    assert (lost(**NULL, feed_ratio_owner=0.0, pressure=1.0) == 0.0).all()


def test_animals_are_lost_as_herders_are_settled_under_pressure() -> None:
    beyond = lost(pressure=0.5) - lost()
    np.testing.assert_allclose(beyond, np.broadcast_to(1.5 * only(0.4, 0.1) * 0.5, beyond.shape), rtol=1e-9)
    assert (lost(pressure=1.0) > lost(pressure=0.5)).all()


@pytest.mark.parametrize("what", ["settlement_losses", "moving_herds"])
def test_pressure_costs_no_animals_where_nobody_is_settled(what: str) -> None:
    np.testing.assert_allclose(lost(pressure=1.0, **{what: 0.0}), lost(pressure=0.0), rtol=1e-12)


def test_pressure_on_herders_of_one_region_costs_the_others_nothing() -> None:
    changed = lost(pressure=only(0.5)) - lost()
    assert (changed[..., ONE] > 0.0).all()
    assert (np.delete(changed, ONE, axis=-1) == 0.0).all()


def test_no_more_die_in_a_month_than_a_limit() -> None:
    np.testing.assert_allclose(lost(pressure=1.0, settlement_losses=100.0), 0.3 * 12.0, rtol=1e-12)


def test_common_herds_are_neglected_the_less_the_more_is_learnt() -> None:
    beyond = lost(neglect=0.3) - lost(neglect=0.0)
    assert (beyond[:, HOUSEHOLD] == 0.0).all()
    np.testing.assert_allclose(beyond[:, SOCIALISED], 0.3 * 0.75, rtol=1e-9)
    np.testing.assert_allclose(lost(herd_experience=1.0), lost(neglect=0.0), rtol=1e-12)


def test_want_of_feed_kills_convexly_and_plenty_saves_nobody() -> None:
    hungry = lost(feed_ratio_owner=0.5) - lost()
    np.testing.assert_allclose(hungry, 2.0 * 0.5**3, rtol=1e-9)
    np.testing.assert_allclose(lost(feed_ratio_owner=1.3), lost(), rtol=1e-12)


def test_experience_of_common_herds_is_gained_where_there_are_some() -> None:
    def learnt(**given: float | Array) -> Array:
        usual: Given = {"herd_experience": 0.2, "collectivised_share": only(0.5), "experience_time": 20.0}
        made = reckon("livestock.learn_to_keep_common_herds", **(usual | given))
        return np.asarray(made["herd_experience"])

    np.testing.assert_allclose(learnt(), 0.2 + only(0.5) * 0.8 / 20.0, rtol=1e-12)
    np.testing.assert_allclose(learnt(herd_experience=1.0), 1.0, rtol=1e-12)


def test_young_are_born_by_the_feed_of_their_region() -> None:
    feed = np.ones((2, MANY))
    feed[:, ONE] = 0.5
    births = reckon("livestock.births_by_feed", feed_ratio_owner=feed, birth_feed_elasticity=2.0)
    np.testing.assert_allclose(births, feed**2, rtol=1e-12)
    plain = reckon("livestock.births_by_feed", feed_ratio_owner=feed, birth_feed_elasticity=0.0)
    np.testing.assert_allclose(plain, 1.0, rtol=1e-12)


def test_meat_and_milk_are_shared_between_village_and_towns_whole() -> None:
    made = reckon(
        "livestock.share_meat_and_milk", meat_of_month=SHARES, milk_of_month=SHARES[::-1], town_share=0.3
    )
    np.testing.assert_allclose(made["meat_town"] + made["meat_village"], SHARES, rtol=1e-12)
    np.testing.assert_allclose(made["milk_town"] + made["milk_village"], SHARES[::-1], rtol=1e-12)
    np.testing.assert_allclose(made["meat_town"], 0.3 * SHARES, rtol=1e-12)


# ---- what is killed ----------------------------------------------------------------------------------------


def killed(**given: float | Array) -> Array:
    """Return the share of each herd that is slaughtered in the month."""
    herds = np.ones((KINDS, 2, MANY))
    usual: Given = {
        "ordinary_offtake": 0.3, "offtake_season": 0.5, "young_offtake": 0.4,
        "killed_young_animals": np.array([1.0, 0.0, 0.0, 1.0]), "slaughter_from_fear": 0.0,
        "slaughter_from_hunger": 0.0, "own_animals_owner": np.array([1.0, 0.0]), "most_killed": 0.5,
    }  # fmt: skip
    made = reckon("livestock.slaughter_animals", animals_owner=herds, **(usual | given))
    return np.broadcast_to(made["offtake_animals_owner"], herds.shape)


def test_households_kill_from_fear_and_hunger_and_kolkhozes_do_not() -> None:
    np.testing.assert_allclose(killed()[1:3], 0.15, rtol=1e-12)
    np.testing.assert_allclose(killed()[[0, 3]], 0.15 * 0.6, rtol=1e-12)  # some were killed young
    for why in ("slaughter_from_fear", "slaughter_from_hunger"):
        beyond = killed(**{why: np.full((KINDS, MANY), 0.1) * only(1.0)}) - killed()
        np.testing.assert_allclose(beyond[:, HOUSEHOLD], np.ones((KINDS, 1)) * only(0.1), atol=1e-12)
        assert (beyond[:, SOCIALISED] == 0.0).all()
    np.testing.assert_allclose(killed(ordinary_offtake=9.0), 0.5, rtol=1e-12)


def test_hunger_kills_what_is_eaten_where_food_is_wanting() -> None:
    given: Given = {"hunger_slaughter": 0.2, "nutrition_at_ease": 0.9}
    given |= {"eaten_in_need_animals": np.array([1.0, 0.0, 1.0, 0.5])}
    rates = reckon("livestock.slaughter_from_hunger", village_nutrition=only(0.4, 1.2), **given)
    np.testing.assert_allclose(rates, np.outer([0.1, 0.0, 0.1, 0.05], only(1.0)), rtol=1e-12)


def test_fear_kills_under_pressure_and_where_plots_have_no_rights() -> None:
    given: Given = {"parameter_animals_slaughter": np.array([0.1, 0.2, 0.3, 0.0]), "standing_risk": 0.5}
    rates = reckon("livestock.slaughter_from_fear", pressure=only(0.4), plot_rights=1.0, **given)
    np.testing.assert_allclose(rates, np.outer([0.1, 0.2, 0.3, 0.0], only(0.4)), rtol=1e-12)
    none = reckon("livestock.slaughter_from_fear", pressure=0.0, plot_rights=0.0, **given)
    np.testing.assert_allclose(np.ravel(none)[:1], 0.05, rtol=1e-12)


def test_feed_is_measured_by_what_the_herds_of_the_region_need() -> None:
    made = reckon(
        "livestock.note_feed", moved_feed_from_individual=SHARES, moved_feed_from_members=SHARES * 0.5,
        moved_feed_from_hidden=SHARES * 0.5, household_feed_need=SHARES * 4.0 * only(0.0, 1.0),
        moved_feed_socialised=SHARES,
        socialised_feed_norm=only(0.0, 1.0), most_feed=1.2,
    )  # fmt: skip
    np.testing.assert_allclose(made["feed_ratio_household"], only(1.2, 0.5), rtol=1e-12)
    assert made["feed_ratio_socialised"][ONE] == 1.2  # who needs nothing has enough
    np.testing.assert_allclose(made["feed_ratio_socialised"][0], SHARES[0], rtol=1e-12)


def test_cows_give_less_milk_for_want_of_feed() -> None:
    given: Given = {"cattle_owner": np.stack([SHARES * 6.0, SHARES * 2.0]), "milk_without_feed": 0.4}
    given |= {"cow_share": 0.5, "milk_yield": 1.2}
    full, hungry, fat = (
        reckon("livestock.milk_of_month", feed_ratio_owner=feed, **given) for feed in (1.0, 0.0, 1.5)
    )
    np.testing.assert_allclose(full, SHARES * 8.0 * 0.5 * 0.1, rtol=1e-12)
    np.testing.assert_allclose(hungry, 0.4 * full, rtol=1e-12)
    np.testing.assert_allclose(fat, full, rtol=1e-12)
