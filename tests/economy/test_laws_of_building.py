"""Laws of construction that any form of the model must keep: books, order, and nothing out of nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from watching import BASELINE, act, at, put

from planmodel.economies.soviet.sites import BRANCHES, Sites
from planmodel.engine import Array, total
from planmodel.runs.history import History
from planmodel.scenario.sections import Work

START = date(1928, 1, 1)


def sites_of(history: History) -> Sites:
    sites = history.workspace.entities["sites"]
    assert isinstance(sites, Sites)
    return sites


def read(history: History, name: str) -> Array:
    return np.asarray(history.workspace.read(name, "accumulation"))


def claim(history: History) -> None:
    act(history, "building.reckon_builders", "accumulation.claim_materials")


def build(history: History) -> None:
    act(history, "building.build", "building.note_supply", "building.build_in_order")


def test_the_sites_of_the_first_day_are_equal_and_the_older_are_further() -> None:
    """Together they hold the unfinished work of the books."""
    history = at(START)
    sites = sites_of(history)
    for number, branch in enumerate(BRANCHES):
        rows = [row for row, site in enumerate(sites.sites) if site.branch == number]
        size, done = sites.size[rows], sites.done[rows]
        np.testing.assert_allclose(size, np.broadcast_to(size[0], size.shape), rtol=1e-12)
        assert (np.diff(done, axis=0) < 0.0).all()  # the oldest stand first
        assert (done < size).all()
        np.testing.assert_allclose(
            total(done), history.ledger.stock("works", f"unfinished_{branch}"), rtol=1e-12
        )


def test_a_named_work_takes_the_place_of_ordinary_starts_once() -> None:
    branch = BRANCHES.index("transport")
    ordinary = float(read(at(START), "start_share_transport"))
    size = 1.7 * ordinary
    railway = Work(
        title="railway", start=START, size=size, branch="transport", source="this test", evidence="assumption"
    )
    history = History(BASELINE.model_copy(update={"works": {"railway": railway}}))
    put(history, {"starts": 4.0})  # one billion roubles a quarter
    sites = sites_of(history)
    sites.works.found(history.context.works[0])
    begun: list[float] = []
    named: list[tuple[str, float]] = []
    begin = sites.begin

    def note(branches: list[int], label: str, size: Array, months: Array, **how: Any) -> int:
        if how.get("named"):
            named.append((label, float(size[0, 0])))
        else:
            begun.append(sum(float(own[0]) for b, own in zip(branches, size, strict=True) if b == branch))
        return begin(branches, label, size, months, **how)

    sites.begin = note  # type: ignore[method-assign, assignment]
    for _ in range(8):  # quarters
        act(history, "accumulation.start_sites")
    assert named == [("railway", size)]
    assert sum(ordinary - started for started in begun) == pytest.approx(size, rel=1e-12)
    assert min(begun) > 0.0
    assert begun == sorted(begun)
    assert begun[-1] == pytest.approx(ordinary, rel=1e-12)


@pytest.mark.parametrize(("metal", "goods"), [(0.0, 5.0), (5.0, 0.0), (0.0, 0.0), (5.0, 5.0)])
def test_nothing_is_built_without_metal_or_without_machines(metal: float, goods: float) -> None:
    history = at(START)
    history.ledger.endow("metal", "supply", metal)
    history.ledger.endow("producer_goods", "supply", goods)
    claim(history)
    build(history)
    built = total(history.ledger.moved(f"construction_{branch}") for branch in BRANCHES)
    assert ((built > 0.0) == (metal > 0.0 and goods > 0.0)).all()


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_what_can_be_built_is_shared_out_whole_and_the_first_rank_before_the_rest(share: float) -> None:
    """Branches that are short of the first rank's work leave nothing to the second."""
    history = at(START)
    history.ledger.endow("metal", "supply", 50.0)
    history.ledger.endow("producer_goods", "supply", 50.0)
    claim(history)
    put(history, {"let_through": share, "builders_ratio": 1.0})
    wanted, everything = read(history, "work_wanted_branch"), read(history, "wanted_by_sites")
    np.testing.assert_allclose(read(history, "work_possible"), everything * share, rtol=1e-12)
    got, first = read(history, "work_granted"), read(history, "first_rank_now")
    np.testing.assert_allclose(total(got), everything * share, rtol=1e-9, atol=1e-12)
    assert (got <= wanted * (1.0 + 1e-12)).all()
    assert ((first > 0.2) & (first < 0.8)).all()  # else one of the ranks would be empty
    if share < 0.3:
        put(history, {"let_through": 0.1})
        alone = read(history, "work_granted")
        np.testing.assert_allclose(got, alone * (share / 0.1), rtol=1e-9, atol=1e-12)


def test_the_list_of_the_first_rank_grows_with_shortage() -> None:
    """Who waits this month is on the list in the next."""
    shares = []
    for supply in (50.0, 0.05, 0.0):
        history = at(START)
        history.ledger.endow("metal", "supply", supply)
        history.ledger.endow("producer_goods", "supply", supply)
        claim(history)
        build(history)
        shares.append(float(read(history, "first_rank_now")[0]))
    assert shares == sorted(shares)
    assert shares[0] < shares[1] < shares[2] <= 1.0


def test_builders_do_more_in_longer_hours() -> None:
    history = at(START)
    work = []
    for hours in (1.0, 1.1):
        history.levers["hours"] = hours
        work.append(read(history, "builder_work"))
    np.testing.assert_allclose(work[1], 1.1 * work[0], rtol=1e-12)


def test_metal_for_a_rouble_of_work_falls_with_the_years() -> None:
    """Producer goods for it do not."""
    claims = []
    for day in (START, date(1934, 1, 1)):
        history = at(day)
        claim(history)
        claims.append(history.board["site_metal_claim"] / history.board["site_equipment_claim"])
    saving = float(BASELINE.parameters.accumulation.site_metal_saving)
    assert saving > 0.0
    np.testing.assert_allclose(claims[1], claims[0] * np.exp(-6.0 * saving), rtol=1e-3)
