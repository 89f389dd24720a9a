"""Coal, and the chemical works that the colony was given half built."""

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
)
from planmodel.engine.clock import Process


class MinesParameters(Parameters):
    """What hands, machines, skill and effort make."""

    per_miner: Array = parameter(
        7.0, unit="tonnes/person/month", bounds=(3.0, 20.0), symbol=r"y",
        meaning="coal a miner raises in a month with the machines of 1922", source="assumption",
    )  # fmt: skip
    machines: Array = parameter(
        0.3, unit="1", bounds=(0.0, 0.7), symbol=r"\alpha",
        meaning="elasticity of output with respect to machines a miner", source="assumption",
    )  # fmt: skip
    machines_first: Array = parameter(
        500.0, unit="roubles/person", bounds=(100.0, 2000.0), symbol=r"k_0",
        meaning="machines a miner at which output is that of 1922", source="assumption",
    )  # fmt: skip
    foremen: Array = parameter(
        2.0, unit="1", bounds=(0.0, 6.0), symbol=r"\phi",
        meaning="output that settlers add for their share among the workers",
        source="line 7: foreign knowledge and experience; size assumed",
    )  # fmt: skip
    incentive: Array = parameter(
        0.12, unit="1", bounds=(0.0, 0.5), symbol=r"\epsilon",
        meaning="effort added by the logarithm of the top wage over the bottom wage of the scale",
        source="line 33: wages in the name of productivity; size assumed",
    )  # fmt: skip
    step: Array = parameter(
        1.12, unit="1", bounds=(1.0, 1.4), symbol=r"\sigma",
        meaning="wage of a category over the one below", source="assumption: only the 17 are recorded",
    )  # fmt: skip
    shaft_cost: Array = parameter(
        2.0, unit="million roubles/mine", bounds=(0.5, 8.0), symbol=r"W_m",
        meaning="what a new mine costs", source="assumption",
    )  # fmt: skip
    works_cost: Array = parameter(
        1.0, unit="million roubles", bounds=(0.3, 6.0), symbol=r"W_c",
        meaning="what was missing of the chemical works", source="E-002, line 15: unfinished; size assumed",
    )  # fmt: skip
    coal_coked: Array = parameter(
        8.0, unit="thousand tonnes/month", bounds=(1.0, 30.0), symbol=r"c",
        meaning="coal that the chemical works take", source="assumption",
    )  # fmt: skip
    coke_yield: Array = parameter(
        0.7, unit="1", bounds=(0.4, 0.85), symbol=r"\eta",
        meaning="coke and chemicals over coal", source="assumption",
    )  # fmt: skip


class Mines(Component):
    """Mines and chemical works."""

    name = "mines"
    parameters = MinesParameters
    commodities = (
        Commodity("coal", "thousand tonnes", "coal"),
        Commodity("chemicals", "thousand tonnes", "coke and by-products"),
        Commodity("capital", "million roubles", "machines and works at cost"),
    )
    accounts = (
        Account("coal", "pithead", "coal raised"),
        Account("coal", "seams", "coal in the ground", kind="source"),
        Account("coal", "customers", "coal sold", kind="sink"),
        Account("coal", "ovens", "coal coked", kind="sink"),
        Account("chemicals", "store", "coke and by-products"),
        Account("chemicals", "made", "made", kind="source"),
        Account("chemicals", "customers", "sold", kind="sink"),
        Account("capital", "mines", "machines of the mines"),
        Account("capital", "shafts", "put into new shafts"),
        Account("capital", "chemical_works", "put into the chemical works"),
        Account("capital", "bought", "equipment bought", kind="source"),
        Account("capital", "worn_out", "worn out", kind="sink"),
    )
    flows = (
        Flow("coal_mined", "coal", "seams", "pithead", "coal mined"),
        Flow("coal_coked", "coal", "pithead", "ovens", "coal to the chemical works"),
        Flow("coal_sold", "coal", "pithead", "customers", "coal sold", rank=1),
        Flow("chemicals_made", "chemicals", "made", "store", "coke and by-products made"),
        Flow("chemicals_sold", "chemicals", "store", "customers", "coke and by-products sold"),
        Flow("machines_added", "capital", "bought", "mines", "machines put to work"),
        Flow("shafts_sunk", "capital", "bought", "shafts", "put into new shafts"),
        Flow("works_added", "capital", "bought", "chemical_works", "put into the chemical works"),
        Flow("machines_worn", "capital", "mines", "worn_out", "machines worn out"),
    )
    variables = (
        Variable("effort", "1", "effort of the workers, equal supply and full conviction being one", 1.0),
        Variable("mines_worked", "mines", "mines held and sunk", 1.0),
        Variable("chemical_works_run", "1", "1 when the chemical works run"),
        Variable("works_missing", "million roubles", "what the chemical works still need"),
        Variable("coal_wanted_and_missing", "thousand tonnes", "coal that customers want and do not get"),
    )
    inputs = (Input("coal_demand", "thousand tonnes/month", "coal that railways and works want"),)

    def processes(self) -> Iterable[Process]:
        """Mine, then sell."""
        yield every(self.clock, "work", self.mine)
        yield every(self.clock, "sale", self.sell)

    def mine(self) -> None:
        """Coal y L E (k / k0)^a (1 + phi s): miners, effort, machines a miner, share of settlers."""
        miners = self.stock("people", "miners")
        share = self.board["colonists"] / np.maximum(self.board["employees"], 1.0)
        machines = self.stock("capital", "mines") * 1e6 / np.maximum(miners, 1.0)
        ratio = np.minimum(machines / self.p.machines_first, 8.0)
        effort = self._effort()
        mined = self.p.per_miner * miners * effort * ratio**self.p.machines * (1.0 + self.p.foremen * share)
        run = self.board["chemical_works_run"] > 0.5
        coked = np.where(run, np.minimum(self.p.coal_coked, self.stock("coal", "pithead")), 0.0)
        missing = np.maximum(self.p.works_cost - self.stock("capital", "chemical_works"), 0.0)
        finished = missing <= 1e-9 * self.p.works_cost
        self.ledger.propose("coal_mined", mined / 1e3)
        self.ledger.propose("coal_coked", coked)
        self.ledger.propose("chemicals_made", coked * self.p.coke_yield)
        self.ledger.propose("machines_worn", self.stock("capital", "mines") * 0.1 / 12.0)
        self.board["effort"] = effort
        self.board["mines_worked"] = self.lever("mines") + self.stock("capital", "shafts") / self.p.shaft_cost
        self.board["works_missing"] = missing
        self.board["chemical_works_run"] = finished.astype(float)
        self.context.events.add(self.clock.today, "works", "the chemical works run", finished & ~run)

    def _effort(self) -> Array:
        """Effort: (2 + conviction) / 3 under equal supply; a wage scale adds epsilon ln(sigma^(n - 1))."""
        categories = self.lever("wage_categories") if self.on("wage_scale") else 0.0
        spread = np.maximum(categories - 1.0, 0.0) * np.log(self.p.step)
        return (2.0 + self.board["conviction"]) / 3.0 + self.p.incentive * spread

    def sell(self) -> None:
        """Sell what customers want, but for a month's coal of the works; sell all that the works made."""
        kept = self.p.coal_coked * self.board["chemical_works_run"]
        wanted = self.exogenous("coal_demand")
        there = np.maximum(self.stock("coal", "pithead") - kept, 0.0)
        self.ledger.propose("coal_sold", np.minimum(there, wanted))
        self.ledger.propose("chemicals_sold", self.stock("chemicals", "store"))
        self.board["coal_wanted_and_missing"] = np.maximum(wanted - there, 0.0)
