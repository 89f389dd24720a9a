"""Out of the village and back: samotek, orgnabor, seasonal work, state farms, passports (B-12, B-27 to B-39).

Those who leave on their own account (samotek), who are recruited (orgnabor) and who go for the season are
competing risks of one village. Towns take as many as housing and food allow; those who came last go back
first. Deportation, the fourth way out, stands in ``flows/collectivisation.py``.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Array,
    Component,
    Context,
    Flow,
    Lever,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.sectors.calendar import AWAY
from planmodel.sectors.capital import housing_per_head
from planmodel.sectors.population import VILLAGE, WORKERS, town_population

PEASANTS = ("individual_peasants", "kolkhoz_members")


class MigrationParameters(Parameters):
    """Hazards of leaving and of going back."""

    gap_1928: Array = parameter(
        2.2, unit="1", bounds=(1.2, 3.0), symbol=r"g_0",
        meaning="standard of living of towns over that of the village in 1928",
        source="net movement of 1928 in Allen, Farm to Factory, app. B, eq. 50A", evidence="assumption",
    )  # fmt: skip
    labour_day_norm: Array = parameter(
        250.0, unit="kg/person/year", bounds=(150.0, 350.0), symbol=r"v_0",
        meaning="grain of the labour-day that stands for the income of a peasant of 1928",
        source="grain per head of the village in 1928 (sketch of the balance)", evidence="assumption",
    )  # fmt: skip
    gap_outflow: Array = parameter(
        0.00523, unit="1/year", bounds=(0.005, 0.06), symbol=r"m_1",
        meaning="share of the village that leaves in a year for each point of the gap when every job is open",
        source="0.01875 in the 1930s: Allen, app. B, eq. 50", evidence="assumption",
    )  # fmt: skip
    jobless_outflow: Array = parameter(
        0.14, unit="1", bounds=(0.0, 0.8), symbol=r"m_0",
        meaning="part of that movement which goes on when no job is open",
        source="0.005 against 0.01875: Allen, app. B, eqs 50 and 50A", evidence="assumption",
    )  # fmt: skip
    open_posts: Array = parameter(
        0.12, unit="1", bounds=(0.02, 0.4), symbol=r"j_0",
        meaning="unfilled jobs over workers at which the call of the towns is at half its strength",
        source="B-24, B-45; size assumed",
    )  # fmt: skip
    fear_outflow: Array = parameter(
        0.063, unit="1/year", bounds=(0.0, 0.12), symbol=r"m_f",
        meaning="share of the village that flees in a year of full fear", source="B-27; size assumed",
    )  # fmt: skip
    hunger_outflow: Array = parameter(
        0.113, unit="1/year", bounds=(0.0, 0.2), symbol=r"m_h",
        meaning="share of the village that flees in a year for each point of food wanting",
        source="B-28; size assumed",
    )  # fmt: skip
    crowding: Array = parameter(
        0.122, unit="1", bounds=(0.0, 3.0), symbol=r"\eta_h",
        meaning="power with which housing below that of 1928 keeps people from coming",
        source="B-32, B-33; size assumed",
    )  # fmt: skip
    town_hunger: Array = parameter(
        0.73, unit="1", bounds=(0.0, 3.0), symbol=r"\eta_f",
        meaning="power with which food in towns below that of 1928 keeps people from coming",
        source="B-29, B-32; size assumed",
    )  # fmt: skip
    quota: Array = parameter(
        0.3, unit="1/year", bounds=(0.3, 6.0), symbol=r"\rho_0",
        meaning="quota of organised recruitment in a year over unfilled jobs, at full force",
        source="B-37; size assumed",
    )  # fmt: skip
    recruitment: Array = parameter(
        0.61, unit="1", bounds=(0.4, 0.9), symbol=r"\rho_1",
        meaning="recruits over the quota of organised recruitment",
        source="1.7 of 2.8 million, RSFSR 1938; lines 4144-4156", evidence="transcribed",
    )  # fmt: skip
    arrival: Array = parameter(
        0.88, unit="1", bounds=(0.7, 1.0), symbol=r"\rho_2",
        meaning="recruits who arrive", source="1.5 of 1.7 million, RSFSR 1938; lines 4144-4156",
        evidence="transcribed",
    )  # fmt: skip
    passport_effect: Array = parameter(
        0.204, unit="1", bounds=(0.1, 0.95), symbol=r"\pi",
        meaning="share of unorganised movement that passports stop", source="B-11, B-52; size assumed",
    )  # fmt: skip
    passport_refusal: Array = parameter(
        0.19, unit="1", bounds=(0.0, 0.4), symbol=r"x_p",
        meaning="share of newcomers who are refused a passport or leave before they are asked",
        source="B-52; about a million people left the towns of the first list in 1933", evidence="assumption",
    )  # fmt: skip
    expulsion_time: Array = parameter(
        3.1, unit="months", bounds=(2.0, 18.0), symbol=r"\tau_x",
        meaning="time in which those without a passport leave the towns", source="assumption",
    )  # fmt: skip
    expelled_to_settlements: Array = parameter(
        0.038, unit="1", bounds=(0.0, 0.3), symbol=r"x_s",
        meaning="share of the expelled who are taken to special settlements",
        source="expulsions of 1933 from towns to Siberia; size assumed",
    )  # fmt: skip
    newcomer_time: Array = parameter(
        24.0, unit="months", bounds=(12.0, 72.0), symbol=r"\tau_n",
        meaning="time in which a newcomer strikes roots", source="assumption",
    )  # fmt: skip
    return_base: Array = parameter(
        0.000215, unit="1/year", bounds=(0.0, 0.3), symbol=r"r_0",
        meaning="share of newcomers who go back in a year", source="assumption",
    )  # fmt: skip
    return_pressure: Array = parameter(
        0.68, unit="1/year", bounds=(0.0, 2.0), symbol=r"r_1",
        meaning="further share of newcomers who go back in a year of full pressure on the village",
        source="B-35: workers go home to defend families and land; size assumed",
    )  # fmt: skip
    seasonal_share: Array = parameter(
        0.017, unit="1", bounds=(0.005, 0.04), symbol=r"a_s",
        meaning="share of the village away at the height of the season of 1928",
        source="some four million otkhodniki a year in 1927-29, not all at once", evidence="assumption",
    )  # fmt: skip
    seasonal_call: Array = parameter(
        1.0, unit="1", bounds=(0.0, 4.0), symbol=r"a_c",
        meaning="rise of seasonal work with the call of the towns", source="B-38; size assumed",
    )  # fmt: skip
    seasonal_hold: Array = parameter(
        0.12, unit="1", bounds=(0.0, 0.95), symbol=r"a_k",
        meaning="share of seasonal work that kolkhozes keep from going", source="B-13; size assumed",
    )  # fmt: skip
    seasonal_builders: Array = parameter(
        0.35, unit="1", bounds=(0.1, 0.8), symbol=r"\beta_s",
        meaning="share of seasonal workers who build", source="assumption",
    )  # fmt: skip
    state_farm_base: Array = parameter(
        1.4, unit="million persons", bounds=(0.8, 1.8), symbol=r"l_0",
        meaning="people of state farms, families included, before their grain area and tractors grow",
        source="stock of 1928 less its tractors", evidence="assumption",
    )  # fmt: skip
    state_farm_hands: Array = parameter(
        0.45, unit="million persons/million hectares", bounds=(0.1, 0.6), symbol=r"l_f",
        meaning="people of state farms, families included, for each hectare of grain above that of 1928",
        source="8.0 million people of state farms and MTS in 1939; split assumed",
    )  # fmt: skip
    mts_hands: Array = parameter(
        7.9, unit="persons/tractor", bounds=(3.0, 14.0), symbol=r"l_m",
        meaning="people of state farms and MTS, families included, for each tractor",
        source="8.0 million people of state farms and MTS in 1939; split assumed",
    )  # fmt: skip


class Migration(Component):
    """Movement between village, state farms and towns."""

    name = "migration"
    parameters = MigrationParameters
    flows = (
        *(
            Flow(f"{way}_{group}", "people", group, "town_dependents", f"{what}: {group}", rank=2)
            for way, what in (("samotek", "left for towns on their own"), ("orgnabor", "recruited, arrived"))
            for group in VILLAGE
        ),
        *(
            Flow(
                f"seasonal_{group}",
                "people",
                group,
                "seasonal_workers",
                f"away for the season: {group}",
                rank=2,
            )
            for group in PEASANTS
        ),
        *(
            Flow(
                f"season_over_{group}",
                "people",
                "seasonal_workers",
                group,
                f"back from the season: {group}",
                rank=2,
            )
            for group in PEASANTS
        ),
        *(
            Flow(f"back_to_village_{g}", "people", "town_dependents", g, f"newcomers gone back: {g}", rank=2)
            for g in PEASANTS
        ),
        *(
            Flow(f"expelled_{g}", "people", "town_dependents", g, f"without passport, gone to: {g}", rank=2)
            for g in (*PEASANTS, "special_settlers")
        ),
        *(
            Flow(
                f"to_state_farms_{g}",
                "people",
                g,
                "state_farm_workers",
                f"taken on by farms and MTS: {g}",
                rank=3,
            )
            for g in PEASANTS
        ),
    )
    variables = (
        Variable("organised_recruits", "million persons/month", "recruits of orgnabor who arrived"),
        Variable("town_gap", "1", "standard of living of towns over that of the village", 1.9),
        Variable("town_call", "1", "strength of the call for hands", 0.5),
        Variable("town_room", "1", "how far housing and food let people come", 1.0),
        Variable("newcomers", "million persons", "townspeople who came of late from the village", 2.5),
        Variable("to_expel", "million persons", "townspeople refused a passport, still there"),
        Variable("seasonal_builders", "million persons", "seasonal workers who build"),
    )
    levers = (
        Lever(
            "orgnabor", 0.0, (0.0, 1.0), "organised recruitment: quotas of the jobs that towns cannot fill"
        ),
        Lever("passports", 0.0, (0.0, 1.0), "towns are closed to those without a passport"),
    )
    switches = (Switch("passports", "passports hold people in the village and turn some out of towns"),)

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        self._passports = 0.0  # in force in the month before
        self._housing = housing_per_head(self, town_population(self))  # at the start
        self._state_farms = self.board["state_farm_area"].copy()

    def processes(self) -> Iterable[Process]:
        """People move every month."""
        yield every(self.clock, "production", self.call_hands)
        yield every(self.clock, "labour", self.leave)
        yield every(self.clock, "labour", self.go_back)
        yield every(self.clock, "labour", self.hire_for_state_farms)

    def call_hands(self) -> None:
        """Reckon gap, call and room of the towns, and who builds for the season.

        gap = g0 w / R, with R half food, half grain of the labour-day over v_0; call = J / (J + j0 W);
        room = (h / h0)^eta_h N_t^eta_f.
        """
        earned = self.board["labour_day_value"] / self.p.labour_day_norm
        earned = np.minimum(np.maximum(earned, 0.2), 1.2)
        standard = 0.5 * self.board["village_nutrition"] + 0.5 * earned
        gap = self.p.gap_1928 * self.board["real_wage"] / np.maximum(standard, 0.1)
        self.board["town_gap"] = np.minimum(gap, 6.0)
        open_jobs, workers = self.open_jobs(), total(self.stock("people", group) for group in WORKERS)
        self.board["town_call"] = open_jobs / np.maximum(open_jobs + self.p.open_posts * workers, 1e-9)
        housing = housing_per_head(self, town_population(self)) / self._housing
        housing = np.minimum(np.maximum(housing, 0.05), 1.0)
        food = np.minimum(np.maximum(self.board["town_nutrition"], 0.05), 1.0)
        self.board["town_room"] = housing**self.p.crowding * food**self.p.town_hunger
        self.board["seasonal_builders"] = self.p.seasonal_builders * self.stock("people", "seasonal_workers")

    def open_jobs(self) -> Array:
        """Return jobs offered and not filled, million persons."""
        return total(
            np.maximum(self.board[f"jobs_{group}"] - self.stock("people", group), 0.0) for group in WORKERS
        )

    def _closed(self) -> float:
        return self.lever("passports") if self.on("passports") else 0.0

    def leave(self) -> None:
        """Leave the village by competing risks: in a month p = 1 - exp(-sum of hazards), shared by hazard.

        samotek: (m1 (m0 + (1 - m0) call) max(gap - 1, 0) + mf fear + mh (1 - N)) room (1 - pi passports),
        orgnabor: rho0 rho1 rho2 orgnabor J / V, seasonal: as many as should be away and are not.
        """
        people = {group: self.stock("people", group) for group in VILLAGE}
        village = np.maximum(total(people.values()), 1e-9)
        wanting = np.maximum(1.0 - self.board["village_nutrition"], 0.0)
        call = self.p.jobless_outflow + (1.0 - self.p.jobless_outflow) * self.board["town_call"]
        samotek = self.p.gap_outflow * call * np.maximum(self.board["town_gap"] - 1.0, 0.0)
        samotek = samotek + self.p.fear_outflow * np.minimum(self.board["fear"], 1.0)
        samotek = samotek + self.p.hunger_outflow * wanting
        samotek = samotek * self.board["town_room"] * (1.0 - self.p.passport_effect * self._closed())
        asked = self.p.quota * self.lever("orgnabor") * self.open_jobs()
        orgnabor = asked * self.p.recruitment * self.p.arrival / village
        peasants = np.maximum(total(people[group] for group in PEASANTS), 1e-9)
        away = self.stock("people", "seasonal_workers")
        wanted = self.away_wanted(peasants)
        seasonal = np.maximum(wanted - away, 0.0) / peasants
        hazard = (samotek + orgnabor) / 12.0 + seasonal
        share = -np.expm1(-hazard) / np.maximum(hazard, 1e-12)
        on_their_own, recruited = share * samotek / 12.0, share * orgnabor / 12.0
        for group, number in people.items():
            self.ledger.propose(f"samotek_{group}", number * on_their_own)
            if self.lever("orgnabor"):
                self.ledger.propose(f"orgnabor_{group}", number * recruited)
        season, over = share * seasonal, np.maximum(away - wanted, 0.0) / peasants
        for group in PEASANTS:
            self.ledger.propose(f"seasonal_{group}", people[group] * season)
            self.ledger.propose(f"season_over_{group}", people[group] * over)
        self.board["organised_recruits"] = village * recruited
        self._count_newcomers(village * (on_their_own + recruited))

    def away_wanted(self, peasants: Array) -> Array:
        """Return how many should be away this month: a_s V season (1 + a_c call) (1 - a_k s)."""
        called = 1.0 + self.p.seasonal_call * self.board["town_call"]
        held = 1.0 - self.p.seasonal_hold * self.board["collectivised_share"]
        return np.minimum(self.p.seasonal_share * called * held, 0.1) * AWAY[self.month] * peasants

    def _returning(self) -> Array:
        """Return the newcomers who go back this month, million persons."""
        rate = self.p.return_base + self.p.return_pressure * np.minimum(self.board["pressure"], 1.0)
        return self.board["newcomers"] * rate / 12.0

    def _count_newcomers(self, came: Array) -> None:
        """Count who came of late, and who of them is refused a passport when passports come in force."""
        newcomers, to_expel = self.board["newcomers"], self.board["to_expel"]
        closed = self._closed()
        refused = self.p.passport_refusal * max(closed - self._passports, 0.0) * newcomers
        self._passports = closed
        left = self._returning() + newcomers / self.p.newcomer_time + refused
        self.board["newcomers"] = np.maximum(newcomers + came - left, 0.0)
        self.board["to_expel"] = to_expel * (1.0 - 1.0 / self.p.expulsion_time) + refused
        today, events = self.clock.today, self.context.events
        events.add(today, "migration", "townspeople without a passport begin to be turned out", refused > 0.0)

    def go_back(self) -> None:
        """Newcomers go back to the village; those without a passport are turned out."""
        people = {group: self.stock("people", group) for group in PEASANTS}
        peasants = np.maximum(total(people.values()), 1e-9)
        going = self._returning() / peasants
        for group, number in people.items():
            self.ledger.propose(f"back_to_village_{group}", going * number)
        if np.count_nonzero(self.board["to_expel"]):
            expelled = self.board["to_expel"] / self.p.expulsion_time
            settled = expelled * self.p.expelled_to_settlements
            self.ledger.propose("expelled_special_settlers", settled)
            turned_out = (expelled - settled) / peasants
            for group, number in people.items():
                self.ledger.propose(f"expelled_{group}", turned_out * number)

    def hire_for_state_farms(self) -> None:
        """Take on people for area and tractors of state farms and MTS, within a year: dS = (S* - S) / 12."""
        people = {group: self.stock("people", group) for group in PEASANTS}
        peasants = np.maximum(total(people.values()), 1e-9)
        area = np.maximum(self.board["state_farm_area"] - self._state_farms, 0.0)
        tractors = self.stock("tractors", "farms") / 1000.0  # million
        wanted = self.p.state_farm_base + self.p.state_farm_hands * area + self.p.mts_hands * tractors
        gap = np.maximum(wanted - self.stock("people", "state_farm_workers"), 0.0)
        taken = np.minimum(gap / 12.0, 0.02 * peasants) / peasants
        for group, number in people.items():
            self.ledger.propose(f"to_state_farms_{group}", taken * number)
