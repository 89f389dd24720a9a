"""The path of two capitals is the solution of its equations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from planmodel.experiments.feldman_domar import path

TIME = np.arange(0.0, 13.0)
Number = float


@settings(max_examples=30, deadline=None)
@given(
    st.floats(0.05, 1.0), st.floats(0.05, 0.6), st.floats(0.0, 0.1), st.floats(0.5, 9.0), st.floats(0.5, 9.0)
)
def test_it_solves_the_equations(
    share: Number, made: Number, wear: Number, first: Number, second: Number
) -> None:
    def change(_: float, stocks: np.ndarray) -> list[float]:
        new = made * stocks[0]
        return [share * new - wear * stocks[0], (1.0 - share) * new - wear * stocks[1]]

    solved = solve_ivp(change, (0.0, 12.0), [first, second], t_eval=TIME, rtol=1e-11, atol=1e-11).y
    machines, consumer = path(TIME, first, second, share, made, wear)
    np.testing.assert_allclose(machines[:, 0], solved[0], rtol=1e-7)
    np.testing.assert_allclose(consumer[:, 0], solved[1], rtol=1e-7)


def test_without_wear_it_is_the_closed_form_of_domar() -> None:
    """C = C0 + ((1 - g) / g) (V1 / V2) I0 (exp(g t / V1) - 1), with I = K1 / V1 and C = K2 / V2."""
    share, v1, v2 = 0.4, 2.1, 3.0
    machines, consumer = path(TIME, 4.0, 8.0, share, 1.0 / v1)
    growth = np.exp(share * TIME / v1)
    np.testing.assert_allclose(machines[:, 0] / v1, 4.0 / v1 * growth, rtol=1e-12)
    expected = 8.0 / v2 + (1.0 - share) / share * v1 / v2 * (4.0 / v1) * (growth - 1.0)
    np.testing.assert_allclose(consumer[:, 0] / v2, expected, rtol=1e-12)


def test_a_larger_share_costs_first_and_pays_later() -> None:
    years = np.arange(0.0, 40.0)
    _, consumer = path(years, 2.0, 8.0, np.array([0.3, 0.6]), 0.5)
    assert (consumer[1:4, 1] < consumer[1:4, 0]).all()
    assert (consumer[-10:, 1] > consumer[-10:, 0]).all()


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        path(TIME, 1.0, 1.0, share, 0.3)
