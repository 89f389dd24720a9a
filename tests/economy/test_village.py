"""What must emerge in the village half: the shape of the history, out of the mechanism."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from one_country import ECONOMY
from thresholds import bound

from planmodel.report.balances import balance
from planmodel.report.comparison import compare
from planmodel.runs.history import Run, run, run_fully
from planmodel.runs.observe import observe
from planmodel.scenario import load_scenario


@pytest.fixture(scope="module")
def baseline() -> Run:
    return run_fully("one_country")


def yearly(dataset: xr.Dataset, name: str) -> pd.Series:
    series = dataset[name].isel(member=0).to_series()
    return series.groupby(pd.DatetimeIndex(series.index).year).sum()


def on(dataset: xr.Dataset, name: str, day: str) -> float:
    seen = observe(dataset, ECONOMY.indicators[name], pd.Timestamp(day), pd.Timestamp(day))
    assert seen is not None
    return float(seen[0])


def test_collectivisation_surges_collapses_and_resumes(baseline: Run) -> None:
    share = baseline.dataset["collectivised_share"].isel(member=0).to_series()
    until_1930 = share[:"1930-12"]
    assert until_1930.idxmax() in (pd.Timestamp("1930-02-28"), pd.Timestamp("1930-03-31"))
    peak = until_1930.max()
    assert 0.4 < peak < 0.75
    assert on(baseline.dataset, "collectivised_share", "1930-10-01") < 0.5 * peak
    assert share["1931"].max() > 0.5
    assert (share["1933":].diff().dropna() > -1e-9).all()


def truces(**changes: float) -> pd.DataFrame:
    """Return when offensives are called off in most of a region, of the village by regions."""
    changed = {f"parameters.centre.{name}": value for name, value in changes.items()}
    scenario = load_scenario("baseline", changed).until(pd.Timestamp(1930, 12, 31).date())
    events = run_fully(scenario).events.table(0)
    return events[events["text"].str.contains("calls off")]


def test_no_decree_opens_an_offensive_or_calls_a_truce() -> None:
    """Truces of early 1930 are events of the model: they come later where the village is more patient."""
    usual, patient = truces(), truces(patience=1.6)
    assert set(usual["kind"]) == {"collectivisation"}
    first, later = (
        dict(zip(t["text"], t["date"], strict=True)) for t in (usual, patient)
    )  # texts name regions
    assert len(first) >= 2
    assert all(later[region] > first[region] for region in set(first) & set(later))
    assert len(later) <= len(first)


def test_the_share_procured_rises(baseline: Run) -> None:
    def share(year: int) -> float:
        seen = observe(
            baseline.dataset,
            ECONOMY.indicators["grain_procurement_share"],
            pd.Timestamp(year, 7, 1),
            pd.Timestamp(year + 1, 6, 30),
        )
        assert seen is not None
        return float(seen[0])

    assert share(1928) == pytest.approx(0.15, abs=0.03)
    assert all(0.30 <= share(year) <= 0.45 for year in (1932, 1934, 1935, 1937, 1938))


@pytest.mark.parametrize("animal", ["cattle", "horses"])
def test_herds_fall_to_a_trough(baseline: Run, animal: str) -> None:
    july = {y: on(baseline.dataset, animal, f"{y}-07-01") for y in range(1928, 1941)}
    # On record cattle are fewest in July 1933, horses in July 1934 or January 1935.
    last = {"cattle": 1934, "horses": bound("fewest_horses")}[animal]
    assert 1932 <= min(july, key=lambda y: july[y]) <= last
    assert july[1933] < 0.65 * july[1928]
    if animal == "horses":  # after the collapse the number of horses stays about level
        assert abs(july[1938] / july[1934] - 1.0) < 0.15


def test_mortality_peaks_in_1933(baseline: Run) -> None:
    deaths = yearly(baseline.dataset, "deaths")
    assert deaths.idxmax() == 1933
    assert deaths[1933] > 1.8 * deaths[1928]
    hunger = baseline.dataset["famine_mortality"].isel(member=0).to_series()
    assert pd.Timestamp(str(hunger.idxmax())).month in (2, 3, 4, 5, 6)


def test_every_documented_value_is_met_by_label(baseline: Run) -> None:
    met = compare(baseline.dataset, baseline.scenario)
    assert len(met) > 120
    assert met["model"].notna().all()
    assert not met.duplicated(["variable", "date"]).any()
    # 1 January 1928 is what the model was given: comparing it would prove nothing.
    assert (met["start"] > pd.Timestamp("1928-01-01")).all() or (
        met[met["start"] <= pd.Timestamp("1928-01-01")]["date"] == "1928"
    ).all()


@pytest.mark.parametrize(("kind", "year"), [("grain", 1931), ("manpower", 1933)])
def test_balances_close(baseline: Run, kind: str, year: int) -> None:
    table = balance(baseline.dataset, kind, year)
    assert table["gap"].abs().max() < 1e-9
    assert (table["in"] > 0.0).any()


@pytest.mark.parametrize("name", sorted(ECONOMY.switches()))
def test_every_switch_changes_the_history(baseline: Run, name: str) -> None:
    without = run(load_scenario("one_country", switch_off=[name]))
    one, other = without.variables, baseline.dataset.variables
    changed = [
        variable
        for variable in without.data_vars
        if not np.allclose(one[variable].values, other[variable].values, rtol=1e-3)
    ]
    assert changed


def test_switches_act_in_the_right_direction(baseline: Run) -> None:
    def without(name: str) -> xr.Dataset:
        return run(load_scenario("one_country", switch_off=[name]))

    base = baseline.dataset
    assert yearly(without("grain_exports"), "grain_export").sum() == 0.0
    assert yearly(without("grain_exports"), "excess_deaths").sum() < yearly(base, "excess_deaths").sum()
    assert on(without("livestock_slaughter"), "cattle", "1930-07-01") > on(base, "cattle", "1930-07-01")
    assert (
        without("effort_response")["effort"].min() == 1.0
        or (without("effort_response")["effort"].values[:, 13:] == 1.0).all()
    )
    assert yearly(without("plot_subsistence"), "potato_harvest")[1935] < yearly(base, "potato_harvest")[1935]
    moved = yearly(without("passports"), "net_migration_to_towns")
    assert moved.loc[1933:1938].sum() > yearly(base, "net_migration_to_towns").loc[1933:1938].sum()
