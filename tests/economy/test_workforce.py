"""The people of industry: skill, norms, artisans; jobs, turnover, recruits, population."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from industrial import BASELINE, MONTH, acts, size
from one_country import ECONOMY
from thresholds import bound

from planmodel.engine import Array, total
from planmodel.runs.history import History, run
from planmodel.scenario import load_scenario

AXES = ECONOMY.axes
GROUPS = AXES["groups"]
UNFREE = AXES["unfree"]
WORKERS = AXES["workers"]
INDICATORS = ECONOMY.indicators


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    """The central history and one with weather of its own."""
    return run(BASELINE, members=2)


def values(dataset: xr.Dataset, name: str) -> Array:
    return np.asarray(dataset[name].values)


def average(dataset: xr.Dataset, name: str, year: int) -> float:
    return float(dataset[name].isel(member=0).sel(time=str(year)).mean())


def test_hungry_and_purged_workers_do_less() -> None:
    history = History(MONTH, [0, 0])
    history.board["town_nutrition"] = np.array([1.0, 0.7])
    history.board.settle()
    acts(history, "workforce.work", "workforce.purge_managers")
    work = history.board["work_per_head"]
    enough = size(history, "workforce", "enough_town_food")
    assert work[1] / work[0] == pytest.approx(
        (0.7 / min(enough, 1.0)) ** size(history, "workforce", "food_effect")
    )
    assert history.board["competence"][0] == pytest.approx(1.0)
    history.levers["purge"] = 1.0
    acts(history, "posts.replace_managers", "workforce.purge_managers")
    assert history.board["competence"][0] < 1.0


def test_newcomers_dilute_skill() -> None:
    history = History(MONTH, [0, 0])
    workers = history.ledger.stock("people", "heavy_industry_workers").copy()
    history.ledger.propose("hired_heavy_industry_workers", workers * np.array([0.0, 0.2]))
    history.ledger.settle()
    acts(history, "workforce.learn")
    skill = history.board["skill"]
    assert skill[1] < skill[0] - 0.03


def test_a_revision_of_norms_raises_intensity_once_and_fades(history: xr.Dataset) -> None:
    intensity = history["intensity"].isel(member=0).to_series()
    gain = float(BASELINE.parameters.workforce.norm_gain)
    fade = float(BASELINE.parameters.workforce.norm_fade)
    revisions = {
        pd.Period(d.date, "M"): d.effects["norm_revision"]
        for d in BASELINE.decrees.values()
        if d.enabled and "norm_revision" in d.effects
    }
    assert len(revisions) >= 2
    so_far = 0.0
    expected = 1.0
    for day, seen in intensity.items():
        now = revisions.get(pd.Timestamp(str(day)).to_period("M"), so_far)
        expected += gain * (now - so_far)
        expected -= max(expected - 1.0, 0.0) / fade
        so_far = now
        assert seen == pytest.approx(expected, rel=1e-9), day


def test_without_norm_revisions_work_is_less_intense(history: xr.Dataset) -> None:
    without = run(load_scenario("one_country", switch_off=["norm_ratchet"]).until(date(1937, 12, 31)))
    assert (values(without, "intensity") == 1.0).all()
    for year in (1936, 1937):
        assert average(without, "intensity", year) < average(history, "intensity", year) - 0.1


def test_without_dilution_workers_make_more(history: xr.Dataset) -> None:
    without = run(load_scenario("one_country", switch_off=["skill_dilution"]).until(date(1932, 12, 31)))
    assert average(without, "industrial_output", 1932) > 1.03 * average(history, "industrial_output", 1932)


def test_artisans_shrink_only_where_they_are_ruined(history: xr.Dataset) -> None:
    capacity = values(history, "artisan_capacity")
    assert (np.diff(capacity[0, :60]) <= 1e-12).all()
    assert capacity[0, 59] < bound("artisans_ruined")
    without = run(load_scenario("one_country", switch_off=["artisan_ruin"]).until(date(1930, 12, 31)))
    kept = values(without, "artisan_capacity")  # a little below one: what was worn out before 1928
    assert (kept == capacity[0, 0]).all()


def test_farm_capital_is_lost_as_households_join(history: xr.Dataset) -> None:
    held = values(history, "works_capital_peasants")[0]
    lost = values(history, "destroyed_peasants")[0]
    np.testing.assert_allclose(np.diff(held), -lost[1:], atol=1e-9)
    joined = values(history, "joining")[0]
    assert (lost[joined <= 0.0] == 0.0).all()
    assert held[35] < 0.9 * held[0]


def test_jobs_overshoot_the_plan(history: xr.Dataset) -> None:
    """B-45: 11.4 million wage earners in 1928, far more than the 14-16 million of the plan in 1932."""
    assert average(history, "wage_earners", 1928) < bound("wage_earners_of_1928")
    assert average(history, "wage_earners", 1932) > 17.0
    by_hand = total(values(history, f"people_{g}") for g in WORKERS)
    assert (values(history, "wage_earners") >= by_hand * 0.97).all()


def test_jobs_follow_sites_and_not_only_capacity() -> None:
    """B-50: works that are not yet finished call for hands."""
    history = History(MONTH, [0, 0])
    for branch in ("metal_and_fuel", "engineering"):
        held = history.ledger.stock("works", f"unfinished_{branch}")
        history.ledger.endow("works", f"unfinished_{branch}", held * np.array([1.0, 2.0]))
    acts(history, "labour.offer_jobs")
    jobs = history.board["jobs_heavy_industry_workers"]
    assert jobs[1] > 1.2 * jobs[0]
    assert history.board["jobs_other_employees"][1] > history.board["jobs_other_employees"][0]


def test_turnover_falls_with_discipline() -> None:
    found = {}
    for discipline in (0.0, 0.5, 1.0):
        history = History(MONTH, [0, 0])
        history.levers["labour_discipline"] = discipline
        acts(history, "labour.change_jobs")
        found[discipline] = float(history.board["labour_turnover"][0])
    assert found[0.5] == pytest.approx(0.55 * found[0.0])
    assert found[1.0] == pytest.approx(0.10 * found[0.0])


def test_turnover_breaks_where_leaving_becomes_a_crime() -> None:
    """It rises by a fifth and more to 1931: on record it is 1.5 in 1930, and we hold no figure of 1928."""
    turnover = run("baseline")["labour_turnover"].isel(member=0).to_series()
    assert turnover["1931"].mean() > 1.2 * turnover["1928"].mean()
    assert turnover["1940-07":].mean() < 0.5 * turnover[:"1940-05"].iloc[-12:].mean()
    assert turnover["1932-12":"1933-03"].mean() < turnover["1932-07":"1932-10"].mean()


@pytest.mark.parametrize("group", WORKERS)
def test_hired_less_left_is_the_change_of_workers(history: xr.Dataset, group: str) -> None:
    change = np.diff(values(history, f"people_{group}"), axis=1)
    lost = values(history, f"deaths_{group}") + values(history, f"excess_deaths_{group}")
    for taken in ("arrests", "executed", "quitters"):
        if f"{taken}_{group}" in history:
            lost = lost + values(history, f"{taken}_{group}")
    hired = values(history, f"hired_{group}") - values(history, f"left_{group}")
    np.testing.assert_allclose(change, (hired - lost)[:, 1:], atol=1e-9)


def test_people_are_born_move_and_die_by_declared_flows_alone(history: xr.Dataset) -> None:
    flows = [flow for flow in ECONOMY.flows() if flow.commodity == "people"]
    for group in GROUPS + UNFREE:
        change = np.diff(values(history, f"people_{group}"), axis=1)
        gained = total([values(history, f.name) for f in flows if f.destination == group])
        lost = total([values(history, f.name) for f in flows if f.source == group])
        np.testing.assert_allclose(change, (gained - lost)[:, 1:], atol=1e-9, err_msg=group)


def test_population_and_births_less_deaths_is_the_population_of_next_year(history: xr.Dataset) -> None:
    population = history["population"].resample(time="YE").last()
    births = history["births"].resample(time="YE").sum()
    deaths = history["deaths"].resample(time="YE").sum()
    natural = values(history, "births").shape[1] // 12
    assert population.sizes["time"] == natural == 13
    np.testing.assert_allclose(
        np.diff(population.values, axis=1), (births - deaths).values[:, 1:], rtol=0.0, atol=1e-9
    )


def test_indicators_of_people_leave_no_flow_out() -> None:
    flows = [flow for flow in ECONOMY.flows() if flow.commodity == "people"]
    for indicator, end in (("births", "source"), ("deaths", "destination")):
        meant = {"births"} if indicator == "births" else {"deaths", "excess_deaths"}
        assert set(INDICATORS[indicator].parts) == {f.name for f in flows if getattr(f, end) in meant}
    excess = {f.name for f in flows if f.destination == "excess_deaths"}
    assert set(INDICATORS["excess_deaths"].parts) == excess
    assert len(INDICATORS["deaths"].parts) == len(set(INDICATORS["deaths"].parts))
