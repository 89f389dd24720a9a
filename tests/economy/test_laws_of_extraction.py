"""Laws of extraction with one ceiling: what is owed, up to a share of the harvest, district by district."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from watching import BASELINE, put

from planmodel.engine import Array
from planmodel.runs.history import History
from planmodel.runs.of_scenario import Overrides
from planmodel.scenario import load_scenario

HARVEST = 60.0


def quotas(plan: float | Array, sizes: dict[str, dict[str, float]] | None = None) -> History:
    """Return an economy under quotas in October 1929, when all is threshed."""
    many = np.atleast_1d(np.asarray(plan, dtype=float))
    given: Overrides = {b: {n: np.full(len(many), v) for n, v in g.items()} for b, g in (sizes or {}).items()}
    history = History(BASELINE.until(date(1929, 12, 31)), [0] * len(many), parameters=given)
    history.clock.environment.run(until=history.clock.day(date(1929, 10, 31)))
    put(history, {"harvest_this_year": HARVEST, "organised_share": 0.4, "taken_this_year": 0.0})
    put(history, {"quotas_this_year": 1.0})
    history.board["procurement_plan"] = many
    history.board["regional_plan"] = many
    history.board["taken_from_peasants"] = np.zeros(len(many))
    history.board.settle()
    return history


def reads(history: History, name: str) -> Array:
    return np.asarray(history.workspace.read(name))


def ceiling(share: float = 0.4) -> float:
    sizes = BASELINE.parameters.procurement
    return (sizes.ceiling + sizes.ceiling_kolkhoz * share) * HARVEST


EVEN = {
    "nutrition": dict.fromkeys(("harvest_spread", "harvests_between", "quota_spread", "quotas_between"), 0.0)
}


def test_where_districts_are_alike_it_is_the_quota_up_to_the_ceiling() -> None:
    plans = np.array([0.0, 5.0, 15.0, 25.0, 40.0, 80.0])
    got = reads(quotas(plans, EVEN), "attainable").ravel()
    np.testing.assert_allclose(got, np.minimum(plans, ceiling()), rtol=1e-12)


def test_more_is_got_of_a_larger_plan_ever_less_of_the_last_tonne_and_never_beyond_the_ceiling() -> None:
    plans = np.linspace(0.0, 120.0, 61)
    got = reads(quotas(plans), "attainable").ravel()
    more = np.diff(got) / np.diff(plans)
    assert (more >= -1e-12).all()
    assert (np.diff(more) <= 1e-9).all()
    assert (got <= np.minimum(plans, ceiling()) * (1.0 + 1e-12)).all()
    assert got[-1] == pytest.approx(ceiling(), rel=1e-3)
    assert more[0] == pytest.approx(1.0, abs=0.02)


def test_uneven_quotas_bring_less_and_leave_the_poor_the_least() -> None:
    brought = []
    for spread in (0.0, 0.3, 0.6):
        history = quotas(22.0, {"nutrition": {"quota_spread": spread}})
        brought.append(float(reads(history, "attainable").ravel()[0]))
        part = reads(history, "attainable_over_districts") / reads(history, "harvest_shape_district")
        assert (np.diff(part[:, 0]) <= 1e-9).all()  # the poorest class stands first
        assert part.max() <= ceiling() * (1.0 + 1e-12)
        left = reads(history, "grain_left_over_districts")[:, 0]
        assert (np.diff(left) >= 0.0).all()
    assert brought[0] > brought[1] > brought[2]


def test_quotas_that_follow_this_years_harvest_take_the_same_part_of_it_everywhere() -> None:
    parts = []
    for past in (0.0, 0.5, 1.0):
        history = quotas(
            15.0, {"nutrition": {"quota_spread": 0.0, "quotas_between": 0.0, "quota_on_past": past}}
        )
        parts.append(reads(history, "quota_over_districts") / reads(history, "harvest_shape_district"))
    assert np.ptp(parts[0]) < 1e-12
    assert np.ptp(parts[2]) > np.ptp(parts[1]) > 0.01
    assert np.ptp(reads(history, "quota_over_districts")) < 1e-12  # past yields are the same for all


def test_norms_and_markets_know_no_uneven_quotas() -> None:
    by_quota = quotas(20.0)
    assert np.ptp(reads(by_quota, "quota_over_districts") / reads(by_quota, "harvest_shape_district")) > 0.1
    # A norm goes by the fields, as last known; who sells does so by what he has harvested.
    for states, by in (
        ({"deliveries_this_year": 1.0}, "known_shape_district"),
        ({"quotas_this_year": 0.0}, "harvest_shape_district"),
    ):
        other = quotas(20.0)
        put(other, states)
        assert np.ptp(reads(other, "quota_over_districts") / reads(other, by)) < 1e-12


def test_kolkhozes_raise_the_ceiling_by_their_share() -> None:
    sizes = {"procurement": {"ceiling": 0.4, "ceiling_kolkhoz": 0.2}}
    history = quotas(500.0, sizes)
    tops = []
    for share in (0.0, 0.5, 1.0):
        put(history, {"organised_share": share})
        tops.append(float(reads(history, "extraction_ceiling").ravel()[0]))
    assert tops == pytest.approx([0.4 * HARVEST, 0.5 * HARVEST, 0.6 * HARVEST])


def test_the_campaign_asks_for_what_is_due_and_what_comes_from_others_is_not_asked_again() -> None:
    history = quotas(np.array([20.0, 20.0]), EVEN)
    history.board["taken_this_year"] = np.array([3.0, 5.0])
    history.board["taken_from_peasants"] = np.array([3.0, 3.0])  # two of the second are from state farms
    history.board.settle()
    assert history.clock.today.month == 10
    due = 0.06 + 0.18 + 0.26 + 0.20
    asked = reads(history, "asked_this_month").ravel()
    np.testing.assert_allclose(asked, np.array([20.0, 18.0]) * due - 3.0, rtol=1e-9)


def cut(
    taken: float | Array, sizes: dict[str, dict[str, float]] | None = None, **put_there: float
) -> History:
    """Return an economy under a plan of 20 million tonnes, of which peasants gave some by October."""
    history = quotas(np.full(np.size(taken), 20.0), sizes)
    given = np.atleast_1d(np.asarray(taken, dtype=float))
    history.board["taken_this_year"] = history.board["taken_from_peasants"] = given
    put(history, put_there)
    history.board.settle()
    history.workspace.act("procurement.cut_the_plan")
    history.board.settle()
    return history


def test_the_centre_gives_up_a_part_of_what_a_region_is_behind_with() -> None:
    due = 20.0 * (0.06 + 0.18 + 0.26 + 0.20)
    history = cut(np.array([due + 1.0, due, due - 2.0]))
    rate = BASELINE.parameters.procurement.plan_yielding
    np.testing.assert_allclose(history.board["grain_plan_cut"], [0.0, 0.0, 2.0 * rate], atol=1e-12)
    np.testing.assert_allclose(history.board["quota_cut"], history.board["grain_plan_cut"] / 20.0)
    asked = reads(history, "due_this_year").ravel()
    assert asked[0] - asked[2] == pytest.approx(2.0 * rate, abs=1e-9)


def test_cuts_add_up_within_a_campaign_and_end_with_it() -> None:
    again = cut(5.0, grain_plan_cut=3.0)
    behind = (20.0 - 3.0) * 0.7 - 5.0
    rate = BASELINE.parameters.procurement.plan_yielding
    assert again.board["grain_plan_cut"][0] == pytest.approx(3.0 + rate * behind)
    assert reads(again, "plan_in_force").ravel()[0] == pytest.approx(17.0 - rate * behind)
    fulfilled = reads(again, "fulfilment_to_date").ravel()[0]
    assert fulfilled == pytest.approx(5.0 / (0.7 * (17.0 - rate * behind)))
    july = History(BASELINE.until(date(1928, 7, 31)))
    july.clock.environment.run(until=july.clock.day(date(1928, 7, 28)))
    put(july, {"grain_plan_cut": 3.0})
    assert reads(july, "cut_so_far").ravel()[0] == 0.0


def test_a_centre_that_never_yields_and_a_market_cut_nothing() -> None:
    never = {"procurement": {"plan_yielding": 0.0}}
    assert cut(0.0, never).board["grain_plan_cut"][0] == 0.0
    assert cut(0.0, quotas_this_year=0.0).board["grain_plan_cut"][0] == 0.0


def test_no_cliff_in_deaths_or_procurement_over_the_harvest() -> None:
    """Harvests of all years from -4 to +4 % by a quarter of a percent: no jump beyond a fifth of a level."""
    scenario = load_scenario("one_country").until(date(1933, 12, 31))
    harvests = scenario.parameters.cropping.harvest_1928 * (1.0 + np.arange(-0.04, 0.0401, 0.0025))
    parameters: Overrides = {"cropping": {"harvest_1928": harvests}}
    data = History(scenario, [0] * len(harvests), parameters=parameters).run().dataset
    flows = [str(n) for n in data if str(n).startswith("excess_deaths_")]
    dead = np.sum([data[n].sel(time=slice("1930", "1933")).sum("time").values for n in flows], axis=0)
    assert (np.abs(np.diff(dead)) / dead[:-1]).max() < 0.2  # of the level before it
    assert (np.diff(dead) < 0.0).all()
    share = data["collectivised_share"].sel(time="1931-06").values.ravel()
    assert np.abs(np.diff(share)).max() < 0.01
