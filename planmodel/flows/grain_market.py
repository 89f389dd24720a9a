"""Grain on a market: what peasants sell to the state or to traders, and what the state pays (A-1).

This is the half of procurement that works by price; the half that works by compulsion is ``procurement.py``.
"""

from __future__ import annotations

from math import inf
from typing import ClassVar

import numpy as np

from planmodel.engine import Array, Component, Lever, Parameters, Variable, parameter
from planmodel.sectors.calendar import PROCUREMENT, offered_ahead, sowing_ahead, threshed_before

LOWEST_OFFER = 0.2  # a state that buys keeps some price however much is offered to it
BARRING = ("emergency_measures", "quotas", "obligatory_deliveries")  # levers under which sale is not free


class GrainMarketParameters(Parameters):
    """Supply under a market, and the price that the state can pay."""

    market_intercept: Array = parameter(
        8.5, unit="1", bounds=(4.5, 12.0), symbol=r"m_A",
        meaning="share sold to the state at the terms of 1928 is 1 / (1 + m_A)",
        source="form of Allen, Farm to Factory, app. B; size: procurement of 1927-29 less seizures",
        evidence="assumption",
    )  # fmt: skip
    market_elasticity: Array = parameter(
        1.1, unit="1", bounds=(0.3, 1.6), symbol=r"m_B",
        meaning="elasticity of the odds of selling to the terms of trade",
        source="Allen, Farm to Factory, app. B, eq. 8A-3", evidence="assumption",
    )  # fmt: skip
    market_rivalry: Array = parameter(
        0.3, unit="1", bounds=(0.0, 2.0), symbol=r"\mu_A",
        meaning="elasticity of the state's part of free sales to its price over the market's, where that is "
        "higher", source="private traders paid more than the state in 1927-29; size assumed",
    )  # fmt: skip
    kept_for_use: Array = parameter(
        0.75, unit="1", bounds=(0.0, 1.2), symbol=r"\kappa_u",
        meaning="grain that peasants keep back on a free market, over food and feed to the next harvest",
        source="peasants ate, fed and stored more when it did not pay to sell (A-1); size assumed",
    )  # fmt: skip
    price_ceiling: Array = parameter(
        1.8, unit="1", bounds=(1.0, 3.0), symbol=r"\pi_x",
        meaning="highest procurement price over the price of bread, both 1928 = 1, that the state pays",
        source="at 2.3 trade, milling and grain take all of the price of bread, and no tax is left; size: "
        "purchases near the 11 Mt of 1926/27-1928/29 where nothing is compulsory", evidence="assumption",
    )  # fmt: skip


class GrainMarket(Component):
    """Sales of grain where nothing is compulsory: what procurement by compulsion takes the place of."""

    variables: ClassVar[tuple[Variable, ...]] = (
        Variable("free_sale", "1", "peasants may hold grain back and sell it to whom they like"),
        Variable(
            "price_offered",
            "1",
            "what the state pays for farm products over the given price",
            1.0,
            bounds=(0.01, inf),
        ),
        Variable("sold_to_traders", "million tonnes/month", "grain for which traders outbid the state"),
    )
    levers: ClassVar[tuple[Lever, ...]] = (
        Lever(
            "procurement_price_response",
            0.0,
            (0.0, 1.0),
            "share of what a market leaves wanting in the plan that the state's price rises by in a month",
        ),
    )

    def market_share(self) -> Array:
        """Return the share of the harvest that peasants sell to the state at today's terms of trade."""
        return share_sold(self.board["terms_of_trade"], self.p.market_intercept, self.p.market_elasticity)

    def open_market(self) -> None:
        """Note how far sale is free, and for how much of this month's sales traders outbid the state."""
        self.board["free_sale"] = self.zeros + (1.0 - max(self.lever(name) for name in BARRING))
        individual = 1.0 - self.board["collectivised_share"]
        self.board["sold_to_traders"] = self.offered() * individual * self.outbid()

    def outbid(self) -> Array:
        """Return the share of free sales for which traders outbid the state, 1 - (price / market's)^mu."""
        paid = self.board["procurement_price"] / np.maximum(self.board["kolkhoz_market_price"], 1e-3)
        lost = 1.0 - np.minimum(np.maximum(paid, 1e-3), 1.0) ** self.p.market_rivalry
        free: Array = lost * self.lever("free_trade") * self.board["free_sale"]
        return free

    def spare(self) -> Array:
        """Return the grain of individual peasants beyond seed and their use to the next harvest, Mt.

        What is still to be threshed counts. Use = kept x (food + feed) a month x months to next July.
        """
        months = (6 - self.month) % 12 + 1
        seed = self.board["seed_need_individual"] * sowing_ahead(self.month)
        threshed = threshed_before(self.month)
        own = 1.0 - self.board["collectivised_share"]
        standing = self.board["harvest_this_year"] * own * (1.0 - threshed) / threshed
        use = (self.board["village_food_need"] + self.board["household_feed_need"]) * own * months
        return self.stock("grain", "individual") + standing - seed - self.p.kept_for_use * use

    def offered(self) -> Array:
        """Return what is offered on a market this month, million tonnes: the month's part of a year's sales.

        Where sale is free, peasants sell nothing that they need themselves.
        """
        if not self.on_market() or self.month not in PROCUREMENT:
            return self.zeros
        wish = self.market_share() * self.board["harvest_this_year"] * PROCUREMENT[self.month]
        free = self.board["free_sale"]
        return wish - free * np.maximum(wish - np.maximum(self.spare(), 0.0), 0.0)

    def on_market(self) -> bool:
        """Tell whether grain is bought on a market this year."""
        raise NotImplementedError

    def taken_to_date(self) -> Array:
        """Return what was procured since July, this month included, million tonnes."""
        raise NotImplementedError

    def bid(self) -> None:
        """Move the state's price so that a free market would bring what the plan still wants (A-1).

        price x (wanted / offered)^response a month, within half and double, and never above what the price of
        bread bears. Offered is what is still to be sold to the state this year at today's terms.
        """
        response = self.lever("procurement_price_response")
        ahead = offered_ahead(self.month)
        if not response or not self.on_market() or not ahead:
            return
        harvest = self.board["harvest_this_year"] / threshed_before(self.month)
        individual = 1.0 - self.board["collectivised_share"]
        offered = self.market_share() * harvest * ahead * (1.0 - individual * self.outbid())
        wanted = np.maximum(self.board["procurement_plan"] - self.taken_to_date(), 0.0)
        ratio = np.clip(wanted / np.maximum(offered, 1e-6), 0.5, 2.0)
        offer = self.board["price_offered"]
        given = self.board["procurement_price"] / offer
        highest = self.p.price_ceiling * self.board["state_price_bread"] / given
        offer = np.minimum(offer * ratio**response, highest)
        self.board["price_offered"] = np.maximum(offer, LOWEST_OFFER)


def share_sold(terms: Array, intercept: Array, elasticity: Array) -> Array:
    """Return the share of the harvest sold on a market, 1 / (1 + m_A q^-m_B) (A-1).

    Parameters
    ----------
    terms
        Terms of trade q: procurement over industrial price, times the goods on offer; 1928 = 1, above zero.
    intercept, elasticity
        m_A and m_B of Allen, *Farm to Factory*, appendix B, equation 8A-3.
    """
    return 1.0 / (1.0 + intercept * terms**-elasticity)
