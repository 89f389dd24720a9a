"""Out of the village: voluntary movement to the towns, flight, passports (B-12, B-27, B-28, B-52).

Towns call for hands as the record says for now; organised recruitment and return come with industry.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.kernel import (
    Array,
    Component,
    Flow,
    Input,
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
        0.36, unit="persons/job", bounds=(0.2, 1.2), symbol=r"m_1",
        meaning="migrants per wage earner added to the economy", source="assumption",
    )  # fmt: skip
    base_outflow: Array = parameter(
        0.0085, unit="1/year", bounds=(0.002, 0.015), symbol=r"m_0",
        meaning="share of the village that leaves in a year without any call or fear",
        source="net movement of 1.06 million in 1928 (Lorimer)", evidence="recalled",
    )  # fmt: skip
    fear_outflow: Array = parameter(
        0.0084, unit="1/year", bounds=(0.0, 0.04), symbol=r"m_f",
        meaning="share of the village that flees in a year of full fear", source="B-27; size assumed",
    )  # fmt: skip
    poverty_outflow: Array = parameter(
        0.016, unit="1/year", bounds=(0.0, 0.06), symbol=r"m_p",
        meaning="share of a collectivised village that leaves in a year where a year's work earns nothing",
        source="B-24, B-28; size assumed",
    )  # fmt: skip
    hunger_outflow: Array = parameter(
        0.0035, unit="1/year", bounds=(0.0, 0.15), symbol=r"m_h",
        meaning="share of the village that flees in a year for each point of food wanting",
        source="B-28; size assumed",
    )  # fmt: skip
    passport_effect: Array = parameter(
        0.16, unit="1", bounds=(0.1, 0.9), symbol=r"\pi",
        meaning="share of movement that passports stop", source="B-11, B-52; size assumed",
    )  # fmt: skip


class Migration(Component):
    """Net movement from the village to the towns."""

    name = "migration"
    parameters = MigrationParameters
    flows = tuple(
        Flow(f"migration_{group}", "people", group, "townspeople", f"net movement to towns: {group}", rank=2)
        for group in VILLAGE
    )
    variables = (Variable("migration_rate", "1/year", "share of the village that moves to towns in a year"),)
    levers = (Lever("passports", 0.0, (0.0, 1.0), "towns are closed to those without a passport"),)
    switches = (Switch("passports", "passports hold people in the village"),)
    inputs = (Input("wage_earners", "million persons", "workers and employees on record"),)

    def processes(self) -> Iterable[Process]:
        """People move every month."""
        yield every(self.clock, "labour", self.move)

    def move(self) -> None:
        """Rate = (m0 + m1 dW/people + mf fear + mh (1 - N) + mp s (1 - v/250)) (1 - pi passports)."""
        today = self.clock.today
        series = self.context.exogenous["wage_earners"]
        added = max(series.on(today) - series.on(today.replace(year=today.year - 1, day=28)), 0.0)
        people = [self.stock("people", group) for group in VILLAGE]
        everyone = people[0] + people[1] + people[2]
        wanting = np.maximum(1.0 - self.board["village_nutrition"], 0.0)
        rate = self.p.base_outflow + self.p.pull * added / everyone
        rate = rate + self.p.fear_outflow * np.minimum(self.board["fear"], 1.0)
        rate = rate + self.p.hunger_outflow * wanting
        poor = np.maximum(1.0 - self.board["labour_day_value"] / 250.0, 0.0)
        rate = rate + self.p.poverty_outflow * poor * self.board["collectivised_share"]
        if self.on("passports"):
            rate = rate * (1.0 - self.p.passport_effect * self.lever("passports"))
        rate = np.minimum(rate, 0.15)
        for group, number in zip(VILLAGE, people, strict=True):
            self.ledger.propose(f"migration_{group}", number * rate / 12.0)
        self.board["migration_rate"] = rate
