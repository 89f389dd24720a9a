"""The peasants' market: grain that households sell to towns, and its price (A-36)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Array,
    Component,
    Flow,
    Lever,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process
from planmodel.flows.payments import products_for_towns
from planmodel.sectors.calendar import mean_of_base_year, months_to_harvest, sowing_ahead


class KolkhozMarketParameters(Parameters):
    """Supply on the market, and its answer to what money can buy."""

    market_supply: Array = parameter(
        0.0728, unit="1", bounds=(0.05, 0.6), symbol=r"\chi_b",
        meaning="share of the grain that households hold above their own need that they sell in a year",
        source="assumption",
    )  # fmt: skip
    product_share: Array = parameter(
        0.694, unit="1", bounds=(0.3, 1.0), symbol=r"\chi_a",
        meaning="share of meat, milk and potatoes for the towns that is sold on the market in free trade",
        source="assumption",
    )  # fmt: skip
    black_market: Array = parameter(
        0.118, unit="1", bounds=(0.0, 0.3), symbol=r"\Lambda_0",
        meaning="trade that goes on where it is forbidden, over free trade", source="D-63; size assumed",
    )  # fmt: skip
    price_response: Array = parameter(
        0.0173, unit="1", bounds=(0.0, 0.6), symbol=r"\varepsilon_k",
        meaning="elasticity of sales to what their price buys in industrial goods",
        source="A-36; size assumed", evidence="assumption",
    )  # fmt: skip
    market_grain_value: Array = parameter(
        0.135, unit="roubles of 1928/kg", bounds=(0.06, 0.2), symbol=r"v_k",
        meaning="price of grain on the peasants' market in 1928", source="assumption",
    )  # fmt: skip
    market_memory: Array = parameter(
        7.65, unit="months", bounds=(1.0, 12.0), symbol=r"\tau_k",
        meaning="time over which spending and supply make the price", source="assumption",
    )  # fmt: skip


class KolkhozMarket(Component):
    """A residual market: price = what towns can spend / what households can sell."""

    name = "kolkhoz_market"
    parameters = KolkhozMarketParameters
    flows = (
        Flow(
            "market_grain_individual",
            "grain",
            "individual",
            "town",
            "grain sold by individual peasants",
            rank=3,
        ),
        Flow("market_grain_members", "grain", "members", "town", "grain sold by kolkhoz households", rank=3),
    )
    variables = (
        Variable("free_trade", "1", "freedom of trade between districts and with towns", 0.9),
        Variable("market_return", "1", "answer of peasants' sales to what their price buys", 1.0),
        Variable("market_share_of_products", "1", "share of meat, milk, potatoes sold on the market", 0.72),
        Variable("kolkhoz_market_price", "index 1928=1", "price of farm goods on the peasants' market", 1.0),
        Variable("market_spending", "billion roubles/month", "cash spent on the market, smoothed", 0.14),
        Variable("market_spent_before", "billion roubles", "cash spent on the market up to last month"),
        Variable("market_volume", "billion roubles of 1928/month", "sold on the market, smoothed", 0.14),
        Variable("market_price_norm", "1", "spending over volume, mean of 1928", 1.0),
    )
    levers = (Lever("free_trade", 0.9, (0.0, 1.0), "trade of peasants on their own account is allowed"),)
    switches = (Switch("kolkhoz_market", "households may sell on a free market after 1930"),)

    def processes(self) -> Iterable[Process]:
        """Sell, then find the price."""
        yield every(self.clock, "production", self.open)
        yield every(self.clock, "distribution", self.sell)
        yield every(self.clock, "money", self.price)

    def open(self) -> None:
        """Trade is as free as decrees allow; sales answer to what their price buys (A-36).

        Without the kolkhoz market it stays closed to members.
        """
        trade = self.lever("free_trade")
        members = self.board["collectivised_share"]
        free = self.zeros + (trade if self.on("kolkhoz_market") else trade * (1.0 - members))
        self.board["free_trade"] = free
        free = np.maximum(free, self.p.black_market)
        price = self.board["kolkhoz_market_price"] / np.maximum(self.board["industrial_goods_price"], 1e-3)
        buys = np.minimum(np.maximum(price * self.board["village_goods_offer"], 1e-2), 1e2)
        answer = buys**self.p.price_response
        self.board["market_return"] = answer
        self.board["market_share_of_products"] = np.minimum(self.p.product_share * free * answer, 0.95)

    def sell(self) -> None:
        """Households sell a part of what they hold above seed, food and feed to the next harvest."""
        months = months_to_harvest(self.month)
        seed = self.board["seed_need_individual"] * sowing_ahead(self.month)
        need = (self.board["village_food_need"] + self.board["household_feed_need"]) * months
        own = np.maximum(self.stock("grain", "individual") - seed, 0.0)
        members = self.stock("grain", "members")
        free = np.maximum(self.board["free_trade"], self.p.black_market)
        rate = np.minimum(self.p.market_supply / 12.0 * self.board["market_return"], 0.5)
        spare = np.maximum(own + members - need, 0.0) * rate * free
        share = own / np.maximum(own + members, 1e-9)
        traders = self.board["sold_to_traders"]  # for these the market outbid the state
        self.ledger.propose("market_grain_individual", spare * share + traders)
        self.ledger.propose("market_grain_members", spare * (1.0 - share))

    def price(self) -> None:
        """P = money spent on the market over goods sold there at prices of 1928, both smoothed, 1928 = 1."""
        moved = self.ledger.moved
        sold = products_for_towns(self) * self.board["market_share_of_products"]
        grain = moved("market_grain_individual") + moved("market_grain_members")
        sold = sold + grain * self.p.market_grain_value
        volume = self.board["market_volume"]
        volume = volume + (sold - volume) / self.p.market_memory
        spent = self.ledger.ever("market_purchases")
        monthly = spent - self.board["market_spent_before"]
        spending = self.board["market_spending"]
        spending = spending + (monthly - spending) / self.p.market_memory
        self.board["market_volume"] = volume
        self.board["market_spent_before"] = spent
        self.board["market_spending"] = spending
        ratio = np.maximum(spending, 1e-4) / np.maximum(volume, 1e-3)
        norm = mean_of_base_year(self, "market_price_norm", ratio)
        self.board["kolkhoz_market_price"] = np.minimum(np.maximum(ratio / norm, 1e-3), 1e6)
