"""Money of the colony: no budget funds (E-004); what it earns, what it pays, what it builds with."""

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
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process


class TreasuryParameters(Parameters):
    """Prices, wages and what goes into equipment."""

    coal_price: Array = parameter(
        10.5, unit="roubles/tonne", bounds=(3.0, 20.0), symbol=r"p_c",
        meaning="price of coal", source="assumption",
    )  # fmt: skip
    coke_price: Array = parameter(
        22.0, unit="roubles/tonne", bounds=(5.0, 60.0), symbol=r"p_k",
        meaning="price of coke and by-products", source="assumption",
    )  # fmt: skip
    ration_price: Array = parameter(
        90.0, unit="roubles/ration", bounds=(30.0, 300.0), symbol=r"p_f",
        meaning="price of a person's yearly food", source="assumption",
    )  # fmt: skip
    subscription: Array = parameter(
        600.0, unit="roubles/person", bounds=(100.0, 1500.0), symbol=r"u",
        meaning="what a settler brings in", source="E-003, line 15: a subscription; 300 dollars (recalled)",
        evidence="recalled",
    )  # fmt: skip
    wage: Array = parameter(
        32.0, unit="roubles/month", bounds=(10.0, 90.0), symbol=r"w",
        meaning="wage of a hired worker, and mean wage of settlers under the scale", source="assumption",
    )  # fmt: skip
    keep: Array = parameter(
        0.35, unit="1", bounds=(0.0, 1.0), symbol=r"\theta",
        meaning="share of the money left after wages that buys equipment in a month", source="assumption",
    )  # fmt: skip
    to_works: Array = parameter(
        0.6, unit="1", bounds=(0.0, 1.0), symbol=r"\omega_c",
        meaning="share of equipment for the chemical works until they run", source="assumption",
    )  # fmt: skip
    to_shafts: Array = parameter(
        0.5, unit="1", bounds=(0.0, 1.0), symbol=r"\omega_s",
        meaning="share of other equipment that goes into new shafts while coal is wanted and missing",
        source="assumption",
    )  # fmt: skip
    state_investment: Array = parameter(
        0.15, unit="million roubles/month", bounds=(0.0, 1.0), symbol=r"B",
        meaning="budget money for equipment once the colony is part of a trust",
        source="line 36: the scale of industry expanded; size assumed",
    )  # fmt: skip


class Treasury(Component):
    """Cash of the colony."""

    name = "treasury"
    parameters = TreasuryParameters
    commodities = (Commodity("money", "million roubles", "money"),)
    accounts = (
        Account("money", "colony", "cash of the colony"),
        Account("money", "buyers", "who buys from the colony", kind="source"),
        Account("money", "settlers_abroad", "who comes and brings money", kind="source"),
        Account("money", "budget", "the state budget", kind="source"),
        Account("money", "workers", "wages paid", kind="sink"),
        Account("money", "suppliers", "food and equipment bought", kind="sink"),
    )
    flows = (
        Flow("sales_money", "money", "buyers", "colony", "coal, chemicals and food sold"),
        Flow("subscriptions", "money", "settlers_abroad", "colony", "what settlers brought"),
        Flow("budget_support", "money", "budget", "colony", "money from the state budget"),
        Flow("food_money", "money", "colony", "suppliers", "food bought"),
        Flow("wages", "money", "colony", "workers", "wages", rank=1),
        Flow("equipment_money", "money", "colony", "suppliers", "equipment bought", rank=2),
    )
    variables = (
        Variable("can_pay_for", "persons", "hired workers whom the colony can pay"),
        Variable("subscribed", "persons", "settlers whose subscription was taken in"),
    )
    levers = (Lever("budget_support", 0.0, (0.0, 1.0), "the state budget pays for equipment"),)

    def processes(self) -> Iterable[Process]:
        """Take in what was sold, then pay."""
        yield every(self.clock, "pay", self.take_and_pay)

    def take_and_pay(self) -> None:
        """Take in sales, subscriptions and budget money; pay food, wages, then equipment, from cash at hand.

        Proposals of one phase are settled from its opening stock: what is taken in is paid out next month.
        """
        moved = self.ledger.moved
        sold = moved("coal_sold") * self.p.coal_price + moved("chemicals_sold") * self.p.coke_price
        sales = sold * 1e-3 + moved("food_sold") * self.p.ration_price * 1e-6
        # Who came last month is among the settlers by now.
        brought = (self.board["came_so_far"] - self.board["subscribed"]) * self.p.subscription * 1e-6
        absorbed = self.lever("budget_support") if self.on("absorption") else 0.0
        support = self.p.state_investment * absorbed
        self.ledger.propose("sales_money", sales)
        self.ledger.propose("subscriptions", brought)
        self.ledger.propose("budget_support", support)
        cash = self.stock("money", "colony")
        food = moved("food_bought") * self.p.ration_price * 1e-6
        wages = self._wages()
        left = np.maximum(cash - food - wages, 0.0)
        equipment = np.minimum(self.p.keep * left + support, left)
        self.ledger.propose("food_money", np.minimum(food, cash))
        self.ledger.propose("wages", np.minimum(wages, np.maximum(cash - food, 0.0)))
        self._equip(equipment)
        self.board["subscribed"] = self.board["came_so_far"]
        # What comes in, and a part of what is at hand, is what can be promised.
        self.board["can_pay_for"] = np.maximum(sales + 0.15 * cash - food, 0.0) * 1e6 / self.p.wage

    def _wages(self) -> Array:
        """Return the wage bill: hired workers always, settlers once there is a scale; in million roubles."""
        hired = total(self.stock("people", h) for h in ("miners", "other_hired"))
        waged = float(self.on("wage_scale") and self.lever("wage_categories") > 0.0)
        return (hired + self.board["colonists"] * waged) * self.p.wage * 1e-6

    def _equip(self, bought: Array) -> None:
        """Put equipment into the chemical works until they are complete, into shafts and machines."""
        missing = self.board["works_missing"]
        works = np.minimum(bought * self.p.to_works, missing)
        self.ledger.propose("equipment_money", bought)
        self.ledger.propose("works_added", works)
        more_wanted = self.board["coal_wanted_and_missing"] > 0.0
        shafts = np.where(more_wanted, (bought - works) * self.p.to_shafts, 0.0)
        self.ledger.propose("shafts_sunk", shafts)
        self.ledger.propose("machines_added", bought - works - shafts)
