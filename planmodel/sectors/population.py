"""People: births, deaths and deaths in excess of the ordinary, by group (docs/model.md).

What is reckoned (`Population.vital_events`) and what is booked (`Population.live_and_die`) are apart, so that
documented births and deaths can be put through the same books.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Context,
    Flow,
    Lever,
    Parameters,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.sectors.calendar import years_since_base

VILLAGE = ("individual_peasants", "kolkhoz_members", "state_farm_workers")
WORKERS = ("heavy_industry_workers", "consumer_goods_workers", "construction_workers", "other_employees")
TOWN = ("town_dependents", *WORKERS)
SEASONAL = ("seasonal_workers",)
GROUPS = VILLAGE + SEASONAL + TOWN
BORN_INTO = (*VILLAGE, "town_dependents", "special_settlers")
INMATES = ("camp_inmates", "colony_inmates", "prison_inmates")
UNFREE = ("special_settlers", *INMATES)

_MEANING = {
    "individual_peasants": "individual peasants, with families",
    "kolkhoz_members": "kolkhoz members, with families",
    "state_farm_workers": "workers of state farms and MTS, with families",
    "town_dependents": "people in towns who earn no wage",
    "heavy_industry_workers": "workers of heavy industry",
    "consumer_goods_workers": "workers of consumer-goods factories",
    "construction_workers": "workers on construction sites",
    "other_employees": "workers and employees in transport, trade, offices and services",
    "seasonal_workers": "peasants away from the village for the season, without families",
    "special_settlers": "deported peasants in special settlements",
    "camp_inmates": "inmates of corrective labour camps",
    "colony_inmates": "inmates of corrective labour colonies",
    "prison_inmates": "inmates of prisons, most of them before or on the way to camp or colony",
}


class PopulationParameters(Parameters):
    """Vital rates."""

    rural_birth_rate: Array = parameter(
        0.0467, unit="1/year", bounds=(0.042, 0.055), symbol=r"b_v",
        meaning="births per head in the village of 1928",
        source="total 45.8 per 1000 in 1928 (Andreev, Darskii, Kharkova 1993); split by residence assumed",
    )  # fmt: skip
    town_birth_rate: Array = parameter(
        0.0323, unit="1/year", bounds=(0.024, 0.040), symbol=r"b_t",
        meaning="births per head in the towns of 1928", source="as rural_birth_rate",
    )  # fmt: skip
    rural_death_rate: Array = parameter(
        0.0298, unit="1/year", bounds=(0.022, 0.030), symbol=r"d_v",
        meaning="ordinary deaths per head in the village of 1928",
        source="total 25.6 per 1000 in 1928 (Andreev, Darskii, Kharkova 1993); split by residence assumed",
    )  # fmt: skip
    town_death_rate: Array = parameter(
        0.0218, unit="1/year", bounds=(0.016, 0.026), symbol=r"d_t",
        meaning="ordinary deaths per head in the towns of 1928", source="as rural_death_rate",
    )  # fmt: skip
    health_progress: Array = parameter(
        0.0305, unit="1/year", bounds=(0.0, 0.04), symbol=r"\gamma_d",
        meaning="yearly fall of the ordinary death rate",
        source="deaths of 1934-38 against 1928 (Andreev, Darskii, Kharkova 1993)",
    )  # fmt: skip
    birth_elasticity: Array = parameter(
        1.2, unit="1", bounds=(0.2, 1.5), symbol=r"\varepsilon_b",
        meaning="elasticity of births to food nine months earlier", source="assumption",
    )  # fmt: skip
    birth_displacement: Array = parameter(
        0.057, unit="1", bounds=(0.0, 0.5), symbol=r"\delta_b",
        meaning="share of births lost where the whole village is in fear or on the move",
        source="B-34, D-33: separation, displacement; size assumed",
    )  # fmt: skip
    abortion_law_effect: Array = parameter(
        0.13, unit="1", bounds=(0.0, 0.3), symbol=r"\delta_a",
        meaning="rise of births under the ban on abortion",
        source="births of 1937 against 1936 (Andreev, Darskii, Kharkova 1993); B-34",
    )  # fmt: skip
    frail: Array = parameter(
        0.146, unit="1", bounds=(0.0, 0.5), symbol=r"\phi_d",
        meaning="share of those who died of hunger who would have died within the next years all the same",
        source="ordinary deaths of 1934-36 below those before the famine (Andreev, Darskii, Kharkova 1993)",
        evidence="assumption",
    )  # fmt: skip
    frail_years: Array = parameter(
        3.1, unit="years", bounds=(1.0, 6.0), symbol=r"\tau_d",
        meaning="years over which the deaths brought forward by famine are missing afterwards",
        source="assumption",
    )  # fmt: skip
    settler_birth_rate: Array = parameter(
        0.018, unit="1/year", bounds=(0.01, 0.035), symbol=r"b_s",
        meaning="births per head in special settlements",
        source="0.23 million births in 1932-40 on about 1 million settlers (Zemskov)", evidence="assumption",
    )  # fmt: skip
    settler_death_rate: Array = parameter(
        0.04, unit="1/year", bounds=(0.01, 0.15), symbol=r"d_s",
        meaning="deaths per head in special settlements, fed as the village was in 1928",
        source="order of size from Zemskov's stocks and flows", evidence="assumption",
    )  # fmt: skip
    camp_death_rate: Array = parameter(
        0.0336, unit="1/year", bounds=(0.015, 0.08), symbol=r"d_c",
        meaning="deaths per head in camps, fed as the village was in 1928",
        source="archival deaths over mean stock 1934-37 and 1939-40", evidence="assumption",
    )  # fmt: skip
    unfree_hunger: Array = parameter(
        4.28, unit="1/year", bounds=(0.3, 6.0), symbol=r"h_u",
        meaning="further deaths of settlers and inmates for each squared point of health wanting",
        source="D-25: convex in health; 15 % of inmates died in 1933 (archival)", evidence="assumption",
    )  # fmt: skip
    health_line: Array = parameter(
        0.88, unit="1", bounds=(0.7, 1.0), symbol=r"z_0",
        meaning="health below which settlers and inmates die of want", source="D-25; size assumed",
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
    variables = (
        Variable(
            "deaths_forestalled", "million persons", "deaths that famine brought forward, still to come"
        ),
    )
    levers = (Lever("abortion_ban", 0.0, (0.0, 1.0), "abortion is forbidden"),)

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        self._conditions: deque[tuple[Array, Array, float]] = deque(maxlen=9)

    def processes(self) -> Iterable[Process]:
        """Births and deaths of the month."""
        yield every(self.clock, "labour", self.live_and_die)
        yield every(self.clock, "money", self.count_forestalled)

    def live_and_die(self) -> None:
        """Book the month's births and deaths."""
        for flow, amount in self.vital_events().items():
            self.ledger.propose(flow, amount)

    def vital_events(self) -> dict[str, Array]:
        """Return the month's births and deaths by flow, million persons; no excess deaths where none hungers.

        b = b0 (1 - delta_b fear) N(-9)^eps (1 + delta_a ban(-9)) / 12,
        d = d0 exp(-gamma t) / 12, less what famine brought forward,
        with N food on which bodies had lived, over need, at conception (eight months before).
        """
        births, deaths = self._births(), self._ordinary_deaths()
        people = {group: self.stock("people", group) for group in GROUPS}
        home, town = total(people[group] for group in VILLAGE), total(people[group] for group in TOWN)
        # Who is away for the season has a family at home.
        away = total(people[group] for group in SEASONAL) / np.maximum(home, 1e-9)
        born = births["village"] / 12.0 * (1.0 + away)
        events = {f"births_{group}": people[group] * born for group in VILLAGE}
        events["births_town_dependents"] = town * births["town"] / 12.0
        for place, groups, hunger in (
            ("village", VILLAGE, self.board["famine_mortality"]),
            ("town", SEASONAL + TOWN, self.board["town_famine_mortality"]),
        ):
            rate = deaths[place] / 12.0
            events |= {f"deaths_{group}": people[group] * rate for group in groups}
            if np.count_nonzero(hunger):
                events |= {f"excess_deaths_{group}": people[group] * hunger for group in groups}
        return events | self._unfree_events()

    def _births(self) -> dict[str, Array]:
        """Return births per head and year in village and towns."""
        village_food, town_food = self.board["village_strength"], self.board["town_nutrition"]
        self._conditions.append((village_food.copy(), town_food.copy(), self.lever("abortion_ban")))
        village_then, town_then, ban_then = self._conditions[0]
        calm = 1.0 - self.p.birth_displacement * np.minimum(self.board["fear"], 1.0)
        common = calm * (1.0 + self.p.abortion_law_effect * ban_then)
        return {
            "village": self.p.rural_birth_rate * common * village_then**self.p.birth_elasticity,
            "town": self.p.town_birth_rate * common * town_then**self.p.birth_elasticity,
        }

    def _ordinary_deaths(self) -> dict[str, Array]:
        """Return ordinary deaths per head and year in village and towns, fewer after a famine."""
        years = years_since_base(self.clock.today)
        health = np.exp(-self.p.health_progress * years)
        home = np.maximum(village_population(self), 1e-9)
        missing = self.board["deaths_forestalled"] / self.p.frail_years / home
        return {
            "village": np.maximum(self.p.rural_death_rate * health - missing, 0.0),
            "town": self.p.town_death_rate * health,
        }

    def _unfree_events(self) -> dict[str, Array]:
        """Return births and deaths of settlers and inmates; want of health kills convexly (D-25)."""
        settlers = self.stock("people", "special_settlers")
        events = {"births_special_settlers": settlers * self.p.settler_birth_rate / 12.0}
        for groups, rate, health in (
            (("special_settlers",), self.p.settler_death_rate, self.board["settlement_health"]),
            (INMATES, self.p.camp_death_rate, self.board["camp_health"]),
        ):
            want = np.maximum(self.p.health_line - health, 0.0)
            toll = np.minimum(self.p.unfree_hunger * want**2 / 12.0, 0.2)
            hungry = np.count_nonzero(toll)
            for group in groups:
                people = self.stock("people", group)
                events[f"deaths_{group}"] = people * rate / 12.0
                if hungry:
                    events[f"excess_deaths_{group}"] = people * toll
        return events

    def count_forestalled(self) -> None:
        """Count deaths that famine brought forward: dB = phi E - B / tau."""
        died = total(self.ledger.moved(f"excess_deaths_{group}") for group in VILLAGE)
        owed = self.board["deaths_forestalled"]
        fading = 1.0 - 1.0 / (12.0 * self.p.frail_years)
        self.board["deaths_forestalled"] = owed * fading + self.p.frail * died


def village_population(component: Component) -> Array:
    """Return all people who live off the village, million persons."""
    return total(component.stock("people", group) for group in VILLAGE)


def town_population(component: Component) -> Array:
    """Return all people in towns, million persons."""
    return total(component.stock("people", group) for group in TOWN)


def fed_in_towns(component: Component) -> Array:
    """Return all people who eat in towns: townspeople and those who work away for the season."""
    return town_population(component) + component.stock("people", "seasonal_workers")
