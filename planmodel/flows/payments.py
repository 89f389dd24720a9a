"""Payments between peasants, townspeople, enterprises, budget and State Bank (docs/model.md).

Every payment is a declared flow of money, so that the transactions-flow matrix of any year sums to zero in
every row (a payment leaves one account and enters another) and every column (receipts less payments are the
change in what an account holds).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Input,
    Parameters,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.flows.price_scissors import GOODS
from planmodel.sectors.calendar import mean_of_base_year
from planmodel.sectors.population import WORKERS, town_population


class PaymentParameters(Parameters):
    """Farm prices, values of food, spending and saving."""

    grain_price_1928: Array = parameter(
        0.062, unit="roubles/kg", bounds=(0.05, 0.08), symbol=r"p_g",
        meaning="procurement price of grain in 1928", source="rye 6.03 roubles a quintal; lines 2345-2348",
        evidence="transcribed",
    )  # fmt: skip
    farm_price_share: Array = parameter(
        0.502, unit="1", bounds=(0.3, 0.8), symbol=r"p_f",
        meaning="procurement over retail price of meat, milk and potatoes in 1928", source="assumption",
    )  # fmt: skip
    bread_value: Array = parameter(
        0.184, unit="roubles of 1928/kg", bounds=(0.1, 0.25), symbol=r"v_g",
        meaning="retail value of the bread and flour made of grain, at prices of 1928",
        source="rye bread 8, wheat bread 35 kopeks a kilogram in Moscow, 1929; lines 11042-11043",
        evidence="assumption",
    )  # fmt: skip
    drink_value: Array = parameter(
        0.277, unit="roubles of 1928/kg", bounds=(0.1, 0.6), symbol=r"v_d",
        meaning="retail value of the spirits and other products made of industrial grain, prices of 1928",
        source="C-60: spirits always on sale; size assumed",
    )  # fmt: skip
    town_saving: Array = parameter(
        1.03, unit="months", bounds=(1.0, 3.0), symbol=r"\tau_c",
        meaning="months in which townspeople mean to spend their cash",
        source="currency over incomes in 1928; assumption",
    )  # fmt: skip
    village_saving: Array = parameter(
        1.86, unit="months", bounds=(1.0, 6.0), symbol=r"\tau_v",
        meaning="months in which peasants mean to spend their cash",
        source="currency over incomes in 1928; assumption",
    )  # fmt: skip
    market_budget: Array = parameter(
        0.106, unit="1", bounds=(0.05, 0.35), symbol=r"\beta_k",
        meaning="share of spending that townspeople always take to the peasants' market",
        source="A-36; size assumed",
    )  # fmt: skip
    market_spill: Array = parameter(
        0.648, unit="1", bounds=(0.05, 0.9), symbol=r"\chi_c",
        meaning="share of the money that shops could not take which goes to the peasants' market",
        source="A-36, D-63; size assumed",
    )  # fmt: skip
    transfers: Array = parameter(
        0.162, unit="1", bounds=(0.0, 0.25), symbol=r"\beta_t",
        meaning="pensions, stipends, sick pay and soldiers' pay over the wage bill", source="assumption",
    )  # fmt: skip
    food_budget: Array = parameter(
        0.564, unit="1", bounds=(0.4, 0.7), symbol=r"\theta_f",
        meaning="weight of food in the consumption of townspeople", source="assumption",
    )  # fmt: skip
    shop_memory: Array = parameter(
        6.0, unit="months", bounds=(2.0, 12.0), symbol=r"\tau_x",
        meaning="time over which shortage and goods on offer are judged", source="assumption",
    )  # fmt: skip


# Retail prices of 1928, roubles a kilogram: orders of size from Moscow, 1929 (lines 11044-11046 of the text).
RETAIL_1928 = {"meat_town": 0.50, "milk_town": 0.12, "potatoes_to_towns": 0.05}
ACCOUNTS = ("peasants", "townspeople", "enterprises", "budget")


class Payments(Component):
    """Wages, purchases of farm products, state retail trade and the peasants' market."""

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
        Flow("transfers", "money", "budget", "townspeople", "pensions, stipends and soldiers' pay", rank=0),
    )
    variables = (
        Variable("wage_bill", "billion roubles/month", "wages of all wage earners", 0.65),
        *(
            Variable(f"volume_{good}", "billion roubles of 1928/month", f"state supply of {good} to towns", v)
            for good, v in zip(GOODS, (0.12, 0.1, 0.4), strict=True)
        ),
        Variable("town_volume", "billion roubles of 1928/month", "state supply to towns", 0.62),
        Variable("village_volume", "billion roubles of 1928/month", "state supply to the village", 0.33),
        Variable("town_supply", "billion roubles/month", "state supply to towns at its prices", 0.62),
        Variable(
            "village_supply", "billion roubles/month", "state supply to the village at its prices", 0.33
        ),
        Variable("food_cost", "billion roubles/month", "paid for the farm products in state food", 0.2),
        Variable("commercial_supply", "billion roubles/month", "of the supply to towns, without cards"),
        Variable("retail_turnover", "billion roubles/month", "state retail trade", 0.9),
        Variable("excess_demand", "1", "log of money demand over supply at state prices, smoothed"),
        Variable(
            "goods_norm_towns", "billion roubles of 1928/million persons", "goods a head, mean of 1928", 0.015
        ),
        Variable(
            "goods_norm_village", "billion roubles of 1928/month", "goods to the village, mean of 1928", 0.33
        ),
        Variable("village_goods_offer", "1928=1", "industrial goods offered to the village, smoothed", 1.0),
        Variable(
            "mts_payment_value", "billion roubles/month", "payment in kind to the MTS at procurement prices"
        ),
        Variable(
            "tribute",
            "billion roubles/month",
            "deliveries and MTS grain at parity prices, less what was paid",
        ),
        Variable(
            "town_consumption", "1928=1", "real consumption of a townsperson: food and goods bought", 1.0
        ),
    )
    inputs = (Input("crop_price", "index 1928=1", "state price of industrial crops"),)

    def processes(self) -> Iterable[Process]:
        """Reckon supply and wages before payments are made."""
        yield every(self.clock, "labour", self.reckon)
        yield every(self.clock, "money", self.pay)

    def reckon(self) -> None:
        """Reckon the wage bill, and the volume and value of what the state offers."""
        earners = total(self.stock("people", group) for group in WORKERS)
        self.board["wage_bill"] = earners * self.board["average_money_wage"] / 12000.0
        grain, products = self._state_grain(), self._state_products()
        volumes = self.volumes(grain, products)
        trade = self.lever("commercial_trade")
        value, commercial = self.zeros, self.zeros
        for good, volume in volumes.items():
            self.board[f"volume_{good}"] = volume
            without = trade * self.board[f"cards_{good}"]
            sold = volume * without * self.board[f"commercial_price_{good}"]
            value = value + sold + volume * (1.0 - without) * self.board[f"state_price_{good}"]
            commercial = commercial + sold
        village = self.ledger.moved("goods_to_village")
        self.board["town_volume"] = total(volumes.values())
        self.board["village_volume"] = village.copy()
        self.board["town_supply"] = value
        self.board["commercial_supply"] = commercial
        self.board["village_supply"] = village * self.board["industrial_goods_price"]
        paid = (grain + self.ledger.moved("grain_to_industry")) * self.p.grain_price_1928 + products
        self.board["food_cost"] = paid * self.board["procurement_price"]
        norm = mean_of_base_year(self, "goods_norm_village", village)
        offer = np.minimum(np.maximum(village / np.maximum(norm, 1e-9), 0.01), 20.0)
        before = self.board["village_goods_offer"]
        self.board["village_goods_offer"] = before + (offer - before) / self.p.shop_memory

    def volumes(self, grain: Array, products: Array) -> dict[str, Array]:
        """Return what the state offers in towns this month at prices of 1928, by good.

        Of other food the state sells what did not go to the market, and spirits.

        Parameters
        ----------
        grain
            State grain eaten in towns, million tonnes, shape ``(members,)``.
        products
            Animal products and potatoes that the state bought, at procurement prices of 1928.
        """
        moved = self.ledger.moved
        spirits = moved("grain_to_industry") * self.p.drink_value
        return {
            "bread": grain * self.p.bread_value,
            "food": products / self.p.farm_price_share + spirits,
            "goods": moved("goods_to_towns").copy(),
        }

    def _state_grain(self) -> Array:
        """Return the grain eaten in towns less what the market brought, million tonnes."""
        moved = self.ledger.moved
        market = moved("market_grain_individual") + moved("market_grain_members")
        return np.maximum(moved("food_town") - market, 0.0)

    def _state_products(self) -> Array:
        """Return animal products and potatoes that the state bought, at procurement prices of 1928."""
        left = 1.0 - self.board["market_share_of_products"]
        return products_for_towns(self) * left * self.p.farm_price_share

    def pay(self) -> None:
        """Households spend on cards, then without cards, and take a part of the rest to the market."""
        propose = self.ledger.propose
        bill = self.board["wage_bill"]
        propose("wages_of_enterprises", bill * (1.0 - self.board["budget_wage_share"]))
        propose("transfers", bill * self.p.transfers)
        deliveries = self.deliveries()
        paid = self.farm_value(deliveries)
        propose("farm_purchases", paid)
        self._measure_tribute(deliveries, paid)
        town_cash, village_cash = self.stock("money", "townspeople"), self.stock("money", "peasants")
        town_want = town_cash / self.p.town_saving
        village_want = village_cash / self.p.village_saving
        shop_want = town_want * (1.0 - self.p.market_budget)
        town_buys = np.minimum(shop_want, self.board["town_supply"])
        village_buys = np.minimum(village_want, self.board["village_supply"])
        propose("retail_towns", town_buys)
        propose("retail_village", village_buys)
        propose("market_purchases", town_want - shop_want + (shop_want - town_buys) * self.p.market_spill)
        self.board["retail_turnover"] = town_buys + village_buys
        supply = self.board["town_supply"] + self.board["village_supply"]
        demand = np.maximum(shop_want + village_want, 1e-9) / np.maximum(supply, 1e-9)
        before = self.board["excess_demand"]
        shortage = np.log(np.minimum(np.maximum(demand, 1e-3), 1e3))
        self.board["excess_demand"] = before + (shortage - before) / self.p.shop_memory
        self._live(town_buys / np.maximum(self.board["town_supply"], 1e-9))

    def _live(self, bought: Array) -> None:
        """Town consumption = theta food + (1 - theta) goods bought a head, food and goods of 1928 = 1."""
        goods = self.board["volume_goods"] * bought / np.maximum(town_population(self), 1e-6)
        norm = mean_of_base_year(self, "goods_norm_towns", goods)
        living = self.p.food_budget * self.board["town_nutrition"]
        bought_goods = np.minimum(goods / np.maximum(norm, 1e-9), 20.0)
        living = living + (1.0 - self.p.food_budget) * bought_goods
        before = self.board["town_consumption"]
        self.board["town_consumption"] = before + (living - before) / self.p.shop_memory

    def deliveries(self) -> Array:
        """Return what the state bought of grain and other food this month, at procurement prices of 1928."""
        moved = self.ledger.moved
        grain = moved("procured_individual") + moved("procured_kolkhoz")
        bought: Array = grain * self.p.grain_price_1928 + self._state_products()
        return bought

    def farm_value(self, deliveries: Array) -> Array:
        """Return what the state pays the village this month, billion roubles; the MTS is paid in kind."""
        crops = self.ledger.moved("crop_harvest") * self.crop_index()
        return deliveries * self.board["procurement_price"] + crops

    def _measure_tribute(self, deliveries: Array, paid: Array) -> None:
        """Tribute = (deliveries + MTS grain) at the prices of industrial goods, less what was paid (A-35)."""
        in_kind = self.ledger.moved("mts_payment") * self.p.grain_price_1928
        self.board["mts_payment_value"] = in_kind * self.board["procurement_price"]
        all_goods = deliveries + in_kind + self.ledger.moved("crop_harvest")
        self.board["tribute"] = all_goods * self.board["industrial_goods_price"] - paid

    def crop_index(self) -> Array:
        """Return the price of industrial crops: given, or at parity without the scissors."""
        given = self.zeros + self.exogenous("crop_price")
        if self.on("price_scissors"):
            return given
        return np.maximum(given, self.board["procurement_price"])


def products_for_towns(component: Component) -> Array:
    """Return the animal products and potatoes of this month for towns, at retail prices of 1928."""
    return total(component.ledger.moved(flow) * price for flow, price in RETAIL_1928.items())
