"""Fixed capital by branch: work in progress, new works being mastered, and capital at work.

Construction adds to unfinished work; a finished site becomes new capital, which comes to full use only as it
is mastered, in one to two years (D-76); capital wears out. What moves through this chain is conserved.
Beside it stands the small capital of peasants and artisans, which collectivisation and taxes destroy and
which official figures of growth leave out (D-37, D-41).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process

Branch = Literal[
    "metal_and_fuel", "engineering", "consumer_goods", "agriculture", "transport", "housing_and_services"
]
BRANCHES: tuple[str, ...] = get_args(Branch)
HEAVY = ("metal_and_fuel", "engineering")  # the two stages of heavy industry
INDUSTRY = (*HEAVY, "consumer_goods", "transport")  # branches whose capital produces, and needs repairs
_ABOUT = {
    "metal_and_fuel": "metal, fuel and power",
    "engineering": "engineering and other heavy industry",
    "consumer_goods": "consumer-goods factories",
    "agriculture": "state agriculture",
    "transport": "transport",
    "housing_and_services": "housing and services",
}


class CapitalParameters(Parameters):
    """Mastery of new works, and wear."""

    mastery: Array = parameter(
        16.0, unit="months", bounds=(6.0, 30.0), symbol=r"\tau_m",
        meaning="time in which new works come to full use", source="D-76: one to two years; size assumed",
    )  # fmt: skip
    mastery_start: Array = parameter(
        0.6, unit="1", bounds=(0.1, 0.6), symbol=r"\mu_0",
        meaning="use of new works from their first month", source="assumption",
    )  # fmt: skip
    wear: Array = parameter(
        0.0186, unit="1/year", bounds=(0.015, 0.07), symbol=r"\delta",
        meaning="wear of capital in industry, transport and state agriculture", source="assumption",
    )  # fmt: skip
    housing_wear: Array = parameter(
        0.024, unit="1/year", bounds=(0.01, 0.04), symbol=r"\delta_h",
        meaning="wear of housing and services", source="D-39: the old stock decayed; size assumed",
    )  # fmt: skip
    farm_loss: Array = parameter(
        0.45, unit="1", bounds=(0.1, 0.9), symbol=r"\delta_p",
        meaning="share of the implements and buildings of joining households that is lost",
        source="D-37: farm capital destroyed and not counted; size assumed",
    )  # fmt: skip
    artisan_loss: Array = parameter(
        0.529, unit="1/year", bounds=(0.1, 1.5), symbol=r"\delta_a",
        meaning="share of the artisans' capital destroyed in a year of full pressure on private work",
        source="D-41: destroyed 1929-32; size assumed",
    )  # fmt: skip
    artisan_renewal: Array = parameter(
        0.03, unit="1/year", bounds=(0.0, 0.2), symbol=r"\rho_a",
        meaning="yearly renewal of the artisans' capital, towards what cooperatives may hold",
        source="D-41; size assumed",
    )  # fmt: skip
    artisan_room: Array = parameter(
        0.36, unit="billion roubles of 1928", bounds=(0.1, 0.8), symbol=r"a_1",
        meaning="artisans' capital that cooperatives may hold", source="assumption",
    )  # fmt: skip


class Capital(Component):
    """The chain from construction to wear, by branch."""

    name = "capital"
    parameters = CapitalParameters
    commodities = (Commodity("works", "billion roubles of 1928", "fixed capital and construction"),)
    accounts = (
        Account("works", "construction", "construction work done", kind="source"),
        Account("works", "wear", "capital worn out", kind="sink"),
        Account("works", "own_work", "renewal by artisans themselves", kind="source"),
        Account("works", "destroyed", "small capital destroyed", kind="sink"),
        Account("works", "capital_peasants", "implements and farm buildings of peasant households"),
        Account("works", "capital_artisans", "capital of artisans"),
        *(
            account
            for branch in BRANCHES
            for account in (
                Account("works", f"unfinished_{branch}", f"unfinished construction, {_ABOUT[branch]}"),
                Account("works", f"new_{branch}", f"new works being mastered, {_ABOUT[branch]}"),
                Account("works", f"capital_{branch}", f"fixed capital, {_ABOUT[branch]}"),
            )
        ),
    )
    flows = (
        Flow("destroyed_peasants", "works", "capital_peasants", "destroyed", "farm capital destroyed"),
        Flow("destroyed_artisans", "works", "capital_artisans", "destroyed", "artisans' capital destroyed"),
        Flow("renewed_artisans", "works", "own_work", "capital_artisans", "artisans' capital renewed"),
        *(
            flow
            for branch in BRANCHES
            for flow in (
                Flow(
                    f"construction_{branch}",
                    "works",
                    "construction",
                    f"unfinished_{branch}",
                    f"construction work, {_ABOUT[branch]}",
                ),
                Flow(
                    f"completed_{branch}",
                    "works",
                    f"unfinished_{branch}",
                    f"new_{branch}",
                    f"sites completed, {_ABOUT[branch]}",
                ),
                Flow(
                    f"mastered_{branch}",
                    "works",
                    f"new_{branch}",
                    f"capital_{branch}",
                    f"new works mastered, {_ABOUT[branch]}",
                ),
                Flow(
                    f"wear_{branch}",
                    "works",
                    f"capital_{branch}",
                    "wear",
                    f"wear of capital, {_ABOUT[branch]}",
                ),
            )
        ),
    )
    variables = (
        Variable(
            "capacity_metal_and_fuel", "billion roubles of 1928", "capacity at work, metal and fuel", 2.4
        ),
        Variable("capacity_engineering", "billion roubles of 1928", "capacity at work, engineering", 2.6),
        Variable("capacity_consumer_goods", "billion roubles of 1928", "capacity at work, factories", 4.5),
        Variable("capacity_transport", "billion roubles of 1928", "capacity at work, transport", 11.0),
    )
    switches = (
        Switch("gestation", "works take years to build and to master"),
        Switch("artisan_ruin", "artisans are taxed and collectivised out of business"),
    )

    def processes(self) -> Iterable[Process]:
        """Master and wear every month."""
        yield every(self.clock, "labour", self.master_and_wear)
        yield every(self.clock, "labour", self.lose_small_capital)
        yield every(self.clock, "production", self.reckon_capacity)

    def master_and_wear(self) -> None:
        """Master new works at the rate 1/tau; wear capital at delta."""
        months = self.p.mastery if self.on("gestation") else self.zeros + 2.0
        for branch in BRANCHES:
            self.ledger.propose(f"mastered_{branch}", self.stock("works", f"new_{branch}") / months)
            wear = self.p.housing_wear if branch == "housing_and_services" else self.p.wear
            self.ledger.propose(f"wear_{branch}", self.stock("works", f"capital_{branch}") * wear / 12.0)

    def reckon_capacity(self) -> None:
        """Capacity = capital + mu0 x new works."""
        for branch in INDUSTRY:
            new = self.stock("works", f"new_{branch}")
            self.board[f"capacity_{branch}"] = (
                self.stock("works", f"capital_{branch}") + self.p.mastery_start * new
            )

    def lose_small_capital(self) -> None:
        """Destroy small capital: delta_p x capital of those who join; delta_a (pressure + fear) of artisans.

        Artisans renew towards the room that cooperatives leave them: rho_a (a1 - K).
        """
        joined = self.ledger.moved("joining") / np.maximum(
            self.stock("people", "individual_peasants") + self.ledger.moved("joining"), 1e-9
        )
        farms = self.stock("works", "capital_peasants")
        self.ledger.propose("destroyed_peasants", farms * joined * self.p.farm_loss)
        artisans = self.stock("works", "capital_artisans")
        pressure = np.minimum(self.board["pressure"] + self.board["fear"], 1.0)
        ruin = self.p.artisan_loss / 12.0 * pressure if self.on("artisan_ruin") else self.zeros
        room = np.maximum(self.p.artisan_room - artisans, 0.0)
        self.ledger.propose("destroyed_artisans", artisans * np.minimum(ruin, 1.0))
        self.ledger.propose("renewed_artisans", room * self.p.artisan_renewal / 12.0)


def housing_per_head(component: Component, people: Array) -> Array:
    """Return housing and services per townsperson, billion roubles per million persons."""
    return component.stock("works", "capital_housing_and_services") / np.maximum(people, 1e-6)
