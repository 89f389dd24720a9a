"""Accumulation: sites and their books, the chain of capital, ranks and gestation."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from thresholds import bound
from watched_sites import BASELINE, Watched, sites_of, watch_sites
from watching import act, at

from planmodel.economies.soviet.sites import BRANCHES, Sites
from planmodel.engine import total
from planmodel.runs.history import run
from planmodel.scenario import load_scenario


@pytest.fixture(scope="module")
def watched() -> Watched:
    return watch_sites(BASELINE)


def yearly(dataset: xr.Dataset, name: str, member: int = 0) -> pd.Series:
    series = dataset[name].isel(member=member).to_series()
    return series.groupby(pd.DatetimeIndex(series.index).year).sum()


def test_sites_and_books_agree_in_every_month(watched: Watched) -> None:
    assert watched.gap < 1e-9


def test_a_branch_with_one_site_keeps_its_books() -> None:
    history = at(date(1928, 2, 1))  # in which no cohort is started
    sites = sites_of(history)
    members = history.ledger.members
    one = np.ones((1, members))
    sites.restore(Sites(members).save())
    sites.begin([BRANCHES.index("transport")], "last", one, 12.0 * one, 0.99 * one)
    history.ledger.endow("works", "unfinished_transport", 0.99)
    history.ledger.endow("producer_goods", "supply", 50.0)
    history.ledger.endow("metal", "supply", 50.0)
    for _ in range(24):
        act(history, "accumulation.start_sites")
        act(history, "building.reckon_builders", "accumulation.claim_materials")
        act(history, "building.build", "building.note_supply", "building.build_in_order")
        act(history, "building.complete")
        history.ledger.close_month()
    assert sites.sites == []
    assert history.ledger.stock("works", "unfinished_transport")[0] == pytest.approx(0.0, abs=1e-9)


def test_no_site_is_done_beyond_its_size(watched: Watched) -> None:
    assert watched.beyond <= 1e-12


def test_what_enters_the_chain_of_capital_stays_or_wears_out(watched: Watched) -> None:
    for branch in BRANCHES:
        held = total(watched.series(f"works_{stage}_{branch}") for stage in ("unfinished", "new", "capital"))
        added = watched.series(f"construction_{branch}") - watched.series(f"wear_{branch}")
        np.testing.assert_allclose(np.diff(held, axis=1), added[:, 1:], atol=1e-9)
        # Each link by itself: nothing is mastered that was not completed.
        new = watched.series(f"works_new_{branch}")
        passed = watched.series(f"completed_{branch}") - watched.series(f"mastered_{branch}")
        np.testing.assert_allclose(np.diff(new, axis=1), passed[:, 1:], atol=1e-9)


def test_work_done_never_exceeds_what_sites_want_or_hands_and_materials_allow(watched: Watched) -> None:
    done = total(watched.series(f"construction_{branch}") for branch in BRANCHES)
    wanted = watched.series("construction_wanted") / 12.0
    assert (done <= wanted * (1.0 + 1e-9)).all()
    scarcer = np.minimum(watched.series("metal_ratio"), watched.series("equipment_ratio"))
    limit = watched.series("builders_ratio") * scarcer
    assert (done <= wanted * limit * (1.0 + 1e-9) + 1e-12).all()


def test_ranks_favour_heavy_industry_in_years_of_shortage(watched: Watched) -> None:
    without = run(load_scenario("one_country", switch_off=["priority_rationing"]).until(date(1932, 12, 31)))
    base = watched.run.dataset

    def share(dataset: xr.Dataset, year: int) -> float:
        built = {branch: yearly(dataset, f"construction_{branch}")[year] for branch in BRANCHES}
        return float((built["metal_and_fuel"] + built["engineering"]) / sum(built.values()))

    for year in (1930, 1931, 1932):  # in 1929 nothing is frozen yet, and ranks decide little
        done = float(base["construction_ratio"].isel(member=0).sel(time=str(year)).mean())
        assert done < bound("shortage_of_construction")
        assert share(without, year) < share(base, year) - 0.01


def test_without_gestation_less_is_unfinished(watched: Watched) -> None:
    without = run(load_scenario("one_country", switch_off=["gestation"]).until(date(1930, 12, 31)))
    base = watched.run.dataset["unfinished_construction"].isel(member=0)
    for year in ("1929", "1930"):
        less = float(without["unfinished_construction"].sel(time=year).mean() / base.sel(time=year).mean())
        assert less < bound("unfinished_without_gestation")
