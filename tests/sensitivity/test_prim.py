"""Scenario discovery finds a box that is known, and nothing where there is none."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from planmodel.sensitivity.prim import find_box, in_box, peel


def points(members: int = 2000, inputs: int = 5, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((members, inputs))


def test_a_known_box_is_found() -> None:
    x = points()
    holds = (x[:, 1] > 0.6) & (x[:, 3] < 0.5)
    box = find_box(x, holds, 0.95, 0)
    assert sorted(box.restricted) == [1, 3]
    assert box.low[1] == pytest.approx(0.6, abs=0.08)
    assert box.high[3] == pytest.approx(0.5, abs=0.08)
    assert np.isinf(box.high[1])
    assert box.density_low > 0.6
    assert box.coverage > 0.8
    assert box.interpretable


def test_density_is_that_of_members_which_did_not_make_the_box() -> None:
    x = points(400, 12, seed=3)
    holds = np.random.default_rng(9).random(400) < 0.3
    box = find_box(x, holds, 0.8, 0)
    assert not box.interpretable
    assert box.density < 0.6
    assert box.trajectory[-1].density > 0.45  # peeling alone would have claimed more


def test_a_switch_is_peeled_off_whole() -> None:
    x = points()
    x[:, 2] = x[:, 2] > 0.5
    holds = (x[:, 2] == 1.0) & (x[:, 0] > 0.3)
    box = find_box(x, holds, 0.8, 0)
    assert box.low[2] == 1.0
    assert set(box.restricted) == {0, 2}


def test_a_rare_outcome_is_not_interpreted() -> None:
    x = points(500)
    box = find_box(x, x[:, 0] > 0.98, 0.8, 0)
    assert not box.interpretable
    assert "have the outcome" in box.note


def test_each_step_of_peeling_is_smaller_and_no_less_dense() -> None:
    x = points()
    holds = x[:, 0] + x[:, 1] > 1.2
    steps = peel(x, holds)
    assert len(steps) > 5
    for before, after in pairwise(steps):
        assert after.mass < before.mass
        assert after.density >= before.density
        assert after.coverage <= before.coverage
    last = steps[-1]
    assert in_box(x, last.low, last.high).mean() == pytest.approx(last.mass)
