"""Indices of functions with known answers lie within their intervals; what has not converged says so."""

from __future__ import annotations

import numpy as np
import pytest
from known import analysis, designed, drawn, ishigami, ishigami_indices, sobol_g, sobol_g_indices
from SALib.analyze import pawn as salib_pawn
from SALib.analyze.delta import calc_delta

from planmodel.engine import Array
from planmodel.sensitivity.convergence import indices_of
from planmodel.sensitivity.designs import Design
from planmodel.sensitivity.given import classes_of, delta, pawn, prcc
from planmodel.sensitivity.indices import DUMMY, Estimate, estimate


def named(found: list[Estimate], index: str) -> Estimate:
    return next(e for e in found if e.index == index)


def within(found: Estimate, known: Array) -> np.ndarray:
    return (found.low - 1e-9 <= known) & (known <= found.high + 1e-9)


def test_sobol_indices_of_ishigami_lie_within_their_intervals() -> None:
    design = designed("sobol", 3, 4096, second_order=True)
    found = estimate("sobol", design, ishigami(design.points), 200, 0, second_order=True)
    for index, known in zip(("S1", "ST", "S2"), ishigami_indices(), strict=True):
        assert within(named(found, index), known).all(), index
        assert named(found, index).value == pytest.approx(known, abs=0.03)
    assert named(found, "S2").names == ["x1 x x2", "x1 x x3", "x2 x x3"]


def test_intervals_of_the_g_function_hold_what_they_promise() -> None:
    first, total = sobol_g_indices()
    held = []
    for seed in range(20):
        design = designed("sobol", 5, 512, seed=seed)
        found = estimate("sobol", design, sobol_g(design.points), 100, seed)
        held += [within(named(found, "S1"), first), within(named(found, "ST"), total)]
    assert np.mean(held) > 0.9


def test_a_group_has_the_index_of_its_inputs_together() -> None:
    design = designed("sobol", 3, 2048, by=["a", "b", "a"])
    assert design.names == ["a", "b"]
    found = estimate("sobol", design, ishigami(design.points), 100, 0)
    _, total, _ = ishigami_indices()
    assert within(named(found, "ST"), np.array([1.0 - total[1], total[1]])).all()


def test_morris_effects_of_a_linear_function_are_its_slopes() -> None:
    slopes = np.array([3.0, -1.0, 0.0, 0.5])
    design = designed("morris", 4, 20)
    found = estimate("morris", design, design.points @ slopes, 100, 0)
    assert named(found, "mu").value == pytest.approx(slopes)
    assert named(found, "mu_star").value == pytest.approx(np.abs(slopes))
    assert named(found, "sigma").value == pytest.approx(0.0, abs=1e-9)
    assert named(found, "mu_star").low == pytest.approx(np.abs(slopes))


def test_morris_sees_what_bends_and_what_acts_together() -> None:
    design = designed("morris", 3, 200)
    found = estimate("morris", design, ishigami(design.points), 100, 0)
    assert named(found, "sigma").value.min() > 1.0


@pytest.mark.parametrize("output", [lambda p: p[:, 0], lambda p: np.round(3 * p[:, 0] + p[:, 1])])
def test_delta_and_pawn_are_those_of_salib(output: object) -> None:
    design = drawn(3, 700, seed=2)
    y = output(design.points)  # type: ignore[operator]
    edges = np.linspace(0, 700, classes_of(700) + 1)
    grid = np.linspace(y.min(), y.max(), 100)
    expected = [calc_delta(y, grid, x, edges) for x in design.points.T]
    assert delta(design.points, y) == pytest.approx(np.array(expected), rel=1e-6)
    theirs = salib_pawn.analyze(design.problem, design.points, y, S=10)["median"]
    assert pawn(design.points, y) == pytest.approx(np.asarray(theirs))


@pytest.mark.parametrize("method", ["delta", "pawn"])
def test_an_input_without_influence_is_no_more_than_a_shuffled_one(method: str) -> None:
    design = drawn(3, 1000)
    y = 4.0 * design.points[:, 0] + design.points[:, 1]
    (found,) = estimate(method, design, y, 50, 0)  # type: ignore[arg-type]
    assert found.names[-1] == DUMMY
    noise = found.high[-1]
    assert found.low[0] > found.high[1] > found.low[1] > noise
    assert found.low[2] <= noise


