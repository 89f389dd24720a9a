"""Out of the village and back: competing risks, orgnabor, the season, passports, state farms."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from one_country import ECONOMY
from thresholds import bound

from planmodel.engine import total
from planmodel.runs.history import History, run, run_fully
from planmodel.scenario import load_scenario

AXES = ECONOMY.axes
VILLAGE = AXES["village"]
WORKERS = AXES["workers"]

BASELINE = load_scenario("one_country")
PEASANTS = ("individual_peasants", "kolkhoz_members")


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    return run("one_country")


def added(dataset: xr.Dataset, kind: str, groups: tuple[str, ...]) -> pd.Series:
    return total_series(dataset, [f"{kind}_{group}" for group in groups])


def total_series(dataset: xr.Dataset, names: list[str]) -> pd.Series:
    summed = total([np.asarray(dataset[name].values) for name in names])[0]
    return pd.Series(summed, index=pd.DatetimeIndex(dataset["time"].values))


def years(series: pd.Series) -> pd.Series:
    return series.groupby(pd.DatetimeIndex(series.index).year).sum()


def leaving(
    change: dict[str, float], levers: dict[str, float] | None = None, off: bool = False
) -> dict[str, float]:
    """Return who leaves in the first labour phase, by way, from a changed state."""
    scenario = load_scenario("one_country", switch_off=["passports"] if off else [])
    history = History(scenario.until(date(1928, 1, 31)))
    for group in WORKERS:  # many jobs are open
        history.board[f"jobs_{group}"] = history.ledger.stock("people", group) * 1.3
    for name, value in ({"town_call": 0.7, "town_gap": 2.0} | change).items():
        history.board[name] = value
    history.levers.update(levers or {})
    history.board.settle()
    history.workspace.act("migration.leave", "migration.go_for_the_season", "migration.count_newcomers")
    history.ledger.settle()
    moved = history.ledger.moved
    return {
        "samotek": float(total([moved(f"samotek_{g}") for g in VILLAGE])[0]),
        "orgnabor": float(total([moved(f"orgnabor_{g}") for g in VILLAGE])[0]),
    }


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({"town_gap": 3.0}, +1),  # Allen: the gap of living standards
        ({"town_call": 0.1}, -1),  # B-24, B-45
        ({"fear": 0.8}, +1),  # B-27
        ({"village_nutrition": 0.7}, +1),  # B-28
        ({"town_room": 0.5}, -1),  # B-32, B-33
    ],
)
def test_what_makes_people_leave_on_their_own(change: dict[str, float], sign: int) -> None:
    assert sign * (leaving(change)["samotek"] - leaving({})["samotek"]) > 0.005


def test_nobody_leaves_for_towns_that_are_poorer() -> None:
    assert leaving({"town_gap": 0.8})["samotek"] == 0.0


def test_recruits_are_what_is_left_of_the_quota() -> None:
    """B-37 to B-39: of the quota 61 % are recruited, and of these 88 % arrive."""
    p = BASELINE.parameters.migration
    assert (p.recruitment, p.arrival) == (0.61, 0.88)
    came = leaving({}, {"orgnabor": 1.0})["orgnabor"]
    posts = 0.3 * sum(getattr(BASELINE.initial.people, group).value for group in WORKERS)
    assert came == pytest.approx(p.quota / 12.0 * posts * 0.61 * 0.88, rel=0.01)
    assert leaving({}, {"orgnabor": 0.0})["orgnabor"] == 0.0


def test_risks_compete() -> None:
    """Who is recruited can no longer go on his own: more of one way is a little less of the other."""
    alone, both = leaving({"fear": 0.5}), leaving({"fear": 0.5}, {"orgnabor": 1.0})
    assert both["samotek"] < alone["samotek"]


def test_passports_stop_movement_of_ones_own_but_not_recruits() -> None:
    opened, closed = leaving({}, {"orgnabor": 1.0}), leaving({}, {"orgnabor": 1.0, "passports": 1.0})
    stopped = BASELINE.parameters.migration.passport_effect
    assert closed["samotek"] == pytest.approx((1.0 - stopped) * opened["samotek"], rel=1e-2)
    assert closed["orgnabor"] >= opened["orgnabor"]
    off = leaving({}, {"orgnabor": 1.0, "passports": 1.0}, off=True)
    assert off["samotek"] == pytest.approx(opened["samotek"], rel=1e-9)


def test_passports_turn_people_out_of_the_towns(history: xr.Dataset) -> None:
    """B-52: an outflow from January 1933 on, most of it within the year; none without the switch."""
    out = added(history, "expelled", (*PEASANTS, "special_settlers"))
    assert (out[:"1932-12"] == 0.0).all()
    assert 0.3 < out["1933"].sum() < 2.0
    assert out["1933"].sum() > 0.9 * out.sum()
    without = run(load_scenario("one_country", switch_off=["passports"]).until(date(1934, 12, 31)))
    assert (added(without, "expelled", (*PEASANTS, "special_settlers")) == 0.0).all()
    net = [d["net_migration_to_towns"].isel(member=0).sel(time="1933").sum() for d in (history, without)]
    assert net[0] < net[1]
    texts = run_fully(BASELINE.until(date(1933, 3, 31))).events.table(0)["text"]
    assert texts.str.contains("without a passport").sum() == 1


def test_newcomers_go_back_when_the_village_is_pressed(history: xr.Dataset) -> None:
    """B-35: the return of workers in the first offensive, in early 1930."""
    back = added(history, "back_to_village", PEASANTS)
    assert back["1930-01":"1930-03"].mean() > 2.0 * back["1929-01":"1929-10"].mean()
    assert back["1930-01":"1930-03"].mean() > 1.5 * back["1930-07":"1930-10"].mean()


def test_seasonal_workers_go_in_spring_and_are_back_in_autumn(history: xr.Dataset) -> None:
    away = history["people_seasonal_workers"].isel(member=0).to_series()
    for year in range(1928, 1941):
        assert away[f"{year}-06" : f"{year}-07"].mean() > 4.0 * away[f"{year}-12" : f"{year}-12"].iloc[0]
        assert pd.Timestamp(str(away[str(year)].idxmax())).month in (6, 7)
    out, home = added(history, "seasonal", PEASANTS), added(history, "season_over", PEASANTS)
    assert (home[out > 1e-9] < 1e-9).all()
    assert 1.0 < away["1928"].max() < 4.5


def test_seasonal_workers_are_neither_village_nor_town_but_are_counted(history: xr.Dataset) -> None:
    parts = [n for n in history.data_vars if str(n).startswith("people_")]
    everyone = total([np.asarray(history[n].values) for n in parts])
    np.testing.assert_allclose(everyone, history["population"].values, rtol=1e-12)
    counted = history["urban_population"] + history["rural_population"]
    inmates = total([np.asarray(history[f"people_{k}_inmates"].values) for k in ("camp", "colony", "prison")])
    np.testing.assert_allclose(counted.values + inmates, everyone, rtol=1e-12)


def test_kolkhozes_hold_seasonal_workers_back() -> None:
    history = History(BASELINE.until(date(1928, 1, 31)))
    before = history.workspace.read("away_wanted")
    history.board["collectivised_share"] = 0.9
    history.board.settle()
    assert history.workspace.read("away_wanted")[0] < before[0]


def test_state_farms_and_mts_grow_with_land_and_tractors(history: xr.Dataset) -> None:
    """8.0 million people of state farms and MTS in January 1939 (the book), from 1.6 in 1928."""
    people = history["people_state_farm_workers"].isel(member=0).to_series()
    assert people["1938-12"].iloc[0] == pytest.approx(8.0, rel=bound("people_of_state_farms"))
    taken = years(added(history, "to_state_farms", PEASANTS))
    assert taken[1930] > 0.3
    without = run(
        load_scenario("one_country", {"parameters.migration.mts_hands": 3.0}).until(date(1938, 12, 31))
    )
    assert float(without["people_state_farm_workers"].isel(member=0)[-1]) < people["1938-12"].iloc[0] - 1.0


def test_towns_grow_as_documented() -> None:
    """26.3 million in 1926, 56.1 in January 1939; net movement peaks in 1931-32 and breaks in 1933."""
    history = run("baseline")
    towns = history["urban_population"].isel(member=0).to_series()
    assert towns["1938-12"].iloc[0] == pytest.approx(56.1, rel=0.08)
    net = years(history["net_migration_to_towns"].isel(member=0).to_series())
    assert net.loc[1928:1934].idxmax() in (1931, 1932)  # the years that are documented
    assert net[1933] < 0.4 * net[1932]
    for year, recorded in ((1928, 1.06), (1929, 1.39), (1930, 2.63), (1931, 4.10), (1932, 2.72)):
        assert net[year] == pytest.approx(recorded, rel=bound("net_migration_to_towns"))


def test_every_way_is_a_declared_flow_of_people() -> None:
    names = {flow.name for flow in ECONOMY.flows() if flow.commodity == "people"}
    for way in ("samotek", "orgnabor"):
        assert {f"{way}_{group}" for group in VILLAGE} <= names
    for way in ("seasonal", "season_over", "back_to_village", "expelled", "to_state_farms", "deported"):
        assert {f"{way}_{group}" for group in PEASANTS} <= names
