"""Laws of what the state gives to regions: relief, seed, resale, and what it puts aside."""

from __future__ import annotations

import numpy as np
import pytest
from regional import (
    MANY,
    ONE,
    REGIONS,
    SHARES,
    WEIGHTS,
    Given,
    only,
    read,
    reckon,
    reckon_in,
    standing,
    village,
)
from standing import APRIL, JULY

from planmodel.engine import Array

WANTED = SHARES * 3.6  # of relief, million tonnes


def served(**given: float | Array) -> dict[str, Array]:
    """Return what is served in a month in which the state has 0.9 million tonnes to spare."""
    usual: Given = {
        "grain_to_spare_of_state": 0.9, "seed_loan_claim": 0.0, "relief_claim": WANTED, "relief_months": 3.0,
        "months_to_july": 5, "thrift": 0.8, "resale_claim": 2.0, "resale_share_region": SHARES,
    }  # fmt: skip
    made: dict[str, Array] = reckon("state_grain.serve", **(usual | given))
    return made


# ---- relief ------------------------------------------------------------------------------------------------


def test_relief_goes_by_what_is_wanting_and_adds_up_to_what_is_granted() -> None:
    given = served()["grain_relief_region"]
    assert given.sum() == pytest.approx(0.9 / 3.0, rel=1e-12)
    np.testing.assert_allclose(given / given.sum(), SHARES, rtol=1e-12)


def test_no_region_gets_more_relief_than_it_wants_however_much_the_state_has() -> None:
    np.testing.assert_allclose(
        served(grain_to_spare_of_state=100.0)["grain_relief_region"], WANTED, rtol=1e-12
    )
    assert (served(relief_claim=0.0)["grain_relief_region"] == 0.0).all()


def test_who_wants_nothing_leaves_relief_to_the_others() -> None:
    given = served(relief_claim=only(5.0))["grain_relief_region"]
    np.testing.assert_allclose(given, only(0.3), rtol=1e-12)


def test_relief_is_spread_over_the_months_to_the_harvest_at_most() -> None:
    assert served(months_to_july=2)["grain_relief_region"].sum() == pytest.approx(0.45, rel=1e-12)
    assert served(months_to_july=1)["grain_relief_region"].sum() == pytest.approx(0.9, rel=1e-12)
    assert served(months_to_july=12)["grain_relief_region"].sum() == pytest.approx(0.3, rel=1e-12)


def test_seed_comes_before_relief_and_is_lent_as_asked() -> None:
    made = served(seed_loan_claim=SHARES * 0.6)
    np.testing.assert_allclose(made["seed_loan_region"], SHARES * 0.6, rtol=1e-12)
    assert made["grain_relief_region"].sum() == pytest.approx((0.9 - 0.6) / 3.0, rel=1e-12)
    assert (served(seed_loan_claim=SHARES * 0.9)["grain_relief_region"] == 0.0).all()
    assert (served(seed_loan_claim=SHARES * 7.0)["grain_relief_region"] == 0.0).all()


def test_relief_is_claimed_for_what_is_wanting_as_far_as_the_state_means_to_give_it() -> None:
    def claim(**given: float | Array) -> Array:
        usual: Given = {"village_deficit_region": WANTED, "relief": 0.5, "relief_will": 0.4}
        return np.asarray(reckon("state_grain.relief_claim", **(usual | given)))

    np.testing.assert_allclose(claim(), WANTED * 0.2, rtol=1e-12)
    assert (claim(relief=0.0) == 0.0).all()
    assert (claim(relief_will=0.0) == 0.0).all()
    np.testing.assert_allclose(claim(village_deficit_region=only(1.0)), only(0.2), rtol=1e-12)


def test_relief_leaves_the_state_for_the_region_that_hungers() -> None:
    """Through all equations to the books."""
    history = village(APRIL, {"state_grain": {"relief": 1.0}}, village_deficit=only(0.01))
    history.ledger.endow("grain", "state", 60.0)
    history.levers["relief_will"] = 1.0
    history.workspace.act("state_grain.serve")
    asked = history.ledger.proposed()
    np.testing.assert_allclose(
        [asked[f"grain_relief_{region}"][0] for region in REGIONS], only(0.01), atol=1e-9
    )
    before = [history.ledger.stock("grain", f"members_{region}")[0] for region in REGIONS]
    resold = np.array([asked[f"grain_resale_{region}"][0] for region in REGIONS])
    history.ledger.settle()
    after = [history.ledger.stock("grain", f"members_{region}")[0] for region in REGIONS]
    np.testing.assert_allclose(np.subtract(after, before) - resold, only(0.01), atol=1e-9)


