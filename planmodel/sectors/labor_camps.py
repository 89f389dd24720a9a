"""Camps, colonies and special settlements: numbers for now from the record, food from the state."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.kernel import Array, Component, Flow, Input, Parameters, Variable, every, parameter
from planmodel.kernel.clock import Process
from planmodel.sectors.population import UNFREE, VILLAGE


class CampParameters(Parameters):
    """Rations and flows of the unfree."""

    camp_ration: Array = parameter(
        0.27, unit="tonnes/person/year", bounds=(0.15, 0.40), symbol=r"c_c",
        meaning="grain per inmate and settler that the state means to supply",
        source="300 to 930 g of bread a day; lines 9072-9085", evidence="transcribed",
    )  # fmt: skip
    camp_arrest_speed: Array = parameter(
        0.25, unit="1/month", bounds=(0.05, 0.5), symbol=r"a_c",
        meaning="share of the gap to the recorded number of inmates that is filled in a month",
        source="assumption",
    )  # fmt: skip
    camp_release: Array = parameter(
        0.28, unit="1/year", bounds=(0.15, 0.5), symbol=r"r_c",
        meaning="releases over the number of inmates",
        source="0.17 to 0.45 in 1934-40, archival flows", evidence="recalled",
    )  # fmt: skip
    settler_escape: Array = parameter(
        0.032, unit="1/year", bounds=(0.03, 0.25), symbol=r"e_s",
        meaning="escapes and releases over the number of settlers",
        source="order of size from Zemskov's stocks and flows", evidence="recalled",
    )  # fmt: skip


class LaborCamps(Component):
    """The unfree as a claimant on grain and a drain on the village."""

    name = "labor_camps"
    parameters = CampParameters
    flows = (
        *(
            Flow(f"arrests_{group}", "people", group, "camp_inmates", f"sent to camps: {group}", rank=2)
            for group in VILLAGE
        ),
        Flow("camp_releases", "people", "camp_inmates", "townspeople", "released from camps", rank=2),
        Flow(
            "settler_escapes",
            "people",
            "special_settlers",
            "kolkhoz_members",
            "fled or released settlers",
            rank=2,
        ),
    )
    variables = (
        Variable("camp_grain_claim", "million tonnes/month", "state grain for camps and settlements"),
    )
    inputs = (Input("camp_inmates", "million persons", "inmates of camps and colonies on record"),)

    def processes(self) -> Iterable[Process]:
        """Numbers follow the record; rations are claimed."""
        yield every(self.clock, "production", self.claim)
        yield every(self.clock, "labour", self.fill)

    def claim(self) -> None:
        """Claim rations for inmates and settlers."""
        unfree = self.stock("people", UNFREE[0]) + self.stock("people", UNFREE[1])
        self.board["camp_grain_claim"] = unfree * self.p.camp_ration / 12.0

    def fill(self) -> None:
        """Arrests close the gap to the record and replace those released; settlers flee at a steady rate."""
        inmates = self.stock("people", "camp_inmates")
        released = inmates * self.p.camp_release / 12.0
        gap = np.maximum(self.exogenous("camp_inmates") - inmates, 0.0)
        taken = gap * self.p.camp_arrest_speed + released
        people = [self.stock("people", group) for group in VILLAGE]
        everyone = people[0] + people[1] + people[2]
        for group, number in zip(VILLAGE, people, strict=True):
            self.ledger.propose(f"arrests_{group}", taken * number / everyone)
        self.ledger.propose("camp_releases", released)
        escapes = self.stock("people", "special_settlers") * self.p.settler_escape / 12.0
        self.ledger.propose("settler_escapes", escapes)
