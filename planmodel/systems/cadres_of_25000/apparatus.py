"""The local apparatus: a race for percentages that feeds on itself."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Array, Component, Context, Parameters, Variable, every, parameter
from planmodel.engine.clock import Process
from planmodel.systems.cadres_of_25000.village import DEKAD


class ApparatusParameters(Parameters):
    """Numbers and zeal of local officials."""

    rural_people: Array = parameter(
        120.0, unit="million persons", bounds=(100.0, 130.0), symbol=r"N_r",
        meaning="people of the villages",
        source="census of 1926 (record of the whole model)", evidence="recalled",
    )  # fmt: skip
    people_a_member: Array = parameter(
        400.0, unit="persons", bounds=(200.0, 800.0), symbol=r"\nu",
        meaning="rural inhabitants for each party member",
        source="E-027, 004, line 27, in 1926", evidence="transcribed",
    )  # fmt: skip
    opening_pressure: Array = parameter(
        0.03, unit="1", bounds=(0.01, 0.3), symbol=r"P_0",
        meaning="pressure with which the race begins", source="A-029 and A-030; size assumed",
    )  # fmt: skip
    race: Array = parameter(
        0.8, unit="1/month", bounds=(0.2, 1.5), symbol=r"g",
        meaning="growth of local pressure as districts outbid each other",
        source="mechanisms_A 8 and 18; 001, line 65: a race for quantity; size assumed",
    )  # fmt: skip
    zeal_spread: Array = parameter(
        0.15, unit="1", bounds=(0.0, 0.5), symbol=r"\sigma_g",
        meaning="spread of that growth from member to member", source="assumption",
    )  # fmt: skip
    caution: Array = parameter(
        0.03, unit="1", bounds=(0.0, 0.5), symbol=r"\rho",
        meaning="growth that is left after the centre has called them off and blamed them",
        source="mechanisms_A 12: a more systematic second wave; size assumed",
    )  # fmt: skip
    full_pressure: Array = parameter(
        1.2, unit="1", bounds=(0.8, 2.0), symbol=r"\bar P",
        meaning="pressure that cannot be exceeded", source="as in the whole model; size assumed",
    )  # fmt: skip
    second_pressure: Array = parameter(
        0.085, unit="1", bounds=(0.02, 0.3), symbol=r"P_1",
        meaning="pressure with which a later drive opens", source="A-039 and A-040; size assumed",
    )  # fmt: skip


class Apparatus(Component):
    """Rural party members and officials."""

    name = "apparatus"
    parameters = ApparatusParameters
    variables = (
        Variable("local_pressure", "1", "pressure that local officials put on households by themselves"),
        Variable("officials", "thousand persons", "party members of the villages"),
    )

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        self._zeal = np.exp(self.p.zeal_spread * context.draws.normal("local zeal", None))

    def processes(self) -> Iterable[Process]:
        """Race on every ten days."""
        yield every(self.clock, "campaign", self.press)

    def press(self) -> None:
        """Race: dP = g z P while a drive is on, rho g z P after a truce; no pressure between drives."""
        on = self.board["drive_on"] > 0.5
        warned = self.board["truces"] > 0.5
        growth = self.p.race * self._zeal * np.where(warned, self.p.caution, 1.0)
        grown = np.minimum(self.board["local_pressure"] * np.exp(growth * DEKAD), self.p.full_pressure)
        first = np.where(warned, self.p.second_pressure, self.p.opening_pressure)
        self.board["local_pressure"] = np.where(on, np.maximum(grown, first), 0.0)
        self.board["officials"] = self.p.rural_people / self.p.people_a_member * 1e3
