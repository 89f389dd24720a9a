"""Accumulation and the plan: sites and their books, named works, ranks, gestation, targets and the brake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from thresholds import bound
from watching import act, at

from planmodel.economies.soviet.sites import BRANCHES, Sites, manner_of
from planmodel.engine import Array, total
from planmodel.engine.serving import ENDED, TOGETHER
from planmodel.runs.history import History, NamedWork, Overrides, Run, run
from planmodel.scenario import Scenario, load_scenario, registry

BLOCKS = {block.name: block for block in registry.economy().blocks}

BASELINE = load_scenario("baseline")
STRAIN = load_scenario("plan_strain")  # the plan as a push that strain breaks
CONSTANTS = {c.name: c.value for c in BLOCKS["accumulation"].declared.constants}
STARTS = {branch: float(CONSTANTS[f"start_share_{branch}"]) for branch in BRANCHES}  # type: ignore[arg-type]
NAMED_LIMIT = float(CONSTANTS["named_limit"])  # type: ignore[arg-type]
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
        for component, group in registry.economy().parameters().items()
    }
    for component, group in BASELINE.parameters.model_dump().items():
        for name, value in group.items():
            values[component][name][:3] = value
    bounds = registry.economy().parameters()["plan"]
    plan = values["plan"]
    for weight in ("hunger_weight", "stretch_weight", "material_weight", "labour_weight"):
        plan[weight][CALM] = bounds[weight].bounds[0]
    plan["strain_limit"][CALM] = bounds["strain_limit"].bounds[1]
    plan["resolve_spread"][CALM] = bounds["resolve_spread"].bounds[0]
    return values


@dataclass
class Watched:
    """A run, its parameters, and what was seen of its sites at the end of each month."""

    run: Run
    history: History
    parameters: Overrides
    gap: float  # largest of |sum of done - unfinished work in the books|
    beyond: float  # largest of (done - size) / size

    def series(self, name: str) -> Array:
        return np.asarray(self.run.dataset[name].values)


def sites_of(history: History) -> Sites:
    sites = history.workspace.entities["sites"]
    assert isinstance(sites, Sites)
    return sites


@pytest.fixture(scope="module")
def watched() -> Watched:
    return watch_sites(BASELINE)


@pytest.fixture(scope="module")
def strained() -> Watched:
    return watch_sites(STRAIN)


def watch_sites(scenario: Scenario) -> Watched:
    """Run members that differ in all parameters, and note what their sites do."""
    parameters = chosen()
    history = History(scenario, [0, 1, 0, *range(2, 2 + DRAWN)], parameters=parameters)
    sites = sites_of(history)
    seen = [m for m in range(LAST) if m != CALM]  # see test_a_branch_with_one_site_keeps_its_books
    gaps, beyond = [0.0], [-1.0]

    def look(_: date) -> None:
        for number, branch in enumerate(BRANCHES):
            rows = [row for row, site in enumerate(sites.sites) if site.branch == number]
            gap = np.abs(total(sites.done[rows]) - history.ledger.stock("works", f"unfinished_{branch}"))
            gaps.append(float(gap[seen].max()))
        beyond.append(float(((sites.done - sites.size) / np.maximum(sites.size, 1e-12)).max()))

    history.progress = look
    return Watched(history.run(), history, parameters, max(gaps), max(beyond))


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
        act(history, "accumulation.reckon_builders", "accumulation.claim_materials")
        act(history, "accumulation.build", "accumulation.note_supply", "accumulation.build_in_order")
        act(history, "accumulation.complete")
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


def test_named_works_begin_on_their_day_and_are_finished(watched: Watched) -> None:
    log = watched.run.events.table(CENTRAL)
    sites = log[log["kind"] == "site"].set_index("text")["date"]
    works = [work for work in BASELINE.works.values() if work.enabled]
    assert len(works) > 20
    unfinished: list[str] = []
    for work in works:
        assert sites[f"{work.title}: building begins"] == work.start
        if f"{work.title}: finished" not in sites:
            unfinished.append(work.title)
            continue
        finished = sites[f"{work.title}: finished"]
        assert work.start < finished < BASELINE.period.end
        # No faster than the gestation of a site for which nothing is short (first month: part or whole).
        months = (finished.year - work.start.year) * 12 + finished.month - work.start.month + 1
        assert months >= int(12.0 * watched.parameters["accumulation"]["gestation_time"][CENTRAL])
    assert unfinished == ["Kuibyshev hydroelectric works (camp labour)"]


def test_named_works_take_their_place_out_of_ordinary_starts() -> None:
    """Dneprostroi displaces ordinary starts of its branch until it is made up for, at most 0.4 of them."""
    size = BASELINE.works["dneprostroi"].size
    for end in (date(1928, 3, 31), date(1928, 6, 30)):
        history = History(BASELINE.until(end))
        history.run()
        own = sites_of(history)
        begun = dict.fromkeys(BRANCHES, 0.0)
        for site, whole in zip(own.sites, own.size[:, 0], strict=True):
            if site.cohort and site.label != "before the start":
                begun[BRANCHES[site.branch]] += float(whole)
        ordinary = begun.pop("metal_and_fuel")
        whole = sum(begun.values()) * STARTS["metal_and_fuel"] / (1.0 - STARTS["metal_and_fuel"])
        assert ordinary == pytest.approx(whole - min(NAMED_LIMIT * whole, size), rel=1e-9)
        assert [site.label for site in own.sites if not site.cohort] == ["Dneprostroi"]
        metal = [site.label for site in own.sites if BRANCHES[site.branch] == "metal_and_fuel"]
        assert metal[0] == "Dneprostroi"


def test_shares_of_starts_are_shares() -> None:
    assert sum(STARTS.values()) == pytest.approx(1.0)
    named = {name.removeprefix("start_share_") for name in CONSTANTS if name.startswith("start_share_")}
    assert named == set(BRANCHES)


MANNER = manner_of(1.0, 0.2, 0.6, 0.25, 50.0)  # the furthest first
TODAY = date(1930, 4, 30)


@given(
    granted=st.floats(0.0, 3.0),
    reach=st.floats(0.0, 1.0),
    concentration=st.floats(0.0, 1.0),
    sites_given=st.lists(
        st.tuples(st.floats(0.01, 5.0), st.floats(0.0, 0.99), st.sampled_from([TOGETHER, 0.2, 0.5, 0.8])),
        min_size=1,
        max_size=8,
    ),
)
def test_the_list_is_served_first_and_then_the_furthest(
    granted: float, reach: float, concentration: float, sites_given: list[tuple[float, float, float]]
) -> None:
    sites = Sites(2, branches=2)
    sites.manner = MANNER._replace(degree=np.array([concentration, concentration]))
    sites.reach[:] = reach
    for number, (whole, progress, place) in enumerate(sites_given):
        size = np.full((2, 2), whole)
        # Sites of a second branch begin with them: they must not take of what the first branch gets.
        sites.begin([0, 1], str(number), size, np.full((2, 2), 12.0), size * progress, [place, place])
    wanted, listed = (float(x[0, 0]) for x in sites.wanted())
    sizes, before = sites.size[: len(sites_given), 0].copy(), sites.done[: len(sites_given), 0].copy()
    pace = np.minimum(sizes - before, sizes / 12.0)
    places = np.array([site.place for site in sites.sites if site.branch == 0])
    month = sites.build(np.array([[granted] * 2, [0.0] * 2]), sites.reach, TODAY)
    assert month.work[0, 0] == pytest.approx(min(granted, wanted), abs=1e-12)
    assert month.work[1, 0] == 0.0
    on = np.where(places < 0.0, reach, places < reach)
    high = np.minimum(on * sizes / 12.0, pace)
    assert listed == pytest.approx(float(high.sum()), abs=1e-12)
    if (month.marks & ENDED).any():  # whose work is not seen any more
        return
    work = sites.done[: len(sites_given), 0] - before
    assert work.sum() == pytest.approx(min(granted, wanted), abs=1e-12)
    assert (work <= pace * (1.0 + 1e-12) + 1e-12).all()
    if granted <= listed:
        assert (work[on == 0.0] <= 1e-12).all()  # who is not on the list waits
    else:
        assert work[on == 1.0] == pytest.approx(pace[on == 1.0], abs=1e-12)
    if concentration == 0.0 and 0.0 < granted < listed:
        even = work[on > 0.0] / high[on > 0.0]
        left = (sizes - before > sizes / 12.0)[on > 0.0]
        assert np.ptp([even[left].max(initial=0.0), *even[left]]) < 1e-9


def test_of_equal_sites_the_youngest_freeze_and_go_on_when_work_is_granted_again() -> None:
    """The more so the more is concentrated; what they hold is counted as frozen."""
    frozen = []
    for concentration in (0.0, 0.5, 1.0):
        sites = Sites(2, branches=1)
        sites.manner = MANNER._replace(degree=np.array([concentration]), idle_below=np.array([0.4]))
        one = np.ones((1, 2))
        for progress in (0.1, 0.3, 0.7):
            sites.begin([0], "works", one, 24.0 * one, progress * one, [0.5])
        poor = sites.build(0.5 * sites.wanted().wanted, sites.reach, TODAY)
        frozen.append(float(poor.idle[0, 0]))
        assert poor.frozen[0, 0] == {0.0: 0.0, 0.5: 1.0, 1.0: 1.0}[concentration]
        rich = sites.build(1.0 * sites.wanted().wanted, sites.reach, TODAY)
        assert rich.frozen[0, 0] == 0.0
    assert frozen == [0.0, 0.1, 0.1]


def test_a_work_ends_on_the_day_that_its_pace_and_its_rest_say() -> None:
    sites = Sites(2, branches=1)
    dam = work("dam", "Dam", TODAY, size=1.0)
    sites.reach[:] = 1.0
    number = sites.begin(
        [0], dam.title, np.ones((1, 2)), np.full((1, 2), 10.0), np.array([[0.95, 0.5]]) - 1e-9, named=True
    )
    sites.works.begin(number, dam, None)
    sites.build(np.ones((1, 2)), sites.reach, TODAY)
    assert sites.works.finished_on[number].tolist() == [date(1930, 4, 16).toordinal(), 0.0]
    assert [site.label for site in sites.sites] == ["Dam"]  # still standing in the second member


def test_a_work_that_gets_nothing_stops_and_goes_on_in_the_members_in_which_it_does() -> None:
    sites = Sites(3, branches=1)
    sites.manner = MANNER._replace(idle_below=np.array([0.3]))
    sites.reach[:] = 1.0
    dam = work("dam", "Dam", TODAY, size=1.0)
    number = sites.begin([0], dam.title, np.ones((1, 3)), np.full((1, 3), 10.0), named=True)
    sites.works.begin(number, dam, None)
    for granted, frozen in (
        ([0.0, 1.0, 1.0], [True, False, False]),
        ([0.0, 0.0, 1.0], [True, True, False]),
        ([1.0, 1.0, 1.0], [False, False, False]),
    ):
        sites.build(np.array([granted]), sites.reach, TODAY)
        assert sites.works.frozen[number].tolist() == frozen


def work(key: str, title: str, start: date, branch: str = "transport", size: float = 0.1) -> NamedWork:
    return NamedWork(key, title, start, branch, size)


def test_named_works_begin_once_those_of_a_month_by_title() -> None:
    works = [
        work("a", "Turksib", date(1928, 3, 31)),
        work("b", "Canal", date(1928, 3, 1), "transport"),
        work("c", "Canal", date(1928, 3, 2), "agriculture"),
    ]
    sites = Sites(2)
    for one in works:
        sites.works.found(one)
    assert [one.key for one, _ in sites.works.take()] == ["c", "b", "a"]
    assert sites.works.take() == []


def test_named_works_from_before_or_after_the_run_do_not_begin() -> None:
    changed = load_scenario(
        "baseline",
        {
            "works.dneprostroi.start": date(1927, 12, 31),
            "works.stalingrad_tractor.start": date(1928, 4, 1),
            "works.magnitogorsk.start": date(1928, 3, 31),
        },
    )
    history = History(changed.until(date(1928, 3, 31)))
    log = history.run().events.table(CENTRAL)
    begun = log[log["text"].str.endswith("building begins")]
    assert list(zip(begun["date"], begun["text"], strict=True)) == [
        (date(1928, 3, 31), "Magnitogorsk: building begins")
    ]
    assert [site.label for site in sites_of(history).sites if not site.cohort] == ["Magnitogorsk"]


def test_sizes_of_named_works_differ_between_members() -> None:
    end = BASELINE.until(date(1928, 1, 31))
    history = History(end, [0, 1], sizes={"dneprostroi": np.array([0.1, 0.3])})
    history.run()
    sites = sites_of(history)
    named = next(row for row, site in enumerate(sites.sites) if not site.cohort)
    np.testing.assert_array_equal(sites.size[named], [0.1, 0.3])


def test_sites_go_on_from_what_was_saved() -> None:
    """Work, order, hand-overs and what is known of named works are those of sites that were never saved."""
    history = History(BASELINE.until(date(1928, 8, 31)), [0, 1])
    history.run()
    sites, again = sites_of(history), Sites(2)
    again.restore(sites.save())
    again.manner = sites.manner
    for month in range(40):
        day = date(1929 + month // 12, month % 12 + 1, 28)
        for own in (sites, again):
            own.begin([month % 6], f"{month}", np.full((1, 2), 0.3), np.full((1, 2), 24.0))
        wanted, listed = sites.wanted()
        np.testing.assert_array_equal(again.wanted(), (wanted, listed))
        granted = wanted * np.array([0.4, 0.9])
        reach = np.full_like(granted, 0.5 + 0.01 * month)
        built, repeated = (own.build(granted, reach, day) for own in (sites, again))
        for one, other in zip(built[:-1], repeated[:-1], strict=True):
            np.testing.assert_array_equal(one, other)
        assert sites.sites == again.sites
    known, kept = sites.works.save(), again.works.save()
    assert known["begun"] == kept["begun"] == ["dneprostroi", "stalingrad_tractor", "uralmash"]
    assert (known["finished_on"] > 0.0).any()
    np.testing.assert_array_equal(known["finished_on"], kept["finished_on"])


def test_what_was_saved_does_not_change_with_the_sites() -> None:
    sites = Sites(2, branches=1)
    sites.begin([0], "1928 Q1", np.ones((1, 2)), np.full((1, 2), 12.0))
    saved = sites.save()
    for _ in range(2):
        sites.build(np.full((1, 2), 0.05), np.full((1, 2), 0.5), TODAY)
        assert (saved["done"] == 0.0).all()
        assert (saved["reach"] == 0.0).all()
        sites.restore(saved)


def test_the_branches_of_sites_are_those_of_the_axis() -> None:
    shared = BLOCKS["accumulation"].shared
    assert shared is not None
    assert shared.axes.by_name["branch"].labels == BRANCHES


def test_the_centre_decides_in_december_and_in_part_each_quarter(strained: Watched) -> None:
    strain, brake = strained.series("strain"), strained.series("brake")
    plan = {name: np.asarray(value)[:, None] for name, value in strained.parameters["plan"].items()}
    months = pd.DatetimeIndex(strained.run.dataset["time"].values).month
    december = months == 12
    away = (strain / plan["strain_limit"] - 1.0) / plan["resolve_spread"]
    asked = 1.0 / (1.0 + np.exp(-np.clip(away, -50.0, 50.0)))
    np.testing.assert_allclose(brake[:, december], asked[:, december], rtol=1e-9)
    before = np.hstack([np.zeros((len(brake), 1)), brake[:, :-1]])
    quarter = np.isin(months, (3, 6, 9))
    part = before + plan["within_year"] * (asked - before)
    np.testing.assert_allclose(brake[:, quarter], part[:, quarter], rtol=1e-9)
    between = ~quarter & ~december
    assert (brake[:, between] == before[:, between]).all()
    # Both happen: years of push and years of retrenchment.
    assert (brake[:, december] > 0.9).sum() > 10
    assert (brake[:, december] < 0.1).sum() > 10


def test_what_is_cut_within_the_year_depends_on_the_part_carried_out() -> None:
    """The more of a retrenchment is carried out within the year, the lower the plan before the year ends."""
    strained = {"parameters.plan.strain_limit": 0.1, "parameters.plan.resolve_spread": 0.03}
    plans = [
        run(
            load_scenario("plan_strain", {**strained, "parameters.plan.within_year": part}).until(
                date(1930, 11, 30)
            )
        )["investment_plan"].values[0]
        for part in (0.0, 0.5, 1.0)
    ]
    assert plans[0][-1] > plans[1][-1] > plans[2][-1] > 0.0


def test_the_plan_limits_the_work_and_retrenchment_cuts_it(strained: Watched) -> None:
    work = 12.0 * total(strained.series(f"construction_{branch}") for branch in BRANCHES)
    plan, brake = strained.series("investment_plan"), strained.series("brake")
    # What is decided at the end of a month holds from the next.
    assert (work[:, 1:] <= plan[:, :-1] * (1.0 + 1e-9)).all()
    december = pd.DatetimeIndex(strained.run.dataset["time"].values).month == 12
    cut = 1.0 - np.asarray(strained.parameters["plan"]["starts_cut"])[:, None] * brake
    starts = plan * np.asarray(strained.parameters["plan"]["overcommitment"])[:, None] * cut
    np.testing.assert_allclose(strained.series("starts")[:, december], starts[:, december], rtol=1e-12)
    pushed = strained.series("push_now")[:, december]
    assert (pushed <= 1.0 - brake[:, december] + 1e-12).all()


def test_without_strain_there_is_no_retrenchment(strained: Watched) -> None:
    assert (strained.series("strain")[CALM] == 0.0).all()
    assert (strained.series("brake")[CALM] < 0.05).all()
    within = np.diff(strained.series("investment_plan")[CALM].reshape(13, 12), axis=1)
    assert (within[:, :-1] >= 0.0).all()  # within the year targets are only raised


def test_shortage_raises_targets() -> None:
    """Where work waits, the plan grows within the year with the inflation of targets and not without it."""
    scarce = {
        "parameters.accumulation.builders": 0.3,
        "parameters.plan.inflation": 1.5,
        "parameters.plan.within_year": 0.0,  # nothing is cut before December
    }
    end = date(1928, 11, 30)
    with_it = run(load_scenario("plan_strain", scarce).until(end))
    without = run(load_scenario("plan_strain", scarce, switch_off=["target_inflation"]).until(end))
    assert float(with_it["construction_ratio"].min()) < 0.9
    plan = with_it["investment_plan"].values[0]
    assert plan[-1] > 1.05 * plan[0]
    assert np.ptp(without["investment_plan"].values[0]) == 0.0


def test_promises_of_consumer_goods_are_kept_less_than_those_of_heavy_industry() -> None:
    """Targets of consumer goods rise without resources (D-49), those of heavy industry with the push."""
    dataset = run("baseline").isel(member=0).sel(time=slice("1929-12", "1932-12"))
    december = dataset.sel(time=dataset["time"].dt.month == 12)
    heavy, consumer = december["fulfilment_heavy_industry"], december["fulfilment_consumer_goods"]
    assert (heavy < 1.0).all()
    assert float(consumer.mean()) < float(heavy.mean())


def test_ranks_favour_heavy_industry_in_years_of_shortage(watched: Watched) -> None:
    without = run(load_scenario("baseline", switch_off=["priority_rationing"]).until(date(1932, 12, 31)))
    base = watched.run.dataset

    def share(dataset: xr.Dataset, year: int) -> float:
        built = {branch: yearly(dataset, f"construction_{branch}")[year] for branch in BRANCHES}
        return float((built["metal_and_fuel"] + built["engineering"]) / sum(built.values()))

    for year in (1930, 1931, 1932):  # in 1929 nothing is frozen yet, and ranks decide little
        done = float(base["construction_ratio"].isel(member=0).sel(time=str(year)).mean())
        assert done < bound("shortage_of_construction")
        assert share(without, year) < share(base, year) - 0.01


def test_without_gestation_less_is_unfinished(watched: Watched) -> None:
    without = run(load_scenario("baseline", switch_off=["gestation"]).until(date(1930, 12, 31)))
    base = watched.run.dataset["unfinished_construction"].isel(member=0)
    for year in ("1929", "1930"):
        less = float(without["unfinished_construction"].sel(time=year).mean() / base.sel(time=year).mean())
        assert less < bound("unfinished_without_gestation")
