"""What the record determines: against linear models, whose information is known."""

import numpy as np
import pytest
from toys import linear_problem, random_slopes

from planmodel.calibration.identifiability import allowed, information, profiles

BEST = np.array([0.4, 0.5, 0.6])


def test_kept_width_is_that_of_the_linear_posterior() -> None:
    slopes = random_slopes(12, 3)
    found = information(linear_problem(slopes, BEST, error=0.3), BEST, 1e-4)
    posterior = np.linalg.inv(slopes.T @ slopes / 0.3**2 + 12.0 * np.eye(3))
    assert found.table["together"].to_numpy() == pytest.approx(np.sqrt(12.0 * np.diag(posterior)))
    assert not found.undetermined()


def test_a_parameter_without_effect_is_named() -> None:
    slopes = random_slopes(12, 3)
    slopes[:, 1] = 0.0
    found = information(linear_problem(slopes, BEST, error=0.1), BEST, 1e-4)
    assert found.undetermined() == ["toy.p1"]
    assert found.table["together"].iloc[1] == pytest.approx(1.0)
    assert found.collinearity < 5


def test_two_parameters_that_do_the_same_are_known_only_together() -> None:
    slopes = random_slopes(12, 3)
    slopes[:, 2] = slopes[:, 0] * 1.001
    found = information(linear_problem(slopes, BEST, error=0.01), BEST, 1e-4)
    assert [pair[:2] for pair in found.alike()] == [("toy.p0", "toy.p2")]
    assert found.alike()[0][2] < -0.99
    assert found.collinearity > 100


def test_profile_of_a_quadratic_is_its_parabola() -> None:
    slopes = random_slopes(12, 3)
    found = profiles(linear_problem(slopes, BEST, error=0.2), BEST, 1e-4, points=5, iterations=30)
    variance = np.diag(np.linalg.inv(slopes.T @ slopes)) * 0.2**2
    middle = found[(found["unit"] > 0.25) & (found["unit"] < 0.75)]  # others stay inside the cube there
    for row in middle.to_dict("records"):
        i = int(str(row["parameter"])[-1])
        expected = (row["unit"] - BEST[i]) ** 2 / variance[i]
        assert row["excess"] == pytest.approx(expected, rel=0.05, abs=0.05)


def test_flat_profiles_are_allowed_everywhere() -> None:
    slopes = random_slopes(12, 3)
    slopes[:, 1] = 0.0
    shares = allowed(profiles(linear_problem(slopes, BEST, error=0.05), BEST, 1e-4, points=5, iterations=10))
    by_name = dict(zip(shares["parameter"], shares["allowed"], strict=True))
    assert by_name["toy.p1"] == 1.0
    assert by_name["toy.p0"] < 0.5
