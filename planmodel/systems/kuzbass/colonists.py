"""Foreign settlers: who came, what bound them, what drove them away; and the hired workers beside them."""

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
    Switch,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process

STAGES = ("bound", "free")  # within the two years that they had pledged (E-003), and after
HIRED = ("miners", "other_hired")
COMMUNAL_HOURS, RAISED_HOURS = 8.0, 9.0  # of office workers, before and after the vote: E-012


class ColonistsParameters(Parameters):
    """Recruiting, conviction, departures and hiring."""

    planned: Array = parameter(
        3000.0, unit="persons", bounds=(500.0, 6000.0), symbol=r"N^*",
        meaning="settlers that recruiting aims at", source="E-008, line 23", evidence="transcribed",
    )  # fmt: skip
    response: Array = parameter(
        0.0095, unit="1/month", bounds=(0.002, 0.1), symbol=r"r",
        meaning="share of those still wanted who come in a month while the call convinces",
        source="size assumed, with E-006 and E-008 in mind: a quarter of the plan came",
    )  # fmt: skip
    pledge: Array = parameter(
        24.0, unit="months", bounds=(6.0, 48.0), symbol=r"\tau_p",
        meaning="months for which settlers bind themselves", source="E-003, line 15", evidence="transcribed",
    )  # fmt: skip
    leaving: Array = parameter(
        0.012, unit="1/month", bounds=(0.0, 0.1), symbol=r"h_0",
        meaning="settlers free of their pledge who leave in a month whatever happens", source="assumption",
    )  # fmt: skip
    disillusion: Array = parameter(
        0.045, unit="1/month", bounds=(0.0, 0.4), symbol=r"h_c",
        meaning="leaving added where conviction is gone",
        source="line 33: many saw betrayal and went home; size assumed",
    )  # fmt: skip
    pledge_holds: Array = parameter(
        0.6, unit="1", bounds=(0.0, 1.0), symbol=r"\kappa",
        meaning="share of all leaving that the pledge prevents while it lasts", source="assumption",
    )  # fmt: skip
    levelling_lost: Array = parameter(
        0.35, unit="1", bounds=(0.0, 1.0), symbol=r"c_w",
        meaning="conviction lost when a wage scale replaces equal supply",
        source="E-013, line 33: departures followed; size assumed",
    )  # fmt: skip
    autonomy_lost: Array = parameter(
        0.4, unit="1", bounds=(0.0, 1.0), symbol=r"c_a",
        meaning="conviction lost with self-government", source="E-014, E-015; size assumed",
    )  # fmt: skip
    head_resented: Array = parameter(
        0.25, unit="1", bounds=(0.0, 1.0), symbol=r"c_h",
        meaning="conviction lost under a head who is not of the colony",
        source="line 23: the new head turned all foreigners against himself; size assumed",
    )  # fmt: skip
    adapting: Array = parameter(
        5.0, unit="months", bounds=(1.0, 24.0), symbol=r"\tau_c",
        meaning="months in which conviction moves to what conditions warrant", source="assumption",
    )  # fmt: skip
    industrial: Array = parameter(
        0.7, unit="1", bounds=(0.1, 0.95), symbol=r"\iota",
        meaning="industrial workers among the settlers: they outvote the office",
        source="line 31: the political majority; size assumed",
    )  # fmt: skip
    crew: Array = parameter(
        1250.0, unit="persons/mine", bounds=(400.0, 3000.0), symbol=r"L_m",
        meaning="miners wanted for one mine",
        source="E-009 over four mines, lines 20 and 23", evidence="transcribed",
    )  # fmt: skip
    others: Array = parameter(
        0.5, unit="1", bounds=(0.1, 1.5), symbol=r"\omega",
        meaning="other hired workers wanted for each miner: building, works, farm, transport",
        source="E-010 less E-009 and E-007, over E-009; line 23", evidence="transcribed",
    )  # fmt: skip
    hiring: Array = parameter(
        3.0, unit="months", bounds=(1.0, 12.0), symbol=r"\tau_h",
        meaning="months in which hired workers follow what is wanted and can be paid", source="assumption",
    )  # fmt: skip


