"""Trains, barracks and hardship on the site."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Input,
    Parameters,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.systems.magnitogorsk.channels import FREE, TENURE


class SettlementParameters(Parameters):
    """Rations, barracks and how they are felt."""

    rations: Array = parameter(
        0.8, unit="1", bounds=(0.5, 1.5), symbol=r"\rho",
        meaning="rations the trains bring over those that the planned population needs",
        source="line 21: everything came by train, and too little; size assumed",
    )  # fmt: skip
    train_failures: Array = parameter(
        0.15, unit="1", bounds=(0.0, 0.5), symbol=r"\sigma_r",
        meaning="spread of a month's rations from member to member", source="assumption",
    )  # fmt: skip
    housing_share: Array = parameter(
        0.06, unit="1", bounds=(0.0, 0.4), symbol=r"\beta_h",
        meaning="share of the builders who build barracks", source="line 19: lack of shelter; size assumed",
    )  # fmt: skip
    space_built: Array = parameter(
        3.0, unit="square metres/builder/month", bounds=(0.5, 8.0), symbol=r"b",
        meaning="living space that a builder makes in a month", source="assumption",
    )  # fmt: skip
    wear: Array = parameter(
        0.15, unit="1/year", bounds=(0.02, 0.4), symbol=r"\delta_b",
        meaning="share of tents and barracks lost in a year", source="assumption",
    )  # fmt: skip
    space_norm: Array = parameter(
        4.0, unit="square metres/person", bounds=(2.0, 8.0), symbol=r"s^*",
        meaning="living space at which crowding is no reason to leave", source="assumption",
    )  # fmt: skip
    dependants: Array = parameter(
        1.4, unit="1", bounds=(0.2, 2.0), symbol=r"d",
        meaning="dependants for each free worker on the site", source="assumption",
    )  # fmt: skip
    settlers_at_work: Array = parameter(
        0.5, unit="1", bounds=(0.2, 0.7), symbol=r"w_s",
        meaning="share of the special settlers who work on the site", source="assumption",
    )  # fmt: skip


class Settlement(Component):
    """Trains, barracks, and hardship: what is missing of food and of shelter (line 19)."""

    name = "settlement"
    parameters = SettlementParameters
    commodities = (Commodity("housing", "thousand square metres", "living space in tents and barracks"),)
    accounts = (
        Account("housing", "barracks", "living space in use"),
        Account("housing", "built", "living space built", kind="source"),
        Account("housing", "worn_out", "living space lost", kind="sink"),
    )
    flows = (
        Flow("barracks_built", "housing", "built", "barracks", "barracks built"),
        Flow("barracks_lost", "housing", "barracks", "worn_out", "tents and barracks lost"),
    )
    variables = (
        Variable("workers", "thousand persons", "workers on the site, free and unfree"),
        Variable("penal_share", "1", "special settlers in the workforce of the site"),
        Variable("population_of_site", "thousand persons", "all who live on the site"),
        Variable("supply", "1", "rations over need", 1.0),
        Variable("living_space", "square metres/person", "living space a head"),
        Variable("hardship", "1", "what is missing of food and shelter, 0 to 1"),
    )
    inputs = (Input("planned_workers", "thousand persons", "workers that the plan of the site asks for"),)

    def processes(self) -> Iterable[Process]:
        """Count, feed and house the site at the head of each month."""
        yield every(self.clock, "supply", self.provide)

    def provide(self) -> None:
        """Hardship H = 1 - (1 - hunger)(1 - crowding / 2): hunger 1 - min(S, 1), crowding 1 - min(s / s*, 1).

        Rations come for the planned workers and their dependants; whoever comes beyond the plan shares them.
        """
        free = total(self.stock("people", f"{t}_{c}") for t in TENURE for c in FREE)
        settlers = self.stock("people", "special_settlers")
        workers = free + settlers * self.p.settlers_at_work
        population = free * (1.0 + self.p.dependants) + settlers
        planned = self.exogenous("planned_workers") * (1.0 + self.p.dependants)
        trains = self.context.draws.normal("trains", self.clock.today)  # of the month
        brought = planned * self.p.rations * np.exp(self.p.train_failures * trains)
        supply = np.minimum(brought / np.maximum(population, 1e-9), 1.5)
        space = self.stock("housing", "barracks") / np.maximum(population, 1e-9)
        fed, housed = np.minimum(supply, 1.0), np.minimum(space / self.p.space_norm, 1.0)
        self.board["workers"] = workers
        self.board["penal_share"] = settlers * self.p.settlers_at_work / np.maximum(workers, 1e-9)
        self.board["population_of_site"] = population
        self.board["supply"] = supply
        self.board["living_space"] = np.minimum(space, 50.0)
        self.board["hardship"] = 1.0 - fed * (0.5 + 0.5 * housed)
        self.ledger.propose("barracks_built", workers * self.p.housing_share * self.p.space_built)
        self.ledger.propose("barracks_lost", self.stock("housing", "barracks") * self.p.wear / 12.0)
