"""The unfree: who comes, who leaves, who dies, and what they build."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from planmodel.economy import Economy, run
from planmodel.kernel import Array, total
from planmodel.scenario import load_scenario, registry
from planmodel.sectors.labor_camps import WEIGHTS, LaborCamps

BASELINE = load_scenario("baseline")
DRAWN = 12


def drawn() -> dict[str, Array]:
    """Member 0 as in the scenario, the others with camps anywhere within the bounds."""
    chance = np.random.default_rng(3)
    given = BASELINE.parameters.labor_camps.model_dump()
    return {
        name: np.concatenate([[given[name]], chance.uniform(*p.bounds, DRAWN)])
        for name, p in registry.parameters()["labor_camps"].items()
    }


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    return run(BASELINE, members=[0] * (DRAWN + 1), parameters={"labor_camps": drawn()})


def values(dataset: xr.Dataset, name: str) -> Array:
    return np.asarray(dataset[name].values)


def arrests(dataset: xr.Dataset) -> Array:
    return total([values(dataset, f"arrests_{group}") for group in WEIGHTS])


def executed(dataset: xr.Dataset, member: int = 0) -> pd.Series:
    shot = total([values(dataset, f"executed_{group}") for group in WEIGHTS])[member]
    series = pd.Series(shot, index=pd.DatetimeIndex(dataset["time"].values))
    return series.groupby(series.index.year).sum()  # type: ignore[attr-defined]


def test_arrests_releases_and_deaths_account_for_every_inmate(history: xr.Dataset) -> None:
    change = np.diff(values(history, "people_camp_inmates"), axis=1)
    out = values(history, "camp_releases") + values(history, "deaths_camp_inmates")
    out = out + values(history, "excess_deaths_camp_inmates")
    np.testing.assert_allclose(change, (arrests(history) - out)[:, 1:], atol=1e-9)


def test_deportation_escape_and_deaths_account_for_every_settler(history: xr.Dataset) -> None:
    change = np.diff(values(history, "people_special_settlers"), axis=1)
    out = values(history, "settler_escapes") + values(history, "deaths_special_settlers")
    out = out + values(history, "excess_deaths_special_settlers")
    np.testing.assert_allclose(change, (values(history, "deported") - out)[:, 1:], atol=1e-9)
    assert values(history, "people_special_settlers").max() > 0.3


def test_the_shot_never_pass_through_the_camps(history: xr.Dataset) -> None:
    flows = {f.name: f for f in registry.flows()}
    for group in WEIGHTS:
        assert (flows[f"executed_{group}"].source, flows[f"executed_{group}"].destination) == (
            group,
            "excess_deaths",
        )
    shot = total([values(history, f"executed_{group}") for group in WEIGHTS])
    courts = [d for d in BASELINE.decrees.values() if d.enabled and "summary_courts" in d.effects]
    opened = min(d.date for d in courts)
    before = pd.DatetimeIndex(history["time"].values) < pd.Timestamp(opened)
    assert (shot[:, before] == 0.0).all()
    assert (shot.sum(axis=1) > 0.0).all()


def test_trains_limit_arrests(history: xr.Dataset) -> None:
    limits = drawn()["camp_transport"]
    assert (arrests(history) <= limits[:, None] * (1.0 + 1e-9)).all()


def test_arrests_go_by_exposure_and_workers_are_spared(history: xr.Dataset) -> None:
    """D-9: per head, individual peasants bear twice the hazard of members, workers half of it."""
    people = {g: values(history, f"people_{g}")[:, :-1] for g in WEIGHTS}
    month = 120  # opening stocks differ from month ends by what moved within the month: a wide margin
    hazard = {g: values(history, f"arrests_{g}")[0, 1:][month] / people[g][0, month] for g in WEIGHTS}
    ratio = {g: hazard[g] / hazard["kolkhoz_members"] for g in WEIGHTS}
    for group, weight in WEIGHTS.items():
        assert ratio[group] == pytest.approx(weight, rel=0.05)


def test_terror_grows_by_itself_and_stops_when_it_is_stopped() -> None:
    economy = Economy(BASELINE.until(date(1928, 1, 31)))
    camps = next(c for c in economy.components if isinstance(c, LaborCamps))
    economy.levers["mass_arrests"] = 1.0
    path = []
    for driven in (1.0, 1.0, 1.0, 0.0, 0.0):
        economy.levers["mass_arrests"] = driven
        camps._spread()
        economy.board.settle()
        path.append(float(economy.board["terror"][0]))
    growth, decay = (float(getattr(camps.p, name)[0]) for name in ("contagion", "terror_decay"))
    assert np.diff(np.log(path)) == pytest.approx([growth, growth, -decay, -decay])


def test_without_contagion_fewer_are_shot(history: xr.Dataset) -> None:
    without = run(load_scenario("baseline", switch_off=["terror_contagion"]).until(date(1938, 12, 31)))
    base = executed(history)
    assert executed(without).loc[1937:1938].sum() < 0.5 * base.loc[1937:1938].sum()
    assert base.loc[1937:1938].sum() > 0.9 * base.sum()


def test_without_camp_labour_less_is_built(history: xr.Dataset) -> None:
    without = run(load_scenario("baseline", switch_off=["camp_labour"]).until(date(1933, 12, 31)))
    assert (values(without, "camp_builders") == 0.0).all()
    for year in ("1931", "1932", "1933"):
        base = float(history["camp_builders"].isel(member=0).sel(time=year).mean())
        assert base > 0.0
    years = slice("1931", "1933")
    built = [float(d["investment"].isel(member=0).sel(time=years).sum()) for d in (without, history)]
    assert built[0] < built[1]


def test_the_unfree_build_only_for_a_camp_economy(history: xr.Dataset) -> None:
    decree = BASELINE.decrees["camp_economy"]
    time = pd.DatetimeIndex(history["time"].values)
    builders = values(history, "camp_builders")[0]
    assert (builders[time < pd.Timestamp(decree.date)] == 0.0).all()
    unfree = values(history, "people_camp_inmates")[0] + values(history, "people_special_settlers")[0]
    camps = BASELINE.parameters.labor_camps
    later = np.flatnonzero(time > pd.Timestamp(decree.date) + pd.Timedelta(days=31))
    expected = unfree[later - 1] * camps.camp_builders * camps.camp_work
    np.testing.assert_allclose(builders[later], expected, rtol=0.1)


def test_mortality_of_the_unfree_is_convex_in_want(history: xr.Dataset) -> None:
    """D-25: nothing above the line, and more than twice as many deaths at twice the want."""
    dead = values(history, "excess_deaths_camp_inmates") / values(history, "people_camp_inmates")
    health = values(history, "camp_health")
    assert (dead[:, 1:][health[:, 1:] > 0.951] < 2e-3).all()
    year = pd.DatetimeIndex(history["time"].values).year
    toll = {y: float(dead[0, year == y].sum()) for y in (1933, 1936, 1939)}
    assert toll[1933] > toll[1936]
