"""The peasants' market: grain that households sell to towns, and its price (A-36)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.kernel import (
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
from planmodel.kernel.clock import Process
from planmodel.sectors.calendar import months_to_harvest, sowing_ahead


class KolkhozMarketParameters(Parameters):
    """Supply and demand on the market."""

    market_supply: Array = parameter(
        0.37, unit="1", bounds=(0.05, 0.6), symbol=r"\chi_b",
        meaning="share of the grain that households hold above their own need that they sell in a year",
        source="assumption",
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
        Variable("kolkhoz_market_price", "index 1928=1", "price of farm goods on the peasants' market", 1.0),
        Variable("market_spending", "billion roubles/month", "cash spent on the market, smoothed", 0.16),
        Variable("market_spent_before", "billion roubles", "cash spent on the market up to last month"),
        Variable("market_supply_trend", "index 1928=1", "goods offered on the market, smoothed", 1.0),
    )
    levers = (Lever("free_trade", 0.9, (0.0, 1.0), "trade of peasants on their own account is allowed"),)
    switches = (Switch("kolkhoz_market", "households may sell on a free market after 1930"),)

    def processes(self) -> Iterable[Process]:
        """Sell, then find the price."""
        yield every(self.clock, "production", self.open)
        yield every(self.clock, "distribution", self.sell)
        yield every(self.clock, "money", self.price)

    def open(self) -> None:
        """Trade is as free as decrees allow; without the kolkhoz market it stays closed to members."""
        trade = self.lever("free_trade")
        members = self.board["collectivised_share"]
        self.board["free_trade"] = self.zeros + (
            trade if self.on("kolkhoz_market") else trade * (1.0 - members)
        )

    def sell(self) -> None:
        """Households sell a part of what they hold above seed, food and feed to the next harvest."""
        months = months_to_harvest(self.month)
        seed = self.board["seed_need_individual"] * sowing_ahead(self.month)
        need = (self.board["village_food_need"] + self.board["household_feed_need"]) * months
        own = np.maximum(self.stock("grain", "individual") - seed, 0.0)
        members = self.stock("grain", "members")
        spare = np.maximum(own + members - need, 0.0) * self.p.market_supply / 12.0 * self.board["free_trade"]
        share = own / np.maximum(own + members, 1e-9)
        self.ledger.propose("market_grain_individual", spare * share)
        self.ledger.propose("market_grain_members", spare * (1.0 - share))

    def price(self) -> None:
        """P = cash spent on the market / goods offered, both against 1928 and smoothed.

        What is spent is what shops could not take (payments.py); what is offered is animal products and
        potatoes of households that reach the towns.
        """
        moved = self.ledger.moved
        offered = moved("meat_town") / 0.105 * 0.5 + moved("milk_town") / 0.85 * 0.2
        offered = offered + moved("potatoes_to_towns") / 0.5 * 0.3
        offered = offered * (0.35 + 0.65 * self.board["free_trade"] / 0.9)
        supply = self.board["market_supply_trend"] + (offered - self.board["market_supply_trend"]) / 6.0
        self.board["market_supply_trend"] = supply
        spent = self.ledger.ever("market_purchases")
        monthly = spent - self.board["market_spent_before"]
        flow = self.board["market_spending"] + (monthly - self.board["market_spending"]) / 4.0
        self.board["market_spent_before"] = spent
        self.board["market_spending"] = flow
        self.board["kolkhoz_market_price"] = np.maximum(flow / 0.16, 1e-3) / np.maximum(supply, 0.02)
