"""Training on the job and in courses, and skill that leaves with those who leave."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Lever,
    Parameters,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.systems.magnitogorsk.channels import FREE


class TrainingParameters(Parameters):
    """How skill comes about."""

    learning: Array = parameter(
        14.0, unit="months", bounds=(3.0, 48.0), symbol=r"\tau_l",
        meaning="months in which a settled worker learns a trade at work",
        source="line 8: on the job more than in courses; size assumed",
    )  # fmt: skip
    places: Array = parameter(
        0.5, unit="thousand persons/month", bounds=(0.0, 3.0), symbol=r"\kappa_c",
        meaning="places that courses open in a month", source="line 8; size assumed",
    )  # fmt: skip
    completing: Array = parameter(
        0.4, unit="1", bounds=(0.05, 1.0), symbol=r"c_c",
        meaning="share of the places from which a skilled worker comes",
        source="line 8: organised education was the less effective; size assumed",
    )  # fmt: skip
    skilled_on_arrival: Array = parameter(
        0.5, unit="1", bounds=(0.0, 1.0), symbol=r"s_a",
        meaning="skilled among the mobilised and the foreigners when they settle",
        source="line 17: sent from other factories; size assumed",
    )  # fmt: skip


class Training(Component):
    """Skill as a stock of persons: what is learned, brought, and lost by departures."""

    name = "training"
    parameters = TrainingParameters
    commodities = (Commodity("skill", "thousand persons", "skilled workers among the settled"),)
    accounts = (
        Account("skill", "workers", "skilled workers"),
        Account("skill", "learned", "skill learned or brought", kind="source"),
        Account("skill", "lost", "skill that left", kind="sink"),
    )
    flows = (
        Flow("trained_on_the_job", "skill", "learned", "workers", "trained at work"),
        Flow("trained_in_courses", "skill", "learned", "workers", "trained in courses"),
        Flow("skill_brought", "skill", "learned", "workers", "skilled when they came"),
        Flow("skill_left", "skill", "workers", "lost", "skilled workers who left"),
    )
    variables = (Variable("skilled_share", "1", "skilled among the settled free workers"),)
    levers = (Lever("courses", 0.0, (0.0, 1.0), "courses for workers are open"),)

    def processes(self) -> Iterable[Process]:
        """Reckon skill when the month's coming and going is done."""
        yield every(self.clock, "closing", self.train)

    def train(self) -> None:
        """Learn at work: (settled - skilled) / tau; who leaves takes the mean skill of the settled along."""
        skilled = self.stock("skill", "workers")
        settled = total(self.stock("people", f"settled_{c}") for c in FREE)
        left = total(self.ledger.moved(f"left_settled_{c}") for c in FREE)
        unskilled = np.maximum(settled - skilled, 0.0)
        courses = np.minimum(self.p.places * self.lever("courses") * self.p.completing, 0.5 * unskilled)
        came = self.ledger.moved("settled_mobilised") + self.ledger.moved("settled_foreign")
        self.ledger.propose("trained_on_the_job", unskilled / self.p.learning)
        self.ledger.propose("trained_in_courses", courses)
        self.ledger.propose("skill_brought", came * self.p.skilled_on_arrival)
        self.ledger.propose("skill_left", skilled * left / np.maximum(settled + left, 1e-9))
        self.board["skilled_share"] = np.minimum(skilled / np.maximum(settled, 1e-9), 1.0)
