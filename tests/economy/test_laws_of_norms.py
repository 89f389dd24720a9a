"""Laws of norms: how they are raised, who does less than his norm, and what a revision gives."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import xarray as xr
from standing import JULY, of, read, stand
from watching import BASELINE, act

from planmodel.economies.shopfloor import share_below
from planmodel.runs.history import History, run


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    """The central history of the country of regions, to which sizes were fitted."""
    return run("baseline", wanted=["output_norms", "below_norm"]).isel(member=0)


def counted(
    revisions: float = 0.0,
    sizes: dict[str, float] | None = None,
    off: tuple[str, ...] = (),
    **variables: float,
) -> History:
    """Return July 1928 with norms raised some times, and those below them counted."""
    history = stand(JULY, {"workforce": sizes or {}}, off, **variables)
    history.levers["norm_revision"] = revisions
    act(history, "workforce.count_below_norm")
    return history


def year(history: xr.Dataset, name: str, of: int) -> float:
    return float(history[name].sel(time=str(of)).mean())


# ---- the share below ---------------------------------------------------------------------------------------


def share(work: float, norm: float, spread: float = 0.25) -> float:
    return float(share_below(np.array([work]), np.array([norm]), np.array([spread]))[0])


@pytest.mark.parametrize("norm", [0.5, 1.0, 3.0])
def test_half_are_below_a_norm_that_is_what_the_middle_worker_does(norm: float) -> None:
    assert share(norm, norm) == 0.5
    for times in (1.2, 2.0):  # as many below what he does as above it, in logarithms
        assert share(times * norm, norm) + share(norm, times * norm) == pytest.approx(1.0, rel=1e-12)


def test_the_share_lies_between_nobody_and_all_and_falls_with_work() -> None:
    shares = [share(work, 1.0) for work in (0.01, 0.5, 0.9, 1.1, 2.0, 100.0)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.9999
    assert shares[-1] < 0.0001


def test_the_less_workers_differ_the_fewer_are_below_what_the_middle_one_passes() -> None:
    assert share(1.3, 1.0, 0.1) < share(1.3, 1.0, 0.2) < share(1.3, 1.0, 0.4) < 0.5
    assert share(0.7, 1.0, 0.1) > share(0.7, 1.0, 0.2) > share(0.7, 1.0, 0.4) > 0.5


# ---- norms -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("revisions", [0.5, 1.0, 3.0, 7.5])
def test_each_revision_raises_norms_by_a_tenth_of_what_they_were(revisions: float) -> None:
    assert of(counted(revisions), "output_norms") == pytest.approx(1.1**revisions, rel=1e-12)


def test_without_revisions_norms_are_those_of_the_first_day() -> None:
    assert of(counted(0.0), "output_norms") == 1.0
    without = counted(5.0, None, ("norm_ratchet",))
    assert of(without, "output_norms") == 1.0
    assert of(without, "below_norm") == of(counted(0.0), "below_norm")


def test_raised_norms_leave_more_workers_below() -> None:
    """Intensity is held: the workers are the same, and the norm is another."""
    history = counted(2.0)
    work = read(history, "work_an_hour", "workforce")
    ease, spread = BASELINE.parameters.workforce.norm_ease, BASELINE.parameters.workforce.norm_spread
    assert of(history, "below_norm") == pytest.approx(share(ease * work, 1.1**2, spread), rel=1e-12)
    assert of(counted(4.0), "below_norm") > of(history, "below_norm") > of(counted(0.0), "below_norm")


def test_a_revision_gives_less_work_than_it_asks_for() -> None:
    """Otherwise nobody would fall below a norm by its revision."""
    sizes = BASELINE.parameters.workforce
    assert 0.0 < sizes.norm_gain < 0.1


def test_the_skilled_and_the_fed_reach_their_norms() -> None:
    for name in ("skill", "town_nutrition", "town_consumption"):
        less, more = (of(counted(2.0, None, (), **{name: value}), "below_norm") for value in (0.7, 1.0))
        assert less > more, name


def test_without_hunger_in_work_food_moves_nobody_below() -> None:
    sizes = {"food_effect": 0.0}
    less, more = (of(counted(2.0, sizes, town_nutrition=v), "below_norm") for v in (0.7, 1.0))
    assert less == more


def test_the_ease_of_norms_is_the_work_at_which_half_would_be_below() -> None:
    history = counted(0.0)
    work = read(history, "work_an_hour", "workforce")
    assert of(counted(0.0, {"norm_ease": 1.0 / work}), "below_norm") == pytest.approx(0.5, rel=1e-9)


# ---- in the history ----------------------------------------------------------------------------------------


def test_all_documented_revisions_are_decreed() -> None:
    """1929-30, 1931, 1932, 1933, early 1935, early 1936 and 1937-38, each beyond the one before."""
    decrees = sorted(
        (str(d.date), float(d.effects["norm_revision"]))
        for d in BASELINE.decrees.values()
        if d.enabled and "norm_revision" in d.effects
    )
    assert [day[:4] for day, _ in decrees] == ["1929", "1931", "1932", "1933", "1935", "1936", "1938"]
    counts = [count for _, count in decrees]
    assert all(before < after for before, after in pairwise(counts))
    rise = 1.1 ** (counts[5] - counts[4])
    assert 1.21 < rise < 1.51  # 21-30 % by the plan of 1936, to 51 % where it was overdone


def test_norms_rise_by_more_than_half_in_the_second_plan(history: xr.Dataset) -> None:
    """Those of builders rose by 55 % from 1932 to 1937."""
    assert year(history, "output_norms", 1937) / year(history, "output_norms", 1932) == pytest.approx(
        1.55, rel=0.05
    )


def test_a_quarter_to_a_third_are_below_the_norm_in_1940(history: xr.Dataset) -> None:
    """22 to 32 % in 1940; more than in any year before, for norms rose and work did not follow."""
    assert 0.22 < year(history, "below_norm", 1940) < 0.32
    shares = [year(history, "below_norm", of) for of in range(1935, 1941)]
    assert shares == sorted(shares)


def test_the_revision_of_1936_puts_many_below_at_once(history: xr.Dataset) -> None:
    below = history["below_norm"].to_series()
    assert below["1936-03"].iloc[0] > 1.2 * below["1936-01"].iloc[0]
