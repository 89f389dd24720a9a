"""The workers sent to the villages: how many stay, what they can hold back, whether they are heard."""

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
from planmodel.systems.cadres_of_25000.village import DEKAD


class CadresParameters(Parameters):
    """Numbers, weight and fate."""

    called: Array = parameter(
        25.0, unit="thousand persons", bounds=(0.0, 2000.0), symbol=r"N",
        meaning="workers called to the villages", source="E-023, E-029; 004, line 21", evidence="transcribed",
    )  # fmt: skip
    departing: Array = parameter(
        0.5, unit="months", bounds=(0.2, 6.0), symbol=r"\tau_s",
        meaning="months in which those who were called arrive", source="early 1930; size assumed",
    )  # fmt: skip
    weight: Array = parameter(
        1.5, unit="1", bounds=(0.0, 10.0), symbol=r"w",
        meaning="say of a worker sent by the centre over that of a local party member",
        source="001, lines 37-41: little authority, outsiders; size assumed",
    )  # fmt: skip
    cast_out: Array = parameter(
        0.03, unit="1/month", bounds=(0.0, 0.2), symbol=r"x",
        meaning="workers expelled, beaten or dismissed by local offices in a month of full pressure",
        source="001, line 43, and 004, line 37: hundreds; size assumed",
    )  # fmt: skip
    term: Array = parameter(
        18.0, unit="months", bounds=(6.0, 60.0), symbol=r"\tau_r",
        meaning="months after which workers return",
        source="E-029, 004, line 29: a year or two", evidence="transcribed",
    )  # fmt: skip
    heard: Array = parameter(
        0.3, unit="1", bounds=(0.0, 1.0), symbol=r"\eta",
        meaning="reports of the workers that the centre heeds",
        source="001, line 43: feedback rejected, workers expelled; size assumed",
    )  # fmt: skip
    needed: Array = parameter(
        75.0, unit="thousand persons", bounds=(20.0, 400.0), symbol=r"N_k",
        meaning="workers who could report on every village",
        source="about as many village soviets (recalled)", evidence="recalled",
    )  # fmt: skip


class Cadres(Component):
    """Thousand persons, and two variables: control of the tempo, and reports that are heard."""

    name = "cadres"
    parameters = CadresParameters
    commodities = (Commodity("cadres", "thousand persons", "workers called to the villages"),)
    accounts = (
        Account("cadres", "in_villages", "workers in the villages"),
        Account("cadres", "factories", "workers who stay at the bench", kind="source"),
        Account("cadres", "cast_out", "workers expelled, beaten, dismissed", kind="sink"),
        Account("cadres", "returned", "workers who returned", kind="sink"),
    )
    flows = (
        Flow("cadres_sent", "cadres", "factories", "in_villages", "workers sent"),
        Flow("cadres_cast_out", "cadres", "in_villages", "cast_out", "workers cast out"),
        Flow("cadres_returned", "cadres", "in_villages", "returned", "workers returned"),
    )
    variables = (
        Variable("cadres_yet_to_come", "1", "share of those called who have not come", 1.0),
        Variable("control", "1", "say of the centre's workers among all who set the tempo"),
        Variable("reports", "1", "share of the villages of which the centre hears the truth"),
    )
    levers = (Lever("cadres_called", 0.0, (0.0, 1.0), "workers are called to the villages"),)
    switches = (Switch("cadres", "workers are sent to the villages when they are called"),)

    def processes(self) -> Iterable[Process]:
        """Come and go every ten days."""
        yield every(self.clock, "campaign", self.come_and_go)
        yield every(self.clock, "review", self.weigh)

    def come_and_go(self) -> None:
        """Arrive within tau_s; be cast out by x P; return after tau_r."""
        called = self.lever("cadres_called") if self.on("cadres") else 0.0
        waiting, there = self.board["cadres_yet_to_come"], self.stock("cadres", "in_villages")
        coming = waiting * -np.expm1(-DEKAD / self.p.departing) * called
        out = there * np.minimum(self.p.cast_out * self.board["local_pressure"] * DEKAD, 0.5)
        self.ledger.propose("cadres_sent", coming * self.p.called)
        self.ledger.propose("cadres_cast_out", out)
        self.ledger.propose("cadres_returned", there * np.minimum(DEKAD / self.p.term, 0.5))
        self.board["cadres_yet_to_come"] = waiting - coming

    def weigh(self) -> None:
        """Control w N / (w N + officials); reports heard eta min(N / N_k, 1)."""
        there = self.stock("cadres", "in_villages") * self.p.weight
        self.board["control"] = there / np.maximum(there + self.board["officials"], 1e-9)
        covered = np.minimum(self.stock("cadres", "in_villages") / self.p.needed, 1.0)
        self.board["reports"] = self.p.heard * covered
