"""Terror: who is arrested, by what, and who is shot."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from one_country import ECONOMY
from unfree import AXES, BASELINE, CONSTANTS, DRAWN, SHORT, added, drawn, values, yearly

from planmodel.engine import Array
from planmodel.runs.history import History, run
from planmodel.scenario import load_scenario

WORKERS = AXES["workers"]
WEIGHTS = {
    name.removeprefix("arrest_weight_"): weight
    for name, weight in CONSTANTS.items()
    if name.startswith("arrest_weight_")
}


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    drawings = {name: drawn(name) for name in ("labor_camps", "repression", "camp_output")}
    return run(BASELINE, members=[0] * (DRAWN + 1), parameters=drawings)


def test_the_shot_never_pass_through_the_camps(history: xr.Dataset) -> None:
    flows = {f.name: f for f in ECONOMY.flows()}
    for group in WEIGHTS:
        assert (flows[f"executed_{group}"].source, flows[f"executed_{group}"].destination) == (
            group,
            "excess_deaths",
        )
    courts = [d for d in BASELINE.decrees.values() if d.enabled and "summary_courts" in d.effects]
    before = pd.DatetimeIndex(history["time"].values) < pd.Timestamp(min(d.date for d in courts if d.date))
    shot = added(history, "executed", WEIGHTS)
    assert (shot[:, before] == 0.0).all()
    assert (shot.sum(axis=1) > 0.0).all()


def test_executions_of_1937_and_1938_are_of_the_documented_size() -> None:
    """0.353 and 0.329 million (Popov), nearly all after the decree of July 1937; by regions, as fitted."""
    history = run("baseline", wanted=["executions"])
    years = yearly(history, "executions")
    assert years[1937] == pytest.approx(0.353, rel=0.25)
    assert years[1938] == pytest.approx(0.329, rel=0.25)
    assert years.drop([1937, 1938]).max() < 0.03
    months = history["executions"].isel(member=0).to_series()
    assert months["1937-08":"1938-11"].sum() > 0.95 * months["1937":"1938"].sum()


def contagion(drive: list[float], quota: float = 1.0, switched_on: bool = True) -> Array:
    """Run the arrests of terror alone, month by month; return those that others led to."""
    scenario = SHORT if switched_on else load_scenario("one_country", switch_off=["terror_contagion"])
    history = History(scenario.until(SHORT.period.end))
    path = []
    for driven in drive:
        history.levers["mass_arrests"] = driven
        history.levers["arrests_by_quota"] = quota * (driven > 0.0)
        history.workspace.act("repression.spread_terror")
        history.board.settle()
        path.append(float(history.board["contagious_arrests"][0]))
    return np.array(path)


def test_terror_multiplies_what_is_ordered_and_fades_when_it_is_stopped() -> None:
    p = BASELINE.parameters.repression
    path = contagion([1.0] * 100 + [0.0] * 3)
    assert (np.diff(path[:20]) > 0.0).all()
    ordered = p.political_arrests + p.quota_arrests
    assert path[99] == pytest.approx(ordered * p.contagion / (1.0 - p.contagion), rel=1e-6)
    assert np.diff(np.log(path[99:])) == pytest.approx([-p.terror_decay] * 3)


def test_half_the_drive_without_quotas_is_no_avalanche() -> None:
    weak, strong = contagion([0.3] * 24, quota=0.0), contagion([1.0] * 24)
    assert weak.max() < 0.1 * strong.max()


def test_without_contagion_nobody_is_arrested_for_the_sake_of_others(history: xr.Dataset) -> None:
    """Quotas are an input: what is ordered is done all the same, and is less than half of it all."""
    assert (contagion([1.0] * 12, switched_on=False) == 0.0).all()
    without = run(load_scenario("one_country", switch_off=["terror_contagion"]).until(date(1938, 12, 31)))
    base = yearly(history, "executions").loc[1937:1938].sum()
    assert yearly(without, "executions").loc[1937:1938].sum() < 0.5 * base


def test_arrests_go_by_exposure_and_workers_are_spared(history: xr.Dataset) -> None:
    """D-9: per head, individual peasants bear twice the hazard of members, workers half of it."""
    people = {g: values(history, f"people_{g}")[:, :-1] for g in WEIGHTS}
    month = 120  # opening stocks differ from month ends by what moved within the month: a wide margin
    hazard = {g: values(history, f"arrests_{g}")[0, 1:][month] / people[g][0, month] for g in WEIGHTS}
    ratio = {g: hazard[g] / hazard["kolkhoz_members"] for g in WEIGHTS}
    for group, weight in WEIGHTS.items():
        assert ratio[group] == pytest.approx(weight, rel=0.05)


def test_hunger_feeds_arrests_under_the_law_of_august_1932() -> None:
    history = History(SHORT)
    history.levers["penal_law"] = 1.0
    taken = []
    for food in (1.0, 0.8):
        history.board["village_nutrition"] = food
        history.board.settle()
        taken.append(float(history.workspace.read("penal_arrests", "repression")[0]))
    assert taken[1] > 1.2 * taken[0]


def test_camps_that_lose_hands_call_for_arrests() -> None:
    """D-16, D-22: arrests replace a share of what camps lose, only where camps are planned as labour."""
    history = History(SHORT)
    history.board["camp_losses"] = 0.02
    history.board["vacancies"] = 0.0
    history.board.settle()
    assert history.workspace.read("arrests_for_hands", "repression")[0] == 0.0
    history.levers["camp_economy"] = 1.0
    share = BASELINE.parameters.repression.camp_demand
    called = history.workspace.read("arrests_for_hands", "repression")
    assert called[0] == pytest.approx(0.02 * share)


def test_leaving_a_job_brings_prison_only_after_the_decree(history: xr.Dataset) -> None:
    taken = added(history, "quitters", WORKERS)
    decree = next(d for d in BASELINE.decrees.values() if "labour_penal_law" in d.effects)
    time = pd.DatetimeIndex(history["time"].values)
    assert decree.date is not None
    assert (taken[:, np.flatnonzero(time < pd.Timestamp(decree.date))] == 0.0).all()
    assert taken[0].sum() > 0.1
