"""Sites by themselves: who is served first, who is frozen, and what of them is saved."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_country import ECONOMY
from watched_sites import BASELINE, sites_of

from planmodel.economies.soviet.sites import BRANCHES, Sites, manner_of
from planmodel.engine.serving import ENDED, TOGETHER
from planmodel.runs.history import History

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
    assert ECONOMY.shared.axes.by_name["branch"].labels == BRANCHES
