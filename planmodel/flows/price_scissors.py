"""Prices and the scissors: wages drift, state prices are revised by reforms, the village pays the difference.

The state sells against cards at a ration price and without cards at a commercial one, between it and the
price of the peasants' market (D-63, D-64, D-67). When cards end, a unified price takes the place of both
(C-30). What the village pays for industrial goods over what it gets for its products is the scissors (A-35).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

import numpy as np

from planmodel.engine import (
    Array,
    Component,
    Input,
    Lever,
    Mask,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.sectors.calendar import mean_of_base_year
from planmodel.sectors.population import WORKERS

GOODS = ("bread", "food", "goods")  # what the state sells in towns; each had cards of its own
_SAID = {"bread": "bread and flour", "food": "other food and drink", "goods": "industrial goods"}


class PriceScissorsParameters(Parameters):
    """Wage drift, price reforms and margins."""

    wage_1928: Array = parameter(
        690.0, unit="roubles a year", bounds=(670.0, 720.0), symbol=r"\varpi_0",
        meaning="average money wage of January 1928, base of the wage index",
        source="703 over the year 1928 (Trud v SSSR)", evidence="assumption",
    )  # fmt: skip
    wage_drift: Array = parameter(
        0.0232, unit="1/year", bounds=(0.0, 0.25), symbol=r"w_0",
        meaning="yearly rise of the money wage at full employment", source="B-60; size assumed",
    )  # fmt: skip
    wage_scarcity: Array = parameter(
        0.182, unit="1", bounds=(0.0, 2.0), symbol=r"w_1",
        meaning="further yearly rise of the money wage for each point of jobs left unfilled in a year",
        source="B-60, C-12; size assumed",
    )  # fmt: skip
    wage_indexation: Array = parameter(
        0.442, unit="1", bounds=(0.0, 0.9), symbol=r"w_2",
        meaning="share of retail inflation that passes into the money wage", source="assumption",
    )  # fmt: skip
    wage_credit: Array = parameter(
        0.169, unit="1/year", bounds=(0.0, 0.3), symbol=r"w_3",
        meaning="further yearly rise of the money wage while credit is given without limit",
        source="D-62: enterprises bid for hands with money that costs nothing; size assumed",
    )  # fmt: skip
    reform_threshold: Array = parameter(
        0.0881, unit="1", bounds=(0.0, 0.5), symbol=r"x_1",
        meaning="log of money demand over supply at which state prices are revised",
        source="D-67: prices are held while shortage grows; size assumed",
    )  # fmt: skip
    reform_interval: Array = parameter(
        7.25, unit="months", bounds=(3.0, 24.0), symbol=r"\tau_p",
        meaning="least time between two revisions of state prices", source="assumption",
    )  # fmt: skip
    price_response: Array = parameter(
        0.324, unit="1", bounds=(0.05, 1.0), symbol=r"p_1",
        meaning="share of the log gap between money and goods that a revision closes",
        source="D-67: price control; size assumed",
    )  # fmt: skip
    commercial_weight: Array = parameter(
        0.593, unit="1", bounds=(0.2, 1.0), symbol=r"\omega_c",
        meaning="weight of the market price in the commercial price",
        source="flour off ration 4-5 roubles, on ration 0.35-0.60 (1933-34); lines 2371-2372",
        evidence="assumption",
    )  # fmt: skip
    unified_weight: Array = parameter(
        0.912, unit="1", bounds=(0.0, 1.0), symbol=r"\omega_u",
        meaning="weight of the commercial price in the unified price when cards end",
        source="C-30; size assumed",
    )  # fmt: skip
    village_weight: Array = parameter(
        0.209, unit="1", bounds=(0.0, 1.0), symbol=r"\omega_v",
        meaning="weight of the commercial price in what the village pays while towns have cards",
        source="A-35: 2.85 in 1932 against 2.55 for all state trade; size assumed",
    )  # fmt: skip
    wholesale_share: Array = parameter(
        0.507, unit="1", bounds=(0.5, 0.95), symbol=r"p_w",
        meaning="wholesale over retail price of industrial goods in 1928", source="assumption",
    )  # fmt: skip
    wholesale_response: Array = parameter(
        0.572, unit="1", bounds=(0.3, 1.0), symbol=r"\lambda_w",
        meaning="elasticity of wholesale prices to the cost of labour per unit",
        source="D-64: wholesale prices of consumer goods are held low; size assumed",
    )  # fmt: skip
    cost_memory: Array = parameter(
        12.0, unit="months", bounds=(3.0, 24.0), symbol=r"\tau_l",
        meaning="time over which output per worker enters costs", source="assumption",
    )  # fmt: skip
    price_memory: Array = parameter(
        6.0, unit="months", bounds=(2.0, 12.0), symbol=r"\tau_i",
        meaning="time over which price rises pass into wages", source="assumption",
    )  # fmt: skip
    procurement_scale: Array = parameter(
        1.0, unit="1", bounds=(0.5, 2.0), symbol=r"\pi_0",
        meaning="procurement prices over those of the record: 1 is history", source="for experiments",
    )  # fmt: skip
    market_weight: Array = parameter(
        0.274, unit="1", bounds=(0.03, 0.35), symbol=r"\theta_m",
        meaning="share of purchases on the market in the cost of living", source="assumption",
    )  # fmt: skip


class PriceScissors(Component):
    """Money wage; ration, commercial, unified, village, wholesale and procurement prices; cost of living."""

    name = "price_scissors"
    parameters = PriceScissorsParameters
    variables = (
        Variable("average_money_wage", "roubles a year", "average money wage", 690.0),
        Variable("wage_index", "January 1928=1", "average money wage over that of January 1928", 1.0),
        *(
            Variable(
                f"state_price_{good}",
                "index 1928=1",
                f"ration or unified state price, {_SAID[good]}",
                1.0,
                bounds=(0.01, inf),
            )
            for good in GOODS
        ),
        *(
            Variable(
                f"commercial_price_{good}", "index 1928=1", f"state price without cards, {_SAID[good]}", 1.0
            )
            for good in GOODS
        ),
        *(Variable(f"cards_{good}", "1", f"share of {_SAID[good]} sold on cards") for good in GOODS),
        Variable("industrial_goods_price", "index 1928=1", "what the village pays for industrial goods", 1.0),
        Variable("procurement_price", "index 1928=1", "what the state pays for farm products", 1.0),
        Variable(
            "scissors", "1928=1", "price of industrial goods in the village over procurement price", 1.0
        ),
        Variable(
            "wholesale_price", "index 1928=1", "factory price of industrial goods over retail of 1928", 0.62
        ),
        Variable("retail_price_index", "index 1928=1", "state retail prices, weighted by sales", 1.0),
        Variable("months_since_reform", "months", "time since state prices were last revised"),
        Variable("cost_index", "1928=1", "costs of labour per unit as wholesale prices admit them", 1.0),
        Variable("labour_productivity", "1928=1", "industrial output per worker, smoothed", 1.0),
        Variable("workers_norm", "million persons", "industrial workers, mean of 1928", 3.8),
        Variable("cost_of_living", "index 1928=1", "state prices and the market together", 1.0),
        Variable("real_wage", "index 1928=1", "money wage over cost of living", 1.0),
        Variable("retail_inflation", "1/year", "rise of state retail prices, smoothed"),
    )
    levers = (
        Lever("price_control", 1.0, (0.0, 3.0), "how far reforms stop short of demand; 0 lets them follow"),
        Lever("wage_policing", 0.0, (0.0, 1.0), "share of wage drift that is suppressed"),
        *(Lever(f"cards_{good}", 0.0, (0.0, 1.0), f"share of {_SAID[good]} sold on cards") for good in GOODS),
        Lever(
            "commercial_trade", 0.0, (0.0, 0.9), "share of goods on cards that the state sells without them"
        ),
    )
    switches = (Switch("price_scissors", "prices move against the village"),)
    inputs = (Input("procurement_price", "index 1928=1", "state price of farm products"),)

    def processes(self) -> Iterable[Process]:
        """Wages and prices, every month."""
        yield every(self.clock, "money", self.drift)
        yield every(self.clock, "money", self.revise_prices)
        yield every(self.clock, "money", self.weigh)

    def drift(self) -> None:
        """Dw = (w0 + w1 unfilled + w3 credit)(1 - policing) + w2 inflation, a year."""
        earners = np.maximum(total(self.stock("people", g) for g in WORKERS), 1e-6)
        unfilled = np.minimum(12.0 * self.board["vacancies"] / earners, 1.0)
        rise = self.p.wage_drift + self.p.wage_scarcity * unfilled
        rise = rise + self.p.wage_credit * self.lever("easy_credit")
        rise = rise * (1.0 - self.lever("wage_policing"))
        rise = rise + self.p.wage_indexation * np.maximum(self.board["retail_inflation"], 0.0)
        index = np.minimum(self.board["wage_index"] * np.exp(np.minimum(rise, 1.0) / 12.0), 1e4)
        self.board["wage_index"] = index
        self.board["average_money_wage"] = index * self.p.wage_1928

    def revise_prices(self) -> None:
        """Revise state prices where shortage passes a threshold, D ln p = p1 x 2 / (1 + control)."""
        excess = np.minimum(np.maximum(self.board["excess_demand"], -1.0), 3.0)
        since = self.board["months_since_reform"] + 1.0
        reform = (np.abs(excess) > self.p.reform_threshold) & (since >= self.p.reform_interval)
        prices = np.array([self.board[f"state_price_{good}"] for good in GOODS])
        if np.count_nonzero(reform):
            self._announce(reform, excess)
            since = np.where(reform, 0.0, since)
            step = self.p.price_response * excess * 2.0 / (1.0 + self.lever("price_control"))
            prices = np.where(reform, np.minimum(np.maximum(prices * np.exp(step), 0.2), 1e5), prices)
        self.board["months_since_reform"] = since
        market = np.maximum(self.board["kolkhoz_market_price"], 1e-3)
        for row, good in enumerate(GOODS):
            cards = self.lever(f"cards_{good}")
            ending = self.board[f"cards_{good}"] > 0.0
            if not cards and np.count_nonzero(ending):  # of members that had any: openings may differ
                unified = between(prices[row], self.board[f"commercial_price_{good}"], self.p.unified_weight)
                prices[row] = np.where(ending, unified, prices[row])
                text = f"cards for {_SAID[good]} end: one price for all"
                self.context.events.add(self.clock.today, "prices", text, ending)
            self.board[f"cards_{good}"] = self.zeros + cards
        commercial = between(prices, market, self.p.commercial_weight)
        for good, price, without_cards in zip(GOODS, prices, commercial, strict=True):
            self.board[f"state_price_{good}"] = price
            self.board[f"commercial_price_{good}"] = without_cards
        goods = GOODS.index("goods")
        self._open_scissors(prices[goods], commercial[goods])

    def _announce(self, reform: Mask, excess: Array) -> None:
        """Log in which members a reform raises or lowers prices."""
        today, events = self.clock.today, self.context.events
        events.add(today, "prices", "price reform: state prices are raised", reform & (excess > 0.0))
        events.add(today, "prices", "price reform: state prices are lowered", reform & (excess < 0.0))

    def _open_scissors(self, price: Array, commercial: Array) -> None:
        """Set what the village pays and is paid; without the scissors it is paid at parity."""
        village = between(price, commercial, self.p.village_weight * self.lever("cards_goods"))
        paid = self.exogenous("procurement_price") * self.p.procurement_scale * self.board["price_offered"]
        paid = paid if self.on("price_scissors") else village * self.p.procurement_scale
        self.board["industrial_goods_price"] = village
        self.board["procurement_price"] = paid
        self.board["scissors"] = village / paid

    def weigh(self) -> None:
        """Weigh the prices of this month's sales; costs of labour; cost of living and real wage."""
        value = self.board["town_supply"] + self.board["village_supply"]
        volume = self.board["town_volume"] + self.board["village_volume"]
        index = np.minimum(np.maximum(value / np.maximum(volume, 1e-9), 0.1), 1e5)
        inflation = 12.0 * np.log(index / np.maximum(self.board["retail_price_index"], 0.1))
        before = self.board["retail_inflation"]
        self.board["retail_inflation"] = before + (inflation - before) / self.p.price_memory
        self.board["retail_price_index"] = index
        self._reckon_costs()
        living = index ** (1.0 - self.p.market_weight)
        living = living * np.maximum(self.board["kolkhoz_market_price"], 1e-3) ** self.p.market_weight
        self.board["cost_of_living"] = living
        self.board["real_wage"] = self.board["wage_index"] / living

    def _reckon_costs(self) -> None:
        """Wholesale = p_w (wage / output per worker)^lambda, never above the retail price (D-64)."""
        workers = self.stock("people", "heavy_industry_workers") + self.stock(
            "people", "consumer_goods_workers"
        )
        norm = mean_of_base_year(self, "workers_norm", workers)
        output = self.board["industrial_output"] * norm / np.maximum(workers, 1e-6)
        before = self.board["labour_productivity"]
        output = np.minimum(np.maximum(output, 0.1), 20.0)
        now = before + (output - before) / self.p.cost_memory
        self.board["labour_productivity"] = now
        held = (self.board["wage_index"] / np.maximum(now, 0.2)) ** self.p.wholesale_response
        self.board["cost_index"] = held
        self.board["wholesale_price"] = np.minimum(
            self.p.wholesale_share * held, self.board["state_price_goods"]
        )


def between(low: Array, high: Array, weight: Array) -> Array:
    """Return the price between two, ``low^(1-weight) high^weight``, never below the first.

    Parameters
    ----------
    low, high
        Prices, shape ``(members,)``, above zero.
    weight
        Weight of the second, 0 to 1.
    """
    price: Array = low * np.maximum(high / low, 1.0) ** weight
    return price
