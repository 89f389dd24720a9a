"""Draught power: horses and tractors, by form of farm (A-20, A-22, D-55)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Array, Component, Parameters, Variable, every, parameter
from planmodel.engine.clock import Process
from planmodel.sectors.population import village_population


class DraughtParameters(Parameters):
    """Power of horses and tractors."""

    horse_power: Array = parameter(
        0.34, unit="horsepower/head", bounds=(0.25, 0.45), symbol=r"h",
        meaning="draught power of a horse, averaged over all horses",
        source="11.68 million hp in 1928 on 33.5 million horses; lines 1968-1970 (Zelenin 1964)",
        evidence="transcribed",
    )  # fmt: skip
    tractor_power: Array = parameter(
        15.5, unit="horsepower/tractor", bounds=(10.0, 20.0), symbol=r"\tau",
        meaning="power of a tractor", source="MTS horsepower over MTS tractors 1932-37 (14.4 to 18.3)",
        evidence="recalled",
    )  # fmt: skip
    tractor_utilisation: Array = parameter(
        0.5, unit="1", bounds=(0.3, 0.8), symbol=r"u_\tau",
        meaning="share of the tractor park at work; the rest stands for want of parts",
        source="D-55; lines 10621-10623", evidence="transcribed",
    )  # fmt: skip
    state_farm_tractors: Array = parameter(
        0.2, unit="1", bounds=(0.1, 0.5), symbol=r"\kappa_\tau",
        meaning="share of the tractors on state farms", source="tractors less MTS tractors, 1937-40",
        evidence="recalled",
    )  # fmt: skip
    tractors_for_coverage: Array = parameter(
        0.21, unit="million tractors", bounds=(0.1, 0.4), symbol=r"\tau_c",
        meaning="park at which machine and tractor stations serve 63 % of kolkhoz land",
        source="MTS served about half of kolkhoz land in 1932-33 and nine tenths in 1937 (recalled)",
        evidence="assumption",
    )  # fmt: skip
    draught_norm: Array = parameter(
        0.124, unit="horsepower/hectare", bounds=(0.10, 0.15), symbol=r"D_0",
        meaning="draught power per hectare of grain in 1928",
        source="11.68 million hp on 92.2 Mha", evidence="transcribed",
    )  # fmt: skip
    people_norm: Array = parameter(
        1.33, unit="persons/hectare", bounds=(1.2, 1.5), symbol=r"L_0",
        meaning="village people per hectare of grain in 1928",
        source="122 million persons on 92.2 Mha", evidence="recalled",
    )  # fmt: skip


class Draught(Component):
    """Draught power and hands per hectare, relative to 1928."""

    name = "draught"
    parameters = DraughtParameters
    variables = (
        Variable(
            "draught_individual", "1", "draught power per hectare of individual peasants, 1928 = 1", 1.0
        ),
        Variable("draught_kolkhoz", "1", "draught power per hectare of kolkhozes, 1928 = 1", 1.0),
        Variable("field_labour", "1", "village people per hectare, 1928 = 1", 1.0),
        Variable("mts_coverage", "1", "share of kolkhoz land served by machine and tractor stations"),
    )

    def processes(self) -> Iterable[Process]:
        """Count the power at hand when fields are tilled."""
        yield every(self.clock, "spring_sowing", self.count)

    def count(self) -> None:
        """D_form = (h horses + tau u tractors) / area / D0, limited to 0.2-1.6 of the norm."""
        share = self.board["collectivised_share"]
        tractors = self.stock("tractors", "farms") / 1000.0  # million
        engines = tractors * self.p.tractor_power * self.p.tractor_utilisation
        own = self.stock("horses", "household") * self.p.horse_power
        pooled = self.stock("horses", "socialised") * self.p.horse_power
        pooled = pooled + engines * (1.0 - self.p.state_farm_tractors)
        area = np.maximum(self.board["growing_area"], 1.0)  # the fields of last year are tilled again
        for form, power, part in (("individual", own, 1.0 - share), ("kolkhoz", pooled, share)):
            relative = power / np.maximum(area * part, 0.5) / self.p.draught_norm
            self.board[f"draught_{form}"] = np.minimum(np.maximum(relative, 0.2), 1.6)
        hands = village_population(self) / area / self.p.people_norm
        self.board["field_labour"] = np.minimum(np.maximum(hands, 0.3), 1.5)
        self.board["mts_coverage"] = 1.0 - np.exp(-tractors / self.p.tractors_for_coverage)
