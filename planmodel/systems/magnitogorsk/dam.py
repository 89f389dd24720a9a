"""The dam: finished before its day, of no use, and built again (E-018, line 12)."""

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
    Switch,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process

FROST = (11, 12, 1, 2, 3)  # months in which concrete suffers from haste twice as much


class DamParameters(Parameters):
    """Size, due day, and what haste gives and costs."""

    size: Array = parameter(
        32.0, unit="thousand builder-months", bounds=(5.0, 120.0), symbol=r"W",
        meaning="work that the first dam takes", source="assumption",
    )  # fmt: skip
    again: Array = parameter(
        3.0, unit="1", bounds=(1.0, 8.0), symbol=r"\omega",
        meaning="work of the second dam over that of the first", source="assumption",
    )  # fmt: skip
    months_allowed: Array = parameter(
        10.0, unit="months", bounds=(3.0, 24.0), symbol=r"T",
        meaning="months from the beginning to the day set for completion",
        source="summer 1930 to 1 May 1931 (Kotkin, Magnetic Mountain; recalled)", evidence="recalled",
    )  # fmt: skip
    builders: Array = parameter(
        0.12, unit="1", bounds=(0.02, 0.4), symbol=r"\beta_d",
        meaning="share of the workers of the site who build the dam", source="assumption",
    )  # fmt: skip
    gain: Array = parameter(
        0.6, unit="1", bounds=(0.0, 1.5), symbol=r"g_h",
        meaning="work that full haste adds", source="line 12: ahead of schedule; size assumed",
    )  # fmt: skip
    loss: Array = parameter(
        0.3, unit="1", bounds=(0.0, 0.5), symbol=r"l_h",
        meaning="fitness for use that full haste costs, twice as much in frost",
        source="line 12: not functional; size assumed",
    )  # fmt: skip
    needed: Array = parameter(
        0.7, unit="1", bounds=(0.3, 1.0), symbol=r"k^*",
        meaning="fitness at which a dam holds enough water", source="assumption",
    )  # fmt: skip


class Dam(Component):
    """A work with a day set for it; competition hastens it, and nobody is asked whether it works."""

    name = "dam"
    parameters = DamParameters
    commodities = (Commodity("dams", "thousand builder-months", "work put into the dams"),)
    accounts = (
        Account("dams", "labour", "work of the builders", kind="source"),
        Account("dams", "first", "work put into the first dam"),
        Account("dams", "second", "work put into the second dam"),
    )
    flows = (
        Flow("first_dam_built", "dams", "labour", "first", "work on the first dam"),
        Flow("second_dam_built", "dams", "labour", "second", "work on the second dam"),
    )
    variables = (
        Variable("haste", "1", "how far the work is hastened"),
        Variable("dam_fitness", "1", "fitness for use of the first dam, as far as it is built", 1.0),
        Variable("dam_age", "months", "months since the first dam was begun"),
        Variable("months_ahead", "months", "months by which the first dam was finished before its day"),
        Variable("first_dam_finished", "1", "1 when the first dam is finished"),
        Variable("second_dam_begun", "1", "1 when a second dam is begun"),
        Variable("dam_works", "1", "1 when a dam holds enough water"),
    )
    levers = (
        Lever("dam", 0.0, (0.0, 1.0), "the dam is to be built"),
        Lever("competition", 0.0, (0.0, 1.0), "socialist competition for dates"),
    )
    switches = (Switch("haste", "competition hastens the work and spoils it"),)

    def processes(self) -> Iterable[Process]:
        """Build, and look at what was built."""
        yield every(self.clock, "work", self.build)
        yield every(self.clock, "closing", self.inspect)

    def build(self) -> None:
        """Put in n (1 + g h) builder-months; fitness is the mean of 1 - l h over the work of the first dam.

        Haste h is competition x (1 + pace required to meet the day / pace without haste) / 2, at most one.
        """
        begun = self.lever("dam")
        done, fitness = self.stock("dams", "first"), self.board["dam_fitness"]
        open_first = begun * (1.0 - self.board["first_dam_finished"])
        hands = self.board["workers"] * self.p.builders
        left = np.maximum(self.p.size - done, 0.0)
        months = np.maximum(self.p.months_allowed - self.board["dam_age"], 1.0)
        pressed = np.minimum(left / months / np.maximum(hands, 1e-9), 1.0)
        contest = self.lever("competition") if self.on("haste") else 0.0
        haste = open_first * contest * (0.5 + 0.5 * pressed)
        put = np.minimum(hands * (1.0 + self.p.gain * haste), left) * open_first
        spoiled = self.p.loss * haste * (2.0 if self.month in FROST else 1.0)
        mean = (fitness * done + np.maximum(1.0 - spoiled, 0.0) * put) / np.maximum(done + put, 1e-9)
        self.ledger.propose("first_dam_built", put)
        again = np.maximum(self.p.size * self.p.again - self.stock("dams", "second"), 0.0)
        self.ledger.propose("second_dam_built", np.minimum(hands, again) * self.board["second_dam_begun"])
        self.board["haste"] = haste
        self.board["dam_fitness"] = np.where(put > 0.0, mean, fitness)
        self.board["dam_age"] = self.board["dam_age"] + open_first

    def inspect(self) -> None:
        """Open the dam when its work is put in; begin another at once where it does not hold water."""
        was = self.board["first_dam_finished"] > 0.5
        finished = self.stock("dams", "first") >= self.p.size * (1.0 - 1e-9)
        fit = self.board["dam_fitness"] >= self.p.needed
        first = finished & ~was
        again = (self.board["second_dam_begun"] > 0.5) | (first & ~fit)
        rebuilt = again & (self.stock("dams", "second") >= self.p.size * self.p.again * (1.0 - 1e-9))
        held = self.board["dam_works"] > 0.5
        today, events = self.clock.today, self.context.events
        ahead = self.p.months_allowed - self.board["dam_age"]
        events.add(today, "dam", "the dam is finished ahead of its day", first & (ahead >= 0.0))
        events.add(today, "dam", "the dam is finished late", first & (ahead < 0.0))
        events.add(today, "dam", "it does not hold enough water; a second dam is begun", first & ~fit)
        events.add(today, "dam", "the second dam works", rebuilt & ~held)
        self.board["months_ahead"] = np.where(first, ahead, self.board["months_ahead"])
        self.board["first_dam_finished"] = finished.astype(float)
        self.board["second_dam_begun"] = again.astype(float)
        self.board["dam_works"] = ((finished & fit) | rebuilt).astype(float)