# ---- who eats it -------------------------------------------------------------------------------------------


def eaten(own: Array, **given: float | Array) -> Array:
    usual: Given = {
        "moved_grain_relief": 0.5, "village_eaters": 20.0, "hunger_line": 2000.0,
        "calories_of_their_own": own, "district_weight_district": WEIGHTS,
    }  # fmt: skip
    return np.asarray(reckon("nutrition.relief_eaten", **(usual | given)))


POOR = np.array([800.0, 1400.0, 2000.0, 2600.0])[:, None] * np.ones(MANY)


def test_relief_is_eaten_where_food_is_below_the_hunger_line_by_how_much_is_wanting() -> None:
    got = eaten(POOR)
    np.testing.assert_allclose(WEIGHTS @ got, 0.5 / 20.0, rtol=1e-12)  # all of it, and no more
    np.testing.assert_allclose(got[0] / got[1], 1200.0 / 600.0, rtol=1e-6)
    assert np.abs(got[2:]).max() < 1e-9


def test_each_region_eats_its_own_relief() -> None:
    got = eaten(POOR, moved_grain_relief=only(0.5))
    np.testing.assert_allclose(WEIGHTS @ got, only(0.025), rtol=1e-12)
    richer = POOR.copy()
    richer[:, ONE] += 500.0
    changed = eaten(richer) != eaten(POOR)
    assert changed[:, ONE].all()
    assert not np.delete(changed, ONE, axis=1).any()


def test_relief_is_not_lost_where_nobody_hungers() -> None:
    np.testing.assert_allclose(eaten(POOR + 3000.0), 0.025, rtol=1e-9)


def test_relief_adds_to_food_up_to_what_anybody_eats() -> None:
    given: Given = {"calories_of_their_own": POOR, "kilograms_a_day": 30.0, "grain_energy": 3000.0}
    given |= {"most_calories": 2500.0}
    none, some = (
        reckon("nutrition.village_calories_now", relief_eaten=relief, **given) for relief in (0.0, 0.005)
    )
    np.testing.assert_allclose(none, np.minimum(POOR, 2500.0), rtol=1e-12)
    np.testing.assert_allclose(some, np.minimum(POOR + 450.0, 2500.0), rtol=1e-12)


# ---- seed --------------------------------------------------------------------------------------------------


def wanting(**given: float | Array) -> Array:
    usual: Given = {"kolkhoz_seed_fund": 1.0, "grain_kolkhoz": 1.2, "district_weight_district": WEIGHTS}
    usual |= {"food_over_districts": 1.0}
    return np.asarray(reckon("kolkhoz.seed_wanting", **(usual | given)))


def test_seed_is_wanting_in_poor_districts_before_it_is_on_the_mean() -> None:
    uneven = np.array([0.2, 0.5, 1.0, 1.45])[:, None] * np.ones(MANY)
    assert WEIGHTS @ uneven[:, 0] == pytest.approx(1.0)
    assert (wanting() == 0.0).all()
    poor = 0.1 * (1.0 - 0.24) + 0.2 * (1.0 - 0.6)
    np.testing.assert_allclose(wanting(food_over_districts=uneven), poor, rtol=1e-12)
    np.testing.assert_allclose(wanting(grain_kolkhoz=0.7), 0.3, rtol=1e-12)
    np.testing.assert_allclose(wanting(grain_kolkhoz=0.0), 1.0, rtol=1e-12)


def test_seed_of_one_region_does_not_help_another() -> None:
    np.testing.assert_allclose(wanting(grain_kolkhoz=only(0.5, 50.0)), only(0.5), rtol=1e-12)


def test_seed_is_lent_from_february_to_april_as_far_as_decided() -> None:
    def claim(month: int, loans: float = 0.5) -> Array:
        return np.asarray(
            reckon("state_grain.seed_loan_claim", month=month, seed_wanting=SHARES, seed_loans=loans)
        )

    for month in range(1, 13):
        lent = SHARES * 0.5 if month in (2, 3, 4) else 0.0
        np.testing.assert_allclose(claim(month), lent, rtol=1e-12)
    assert np.all(claim(3, 0.0) == 0.0)


