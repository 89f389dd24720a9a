"""Named works: when they begin and are finished, whose place they take, and how large they are."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from one_country import ECONOMY
from watched_sites import BASELINE, CENTRAL, sites_of

from planmodel.economies.soviet.sites import BRANCHES, Sites, manner_of
from planmodel.runs.history import History, run_fully
from planmodel.runs.of_scenario import NamedWork
from planmodel.scenario import load_scenario

ACCUMULATION = next(block for block in ECONOMY.blocks if block.name == "accumulation")
CONSTANTS = {c.name: c.value for c in ACCUMULATION.declared.constants}
STARTS = {branch: float(CONSTANTS[f"start_share_{branch}"]) for branch in BRANCHES}  # type: ignore[arg-type]
NAMED_LIMIT = float(CONSTANTS["named_limit"])  # type: ignore[arg-type]
TODAY = date(1930, 4, 30)


def test_named_works_begin_on_their_day_and_are_finished() -> None:
    log = run_fully(BASELINE).events.table(CENTRAL)
    sites = log[log["kind"] == "site"].set_index("text")["date"]
    works = [work for work in BASELINE.works.values() if work.enabled]
    assert len(works) > 20
    gestation = BASELINE.parameters.accumulation.gestation_time
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
        assert months >= int(12.0 * gestation)
    assert unfinished == [
        "Dams of Uglich and Rybinsk (camp labour)",
        "Railway to Pechora and Vorkuta (camp labour)",
        "Railway Volochaevka-Komsomolsk and other lines on the Amur (camp labour)",
        "Kuibyshev hydroelectric works (camp labour)",
    ]


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


def work(key: str, title: str, start: date, branch: str = "transport", size: float = 0.1) -> NamedWork:
    return NamedWork(key, title, start, branch, size)


def test_a_work_that_gets_nothing_stops_and_goes_on_in_the_members_in_which_it_does() -> None:
    sites = Sites(3, branches=1)
    sites.manner = manner_of(1.0, 0.2, 0.6, 0.3, 50.0)
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


def test_named_works_begin_once_those_of_a_month_by_title() -> None:
    works = [
        work("a", "Turksib", date(1928, 3, 31)),
        work("b", "Canal", date(1928, 3, 1), "transport"),
        work("c", "Canal", date(1928, 3, 2), "agriculture"),
    ]
    sites = Sites(2)
    for one in works:
        sites.works.found(one)
    assert [one.work.key for one in sites.works.take()] == ["c", "b", "a"]
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
