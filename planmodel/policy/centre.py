"""The centre and collectivisation: offensive, truce, new offensive (A-4, A-8, A-11 to A-13).

No date of an offensive or a truce is written here or in a decree. A decree allows the drive; an offensive
opens in the season after a harvest if procurement goes by plan; the zeal of cadres feeds on itself;
discontent adds up; when it endangers the sowing the centre calls the campaign off, and peasants may leave.
After a truce cadres are more careful, so that the next offensive is slower and goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import simpy

from planmodel.engine import Array, Component, Context, Lever, Mask, Parameters, Variable, every, parameter
from planmodel.engine.clock import Process

DEKAD = 1.0 / 3.0  # of a month: the centre looks every ten days
OFFENSIVE_MONTHS = (10, 11, 12, 1)  # after the harvest, before the sowing
SOWING_RISK = {2: 0.7, 3: 1.0, 4: 1.0, 5: 0.9}  # weight of discontent as the sowing nears; else 0.5


class CentreParameters(Parameters):
    """Zeal, discontent and patience."""

    opening_pressure: Array = parameter(
        0.099, unit="1", bounds=(0.02, 0.2), symbol=r"P_0",
        meaning="pressure with which an offensive opens",
        source="4.1 to 15.5 % from October 1929 to January 1930; lines 1170-1177", evidence="assumption",
    )  # fmt: skip
    zeal: Array = parameter(
        0.74, unit="1/month", bounds=(0.3, 1.0), symbol=r"g",
        meaning="growth of pressure by overfulfilment and raised targets, before any truce",
        source="A-8: 15.5, 21, 50, 59.3 % in two months; lines 1171-1181", evidence="assumption",
    )  # fmt: skip
    caution: Array = parameter(
        0.024, unit="1", bounds=(0.0, 0.5), symbol=r"\rho_g",
        meaning="zeal that is left after a truce", source="A-12: a more systematic second wave; size assumed",
    )  # fmt: skip
    full_pressure: Array = parameter(
        1.2, unit="1", bounds=(0.8, 2.0), symbol=r"P_x",
        meaning="pressure that cannot be exceeded", source="assumption",
    )  # fmt: skip
    standing_pressure: Array = parameter(
        0.024, unit="1", bounds=(0.0, 0.06), symbol=r"P_s",
        meaning="pressure of taxes and delivery norms on individual peasants between offensives",
        source="61.5 % in 1932 to 93 % in 1937 (Sots. stroitelstvo SSSR)", evidence="assumption",
    )  # fmt: skip
    discontent_decay: Array = parameter(
        2.5, unit="months", bounds=(2.0, 9.0), symbol=r"\tau_D",
        meaning="time in which discontent fades", source="truces of 1928 and 1930; size assumed",
    )  # fmt: skip
    patience: Array = parameter(
        0.83, unit="1", bounds=(0.4, 1.8), symbol=r"D_x",
        meaning="discontent, weighted by the nearness of sowing, at which a truce is called",
        source="A-4; size assumed",
    )  # fmt: skip
    confidence: Array = parameter(
        0.89, unit="1", bounds=(0.7, 1.05), symbol=r"q_x",
        meaning="procurement over the plan to date at which an offensive opens", source="A-12; size assumed",
    )  # fmt: skip
    calm: Array = parameter(
        0.21, unit="1", bounds=(0.02, 0.4), symbol=r"D_n",
        meaning="discontent below which a new offensive may open", source="A-4; size assumed",
    )  # fmt: skip
    offensive_months: Array = parameter(
        5.9, unit="months", bounds=(4.0, 12.0), symbol=r"T_o",
        meaning="months after which an offensive that was not called off ends of itself",
        source="January to July 1931; lines 1332-1340", evidence="assumption",
    )  # fmt: skip
    fear_decay: Array = parameter(
        7.8, unit="months", bounds=(6.0, 30.0), symbol=r"\tau_F",
        meaning="time in which fear fades", source="A-44; size assumed",
    )  # fmt: skip


class Centre(Component):
    """Campaign and review, every ten days."""

    name = "centre"
    parameters = CentreParameters
    variables = (
        Variable("pressure", "1", "pressure on individual peasants to join"),
        Variable("offensive", "1", "1 while an offensive is on"),
        Variable("offensive_age", "months", "time since the offensive opened"),
        Variable("discontent", "1", "discontent in the village, as the centre reads it", 0.1),
        Variable("truces", "1", "number of offensives called off"),
        Variable("may_leave", "1", "1 while members may leave the kolkhoz"),
        Variable("fear", "1", "fear in the village"),
    )
    levers = (
        Lever("collectivisation_drive", 0.0, (0.0, 1.0), "mass collectivisation is the line"),
        Lever("individual_taxation", 0.0, (0.0, 5.0), "taxes and norms press individual peasants to join"),
    )

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        self._campaign: simpy.Process | None = None
        # What zeal adds and what fades in ten days.
        self._growth = np.exp(self.p.zeal * DEKAD)
        self._careful_growth = np.exp(self.p.zeal * self.p.caution * DEKAD)
        self._discontent_left = np.exp(-DEKAD / self.p.discontent_decay)
        self._fear_left = np.exp(-DEKAD / self.p.fear_decay)

    def processes(self) -> Iterable[Process]:
        """Run the campaign until it is interrupted, and the review that may interrupt it."""
        yield self._run_campaign()
        yield every(self.clock, "review", self.review)

    def _run_campaign(self) -> Process:
        self._campaign = self.clock.environment.active_process
        while True:
            try:
                yield self.clock.until("campaign")
            except simpy.Interrupt as truce:  # called off: the pressure ends on the very day
                where: Any = truce.cause
                self.board["pressure"] = np.where(where, self._standing(), self.board["pressure"])
            else:
                self.press()

    def press(self) -> None:
        """Drive the campaign on for ten days: dP = g P while an offensive is on, rho g P after any truce."""
        before, fear = self.board["pressure"], self.board["fear"]
        pressure = self._standing()
        on = self.board["offensive"] > 0.5
        if np.count_nonzero(on):
            growth = np.where(self.board["truces"] > 0.5, self._careful_growth, self._growth)
            driven = np.minimum(before * growth, self.p.full_pressure)
            driven = np.maximum(driven, self.p.opening_pressure)
            pressure = np.where(on, np.maximum(driven, pressure), pressure)
        self.board["pressure"] = pressure
        felt = before * (1.0 - self.board["collectivised_share"])
        push = np.minimum(felt * (1.0 + self.lever("dekulakisation")), 1.5)
        self.board["fear"] = fear * self._fear_left + (1.0 - fear) * push * (0.35 * DEKAD)

    def _standing(self) -> Array:
        """Return the pressure that taxes keep up between offensives."""
        standing: Array = self.p.standing_pressure * self.lever("individual_taxation")
        return standing

    def review(self) -> None:
        """Read the reports: open an offensive, call a truce, or let things go on."""
        on = self.board["offensive"] > 0.5
        felt = np.maximum(self.board["pressure"] - self._standing(), 0.0)
        discontent = self.board["discontent"] * self._discontent_left + felt * DEKAD
        alarm = discontent * SOWING_RISK.get(self.month, 0.5)
        age = self.board["offensive_age"] + DEKAD
        truce = on & (alarm > self.p.patience)
        ends = on & (age >= self.p.offensive_months) & ~truce
        opens = self._opens(discontent) & ~on
        self.board["discontent"] = discontent
        if np.count_nonzero(truce | ends | opens):
            self._turn(truce, ends, opens)
            age = np.where(opens, 0.0, age)
        self.board["offensive_age"] = age

    def _turn(self, truce: Mask, ends: Mask, opens: Mask) -> None:
        """Call off, end and open offensives."""
        today, events = self.clock.today, self.context.events
        if truce.any() and self._campaign is not None:
            self._campaign.interrupt(truce)
        events.add(today, "collectivisation", "the centre calls off the offensive; members may leave", truce)
        events.add(today, "collectivisation", "the offensive ends", ends)
        events.add(today, "collectivisation", "an offensive opens", opens)
        on = self.board["offensive"] > 0.5
        self.board["offensive"] = ((on & ~truce & ~ends) | opens).astype(float)
        self.board["truces"] = self.board["truces"] + truce
        leave = np.where(truce, 1.0, np.where(opens, 0.0, self.board["may_leave"]))
        self.board["may_leave"] = leave

    def _opens(self, discontent: Array) -> Mask:
        """Tell where an offensive opens: the drive is the line, it is the season, and the grain comes in."""
        if not self.lever("collectivisation_drive") or self.month not in OFFENSIVE_MONTHS:
            return np.zeros(self.ledger.members, dtype=bool)
        by_plan = self.board["plan_fulfilment"] >= self.p.confidence
        rested = discontent < self.p.calm
        return by_plan & rested & (self.board["collectivised_share"] < 0.5)
