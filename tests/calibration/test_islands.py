"""Islands of tempered draws: those that agree are said to, those that do not are not."""

from __future__ import annotations

import numpy as np
import pytest
import toys

from planmodel.calibration.budget import within
from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import Points, Problem
from planmodel.calibration.schema_of_method import Tempering

pytest.importorskip("arviz_stats")

from planmodel.calibration.agreement import agreement
from planmodel.calibration.islands import tempered_draws

SIZES = Tempering(islands=4, particles=600, moves=6, last_moves=25)


def problem() -> Problem:
    """Three unknowns, of which two are measured."""
    points = [toys.point("a", 0.4, error=0.05), toys.point("b", 0.7, error=0.1)]
    return Problem(Points(points, persistence=0.0), toys.cube(3), toys.Linear(np.eye(2, 3)))


def test_islands_of_a_plain_problem_agree() -> None:
    drawn = tempered_draws(problem(), SIZES, 1000, seed=1)
    assert drawn.islands is not None
    assert drawn.islands.agree, drawn.islands.said()
    assert drawn.converged
    assert drawn.unit.shape == (1000, 3)
    assert drawn.unit[:, 0].mean() == pytest.approx(0.4, abs=0.01)
    assert drawn.unit[:, 2].std() == pytest.approx(1 / np.sqrt(12), rel=0.08)  # the record says nothing of it
    exact = np.log(0.05 * np.sqrt(2 * np.pi)) + np.log(0.1 * np.sqrt(2 * np.pi))
    assert drawn.islands.evidence == pytest.approx(exact, abs=0.2)
    assert "Posterior: converged; 4 islands" in drawn.islands.said()


def test_islands_do_not_depend_on_each_other() -> None:
    """The first of four is the first of two: what one draws is no matter of the others."""
    few = SIZES.model_copy(update={"particles": 50, "last_moves": 2})
    two = tempered_draws(problem(), few.model_copy(update={"islands": 2}), 100, seed=3)
    four = tempered_draws(problem(), few, 200, seed=3)
    assert (four.unit[:100] == two.unit).all()
    assert not (four.unit[:50] == four.unit[50:100]).any()


def test_islands_that_are_apart_do_not_agree() -> None:
    random = np.random.default_rng(4)
    alike = random.standard_normal((4, 500, 2))
    none = np.zeros(4)
    assert agreement(alike, none, 1.0).agree
    moved = alike + np.array([0.0, 0.0, 0.0, 0.5])[:, None, None]
    found = agreement(moved, none, 1.0)
    assert not found.agree
    assert found.r_hat.max() > 1.01
    assert "NOT converged" in found.said()
    assert not agreement(alike, np.array([0.0, 0.0, 1.5, 1.5]), 1.0).agree


def test_particles_of_one_ancestor_count_as_fewer() -> None:
    """After drawing anew copies stand beside each other: where no move tells them apart, draws are few."""
    random = np.random.default_rng(5)
    copies = np.repeat(random.standard_normal((4, 50, 1)), 10, axis=1)
    found = agreement(copies, np.zeros(4), 1.0)
    assert found.bulk.max() < 400.0
    assert not found.agree


def test_a_budget_makes_islands_smaller_too() -> None:
    whole = load_calibration("archival")
    small = within(whole, 70, "2000")
    assert small.trial
    assert small.tempering.particles < whole.tempering.particles
    assert small.tempering.islands == 2
