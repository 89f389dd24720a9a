"""Laws of what waits: how the list of shock works spreads, and what freight idle sites make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from watching import BASELINE, act, at, put

from planmodel.economies.soviet.sites import BRANCHES, Sites
from planmodel.engine import Array
from planmodel.runs.history import History

START, LATER = date(1928, 1, 1), date(1934, 1, 1)
Sizes = Mapping[str, Mapping[str, float]]


def with_sizes(sizes: Sizes | None = None, day: date = START, **variables: float) -> History:
    """Return an economy with sizes of its own."""
    if sizes is None:
        history = at(day)
    else:
        values = {block: {n: np.full(2, v) for n, v in of.items()} for block, of in sizes.items()}
        history = History(BASELINE, [0, 0], parameters=values)
        if day > history.clock.start:
            history.clock.environment.run(until=history.clock.day(day))
    put(history, variables)
    return history


def rows(history: History, name: str, block: str = "accumulation") -> Array:
    return np.ravel(np.asarray(history.workspace.read(name, block))[..., 0])


def size(history: History, name: str, block: str = "accumulation") -> float:
    return float(np.ravel(history.workspace.read(f"parameter_{name}", block))[0])


def constant(history: History, name: str) -> float:
    return float(np.ravel(history.workspace.read(name, "accumulation"))[0])


# ---- the list of shock works -------------------------------------------------------------------------------


def listed(reach: float, done: float, sizes: Sizes | None = None) -> History:
    """Let the list reach over a share of each branch, and a part of the work wanted be possible."""
    history = with_sizes(sizes, let_through=done, builders_ratio=1.0)
    put(history, {f"list_reach_{branch}": reach for branch in BRANCHES})
    history.ledger.endow("metal", "supply", 50.0)
    history.ledger.endow("producer_goods", "supply", 50.0)
    act(history, "accumulation.claim_materials")
    put(history, {"let_through": done, "builders_ratio": 1.0})
    return history


def test_work_waits_by_what_is_wanted_and_not_done() -> None:
    for done in (0.0, 0.3, 0.8, 1.0):
        np.testing.assert_allclose(rows(listed(0.5, done), "work_waits"), 1.0 - done, atol=1e-9)


def test_where_nothing_is_wanted_nothing_waits() -> None:
    history = listed(0.5, 0.5)
    put(history, {f"work_wanted_{branch}": 0.0 for branch in BRANCHES})
    np.testing.assert_array_equal(rows(history, "work_waits"), 0.0)


def test_priority_spreads_from_those_who_have_it_to_those_who_have_not() -> None:
    """By shortage, by who is on the list, and by who is not yet: the suppliers of shock sites join them."""
    for reach in (0.2, 0.5, 0.9):
        for done in (0.3, 0.8):
            history = listed(reach, done)
            off = rows(history, "list_limit_branch") - reach
            joined = size(history, "rank_inflation") / 12.0 * (1.0 - done) * reach * off
            left = (reach - rows(history, "first_rank_branch")) / constant(history, "list_time")
            np.testing.assert_allclose(rows(history, "list_from_now"), reach + joined - left, rtol=1e-9)


@pytest.mark.parametrize("reach", [0.1, 0.3, 0.45])  # below what any branch may have
def test_the_list_grows_with_shortage_and_not_without(reach: float) -> None:
    lists = [rows(listed(reach, done), "list_from_now") for done in (1.0, 0.7, 0.4, 0.0)]
    for short, shorter in pairwise(lists):
        assert (shorter > short).all()
    at_null = rows(listed(reach, 0.0, {"accumulation": {"rank_inflation": 0.0}}), "list_from_now")
    np.testing.assert_allclose(at_null, lists[0], rtol=1e-12)


def test_where_nothing_is_short_the_list_goes_back_to_the_usual_one_as_sites_are_finished() -> None:
    usual = rows(listed(0.5, 1.0), "first_rank_branch")
    for reach in (0.0, 0.5, 1.0):
        now = rows(listed(reach, 1.0), "list_from_now")
        assert (np.abs(now - usual) < np.abs(reach - usual)).all()
        assert (np.sign(now - reach) == np.sign(usual - reach)).all()


@pytest.mark.parametrize("inflation", [0.0, 2.0, 6.0])
def test_the_list_is_a_share_whatever_happens(inflation: float) -> None:
    for reach in (0.0, 0.01, 0.5, 0.99, 1.0):
        for done in (0.0, 1.0):
            history = listed(reach, done, {"accumulation": {"rank_inflation": inflation}})
            now = rows(history, "list_from_now")
            assert ((now >= 0.0) & (now <= 1.0)).all()


def test_where_nobody_has_priority_shortage_gives_it_to_nobody() -> None:
    """Only what is listed as usual joins, as it is begun."""
    for done in (0.0, 1.0):
        history = listed(0.0, done)
        usual = rows(history, "first_rank_branch") / constant(history, "list_time")
        np.testing.assert_allclose(rows(history, "list_from_now"), usual, rtol=1e-12)


def test_on_the_first_day_nothing_has_waited_and_the_books_have_the_list_of_the_sites() -> None:
    history = at(START)
    sites = history.workspace.entities["sites"]
    assert isinstance(sites, Sites)
    np.testing.assert_array_equal(sites.reach[:, 0], rows(history, "first_rank_branch"))
    history = History(BASELINE.until(date(1928, 6, 30)), [0, 0])
    history.run()
    sites = history.workspace.entities["sites"]
    assert isinstance(sites, Sites)
    np.testing.assert_array_equal(sites.reach[:, 0], rows(history, "list_reach_branch"))
    assert (sites.reach[:, 0] > rows(history, "first_rank_branch")).all()


def test_without_ranks_there_is_no_list() -> None:
    switches = BASELINE.switches.model_copy(update={"priority_rationing": False})
    history = History(BASELINE.model_copy(update={"switches": switches}).until(date(1928, 6, 30)), [0, 0])
    history.run()
    np.testing.assert_array_equal(rows(history, "list_reach_branch"), 0.0)
    np.testing.assert_array_equal(rows(history, "work_listed_branch"), 0.0)


# ---- freight -----------------------------------------------------------------------------------------------


def offered(sizes: Sizes | None = None, day: date = START, **variables: float) -> dict[str, float]:
    history = with_sizes(
        sizes, day, **{"metal_ratio": 1.0, "equipment_ratio": 1.0, "let_through": 0.8, "builders_ratio": 1.0}
        | {"construction_wanted": 8.0, "construction_ratio": 0.8, "metal_and_fuel_index": 1.0}
        | {"engineering_index": 1.0, "consumer_goods_index": 1.0} | variables
    )  # fmt: skip
    act(history, "transport.offer_freight")
    return {
        n: float(history.board[f"freight_offered_{n}"][0]) for n in ("coal_and_ore", "materials", "goods")
    }


def test_goods_go_far_off_for_what_idle_sites_do_not_take() -> None:
    """In proportion to the work that waits of what the plan lets through; no other cargo does."""
    hauls = size(at(START), "long_hauls", "transport")
    assert hauls > 0.0
    busy, half, idle = (offered(construction_ratio=r) for r in (0.8, 0.4, 0.0))
    assert half["goods"] / busy["goods"] == pytest.approx(1.0 + 0.5 * hauls)
    assert idle["goods"] / busy["goods"] == pytest.approx(1.0 + hauls)
    for cargo in ("coal_and_ore", "materials"):
        assert idle[cargo] == busy[cargo]
    assert offered(construction_ratio=0.8)["goods"] == offered(construction_ratio=0.9)["goods"]
    near = {"transport": {"long_hauls": 0.0}}
    assert offered(near, construction_ratio=0.1)["goods"] == pytest.approx(busy["goods"])


@pytest.mark.parametrize(
    ("name", "sign", "cargo"),
    [("haul_growth", 1.0, "coal_and_ore"), ("haul_growth", 1.0, "goods"), ("haul_growth", 1.0, "materials"),
     ("materials_saving", -1.0, "materials")],
)  # fmt: skip
def test_hauls_grow_longer_and_materials_are_saved_from_year_to_year(
    name: str, sign: float, cargo: str
) -> None:
    pace = {"transport": {"haul_growth": 0.0, "materials_saving": 0.0}}
    still = offered(pace, LATER)[cargo]
    assert still == pytest.approx(offered(pace, START)[cargo])
    years = float(np.ravel(at(LATER).workspace.read("years", "transport"))[0])
    assert years == pytest.approx(6.0, abs=0.1)
    pace["transport"][name] = 0.03
    assert np.log(offered(pace, LATER)[cargo] / still) == pytest.approx(sign * 0.03 * years, rel=1e-9)


def test_only_materials_are_saved() -> None:
    few, many = (offered({"transport": {"materials_saving": s}}, LATER) for s in (0.06, 0.0))
    assert few["materials"] < many["materials"]
    assert few["goods"] == many["goods"]
    assert few["coal_and_ore"] == many["coal_and_ore"]
