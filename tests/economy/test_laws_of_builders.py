"""Laws of builders: what newcomers cost, who comes for the season; and of machines made with less metal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from watching import BASELINE, act, put

from planmodel.economies.soviet.sites import BRANCHES
from planmodel.runs.history import History

JULY = date(1928, 7, 1)


def stand(
    sizes: Mapping[str, Mapping[str, float]] | None = None, off: tuple[str, ...] = (), **variables: float
) -> History:
    """Return the economy on a day of 1928, with sizes, switches and variables of its own."""
    values = {block: {n: np.array([v]) for n, v in of.items()} for block, of in (sizes or {}).items()}
    switches = BASELINE.switches.model_copy(update=dict.fromkeys(off, False))
    history = History(BASELINE.model_copy(update={"switches": switches}), parameters=values)
    history.clock.environment.run(until=history.clock.day(JULY))
    put(history, variables)
    return history


def read(history: History, name: str, block: str) -> float:
    return float(np.ravel(history.workspace.read(name, block))[0])


def hire(history: History, hired: float, left: float = 0.0) -> History:
    """Let builders have been hired, and have left, this month."""
    history.ledger.moved("hired_construction_workers")[:] = hired
    history.ledger.moved("left_construction_workers")[:] = left
    return history


def skill_after(hired: float, skill: float = 1.0, off: tuple[str, ...] = (), **sizes: float) -> float:
    history = hire(stand({"workforce": sizes}, off, builder_skill=skill, labour_turnover=0.0), hired)
    act(history, "workforce.train_builders")
    return float(history.board["builder_skill"][0])


# ---- newcomers ---------------------------------------------------------------------------------------------


def test_newcomers_cost_what_they_lack_of_the_skill_of_the_others() -> None:
    builders = read(stand(), "people_construction_workers", "workforce")
    for share in (0.05, 0.2):
        lost = 1.0 - skill_after(share * builders, newcomer_skill=0.4)
        assert lost == pytest.approx(share * 0.6, rel=1e-9)


def test_those_who_replace_leavers_are_no_newcomers() -> None:
    history = hire(stand(builder_skill=1.0, labour_turnover=0.0), 0.1, left=0.1)
    assert read(history, "builders_diluted", "workforce") == 0.0


def test_without_newcomers_skill_comes_back_in_the_time_of_learning() -> None:
    for years in (0.5, 2.0):
        gained = skill_after(0.0, skill=0.6, builder_learning=years) - 0.6
        assert gained == pytest.approx(0.4 / (12.0 * years), rel=1e-9)
    assert skill_after(0.0, skill=1.0) == 1.0


def test_newcomers_cost_nothing_where_all_are_as_unskilled_or_skill_is_not_diluted() -> None:
    low = skill_after(0.3, skill=0.4, newcomer_skill=0.4)
    assert low >= 0.4
    assert skill_after(0.3, off=("skill_dilution",)) == 1.0


def test_no_month_makes_more_than_most_of_them_new() -> None:
    assert skill_after(50.0, newcomer_skill=0.2) >= 0.2


def test_a_builder_does_as_much_as_he_is_skilled() -> None:
    works = [read(stand(builder_skill=skill), "builder_work", "accumulation") for skill in (0.5, 1.0)]
    assert works[0] == pytest.approx(0.5 * works[1], rel=1e-12)


# ---- builders for the season -------------------------------------------------------------------------------


def test_the_mean_of_the_season_is_that_of_its_table() -> None:
    history = History(BASELINE)
    seen = []
    for month in range(1, 13):
        if month > 1:
            history.clock.environment.run(until=history.clock.day(date(1928, month, 1)))
        seen.append(read(history, "away_season", "migration"))
    assert max(seen) == 1.0
    assert np.mean(seen) == pytest.approx(read(history, "mean_season", "migration"), abs=0.005)


@pytest.mark.parametrize("share", [0.1, 0.35, 0.8])
def test_who_comes_for_the_season_builds_and_leaves_fewer_jobs(share: float) -> None:
    history = stand(
        {"migration": {"seasonal_builders": share}},
        construction_wanted=8.0,
        let_through=1.0,
        builder_norm=0.3,
    )
    act(history, "labour.offer_jobs")
    hands = read(history, "seasonal_hands", "migration")
    assert float(history.board["jobs_construction_workers"][0]) == pytest.approx(8.0 * 0.3 - hands, rel=1e-9)
    usual = BASELINE.parameters.migration.seasonal_builders
    assert hands / share == pytest.approx(read(stand(), "seasonal_hands", "migration") / usual, rel=0.02)


def test_builders_of_all_kinds_do_the_work() -> None:
    """Those who are hired, those of the season and the unfree, where sites want more than all can do."""
    history = stand(camp_builders=0.2)
    put(history, {f"work_wanted_{branch}": 5.0 for branch in BRANCHES})
    names = ("wanted_by_sites", "allowed_by_plan", "manned", "builders_1928", "builder_work")
    wanted, allowed, manned, norm, work = (read(history, name, "accumulation") for name in names)
    assert 0.0 < manned < 1.0
    hired, hands = (
        read(history, n, "accumulation") for n in ("people_construction_workers", "seasonal_hands")
    )
    assert manned * wanted * allowed * 12.0 * norm / work == pytest.approx(hired + hands + 0.2, rel=1e-9)


# ---- machines with less metal ------------------------------------------------------------------------------


def machines(ratio: float, effect: float) -> float:
    history = stand({"heavy_industry": {"metal_effect": effect}}, metal_ratio_engineering=ratio)
    act(history, "heavy_industry.make_machines")
    return float(history.board["engineering_index"][0])


@pytest.mark.parametrize("effect", [0.3, 0.6, 1.0])
def test_metal_wanting_costs_machines_by_its_elasticity(effect: float) -> None:
    whole = machines(1.0, effect)
    for ratio in (0.9, 0.5):
        assert machines(ratio, effect) / whole == pytest.approx(ratio**effect, rel=1e-6)
    assert machines(0.0, effect) == 0.0
