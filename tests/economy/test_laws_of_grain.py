"""Laws of grain that any form of the model must keep: balance, order, and when a year begins.

They say nothing of how much is sown, eaten or taken, only that grain eaten has left a barn, that totals are
those of the flows, that food and feed share as declared, and that an agricultural year begins in July.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from one_country import ECONOMY
from watching import BASELINE, act, at, drawn, put

from planmodel.engine import Array, every
from planmodel.runs.history import History
from planmodel.scenario import load_scenario

BLOCKS = {block.name: block for block in ECONOMY.blocks}

MEMBERS = 12
DAILY = 1000.0 / (365.25 / 12.0)  # kilograms a day in a tonne a month


@dataclass
class Watched:
    """What a run left behind, the people of the village when it ate, and the food of its best-fed class."""

    dataset: xr.Dataset
    people: Array
    best_fed: Array

    def series(self, name: str) -> Array:
        return np.asarray(self.dataset[name].transpose("member", "time").values)

    @property
    def time(self) -> pd.DatetimeIndex:
        return pd.DatetimeIndex(self.dataset["time"].values)


@pytest.fixture(scope="module")
def watched() -> Watched:
    history = History(BASELINE.until(date(1934, 12, 31)), range(MEMBERS), parameters=drawn(MEMBERS))
    people, best_fed, read = list[Array](), list[Array](), history.workspace.read

    def look() -> None:
        people.append(read("village_population"))
        best_fed.append(read("village_calories_now", "nutrition").max(axis=0))

    history.clock.process(every(history.clock, "consumption", look))
    return Watched(history.run().dataset, np.stack(people, axis=1), np.stack(best_fed, axis=1))


def constant(name: str) -> float:
    """Return a number of the table of food."""
    value = {c.name: c.value for c in BLOCKS["nutrition"].declared.constants}[name]
    assert isinstance(value, float)
    return value


def test_all_food_that_villages_live_on_has_left_a_barn_and_is_counted_once(watched: Watched) -> None:
    """Relief too: it is eaten from the barn to which it was brought."""
    grain, potatoes, milk, meat = (constant(f"{food}_energy") for food in ("grain", "potato", "milk", "meat"))
    eaten = watched.series("food_individual") + watched.series("food_members") + watched.series("food_hidden")
    plots = watched.series("potatoes_eaten_village") * potatoes
    animals = watched.series("milk_village") * milk + watched.series("meat_village") * meat
    other = watched.series("plot_use")
    own = drawn(MEMBERS)["nutrition"]["other_food"][:, None]
    energy = (eaten * grain + plots + animals) * DAILY / watched.people
    # A village of few, or a class of districts to which all relief goes, has more than it eats.
    most, fed = constant("most_calories"), watched.series("village_calories")
    taken_up, full = np.minimum(energy + other * own, most), watched.best_fed >= most
    kilogram = 1e-9 * grain * DAILY / watched.people  # barns that hold less all told are not parted exactly
    assert (np.abs(fed - taken_up) <= 1e-9 * taken_up + kilogram)[~full].all()
    assert (fed[full] <= taken_up[full] * (1.0 + 1e-9)).all()
    assert full.mean() < 0.02
    relief = watched.series("grain_relief")
    assert (relief[:, watched.time.month < 7] > 0.01).sum() > 10
    assert (watched.series("food_members") >= relief * (1.0 - 1e-12)).all()


def test_the_running_totals_of_a_year_are_the_sums_of_its_flows_since_july(watched: Watched) -> None:
    peasants = watched.series("procured_individual") + watched.series("procured_kolkhoz")
    peasants = peasants + watched.series("grain_found")
    mts = watched.series("mts_payment")
    whole = peasants + watched.series("procured_state_farm") + mts
    july = np.flatnonzero(watched.time.month == 7)
    for total, flow in (
        ("taken_this_year", whole),
        ("taken_from_peasants", peasants),
        ("mts_paid_this_year", mts),
    ):
        for first, after in zip(july, [*july[1:], len(watched.time.month)], strict=True):
            summed = np.cumsum(flow[:, first:after], axis=1)
            np.testing.assert_allclose(watched.series(total)[:, first:after], summed, rtol=1e-9, atol=1e-12)
    harvest, share = watched.series("harvest_last_year"), watched.series("taken_share_last_year")
    np.testing.assert_array_equal(harvest[:, july - 1], watched.series("harvest_this_year")[:, july - 1])
    for month in range(12):
        later = july[:-1] + month
        np.testing.assert_array_equal(share[:, later], share[:, july[:-1]])
    for month in range(11):  # the next one is noted when the year is over, in June
        np.testing.assert_array_equal(harvest[:, july[:-1] + month], harvest[:, july[:-1] - 1])
    expected = watched.series("taken_this_year")[:, july - 1] / harvest[:, july - 1]
    np.testing.assert_allclose(share[:, july], expected, rtol=1e-9)


def test_the_mts_are_paid_of_what_they_have_threshed(watched: Watched) -> None:
    """Nothing in July, when hardly anything is threshed, and nothing before deliveries are decreed."""
    paid = watched.series("mts_payment")
    time = watched.time
    assert (paid[:, watched.time.month == 7] == 0.0).all()
    assert (paid[:, time < pd.Timestamp(1933, 8, 1)] == 0.0).all()
    assert (paid[0, (time.year == 1933) & (time.month == 8)] > 0.0).all()


@pytest.mark.parametrize("decreed", [date(1928, 8, 5), date(1928, 12, 15), date(1929, 6, 28)])
def test_a_regime_decreed_at_any_time_begins_with_the_harvest(decreed: date) -> None:
    changes = {"decrees.compulsory_quotas.date": decreed}
    history = History(load_scenario("one_country", changes).until(date(1929, 8, 31)))
    bought = dict[date, bool]()

    def note(day: date) -> None:
        bought[day] = bool(reads(history, "on_market").all())

    history.progress = note
    history.run()
    assert bought == {day: day < date(1929, 7, 1) for day in bought}


def reads(history: History, name: str) -> Array:
    """Return what procurement reads under a name."""
    return np.asarray(history.workspace.read(name, "procurement"))


def begin_harvest(history: History, *levers: str) -> None:
    """Let procurement begin with the harvest, under some levers."""
    for lever in levers:
        history.levers[lever] = 1.0
    begins = ("procurement.open_campaign",) if history.clock.today.month == 7 else ()
    act(history, *begins, "procurement.set_dues", "procurement.lose_to_traders", "procurement.free_sales")


JULY = date(1929, 7, 31)


@pytest.mark.parametrize("levers", [(), ("quotas",), ("quotas", "obligatory_deliveries")])
@pytest.mark.parametrize("harvest", [1e-6, 1.0, 20.0, 70.0])
def test_no_regime_asks_for_more_than_a_part_of_the_harvest(levers: tuple[str, ...], harvest: float) -> None:
    history = at(
        JULY, harvest_this_year=harvest, growing_area=90.0, procurement_plan=50.0, regional_plan=50.0
    )
    begin_harvest(history, *levers)
    asked = reads(history, "attainable")
    limit = BASELINE.parameters.procurement.ceiling + BASELINE.parameters.procurement.ceiling_kolkhoz
    assert (asked >= 0.0).all()
    assert (asked <= limit * harvest * (1.0 + 1e-12)).all()


def test_who_joins_a_kolkhoz_after_the_harvest_began_does_not_raise_the_quota_of_the_year() -> None:
    history = at(
        JULY, harvest_this_year=70.0, procurement_plan=50.0, regional_plan=50.0, collectivised_share=0.1
    )
    begin_harvest(history, "quotas")
    before = reads(history, "attainable").copy()
    put(history, {"collectivised_share": 0.8})
    assert reads(history, "attainable").tolist() == before.tolist()
    begin_harvest(history)  # July again: the next harvest
    assert (reads(history, "attainable") > before).all()


def test_a_new_year_asks_for_its_part_whatever_the_last_one_brought() -> None:
    history = at(JULY, harvest_this_year=70.0, procurement_plan=20.0, regional_plan=20.0)
    begin_harvest(history, "quotas")
    asked = []
    for taken in (0.0, 15.0):
        put(history, {"taken_from_peasants": taken})
        asked.append(reads(history, "asked_this_month").tolist())
    assert asked[0] == asked[1]
    assert min(asked[0]) > 0.0


@pytest.mark.parametrize(("fulfilment", "seized"), [(0.5, True), (0.99, True), (1.0, False), (1.5, False)])
def test_grain_is_seized_only_as_far_as_procurement_is_short_of_plan(fulfilment: float, seized: bool) -> None:
    taken = []
    due = 10.0 * procurement_due_by(1)
    for emergency in (0.0, 1.0):
        history = at(date(1928, 1, 1), emergency=emergency, procurement_plan=10.0, regional_plan=10.0)
        put(history, {"taken_this_year": fulfilment * due})
        begin_harvest(history)
        act(history, "procurement.collect")
        taken.append(history.ledger.moved("procured_individual")[0])
    assert (taken[1] > taken[0]) == seized
    assert 0.0 <= taken[1] - taken[0] <= max(1.0 - fulfilment, 0.0) * due * (1.0 + 1e-9)


@pytest.mark.parametrize("month", range(1, 13))
def test_emergency_measures_are_called_while_grain_is_bought_and_end_with_the_harvest(month: int) -> None:
    """In January too, when they were first called; and only where the plan is missed by the alarm."""
    day = date(1928, 1, 1) if month == 1 else date(1928, month, 28)
    alarm = BASELINE.parameters.procurement.shortfall_alarm
    called = {}
    for in_force in (0.0, 1.0):
        for missed in (alarm - 0.01, alarm + 0.01):
            history = at(day, emergency=in_force, procurement_plan=10.0, regional_plan=10.0)
            history.levers["emergency_measures"] = 1.0
            taken = procurement_due_by(month) * 10.0 * (1.0 - missed)
            put(history, {"taken_this_year": 0.0})
            history.ledger.endow("grain", "state_farms", taken)
            history.ledger.propose("procured_state_farm", np.full(history.ledger.members, taken))
            history.ledger.settle()
            act(history, "procurement.review")
            called[in_force, missed > alarm] = bool(history.board["emergency"][0])
    buying = month in (10, 11, 12, 1, 2)
    assert called[0.0, True] == buying
    assert not called[0.0, False]
    assert called[1.0, True] == called[1.0, False] == (month != 7)


def procurement_due_by(month: int) -> float:
    """Return the share of procurement due by a month's end, by hand."""
    parts = {7: 0.06, 8: 0.18, 9: 0.26, 10: 0.20, 11: 0.13, 12: 0.08, 1: 0.05, 2: 0.04}
    year = [*range(7, 13), *range(1, 7)]
    return sum(parts.get(m, 0.0) for m in year[: year.index(month) + 1])


