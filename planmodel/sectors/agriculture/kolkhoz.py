"""The kolkhoz as a waterfall: deliveries, MTS, seed and feed funds first, members last (B-2)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Array, Component, Flow, Parameters, Variable, every, parameter
from planmodel.engine.clock import Process
from planmodel.sectors.calendar import months_to_harvest, procurement_ahead, sowing_ahead


class KolkhozParameters(Parameters):
    """Funds of the kolkhoz."""

    overhead: Array = parameter(
        0.031, unit="1", bounds=(0.0, 0.12), symbol=r"\omega",
        meaning="share of grain put into other funds and cadres' pay before members are paid",
        source="A-40, B-5; size assumed",
    )  # fmt: skip
    advance: Array = parameter(
        0.32, unit="1/month", bounds=(0.1, 0.6), symbol=r"\chi",
        meaning="share of the grain free of other claims that is advanced to members in a month",
        source="assumption",
    )  # fmt: skip


class Kolkhoz(Component):
    """What is left after the state, the seed and the feed is shared out to members."""

    name = "kolkhoz"
    parameters = KolkhozParameters
    flows = (
        Flow("grain_to_members", "grain", "kolkhoz", "members", "grain given for labour-days", rank=3),
        Flow(
            "grain_to_cadres", "grain", "kolkhoz", "members", "grain paid to cadres and other funds", rank=2
        ),
    )
    variables = (
        Variable("distributed_this_year", "million tonnes", "grain given for labour-days since July", 0.35),
        Variable(
            "kolkhoz_ease", "1", "kolkhoz grain after dues and seed, over food and feed at the norm", 1.0
        ),
        Variable("kolkhoz_free_grain", "million tonnes", "kolkhoz grain free of all prior claims"),
    )

    def processes(self) -> Iterable[Process]:
        """Advances after the harvest, the rest in winter."""
        yield every(self.clock, "distribution", self.share_out)
        yield every(self.clock, "record", self.count_year)

    def share_out(self) -> None:
        """Members get a part of barn - seed fund - feed fund - deliveries still due, never less than zero."""
        barn = self.stock("grain", "kolkhoz")
        seed = self.board["seed_need_kolkhoz"] * sowing_ahead(self.month)
        months = months_to_harvest(self.month)
        feed = self.board["socialised_feed_need"] * months
        due = self.board["kolkhoz_dues"] * procurement_ahead(self.month)
        free = np.maximum(barn - seed - feed - due, 0.0)
        given = free * self.p.advance
        if self.month == 9:  # what the year will bring is seen when the crop is in
            mouths = self.stock("people", "kolkhoz_members") * self.board["village_food_need_per_head"]
            wanted = 10.0 * (mouths + self.board["socialised_feed_norm"])
            left = np.maximum(barn - seed - due, 0.0)
            self.board["kolkhoz_ease"] = np.clip(left / np.maximum(wanted, 1e-6), 0.0, 1.0)
        self.board["kolkhoz_free_grain"] = free
        self.ledger.propose("grain_to_cadres", given * self.p.overhead)
        self.ledger.propose("grain_to_members", given * (1.0 - self.p.overhead))

    def count_year(self) -> None:
        """Keep the total given to members since July."""
        before = 0.0 if self.month == 7 else self.board["distributed_this_year"]
        self.board["distributed_this_year"] = before + self.ledger.moved("grain_to_members")
