"""Tractors: works turn producer goods into tractors, farms wear them out (A-22, D-42)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Account, Array, Commodity, Component, Flow, Lever, Parameters, every, parameter
from planmodel.engine.clock import Process


class TractorParameters(Parameters):
    """What engineering gives to farming, and how long tractors last."""

    tractor_share: Array = parameter(
        0.101, unit="1", bounds=(0.02, 0.3), symbol=r"\tau_1",
        meaning="share of what engineering makes that tractor works claim under the full programme",
        source="100,000 tractors in 1934-36 at about 3,000 roubles; size assumed",
    )  # fmt: skip
    tractor_crowding: Array = parameter(
        4.0, unit="1", bounds=(0.0, 4.0), symbol=r"\tau_2",
        meaning="output of engineering tied up for each rouble that defence takes: works turn to tanks",
        source="112,900 tractors made in 1936, 51,000 in 1937 (Promyshlennost SSSR); size assumed",
    )  # fmt: skip
    tractor_cost: Array = parameter(
        3.0, unit="billion roubles/million tractors", bounds=(2.0, 5.0), symbol=r"\tau_p",
        meaning="producer goods in a tractor", source="assumption: about 3,000 roubles of 1928",
    )  # fmt: skip
    tractor_life: Array = parameter(
        15.6, unit="years", bounds=(6.0, 20.0), symbol=r"\tau_l",
        meaning="time in which a tractor is worn out", source="assumption",
    )  # fmt: skip


class Tractors(Component):
    """The park of tractors on kolkhoz and state land."""

    name = "tractors"
    parameters = TractorParameters
    commodities = (Commodity("tractors", "thousand", "tractors"),)
    accounts = (
        Account("tractors", "works", "tractors made or imported", kind="source"),
        Account("tractors", "farms", "tractors in agriculture"),
        Account("tractors", "scrap", "tractors worn out", kind="sink"),
        Account("producer_goods", "tractors", "producer goods made into tractors", kind="sink"),
    )
    flows = (
        Flow("tractor_deliveries", "tractors", "works", "farms", "tractors delivered to farming"),
        Flow("tractors_scrapped", "tractors", "farms", "scrap", "tractors scrapped"),
        Flow("goods_to_tractors", "producer_goods", "supply", "tractors", "goods for tractors", rank=2),
    )
    levers = (Lever("tractor_programme", 0.12, (0.0, 2.0), "weight of tractors in the plan of engineering"),)

    def processes(self) -> Iterable[Process]:
        """Claim goods, deliver what was made of them, scrap."""
        yield every(self.clock, "distribution", self.claim)
        yield every(self.clock, "consumption", self.deliver)

    def claim(self) -> None:
        """Claim tau1 programme (output of engineering - tau2 x what defence takes)."""
        output = self.ledger.moved("output_engineering")
        civil = np.maximum(output - self.p.tractor_crowding * self.board["defence_claim"], 0.0)
        claim = self.p.tractor_share * self.lever("tractor_programme") * civil
        self.ledger.propose("goods_to_tractors", claim)

    def deliver(self) -> None:
        """Deliveries = goods / cost; scrap = park / life."""
        made = self.ledger.moved("goods_to_tractors") / self.p.tractor_cost * 1000.0
        self.ledger.propose("tractor_deliveries", made)
        worn = self.stock("tractors", "farms") / (12.0 * self.p.tractor_life)
        self.ledger.propose("tractors_scrapped", worn)
