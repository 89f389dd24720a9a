"""From society to prison and to death by sentence: arrests under penal law, terror, arrests for hands.

Penal law takes more where people hunger (D-4). Political arrests lead to further arrests where confessions
must name accomplices and nobody stops it, and end with the people whom they can reach (D-12); the apparatus
can make so many in a month (D-8); summary courts send a part to death. A camp economy that is planned calls
for hands, for its losses and for work that nobody takes (D-16, D-22). Leaving a job becomes a crime (B-54).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Array,
    Component,
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
from planmodel.sectors.population import WORKERS

# Who is arrested: the weights are hazards relative to kolkhoz members; workers are spared (D-9).
WEIGHTS = {
    "individual_peasants": 2.0,
    "kolkhoz_members": 1.0,
    "town_dependents": 0.5,
    "other_employees": 1.6,
    "heavy_industry_workers": 0.5,
}


class RepressionParameters(Parameters):
    """Arrest and sentence."""

    penal_hazard: Array = parameter(
        0.0005, unit="1/year", bounds=(0.0003, 0.03), symbol=r"a_0",
        meaning="people imprisoned in a year under ordinary penal law, over the exposed",
        source="archival stocks of 1930-34; size assumed",
    )  # fmt: skip
    law_hazard: Array = parameter(
        0.00672, unit="1/year", bounds=(0.0, 0.02), symbol=r"a_l",
        meaning="further people imprisoned in a year under the harsher penal law at full force",
        source="archival arrivals of 1934-40; size assumed",
    )  # fmt: skip
    hunger_arrests: Array = parameter(
        0.0142, unit="1/year", bounds=(0.0, 0.04), symbol=r"a_h",
        meaning="further share for each point of food wanting under the law of 7 August 1932",
        source="D-4, A-45; size assumed",
    )  # fmt: skip
    long_terms: Array = parameter(
        0.181, unit="1", bounds=(0.1, 0.9), symbol=r"\kappa_c",
        meaning="share of sentences under ordinary law that are long enough for a camp",
        source="D-20: colonies up to three years; size assumed",
    )  # fmt: skip
    political_arrests: Array = parameter(
        0.0073, unit="million persons/month", bounds=(0.002, 0.03), symbol=r"T_0",
        meaning="political arrests of a month that no other arrest calls for",
        source="0.06 to 0.08 million political convictions in 1934, 1939 and 1940 (Popov)",
        evidence="assumption",
    )  # fmt: skip
    resistance_arrests: Array = parameter(
        0.0074, unit="million persons/month", bounds=(0.0, 0.06), symbol=r"T_r",
        meaning="further political arrests of a month while peasants are deported",
        source="D-1; 0.14 to 0.24 million political convictions in 1930-33 (Popov)", evidence="assumption",
    )  # fmt: skip
    contagion: Array = parameter(
        1.71, unit="1", bounds=(0.8, 2.5), symbol=r"\rho_T",
        meaning="arrests that an arrest leads to within a month when confessions must name accomplices",
        source="D-12; size from convictions of 1935-38 (Popov)", evidence="assumption",
    )  # fmt: skip
    suspects: Array = parameter(
        1.95, unit="million persons", bounds=(0.8, 9.0), symbol=r"S_0",
        meaning="people whose past makes them suspect: former kulaks, oppositions, prisoners, foreign ties",
        source="D-12, D-17: contagion needs people whom it can reach; size assumed",
    )  # fmt: skip
    suspicion_time: Array = parameter(
        8.0, unit="years", bounds=(3.0, 20.0), symbol=r"\tau_S",
        meaning="years in which arrested suspects are replaced by new ones", source="assumption",
    )  # fmt: skip
    terror_decay: Array = parameter(
        0.9, unit="1/month", bounds=(0.1, 2.0), symbol=r"\delta_T",
        meaning="fall of contagious arrests once they are stopped from above", source="D-6; size assumed",
    )  # fmt: skip
    terror_limit: Array = parameter(
        0.285, unit="million persons/month", bounds=(0.05, 0.6), symbol=r"T_x",
        meaning="contagious arrests that the apparatus can make in a month", source="D-8; size assumed",
    )  # fmt: skip
    executed: Array = parameter(
        0.523, unit="1", bounds=(0.1, 0.8), symbol=r"x_T",
        meaning="share of political arrests that summary courts at full force send to death",
        source="0.68 million shot in 1937-38, nearly all from August 1937 to November 1938 (Popov)",
        evidence="assumption",
    )  # fmt: skip
    camp_demand: Array = parameter(
        0.478, unit="1", bounds=(0.0, 1.0), symbol=r"a_d",
        meaning="share of those who leave or die in camps whom arrests replace, because hands are planned",
        source="D-16, D-22; size assumed",
    )  # fmt: skip
    camp_call: Array = parameter(
        0.002, unit="1", bounds=(0.0, 0.2), symbol=r"a_v",
        meaning="arrests for each job that towns cannot fill", source="D-21, D-22; size assumed",
    )  # fmt: skip
    quitters_convicted: Array = parameter(
        0.04, unit="1", bounds=(0.0, 0.15), symbol=r"a_q",
        meaning="share of changes of job that bring prison where leaving a job is a crime",
        source="some 0.3 million imprisoned in the second half of 1940 for leaving", evidence="assumption",
    )  # fmt: skip


class Repression(Component):
    """Arrests and executions of the month."""

    name = "repression"
    parameters = RepressionParameters
    flows = (
        *(Flow(f"arrests_{g}", "people", g, "prison_inmates", f"arrested: {g}", rank=2) for g in WEIGHTS),
        *(
            Flow(f"executed_{g}", "people", g, "excess_deaths", f"shot by sentence: {g}", rank=2)
            for g in WEIGHTS
        ),
        *(
            Flow(f"quitters_{g}", "people", g, "prison_inmates", f"imprisoned for leaving a job: {g}", rank=4)
            for g in WORKERS
        ),
    )
    variables = (
        Variable("terror", "million persons/month", "political arrests, those shot included"),
        Variable("contagious_arrests", "million persons/month", "political arrests that others led to"),
        Variable("suspects_reached", "million persons", "suspects arrested and not yet replaced by others"),
        Variable("arrested_long", "million persons/month", "arrested and bound for camps"),
        Variable("arrested_quitters", "million persons/month", "imprisoned for leaving a job"),
    )
    levers = (
        Lever("penal_law", 0.0, (0.0, 1.0), "theft of collective property brings camp or death"),
        Lever("mass_arrests", 0.0, (0.0, 1.0), "arrests must lead to arrests"),
        Lever("summary_courts", 0.0, (0.0, 1.0), "troikas pass death sentences by quota"),
        Lever("camp_economy", 0.0, (0.0, 1.0), "inmates are planned as labour"),
        Lever("labour_penal_law", 0.0, (0.0, 1.0), "leaving a job brings prison"),
    )
    switches = (Switch("terror_contagion", "arrests spread by themselves"),)

    def processes(self) -> Iterable[Process]:
        """Arrest every month."""
        yield every(self.clock, "labour", self.arrest)

    def arrest(self) -> None:
        """Propose arrests and executions, shared out by exposure."""
        political = self._political()
        people = {group: self.stock("people", group) * weight for group, weight in WEIGHTS.items()}
        exposed = np.maximum(total(people.values()), 1e-9)
        common, hands = self._common(exposed), self._for_hands()
        shot = political * self.p.executed * self.lever("summary_courts")
        taken = common + political - shot + hands
        arrests, executions = taken / exposed, shot / exposed
        for group, number in people.items():
            self.ledger.propose(f"arrests_{group}", number * arrests)
            if self.lever("summary_courts"):
                self.ledger.propose(f"executed_{group}", number * executions)
        self.board["arrested_long"] = common * self.p.long_terms + political - shot + hands
        self.board["arrested_quitters"] = self._imprison_quitters()

    def _common(self, exposed: Array) -> Array:
        """Arrests under penal law: (a0 economy + law (al + ah (1 - N))) x exposed / 12."""
        wanting = np.maximum(1.0 - self.board["village_nutrition"], 0.0)
        law = self.lever("penal_law") * (self.p.law_hazard + self.p.hunger_arrests * wanting)
        return (self.p.penal_hazard * self.lever("camp_economy") + law) * exposed / 12.0

    def _for_hands(self) -> Array:
        """Arrests because work is planned: what camps lose, and jobs that nobody fills (D-16, D-22)."""
        wanted = self.p.camp_demand * self.board["camp_losses"]
        wanted = wanted + self.p.camp_call * self.board["vacancies"]
        return np.minimum(wanted * self.lever("camp_economy"), 0.5)

    def _imprison_quitters(self) -> Array:
        """Imprison a share of the changes of job; return how many workers that is in all."""
        law = self.lever("labour_penal_law")
        if not law:
            return self.zeros
        rate = self.p.quitters_convicted * law * self.board["labour_turnover"] / 12.0
        quitters = {group: self.stock("people", group) * rate for group in WORKERS}
        for group, number in quitters.items():
            self.ledger.propose(f"quitters_{group}", number)
        return total(quitters.values())

    def _political(self) -> Array:
        """Political arrests: T = T0 + Tr (deportation on) + C, with C the contagious ones.

        While arrests must lead to arrests (m > 0): C <- min(rho m (S / S0) T, Tx); else C <- C exp(-delta).
        S, the suspects not yet reached, falls by T and is replaced in tau_S years.
        """
        contagious, reached = self.board["contagious_arrests"], self.board["suspects_reached"]
        left = np.maximum(self.p.suspects - reached, 0.0)
        driven = self.lever("mass_arrests") if self.on("terror_contagion") else 0.0
        if driven > 0.0:
            led_to = self.p.contagion * driven * left / self.p.suspects * self.board["terror"]
            contagious = np.minimum(np.minimum(led_to, self.p.terror_limit), left)
        else:
            contagious = contagious * np.exp(-self.p.terror_decay)
        resistance = self.p.resistance_arrests * min(self.lever("dekulakisation"), 1.0)
        terror = self.p.political_arrests + resistance + contagious
        fading = np.exp(-1.0 / (12.0 * self.p.suspicion_time))
        self.board["contagious_arrests"] = contagious
        self.board["suspects_reached"] = reached * fading + contagious
        self.board["terror"] = terror
        return terror
