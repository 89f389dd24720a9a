"""Laws of posts: who is replaced, who is new, what it costs plants and sites, and what comes back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import xarray as xr
from standing import JULY, of, read, stand
from watching import BASELINE, act

from planmodel.economies.shopfloor import practised, settling
from planmodel.runs.history import History, run

EQUATIONS = ("posts.replace_managers", "workforce.purge_managers", "accumulation.purge_sites")


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    """The central history."""
    return run(BASELINE).isel(member=0)


def held(purge: float, months: int, **sizes: float) -> History:
    """Return July 1928 after months of a purge, from posts that are held as in ordinary years."""
    blocks: dict[str, dict[str, float]] = {name: {} for name in ("posts", "workforce", "accumulation")}
    for name, value in sizes.items():
        block = {"purge_loss": "workforce", "site_purge_loss": "accumulation"}.get(name, "posts")
        blocks[block][name] = value
    history = stand(JULY, blocks)
    history.levers["purge"] = purge
    for _ in range(months):
        act(history, *EQUATIONS)
    return history


# ---- who is new --------------------------------------------------------------------------------------------


def test_ordinary_years_leave_posts_and_competence_as_they_are_to_the_bit() -> None:
    before = of(held(0.0, 0), "new_managers")
    after = held(0.0, 40)
    assert of(after, "new_managers") == before == read(after, "new_as_a_rule", "posts")
    assert of(after, "competence") == of(after, "site_management") == 1.0


def test_as_many_learn_in_ordinary_years_as_come() -> None:
    history = held(0.0, 1, replacement=0.5, mastering=9.0)
    new, gone = (read(history, name, "posts") for name in ("new_as_a_rule", "replaced_as_a_rule"))
    assert gone == pytest.approx(1.0 - np.exp(-0.5 / 12.0), rel=1e-12)
    assert new / 9.0 == pytest.approx(gone * (1.0 - new), rel=1e-12)


def test_new_holders_are_counted_as_newcomers_of_industry_are() -> None:
    """Who replaces one that is new adds none: the same form, with those who were not new as what can come."""
    before = held(1.0, 5)
    new, gone = of(before, "new_managers"), read(before, "replaced_now", "posts")
    months = BASELINE.parameters.posts.mastering
    act(before, *EQUATIONS)
    assert of(before, "new_managers") == pytest.approx(settling(new, months, gone * (1.0 - new)), rel=1e-12)


def test_the_harder_the_purge_the_more_are_new_and_the_shorter_all_have_been_there() -> None:
    there = [held(purge, 12) for purge in (0.0, 0.3, 0.6, 1.0)]
    for less, more in pairwise(there):
        assert of(less, "new_managers") < of(more, "new_managers") < 1.0
        assert of(less, "manager_tenure") > of(more, "manager_tenure") > 0.0


def test_the_faster_posts_are_mastered_the_fewer_are_new() -> None:
    fast, slow = (of(held(1.0, 20, mastering=m), "new_managers") for m in (6.0, 18.0))
    assert fast < slow


def test_tenure_of_ordinary_years_is_what_their_replacement_leaves() -> None:
    """Three posts in ten change hands in a year: a little more than three years."""
    history = held(0.0, 24)
    gone = read(history, "replaced_as_a_rule", "posts")
    assert of(history, "manager_tenure") == pytest.approx((1.0 - gone) / gone, rel=1e-9)
    assert of(history, "manager_tenure") == pytest.approx(12.0 / 0.3, rel=0.03)


# ---- what it costs -----------------------------------------------------------------------------------------


def test_a_purge_costs_work_of_plants_and_sites_by_the_loss_of_each() -> None:
    history = held(1.0, 15)
    lost = [1.0 - of(history, name) for name in ("competence", "site_management")]
    sizes = BASELINE.parameters
    ratio = sizes.workforce.purge_loss / sizes.accumulation.site_purge_loss
    assert 0.0 < lost[0] < lost[1]
    assert lost[0] / lost[1] == pytest.approx(ratio, rel=1e-9)


@pytest.mark.parametrize("null", ["purged", "purge_loss", "site_purge_loss"])
def test_at_its_null_value_a_purge_does_nothing_to_the_bit(null: str) -> None:
    history = held(1.0, 12, **{null: 0.0})
    touched = {"purged": ("competence", "site_management"), "purge_loss": ("competence",)}
    for name in touched.get(null, ("site_management",)):
        assert of(history, name) == 1.0


def test_all_is_lost_that_can_be_where_everybody_is_new() -> None:
    one = np.array([1.0])
    assert practised(one, 0.2 * one, 0.15 * one) == pytest.approx(0.85, rel=1e-12)
    assert practised(0.2 * one, 0.2 * one, 0.15 * one) == 1.0
    assert practised(0.1 * one, 0.2 * one, 0.15 * one) > 1.0  # fewer are new than as a rule


def test_what_a_purge_cost_comes_back_as_holders_learn() -> None:
    history = held(1.0, 20)
    path = [of(history, "competence")]
    history.levers["purge"] = 0.0
    for _ in range(60):
        act(history, *EQUATIONS)
        path.append(of(history, "competence"))
    assert path == sorted(path)
    assert path[0] < path[6] < path[12] < 1.0
    assert path[-1] == pytest.approx(1.0, abs=1e-3)


# ---- in the history ----------------------------------------------------------------------------------------


def test_four_of_five_posts_change_hands_while_managers_are_purged() -> None:
    """From March 1937 to November 1938, by the decrees that stand in the baseline."""
    sizes = BASELINE.parameters.posts
    first, last = (np.datetime64(str(BASELINE.decrees[name].date)) for name in ("purge", "end_of_purge"))
    years = float((last - first) / np.timedelta64(1, "D")) / 365.25
    rate = sizes.replacement * (1.0 + sizes.purged)
    assert 1.0 - np.exp(-rate * years) == pytest.approx(0.8, abs=0.02)


def test_before_the_purge_nobody_is_newer_than_as_a_rule_and_in_1938_most_are(history: xr.Dataset) -> None:
    new = history["new_managers"]
    assert set(new.sel(time=slice(None, "1937-02-28")).values) == {float(new[0])}
    assert float(new.sel(time="1938-10-31").item()) > 1.9 * float(new[0])
    tenure = history["manager_tenure"]
    assert float(tenure.sel(time="1938-11-30").item()) < 0.55 * float(tenure[0])


def test_competence_is_lowest_in_1938_and_not_all_back_in_1940(history: xr.Dataset) -> None:
    by_year = history["competence"].groupby("time.year").mean().to_series()
    assert by_year.idxmin() == 1938
    assert by_year[1936] == 1.0
    assert by_year[1938] < by_year[1939] < by_year[1940] < 1.0
