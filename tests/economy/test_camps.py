"""The unfree: where they are taken, how they fare, who leaves, and what they give."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from one_country import ECONOMY
from thresholds import bound
from unfree import AXES, BASELINE, CONSTANTS, DRAWN, drawn, seen, values, yearly

from planmodel.economies.soviet.camps import bread_by_norm
from planmodel.engine import total
from planmodel.runs.history import run, run_fully
from planmodel.scenario import load_scenario

INMATES = AXES["inmates"]
UNFREE = AXES["unfree"]


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    drawings = {name: drawn(name) for name in ("labor_camps", "repression", "camp_output")}
    return run(BASELINE, members=[0] * (DRAWN + 1), parameters=drawings)


@pytest.fixture(scope="module")
def baseline() -> xr.Dataset:
    """By regions: a village of one hungers otherwise, and camps with it."""
    return run("baseline")


def test_every_inmate_and_settler_is_accounted_for(history: xr.Dataset) -> None:
    flows = [flow for flow in ECONOMY.flows() if flow.commodity == "people"]
    for group in UNFREE:
        change = np.diff(values(history, f"people_{group}"), axis=1)
        came = total([values(history, f.name) for f in flows if f.destination == group])
        gone = total([values(history, f.name) for f in flows if f.source == group])
        np.testing.assert_allclose(change, (came - gone)[:, 1:], atol=1e-9, err_msg=group)
        assert values(history, f"people_{group}")[0].max() > 0.2


def test_trains_limit_what_is_taken_to_camps(history: xr.Dataset) -> None:
    limits = drawn("labor_camps")["camp_transport"]
    taken = values(history, "transports_to_camps") + values(history, "colonies_to_camps")
    assert (taken <= limits[:, None] * (1.0 + 1e-9)).all()
    few = run_fully(
        load_scenario("one_country", {"parameters.labor_camps.camp_transport": 0.04}).until(
            date(1938, 12, 31)
        )
    )
    base = seen(history, "camp_inmates", "1938-06-30")
    assert seen(few.dataset, "camp_inmates", "1938-06-30") < 0.9 * base
    assert seen(few.dataset, "colony_inmates", "1938-06-30") > seen(history, "colony_inmates", "1938-06-30")
    texts = few.events.table(0)["text"]
    assert texts.str.contains("trains cannot take all").any()
    assert texts.str.contains("trains of deported peasants begin").any()


def test_prisons_are_cleared_to_their_limit_by_the_letter_of_may_1933(history: xr.Dataset) -> None:
    held = history["people_prison_inmates"].isel(member=0).to_series()
    assert held["1933-04"].iloc[0] > 0.6
    assert held["1933-08"].iloc[0] < 0.5
    without = load_scenario("one_country", {"decrees.end_of_mass_deportation.effects.prison_limit": 3.0})
    kept = run(without.until(date(1933, 12, 31)))["people_prison_inmates"].isel(member=0).to_series()
    assert kept["1933-08"].iloc[0] > bound("prisons_without_the_letter") * held["1933-08"].iloc[0]


def test_bread_goes_by_the_norm_in_steps() -> None:
    """Lines 9072-9085: 930 g above the norm, 500 g from half of it, 300 g as punishment."""
    p = BASELINE.parameters.labor_camps
    steps = (p.bread_above, p.bread_below, p.bread_punishment, CONSTANTS["punishment_norm"])
    bread = [float(bread_by_norm(f, p.norm_spread, *steps)) for f in (0.0, 0.5, 0.75, 1.0, 3.0)]
    assert bread == sorted(bread)
    assert bread[-1] == pytest.approx(p.bread_above, abs=0.01)
    assert bread[0] == pytest.approx(p.bread_punishment, abs=0.05)


def test_the_weak_earn_less_bread_and_grow_weaker() -> None:
    """D-25: the spiral of ration and norm. Without steps of bread the same hunger does less harm."""
    level = {f"parameters.labor_camps.bread_{k}": v for k, v in (("above", 0.8), ("below", 0.7))}
    level["parameters.labor_camps.bread_punishment"] = 0.4
    flat = run(load_scenario("one_country", level).until(date(1933, 12, 31)))
    steps = run(BASELINE.until(date(1933, 12, 31)))
    worst = [float(d["camp_health"].isel(member=0).sel(time="1933").min()) for d in (steps, flat)]
    assert worst[0] < worst[1] - 0.005


def rates(history: xr.Dataset, variable: str, account: str) -> pd.Series:
    """Return deaths of a year over those who are held in the middle of it."""
    held = history[f"people_{account}"].isel(member=0).to_series()
    middle = held[pd.DatetimeIndex(held.index).month == 6]
    return yearly(history, variable) / pd.Series(middle.values, pd.DatetimeIndex(middle.index).year)


def test_1933_and_1938_are_years_of_death_in_camps(baseline: xr.Dataset) -> None:
    """Deaths over those of the years around: 3.4 and 2.4 on record; half of what is above one, at least."""
    deaths = yearly(baseline, "camp_deaths")
    for year in (1933, 1938):
        record = deaths_on_record()
        above = [d[year] / (0.5 * (d[year - 1] + d[year + 1])) for d in (deaths, record)]
        assert above[0] - 1.0 > 0.5 * (above[1] - 1.0), year


def deaths_on_record() -> dict[int, float]:
    from planmodel import documented

    table = documented.series("camp_deaths", "archival")
    return {int(str(d)): float(v) for d, v in zip(table["date"], table["value"], strict=True)}


def test_settlers_die_in_the_first_years_and_in_the_famine(baseline: xr.Dataset) -> None:
    rate = rates(baseline, "settler_deaths", "special_settlers")
    assert rate.loc[1932:1933].mean() > 3.0 * rate.loc[1935:1940].mean()


def test_escapes_fall_year_by_year_under_the_nkvd(baseline: xr.Dataset) -> None:
    """Over inmates, from 0.14 in 1934 to 0.01 in 1940 (archival): sixteenfold, sevenfold in number."""
    fled = yearly(baseline, "camp_escapes")
    assert (np.diff(fled.loc[1934:1940]) < 0.0).all()
    assert fled[1934] > 5.0 * fled[1940]


def test_the_unfree_work_only_for_a_camp_economy_and_only_while_switched_on(history: xr.Dataset) -> None:
    products = ("camp_builders", "camp_miners", "camp_timber", "camp_gold")
    first = min(d.date for d in BASELINE.decrees.values() if d.date and "camp_economy" in d.effects)
    time = pd.DatetimeIndex(history["time"].values)
    without = run(load_scenario("one_country", switch_off=["camp_labour"]).until(date(1933, 12, 31)))
    for name in products:
        assert (values(history, name)[:, np.flatnonzero(time < pd.Timestamp(first))] == 0.0).all(), name
        assert values(history, name)[0].max() > 0.0, name
        assert (values(without, name) == 0.0).all(), name
    years = slice("1931", "1933")
    built = [float(d["investment"].isel(member=0).sel(time=years).sum()) for d in (without, history)]
    assert built[0] < built[1]


def test_work_of_the_unfree_is_less_than_free_and_falls_with_health(history: xr.Dataset) -> None:
    """D-24: a healthy inmate does phi of a free builder, a hungry one less."""
    p = BASELINE.parameters.camp_output
    assert ECONOMY.parameters()["camp_output"]["camp_work"].bounds[1] < 1.0
    at = slice(60, 150)
    inmates = values(history, "people_camp_inmates")[0, :-1] * values(history, "camp_health")[0, :-1]
    settlers = (
        values(history, "people_special_settlers")[0, :-1] * values(history, "settlement_health")[0, :-1]
    )
    at_works = values(history, "works_inmates")[0, 1:] * values(history, "camp_health")[0, :-1]
    expected = (inmates - at_works + p.settlers_working * settlers) * p.camp_work * p.camp_builders
    built = values(history, "camp_builders")[0, 1:] - values(history, "works_hands")[0, 1:]
    np.testing.assert_allclose(built[at], expected[at], rtol=1e-9)


def test_gold_comes_slowly_after_the_decree_and_is_counted_in_gold_roubles(history: xr.Dataset) -> None:
    """Dalstroi (recalled): 33 t in 1936, 80 t in 1940."""
    tonnes = yearly(history, "camp_gold") * CONSTANTS["gold_of_rouble"] * 1000.0
    assert tonnes[1931] < 1.0
    assert tonnes[1936] == pytest.approx(33.0, rel=0.5)
    assert tonnes[1940] == pytest.approx(80.0, rel=0.5)


@pytest.mark.parametrize("variable", ["camp_inmates", "special_settlers", "camp_and_colony_inmates"])
def test_camps_are_of_the_archival_size(baseline: xr.Dataset, variable: str) -> None:
    from planmodel import documented

    errors = []
    for figure in documented.series(variable, "archival").to_dict("records"):
        if figure["start"].year in range(1930, 1941):
            day = str(figure["start"].date())
            errors.append(abs(seen(baseline, variable, day) / figure["value"] - 1.0))
    assert len(errors) >= 5
    assert np.mean(errors) < 0.15
    assert max(errors) < 0.2


def test_the_estimates_before_the_archives_are_another_parameter_set() -> None:
    """Same code: the band of the book for 1939 (4 to 5 million), its figures of 1932 and 1938 within 40 %."""
    before = run("pre_archive_camps")
    assert 4.0 < seen(before, "camp_population", "1939-01-01", "1939-12-31") < 5.0
    for year, figure in ((1932, 2.0), (1938, 4.32)):  # Dallin and Nicolaevsky, Wiles
        assert seen(before, "camp_population", f"{year}-01-01", f"{year}-12-31") == pytest.approx(
            figure, rel=0.4
        )
    archival = run("one_country")
    assert seen(archival, "camp_population", "1939-01-01", "1939-12-31") < 2.0
    assert 0.5 < yearly(before, "executions").loc[1936:1938].sum() < 1.0  # Conquest's two figures


def test_inmates_have_three_tiers() -> None:
    assert set(INMATES) == {"camp_inmates", "colony_inmates", "prison_inmates"}
