"""Moves of tempered particles keep what they are said to keep, and reach what fits."""

from __future__ import annotations

import numpy as np
import pytest

from planmodel.calibration.moving import Mover, fitted
from planmodel.engine import Array

KEYS = 12


def nothing(places: Array) -> Array:
    return np.zeros(len(places))


def test_without_a_likelihood_the_prior_is_kept() -> None:
    random = np.random.default_rng(1)
    mover = Mover(nothing, random)
    particles, cost = random.standard_normal((2000, KEYS)), np.zeros(2000)
    for _ in range(40):
        mover.move(particles, cost, 1.0)
    assert particles.mean(axis=0) == pytest.approx(np.zeros(KEYS), abs=0.1)
    assert particles.std(axis=0) == pytest.approx(np.ones(KEYS), abs=0.08)


def test_a_likelihood_that_is_narrow_along_a_line_is_sampled() -> None:
    """Two unknowns of which only the sum is known: the moves must follow the line."""

    def misfit(places: Array) -> Array:
        return ((places[:, 0] + places[:, 1] - 1.0) / 0.05) ** 2

    random = np.random.default_rng(2)
    mover = Mover(misfit, random)
    particles = random.standard_normal((1000, KEYS))
    particles[:, 1] = 1.0 - particles[:, 0]
    cost = misfit(particles)
    for _ in range(80):
        mover.move(particles, cost, 1.0)
    total, apart = particles[:, 0] + particles[:, 1], particles[:, 0] - particles[:, 1]
    assert total.std() == pytest.approx(0.05, rel=0.15)
    assert apart.std() == pytest.approx(np.sqrt(2.0), rel=0.12)
    assert cost == pytest.approx(misfit(particles))


def test_where_the_prior_does_not_reach_nobody_goes() -> None:
    def misfit(places: Array) -> Array:
        return np.where(places[:, 0] > 0.0, 0.0, np.inf)

    random = np.random.default_rng(3)
    particles = np.abs(random.standard_normal((1000, KEYS)))
    cost, mover = misfit(particles), Mover(misfit, random)
    for _ in range(60):
        mover.move(particles, cost, 0.5)
    assert (particles[:, 0] > 0.0).all()
    assert particles[:, 0].mean() == pytest.approx(np.sqrt(2.0 / np.pi), abs=0.08)
    assert particles[:, 1].mean() == pytest.approx(0.0, abs=0.12)


def test_steps_become_small_where_no_normal_distribution_fits() -> None:
    """On a thin ring a step towards the middle is hardly ever accepted."""

    def misfit(places: Array) -> Array:
        return ((np.hypot(places[:, 0], places[:, 1]) - 1.5) / 0.01) ** 2

    random = np.random.default_rng(4)
    angle = 2.0 * np.pi * random.random(400)
    particles = random.standard_normal((400, KEYS))
    particles[:, 0], particles[:, 1] = 1.5 * np.cos(angle), 1.5 * np.sin(angle)
    cost, mover = misfit(particles), Mover(misfit, random)
    for _ in range(40):
        mover.move(particles, cost, 1.0)
    assert mover.strength < 0.1
    assert np.hypot(particles[:, 0], particles[:, 1]) == pytest.approx(np.full(400, 1.5), abs=0.06)
    easy = Mover(nothing, random)
    for _ in range(10):
        easy.move(particles, np.zeros(400), 1.0)
    assert easy.strength > 0.6


def test_a_normal_distribution_of_fewer_particles_than_unknowns_can_be_drawn_from() -> None:
    mean, root = fitted(np.random.default_rng(5).standard_normal((6, 10)))
    assert mean.shape == (10,)
    assert np.isfinite(root).all()
    assert (np.diag(root) > 0.0).all()
