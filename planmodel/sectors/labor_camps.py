"""Labour camps, colonies and special settlements: intake, health, deaths, release, and work.

Intake comes from the penal law, which hunger feeds (D-4), from a terror that spreads by itself while nobody
stops it (D-12), and from the demand for hands (D-16, D-22); the railways limit it (D-6). Rations make health,
and mortality is convex in its want (D-25). The numbers are those of the archives; the much higher estimates
made before the archives opened are another set of parameters, not another model.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.kernel import (
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
from planmodel.kernel.clock import Process
from planmodel.sectors.population import UNFREE

# Who is arrested: the weights are hazards relative to kolkhoz members; workers are spared (D-9).
WEIGHTS = {
    "individual_peasants": 2.0,
    "kolkhoz_members": 1.0,
    "town_dependents": 0.5,
    "other_employees": 1.6,
    "heavy_industry_workers": 0.5,
}


class CampParameters(Parameters):
    """Intake, rations, release and work of the unfree."""

    camp_ration: Array = parameter(
        0.25, unit="tonnes/person/year", bounds=(0.15, 0.40), symbol=r"c_c",
        meaning="grain per inmate and settler that the state means to supply",
        source="300 to 930 g of bread a day; lines 9072-9085", evidence="assumption",
    )  # fmt: skip
    penal_hazard: Array = parameter(
        0.0012, unit="1/year", bounds=(0.0003, 0.004), symbol=r"a_0",
        meaning="share of the people sent to camps and colonies in a year under ordinary penal law",
        source="archival arrivals; size assumed",
    )  # fmt: skip
    hunger_arrests: Array = parameter(
        0.0098, unit="1/year", bounds=(0.0, 0.04), symbol=r"a_h",
        meaning="further share for each point of food wanting under the law of 7 August 1932",
        source="D-4, A-45; size assumed",
    )  # fmt: skip
    contagion: Array = parameter(
        0.28, unit="1/month", bounds=(0.05, 0.5), symbol=r"\rho_T",
        meaning="growth of terror while confessions must name accomplices and nobody stops it",
        source="D-12; size assumed",
    )  # fmt: skip
    terror_decay: Array = parameter(
        0.3, unit="1/month", bounds=(0.1, 0.9), symbol=r"\delta_T",
        meaning="fall of terror once it is stopped from above", source="D-6; size assumed",
    )  # fmt: skip
    terror_limit: Array = parameter(
        0.0049, unit="1/year", bounds=(0.002, 0.02), symbol=r"T_x",
        meaning="share of the people arrested in a year at the height of terror",
        source="0.79 and 0.55 million political convictions in 1937 and 1938", evidence="assumption",
    )  # fmt: skip
    executed: Array = parameter(
        0.45, unit="1", bounds=(0.1, 0.6), symbol=r"x_T",
        meaning="share of those arrested in terror who are shot while summary courts sit",
        source="0.35 and 0.33 million in 1937 and 1938 (Popov)", evidence="assumption",
    )  # fmt: skip
    camp_demand: Array = parameter(
        0.38, unit="1", bounds=(0.0, 0.8), symbol=r"a_d",
        meaning="share of releases and deaths that the demand for hands replaces",
        source="D-16, D-22; size assumed",
    )  # fmt: skip
    camp_transport: Array = parameter(
        0.11, unit="million persons/month", bounds=(0.04, 0.25), symbol=r"T_c",
        meaning="people that can be taken to camps in a month", source="D-6; size assumed",
    )  # fmt: skip
    camp_release: Array = parameter(
        0.25, unit="1/year", bounds=(0.15, 0.5), symbol=r"r_c",
        meaning="releases and escapes over the number of inmates",
        source="0.17 to 0.45 in 1934-40, archival flows", evidence="assumption",
    )  # fmt: skip
    settler_escape: Array = parameter(
        0.048, unit="1/year", bounds=(0.02, 0.25), symbol=r"e_s",
        meaning="escapes and releases over the number of settlers",
        source="order of size from Zemskov's stocks and flows", evidence="assumption",
    )  # fmt: skip
    camp_work: Array = parameter(
        0.35, unit="1", bounds=(0.2, 0.9), symbol=r"\phi_c",
        meaning="work of an inmate relative to a free builder",
        source="D-24: below free labour; size assumed",
    )  # fmt: skip
    camp_builders: Array = parameter(
        0.11, unit="1", bounds=(0.1, 0.6), symbol=r"\beta_c",
        meaning="share of inmates and settlers who build",
        source="D-29: the NKVD led 18 % of planned investment in 1941; size assumed",
    )  # fmt: skip


class LaborCamps(Component):
    """The unfree: how many, how they live and die, what they build."""

    name = "labor_camps"
    parameters = CampParameters
    flows = (
        *(
            Flow(f"arrests_{group}", "people", group, "camp_inmates", f"sent to camps: {group}", rank=2)
            for group in WEIGHTS
        ),
        *(
            Flow(f"executed_{group}", "people", group, "excess_deaths", f"shot in terror: {group}", rank=2)
            for group in WEIGHTS
        ),
        Flow(
            "camp_releases",
            "people",
            "camp_inmates",
            "town_dependents",
            "released from camps or fled",
            rank=2,
        ),
        Flow(
            "settler_escapes",
            "people",
            "special_settlers",
            "kolkhoz_members",
            "settlers fled or released",
            rank=2,
        ),
    )
    variables = (
        Variable("camp_grain_claim", "million tonnes/month", "state grain for camps and settlements"),
        Variable("camp_health", "1", "rations received over claimed, smoothed", 1.0),
        Variable("terror", "1/year", "share of the people arrested in terror in a year"),
        Variable("camp_builders", "million persons", "free builders whose work the unfree do"),
    )
    levers = (
        Lever("penal_law", 0.0, (0.0, 1.0), "theft of collective property brings camp or death"),
        Lever("mass_arrests", 0.0, (0.0, 1.0), "arrests must lead to arrests"),
        Lever("summary_courts", 0.0, (0.0, 1.0), "troikas pass death sentences by quota"),
        Lever("camp_economy", 0.0, (0.0, 1.0), "inmates are planned as labour"),
    )
    switches = (
        Switch("camp_labour", "inmates and settlers build for the plan"),
        Switch("terror_contagion", "arrests spread by themselves"),
    )

    def processes(self) -> Iterable[Process]:
        """Claim rations, then feel them; arrest, transport, release."""
        yield every(self.clock, "production", self.claim)
        yield every(self.clock, "consumption", self.live)
        yield every(self.clock, "labour", self.arrest)

    def claim(self) -> None:
        """Claim rations for inmates and settlers, and offer their work."""
        unfree = total(self.stock("people", group) for group in UNFREE)
        self.board["camp_grain_claim"] = unfree * self.p.camp_ration / 12.0
        planned = self.lever("camp_economy") if self.on("camp_labour") else 0.0
        self.board["camp_builders"] = unfree * self.p.camp_builders * self.p.camp_work * planned

    def live(self) -> None:
        """Health follows rations received over rations claimed, within about three months."""
        got = self.ledger.moved("grain_to_camps") / np.maximum(self.board["camp_grain_claim"], 1e-9)
        village = np.minimum(self.board["village_nutrition"], 1.0)
        now = np.where(self.board["camp_grain_claim"] > 1e-9, np.clip(got, 0.0, 1.0), 1.0)
        # What a camp gets beside the ration is as scarce as food around it.
        now = 0.5 * now + 0.5 * village
        self.board["camp_health"] = self.board["camp_health"] + (now - self.board["camp_health"]) / 3.0

    def arrest(self) -> None:
        """Arrests = a0 + ah law (1 - N) + T, and a part of those lost; dT = rho T while nobody stops it."""
        people = {group: self.stock("people", group) * weight for group, weight in WEIGHTS.items()}
        exposed = total(people.values())
        wanting = np.maximum(1.0 - self.board["village_nutrition"], 0.0)
        terror = self._spread()
        inmates = self.stock("people", "camp_inmates")
        gone = inmates * self.p.camp_release / 12.0
        ordinary = self.p.penal_hazard * self.lever("camp_economy")
        ordinary = ordinary + self.p.hunger_arrests * self.lever("penal_law") * wanting
        shot = terror / 12.0 * exposed * self.p.executed * self.lever("summary_courts")
        taken = (
            (ordinary + terror) / 12.0 * exposed
            - shot
            + self.p.camp_demand * gone * self.lever("camp_economy")
        )
        taken = np.minimum(taken, self.p.camp_transport)
        for group, number in people.items():
            share = number / np.maximum(exposed, 1e-9)
            self.ledger.propose(f"arrests_{group}", taken * share)
            self.ledger.propose(f"executed_{group}", shot * share)
        self.ledger.propose("camp_releases", gone)
        escapes = self.stock("people", "special_settlers") * self.p.settler_escape / 12.0
        self.ledger.propose("settler_escapes", escapes)

    def _spread(self) -> Array:
        """Terror grows from a seed while arrests must lead to arrests, and fades when they are stopped."""
        terror = self.board["terror"]
        driven = self.lever("mass_arrests")
        growth = self.p.contagion if self.on("terror_contagion") else self.zeros
        grown = np.minimum(np.maximum(terror, 0.0004) * np.exp(growth * driven), self.p.terror_limit)
        faded = terror * np.exp(-self.p.terror_decay)
        spread = np.where(driven > 0.0, grown, faded)
        self.board["terror"] = spread
        return spread