def test_seed_is_lent_to_the_region_that_lacks_it() -> None:
    """Through all equations: one region has no grain in its kolkhozes in spring."""
    history = village(
        APRIL, {"state_grain": {"seed_loans": 1.0}}, seed_need_kolkhoz=1.0, seed_need_individual=0.0
    )
    for at, region in enumerate(REGIONS):
        history.ledger.endow("grain", f"kolkhoz_{region}", 0.0 if at == ONE else 50.0)
    wanted = read(history, "seed_loan_claim", "state_grain")[:, 0]
    ahead = float(np.ravel(read(history, "sowing_ahead", "kolkhoz"))[0])
    np.testing.assert_allclose(wanted, only(ahead), atol=1e-12)
    assert ahead > 0.0


# ---- resale and the reserve --------------------------------------------------------------------------------


def test_resale_is_shared_out_whole_by_the_shares_of_regions() -> None:
    given = served()["grain_resale_region"]
    np.testing.assert_allclose(given, SHARES * 2.0 * 0.8, rtol=1e-12)
    assert served(resale_share_region=only(1.0))["grain_resale_region"][ONE] == pytest.approx(1.6, rel=1e-12)
    assert (served(thrift=0.0)["grain_resale_region"] == 0.0).all()
    more = served(resale_share_region=1.4 * SHARES)["grain_resale_region"]
    np.testing.assert_allclose(more, given, rtol=1e-12)  # who gets more, not how much there is


@pytest.mark.parametrize("name", ["resale_share_region", "plan_share_region"])
def test_shares_of_the_table_add_up_to_one(name: str) -> None:
    assert read(standing(), name, "state_grain")[:, 0].sum() == pytest.approx(1.0, abs=1e-5)


def put_aside(harvest: float, **given: float) -> float:
    usual: Given = {
        "reserve_aim": 4.0, "grain_reserve": 1.0, "reserve_saving": 2.0, "procurement_part": 0.25,
        "harvest_last_year": 60.0, "grain_to_spare_of_state": 10.0, "caution_of_saving": 0.1,
    }  # fmt: skip
    made = reckon("state_grain.put_aside", harvest_this_year=harvest, **(usual | given))
    return float(made["grain_to_reserve"])


def test_the_reserve_is_filled_without_a_step_as_the_harvest_rises() -> None:
    harvests = np.linspace(50.0, 70.0, 401)
    saved = np.array([put_aside(float(h)) for h in harvests])
    whole = 3.0 * (1.0 - np.exp(-2.0 * 0.25))
    assert saved[harvests <= 54.0].max() < 1e-12
    np.testing.assert_allclose(saved[harvests >= 60.0], whole, rtol=1e-12)
    steps = np.diff(saved)
    assert (steps >= -1e-15).all()
    assert steps.max() <= 1.001 * whole * (harvests[1] - harvests[0]) / (60.0 * 0.1)
    assert put_aside(57.0) == pytest.approx(whole / 2.0, rel=1e-9)


def test_nothing_is_put_aside_that_is_not_lacking_or_not_spared() -> None:
    assert put_aside(70.0, grain_reserve=4.0) == put_aside(70.0, grain_reserve=9.0) == 0.0
    assert put_aside(70.0, reserve_saving=0.0) == put_aside(70.0, procurement_part=0.0) == 0.0
    assert put_aside(70.0, grain_to_spare_of_state=0.2) == pytest.approx(0.2, rel=1e-12)
    assert put_aside(70.0, reserve_saving=1e3) == pytest.approx(3.0, rel=1e-12)


def test_villages_lack_what_their_regions_lack_together() -> None:
    """What was lacking since July is that of all regions, and begins anew with a harvest."""
    history = village(JULY, None, village_deficit=SHARES, grain_lacked=7.0)
    assert float(reckon_in(history, "state_grain.count_grain_lacked")["grain_lacked"]) == pytest.approx(1.0)
    assert float(
        reckon_in(history, "state_grain.count_grain_lacked", month=8)["grain_lacked"]
    ) == pytest.approx(8.0)
