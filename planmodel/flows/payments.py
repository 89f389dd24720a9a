"""Payments between peasants, townspeople, enterprises, budget and State Bank (docs/model.md).

Every payment is a declared flow of money, so that the transactions-flow matrix of any year sums to zero in
every row (a payment leaves one account and enters another) and every column (receipts less payments are the
change in what an account holds).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.kernel import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Parameters,
    Variable,
    every,
    parameter,
)
from planmodel.kernel.clock import Process


class PaymentParameters(Parameters):
    """Farm prices, spending and saving."""

    grain_price_1928: Array = parameter(
        0.062, unit="billion roubles/million tonnes", bounds=(0.05, 0.08), symbol=r"p_g",
        meaning="procurement price of grain in 1928", source="rye 6.03 roubles a quintal; lines 2345-2348",
        evidence="transcribed",
    )  # fmt: skip
    farm_price_1928: Array = parameter(
        0.24, unit="billion roubles/million tonnes", bounds=(0.2, 0.5), symbol=r"p_f",
        meaning="procurement price of meat in 1928; milk at a fifth, potatoes at a tenth of it",
        source="assumption",
    )  # fmt: skip
    spending_time: Array = parameter(
        1.0, unit="months", bounds=(0.8, 4.0), symbol=r"\tau_c",
        meaning="months of income that households hold in cash when goods are to be had",
        source="currency over incomes in 1928; assumption",
    )  # fmt: skip
    market_share: Array = parameter(
        0.57, unit="1", bounds=(0.05, 0.6), symbol=r"\chi_c",
        meaning="share of the cash that shops cannot take which goes to the peasants' market",
        source="A-36; size assumed",
    )  # fmt: skip
    food_volume: Array = parameter(
        0.11, unit="billion roubles of 1928/million tonnes", bounds=(0.1, 0.3), symbol=r"v_g",
        meaning="retail value of the food made of a tonne of state grain, at prices of 1928",
        source="assumption",
    )  # fmt: skip


ACCOUNTS = ("peasants", "townspeople", "enterprises", "budget")


class Payments(Component):
    """Wages, purchases of farm products, retail trade and the peasants' market."""

    name = "payments"
    parameters = PaymentParameters
    commodities = (Commodity("money", "billion roubles", "money in current roubles"),)
    accounts = (
        Account("money", "peasants", "cash of peasants"),
        Account("money", "townspeople", "cash of townspeople"),
        Account("money", "enterprises", "accounts of enterprises and trade"),
        Account("money", "budget", "account of the state budget"),
        Account("money", "state_bank_lending", "money created by the State Bank", kind="source"),
        Account("money", "state_bank_repaid", "money withdrawn by the State Bank", kind="sink"),
    )
    flows = (
        Flow(
            "wages_of_enterprises", "money", "enterprises", "townspeople", "wages paid by enterprises", rank=0
        ),
        Flow(
            "farm_purchases", "money", "enterprises", "peasants", "state purchases of farm products", rank=1
        ),
        Flow("retail_towns", "money", "townspeople", "enterprises", "state retail sales in towns", rank=1),
        Flow(
            "retail_village", "money", "peasants", "enterprises", "state retail sales in the village", rank=1
        ),
        Flow(
            "market_purchases",
            "money",
            "townspeople",
            "peasants",
            "purchases on the peasants' market",
            rank=2,
        ),
    )
    variables = (
        Variable("wage_bill", "billion roubles/month", "wages of all wage earners", 0.65),
        Variable("town_supply", "billion roubles/month", "state supply to towns at state prices", 0.55),
        Variable(
            "village_supply", "billion roubles/month", "state supply to the village at state prices", 0.4
        ),
        Variable("labour_productivity", "1928 = 1", "industrial output per worker", 1.0),
        Variable("retail_turnover", "billion roubles/month", "state retail trade", 0.9),
    )

    def processes(self) -> Iterable[Process]:
        """Reckon supply and wages before payments are made."""
        yield every(self.clock, "labour", self.reckon)
        yield every(self.clock, "money", self.pay)

    def reckon(self) -> None:
        """Wage bill and the value of what is offered at state prices."""
        industry = self.stock("people", "heavy_industry_workers") + self.stock(
            "people", "consumer_goods_workers"
        )
        earners = (
            industry + self.stock("people", "construction_workers") + self.stock("people", "other_employees")
        )
        self.board["wage_bill"] = earners * self.board["average_money_wage"] / 12000.0
        output = 0.45 * self.board["heavy_industry_index"] + 0.55 * self.board["consumer_goods_index"]
        productivity = np.clip(output * 3.77 / np.maximum(industry, 1e-6), 0.1, 20.0)
        before = self.board["labour_productivity"]
        self.board["labour_productivity"] = before + (productivity - before) / 12.0
        price = self.board["retail_price_index"]
        moved = self.ledger.moved
        food = moved("food_town") * self.p.food_volume + moved("meat_town") * 0.5
        self.board["town_supply"] = (moved("goods_to_towns") + food) * price
        self.board["village_supply"] = moved("goods_to_village") * price

    def pay(self) -> None:
        """Households spend what they hold beyond their cash norm, as far as shops have goods."""
        propose = self.ledger.propose
        bill = self.board["wage_bill"]
        propose("wages_of_enterprises", bill * (1.0 - self.board["budget_wage_share"]))
        propose("farm_purchases", self.farm_value())
        town_cash, village_cash = self.stock("money", "townspeople"), self.stock("money", "peasants")
        town_want = np.minimum(town_cash / self.p.spending_time, 0.95 * town_cash)
        village_want = np.minimum(village_cash / (2.0 * self.p.spending_time), 0.95 * village_cash)
        town_buys = np.minimum(town_want, self.board["town_supply"])
        village_buys = np.minimum(village_want, self.board["village_supply"])
        propose("retail_towns", town_buys)
        propose("retail_village", village_buys)
        propose("market_purchases", (town_cash - town_buys) * self.p.market_share)
        self.board["retail_turnover"] = town_buys + village_buys
        supply = self.board["town_supply"] + self.board["village_supply"]
        demand = np.maximum(town_want + village_want, 1e-9) / np.maximum(supply, 1e-9)
        before = self.board["excess_demand"]
        self.board["excess_demand"] = before + (np.log(np.clip(demand, 1e-3, 1e3)) - before) / 6.0

    def farm_value(self) -> Array:
        """Return what the state pays the village this month, billion roubles."""
        moved = self.ledger.moved
        grain = moved("procured_individual") + moved("procured_kolkhoz")
        other = moved("meat_town") + 0.2 * moved("milk_town") + 0.1 * moved("potatoes_to_towns")
        value = grain * self.p.grain_price_1928 + other * self.p.farm_price_1928 + moved("crop_harvest")
        return value * self.exogenous("procurement_price")
