"""Effort on collective land: reward, fear and the compulsory minimum (A-23, B-3, B-8, B-10)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Array, Component, Lever, Parameters, Switch, Variable, every, parameter
from planmodel.engine.clock import Process


class EffortParameters(Parameters):
    """What makes people work on land that is not theirs."""

    effort_floor: Array = parameter(
        0.69, unit="1", bounds=(0.2, 0.8), symbol=r"e_0",
        meaning="effort on collective land without any reward", source="A-23; size assumed",
    )  # fmt: skip
    plot_pull: Array = parameter(
        18.0, unit="kg/person/year", bounds=(15.0, 120.0), symbol=r"\psi",
        meaning="reward at which half of the effort above the floor is given; the plot competes for the rest",
        source="A-49, B-8; size assumed",
    )  # fmt: skip
    fear_effect: Array = parameter(
        0.11, unit="1", bounds=(0.0, 0.5), symbol=r"\phi_e",
        meaning="share of withheld effort that full fear brings back", source="A-44: sign disputed",
    )  # fmt: skip
    minimum_effect: Array = parameter(
        0.3, unit="1", bounds=(0.0, 0.6), symbol=r"\mu_e",
        meaning="share of withheld effort that the compulsory labour-days bring back",
        source="B-10; size assumed",
    )  # fmt: skip


class Effort(Component):
    """Effort answers to last year's value of a labour-day, with the delay of the trudoden system."""

    name = "effort"
    parameters = EffortParameters
    variables = (
        Variable("effort", "1", "effort on collective land, 1 is that of a peasant on his own", 0.85),
        Variable("labour_day_value", "kg/person/year", "grain given to members for last year's work", 180.0),
    )
    levers = (Lever("minimum_labour_days", 0.0, (0.0, 1.0), "a minimum of labour-days is compulsory"),)
    switches = (Switch("effort_response", "effort on collective land answers to reward"),)

    def processes(self) -> Iterable[Process]:
        """Effort is set anew when the accounts of the old year are closed."""
        yield every(self.clock, "closing", self.respond)

    def respond(self) -> None:
        """E = e0 + (1 - e0) v / (v + psi), then fear and the legal minimum bring back a part of the rest."""
        members = np.maximum(self.stock("people", "kolkhoz_members"), 1e-6)
        earned = 1000.0 * self.board["distributed_this_year"] / members
        # Where there were hardly any members in autumn, expectations stand in for experience.
        known = np.clip(self.board["kolkhoz_harvest_this_year"] / (0.3 * members), 0.0, 1.0)
        value = known * earned + (1.0 - known) * self.board["labour_day_value"]
        self.board["labour_day_value"] = value
        if not self.on("effort_response"):
            self.board["effort"] = self.zeros + 1.0
            return
        given = self.p.effort_floor + (1.0 - self.p.effort_floor) * value / (value + self.p.plot_pull)
        for share, driver in (
            (self.p.fear_effect, np.minimum(self.board["fear"], 1.0)),
            (self.p.minimum_effect, self.lever("minimum_labour_days")),
        ):
            given = given + (1.0 - given) * share * driver
        self.board["effort"] = given
