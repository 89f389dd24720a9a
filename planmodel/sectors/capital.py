"""Fixed capital by branch: work in progress, new works being mastered, and capital at work.

Construction adds to unfinished work; a finished site becomes new capital, which comes to full use only as it
is mastered, in one to two years (D-76); capital wears out. What moves through this chain is conserved.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.kernel import (
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
from planmodel.kernel.clock import Process

BRANCHES = ("heavy_industry", "consumer_goods", "agriculture", "transport", "housing_and_services")
_ABOUT = {
    "heavy_industry": "heavy industry",
    "consumer_goods": "consumer-goods factories",
    "agriculture": "state agriculture",
    "transport": "transport",
    "housing_and_services": "housing and services",
}


class CapitalParameters(Parameters):
    """Mastery of new works, and wear."""

    mastery: Array = parameter(
        15.0, unit="months", bounds=(6.0, 30.0), symbol=r"\tau_m",
        meaning="time in which new works come to full use", source="D-76: one to two years; size assumed",
    )  # fmt: skip
    mastery_start: Array = parameter(
        0.18, unit="1", bounds=(0.1, 0.6), symbol=r"\mu_0",
        meaning="use of new works from their first month", source="assumption",
    )  # fmt: skip
    wear: Array = parameter(
        0.037, unit="1/year", bounds=(0.015, 0.07), symbol=r"\delta",
        meaning="wear of capital in industry, transport and state agriculture", source="assumption",
    )  # fmt: skip
    housing_wear: Array = parameter(
        0.024, unit="1/year", bounds=(0.01, 0.04), symbol=r"\delta_h",
        meaning="wear of housing and services", source="D-39: the old stock decayed; size assumed",
    )  # fmt: skip


class Capital(Component):
    """The chain from construction to wear, by branch."""

    name = "capital"
    parameters = CapitalParameters
    commodities = (Commodity("works", "billion roubles of 1928", "fixed capital and construction"),)
    accounts = (
        Account("works", "construction", "construction work done", kind="source"),
        Account("works", "wear", "capital worn out", kind="sink"),
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
    flows = tuple(
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
                f"wear_{branch}", "works", f"capital_{branch}", "wear", f"wear of capital, {_ABOUT[branch]}"
            ),
        )
    )
    variables = tuple(
        Variable(
            f"capacity_{branch}",
            "billion roubles of 1928",
            f"capital in effective use, {_ABOUT[branch]}",
            initial,
        )
        for branch, initial in (("heavy_industry", 5.0), ("consumer_goods", 4.5))
    )
    switches = (Switch("gestation", "works take years to build and to master"),)

    def processes(self) -> Iterable[Process]:
        """Master and wear every month."""
        yield every(self.clock, "labour", self.master_and_wear)
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
        for branch in BRANCHES[:2]:
            new = self.stock("works", f"new_{branch}")
            self.board[f"capacity_{branch}"] = (
                self.stock("works", f"capital_{branch}") + self.p.mastery_start * new
            )


def housing_per_head(component: Component, people: Array) -> Array:
    """Return housing and services per townsperson, billion roubles per million persons."""
    return component.stock("works", "capital_housing_and_services") / np.maximum(people, 1e-6)
