"""Two sectors of fixed capital-output ratio on the engine: the closed form of Feldman and Domar.

No farming, no camps, no shortage: what sector 1 makes is invested, a share g of it in sector 1 itself, the
rest in sector 2, whose output is consumed. In continuous time

    I(t) = I0 exp(g t / V1),    C(t) = C0 + ((1 - g) / g) (V1 / V2) I0 (exp(g t / V1) - 1).

The engine moves in months of length h: within a month output keeps its opening rate, and what it adds to
capital counts from the next month on. Growth by the month is then 1 + g h / v1, where v1 is the ratio given
to the component, and a sum of months stands for the integral:

    I_n = I0 (1 + g h / v1)^n,    C_n = C0 + ((1 - g) / g) (v1 / v2) I0 ((1 + g h / v1)^n - 1).

Both forms agree at every month's end if and only if (1 + g h / v1) = exp(g h / V1) and v1 / v2 = V1 / V2:
both ratios are multiplied by the *compound factor* (g h / V1) / (exp(g h / V1) - 1), a little less than one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pytest
import xarray as xr

from planmodel.engine import (
    Account,
    Array,
    Clock,
    Commodity,
    Component,
    DeclarationError,
    Flow,
    Parameters,
    Phase,
    Simulation,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process

MONTH = 1.0 / 12.0
START, END = date(1928, 1, 1), date(1952, 12, 31)
# One member a column: share invested in sector 1, the two ratios in years, first capital of both sectors.
SHARE = np.array([0.2, 0.5, 0.8, 0.999])
RATIO_1, RATIO_2 = np.array([2.1, 3.0, 5.0, 2.1]), np.array([2.1, 1.5, 4.0, 6.0])
FIRST_1, FIRST_2 = np.array([4.0, 2.0, 1.0, 3.0]), np.array([8.0, 8.0, 20.0, 5.0])


class Ratio(Parameters):
    capital_output: Array = parameter(
        2.1, unit="years", bounds=(0.5, 10.0), symbol="v",
        meaning="capital over yearly output", source="Domar 1957: the lowest of his examples",
    )  # fmt: skip


class MachineRatio(Ratio):
    kept: Array = parameter(
        0.5, unit="1", bounds=(0.0, 1.0), symbol="g",
        meaning="share of machines that stays in sector 1", source="Feldman 1928",
    )  # fmt: skip


class Machines(Component):
    """Sector 1: machines make machines, for both sectors."""

    name = "machines"
    parameters = MachineRatio
    commodities = (Commodity("capital", "billion roubles", "machines"),)
    accounts = (
        Account("capital", "made", "machines made", kind="source"),
        Account("capital", "sector_1", "machines that make machines"),
        Account("capital", "sector_2", "machines that make consumer goods"),
    )
    flows = (
        Flow("invested_1", "capital", "made", "sector_1", "machines for sector 1"),
        Flow("invested_2", "capital", "made", "sector_2", "machines for sector 2"),
    )

    def processes(self) -> Iterable[Process]:
        yield every(self.clock, "production", self.make)

    def make(self) -> None:
        made = self.stock("capital", "sector_1") / self.p.capital_output * MONTH
        self.ledger.propose("invested_1", made * self.p.kept)
        self.ledger.propose("invested_2", made * (1.0 - self.p.kept))


class Consumption(Component):
    """Sector 2: what it makes is consumed."""

    name = "consumption"
    parameters = Ratio
    commodities = (Commodity("goods", "billion roubles", "consumer goods"),)
    accounts = (
        Account("goods", "made", "goods made", kind="source"),
        Account("goods", "consumed", "goods consumed", kind="sink"),
    )
    flows = (Flow("consumption", "goods", "made", "consumed", "goods made and consumed"),)
    variables = (Variable("months_run", "months", "months since the start"),)

    def processes(self) -> Iterable[Process]:
        yield every(self.clock, "production", self.make)

    def make(self) -> None:
        made = self.stock("capital", "sector_2") / self.p.capital_output * MONTH
        self.ledger.propose("consumption", made)
        self.board["months_run"] = self.board["months_run"] + 1.0


def run(factor: Array | float = 1.0, order: int = 1, shuffle: int | None = None) -> xr.Dataset:
    """Run 25 years, with both ratios multiplied by a factor."""
    simulation = Simulation(
        (Machines, Consumption)[::order],
        Clock(START, END, (Phase("production"), Phase("record"))),
        range(len(SHARE)),
        initial={"capital": {"sector_1": FIRST_1, "sector_2": FIRST_2}},
        parameters={
            "machines": {"capital_output": RATIO_1 * factor, "kept": SHARE},
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
    return np.asarray(dataset["months_run"])[0] - 1.0, invested, consumed


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


def test_a_larger_share_for_sector_1_costs_consumption_first_and_pays_later() -> None:
    """Feldman's thesis, with equal ratios and first capital: members 0 and 1 of a run of their own."""
    simulation = Simulation(
        (Machines, Consumption),
        Clock(START, END, (Phase("production"), Phase("record"))),
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
        Simulation((Machines, Consumption), Clock(START, END, (Phase("production"),)))
