"""Prices and the scissors: wages drift, retail prices follow the gap, the margin goes to the budget.

Wholesale prices follow unit labour cost; state retail prices are raised towards what money demand would bear,
but slowly, so that excess money turns into shortage and into the price of the peasants' market (D-63, D-64,
D-67); the turnover tax is the difference (A-37).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.kernel import Array, Component, Lever, Parameters, Variable, every, parameter, total
from planmodel.kernel.clock import Process
from planmodel.sectors.population import WORKERS


class PriceScissorsParameters(Parameters):
    """Wage drift, price drift and margins."""

    wage_drift: Array = parameter(
        0.077, unit="1/year", bounds=(0.0, 0.25), symbol=r"w_0",
        meaning="yearly rise of the money wage at full employment", source="B-60; size assumed",
    )  # fmt: skip
    wage_scarcity: Array = parameter(
        0.0, unit="1/year", bounds=(0.0, 2.0), symbol=r"w_1",
        meaning="further rise of the money wage for each point of jobs unfilled",
        source="B-60, C-12; size assumed",
    )  # fmt: skip
    wage_indexation: Array = parameter(
        0.43, unit="1", bounds=(0.0, 0.9), symbol=r"w_2",
        meaning="share of retail inflation that passes into the money wage", source="assumption",
    )  # fmt: skip
    price_response: Array = parameter(
        0.47, unit="1/year", bounds=(0.05, 1.5), symbol=r"p_1",
        meaning="yearly rise of state retail prices per unit of log excess demand",
        source="D-67: price control; size assumed",
    )  # fmt: skip
    wholesale_share: Array = parameter(
        0.6, unit="1", bounds=(0.6, 0.95), symbol=r"p_w",
        meaning="wholesale over retail price in 1928", source="assumption",
    )  # fmt: skip
    market_weight: Array = parameter(
        0.2, unit="1", bounds=(0.03, 0.3), symbol=r"\theta_m",
        meaning="share of purchases on the market in the cost of living", source="assumption",
    )  # fmt: skip


class PriceScissors(Component):
    """Money wage, state retail and wholesale prices, cost of living, real wage, scissors."""

    name = "price_scissors"
    parameters = PriceScissorsParameters
    variables = (
        Variable("average_money_wage", "roubles a year", "average money wage", 690.0),
        Variable("retail_price_index", "index 1928=1", "state retail prices", 1.0),
        Variable(
            "wholesale_price", "index 1928=1", "wholesale prices of consumer goods over retail of 1928", 0.8
        ),
        Variable("excess_demand", "1", "log of money demand over supply at state prices, smoothed"),
        Variable("cost_of_living", "index 1928=1", "state prices and the market together", 1.0),
        Variable("real_wage", "index 1928=1", "money wage over cost of living", 1.0),
        Variable("retail_inflation", "1/year", "rise of state retail prices, smoothed"),
    )
    levers = (
        Lever("price_control", 1.0, (0.0, 3.0), "how slowly state prices follow demand; 0 frees them"),
        Lever("wage_policing", 0.0, (0.0, 1.0), "share of wage drift that is suppressed"),
    )

    def processes(self) -> Iterable[Process]:
        """Wages and prices, every month."""
        yield every(self.clock, "money", self.drift)

    def drift(self) -> None:
        """Dw = (w0 + w1 unfilled)(1 - policing) + w2 dP; dP = p1 excess / (1 + control)."""
        unfilled = self.board["vacancies"] / np.maximum(total(self.stock("people", g) for g in WORKERS), 1e-6)
        rise = self.p.wage_drift + self.p.wage_scarcity * np.minimum(unfilled * 12.0, 1.0)
        rise = rise * (1.0 - self.lever("wage_policing"))
        rise = rise + self.p.wage_indexation * np.maximum(self.board["retail_inflation"], 0.0)
        wage = self.board["average_money_wage"] * np.exp(np.minimum(rise, 1.0) / 12.0)
        self.board["average_money_wage"] = np.minimum(wage, 1e6)
        excess = np.clip(self.board["excess_demand"], -1.0, 3.0)
        inflation = self.p.price_response * excess * 2.0 / (1.0 + self.lever("price_control"))
        price = np.clip(self.board["retail_price_index"] * np.exp(inflation / 12.0), 0.2, 1e5)
        self.board["retail_price_index"] = price
        before = self.board["retail_inflation"]
        self.board["retail_inflation"] = before + (inflation - before) / 6.0
        cost = self.board["average_money_wage"] / 690.0 / np.maximum(self.board["labour_productivity"], 0.2)
        self.board["wholesale_price"] = np.minimum(self.p.wholesale_share * cost, price)
        market = self.board["kolkhoz_market_price"]
        if not self.on("price_scissors"):
            market = price
        weight = self.p.market_weight
        living = price ** (1.0 - weight) * np.maximum(market, 1e-3) ** weight
        self.board["cost_of_living"] = living
        self.board["real_wage"] = wage / 690.0 / living
