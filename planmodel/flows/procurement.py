"""Procurement: the regimes under which the state takes grain from the village (A-1 to A-7, A-27, A-33).

market      the peasants sell what the terms of trade are worth to them, to the state or to traders
emergency   the market, and a part of what is held back is seized
quota       the plan, as far as the state is able to extract it
deliveries  a norm per hectare, whatever the harvest, and payment of the MTS in kind
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Context,
    Flow,
    Lever,
    Mask,
    Parameters,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process
from planmodel.flows.grain_market import GrainMarket, GrainMarketParameters
from planmodel.sectors.calendar import HARVEST, PROCUREMENT, procurement_due, sowing_ahead


class ProcurementParameters(GrainMarketParameters):
    """The ability to extract, beside supply under a market."""

    seizure: Array = parameter(
        0.02, unit="1/month", bounds=(0.0, 0.1), symbol=r"\epsilon",
        meaning="share of the grain of individual peasants seized in a month of emergency measures",
        source="A-2: procurement of early 1928; size assumed",
    )  # fmt: skip
    shortfall_alarm: Array = parameter(
        0.2, unit="1", bounds=(0.02, 0.3), symbol=r"\alpha_q",
        meaning="shortfall against the plan to date at which the state turns to emergency measures",
        source="A-2; size assumed",
    )  # fmt: skip
    extraction_base: Array = parameter(
        0.22, unit="1", bounds=(0.15, 0.3), symbol=r"\kappa_0",
        meaning="share of the harvest that quotas can extract from individual peasants",
        source="16.1 of 71.7 Mt in 1929/30 (Moshkov)", evidence="assumption",
    )  # fmt: skip
    extraction_kolkhoz: Array = parameter(
        0.2, unit="1", bounds=(0.1, 0.4), symbol=r"\kappa_1",
        meaning="further share that can be extracted where all are in kolkhozes",
        source="A-27: 28.7 % in 1930, 32.9 % in 1931 (Lewin)", evidence="assumption",
    )  # fmt: skip
    extraction_limit: Array = parameter(
        0.47, unit="1", bounds=(0.3, 0.6), symbol=r"\kappa_x",
        meaning="largest share of the harvest that can be taken in deliveries", source="assumption",
    )  # fmt: skip
    delivery_norm: Array = parameter(
        0.15, unit="tonnes/hectare", bounds=(0.08, 0.25), symbol=r"n_d",
        meaning="obligatory delivery per hectare of grain, with purchases on top",
        source="23 to 32 Mt in 1933-40 less MTS payment and state farms", evidence="assumption",
    )  # fmt: skip
    individual_norm: Array = parameter(
        1.1, unit="1", bounds=(0.9, 1.5), symbol=r"n_i",
        meaning="norm of individual peasants relative to kolkhozes", source="assumption",
    )  # fmt: skip
    mts_rate: Array = parameter(
        0.17, unit="1", bounds=(0.05, 0.25), symbol=r"n_m",
        meaning="payment in kind to the MTS as a share of the harvest that they serve",
        source="A-33; size assumed",
    )  # fmt: skip


BARNS = {"individual": "individual", "kolkhoz": "kolkhoz", "state_farm": "state_farms"}


class Procurement(GrainMarket):
    """Grain from village and state farms to the state, July to February."""

    name = "procurement"
    parameters = ProcurementParameters
    accounts = (Account("grain", "state", "grain in the hands of the state"),)
    flows = (
        *(
            Flow(f"procured_{form}", "grain", barn, "state", f"procurement from {form} farms", rank=1)
            for form, barn in BARNS.items()
        ),
        Flow("mts_payment", "grain", "kolkhoz", "state", "payment in kind for the work of the MTS", rank=0),
    )
    variables = (
        *GrainMarket.variables,
        Variable("taken_this_year", "million tonnes", "grain procured since July", 5.3),
        Variable(
            "taken_from_peasants", "million tonnes", "of which from peasants and kolkhozes, less MTS", 5.2
        ),
        Variable("mts_paid_this_year", "million tonnes", "payment in kind to the MTS since July"),
        Variable("harvest_last_year", "million tonnes", "barn harvest of the last agricultural year", 76.0),
        Variable("taken_share_last_year", "1", "share of last year's harvest procured", 0.15),
        Variable("organised_share", "1", "collectivised share at the opening of the campaign", 0.012),
        Variable(
            "kolkhoz_dues", "million tonnes", "deliveries and MTS payment due from kolkhozes this year", 0.15
        ),
        Variable("emergency", "1", "emergency measures are in force"),
        Variable("plan_fulfilment", "1", "procurement over the plan to date", 1.0),
        Variable(
            "terms_of_trade",
            "index 1928=1",
            "procurement over industrial price, times goods on offer",
            1.0,
            bounds=(0.01, inf),
        ),
    )
    levers = (
        *GrainMarket.levers,
        Lever("emergency_measures", 0.0, (0.0, 1.0), "seizure is allowed when procurement falls short"),
        Lever("quotas", 0.0, (0.0, 1.0), "delivery quotas are compulsory"),
        Lever("obligatory_deliveries", 0.0, (0.0, 1.0), "deliveries are a norm per hectare"),
        Lever("delivery_scale", 1.0, (0.0, 2.0), "delivery norms relative to 1933"),
    )

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        self._regime = self._decreed_regime()

    def _decreed_regime(self) -> str:
        if self.lever("obligatory_deliveries"):
            return "deliveries"
        return "quota" if self.lever("quotas") else "market"

    def processes(self) -> Iterable[Process]:
        """Collect every month of the campaign; look at the results in between."""
        yield every(self.clock, "production", self.set_dues)
        yield every(self.clock, "distribution", self.take_mts_payment)
        yield every(self.clock, "distribution", self.collect)
        yield every(self.clock, "labour", self.review)
        yield every(self.clock, "labour", self.bid)
        yield every(self.clock, "record", self.count_year)

    def attainable(self) -> Array:
        """Return what the state can get from peasants and kolkhozes this year, million tonnes."""
        harvest = self.board["harvest_this_year"]
        share = self.board["collectivised_share"]
        if self._regime == "deliveries":
            land = self.board["growing_area"]
            norm = self.p.delivery_norm * self.lever("delivery_scale")
            due = land * norm * (share + (1.0 - share) * self.p.individual_norm)
            return np.minimum(due, self.p.extraction_limit * harvest)
        if self._regime == "quota":
            organised = self.board["organised_share"]  # what joined after the harvest is not yet in hand
            capacity = self.p.extraction_base + self.p.extraction_kolkhoz * organised
            return np.minimum(self.board["procurement_plan"], capacity * harvest)
        return self.market_share() * harvest

    def set_dues(self) -> None:
        """Tell kolkhozes what they owe, and reckon the terms of trade; a new regime begins with a harvest."""
        if self.month == 7:
            self._regime = self._decreed_regime()
            self.board["organised_share"] = self.board["collectivised_share"]
        share = self.board["collectivised_share"]
        mts = self._mts_share() * self.board["kolkhoz_harvest_this_year"]
        self.board["kolkhoz_dues"] = self.attainable() * share + mts
        offer = np.maximum(self.board["village_goods_offer"], 1e-2)
        self.board["terms_of_trade"] = offer / np.maximum(self.board["scissors"], 1e-3)
        self.open_market()

    def on_market(self) -> bool:
        """Tell whether grain is bought on a market this year."""
        return self._regime == "market"

    def _mts_share(self) -> Array:
        in_kind = 1.0 if self._regime == "deliveries" else 0.0  # before, it counted towards the quota
        return self.p.mts_rate * self.board["mts_coverage"] * in_kind

    def take_mts_payment(self) -> None:
        """Take the share of the grain threshed so far that is due to the MTS and not yet paid."""
        if self._regime != "deliveries" or self.month == 7:
            return
        due = self.board["kolkhoz_harvest_this_year"] * self._mts_share() - self.board["mts_paid_this_year"]
        self.ledger.propose("mts_payment", np.maximum(due, 0.0))

    def due(self) -> Array:
        """Return what the campaign asks this month, million tonnes.

        A market offers the month's part of the year's supply, less what traders buy. A quota or norm asks
        for all that is due by the end of the month and not yet taken.
        """
        if self.on_market():
            return self.offered()
        taken = self.zeros if self.month == 7 else self.board["taken_from_peasants"]  # a new year begins
        return self.attainable() * procurement_due(self.month) - taken

    def collect(self) -> None:
        """Take what is due; under emergency measures, while short of plan, also a part of stocks."""
        due = np.maximum(self.due(), 0.0) if self.month in PROCUREMENT else self.zeros
        if self.on_market():
            short = self.board["plan_fulfilment"] < 1.0
            due = due + self.board["emergency"] * short * self.p.seizure * self.stock("grain", "individual")
        share = self.board["collectivised_share"]
        to_state = np.maximum(due * (1.0 - share) - self.board["sold_to_traders"], 0.0)
        self.ledger.propose("procured_individual", to_state)
        self.ledger.propose("procured_kolkhoz", due * share)
        seed = self.board["seed_need_state_farm"] * sowing_ahead(self.month)
        spare = np.maximum(self.stock("grain", "state_farms") - seed, 0.0)
        self.ledger.propose("procured_state_farm", spare * (0.35 if self.month in HARVEST else 0.2))

    def review(self) -> None:
        """Measure the campaign against the plan; call or lift emergency measures."""
        due = self.board["procurement_plan"] * procurement_due(self.month)
        taken = self.taken_to_date()
        fulfilment = taken / np.maximum(due, 1e-6)
        self.board["plan_fulfilment"] = fulfilment
        in_force = self.board["emergency"] > 0.5
        if not self.on_market() or not self.lever("emergency_measures"):
            called: Mask = np.zeros_like(in_force)
        elif self.month in (10, 11, 12, 1, 2):
            called = in_force | (fulfilment < 1.0 - self.p.shortfall_alarm)
        else:  # before the new harvest the centre gives way
            called = in_force & (self.month != 7)
        today = self.clock.today
        events = self.context.events
        events.add(today, "procurement", "emergency measures in procurement", called & ~in_force)
        events.add(today, "procurement", "emergency measures end", in_force & ~called)
        self.board["emergency"] = called.astype(float)

    def taken_to_date(self) -> Array:
        """Return what was procured since July, this month included, million tonnes."""
        before = self.zeros if self.month == 7 else self.board["taken_this_year"]
        return before + self._taken_this_month()

    def _taken_this_month(self) -> Array:
        moved = self.ledger.moved
        taken = moved("procured_individual") + moved("procured_kolkhoz") + moved("procured_state_farm")
        return taken + moved("mts_payment")

    def count_year(self) -> None:
        """Keep the running totals of the agricultural year."""
        moved = self.ledger.moved
        peasants = moved("procured_individual") + moved("procured_kolkhoz")
        if self.month == 7:
            share = self.board["taken_this_year"] / np.maximum(self.board["harvest_last_year"], 1e-6)
            self.board["taken_share_last_year"] = share
        for name, amount in (
            ("taken_this_year", self._taken_this_month()),
            ("taken_from_peasants", peasants),
            ("mts_paid_this_year", moved("mts_payment")),
        ):
            self.board[name] = amount if self.month == 7 else self.board[name] + amount
        if self.month == 6:
            self.board["harvest_last_year"] = self.board["harvest_this_year"]
