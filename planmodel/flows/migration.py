"""Out of the village: voluntary movement to the towns, flight, passports (B-12, B-27, B-28, B-52).

Towns call for the hands that they cannot find among their own people (B-37, B-45).
"""

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
from planmodel.sectors.population import VILLAGE


class MigrationParameters(Parameters):
    """Hazards of leaving the village."""

    pull: Array = parameter(
        0.37, unit="persons/job", bounds=(0.2, 2.0), symbol=r"m_1",
        meaning="people who come for each job that the towns cannot fill, families included",
        source="assumption",
    )  # fmt: skip
    recruitment: Array = parameter(
        0.61, unit="1", bounds=(0.4, 0.9), symbol=r"\rho_1",
        meaning="recruits over the quota of organised recruitment",
        source="1.7 of 2.8 million, RSFSR 1938; lines 4144-4156", evidence="transcribed",
    )  # fmt: skip
    arrival: Array = parameter(
        0.88, unit="1", bounds=(0.7, 1.0), symbol=r"\rho_2",
        meaning="recruits who arrive", source="1.5 of 1.7 million, RSFSR 1938; lines 4144-4156",
        evidence="transcribed",
    )  # fmt: skip
    base_outflow: Array = parameter(
        0.00992, unit="1/year", bounds=(0.002, 0.015), symbol=r"m_0",
        meaning="share of the village that leaves in a year without any call or fear",
        source="net movement of 1.06 million in 1928 (Lorimer)", evidence="assumption",
    )  # fmt: skip
    fear_outflow: Array = parameter(
        0.04, unit="1/year", bounds=(0.0, 0.04), symbol=r"m_f",
        meaning="share of the village that flees in a year of full fear", source="B-27; size assumed",
    )  # fmt: skip
    poverty_outflow: Array = parameter(
        0.017, unit="1/year", bounds=(0.0, 0.06), symbol=r"m_p",
        meaning="share of a collectivised village that leaves in a year where a year's work earns nothing",
        source="B-24, B-28; size assumed",
    )  # fmt: skip
    hunger_outflow: Array = parameter(
        0.011, unit="1/year", bounds=(0.0, 0.15), symbol=r"m_h",
        meaning="share of the village that flees in a year for each point of food wanting",
        source="B-28; size assumed",
    )  # fmt: skip
    passport_effect: Array = parameter(
        0.44, unit="1", bounds=(0.1, 0.9), symbol=r"\pi",
        meaning="share of movement that passports stop", source="B-11, B-52; size assumed",
    )  # fmt: skip


class Migration(Component):
    """Net movement from the village to the towns."""

    name = "migration"
    parameters = MigrationParameters
    flows = tuple(
        Flow(
            f"migration_{group}",
            "people",
            group,
            "town_dependents",
            f"net movement to towns: {group}",
            rank=2,
        )
        for group in VILLAGE
    )
    variables = (
        Variable("organised_recruits", "million persons/month", "recruits of orgnabor who arrived"),
        Variable("migration_rate", "1/year", "share of the village that moves to towns in a year"),
    )
    levers = (
        Lever(
            "orgnabor", 0.0, (0.0, 1.0), "share of the jobs that towns cannot fill set as recruitment quota"
        ),
        Lever("passports", 0.0, (0.0, 1.0), "towns are closed to those without a passport"),
    )
    switches = (Switch("passports", "passports hold people in the village"),)

    def processes(self) -> Iterable[Process]:
        """People move every month."""
        yield every(self.clock, "labour", self.move)

    def move(self) -> None:
        """Move people to the towns at the month's rate.

        Rate = (m0 + m1 vacancies/people + mf fear + mh (1 - N) + mp s (1 - v/250)) (1 - pi passports), and
        the recruits of orgnabor, rho1 rho2 times their quota (B-37 to B-39).
        """
        people = [self.stock("people", group) for group in VILLAGE]
        everyone = people[0] + people[1] + people[2]
        wanting = np.maximum(1.0 - self.board["village_nutrition"], 0.0)
        rate = self.p.base_outflow + self.p.pull * 12.0 * self.board["vacancies"] / everyone
        rate = rate + self.p.fear_outflow * np.minimum(self.board["fear"], 1.0)
        rate = rate + self.p.hunger_outflow * wanting
        poor = np.maximum(1.0 - self.board["labour_day_value"] / 250.0, 0.0)
        rate = rate + self.p.poverty_outflow * poor * self.board["collectivised_share"]
        if self.on("passports"):
            rate = rate * (1.0 - self.p.passport_effect * self.lever("passports"))
        arrived = self.lever("orgnabor") * self.board["vacancies"] * self.p.recruitment * self.p.arrival
        self.board["organised_recruits"] = arrived
        rate = np.minimum(rate + 12.0 * arrived / everyone, 0.15)
        for group, number in zip(VILLAGE, people, strict=True):
            self.ledger.propose(f"migration_{group}", number * rate / 12.0)
        self.board["migration_rate"] = rate
