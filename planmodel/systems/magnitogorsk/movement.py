"""The revolving door: arrivals by channel, departures, passports."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Input,
    Lever,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.systems.magnitogorsk.channels import FREE, TENURE

SEASON = {4: 2.0, 5: 2.0, 6: 1.5, 7: 1.2, 8: 1.0, 9: 1.0, 10: 0.8, 11: 0.5, 12: 0.4, 1: 0.4, 2: 0.5, 3: 0.7}
HOMEWARD = {9: 1.5, 10: 3.0, 11: 2.0, 3: 1.5, 4: 1.5}  # harvest, winter and sowing call seasonal workers home


class MovementParameters(Parameters):
    """Coming, leaving and settling down."""

    recruiting: Array = parameter(
        0.35, unit="1/month", bounds=(0.05, 1.0), symbol=r"q",
        meaning="share of the missing workers for which recruiters are sent out in a month",
        source="assumption",
    )  # fmt: skip
    recruited_of_quota: Array = parameter(
        0.607, unit="1", bounds=(0.3, 1.0), symbol=r"\lambda_1",
        meaning="recruited over the quota of organised recruitment",
        source="B-144, RSFSR 1938; lines 4153-4156 of Bettelheim", evidence="transcribed",
    )  # fmt: skip
    arrived_of_recruited: Array = parameter(
        0.882, unit="1", bounds=(0.5, 1.0), symbol=r"\lambda_2",
        meaning="recruited who turn up", source="B-145, RSFSR 1938; lines 4153-4156", evidence="transcribed",
    )  # fmt: skip
    mobilised_a_month: Array = parameter(
        0.6, unit="thousand persons/month", bounds=(0.0, 3.0), symbol=r"m",
        meaning="members of party, Komsomol and other plants sent in a month of full mobilisation",
        source="line 17: reluctant above all those sent from other factories; size assumed",
    )  # fmt: skip
    samotek: Array = parameter(
        3.2, unit="thousand persons/month", bounds=(0.0, 12.0), symbol=r"\mu",
        meaning="who come of themselves in a month of push one",
        source="line 6: wandering peasants; size assumed",
    )  # fmt: skip
    first_quits: Array = parameter(
        0.2, unit="1/month", bounds=(0.02, 0.8), symbol=r"h_n",
        meaning="newcomers who leave in a month without hardship",
        source="E-017: many left within the month, line 17; size assumed",
    )  # fmt: skip
    quits: Array = parameter(
        0.04, unit="1/month", bounds=(0.005, 0.2), symbol=r"h_s",
        meaning="settled workers who leave in a month without hardship", source="assumption",
    )  # fmt: skip
    driven_out: Array = parameter(
        0.45, unit="1/month", bounds=(0.0, 1.5), symbol=r"h_d",
        meaning="quits that full hardship adds: newcomers, half as many settled workers",
        source="line 19: a few months only, for want of food, water and shelter; size assumed",
    )  # fmt: skip
    settling: Array = parameter(
        4.0, unit="months", bounds=(1.0, 12.0), symbol=r"\tau_s",
        meaning="months after which a newcomer is a settled worker", source="assumption",
    )  # fmt: skip
    bound: Array = parameter(
        0.5, unit="1", bounds=(0.0, 1.0), symbol=r"\kappa_m",
        meaning="quits of the mobilised over those of others: they answer to the party", source="assumption",
    )  # fmt: skip
    passport_hold: Array = parameter(
        0.5, unit="1", bounds=(0.0, 1.0), symbol=r"\pi_h",
        meaning="quits, and arrivals of themselves, that passports prevent where none are forged",
        source="line 10: passports against desertion; size assumed",
    )  # fmt: skip
    forging: Array = parameter(
        0.05, unit="1/month", bounds=(0.0, 0.3), symbol=r"f",
        meaning="growth of the black market in documents in the first months of passports",
        source="line 10: a black market arose from the demand for documents; size assumed",
    )  # fmt: skip
    forged_at_most: Array = parameter(
        0.5, unit="1", bounds=(0.0, 1.0), symbol=r"\bar f",
        meaning="share of those who want to move that can get documents in the end", source="assumption",
    )  # fmt: skip
    escapes: Array = parameter(
        0.01, unit="1/month", bounds=(0.0, 0.1), symbol=r"e",
        meaning="special settlers who flee in a month", source="assumption",
    )  # fmt: skip
    settler_deaths: Array = parameter(
        0.02, unit="1/month", bounds=(0.0, 0.1), symbol=r"\delta_s",
        meaning="special settlers who die in a month of full hardship beside a twentieth of it always",
        source="assumption: the texts at hand give no figure",
    )  # fmt: skip
    contract: Array = parameter(
        18.0, unit="months", bounds=(6.0, 60.0), symbol=r"\tau_f",
        meaning="mean stay of foreign specialists and workers", source="assumption",
    )  # fmt: skip


class Movement(Component):
    """The revolving door (lines 6, 10, 17, 19)."""

    name = "movement"
    parameters = MovementParameters
    commodities = (Commodity("people", "thousand persons", "workers of the site by way of arrival"),)
    accounts = (
        *(Account("people", f"{t}_{c}", f"{c}, {t}") for t in TENURE for c in FREE),
        Account("people", "special_settlers", "exiled peasants, with their families"),
        Account("people", "elsewhere", "where people come from", kind="source"),
        Account("people", "gone", "who left", kind="sink"),
        Account("people", "dead", "special settlers who died", kind="sink"),
    )
    flows = (
        *(Flow(f"arrivals_{c}", "people", "elsewhere", f"new_{c}", f"arrivals: {c}") for c in FREE),
        *(Flow(f"settled_{c}", "people", f"new_{c}", f"settled_{c}", f"settled down: {c}") for c in FREE),
        *(
            Flow(f"left_{t}_{c}", "people", f"{t}_{c}", "gone", f"departures: {t}, {c}")
            for t in TENURE
            for c in FREE
        ),
        Flow("arrivals_settlers", "people", "elsewhere", "special_settlers", "exiled peasants brought"),
        Flow("escaped_settlers", "people", "special_settlers", "gone", "special settlers who fled"),
        Flow("dead_settlers", "people", "special_settlers", "dead", "special settlers who died"),
    )
    variables = (
        Variable("arrivals", "thousand persons/month", "all arrivals of free workers"),
        Variable("departures", "thousand persons/month", "all departures of free workers"),
        Variable("left_so_far", "thousand persons", "free workers who have left since the start"),
        Variable("mean_stay", "months", "free workers over their departures in the month, at most 60", 3.0),
        Variable("gone_in_first_month", "1", "newcomers who leave within a month"),
        Variable("forged", "1", "share of those who want to move who have documents of the black market"),
    )
    levers = (
        Lever("mobilisation", 0.0, (0.0, 1.0), "party, Komsomol and other plants send people"),
        Lever("year_round_building", 0.0, (0.0, 1.0), "building goes on in winter: no seasonal workers"),
        Lever("passports", 0.0, (0.0, 1.0), "passports are needed to move and to be hired"),
    )
    switches = (Switch("passports", "passports hold people and keep others away"),)
    inputs = (
        Input("village_push", "index 1931=1", "how hard the village drives people out"),
        Input("settlers_brought", "thousand persons/month", "exiled peasants brought to the site"),
        Input("foreigners_engaged", "thousand persons/month", "foreigners who come under contract"),
    )

    def processes(self) -> Iterable[Process]:
        """People come and go once a month."""
        yield every(self.clock, "labour", self.move)

    def move(self) -> None:
        """Let people come, leave and settle down; the black market in documents grows with passports."""
        in_force = self.lever("passports") if self.on("passports") else 0.0
        forged = self.board["forged"]
        hold = self.p.passport_hold * in_force * (1.0 - forged)
        self.board["forged"] = forged + in_force * self.p.forging * (self.p.forged_at_most - forged)
        coming, leaving = self._come(hold), self._leave(hold)
        there = total(self.stock("people", f"{t}_{c}") for t in TENURE for c in FREE)
        self.board["arrivals"] = coming
        self.board["departures"] = leaving
        self.board["left_so_far"] = self.board["left_so_far"] + leaving
        self.board["mean_stay"] = np.minimum(there / np.maximum(leaving, 1e-9), 60.0)
        self._move_settlers()

    def _come(self, hold: Array) -> Array:
        """Return the arrivals: quota of the missing x leakage; push of the village x (1 - hold)."""
        winter = self.lever("year_round_building")
        season = winter + (1.0 - winter) * SEASON[self.month]
        missing = np.maximum(self.exogenous("planned_workers") - self.board["workers"], 0.0)
        wanted = np.minimum(missing / np.maximum(0.2 * self.exogenous("planned_workers"), 1e-9), 1.0)
        leakage = self.p.recruited_of_quota * self.p.arrived_of_recruited
        coming = {
            "mobilised": self.p.mobilised_a_month * self.lever("mobilisation"),
            "recruited": self.p.recruiting * missing * leakage * season,
            # Who finds no work within reach of the site goes on: half come whatever the need.
            "samotek": self.p.samotek
            * self.exogenous("village_push")
            * season
            * (1.0 - hold)
            * (0.5 + 0.5 * wanted),
            "foreign": self.zeros + self.exogenous("foreigners_engaged"),
        }
        for channel, number in coming.items():
            self.ledger.propose(f"arrivals_{channel}", number)
        return total(coming.values())

    def _leave(self, hold: Array) -> Array:
        """Return the departures: share 1 - exp(-(h + h_d H) (1 - hold)), half of h_d for settled workers."""
        winter = self.lever("year_round_building")
        homeward = winter + (1.0 - winter) * HOMEWARD.get(self.month, 1.0)
        driven = self.p.driven_out * self.board["hardship"]
        rates = {
            "new": (self.p.first_quits * homeward + driven) * (1.0 - hold),
            "settled": (self.p.quits * homeward + 0.5 * driven) * (1.0 - hold),
        }
        leaving = []
        for tenure, rate in rates.items():
            for channel in FREE:
                own = {"mobilised": rate * self.p.bound, "foreign": 1.0 / self.p.contract}.get(channel, rate)
                number = self.stock("people", f"{tenure}_{channel}") * -np.expm1(-own)
                self.ledger.propose(f"left_{tenure}_{channel}", number)
                leaving.append(number)
        for channel in FREE:
            there = self.stock("people", f"new_{channel}")
            self.ledger.propose(
                f"settled_{channel}", (there - leaving[FREE.index(channel)]) / self.p.settling
            )
        self.board["gone_in_first_month"] = -np.expm1(-rates["new"])
        return total(leaving)

    def _move_settlers(self) -> None:
        settlers = self.stock("people", "special_settlers")
        dying = self.p.settler_deaths * (0.05 + 0.95 * self.board["hardship"])
        self.ledger.propose("arrivals_settlers", self.zeros + self.exogenous("settlers_brought"))
        self.ledger.propose("escaped_settlers", settlers * self.p.escapes)
        self.ledger.propose("dead_settlers", settlers * dying)
