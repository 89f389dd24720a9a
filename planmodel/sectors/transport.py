"""Railways: what industry asks to be carried against what they can carry (D-54)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Array, Component, Parameters, Variable, every, parameter
from planmodel.engine.clock import Process
from planmodel.sectors.calendar import years_since_base


class TransportParameters(Parameters):
    """Capacity of the railways and what its want costs."""

    transport_capital_1928: Array = parameter(
        11.0, unit="billion roubles of 1928", bounds=(9.0, 13.0), symbol=r"K_T",
        meaning="transport capital of 1928", source="as the initial stock",
    )  # fmt: skip
    transport_reserve: Array = parameter(
        1.32, unit="1", bounds=(1.0, 2.0), symbol=r"r_T",
        meaning="capacity of the railways in 1928 over what was carried", source="assumption",
    )  # fmt: skip
    transport_progress: Array = parameter(
        0.106, unit="1/year", bounds=(0.0, 0.12), symbol=r"\gamma_T",
        meaning="yearly rise of what a rouble of transport capital carries",
        source="freight quadrupled in 1928-40 on a network a third longer; size assumed",
    )  # fmt: skip
    site_freight: Array = parameter(
        0.315, unit="1", bounds=(0.0, 0.4), symbol=r"\phi_T",
        meaning="share of what sites need in the freight of 1928",
        source="timber and mineral building materials were a fifth to a third of railway freight (recalled)",
        evidence="assumption",
    )  # fmt: skip
    pace_1928: Array = parameter(
        4.0, unit="billion roubles of 1928/year", bounds=(3.5, 4.5), symbol=r"I_T",
        meaning="construction whose needs were carried in 1928", source="as investment of 1928",
        evidence="assumption",
    )  # fmt: skip
    transport_effect: Array = parameter(
        0.518, unit="1", bounds=(0.0, 1.0), symbol=r"\upsilon_T",
        meaning="elasticity of metal, fuel and power to transport wanting", source="D-54; size assumed",
    )  # fmt: skip


class Transport(Component):
    """Freight follows industrial output; where it outruns capacity, ore and coal wait."""

    name = "transport"
    parameters = TransportParameters
    variables = (
        Variable("transport_ratio", "1", "output of metal and fuel that transport lets through", 1.0),
    )

    def processes(self) -> Iterable[Process]:
        """Compare freight and capacity every month."""
        yield every(self.clock, "money", self.carry)

    def carry(self) -> None:
        """Ratio = min(1, reserve (K/K0) exp(g t) / freight)^v.

        Freight is the mean of A and B output and, for its share, the pace of construction: a surge of sites
        jams the railways on which ore and coal come (D-54).
        """
        years = years_since_base(self.clock.today)
        capital = self.board["capacity_transport"] / self.p.transport_capital_1928
        able = self.p.transport_reserve * capital * np.exp(self.p.transport_progress * years)
        goods = 0.5 * (self.board["heavy_industry_index"] + self.board["consumer_goods_index"])
        sites = self.board["investment_pace"] / self.p.pace_1928
        freight = (1.0 - self.p.site_freight) * goods + self.p.site_freight * sites
        carried = np.minimum(able / np.maximum(freight, 1e-6), 1.0)
        self.board["transport_ratio"] = np.maximum(carried, 1e-3) ** self.p.transport_effect
