"""Two sectors of fixed capital-output ratio on the engine: the closed form of Feldman and Domar.

No farming, no camps, no shortage: what sector 1 makes is invested, a share g of it in sector 1 itself, the
rest in sector 2, whose output is consumed. In continuous time

    I(t) = I0 exp(g t / V1),    C(t) = C0 + ((1 - g) / g) (V1 / V2) I0 (exp(g t / V1) - 1).

The engine moves in months of length h: within a month output keeps its opening rate, and what it adds to
capital counts from the next month on. Growth by the month is then 1 + g h / v1, where v1 is the ratio given
to the block, and a sum of months stands for the integral:

    I_n = I0 (1 + g h / v1)^n,    C_n = C0 + ((1 - g) / g) (v1 / v2) I0 ((1 + g h / v1)^n - 1).

Both forms agree at every month's end if and only if (1 + g h / v1) = exp(g h / V1) and v1 / v2 = V1 / V2:
both ratios are multiplied by the *compound factor* (g h / V1) / (exp(g h / V1) - 1), a little less than one.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import xarray as xr

from planmodel.engine import Array, Clock, DeclarationError, Phase, Simulation
from planmodel.experiments.feldman_domar import path
from planmodel.scenario import registry

MONTH = 1.0 / 12.0
START, END = date(1928, 1, 1), date(1952, 12, 31)
# One member a column: share invested in sector 1, the two ratios in years, first capital of both sectors.
SHARE = np.array([0.2, 0.5, 0.8, 0.999])
RATIO_1, RATIO_2 = np.array([2.1, 3.0, 5.0, 2.1]), np.array([2.1, 1.5, 4.0, 6.0])
FIRST_1, FIRST_2 = np.array([4.0, 2.0, 1.0, 3.0]), np.array([8.0, 8.0, 20.0, 5.0])
FELDMAN_DOMAR = registry.economy("feldman_domar")
ECONOMY = FELDMAN_DOMAR.blocks


def run(
    factor: Array | float = 1.0, order: int = 1, shuffle: int | None = None, wear: Array | float = 0.0
) -> xr.Dataset:
    """Run 25 years, with both ratios multiplied by a factor."""
    simulation = Simulation(
        ECONOMY[::order],
        Clock(START, END, FELDMAN_DOMAR.phases),
        range(len(SHARE)),
        initial={"capital": {"sector_1": FIRST_1, "sector_2": FIRST_2}},
        parameters={
            "machines": {"capital_output": RATIO_1 * factor, "kept": SHARE, "wear": wear},
            "consumption": {"capital_output": RATIO_2 * factor},
        },
    )
    return simulation.play(shuffle=shuffle)


def compound_factor() -> Array:
    x = SHARE * MONTH / RATIO_1
    factor: Array = x / np.expm1(x)
    return factor


def closed_form(months: Array, factor: Array | float = 1.0) -> tuple[Array, Array]:
    """Return investment and consumption a year at the opening of each month; shape (members, months).

    ``factor`` is that of the run: capital given, a smaller ratio means a larger output from the first day.
    """
    years = months[None, :] * MONTH
    growth = np.exp((SHARE / RATIO_1)[:, None] * years)
    first, base = FIRST_1 / (RATIO_1 * factor), FIRST_2 / (RATIO_2 * factor)
    gain = (1.0 - SHARE) / SHARE * RATIO_1 / RATIO_2 * first
    return first[:, None] * growth, base[:, None] + gain[:, None] * (growth - 1.0)


def rates(dataset: xr.Dataset) -> tuple[Array, Array, Array]:
    """Return months since the start, and investment and consumption at yearly rates."""
    invested = np.asarray(dataset["invested_1"] + dataset["invested_2"]) / MONTH
    consumed = np.asarray(dataset["consumption"]) / MONTH
    return np.arange(dataset.sizes["time"], dtype=float), invested, consumed


def test_the_run_is_the_closed_form() -> None:
    factor = compound_factor()
    months, invested, consumed = rates(run(factor))
    investment, consumption = closed_form(months, factor)
    assert len(months) == 300
    np.testing.assert_allclose(invested, investment, rtol=1e-9)
    np.testing.assert_allclose(consumed, consumption, rtol=1e-9)
    # The comparison bites: over 25 years the fastest member grows more than a hundredfold.
    assert (invested[:, -1] / invested[:, 0]).max() > 100.0


def test_without_the_compound_factor_the_month_is_all_that_differs() -> None:
    """Uncorrected, growth is (1 + g h / V1) a month: exact in that form, and below exp(g h / V1)."""
    months, invested, consumed = rates(run())
    step = (1.0 + SHARE * MONTH / RATIO_1)[:, None] ** months[None, :]
    first, base = FIRST_1 / RATIO_1, FIRST_2 / RATIO_2
    gain = (1.0 - SHARE) / SHARE * RATIO_1 / RATIO_2 * first
    np.testing.assert_allclose(invested, first[:, None] * step, rtol=1e-9)
    np.testing.assert_allclose(consumed, base[:, None] + gain[:, None] * (step - 1.0), rtol=1e-9)
    investment, _ = closed_form(months)
    short = 1.0 - invested[:, -1] / investment[:, -1]
    # To second order the shortfall after t years is (g / V1)^2 h t / 2.
    expected = 1.0 - np.exp(-((SHARE / RATIO_1) ** 2) * MONTH * months[-1] * MONTH / 2.0)
    np.testing.assert_allclose(short, expected, rtol=0.05)


def test_with_wear_capital_is_the_closed_form_of_the_experiment() -> None:
    """By the month wear is (1 - exp(-d h)) / h, and the yield what makes growth exp((g / V1 - d) h)."""
    wear = np.array([0.01, 0.03, 0.05, 0.1])
    worn = -np.expm1(-wear * MONTH) / MONTH
    grown = np.exp((SHARE / RATIO_1 - wear) * MONTH) - np.exp(-wear * MONTH)
    found = run(SHARE * MONTH / (grown * RATIO_1), wear=worn)
    years = np.arange(1.0, 301.0) * MONTH
    for sector, closed in enumerate(path(years, FIRST_1, FIRST_2, SHARE, 1.0 / RATIO_1, wear), 1):
        np.testing.assert_allclose(found[f"capital_sector_{sector}"], np.asarray(closed).T, rtol=1e-9)


def test_a_larger_share_for_sector_1_costs_consumption_first_and_pays_later() -> None:
    """Feldman's thesis, with equal ratios and first capital: members 0 and 1 of a run of their own."""
    simulation = Simulation(
        ECONOMY,
        Clock(START, END, FELDMAN_DOMAR.phases),
        range(2),
        initial={"capital": {"sector_1": 2.0, "sector_2": 8.0}},
        parameters={"machines": {"kept": np.array([0.3, 0.6])}},
    )
    low, high = np.asarray(simulation.play()["consumption"])
    assert (high < low)[1:60].all()
    assert (high > low)[-120:].all()


def test_order_is_not_a_parameter() -> None:
    one, other = run(), run(order=-1, shuffle=3)
    for name in one.data_vars:
        assert np.array_equal(one[name], other[name]), name


def test_a_clock_without_a_closing_of_the_books_is_refused() -> None:
    with pytest.raises(DeclarationError, match="no phase 'record'"):
        Simulation(ECONOMY, Clock(START, END, (Phase("production"),)))
