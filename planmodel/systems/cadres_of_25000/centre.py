"""The centre: its plan, what it is told, and when it calls the drive off."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Array,
    Component,
    Input,
    Lever,
    Mask,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process

SEASON = (10, 11, 12, 1)  # after the harvest, before the sowing
SOWING_RISK = {2: 0.7, 3: 1.0, 4: 1.0, 5: 0.9}  # weight of discontent as the sowing nears; else 0.5


class CentreParameters(Parameters):
    """What the centre sees and bears."""

    seen_anyway: Array = parameter(
        0.7, unit="1", bounds=(0.1, 1.0), symbol=r"i_0",
        meaning="share of discontent that reaches the centre through officials who report success",
        source="001, line 65: one country on paper, another in truth; size assumed",
    )  # fmt: skip
    patience: Array = parameter(
        0.5, unit="1", bounds=(0.2, 2.0), symbol=r"D_x",
        meaning="reported discontent, weighted by the nearness of sowing, at which a truce is called",
        source="mechanisms_A 4; size assumed",
    )  # fmt: skip
    calm: Array = parameter(
        0.2, unit="1", bounds=(0.02, 0.6), symbol=r"D_n",
        meaning="reported discontent below which a drive may open",
        source="as in the whole model; size assumed",
    )  # fmt: skip
    drive_months: Array = parameter(
        9.0, unit="months", bounds=(4.0, 14.0), symbol=r"T_o",
        meaning="months after which a drive that was not called off ends",
        source="autumn 1930 to July 1931, A-038 to A-040; size assumed",
    )  # fmt: skip
    planned_pace: Array = parameter(
        0.78, unit="1/month", bounds=(0.3, 1.2), symbol=r"a^*",
        meaning="entry that the centre expects of a month of pressure one",
        source="as the entry of the village",
    )  # fmt: skip


class Centre(Component):
    """Pressure is what local officials do, but for the part that the centre controls, which goes by plan."""

    name = "centre"
    parameters = CentreParameters
    variables = (
        Variable("planned_share", "1", "share of households that the plan has for the day"),
        Variable("pressure", "1", "pressure on individual households"),
        Variable("drive_on", "1", "1 while a drive is on"),
        Variable("drive_age", "months", "months since the drive began"),
        Variable("discontent_reported", "1", "discontent as the centre reads it"),
        Variable("truces", "1", "drives called off"),
        Variable("may_leave", "1", "1 while members may leave"),
    )
    levers = (Lever("drive", 0.0, (0.0, 1.0), "mass collectivisation is the line"),)
    switches = (Switch("reports", "the workers in the villages report, and are heard in part"),)
    inputs = (Input("plan", "1", "share of households that the plan has in kolkhozes"),)

    def processes(self) -> Iterable[Process]:
        """Set what pressure there is, and review, every ten days."""
        yield every(self.clock, "review", self.review)

    def review(self) -> None:
        """Read the reports; open a drive, call it off, or let it go on; P = (1 - c) P_local + c P_plan.

        P_plan is the pressure that would reach the plan within a month: (s* - s) / (a* (1 - s)).
        """
        share, planned = self.board["share_in_kolkhozes"], self.zeros + self.exogenous("plan")
        heard = self.board["reports"] if self.on("reports") else self.zeros
        reported = self.board["discontent"] * (self.p.seen_anyway + (1.0 - self.p.seen_anyway) * heard)
        on = self.board["drive_on"] > 0.5
        age = self.board["drive_age"] + 1.0 / 3.0
        truce = on & (reported * SOWING_RISK.get(self.month, 0.5) > self.p.patience)
        ends = on & ~truce & (age >= self.p.drive_months)
        opens = ~on & self._opens(reported)
        stays = (on & ~truce & ~ends) | opens
        needed = (planned - share) / np.maximum(self.p.planned_pace * (1.0 - share), 1e-9)
        by_plan = np.clip(needed, 0.0, 1.2)
        control = self.board["control"]
        pressure = (1.0 - control) * self.board["local_pressure"] + control * by_plan
        today, events = self.clock.today, self.context.events
        events.add(today, "collectivisation", "the centre calls the drive off; members may leave", truce)
        events.add(today, "collectivisation", "a drive begins", opens)
        events.add(today, "collectivisation", "the drive ends", ends)
        self.board["planned_share"] = planned
        self.board["discontent_reported"] = reported
        self.board["drive_on"] = stays.astype(float)
        self.board["drive_age"] = np.where(opens, 0.0, age)
        self.board["truces"] = self.board["truces"] + truce
        self.board["may_leave"] = np.where(truce, 1.0, np.where(opens, 0.0, self.board["may_leave"]))
        self.board["pressure"] = np.where(stays, pressure, 0.0)

    def _opens(self, reported: Array) -> Mask:
        """Tell where a drive opens: it is the line, it is the season, and the villages are calm."""
        if not self.lever("drive") or self.month not in SEASON:
            return np.zeros(self.ledger.members, dtype=bool)
        return (reported < self.p.calm) & (self.board["share_in_kolkhozes"] < 0.5)
