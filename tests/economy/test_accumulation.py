"""Accumulation and the plan: sites and their books, named works, ranks, gestation, targets and the brake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from planmodel.economy import Economy, Overrides, Run, run
from planmodel.flows.accumulation import STARTS, Accumulation, Cohort
from planmodel.kernel import Array, total
from planmodel.scenario import load_scenario, registry
from planmodel.sectors.capital import BRANCHES

BASELINE = load_scenario("baseline")
DRAWN = 16
CENTRAL, SHOCKED, CALM, LAST = 0, 1, 2, 3 + DRAWN


def chosen() -> Overrides:
    """Two members as in the scenario, one without any cause for a brake, the rest drawn within all bounds."""
    chance = np.random.default_rng(11)
    values = {
        component: {
            name: np.concatenate([np.full(3, p.default), chance.uniform(*p.bounds, DRAWN)])
            for name, p in group.items()
        }
        for component, group in registry.parameters().items()
    }
    for component, group in BASELINE.parameters.model_dump().items():
        for name, value in group.items():
            values[component][name][:3] = value
    bounds = registry.parameters()["plan"]
    plan = values["plan"]
    for weight in ("hunger_weight", "stretch_weight", "material_weight"):
        plan[weight][CALM] = bounds[weight].bounds[0]
    plan["strain_limit"][CALM] = bounds["strain_limit"].bounds[1]
    return values


@dataclass
class Watched:
    """A run, its parameters, and what was seen of its sites at the end of each month."""

    run: Run
    economy: Economy
    parameters: Overrides
    gap: float  # largest of |sum of done - unfinished work in the books|
    beyond: float  # largest of (done - size) / size

    def series(self, name: str) -> Array:
        return np.asarray(self.run.dataset[name].values)


def sites_of(economy: Economy) -> Accumulation:
    return next(c for c in economy.components if isinstance(c, Accumulation))


@pytest.fixture(scope="module")
def watched() -> Watched:
    parameters = chosen()
    economy = Economy(BASELINE, [0, 1, 0, *range(2, 2 + DRAWN)], parameters=parameters)
    sites = sites_of(economy)
    seen = [m for m in range(LAST) if m != CALM]  # see test_a_branch_with_one_site_keeps_its_books
    gaps, beyond = [0.0], [-1.0]

    def look(_: date) -> None:
        for branch in BRANCHES:
            own = [c for c in sites.cohorts if c.branch == branch]
            done = total([np.where(c.finished, 0.0, c.done) for c in own])
            gap = np.abs(done - economy.ledger.stock("works", f"unfinished_{branch}"))
            gaps.append(float(gap[seen].max()))
            beyond.extend(float(((c.done - c.size) / c.size).max()) for c in own)

    economy.progress = look
    return Watched(economy.run(), economy, parameters, max(gaps), max(beyond))


def yearly(dataset: xr.Dataset, name: str, member: int = 0) -> pd.Series:
    series = dataset[name].isel(member=member).to_series()
    return series.groupby(pd.DatetimeIndex(series.index).year).sum()


def test_sites_and_books_agree_in_every_month(watched: Watched) -> None:
    assert watched.gap < 1e-9


def test_a_branch_with_one_site_keeps_its_books() -> None:
    economy = Economy(BASELINE.until(date(1928, 1, 31)))
    sites = sites_of(economy)
    last = Cohort("transport", "last", np.array([1.0]), np.array([0.99]))
    sites.cohorts = [*(c for c in sites.cohorts if c.branch != "transport"), last]
    economy.ledger.endow("works", "unfinished_transport", 0.99)
    economy.ledger.endow("producer_goods", "supply", 50.0)
    for _ in range(24):
        for act in (sites.claim, sites.build, sites.complete):
            act()
            economy.ledger.settle()
            economy.board.settle()
        economy.ledger.close_month()
    assert bool(last.finished[0])
    assert economy.ledger.stock("works", "unfinished_transport")[0] == pytest.approx(0.0, abs=1e-9)


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
    limit = watched.series("builders_ratio") * watched.series("materials_ratio")
    assert (done <= wanted * limit * (1.0 + 1e-9) + 1e-12).all()


def test_named_works_begin_on_their_day_and_are_finished(watched: Watched) -> None:
    log = watched.run.events.table(CENTRAL)
    sites = log[log["kind"] == "site"].set_index("text")["date"]
    works = [work for work in BASELINE.works.values() if work.enabled]
    assert works
    for work in works:
        assert sites[f"{work.title}: building begins"] == work.start
        finished = sites[f"{work.title}: finished"]
        assert work.start < finished < BASELINE.period.end
        # No faster than the gestation of a site for which nothing is short (first month: part or whole).
        months = (finished.year - work.start.year) * 12 + finished.month - work.start.month + 1
        assert months >= int(12.0 * watched.parameters["accumulation"]["gestation_time"][CENTRAL])


def test_named_works_take_their_place_out_of_ordinary_starts() -> None:
    """After two quarters Dneprostroi has displaced as much as it is large; never more than 0.4 at once."""
    size = BASELINE.works["dneprostroi"].size
    for end, displaced in ((date(1928, 3, 31), None), (date(1928, 6, 30), size)):
        economy = Economy(BASELINE.until(end))
        economy.run()
        begun = [c for c in sites_of(economy).cohorts if c.started != "before the start"]
        ordinary = sum(float(c.size[0]) for c in begun if c.branch == "heavy_industry" and not c.named)
        elsewhere = sum(float(c.size[0]) for c in begun if c.branch != "heavy_industry")
        whole = elsewhere * STARTS["heavy_industry"] / (sum(STARTS.values()) - STARTS["heavy_industry"])
        assert ordinary == pytest.approx(whole - (0.4 * whole if displaced is None else displaced), rel=1e-9)
        assert [c.started for c in begun if c.named] == ["Dneprostroi"]


def test_the_plan_is_cut_above_the_limit_and_released_well_below_it(watched: Watched) -> None:
    strain, brake = watched.series("strain"), watched.series("brake")
    assert set(np.unique(brake)) == {0.0, 1.0}
    limit = np.asarray(watched.parameters["plan"]["strain_limit"])
    release = limit * np.asarray(watched.parameters["plan"]["strain_release"])
    pulled = released = 0
    for member in range(LAST):
        for month in range(1, strain.shape[1]):
            before, now, felt = brake[member, month - 1], brake[member, month], strain[member, month]
            if now > before:
                assert felt > limit[member]
                pulled += 1
            elif now < before:
                assert felt <= release[member]
                released += 1
            elif now:
                assert felt > release[member]
            else:
                assert felt <= limit[member]
    assert pulled > 10
    assert released > 5


def test_the_brake_cuts_starts_and_resets_the_push(watched: Watched) -> None:
    on = watched.series("brake") > 0.5
    quarter = np.isin(pd.DatetimeIndex(watched.run.dataset["time"].values).month, (3, 6, 9, 12))
    share = watched.series("starts") / watched.series("starts_target")
    cut = np.asarray(watched.parameters["plan"]["cut"])[:, None]
    kept = np.where(on, 1.0 - cut, 1.0)
    np.testing.assert_allclose(share[:, quarter], kept[:, quarter], rtol=1e-12)
    assert (watched.series("push_now")[on] == 0.0).all()


def test_without_strain_there_is_no_brake(watched: Watched) -> None:
    assert (watched.series("strain")[CALM] == 0.0).all()
    assert (watched.series("brake")[CALM] == 0.0).all()
    target = watched.series("starts_target")[CALM]
    assert (np.diff(target) >= 0.0).all()


def test_shortage_of_materials_raises_targets() -> None:
    """Where goods are short, starts grow faster with the inflation of targets than without it.

    Heavy industry here works with far less (its coefficients at their bounds), so that goods are short.
    """
    scarce = {
        "parameters.heavy_industry.output_1928": 2.5,
        "parameters.heavy_industry.capital_1928": 7.0,
        "parameters.accumulation.materials": 0.8,
        "parameters.accumulation.builders": 0.12,
        "parameters.plan.strain_limit": 1.5,
    }
    scarce["parameters.plan.inflation"] = 1.5
    end = date(1928, 12, 31)
    with_it = run(load_scenario("baseline", scarce).until(end))
    without = run(load_scenario("baseline", scarce, switch_off=["target_inflation"]).until(end))
    assert float(with_it["materials_ratio"].min()) < 0.95
    assert float(with_it["starts_target"].values[0, -1]) > 1.02 * float(
        without["starts_target"].values[0, -1]
    )


def test_ranks_favour_heavy_industry_in_years_of_shortage(watched: Watched) -> None:
    without = run(load_scenario("baseline", switch_off=["priority_rationing"]).until(date(1932, 12, 31)))
    base = watched.run.dataset

    def share(dataset: xr.Dataset, year: int) -> float:
        built = {branch: yearly(dataset, f"construction_{branch}")[year] for branch in BRANCHES}
        return float(built["heavy_industry"] / sum(built.values()))

    for year in (1929, 1930, 1932):
        assert float(base["construction_ratio"].isel(member=0).sel(time=str(year)).mean()) < 0.85
        assert share(without, year) < share(base, year) - 0.01


def test_without_gestation_less_is_unfinished(watched: Watched) -> None:
    without = run(load_scenario("baseline", switch_off=["gestation"]).until(date(1930, 12, 31)))
    base = watched.run.dataset["unfinished_construction"].isel(member=0)
    for year in ("1929", "1930"):
        assert float(without["unfinished_construction"].sel(time=year).max()) < float(
            0.5 * base.sel(time=year).min()
        )
