"""State grain: the procurement plan, and who is served from what was procured (A-29, A-30, A-32)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Component,
    Flow,
    Input,
    Lever,
    Parameters,
    Switch,
    Variable,
    by_priority,
    every,
    parameter,
)
from planmodel.engine.clock import Process
from planmodel.sectors.calendar import procurement_ahead, sowing_ahead
from planmodel.sectors.nutrition import mean_of_districts, multipliers


class StateGrainParameters(Parameters):
    """Claims on the grain of the state."""

    army_ration: Array = parameter(
        0.9, unit="tonnes/person/year", bounds=(0.4, 1.4), symbol=r"c_a",
        meaning="grain and fodder per soldier", source="assumption",
    )  # fmt: skip
    industrial_use: Array = parameter(
        1.8, unit="million tonnes/year", bounds=(0.5, 3.0), symbol=r"G_i",
        meaning="grain for spirits, starch and other industry", source="assumption",
    )  # fmt: skip
    resale: Array = parameter(
        0.132, unit="1", bounds=(0.05, 0.3), symbol=r"\rho_v",
        meaning="share of procurement sold back to villages short of grain",
        source="2.4 Mt in 1928/29 and 4.0 Mt in 1931/32 (Karcz less Lewin); lines 2112-2116",
        evidence="assumption",
    )  # fmt: skip
    relief: Array = parameter(
        0.652, unit="1", bounds=(0.0, 0.8), symbol=r"\rho_r",
        meaning="share of the hunger gap of villages that the state means to fill, at full will",
        source="A-29, A-30; size assumed",
    )  # fmt: skip
    seed_loans: Array = parameter(
        0.404, unit="1/month", bounds=(0.0, 1.0), symbol=r"\rho_s",
        meaning="share of the seed wanting in kolkhozes that is lent in a month of early spring",
        source="seed loans of spring 1932 and 1933 (Davies and Wheatcroft 2004)", evidence="assumption",
    )  # fmt: skip
    reserve_target: Array = parameter(
        1.5, unit="million tonnes", bounds=(1.0, 10.0), symbol=r"R",
        meaning="reserve that the plan aims at", source="assumption",
    )  # fmt: skip
    ratchet: Array = parameter(
        0.936, unit="1", bounds=(0.9, 1.4), symbol=r"\gamma_q",
        meaning="plan over last year's procurement", source="A-4, A-8: the target only rises; size assumed",
    )  # fmt: skip
    padding: Array = parameter(
        1.09, unit="1", bounds=(0.9, 1.5), symbol=r"\pi_q",
        meaning="plan over the sum of claims", source="assumption",
    )  # fmt: skip


class StateGrain(Component):
    """One waterfall: what is first is decreed, what is last is the village."""

    name = "state_grain"
    parameters = StateGrainParameters
    accounts = (
        Account("grain", "army", "grain used by the army", kind="sink"),
        Account("grain", "export", "grain sold abroad", kind="sink"),
        Account("grain", "camps", "grain eaten in camps and settlements", kind="sink"),
        Account("grain", "industry", "grain used by industry", kind="sink"),
    )
    flows = (
        Flow("grain_to_army", "grain", "state", "army", "grain for the army", rank=1),
        Flow("grain_to_towns", "grain", "state", "town", "state grain for towns", rank=2),
        Flow("grain_export", "grain", "state", "export", "grain exported", rank=3),
        Flow("grain_to_camps", "grain", "state", "camps", "grain for camps and settlements", rank=4),
        Flow("grain_to_industry", "grain", "state", "industry", "grain for industry", rank=4),
        Flow("grain_resale", "grain", "state", "members", "state grain sold back to villages", rank=5),
        Flow("seed_loan", "grain", "state", "kolkhoz", "seed lent to kolkhozes short of it", rank=5),
        Flow("grain_relief", "grain", "state", "members", "relief for starving villages", rank=6),
    )
    variables = (
        Variable(
            "procurement_plan", "million tonnes", "grain that the state means to procure this year", 11.5
        ),
        Variable("relief_wanted", "million tonnes/month", "grain wanting below the hunger line"),
    )
    levers = (
        Lever("export_first", 0.0, (0.0, 1.0), "exports are served before the towns"),
        Lever("grain_spread", 0.0, (0.0, 1.0), "the state spreads its grain over the months to the harvest"),
        Lever("relief_will", 0.2, (0.0, 1.0), "will of the state to relieve starving villages"),
    )
    switches = (Switch("grain_exports", "grain is exported"),)
    inputs = (
        Input("grain_export_plan", "million tonnes", "grain exports aimed at in the calendar year"),
        Input("soldiers", "million persons", "men under arms"),
    )

    def processes(self) -> Iterable[Process]:
        """Plan in July, serve every month."""
        yield every(self.clock, "planning", self.plan)
        yield every(self.clock, "distribution", self.serve)

    def exports(self) -> Array:
        """Return the grain to be exported, million tonnes a year."""
        return self.zeros + (self.exogenous("grain_export_plan") if self.on("grain_exports") else 0.0)

    def plan(self) -> None:
        """Plan = max(padding x claims + reserve gap, ratchet x last year's procurement) (A-8, A-26)."""
        towns = self.board["town_grain_claim"] + self.board["camp_grain_claim"]
        claims = 12.0 * towns + self.exports() + self.p.industrial_use
        claims = claims + self.exogenous("soldiers") * self.p.army_ration
        claims = claims + self.p.resale * self.board["taken_this_year"]
        gap = np.maximum(self.p.reserve_target - self.stock("grain", "state"), 0.0)
        last = self.p.ratchet * self.board["taken_this_year"]
        self.board["procurement_plan"] = np.maximum(self.p.padding * claims + gap, last)

    def serve(self) -> None:
        """Propose all claims of the month; the ledger serves them by rank as far as grain goes."""
        claims = self.claims()
        if self.lever("grain_spread"):
            claims = self.within_outlook(claims)
        for flow, (amount, rank) in claims.items():
            self.ledger.propose(flow, amount, rank=rank)
        self.board["relief_wanted"] = self.board["village_deficit"]

    def claims(self) -> dict[str, tuple[Array, int]]:
        """Return what is claimed of state grain this month, and with which rank, by flow."""
        camps, industry = self.board["camp_grain_claim"], self.zeros + self.p.industrial_use / 12.0
        back = (
            self.p.resale * self.board["taken_this_year"] / 12.0 * (0.6 if self.month in (7, 8, 9) else 1.1)
        )
        claims = {
            "grain_to_army": (self.zeros + self.exogenous("soldiers") * self.p.army_ration / 12.0, 1),
            "grain_to_towns": (self.board["town_grain_claim"], 2),
            "grain_export": (self.exports() / 12.0, 0 if self.lever("export_first") else 3),
            "grain_to_camps": (camps, 2 if self.lever("grain_spread") else 4),
            "grain_to_industry": (industry, 4),
            "grain_resale": (back, 5),
        }
        if self.month in (2, 3, 4):
            claims["seed_loan"] = (self.seed_wanting() * self.p.seed_loans, 5)
        relief = self.board["village_deficit"] * self.p.relief * self.lever("relief_will")
        return claims | {"grain_relief": (relief, 6)}

    def within_outlook(self, claims: dict[str, tuple[Array, int]]) -> dict[str, tuple[Array, int]]:
        """Keep claims, by rank, within (stock + purchases to come) / months to the next purchases.

        Until December the state reckons with the purchases of the year before, then with this year's pace.
        """
        months = (8 - self.month) % 12 + 1  # little is bought before the end of August
        taken = self.board["taken_this_year"]
        to_come = self.zeros
        if self.month in (9, 10, 11):
            before = self.board["taken_share_last_year"] * self.board["harvest_last_year"]
            to_come = np.maximum(before - taken, 0.0)
        elif self.month in (12, 1, 2):
            to_come = taken * procurement_ahead(self.month) / (1.0 - procurement_ahead(self.month))
        outlook = (self.stock("grain", "state") + to_come) / months
        served, _ = by_priority(outlook, [c for c, _ in claims.values()], [r for _, r in claims.values()])
        share = self.lever("grain_spread")
        kept = [c + share * (got - c) for (c, _), got in zip(claims.values(), served, strict=True)]
        return {flow: (c, rank) for (flow, (_, rank)), c in zip(claims.items(), kept, strict=True)}

    def seed_wanting(self) -> Array:
        """Return the seed wanting in kolkhozes, million tonnes, where barns are spread as food is.

        The mean kolkhoz may hold its seed while those of poor districts do not.
        """
        ahead = self.board["seed_need_kolkhoz"] * sowing_ahead(self.month)
        barns = self.stock("grain", "kolkhoz") * multipliers(self.board["food_spread"])
        return mean_of_districts(np.maximum(ahead - barns, 0.0))
