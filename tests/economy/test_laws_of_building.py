"""Laws of construction that any form of the model must keep: books, order, and nothing out of nothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from watching import at, of, put

from planmodel.economy import Economy
from planmodel.engine import Array, total
from planmodel.flows.accumulation import STARTS, Accumulation
from planmodel.sectors.capital import BRANCHES

START = date(1928, 1, 1)


def building(economy: Economy) -> Accumulation:
    accumulation = of(economy, Accumulation)
    assert isinstance(accumulation, Accumulation)
    return accumulation


def settle(economy: Economy) -> None:
    economy.ledger.settle()
    economy.board.settle()


def test_the_sites_of_the_first_day_are_equal_and_the_older_are_further() -> None:
    """Together they hold the unfinished work of the books."""
    economy = at(START)
    sites = building(economy).sites
    for number, branch in enumerate(BRANCHES):
        rows = [row for row, site in enumerate(sites.sites) if site.branch == number]
        size, done = sites.size[rows], sites.done[rows]
        np.testing.assert_allclose(size, np.broadcast_to(size[0], size.shape), rtol=1e-12)
        assert (np.diff(done, axis=0) < 0.0).all()  # the oldest stand first
        assert (done < size).all()
        np.testing.assert_allclose(
            total(done), economy.ledger.stock("works", f"unfinished_{branch}"), rtol=1e-12
        )


def test_a_named_work_takes_the_place_of_ordinary_starts_once() -> None:
    economy = at(START, starts=4.0)  # one billion roubles a quarter
    accumulation = building(economy)
    branch = BRANCHES.index("transport")
    ordinary = STARTS["transport"]
    size = 1.7 * ordinary
    begun: list[float] = []
    begin = accumulation.sites.begin

    def note(branches: list[int], label: str, size: Array, months: Array, named: bool = False) -> None:
        if not named:
            begun.append(float(size[branch, 0]))
        begin(branches, label, size, months, named=named)

    accumulation.sites.begin = note  # type: ignore[method-assign, assignment]
    accumulation._begun.append(("railway", "transport", size))
    for _ in range(8):  # quarters
        accumulation.start_sites()
    assert sum(ordinary - started for started in begun) == pytest.approx(size, rel=1e-12)
    assert min(begun) > 0.0
    assert begun == sorted(begun)
    assert begun[-1] == pytest.approx(ordinary, rel=1e-12)


@pytest.mark.parametrize(("metal", "goods"), [(0.0, 5.0), (5.0, 0.0), (0.0, 0.0), (5.0, 5.0)])
def test_nothing_is_built_without_metal_or_without_machines(metal: float, goods: float) -> None:
    economy = at(START)
    accumulation = building(economy)
    economy.ledger.endow("metal", "supply", metal)
    economy.ledger.endow("producer_goods", "supply", goods)
    accumulation.claim()
    settle(economy)
    accumulation.build()
    settle(economy)
    built = total(economy.ledger.moved(f"construction_{branch}") for branch in BRANCHES)
    assert ((built > 0.0) == (metal > 0.0 and goods > 0.0)).all()


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_what_can_be_built_is_shared_out_whole_and_the_first_rank_before_the_rest(share: float) -> None:
    """Branches that are short of the first rank's work leave nothing to the second."""
    economy = at(START)
    accumulation = building(economy)
    accumulation.claim()
    settle(economy)
    wanted, everything = accumulation._wants.wanted, accumulation._everything
    granted, first = accumulation._share_out(wanted, everything * share)
    got = np.array(granted)
    np.testing.assert_allclose(total(got), everything * share, rtol=1e-9, atol=1e-12)
    assert (got <= wanted * (1.0 + 1e-12)).all()
    assert ((first > 0.3) & (first < 0.8)).all()  # else one of the ranks would be empty
    if share < 0.3:
        alone, _ = accumulation._share_out(wanted, everything * 0.1)
        np.testing.assert_allclose(got, np.array(alone) * (share / 0.1), rtol=1e-9, atol=1e-12)


def test_the_list_of_the_first_rank_grows_with_shortage() -> None:
    shares = []
    for done in (1.0, 0.6, 0.2):
        economy = at(START)
        accumulation = building(economy)
        put(economy, {"construction_ratio": done})
        accumulation.claim()
        accumulation.build()
        settle(economy)
        shares.append(float(economy.board["first_rank_share"][0]))
    assert shares == sorted(shares)
    assert shares[0] < shares[1] < shares[2] <= 1.0