@pytest.mark.parametrize("rich", [0.3, 0.9, 1.0, 1.5, 1.9, 3.0])
def test_food_and_feed_share_what_a_village_has_as_declared(rich: float) -> None:
    """Animals keep their small part of scarce grain; people eat what animals cannot, up to their need."""
    nothing = {"seed_need_individual": 0.0, "harvest_this_year": 0.0, "taken_this_year": 0.0}
    history = at(date(1929, 3, 31), **nothing)  # no spread over districts, and no seed
    people = history.workspace.read("village_population")
    need = people * BASELINE.parameters.nutrition.grain_need / 12.0
    put(history, {"household_feed_need": float(need[0])})
    months = 1.0 + BASELINE.parameters.nutrition.foresight * 4.0  # March to July
    for barn in ("individual", "members"):
        history.ledger.endow("grain", barn, 0.5 * rich * need * months)
    history.workspace.act("nutrition.eat")
    history.ledger.settle()
    moved = history.ledger.moved
    eaten = moved("food_individual") + moved("food_members")
    fed = moved("feed_from_individual") + moved("feed_from_members")
    at_hand, want = rich * need, need
    floor = BASELINE.parameters.nutrition.feed_floor
    food = np.minimum(np.maximum(at_hand * (1.0 - floor), at_hand - want), need)
    np.testing.assert_allclose(eaten, food, rtol=1e-9)
    np.testing.assert_allclose(fed, np.minimum(at_hand - food, want), rtol=1e-9)
    np.testing.assert_allclose(moved("food_individual"), moved("food_members"), rtol=1e-9)


def test_relief_adds_itself_to_what_is_eaten_and_nothing_else() -> None:
    eaten = []
    for relief in (0.0, 0.2):
        history = at(date(1929, 3, 31))
        for barn in ("individual", "members", "state"):
            history.ledger.endow("grain", barn, 2.0)
        history.ledger.propose("grain_relief", np.full(history.ledger.members, relief))
        history.ledger.settle()
        history.workspace.act("nutrition.eat")
        history.ledger.settle()
        flows = ("food_individual", "food_members", "feed_from_individual", "feed_from_members")
        eaten.append([float(history.ledger.moved(flow)[0]) for flow in flows])
    expected = [eaten[0][0], eaten[0][1] + 0.2, *eaten[0][2:]]
    assert eaten[1] == pytest.approx(expected, rel=1e-12)
