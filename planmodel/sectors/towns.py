"""Towns as claimants on food: the ration, what is eaten, and hunger."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Account, Array, Component, Flow, Parameters, Variable, every, parameter
from planmodel.engine.clock import Process
from planmodel.sectors.population import fed_in_towns


class TownParameters(Parameters):
    """What townspeople need."""

    ration: Array = parameter(
        0.368, unit="tonnes/person/year", bounds=(0.24, 0.40), symbol=r"c_t",
        meaning="grain per townsperson that the state means to supply",
        source="about 0.39 t of state grain per townsperson in 1928 for all uses (sketch)",
        evidence="assumption",
    )  # fmt: skip
    bread_instead: Array = parameter(
        0.997, unit="1", bounds=(0.0, 1.0), symbol=r"\sigma_b",
        meaning="share of the energy wanting in other food that townspeople make up by bread sold freely",
        source="without cards bread takes the place of meat and milk (family budgets); size assumed",
    )  # fmt: skip
    town_hunger_line: Array = parameter(
        0.54, unit="1", bounds=(0.5, 0.8), symbol=r"k_t",
        meaning="food over that of 1928 below which townspeople die of want", source="assumption",
    )  # fmt: skip
    town_severity: Array = parameter(
        0.1, unit="1/month", bounds=(0.0, 0.3), symbol=r"h_t",
        meaning="monthly mortality of townspeople without any food", source="assumption",
    )  # fmt: skip


class Towns(Component):
    """Town food: state grain, animal products and the market together (sketch.md, point 2)."""

    name = "towns"
    parameters = TownParameters
    accounts = (
        Account("grain", "town", "grain in the ration pipeline and town stores"),
        Account("grain", "town_food", "grain eaten in towns", kind="sink"),
    )
    flows = (Flow("food_town", "grain", "town", "town_food", "grain eaten in towns"),)
    variables = (
        Variable("town_grain_claim", "million tonnes/month", "state grain that towns need", 0.55),
        Variable("town_nutrition", "1", "food per townsperson over that of 1928", 1.0),
        Variable("other_town_food_wanting", "1", "animal food and potatoes wanting in towns, over all food"),
        Variable("town_famine_mortality", "1/month", "excess mortality in towns"),
    )

    def processes(self) -> Iterable[Process]:
        """Reckon the claim, eat what came."""
        yield every(self.clock, "production", self.claim)
        yield every(self.clock, "consumption", self.eat)

    def claim(self) -> None:
        """Towns claim what they would eat, less what is in their stores beyond a month's need."""
        need = self.wanted()
        spare = np.maximum(self.stock("grain", "town") - need, 0.0)
        self.board["town_grain_claim"] = np.maximum(need - spare, 0.0)

    def wanted(self) -> Array:
        """Bread wanted: the ration; without cards more where other food is wanting.

        Ration x (1 + sigma (1 - cards) other food wanting / 0.6), for 0.6 is the share of grain in calories.
        """
        ration = fed_in_towns(self) * self.p.ration / 12.0
        free = 1.0 - self.lever("cards_bread")
        return ration * (1.0 + self.p.bread_instead * free * self.board["other_town_food_wanting"] / 0.6)

    def eat(self) -> None:
        """Eat grain up to a little over what is wanted; food in all is grain, animal products and potatoes.

        F = 0.60 grain/ration + 0.27 animal + 0.13 potatoes, each per head and 1928 = 1: shares of calories.
        """
        people = np.maximum(fed_in_towns(self), 1e-6)  # towns of less than one person eat as one
        need = people * self.p.ration / 12.0
        eaten = np.minimum(self.stock("grain", "town"), self.wanted() * 1.1)
        self.ledger.propose("food_town", eaten)
        moved = self.ledger.moved
        animal = (moved("meat_town") * 2200.0 + moved("milk_town") * 650.0) / people / 13.0  # 1928: 13
        potatoes = moved("potatoes_to_towns") / people / 0.0176
        other = 0.27 * np.minimum(animal, 2.0) + 0.13 * np.minimum(potatoes, 2.0)
        wanting = np.maximum(0.40 - other, 0.0)
        before = self.board["other_town_food_wanting"]
        self.board["other_town_food_wanting"] = before + (wanting - before) / 12.0
        food = 0.60 * eaten / need + other
        smooth = 0.75 * self.board["town_nutrition"] + 0.25 * food
        self.board["town_nutrition"] = smooth
        deficit = np.maximum(1.0 - smooth / self.p.town_hunger_line, 0.0)
        self.board["town_famine_mortality"] = np.minimum(self.p.town_severity * deficit**2, 0.1)
