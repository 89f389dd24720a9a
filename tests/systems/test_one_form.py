"""One form for what several economies describe: signs and limits, and that each economy calls it."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import planmodel
from planmodel.economies import shopfloor, village
from planmodel.engine import Array

ECONOMIES = Path(planmodel.__file__).parent / "economies"
SHARED = {  # form -> economies that call it
    "moving_on": {"soviet", "labour_process", "magnitogorsk", "kuzbass", "cadres_of_25000"},
    "share_gone": {"soviet", "magnitogorsk", "kuzbass", "cadres_of_25000"},
    "settling": {"soviet", "labour_process"},
    "time_kept": {"soviet", "labour_process"},
    "learnt": {"soviet", "labour_process", "magnitogorsk"},
    "fading": {"soviet", "labour_process"},
    "share_below": {"soviet", "labour_process"},
    "short_of": {"soviet", "magnitogorsk"},
    "recruited": {"soviet", "magnitogorsk"},
    "share_joining": {"soviet", "cadres_of_25000"},
    "share_leaving": {"soviet", "cadres_of_25000"},
    "floor_raised": {"soviet", "cadres_of_25000"},
    "resented": {"soviet", "cadres_of_25000"},
}
ONE = np.array([1.0])


def callers(form: str) -> set[str]:
    found = set()
    for file in ECONOMIES.glob("*/*.py"):
        calls = (n for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.Call))
        if any(isinstance(call.func, ast.Name) and call.func.id == form for call in calls):
            found.add(file.parent.name)
    return found


@pytest.mark.parametrize("form", sorted(SHARED))
def test_each_economy_that_has_a_process_calls_its_form(form: str) -> None:
    assert callers(form) == SHARED[form]
    assert hasattr(shopfloor, form) or hasattr(village, form)


def one(value: Array) -> float:
    return float(np.ravel(value)[0])


# ---- who goes, who is new ----------------------------------------------------------------------------------


def test_people_move_more_by_season_and_cause_and_less_where_they_are_held() -> None:
    usual = one(shopfloor.moving_on(0.1 * ONE, 1.0, 0.0 * ONE, 0.0))
    assert usual == 0.1
    assert one(shopfloor.moving_on(0.1 * ONE, 1.5, 0.0 * ONE, 0.0)) > usual
    assert one(shopfloor.moving_on(0.1 * ONE, 1.0, 0.7 * ONE, 0.0)) == pytest.approx(1.7 * usual)
    assert one(shopfloor.moving_on(0.1 * ONE, 1.0, 0.7 * ONE, 0.25)) == pytest.approx(0.75 * 1.7 * usual)
    assert one(shopfloor.moving_on(0.1 * ONE, 1.0, 0.7 * ONE, 1.0)) == 0.0


def test_the_share_gone_is_the_rate_where_it_is_small_and_never_all() -> None:
    assert one(shopfloor.share_gone(1e-6 * ONE)) == pytest.approx(1e-6, rel=1e-5)
    assert 0.9 < one(shopfloor.share_gone(4.0 * ONE)) < 1.0
    stays = 1.0 - one(shopfloor.share_gone(0.3 * ONE))
    assert stays**2 == pytest.approx(1.0 - one(shopfloor.share_gone(0.6 * ONE)))  # two months as one


def test_newcomers_settle_and_as_many_stay_new_as_come_in_the_time_they_take() -> None:
    new = 0.3 * ONE
    for _ in range(400):
        new = shopfloor.settling(new, 12.0, 0.02 * ONE)
    assert one(new) == pytest.approx(12.0 * 0.02)
    assert one(shopfloor.settling(new, 12.0, 0.0 * ONE)) < one(new)


def test_moves_cost_time_up_to_a_bound() -> None:
    assert one(shopfloor.time_kept(0.5 * ONE, 0.0 * ONE, 0.4)) == 1.0
    assert one(shopfloor.time_kept(0.5 * ONE, 0.2 * ONE, 0.4)) == pytest.approx(0.9)
    assert one(shopfloor.time_kept(0.5 * ONE, 9.0 * ONE, 0.4)) == pytest.approx(0.6)


# ---- what is learnt ----------------------------------------------------------------------------------------


def test_a_mean_skill_is_that_of_a_workforce_of_skilled_and_unskilled() -> None:
    """The whole has a mean, smaller systems have persons: they go the same way, whoever comes."""
    raw, able, months = 0.4, 1.5, 20.0
    skilled, staff, mean = 0.2, 1.0, 0.4 + 0.2 * 1.1
    for came in (0.0, 0.3, 0.1, 0.0, 0.05):
        fresh = came / (staff + came)
        gained = one(shopfloor.learnt((able - mean) * ONE, months * ONE))
        skilled += one(shopfloor.learnt((staff - skilled) * ONE, months * ONE))
        mean += gained
        mean -= one(shopfloor.diluted(fresh * ONE, mean * ONE, raw * ONE))
        staff += came
        assert mean == pytest.approx(raw + (able - raw) * skilled / staff, rel=1e-12)


def test_what_is_learnt_is_what_is_wanting_over_its_time() -> None:
    assert one(shopfloor.learnt(0.6 * ONE, 12.0 * ONE)) == pytest.approx(0.05)
    assert one(shopfloor.learnt(0.0 * ONE, 12.0 * ONE)) == 0.0


def test_newcomers_who_know_more_cost_no_skill() -> None:
    assert one(shopfloor.diluted(0.3 * ONE, 0.5 * ONE, 0.8 * ONE)) == 0.0
    assert one(shopfloor.diluted(0.0 * ONE, 0.9 * ONE, 0.4 * ONE)) == 0.0
    assert one(shopfloor.diluted(0.3 * ONE, 0.9 * ONE, 0.4 * ONE)) == pytest.approx(0.15)


def test_what_norms_gave_fades_and_what_they_took_does_not_come_back() -> None:
    assert one(shopfloor.fading(1.0 * ONE, 12.0 * ONE)) == 1.0
    assert one(shopfloor.fading(1.24 * ONE, 12.0 * ONE)) == pytest.approx(1.22)
    assert one(shopfloor.fading(0.9 * ONE, 12.0 * ONE)) == 0.9


def test_nothing_is_wanting_where_there_is_enough() -> None:
    assert one(shopfloor.short_of(3.0 * ONE, 2.0)) == one(shopfloor.short_of(2.0 * ONE, 2.0)) == 0.0
    assert one(shopfloor.short_of(0.5 * ONE, 2.0)) == pytest.approx(0.75)
    assert one(shopfloor.short_of(0.0 * ONE, 2.0)) == 1.0


# ---- the village -------------------------------------------------------------------------------------------


def test_households_join_by_pressure_up_to_a_bound_and_a_few_of_themselves() -> None:
    def joining(freely: float, pressure: float) -> float:
        return one(village.share_joining(freely, 0.8 * ONE, pressure * ONE, 1.0 / 3.0, 0.6))

    assert joining(0.0, 0.0) == 0.0 < joining(0.002, 0.0) < joining(0.002, 0.5) < joining(0.002, 9.0) == 0.6


def test_nobody_leaves_who_may_not_or_who_has_no_farm_to_return_to() -> None:
    def leaving(may: float, above: float) -> float:
        return one(village.share_leaving(0.9 * ONE, may * ONE, 1.0 / 3.0, 0.9, above * ONE))

    assert leaving(0.0, 0.5) == leaving(1.0, 0.0) == 0.0
    assert leaving(1.0, 0.5) == pytest.approx(0.15)
    assert leaving(99.0, 0.5) == pytest.approx(0.45)


def test_the_floor_rises_to_the_share_and_discontent_fades() -> None:
    floor, felt = 0.1 * ONE, 0.8 * ONE
    for _ in range(900):
        floor = village.floor_raised(floor, 0.1 * ONE, 1.0 / 3.0, 0.6 - floor)
        felt = village.resented(felt, 1.0 / 3.0, 3.0 * ONE, 0.0 * ONE)
    assert one(floor) == pytest.approx(0.6)
    assert one(felt) == pytest.approx(0.0, abs=1e-9)
    assert one(village.resented(0.4 * ONE, 0.0, 3.0 * ONE, 0.2 * ONE)) == pytest.approx(0.6)


def test_recruits_are_lost_in_two_steps() -> None:
    assert one(village.recruited(10.0 * ONE, 0.6 * ONE, 0.9 * ONE)) == pytest.approx(5.4)
