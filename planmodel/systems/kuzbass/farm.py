"""The farm of the colony: land it was given, tractors it brought, food that need not be bought."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Parameters,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process

HARVEST = {8: 0.5, 9: 0.5}


class FarmParameters(Parameters):
    """Land, its clearing and its yield."""

    land: Array = parameter(
        10.0, unit="thousand hectares", bounds=(1.0, 20.0), symbol=r"A",
        meaning="land granted", source="E-002, line 15", evidence="transcribed",
    )  # fmt: skip
    clearing: Array = parameter(
        0.01, unit="1/month", bounds=(0.0, 0.1), symbol=r"\chi",
        meaning="share of the land not yet tilled that is broken in a month", source="assumption",
    )  # fmt: skip
    food_yield: Array = parameter(
        0.2, unit="rations/hectare/year", bounds=(0.05, 1.5), symbol=r"y_f",
        meaning="yearly food of a person that a hectare gives beside seed and feed", source="assumption",
    )  # fmt: skip
    weather: Array = parameter(
        0.2, unit="1", bounds=(0.0, 0.5), symbol=r"\sigma_w",
        meaning="spread of harvests from member to member", source="assumption",
    )  # fmt: skip
    eaters: Array = parameter(
        1.34, unit="1", bounds=(1.0, 3.0), symbol=r"d",
        meaning="people to feed for each settler at work",
        source="750 who came over 560 who worked: E-006 and E-007, lines 22 and 23", evidence="transcribed",
    )  # fmt: skip


class Farm(Component):
    """Food in yearly rations of a person."""

    name = "farm"
    parameters = FarmParameters
    commodities = (Commodity("food", "rations", "yearly food of one person"),)
    accounts = (
        Account("food", "store", "food of the colony"),
        Account("food", "harvest", "food grown", kind="source"),
        Account("food", "market", "food bought", kind="source"),
        Account("food", "eaten", "food eaten by settlers and their families", kind="sink"),
        Account("food", "sold", "food sold to hired workers and others", kind="sink"),
    )
    flows = (
        Flow("food_grown", "food", "harvest", "store", "food grown by the farm"),
        Flow("food_eaten", "food", "store", "eaten", "own food eaten"),
        Flow("food_bought", "food", "market", "eaten", "food bought and eaten"),
        Flow("food_sold", "food", "store", "sold", "food sold", rank=1),
    )
    variables = (
        Variable("tilled", "thousand hectares", "land that is tilled", 0.5),
        Variable("own_food", "1", "own food over all food that settlers and their families eat"),
    )

    def processes(self) -> Iterable[Process]:
        """Till and harvest, then eat."""
        yield every(self.clock, "work", self.grow)
        yield every(self.clock, "sale", self.eat)

    def grow(self) -> None:
        """Break land, dA = chi (A* - A), and harvest A y exp(sigma z)."""
        tilled = self.board["tilled"]
        drawn = self.context.draws.normal("harvest of the colony", self.clock.today.year)
        weather = np.exp(self.p.weather * drawn)
        grown = tilled * 1e3 * self.p.food_yield * weather * HARVEST.get(self.month, 0.0)
        self.ledger.propose("food_grown", grown)
        self.board["tilled"] = tilled + self.p.clearing * (self.p.land - tilled)

    def eat(self) -> None:
        """Eat from the store and buy what is missing; sell what is beyond the need of a year."""
        need = self.board["colonists"] * self.p.eaters / 12.0
        store = self.stock("food", "store")
        own = np.minimum(need, store)
        self.ledger.propose("food_eaten", own)
        self.ledger.propose("food_bought", need - own)
        self.ledger.propose("food_sold", np.maximum(store - own - 12.0 * need, 0.0))
        self.board["own_food"] = np.where(need > 0.0, own / np.maximum(need, 1e-9), 0.0)