def test_prcc_of_a_linear_function_is_its_partial_correlation() -> None:
    random = np.random.default_rng(0)
    design = drawn(3, 2000)
    noise = random.normal(0.0, 0.5, 2000)
    y = 2.0 * design.points[:, 0] - design.points[:, 1] + noise
    (found,) = estimate("prcc", design, y, 200, 0)
    spread = 1.0 / np.sqrt(12.0)
    known = np.array([2.0 * spread, -spread, 0.0]) / np.hypot(np.array([2.0, 1.0, 0.0]) * spread, 0.5)
    assert within(found, known).all()
    assert found.value == pytest.approx(known, abs=0.04)


def test_prcc_takes_correlated_inputs_apart() -> None:
    random = np.random.default_rng(1)
    common = random.normal(size=4000)
    x = np.column_stack([common + 0.3 * random.normal(size=4000), common + 0.3 * random.normal(size=4000)])
    y = x[:, 0] + 0.2 * random.normal(size=4000)
    assert np.corrcoef(x[:, 1], y)[0, 1] > 0.8
    assert prcc(x, y)[1] == pytest.approx(0.0, abs=0.05)
    assert prcc(x, y)[0] > 0.8
    assert np.isnan(prcc(x[:, [0, 0]], y)).all()


def test_a_small_sample_is_not_interpreted_and_a_large_one_is() -> None:
    small, large = designed("sobol", 3, 16), designed("sobol", 3, 4096)
    few = indices_of(analysis("sobol", 16), "sobol", small, ishigami(small.points))
    many = indices_of(analysis("sobol", 4096), "sobol", large, ishigami(large.points))
    assert not any(v.converged for v in few.verdicts)
    assert all(v.converged for v in many.verdicts)
    assert sorted(set(many.trace["samples"])) == [512, 1024, 2048, 4096]


def test_an_index_that_still_moves_is_not_converged() -> None:
    design = drawn(2, 400)
    y = np.where(np.arange(400) < 200, design.points[:, 0], design.points[:, 1])
    y = y + 0.1 * np.random.default_rng(0).normal(size=400)
    found = indices_of(analysis("prcc", 400, tolerance=0.2), "prcc", design, y)
    assert not found.verdicts[0].converged
    assert "moved" in found.verdicts[0].note


def test_samples_without_a_value_are_left_out_whole_and_counted() -> None:
    design = designed("sobol", 3, 1024)
    y = ishigami(design.points)
    y[:: design.block * 20] = np.nan
    found = indices_of(analysis("sobol"), "sobol", design, y)
    assert found.verdicts[0].used == 1024 - 52
    assert found.estimates[1].value == pytest.approx(ishigami_indices()[1], abs=0.06)
    y[:: design.block * 5] = np.nan
    refused = indices_of(analysis("sobol"), "sobol", design, y).verdicts[0]
    assert not refused.converged
    assert "no value" in refused.note


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_an_output_that_never_differs_has_no_indices(method: str) -> None:
    design = designed(method, 3, 16)
    found = indices_of(analysis(method, 16), method, design, np.full(len(design.points), 0.1))  # type: ignore[arg-type]
    assert np.isnan(found.estimates[0].value).all()
    assert not found.verdicts[0].converged
    assert found.verdicts[0].note == "the same in all members"


def test_an_index_with_a_wide_interval_is_not_converged_though_it_stands_still() -> None:
    half = drawn(2, 30)
    noise = np.random.default_rng(0).normal(size=30)
    design = Design(half.inputs, np.tile(half.points, (2, 1)))
    y = np.tile(half.points[:, 0] + noise, 2)
    verdict = indices_of(analysis("prcc", 60), "prcc", design, y).verdicts[0]
    assert not verdict.converged
    assert "intervals reach" in verdict.note
    assert "moved" not in verdict.note
