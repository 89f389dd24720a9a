"""People: births, deaths and deaths in excess of the ordinary, by group (docs/model.md)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from planmodel.kernel import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Lever,
    Parameters,
    every,
    parameter,
    total,
)
from planmodel.kernel.clock import Process

VILLAGE = ("individual_peasants", "kolkhoz_members", "state_farm_workers")
WORKERS = ("heavy_industry_workers", "consumer_goods_workers", "construction_workers", "other_employees")
TOWN = ("town_dependents", *WORKERS)
GROUPS = VILLAGE + TOWN
BORN_INTO = (*VILLAGE, "town_dependents")
UNFREE = ("special_settlers", "camp_inmates")

_MEANING = {
    "individual_peasants": "individual peasants, with families",
    "kolkhoz_members": "kolkhoz members, with families",
    "state_farm_workers": "workers of state farms and MTS, with families",
    "town_dependents": "people in towns who earn no wage",
    "heavy_industry_workers": "workers of heavy industry",
    "consumer_goods_workers": "workers of consumer-goods factories",
    "construction_workers": "workers on construction sites",
    "other_employees": "workers and employees in transport, trade, offices and services",
    "special_settlers": "deported peasants in special settlements",
    "camp_inmates": "inmates of camps and colonies",
}


class PopulationParameters(Parameters):
    """Vital rates."""

    rural_birth_rate: Array = parameter(
        0.0461, unit="1/year", bounds=(0.042, 0.055), symbol=r"b_v",
        meaning="births per head in the village of 1928",
        source="total 45.8 per 1000 in 1928 (Andreev, Darskii, Kharkova 1993); split by residence assumed",
    )  # fmt: skip
    town_birth_rate: Array = parameter(
        0.032, unit="1/year", bounds=(0.024, 0.040), symbol=r"b_t",
        meaning="births per head in the towns of 1928", source="as rural_birth_rate",
    )  # fmt: skip
    rural_death_rate: Array = parameter(
        0.0287, unit="1/year", bounds=(0.022, 0.030), symbol=r"d_v",
        meaning="ordinary deaths per head in the village of 1928",
        source="total 25.6 per 1000 in 1928 (Andreev, Darskii, Kharkova 1993); split by residence assumed",
    )  # fmt: skip
    town_death_rate: Array = parameter(
        0.0221, unit="1/year", bounds=(0.016, 0.026), symbol=r"d_t",
        meaning="ordinary deaths per head in the towns of 1928", source="as rural_death_rate",
    )  # fmt: skip
    health_progress: Array = parameter(
        0.029, unit="1/year", bounds=(0.0, 0.04), symbol=r"\gamma_d",
        meaning="yearly fall of the ordinary death rate",
        source="deaths of 1934-38 against 1928 (Andreev, Darskii, Kharkova 1993)",
    )  # fmt: skip
    birth_elasticity: Array = parameter(
        1.2, unit="1", bounds=(0.2, 1.5), symbol=r"\varepsilon_b",
        meaning="elasticity of births to food nine months earlier", source="assumption",
    )  # fmt: skip
    birth_displacement: Array = parameter(
        0.088, unit="1", bounds=(0.0, 0.5), symbol=r"\delta_b",
        meaning="share of births lost where the whole village is in fear or on the move",
        source="B-34, D-33: separation, displacement; size assumed",
    )  # fmt: skip
    abortion_law_effect: Array = parameter(
        0.099, unit="1", bounds=(0.0, 0.3), symbol=r"\delta_a",
        meaning="rise of births under the ban on abortion",
        source="births of 1937 against 1936 (Andreev, Darskii, Kharkova 1993); B-34",
    )  # fmt: skip
    settler_death_rate: Array = parameter(
        0.035, unit="1/year", bounds=(0.03, 0.15), symbol=r"d_s",
        meaning="deaths per head in special settlements, fed as the village was in 1928",
        source="order of size from Zemskov's stocks and flows", evidence="assumption",
    )  # fmt: skip
    camp_death_rate: Array = parameter(
        0.038, unit="1/year", bounds=(0.02, 0.08), symbol=r"d_c",
        meaning="deaths per head in camps, fed as the village was in 1928",
        source="archival deaths over mean stock 1934-37 and 1939-40", evidence="assumption",
    )  # fmt: skip
    unfree_hunger: Array = parameter(
        2.2, unit="1/year", bounds=(0.3, 6.0), symbol=r"h_u",
        meaning="further deaths of settlers and inmates for each squared point of health wanting",
        source="D-25: convex in health; 15 % of inmates died in 1933 (archival)", evidence="assumption",
    )  # fmt: skip


def _flows() -> Iterable[Flow]:
    for group in GROUPS + UNFREE:
        about = _MEANING[group]
        if group in BORN_INTO:
            yield Flow(f"births_{group}", "people", "births", group, f"births: {about}")
        yield Flow(f"deaths_{group}", "people", group, "deaths", f"ordinary deaths: {about}")
        yield Flow(
            f"excess_deaths_{group}", "people", group, "excess_deaths", f"deaths from hunger: {about}", rank=1
        )


class Population(Component):
    """Births and deaths of all groups."""

    name = "population"
    parameters = PopulationParameters
    commodities = (Commodity("people", "million persons", "persons"),)
    accounts = (
        *(Account("people", group, _MEANING[group]) for group in GROUPS + UNFREE),
        Account("people", "births", "persons born", kind="source"),
        Account("people", "deaths", "persons who died an ordinary death", kind="sink"),
        Account("people", "excess_deaths", "persons who died in excess of the ordinary", kind="sink"),
    )
    flows = tuple(_flows())
    levers = (Lever("abortion_ban", 0.0, (0.0, 1.0), "abortion is forbidden"),)

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._conditions: deque[tuple[Array, Array, float]] = deque(maxlen=9)

    def processes(self) -> Iterable[Process]:
        """Births and deaths of the month."""
        yield every(self.clock, "labour", self.live_and_die)

    def live_and_die(self) -> None:
        """Propose the month's births and deaths.

        b = b0 (1 - delta_b fear) N(-9)^eps (1 + delta_a ban(-9)) / 12,
        d = d0 exp(-gamma t) / 12, with N food per head over need at conception (eight months before).
        """
        village_food, town_food = self.board["village_nutrition"], self.board["town_nutrition"]
        self._conditions.append((village_food.copy(), town_food.copy(), self.lever("abortion_ban")))
        village_then, town_then, ban_then = self._conditions[0]
        years = (self.clock.today - self.clock.start).days / 365.25
        calm = 1.0 - self.p.birth_displacement * np.minimum(self.board["fear"], 1.0)
        law = 1.0 + self.p.abortion_law_effect * ban_then
        health = np.exp(-self.p.health_progress * years)
        births = {
            "village": self.p.rural_birth_rate * calm * village_then**self.p.birth_elasticity * law,
            "town": self.p.town_birth_rate * calm * town_then**self.p.birth_elasticity * law,
        }
        deaths = {"village": self.p.rural_death_rate * health, "town": self.p.town_death_rate * health}
        hunger = {"village": self.board["famine_mortality"], "town": self.board["town_famine_mortality"]}
        for group in GROUPS:
            place = "town" if group in TOWN else "village"
            people = self.stock("people", group)
            if group in BORN_INTO:
                parents = town_population(self) if place == "town" else people
                self.ledger.propose(f"births_{group}", parents * births[place] / 12.0)
            self.ledger.propose(f"deaths_{group}", people * deaths[place] / 12.0)
            self.ledger.propose(f"excess_deaths_{group}", people * hunger[place])
        for group, rate in zip(UNFREE, (self.p.settler_death_rate, self.p.camp_death_rate), strict=True):
            people = self.stock("people", group)
            self.ledger.propose(f"deaths_{group}", people * rate / 12.0)
            want = np.maximum(0.95 - self.board["camp_health"], 0.0)
            toll = np.minimum(self.p.unfree_hunger * want**2 / 12.0, 0.2)
            self.ledger.propose(f"excess_deaths_{group}", people * toll)


def village_population(component: Component) -> Array:
    """Return all people who live off the village, million persons."""
    return total(component.stock("people", group) for group in VILLAGE)


def town_population(component: Component) -> Array:
    """Return all people in towns, million persons."""
    return total(component.stock("people", group) for group in TOWN)
