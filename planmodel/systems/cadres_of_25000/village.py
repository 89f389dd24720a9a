"""Households that join a kolkhoz and leave it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
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
from planmodel.engine.clock import Process

DEKAD = 1.0 / 3.0  # of a month


class VillageParameters(Parameters):
    """How households answer to pressure, and to leave."""

    entry: Array = parameter(
        0.78, unit="1/month", bounds=(0.3, 1.2), symbol=r"a",
        meaning="individual households that join in a month of pressure one",
        source="29 points in the month to 20 February 1930: A-031, A-032; the size of the whole model",
    )  # fmt: skip
    exit: Array = parameter(
        1.0, unit="1/month", bounds=(0.4, 1.5), symbol=r"b",
        meaning="members above the floor who leave in a month when they may",
        source="A-033 to A-038, Bettelheim, lines 1286-1305; size assumed",
    )  # fmt: skip
    consolidation: Array = parameter(
        0.16, unit="1/month", bounds=(0.02, 0.3), symbol=r"c",
        meaning="members above the floor who in a month come to have no farm to return to",
        source="mechanisms_A 10; size from the floor of A-038",
    )  # fmt: skip
    discontent_decay: Array = parameter(
        2.5, unit="months", bounds=(1.0, 9.0), symbol=r"\tau_D",
        meaning="time in which discontent fades", source="as in the whole model; size assumed",
    )  # fmt: skip


class Village(Component):
    """Million households, in ten-day steps."""

    name = "village"
    parameters = VillageParameters
    commodities = (Commodity("households", "million households", "peasant households"),)
    accounts = (
        Account("households", "individual", "individual households"),
        Account("households", "kolkhoz", "households in kolkhozes"),
    )
    flows = (
        Flow("households_joined", "households", "individual", "kolkhoz", "households that joined"),
        Flow("households_left", "households", "kolkhoz", "individual", "households that left"),
    )
    variables = (
        Variable("share_in_kolkhozes", "1", "share of households in kolkhozes", 0.041),
        Variable("floor", "1", "share that cannot leave: land and draught stay", 0.03),
        Variable("discontent", "1", "discontent in the village", 0.1),
    )

    def processes(self) -> Iterable[Process]:
        """Answer every ten days."""
        yield every(self.clock, "campaign", self.answer)
        yield every(self.clock, "review", self.count)

    def answer(self) -> None:
        """Join, ds = a P (1 - s); leave, ds = - b (s - floor) where allowed; dD = P - D / tau."""
        share, floor = self.board["share_in_kolkhozes"], self.board["floor"]
        joined = np.minimum(self.p.entry * self.board["pressure"] * DEKAD, 0.6)
        left = np.minimum(self.p.exit * self.board["may_leave"] * DEKAD, 0.9) * np.maximum(share - floor, 0.0)
        self.ledger.propose("households_joined", self.stock("households", "individual") * joined)
        members = self.stock("households", "kolkhoz")
        self.ledger.propose("households_left", members * left / np.maximum(share, 1e-9))
        self.board["floor"] = floor + self.p.consolidation * DEKAD * np.maximum(share - floor, 0.0)
        fading = np.exp(-DEKAD / self.p.discontent_decay)
        self.board["discontent"] = self.board["discontent"] * fading + self.board["pressure"] * DEKAD

    def count(self) -> None:
        """Note the share."""
        members = self.stock("households", "kolkhoz")
        self.board["share_in_kolkhozes"] = members / (members + self.stock("households", "individual"))
