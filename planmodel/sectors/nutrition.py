"""Food in the village: stocks that must last, feed before food, and hunger across districts.

A national mean explains neither 1933 nor 1936: what kills is the spread of food over districts, for quotas
strip some and spare others. The village is the residual claimant, so the spread of what is left *follows*
from the spread of harvests and quotas and from how little is left (``spread_of_food``).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.special import ndtri  # scipy.stats would take a second to import

from planmodel.engine import (
    Account,
    Array,
    Component,
    Context,
    Flow,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.sectors.calendar import months_to_harvest, sowing_ahead
from planmodel.sectors.population import village_population

# Classes of districts from the poorest to the richest: shares of the village people, and the mean of a
# standard normal within each class. The poor end is cut finer, for there people die.
WEIGHTS = np.array([0.04, 0.08, 0.12, 0.16, 0.20, 0.20, 0.12, 0.08])
_edges = ndtri(np.concatenate([[0.0], np.cumsum(WEIGHTS)[:-1], [1.0]]))
_density = np.exp(-(_edges**2) / 2.0) / np.sqrt(2.0 * np.pi)
CLASSES = (-np.diff(_density) / WEIGHTS)[:, None]
_WEIGHTS = WEIGHTS[:, None]


class NutritionParameters(Parameters):
    """Needs, the spread over districts, and hunger."""

    grain_need: Array = parameter(
        0.185, unit="tonnes/person/year", bounds=(0.17, 0.24), symbol=r"c_g",
        meaning="grain eaten per village person when there is enough",
        source="188 kg left for food in 1928 by the sketch of the balance, with stocks falling",
        evidence="assumption",
    )  # fmt: skip
    foresight: Array = parameter(
        0.91, unit="1", bounds=(0.4, 1.0), symbol=r"\phi_m",
        meaning="how evenly grain at hand is spread over the months to the harvest; 1 is evenly",
        source="hunger comes in spring, before the new harvest: A-29; size assumed",
    )  # fmt: skip
    feed_floor: Array = parameter(
        0.0373, unit="1", bounds=(0.0, 0.4), symbol=r"\phi_f",
        meaning="share of scarce grain that goes to animals all the same", source="assumption",
    )  # fmt: skip
    harvest_spread: Array = parameter(
        0.129, unit="1", bounds=(0.10, 0.35), symbol=r"s_h",
        meaning="standard deviation of a district's harvest over the mean", source="assumption",
    )  # fmt: skip
    quota_spread: Array = parameter(
        0.224, unit="1", bounds=(0.15, 0.7), symbol=r"s_q",
        meaning="standard deviation of a district's procurement over the mean, harvest apart",
        source="assumption",
    )  # fmt: skip
    trade: Array = parameter(
        0.769, unit="1", bounds=(0.2, 0.9), symbol=r"\theta_m",
        meaning="share of the spread that free trade between districts evens out", source="assumption",
    )  # fmt: skip
    body_lag: Array = parameter(
        5.67, unit="months", bounds=(1.5, 6.0), symbol=r"\tau_b",
        meaning="time in which bodies follow food; deaths come 3-9 months after the shortage",
        source="A-29; lag within the stated range",
    )  # fmt: skip
    hunger_line: Array = parameter(
        2100.0, unit="kcal/person/day", bounds=(1600.0, 2100.0), symbol=r"k_0",
        meaning="food below which mortality rises", source="assumption from nutrition science",
    )  # fmt: skip
    famine_severity: Array = parameter(
        0.902, unit="1/month", bounds=(0.1, 2.0), symbol=r"h_f",
        meaning="hazard of death where there has been no food at all", source="assumption",
    )  # fmt: skip
    famine_convexity: Array = parameter(
        1.92, unit="1", bounds=(1.5, 3.5), symbol=r"p_f",
        meaning="power of the deficit in famine mortality", source="A-29: convex; power assumed",
    )  # fmt: skip
    other_food: Array = parameter(
        161.0, unit="kcal/person/day", bounds=(100.0, 400.0), symbol=r"k_o",
        meaning="vegetables, oil, sugar, fish and gathered food per village person in 1928",
        source="assumption",
    )  # fmt: skip


GRAIN, POTATO, MILK, MEAT = 2900.0, 750.0, 650.0, 2200.0  # kcal/kg: whole flour after milling losses, etc.
MOST = 6000.0  # kcal per person and day that a body can take up; of more, the rest spoils
ENOUGH = 2550.0  # kcal per person and day with grain at the need and 1928's animals and plots
_DAYS = 365.25 / 12.0
_ONE_PERSON = 1e-6  # million persons: a village of fewer eats as one
_DAILY = 1000.0 / _DAYS  # kilograms a day in a tonne a month


class Nutrition(Component):
    """Village food and feed from household barns, bodies by class of district, famine mortality."""

    name = "nutrition"
    parameters = NutritionParameters
    accounts = (
        Account("grain", "village_food", "grain eaten in the village", kind="sink"),
        Account("grain", "feed", "grain fed to animals", kind="sink"),
        Account("grain", "losses", "grain spoiled or eaten by mice", kind="sink"),
    )
    flows = (
        *(
            Flow(f"food_{barn}", "grain", barn, "village_food", f"grain eaten, {barn} barns", rank=1)
            for barn in ("individual", "members")
        ),
        *(
            Flow(f"feed_from_{barn}", "grain", barn, "feed", f"grain fed, {barn} barns", rank=2)
            for barn in ("individual", "members")
        ),
    )
    variables = (
        Variable("village_nutrition", "1", "food per village person over need", 1.0),
        Variable("village_strength", "1", "food on which village bodies have lived, over need", 1.0),
        Variable("village_calories", "kcal/person/day", "food per village person", ENOUGH),
        Variable("food_spread", "1", "coefficient of variation of grain over districts", 0.1),
        Variable("famine_mortality", "1/month", "excess mortality in the village"),
        Variable("field_nutrition", "1", "food over need in the months of field work", 1.0),
        Variable(
            "village_food_need", "million tonnes/month", "grain the village eats when there is enough", 2.1
        ),
        Variable(
            "village_food_need_per_head", "tonnes/person/month", "grain eaten when there is enough", 0.017
        ),
        Variable("village_deficit", "million tonnes/month", "grain wanting below the hunger line"),
    )
    switches = (
        Switch("food_productivity", "hunger lowers the work that people can do and drives builders away"),
    )

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        shape = (len(WEIGHTS), self.ledger.members)
        self._bodies = np.full(shape, ENOUGH)  # kcal a day that bodies have lived on, by class of district

    def processes(self) -> Iterable[Process]:
        """Eat and feed every month."""
        yield every(self.clock, "production", self.reckon)
        yield every(self.clock, "consumption", self.eat)

    def reckon(self) -> None:
        """Reckon what the village would eat if there were enough."""
        self.board["village_food_need"] = village_population(self) * self.p.grain_need / 12.0
        self.board["village_food_need_per_head"] = self.p.grain_need / 12.0

    def spread_of_food(self) -> Array:
        """Return the coefficient of variation of grain left per head over districts.

        cv = sqrt((s_h H)^2 + (s_q Q)^2) / (H - Q - seed) x (1 - theta trade): the same spread of harvests
        and quotas weighs the more, the less is left.
        """
        harvest, taken = self.board["harvest_this_year"], self.board["taken_this_year"]
        seed = self.board["seed_need_individual"] + self.board["seed_need_kolkhoz"]
        left = np.maximum(harvest - taken - seed, 0.12 * harvest + 1.0)
        spread = np.sqrt((self.p.harvest_spread * harvest) ** 2 + (self.p.quota_spread * taken) ** 2)
        return np.minimum(spread / left * (1.0 - self.p.trade * self.board["free_trade"]), 1.2)

    def eat(self) -> None:
        """Food first, feed from what remains, in each class of district; then the toll of hunger."""
        people = np.maximum(village_population(self), _ONE_PERSON)
        # Without full foresight more is eaten in autumn, and hunger comes in spring.
        months = 1.0 + self.p.foresight * (months_to_harvest(self.month) - 1.0)
        seed_kept = self.board["seed_need_individual"] * sowing_ahead(self.month)
        relief = self.ledger.moved("grain_relief")
        own = np.maximum(self.stock("grain", "individual") - seed_kept, 0.0)
        members = np.maximum(self.stock("grain", "members") - relief, 0.0)
        spread = self.spread_of_food() if self.month not in (7, 8) else self.board["food_spread"]
        monthly = (own + members) / months / people  # tonnes per head
        at_hand = monthly * multipliers(spread)
        need = self.p.grain_need / 12.0
        want = self.board["household_feed_need"] / people
        food = np.minimum(at_hand * (1.0 - self.p.feed_floor), need)
        food = np.minimum(food + np.maximum(at_hand - food - want, 0.0), need)
        feed = np.minimum(at_hand - food, want)
        eaten, fed = mean_of_districts(food) * people, mean_of_districts(feed) * people
        share = own / np.maximum(own + members, 1e-9)
        self.ledger.propose("food_individual", eaten * share)
        self.ledger.propose("food_members", eaten * (1.0 - share) + relief)
        self.ledger.propose("feed_from_individual", fed * share)
        self.ledger.propose("feed_from_members", fed * (1.0 - share))
        self.board["food_spread"] = spread
        if np.count_nonzero(relief):
            food = food + self._relief(relief, people)
        self._hunger(food, people)

    def _relief(self, relief: Array, people: Array) -> Array:
        """Share relief among districts by how far their people are below the hunger line."""
        wanting = np.maximum(self.p.hunger_line - self._bodies, 0.0) + 1e-6
        return relief / people * wanting / mean_of_districts(wanting)

    def _hunger(self, grain: Array, people: Array) -> None:
        """Bodies follow food; mortality 1 - exp(-h (1 - body / k0)^p) below k0, by class of district."""
        moved = self.ledger.moved
        plots = moved("potatoes_eaten_village") * POTATO
        energy = plots + moved("milk_village") * MILK + moved("meat_village") * MEAT
        eaten = self.board["plot_use"] * self.p.other_food + energy * _DAILY / people
        calories = np.minimum(grain * (GRAIN * _DAILY) + eaten, MOST)
        self._bodies = self._bodies + (calories - self._bodies) / self.p.body_lag
        deficit = np.maximum(1.0 - self._bodies / self.p.hunger_line, 0.0)
        toll = -np.expm1(-self.p.famine_severity * deficit**self.p.famine_convexity)
        mean = mean_of_districts(calories)
        self.board["village_calories"] = mean
        self.board["village_strength"] = np.minimum(mean_of_districts(self._bodies) / ENOUGH, 1.1)
        self.board["village_nutrition"] = np.minimum(mean / ENOUGH, 1.1)
        self.board["famine_mortality"] = np.minimum(mean_of_districts(toll), 0.25)
        short = np.maximum(self.p.hunger_line - calories, 0.0)
        self.board["village_deficit"] = mean_of_districts(short) * people / (GRAIN * _DAILY)
        if not self.on("food_productivity"):
            self.board["field_nutrition"] = self.zeros + 1.0
        elif self.month in (4, 5, 6):
            # The strength of the people at field work, smoothed over the spring.
            now = np.minimum(mean / ENOUGH, 1.0)
            before = self.board["field_nutrition"]
            self.board["field_nutrition"] = now if self.month == 4 else 0.5 * before + 0.5 * now


def mean_of_districts(rows: Array) -> Array:
    """Return the mean over classes of districts."""
    return total(_WEIGHTS * rows)


def multipliers(spread: Array) -> Array:
    """Return grain per head by class of districts over the mean: lognormal with the given spread."""
    shape = np.exp(np.sqrt(np.log1p(spread**2)) * CLASSES)
    return shape / mean_of_districts(shape)