class Colonists(Component):
    """The people of the colony, their conviction, and the vote on office hours."""

    name = "colonists"
    parameters = ColonistsParameters
    commodities = (Commodity("people", "persons", "workers of the colony"),)
    accounts = (
        *(Account("people", f"colonists_{s}", f"foreign settlers at work, {s}") for s in STAGES),
        *(Account("people", h, h.replace("_", " ")) for h in HIRED),
        Account("people", "abroad", "where settlers come from", kind="source"),
        Account("people", "region", "where hired workers come from", kind="source"),
        Account("people", "gone", "who left the colony", kind="sink"),
    )
    flows = (
        Flow("arrived_colonists", "people", "abroad", "colonists_bound", "settlers who came"),
        Flow("pledge_ended", "people", "colonists_bound", "colonists_free", "settlers free of their pledge"),
        *(Flow(f"left_{s}", "people", f"colonists_{s}", "gone", f"settlers who left, {s}") for s in STAGES),
        *(Flow(f"hired_{h}", "people", "region", h, f"hired: {h.replace('_', ' ')}") for h in HIRED),
        *(Flow(f"dismissed_{h}", "people", h, "gone", f"dismissed: {h.replace('_', ' ')}") for h in HIRED),
    )
    variables = (
        Variable("colonists", "persons", "foreign settlers at work"),
        Variable("left_colonists", "persons/month", "settlers who left in the month"),
        Variable("employees", "persons", "all workers of the colony"),
        Variable("came_so_far", "persons", "settlers who have come since the start"),
        Variable("conviction", "1", "how far settlers believe that the colony is theirs", 1.0),
        Variable("office_hours", "hours/day", "hours of office workers", COMMUNAL_HOURS),
    )
    levers = (
        Lever("recruiting", 0.0, (0.0, 1.0), "settlers are recruited abroad"),
        Lever("mines", 0.0, (0.0, 10.0), "mines that the colony holds"),
        Lever("wage_categories", 0.0, (0.0, 20.0), "categories of the wage scale; 0 is equal supply in kind"),
        Lever("autonomy", 1.0, (0.0, 1.0), "the colony governs itself under its contract"),
        Lever("outside_head", 0.0, (0.0, 1.0), "the head is not of the colony"),
    )
    switches = (
        Switch("wage_scale", "a wage scale replaces equal supply when it is decreed"),
        Switch("absorption", "the colony loses its autonomy when the contract ends"),
    )

    def processes(self) -> Iterable[Process]:
        """Come, leave, hire and vote once a month."""
        yield every(self.clock, "labour", self.move)

    def waged(self) -> float:
        """Tell whether people are paid by a scale."""
        return float(self.on("wage_scale") and self.lever("wage_categories") > 0.0)

    def autonomous(self) -> float:
        """Return how far the colony governs itself."""
        return self.lever("autonomy") if self.on("absorption") else 1.0

    def move(self) -> None:
        """Let settlers come and go, and hired workers follow the mines."""
        self._weigh()
        self._vote()
        come = self._come()
        left = self._leave()
        people = total(self.stock("people", a) for a in (*(f"colonists_{s}" for s in STAGES), *HIRED))
        foreign = total(self.stock("people", f"colonists_{s}") for s in STAGES)
        net = self._hire()
        self.board["colonists"] = foreign + come - left
        self.board["employees"] = people + come - left + net
        self.board["left_colonists"] = left

    def _weigh(self) -> None:
        """Move conviction to 1 - c_w (wages) - c_a (no autonomy) - c_h (outside head), not below zero."""
        warranted = 1.0 - self.p.levelling_lost * self.waged()
        warranted = warranted - self.p.autonomy_lost * (1.0 - self.autonomous())
        warranted = np.maximum(warranted - self.p.head_resented * self.lever("outside_head"), 0.0)
        conviction = self.board["conviction"]
        self.board["conviction"] = conviction + (warranted - conviction) / self.p.adapting

    def _vote(self) -> None:
        """Raise office hours where industrial workers are the majority, work is behind, and all are equal."""
        behind = self.board["coal_wanted_and_missing"] > 0.0
        passes = (self.p.industrial > 0.5) & behind & (self.board["colonists"] > 50.0)
        passes &= (self.board["office_hours"] < RAISED_HOURS) & (self.waged() < 0.5)
        self.board["office_hours"] = np.where(passes, RAISED_HOURS, self.board["office_hours"])
        self.context.events.add(
            self.clock.today, "vote", "the industrial majority raises office hours from 8 to 9", passes
        )

    def _come(self) -> Array:
        """Arrivals r C^2 (N* - came) while recruiting goes on: who believes in it comes."""
        came = self.board["came_so_far"]
        wanted = np.maximum(self.p.planned - came, 0.0)
        come = self.p.response * wanted * self.board["conviction"] ** 2 * self.lever("recruiting")
        come = come * self.autonomous()
        self.ledger.propose("arrived_colonists", come)
        self.board["came_so_far"] = came + come
        return come

    def _leave(self) -> Array:
        """Departures: 1 - exp(-(h_0 + h_c (1 - C)^2)), less what the pledge prevents."""
        rate = self.p.leaving + self.p.disillusion * (1.0 - self.board["conviction"]) ** 2
        rates = {"bound": rate * (1.0 - self.p.pledge_holds), "free": rate}
        leaving = {s: self.stock("people", f"colonists_{s}") * -np.expm1(-rates[s]) for s in STAGES}
        for stage, number in leaving.items():
            self.ledger.propose(f"left_{stage}", number)
        bound = self.stock("people", "colonists_bound") - leaving["bound"]
        self.ledger.propose("pledge_ended", bound / self.p.pledge)
        return total(leaving.values())

    def _hire(self) -> Array:
        """Hired workers move to crew x mines, and others in proportion, as far as they can be paid."""
        miners = self.p.crew * self.board["mines_worked"]
        wanted = {"miners": miners, "other_hired": miners * self.p.others}
        can_pay = np.minimum(self.board["can_pay_for"] / np.maximum(total(wanted.values()), 1.0), 1.0)
        net = []
        for group, number in wanted.items():
            there = self.stock("people", group)
            change = (number * can_pay - there) / self.p.hiring
            self.ledger.propose(f"hired_{group}", np.maximum(change, 0.0))
            self.ledger.propose(f"dismissed_{group}", np.maximum(-change, 0.0))
            net.append(change)
        return total(net)
