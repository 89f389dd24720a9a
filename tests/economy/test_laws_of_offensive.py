"""Laws of the offensive as a share of the country: bounds, signs, null values, and no gate."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from watching import BASELINE, act, at, drawn, put

from planmodel.engine import Array
from planmodel.runs.history import History
from planmodel.scenario import load_scenario

CALM: dict[str, float] = {
    "discontent": 0.0,
    "plan_fulfilment": 1.0,
    "collectivised_share": 0.1,
    "offensive": 0.2,
}
SEASON = date(1930, 1, 31)


def taking_hold(day: date = SEASON, drive: float = 1.0, **variables: float) -> float:
    """Return the share of a calm country in which an offensive takes hold in a month."""
    history = at(day, **(CALM | variables))
    history.levers["collectivisation_drive"] = drive
    return float(np.ravel(history.workspace.read("taking_hold", "centre"))[0])


def review(**variables: float) -> dict[str, float]:
    """Return what ten days make of a state of the village, in the season."""
    history = at(SEASON, **(CALM | variables))
    history.levers["collectivisation_drive"] = 1.0
    act(history, "centre.review")
    names = ("offensive", "warned", "may_leave", "pressure", "discontent")
    return {name: float(history.board[name][0]) for name in names}


def size(name: str) -> float:
    return float(getattr(BASELINE.parameters.centre, name))


@pytest.fixture(scope="module")
def anywhere() -> History:
    """Members whose sizes lie anywhere within all bounds."""
    history = History(BASELINE.until(date(1933, 12, 31)), range(12), parameters=drawn(12))
    history.done = history.run().dataset  # type: ignore[attr-defined]
    return history


@pytest.mark.parametrize("name", ["offensive", "warned", "may_leave"])
def test_shares_of_the_country_are_shares(anywhere: History, name: str) -> None:
    share: Array = anywhere.done[name].values  # type: ignore[attr-defined]
    assert share.min() >= 0.0
    assert share.max() <= 1.0
    assert share.max() > 0.1


def test_where_it_was_once_called_off_is_not_forgotten(anywhere: History) -> None:
    warned: Array = anywhere.done["warned"].transpose("member", "time").values  # type: ignore[attr-defined]
    assert (np.diff(warned, axis=1) >= -1e-15).all()


def test_it_takes_hold_where_grain_comes_in_the_village_is_calm_and_peasants_are_outside() -> None:
    for name, values in {
        "plan_fulfilment": (0.7, 0.8, 0.9, 1.0, 1.1),
        "discontent": (1.5, 0.8, 0.6, 0.4, 0.0),
        "collectivised_share": (0.9, 0.6, 0.5, 0.4, 0.1),
        "offensive": (0.0, 0.1, 0.3, 0.6, 1.0),
    }.items():
        rates = [taking_hold(SEASON, 1.0, **{name: value}) for value in values]
        assert (np.diff(rates) > 0.0).all(), name
        assert rates[0] >= 0.0


def test_none_takes_hold_without_the_line_nor_out_of_season() -> None:
    assert taking_hold() > 0.1
    assert taking_hold(drive=0.0) == 0.0
    assert taking_hold(date(1930, 6, 30)) == 0.0
    assert taking_hold(drive=0.5) == pytest.approx(0.5 * taking_hold())


def test_without_zeal_it_does_not_feed_on_itself() -> None:
    seen = []
    for share in (0.0, 0.8):
        history = History(BASELINE, parameters={"centre": {"zeal": np.zeros(1)}})
        history.clock.environment.run(until=history.clock.day(SEASON))
        put(history, CALM | {"offensive": share})
        history.levers["collectivisation_drive"] = 1.0
        seen.append(float(np.ravel(history.workspace.read("taking_hold", "centre"))[0]))
    assert seen[0] == seen[1] > 0.0


def test_no_gate_a_percent_of_procurement_moves_a_twentieth_of_it() -> None:
    """Between neighbours in a scan of fulfilment by a percent, whatever the level."""
    rates = [taking_hold(plan_fulfilment=f) for f in np.arange(0.5, 1.3, 0.01)]
    assert np.abs(np.diff(rates)).max() < 0.05 * max(rates)


def test_left_alone_it_ends_in_its_mean_time_and_discontent_fades() -> None:
    history = at(date(1930, 7, 31), **(CALM | {"discontent": 0.02, "pressure": 0.0}))
    act(history, "centre.review")
    step = 1.0 / 3.0
    assert history.board["offensive"][0] == pytest.approx(0.2 / (1.0 + step / size("offensive_months")))
    assert history.board["discontent"][0] == pytest.approx(0.02 * np.exp(-step / size("discontent_decay")))


def test_where_the_sowing_is_endangered_it_is_called_off_and_members_may_leave() -> None:
    calm, angry = review(), review(discontent=3.0)
    assert angry["offensive"] < 0.2 < calm["offensive"]
    assert angry["may_leave"] > calm["may_leave"]
    assert angry["warned"] > 0.4 > calm["warned"]
    assert review(may_leave=1.0)["may_leave"] < 1.0  # a new offensive ends the leave


def test_pressure_is_that_of_taxes_outside_and_of_the_drive_inside() -> None:
    none, half, warned = (review(**v) for v in ({"offensive": 0.0}, {"offensive": 0.5}, {"warned": 1.0}))
    slope = (half["pressure"] - none["pressure"]) / (half["offensive"] - none["offensive"])
    assert slope == pytest.approx(size("full_pressure"), rel=0.01)
    careful = review(offensive=0.5, warned=1.0)
    assert careful["pressure"] == pytest.approx(half["pressure"] * size("caution"), rel=0.01)
    assert warned["pressure"] < half["pressure"]


def test_without_a_drive_nobody_joins_but_for_taxes() -> None:
    off = {"decrees.mass_collectivisation.enabled": False}
    without = History(load_scenario("one_country", off).until(date(1931, 12, 31))).run().dataset
    assert float(without["offensive"].max()) == 0.0
    taxed = (
        size("standing_pressure")
        * BASELINE.decrees["complete_collectivisation"].effects["individual_taxation"]
    )
    assert float(without["pressure"].max()) == pytest.approx(taxed)
