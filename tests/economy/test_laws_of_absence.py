"""Laws of the time of work: what workers stay away for, what keeps them there, what a day missed costs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
import xarray as xr
from standing import JULY, of, read, stand
from watching import BASELINE, act

from planmodel.runs.history import run

SIZES = BASELINE.parameters.labour


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    """The central history."""
    return run(BASELINE).isel(member=0)


def missed(discipline: float = 0.0, sizes: Mapping[str, float] | None = None, **variables: float) -> float:
    """Return the days missed in July 1928 under penalties, with sizes and variables of their own."""
    history = stand(JULY, {"labour": sizes or {}}, **{"skill": 1.0, "town_nutrition": 1.0} | variables)
    history.levers["labour_discipline"] = discipline
    act(history, "labour.stay_away")
    return of(history, "days_absent")


def work(sizes: Mapping[str, float] | None = None, **variables: float) -> float:
    """Return the work of a head in July 1928."""
    history = stand(JULY, {"labour": sizes or {}}, **variables)
    act(history, "workforce.work")
    return of(history, "work_per_head")


# ---- what workers stay away for ----------------------------------------------------------------------------


def test_where_nothing_is_wanting_workers_miss_the_days_of_1928() -> None:
    history = stand(JULY, {"labour": {"absence_base": 5.0}}, skill=1.2, town_nutrition=1.1)
    assert read(history, "town_food_wanting", "labour") == 0.0
    crowded = read(history, "life_wanting", "labour")
    act(history, "labour.stay_away")
    assert of(history, "days_absent") == pytest.approx(
        5.0 * (1.0 + SIZES.absence_causes * crowded), rel=1e-12
    )


@pytest.mark.parametrize("causes", [1.0, 3.0])
def test_each_point_of_food_or_skill_wanting_adds_as_many_days(causes: float) -> None:
    sizes = {"absence_base": 4.0, "absence_causes": causes}
    for name in ("town_nutrition", "skill"):
        less = [missed(0.0, sizes, **{name: 1.0 - want}) for want in (0.0, 0.1, 0.3)]
        assert less[1] - less[0] == pytest.approx(4.0 * causes * 0.1, rel=1e-9)
        assert less[2] - less[0] == pytest.approx(4.0 * causes * 0.3, rel=1e-9)
    assert missed(0.0, sizes, town_nutrition=1.4) == missed(0.0, sizes)  # plenty keeps nobody at work


def test_workers_stay_away_for_what_they_leave_for() -> None:
    """Absence and turnover move together by what is wanting, and apart by what they cost the worker."""
    sizes = {"absence_causes": 2.0, "turnover_causes": 2.0}
    found = []
    for food in (1.0, 0.7):
        history = stand(JULY, {"labour": sizes}, town_nutrition=food, skill=1.0, green_hands=0.0)
        act(history, "labour.stay_away", "labour.change_jobs")
        found.append((of(history, "days_absent"), of(history, "labour_turnover")))
    assert found[1][0] / found[0][0] == pytest.approx(found[1][1] / found[0][1], rel=1e-9)


def test_causes_do_nothing_where_they_are_put_to_null() -> None:
    sizes = {"absence_causes": 0.0, "absence_base": 4.2}
    assert missed(0.0, sizes, town_nutrition=0.5, skill=0.5) == 4.2


# ---- newcomers ---------------------------------------------------------------------------------------------


def turnover(green: float, unsettled: float, discipline: float = 0.0) -> float:
    history = stand(JULY, {"labour": {"unsettled": unsettled}}, green_hands=green, skill=1.0)
    history.levers["labour_discipline"] = discipline
    act(history, "labour.change_jobs")
    return of(history, "labour_turnover")


@pytest.mark.parametrize("unsettled", [2.0, 6.0])
def test_each_newcomer_adds_as_much_to_turnover(unsettled: float) -> None:
    few, some, many = (turnover(green, unsettled) for green in (0.0, 0.1, 0.3))
    assert some - few == pytest.approx(SIZES.turnover_base * unsettled * 0.1, rel=1e-9)
    assert many - few == pytest.approx(3.0 * (some - few), rel=1e-9)


def test_newcomers_who_settle_at_once_change_no_job_more_than_others() -> None:
    assert turnover(0.3, 0.0) == turnover(0.0, 0.0)
    assert turnover(0.0, 6.0) == turnover(0.0, 0.0)


def test_penalties_hold_newcomers_as_they_hold_the_others() -> None:
    assert turnover(0.2, 5.0, 0.5) / turnover(0.2, 5.0) == pytest.approx(
        turnover(0.0, 5.0, 0.5) / turnover(0.0, 5.0), rel=1e-12
    )


def settled(green: float, hired: float = 0.0, left: float = 0.0) -> float:
    """Return the share of newcomers after a month in which some share of the workers was hired, and left."""
    history = stand(JULY, green_hands=green)
    workers = sum(
        read(history, f"people_{one}_workers", "workforce") for one in ("heavy_industry", "consumer_goods")
    )
    for flow, share in (("hired", hired), ("left", left)):
        history.ledger.moved(f"{flow}_heavy_industry_workers")[:] = share * workers
        history.ledger.moved(f"{flow}_consumer_goods_workers")[:] = 0.0
    act(history, "workforce.settle")
    return of(history, "green_hands")


def test_newcomers_settle_in_a_year_and_come_by_hiring_beyond_leavers() -> None:
    assert settled(0.24) == pytest.approx(0.24 * 11.0 / 12.0, rel=1e-12)
    assert settled(0.24, hired=0.05, left=0.02) == pytest.approx(0.22 + 0.03, rel=1e-9)
    assert settled(0.24, hired=0.02, left=0.05) == settled(0.24)
    assert settled(0.0) == 0.0
    assert settled(0.9, hired=5.0) == 1.0


# ---- what keeps them at work -------------------------------------------------------------------------------


@pytest.mark.parametrize("deterrence", [2.0, 8.0])
def test_penalties_stop_the_same_share_for_each_step(deterrence: float) -> None:
    days = [missed(penalty, {"deterrence": deterrence}) for penalty in (0.0, 0.25, 0.5, 1.0)]
    assert days[1] / days[0] == pytest.approx(np.exp(-0.25 * deterrence), rel=1e-9)
    assert days[2] / days[1] == pytest.approx(days[1] / days[0], rel=1e-9)
    assert 0.0 < days[3] < days[2]


def test_without_deterrence_penalties_stop_nobody() -> None:
    assert missed(1.0, {"deterrence": 0.0}) == missed(0.0, {"deterrence": 0.0})


# ---- what a day missed costs -------------------------------------------------------------------------------


def test_a_day_missed_is_a_day_of_work() -> None:
    base = SIZES.absence_base
    days = read(stand(JULY), "working_days", "labour")
    whole = work(days_absent=base)
    for more in (-3.0, 1.0, 6.0):
        lost = (days - base - more) / (days - base)
        assert work(days_absent=base + more) / whole == pytest.approx(lost, rel=1e-9)


def test_at_the_absence_of_1928_no_work_is_lost() -> None:
    history = stand(JULY, days_absent=SIZES.absence_base)
    assert read(history, "at_work", "workforce") == 1.0


def test_without_absence_nobody_misses_a_day_and_work_is_what_it_was() -> None:
    sizes = {"absence_base": 0.0}
    assert missed(0.3, sizes, town_nutrition=0.5) == 0.0
    history = stand(JULY, {"labour": sizes}, days_absent=0.0)
    assert read(history, "at_work", "workforce") == 1.0


def test_who_changes_his_job_loses_some_time() -> None:
    history = stand(JULY, {"workforce": {"lost_time": 0.05, "lost_skill": 0.0}}, labour_turnover=1.0)
    still = stand(JULY, {"workforce": {"lost_time": 0.05, "lost_skill": 0.0}}, labour_turnover=0.0)
    for one in (history, still):
        act(one, "workforce.work")
    assert of(history, "work_per_head") / of(still, "work_per_head") == pytest.approx(0.95, rel=1e-12)


def test_work_goes_by_hours() -> None:
    done = []
    for hours in (1.0, 0.94, 1.08):
        history = stand(JULY)
        history.levers["hours"] = hours
        act(history, "workforce.work")
        done.append(of(history, "work_per_head"))
    assert done[1] / done[0] == pytest.approx(0.94, rel=1e-12)
    assert done[2] / done[0] == pytest.approx(1.08, rel=1e-12)


# ---- in the history ----------------------------------------------------------------------------------------


def test_the_law_of_november_1932_breaks_absence(history: xr.Dataset) -> None:
    """5.95 days in 1932, 0.93 in 1933, 0.67 in 1934."""
    days = history["days_absent"].to_series().groupby(lambda day: day.year).mean()
    assert days[1932] == pytest.approx(5.95, rel=0.1)
    assert days[1933] == pytest.approx(0.93, rel=0.3)
    assert days[1934] == pytest.approx(0.67, rel=0.4)
    assert days[1929] < days[1930] < days[1931] < days[1932]
    assert days[1939] < 0.5 * days[1938]  # twenty minutes late is absence


def test_without_deterrence_penalties_leave_absence_high_and_work_lower_by_little(
    history: xr.Dataset,
) -> None:
    """The work of five days of three hundred."""
    without = run(BASELINE, parameters={"labour": {"deterrence": np.array([0.0])}}).isel(member=0)
    of_1934 = [one["days_absent"].sel(time="1934").mean() for one in (history, without)]
    assert of_1934[1] > 5.0 * of_1934[0]
    work = [float(one["work_per_head"].sel(time="1934").mean()) for one in (history, without)]
    assert 0.97 < work[1] / work[0] < 0.995


def test_a_job_lasts_longer_in_1935_than_in_1930(history: xr.Dataset) -> None:
    """Eight months in 1930, nearly fourteen in 1935: the influx ebbs, there is more food, and penalties."""
    turnover = history["labour_turnover"].to_series().groupby(lambda day: day.year).mean()
    assert turnover[1930] > 1.2 * turnover[1935]
    assert turnover[1935] == pytest.approx(0.86, rel=0.12)
    assert turnover[1930] > 1.1
    assert turnover.idxmax() in (1931, 1932)
