"""Laws of hidden grain: what is kept from the barn, eaten and found; none appears and none is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from standing import HERD, JULY, NOVEMBER, Parameters, held, moved, of, read, sizes, stand
from watching import BASELINE, act, put

from planmodel.engine import Array
from planmodel.runs.history import History

LOSSES = {"harvest_loss": 0.1, "loss_from_slack": 0.2, "loss_from_weakness": 0.4}
# ---- hidden grain ------------------------------------------------------------------------------------------

HIDING = {"hidden_always": 0.05, "hidden_of_asked": 0.3, "law_against_hiding": 0.6}
OPEN = HIDING | {"hidden_always": 0.0, "hidden_of_asked": 0.0}


def hiding(law: float = 0.0, by: Mapping[str, float] = HIDING, taken: float = 0.35) -> float:
    history = stand(JULY, {"cropping": by}, taken_of_crop=taken)
    history.levers["penal_law"] = law
    return read(history, "hidden_share", "cropping")


def test_more_is_hidden_as_more_is_asked_and_less_under_the_law() -> None:
    assert hiding() == pytest.approx(0.05 + 0.3 * 0.2, rel=1e-9)
    assert hiding(taken=0.45) - hiding() == pytest.approx(0.3 * 0.1, rel=1e-9)
    assert hiding(taken=0.1) == pytest.approx(0.05, rel=1e-12)
    assert hiding(law=1.0) == pytest.approx(hiding() * 0.4, rel=1e-9)
    assert hiding(law=0.5) == pytest.approx(hiding() * 0.7, rel=1e-9)


def test_nothing_is_hidden_at_the_null_values() -> None:
    assert hiding(by=OPEN, taken=0.9) == 0.0
    lawless = HIDING | {"law_against_hiding": 0.0}
    assert hiding(law=1.0, by=lawless) == hiding(law=0.0, by=lawless)


def harvested(by: Mapping[str, float]) -> History:
    history = stand(JULY, {"cropping": by}, sown_area=90.0, collectivised_share=0.4, taken_of_crop=0.35)
    history.ledger.endow("grain", "hidden", 0.0)
    act(history, "cropping.bring_in", "cropping.count_standing_crop")
    return history


def test_what_ripens_is_lost_hidden_or_brought_in() -> None:
    history, open_ = harvested(LOSSES | HIDING), harvested(LOSSES | OPEN)
    share = read(history, "hidden_share", "cropping")
    assert share == pytest.approx(0.11, rel=1e-9)
    for holding in HERD:
        ripe, lost = (read(history, f"{what}_{holding}", "cropping") for what in ("ripe_crop", "lost"))
        brought = ripe * (1.0 - lost)
        assert moved(history, f"hidden_{holding}") == pytest.approx(share * brought, rel=1e-9)
        assert moved(history, f"grain_harvest_{holding}") == pytest.approx((1.0 - share) * brought, rel=1e-9)
        assert moved(open_, f"hidden_{holding}") == 0.0 < moved(open_, f"grain_harvest_{holding}")
    ripe, lost = (read(history, name, "cropping") for name in ("ripe_crop_state_farm", "lost_on_state_farms"))
    assert moved(history, "grain_harvest_state_farm") == pytest.approx(ripe * (1.0 - lost), rel=1e-9)


def test_what_is_always_hidden_came_on_top_of_the_harvest_that_was_counted_in_1928() -> None:
    always, never = (History(BASELINE, parameters=sizes({"cropping": by})) for by in (HIDING, OPEN))
    crop = [of(history, "yield_1928") * (1.0 - share) for history, share in ((always, 0.05), (never, 0.0))]
    assert crop[0] == pytest.approx(crop[1], rel=1e-12)
    counted = [read(history, "ordinary_yield", "cropping") for history in (always, never)]
    assert counted[0] == pytest.approx(counted[1], rel=1e-12)


def test_hidden_grain_is_held_apart_and_counted_from_july() -> None:
    history = harvested(HIDING)
    hidden = moved(history, "hidden_individual") + moved(history, "hidden_kolkhoz")
    assert held(history, "hidden") == pytest.approx(hidden, rel=1e-12)
    put(history, {"hidden_this_year": 3.0, "harvest_this_year": 5.0})
    act(history, "cropping.count_hidden_grain", "cropping.count_harvest")
    assert of(history, "hidden_this_year") == pytest.approx(hidden, rel=1e-12)  # July: a new year
    barns = sum(moved(history, f"grain_harvest_{form}") for form in ("individual", "kolkhoz", "state_farm"))
    assert of(history, "harvest_this_year") == pytest.approx(barns, rel=1e-12)
    later = stand(NOVEMBER, hidden_this_year=3.0)
    act(later, "cropping.count_hidden_grain")
    assert of(later, "hidden_this_year") == 3.0


def eats(**grain: float) -> History:
    """Let a village eat that has some grain of each kind, and seed for nothing."""
    history = stand(NOVEMBER, seed_need_individual=0.0, household_feed_need=1.0)
    for barn in ("individual", "members", "hidden"):
        history.ledger.endow("grain", barn, grain.get(barn, 0.0))
    history.workspace.forget()
    act(history, "nutrition.eat")
    return history


LARDERS = ("individual", "members", "hidden")


def test_hidden_grain_feeds_as_any_other_and_is_drawn_on_by_its_part() -> None:
    barns, pits = eats(individual=4.0, members=2.0), eats(individual=3.0, members=1.0, hidden=2.0)
    for flow in ("food", "feed_from"):
        total = [sum(moved(h, f"{flow}_{larder}") for larder in LARDERS) for h in (barns, pits)]
        assert total[0] == pytest.approx(total[1], rel=1e-12)
        parts = [moved(pits, f"{flow}_{larder}") / total[1] for larder in LARDERS]
        assert parts == pytest.approx([1.0 / 2.0, 1.0 / 6.0, 1.0 / 3.0], rel=1e-9)
        assert moved(barns, f"{flow}_hidden") == 0.0
    act(pits, "livestock.note_feed")
    fed = sum(moved(pits, f"feed_from_{larder}") for larder in LARDERS)
    assert of(pits, "feed_ratio_household") == pytest.approx(min(fed, 1.2), rel=1e-9)


def test_who_has_only_hidden_grain_lives_on_it() -> None:
    history = eats(hidden=6.0)
    assert moved(history, "food_hidden") > 0.0 == moved(history, "food_individual")


def test_what_is_hidden_is_left_to_each_class_of_districts_as_its_harvest_is() -> None:
    known, richer = (stand(NOVEMBER, hidden_this_year=h, harvest_this_year=60.0) for h in (0.0, 5.0))
    left = [h.workspace.read("grain_left_over_districts") for h in (known, richer)]
    np.testing.assert_allclose(
        left[1] - left[0], 5.0 * known.workspace.read("harvest_shape_district"), rtol=1e-9
    )
    assert (left[0] > 0.0).all()


# ---- searches ----------------------------------------------------------------------------------------------


def found(day: date = NOVEMBER, size: float = 0.4, fulfilment: float = 0.75, **how: float) -> History:
    """Search a village that hides two million tonnes."""
    history = stand(day, {"procurement": {"finding": size}}, plan_fulfilment=fulfilment)
    history.ledger.endow("grain", "hidden", 2.0)
    history.workspace.forget()
    put(history, {"quotas_this_year": how.get("quotas", 1.0), "emergency": how.get("emergency", 0.0)})
    act(history, "procurement.search")
    return history


def test_searches_find_the_more_the_further_the_plan_is_missed() -> None:
    assert moved(found(), "grain_found") == pytest.approx(2.0 * 0.4 * 0.25, rel=1e-9)
    assert moved(found(fulfilment=0.5), "grain_found") == pytest.approx(2.0 * 0.4 * 0.5, rel=1e-9)
    for done in (1.0, 1.4):
        assert moved(found(fulfilment=done), "grain_found") == 0.0
    assert moved(found(size=0.0), "grain_found") == 0.0


def test_nobody_searches_where_grain_is_bought_unless_measures_are_in_force() -> None:
    assert moved(found(quotas=0.0), "grain_found") == 0.0
    assert moved(found(quotas=0.0, emergency=1.0), "grain_found") == pytest.approx(0.2, rel=1e-9)


def test_what_is_found_goes_to_the_state_counts_as_taken_and_nobody_is_paid() -> None:
    history, none = found(), found(size=0.0)
    stock = [held(h, "state") for h in (none, history)]
    assert stock[1] - stock[0] == pytest.approx(0.2, rel=1e-9)
    assert held(history, "hidden") == pytest.approx(1.8, rel=1e-9)
    counts = ("taken_this_year", "taken_from_peasants", "found_this_year")
    before = [of(history, name) for name in counts]
    act(history, "procurement.count_year")
    after = [of(history, name) for name in counts]
    assert np.subtract(after, before) == pytest.approx([0.2, 0.2, 0.2], rel=1e-9)
    value = [read(h, "deliveries_to_state", "payments") for h in (none, history)]
    assert value[0] == value[1]


def test_what_is_found_comes_on_top_of_what_barns_can_give() -> None:
    """It counts towards what is due, and not under the ceiling; the next campaign begins anew."""
    tops, asked, dues = ([], [], [])
    for had in (0.0, 2.0):
        history = stand(NOVEMBER, harvest_this_year=60.0, found_this_year=had, taken_from_peasants=4.0 + had)
        put(
            history,
            {
                "quotas_this_year": 1.0,
                "procurement_plan": 500.0,
                "regional_plan": 500.0,
                "taken_this_year": 4.0 + had,
            },
        )
        tops.append(read(history, "extraction_ceiling", "procurement"))
        asked.append(read(history, "asked_this_month", "procurement"))
        act(history, "procurement.set_dues")
        dues.append(of(history, "kolkhoz_dues"))
    assert tops[1] - tops[0] == pytest.approx(2.0, rel=1e-9)
    assert asked[1] == pytest.approx(asked[0], rel=1e-9)
    assert dues[1] == pytest.approx(dues[0], rel=1e-9)
    within = stand(NOVEMBER, harvest_this_year=60.0, found_this_year=0.5, taken_from_peasants=1.5)
    put(
        within,
        {"quotas_this_year": 1.0, "procurement_plan": 2.0, "regional_plan": 2.0, "taken_this_year": 1.5},
    )
    owed = read(within, "procurement_due", "procurement") * 2.0 - 1.5
    assert read(within, "asked_this_month", "procurement") == pytest.approx(owed, rel=1e-3)
    anew = stand(JULY, found_this_year=2.0)
    assert read(anew, "found_so_far", "procurement") == 0.0


# ---- a whole run -------------------------------------------------------------------------------------------

MIDDLE: Parameters = {
    "cropping": {
        "sowing_draught": 0.25, "sowing_food": 0.3, "loss_from_weakness": 0.3, "hidden_always": 0.05,
        "hidden_of_asked": 0.175, "law_against_hiding": 0.4,
    },
    "effort": {"terms_effect": 0.5, "norm_credit": 0.5, "despair": 0.4, "newness": 0.125},
    "procurement": {"finding": 0.5},
}  # fmt: skip


def test_hidden_grain_is_eaten_fed_or_found_and_none_appears_or_is_lost() -> None:
    run = History(BASELINE.until(date(1934, 12, 31)), parameters=sizes(MIDDLE)).run().dataset

    def series(name: str) -> Array:
        return np.asarray(run[name].isel(member=0).values)

    came = series("hidden_individual") + series("hidden_kolkhoz")
    went = series("food_hidden") + series("feed_from_hidden") + series("grain_found")
    stock = series("grain_hidden")
    assert came.sum() > 5.0
    assert series("grain_found").sum() > 0.01
    np.testing.assert_allclose(np.cumsum(came - went), stock, rtol=1e-9, atol=1e-9)
    assert (stock >= 0.0).all()
    months, years = run["time"].dt.month.values, run["time"].dt.year.values
    assert (series("grain_found")[months == 7] == 0.0).all()  # a campaign does not search for the last one
    assert (series("plan_fulfilment")[months == 6] < 1.0).any()
    assert came[years == 1932].sum() < came[years == 1931].sum()
