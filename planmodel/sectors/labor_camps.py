"""The unfree: prisons, colonies, camps and special settlements; rations, health, transport, release.

Short terms are served in colonies near by, long ones in camps, as far as trains go (D-6, D-20). Rations go by
the norm fulfilled, weak people fulfil less, and mortality is convex in the want of health (D-25). Who is
arrested is told in ``flows/repression.py``, what camps give to the economy in ``camp_output.py``.

Sizes are those of the archives. The much higher estimates made before the archives opened are another set of
parameters (``configs/scenarios/pre_archive_camps.toml``), not another model.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.special import ndtr

from planmodel.engine import (
    Array,
    Component,
    Context,
    Flow,
    Lever,
    Mask,
    Parameters,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.sectors.population import INMATES


class CampParameters(Parameters):
    """Rations, transport and release."""

    camp_ration: Array = parameter(
        0.15, unit="tonnes/person/year", bounds=(0.15, 0.40), symbol=r"c_c",
        meaning="grain that the state means to supply to an inmate who fulfils the norm, or a settler",
        source="300 to 930 g of bread a day; lines 9072-9085", evidence="assumption",
    )  # fmt: skip
    bread_above: Array = parameter(
        0.93, unit="kg/day", bounds=(0.8, 1.1), symbol=r"q_a",
        meaning="bread of those above the norm", source="lines 9072-9085", evidence="transcribed",
    )  # fmt: skip
    bread_below: Array = parameter(
        0.50, unit="kg/day", bounds=(0.4, 0.7), symbol=r"q_b",
        meaning="bread of those at half the norm and more", source="lines 9072-9085", evidence="transcribed",
    )  # fmt: skip
    bread_punishment: Array = parameter(
        0.30, unit="kg/day", bounds=(0.2, 0.4), symbol=r"q_p",
        meaning="bread of those below half the norm", source="lines 9072-9085", evidence="transcribed",
    )  # fmt: skip
    norm_spread: Array = parameter(
        0.36, unit="1", bounds=(0.15, 0.6), symbol=r"s_n",
        meaning="standard deviation of norm fulfilment over inmates", source="assumption",
    )  # fmt: skip
    other_camp_food: Array = parameter(
        0.687, unit="1", bounds=(0.2, 0.8), symbol=r"\omega_u",
        meaning="weight of food from around, as scarce as in the village, in the health of the unfree",
        source="assumption",
    )  # fmt: skip
    health_lag: Array = parameter(
        3.3, unit="months", bounds=(1.5, 6.0), symbol=r"\tau_z",
        meaning="time in which health follows food", source="as the lag of bodies in the village",
    )  # fmt: skip
    prison_months: Array = parameter(
        5.0, unit="months", bounds=(1.0, 6.0), symbol=r"\tau_p",
        meaning="time between arrest and sentence", source="assumption",
    )  # fmt: skip
    short_term: Array = parameter(
        3.0, unit="months", bounds=(2.0, 4.0), symbol=r"\tau_q",
        meaning="prison for leaving a job: two to four months; lines 4561-4582", source="B-54",
        evidence="transcribed",
    )  # fmt: skip
    camp_transport: Array = parameter(
        0.111, unit="million persons/month", bounds=(0.03, 0.5), symbol=r"T_c",
        meaning="people that trains can take to camps in a month",
        source="D-6; 0.80 million arrivals in 1938 (archival)", evidence="assumption",
    )  # fmt: skip
    prison_clearance: Array = parameter(
        0.872, unit="1/month", bounds=(0.1, 1.0), symbol=r"\lambda_p",
        meaning="share of the prisoners above the limit who are cleared out in a month",
        source="half of 0.8 million to be freed within two months; lines 8226-8254", evidence="assumption",
    )  # fmt: skip
    freed: Array = parameter(
        0.5, unit="1", bounds=(0.0, 1.0), symbol=r"\lambda_f",
        meaning="share freed of those whom prisons may not hold, while arrests are not driven on",
        source="half of 0.8 million, the letter of 8 May 1933; lines 8226-8254", evidence="transcribed",
    )  # fmt: skip
    camp_release: Array = parameter(
        0.14, unit="1/year", bounds=(0.03, 0.5), symbol=r"r_c",
        meaning="releases from camps over inmates without credit for work done",
        source="0.17 and 0.22 in 1939 and 1940 (archival)", evidence="assumption",
    )  # fmt: skip
    credit_release: Array = parameter(
        0.168, unit="1/year", bounds=(0.0, 0.3), symbol=r"r_w",
        meaning="further releases from camps while days of work shorten the term",
        source="0.24 to 0.45 in 1934-38 (archival)", evidence="assumption",
    )  # fmt: skip
    camp_to_colony: Array = parameter(
        0.062, unit="1/year", bounds=(0.0, 0.1), symbol=r"r_e",
        meaning="inmates taken from camps to colonies and elsewhere over inmates",
        source="0.02 to 0.07 million a year in 1934-40 (archival)", evidence="assumption",
    )  # fmt: skip
    colony_release: Array = parameter(
        1.24, unit="1/year", bounds=(0.1, 1.5), symbol=r"r_k",
        meaning="releases from colonies over inmates", source="D-20: terms up to three years; size assumed",
    )  # fmt: skip
    camp_escape: Array = parameter(
        0.59, unit="1/year", bounds=(0.0, 1.5), symbol=r"e_c",
        meaning="escapes from camps over inmates, for each point of health wanting",
        source="0.14 in 1934 falling to 0.01 in 1939-40 (archival); that hunger drives them is ours",
        evidence="assumption",
    )  # fmt: skip
    recapture: Array = parameter(
        0.5, unit="1", bounds=(0.3, 0.9), symbol=r"\rho_c",
        meaning="share of the escaped who are caught again",
        source="0.21 of 0.32 million in 1934-40 (archival)", evidence="assumption",
    )  # fmt: skip
    settler_escape: Array = parameter(
        0.011, unit="1/year", bounds=(0.0, 0.1), symbol=r"e_s",
        meaning="releases, and escapes less returns, over well-fed settlers",
        source="0.39 million net escapes in 1932-40, and releases (Zemskov)", evidence="assumption",
    )  # fmt: skip
    settler_flight: Array = parameter(
        0.73, unit="1/year", bounds=(0.0, 1.5), symbol=r"e_h",
        meaning="further escapes of settlers for each point of health wanting",
        source="more than 0.2 million a year in 1932 and 1933, few later (Zemskov)", evidence="assumption",
    )  # fmt: skip


class LaborCamps(Component):
    """The unfree: how they are fed, where they are taken, how they leave."""

    name = "labor_camps"
    parameters = CampParameters
    flows = tuple(
        Flow(name, "people", source, destination, meaning, rank=2)
        for name, source, destination, meaning in (
            ("transports_to_camps", "prison_inmates", "camp_inmates", "taken from prison to camps"),
            ("sent_to_colonies", "prison_inmates", "colony_inmates", "sent from prison to colonies"),
            ("prison_releases", "prison_inmates", "town_dependents", "released from prison"),
            ("colonies_to_camps", "colony_inmates", "camp_inmates", "taken from colonies to camps"),
            ("camps_elsewhere", "camp_inmates", "colony_inmates", "taken from camps elsewhere"),
            ("camp_releases", "camp_inmates", "town_dependents", "released from camps"),
            ("colony_releases", "colony_inmates", "town_dependents", "released from colonies"),
            ("camp_escapes", "camp_inmates", "town_dependents", "fled from camps"),
            ("camp_recaptured", "town_dependents", "camp_inmates", "caught after flight from camps"),
            ("settler_escapes", "special_settlers", "kolkhoz_members", "settlers fled or freed, net"),
        )
    )
    variables = (
        Variable("camp_grain_claim", "million tonnes/month", "state grain for the unfree"),
        Variable("camp_health", "1", "health of inmates, 1 where rations and food around are enough", 1.0),
        Variable("settlement_health", "1", "health of settlers, 1 where food is enough", 1.0),
        Variable("camp_bread", "kg/person/day", "bread that inmates have earned, on average", 0.715),
        Variable("camp_losses", "million persons/month", "inmates of camps who left or died last month"),
        Variable("prisoners_long", "million persons", "prisoners bound for camps"),
        Variable("prisoners_short", "million persons", "prisoners who serve two to four months"),
        Variable("waiting_for_trains", "million persons", "people in colonies bound for camps"),
        Variable("overflow_long", "million persons/month", "prisoners bound for camps sent to colonies"),
        Variable("trains_short", "1", "1 while trains cannot take all who are bound for camps"),
    )
    levers = (
        Lever("workday_credits", 1.0, (0.0, 1.0), "days of work shorten the term in camp"),
        Lever("prison_limit", 3.0, (0.1, 3.0), "million people whom prisons may hold"),
    )

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        self._full_bread = self.bread(self.zeros + 1.0)

    def processes(self) -> Iterable[Process]:
        """Claim rations, then feel them; transport and release, then count who is where."""
        yield every(self.clock, "production", self.claim)
        yield every(self.clock, "consumption", self.live)
        yield every(self.clock, "labour", self.move)
        yield every(self.clock, "money", self.sort)

    def bread(self, fulfilment: Array) -> Array:
        """Return mean bread per inmate, kg a day: steps over a normal spread of norm fulfilment.

        q_a above the norm, q_b from half the norm, q_p below.
        """
        above = ndtr((fulfilment - 1.0) / self.p.norm_spread)
        punished = ndtr((0.5 - fulfilment) / self.p.norm_spread)
        between = np.maximum(1.0 - above - punished, 0.0)
        return above * self.p.bread_above + between * self.p.bread_below + punished * self.p.bread_punishment

    def claim(self) -> None:
        """Claim rations: bread as earned by inmates as strong as they are, a full ration for settlers."""
        bread = self.bread(self.board["camp_health"])
        inmates = total(self.stock("people", group) for group in INMATES)
        fed = inmates * bread / self._full_bread + self.stock("people", "special_settlers")
        self.board["camp_bread"] = bread
        self.board["camp_grain_claim"] = fed * self.p.camp_ration / 12.0

    def live(self) -> None:
        """Health follows bread earned and received, and food around: dz = (f - z) / tau."""
        claim = self.board["camp_grain_claim"]
        got = np.minimum(self.ledger.moved("grain_to_camps") / np.maximum(claim, 1e-9), 1.0)
        got = np.where(claim > 1e-9, got, 1.0)
        earned = np.minimum(self.board["camp_bread"] / self._full_bread, 1.0)
        around = self.p.other_camp_food * np.minimum(self.board["village_nutrition"], 1.0)
        for name, food in (("camp_health", got * earned), ("settlement_health", got)):
            now = (1.0 - self.p.other_camp_food) * food + around
            self.board[name] = self.board[name] + (now - self.board[name]) / self.p.health_lag

    def move(self) -> None:
        """Book the month's transports, releases and escapes."""
        for flow, amount in self.movements().items():
            self.ledger.propose(flow, amount)

    def movements(self) -> dict[str, Array]:
        """Return the month's movements of the unfree by flow, million persons."""
        return self._prisons() | self._departures()

    def _prisons(self) -> dict[str, Array]:
        """Empty the prisons: to camps as trains go, to colonies, and what is above the limit elsewhere."""
        prison = self.stock("people", "prison_inmates")
        long = np.minimum(self.board["prisoners_long"], prison)
        short = np.minimum(self.board["prisoners_short"], prison - long)
        waiting = np.minimum(self.board["waiting_for_trains"], self.stock("people", "colony_inmates"))
        ready = long / self.p.prison_months
        train = np.minimum(1.0, self.p.camp_transport / np.maximum(ready + waiting, 1e-9))
        over = np.maximum(prison - self.lever("prison_limit"), 0.0) * self.p.prison_clearance
        # While nobody drives arrests on, a part of what is too many is freed; else all goes to colonies.
        freed = self.p.freed * (1.0 - self.lever("mass_arrests")) * over
        self._announce(train < 1.0)
        self.board["overflow_long"] = (over - freed) * long / np.maximum(prison, 1e-9)
        return {
            "transports_to_camps": ready * train,
            "colonies_to_camps": waiting * train,
            "sent_to_colonies": (prison - long - short) / self.p.prison_months + over - freed,
            "prison_releases": short / self.p.short_term + freed,
        }

    def _announce(self, short: Mask) -> None:
        before = self.board["trains_short"] > 0.5
        today, events = self.clock.today, self.context.events
        events.add(today, "transport", "trains cannot take all who are bound for camps", short & ~before)
        events.add(today, "transport", "trains to the camps keep up again", before & ~short)
        self.board["trains_short"] = short.astype(float)

    def _departures(self) -> dict[str, Array]:
        """Releases by the term, shortened by days of work; escapes, and who is caught again."""
        camps, colonies = self.stock("people", "camp_inmates"), self.stock("people", "colony_inmates")
        rate = self.p.camp_release + self.p.credit_release * self.lever("workday_credits")
        fled = camps * self.p.camp_escape * np.maximum(1.0 - self.board["camp_health"], 0.0) / 12.0
        settlers = self.stock("people", "special_settlers")
        hungry = np.maximum(1.0 - self.board["settlement_health"], 0.0)
        flight = self.p.settler_escape + self.p.settler_flight * hungry
        return {
            "camps_elsewhere": camps * self.p.camp_to_colony / 12.0,
            "camp_releases": camps * rate / 12.0,
            "colony_releases": colonies * self.p.colony_release / 12.0,
            "camp_escapes": fled,
            "camp_recaptured": fled * self.p.recapture,
            "settler_escapes": settlers * flight / 12.0,
        }

    def sort(self) -> None:
        """Count prisoners by what awaits them, people who wait for trains, and what camps lost."""
        moved = self.ledger.moved
        prison, colonies = self.stock("people", "prison_inmates"), self.stock("people", "colony_inmates")
        over = self.board["overflow_long"]
        long = self.board["prisoners_long"] - moved("transports_to_camps") - over
        self.board["prisoners_long"] = _within(long + self.board["arrested_long"], prison)
        waiting = self.board["waiting_for_trains"] + over - moved("colonies_to_camps")
        self.board["waiting_for_trains"] = _within(waiting, colonies)
        short = self.board["prisoners_short"] * (1.0 - 1.0 / self.p.short_term)
        self.board["prisoners_short"] = _within(short + self.board["arrested_quitters"], prison)
        out = ("camp_releases", "camp_escapes", "deaths_camp_inmates", "excess_deaths_camp_inmates")
        lost = total(moved(flow) for flow in out) - moved("camp_recaptured")
        self.board["camp_losses"] = np.maximum(lost, 0.0)


def _within(number: Array, people: Array) -> Array:
    """Return a number of people of a group, cut to what the group counts."""
    return np.minimum(np.maximum(number, 0.0), people)
