"""Foreign trade: grain, timber and gold at the prices of the depression buy machines (A-31, D-27, D-73)."""

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
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process

GOLD_ROUBLES_PER_TONNE = 1.0 / 0.774234e3  # billion: the rouble of before 1936 held 0.774234 grams of gold


class TradeParameters(Parameters):
    """Foreign exchange and what it buys."""

    credit_time: Array = parameter(
        1.5, unit="years", bounds=(0.3, 4.0), symbol=r"\tau_F",
        meaning="time in which credit that lenders offer is taken up", source="imports over exports 1930-31",
        evidence="assumption",
    )  # fmt: skip
    repayment: Array = parameter(
        0.15, unit="1/year", bounds=(0.05, 0.8), symbol=r"r_F",
        meaning="share of the foreign debt repaid in a year", source="imports under exports 1933-35",
        evidence="assumption",
    )  # fmt: skip
    interest: Array = parameter(
        0.12, unit="1/year", bounds=(0.04, 0.2), symbol=r"i_F",
        meaning="interest, freight and services paid abroad over the debt", source="assumption",
    )  # fmt: skip
    import_pace: Array = parameter(
        0.5, unit="1/month", bounds=(0.2, 0.9), symbol=r"\sigma_F",
        meaning="share of the exchange in hand that is spent in a month", source="assumption",
    )  # fmt: skip
    machine_share: Array = parameter(
        0.312, unit="1", bounds=(0.3, 0.8), symbol=r"\mu_F",
        meaning="share of imports that are machines", source="assumption",
    )  # fmt: skip
    metal_share: Array = parameter(
        0.295, unit="1", bounds=(0.05, 0.4), symbol=r"\mu_M",
        meaning="share of imports that is metal", source="assumption",
    )  # fmt: skip
    metal_price: Array = parameter(
        130.0, unit="gold roubles/tonne", bounds=(80.0, 200.0), symbol=r"p_M",
        meaning="price of imported metal in 1928", source="assumption",
    )  # fmt: skip
    import_price: Array = parameter(
        1.27, unit="roubles of 1928/gold rouble", bounds=(0.6, 1.6), symbol=r"p_F",
        meaning="producer goods bought with a gold rouble in 1928", source="assumption",
    )  # fmt: skip
    timber_free: Array = parameter(
        0.1, unit="billion gold roubles/year", bounds=(0.03, 0.2), symbol=r"W_0",
        meaning="timber that free labour makes for export, at prices of 1928", source="assumption",
    )  # fmt: skip
    timber_unfree: Array = parameter(
        0.03, unit="billion gold roubles/million persons/year", bounds=(0.0, 0.1), symbol=r"W_u",
        meaning="timber for export made by settlers and inmates, per person, at prices of 1928",
        source="D-3, D-27; size assumed",
    )  # fmt: skip
    gold_unfree: Array = parameter(
        45.0, unit="tonnes/million persons/year", bounds=(0.0, 120.0), symbol=r"A_u",
        meaning="gold mined by inmates once the fields are opened, over all inmates",
        source="D-27; about 80 tonnes from Kolyma in 1940 (recalled; the text's 300 are contested)",
        evidence="assumption",
    )  # fmt: skip
    gold_opening: Array = parameter(
        60.0, unit="months", bounds=(12.0, 120.0), symbol=r"\tau_A",
        meaning="time in which gold fields of the camps are opened", source="assumption",
    )  # fmt: skip
    gold_sold: Array = parameter(
        0.5, unit="1", bounds=(0.0, 1.0), symbol=r"\sigma_A",
        meaning="share of the gold mined that is sold abroad", source="assumption",
    )  # fmt: skip


class Trade(Component):
    """Exports and gold earn, credit adds, debt takes, the rest buys producer goods."""

    name = "trade"
    parameters = TradeParameters
    commodities = (Commodity("foreign_exchange", "billion gold roubles", "gold and foreign exchange"),)
    accounts = (
        Account("foreign_exchange", "reserve", "foreign exchange in hand"),
        Account("foreign_exchange", "exports", "earned by exports", kind="source"),
        Account("foreign_exchange", "mines", "gold sold abroad", kind="source"),
        Account("foreign_exchange", "lenders", "borrowed abroad", kind="source"),
        Account("foreign_exchange", "imports", "spent on imports", kind="sink"),
        Account("foreign_exchange", "creditors", "repaid abroad", kind="sink"),
    )
    flows = (
        Flow("exports_grain", "foreign_exchange", "exports", "reserve", "exports of grain"),
        Flow("exports_timber", "foreign_exchange", "exports", "reserve", "exports of timber"),
        Flow(
            "exports_other", "foreign_exchange", "exports", "reserve", "other exports, oil and furs above all"
        ),
        Flow("gold_sales", "foreign_exchange", "mines", "reserve", "gold sold abroad"),
        Flow("foreign_loans", "foreign_exchange", "lenders", "reserve", "foreign credit drawn"),
        Flow("imports", "foreign_exchange", "reserve", "imports", "imports", rank=1),
        Flow("foreign_repayment", "foreign_exchange", "reserve", "creditors", "foreign credit repaid"),
        Flow("foreign_interest", "foreign_exchange", "reserve", "creditors", "interest, freight, services"),
    )
    variables = (
        Variable("foreign_debt", "billion gold roubles", "debt abroad", 0.4),
        Variable("camp_gold_fields", "1", "gold fields of the camps that have been opened"),
    )
    levers = (Lever("camp_gold", 0.0, (0.0, 1.0), "camps open gold fields"),)
    inputs = (
        Input("grain_price_abroad", "gold roubles/tonne", "price of exported grain"),
        Input("timber_price_abroad", "index 1928=1", "price of exported timber"),
        Input("other_exports", "billion gold roubles", "exports but grain and timber in the calendar year"),
        Input("gold_output", "tonnes", "gold mined outside the camps in the calendar year"),
        Input("foreign_credit_line", "billion gold roubles", "debt that lenders abroad were ready to hold"),
        Input("import_price_index", "index 1928=1", "price of imported machines"),
    )

    def processes(self) -> Iterable[Process]:
        """Sell abroad, then buy."""
        yield every(self.clock, "consumption", self.sell)
        yield every(self.clock, "consumption", self.borrow)
        yield every(self.clock, "production", self.buy)

    def sell(self) -> None:
        """Sell grain, timber and gold: the unfree cut timber and mine gold as far as they are so planned."""
        planned = self.lever("camp_economy") if self.on("camp_labour") else 0.0
        inmates = self.stock("people", "camp_inmates")
        unfree = inmates + self.stock("people", "special_settlers")
        grain = self.ledger.moved("grain_export") * self.exogenous("grain_price_abroad") / 1000.0
        timber = (self.p.timber_free + self.p.timber_unfree * unfree * planned) / 12.0
        self.ledger.propose("exports_grain", grain)
        self.ledger.propose("exports_timber", timber * self.exogenous("timber_price_abroad"))
        self.ledger.propose("exports_other", self.zeros + self.exogenous("other_exports") / 12.0)
        opened = self.board["camp_gold_fields"]
        opened = opened + self.lever("camp_gold") * (1.0 - opened) / self.p.gold_opening
        self.board["camp_gold_fields"] = opened
        gold = self.exogenous("gold_output") + self.p.gold_unfree * inmates * planned * opened
        self.ledger.propose("gold_sales", gold / 12.0 * self.p.gold_sold * GOLD_ROUBLES_PER_TONNE)

    def borrow(self) -> None:
        """Credit is taken up towards the lenders' line; debt is served from what is in hand."""
        debt, held = self.board["foreign_debt"], self.stock("foreign_exchange", "reserve")
        drawn = np.maximum(self.exogenous("foreign_credit_line") - debt, 0.0) / (12.0 * self.p.credit_time)
        repaid = np.minimum(debt * self.p.repayment / 12.0, 0.5 * held)
        self.ledger.propose("foreign_loans", drawn)
        self.ledger.propose("foreign_repayment", repaid)
        self.ledger.propose("foreign_interest", np.minimum(debt * self.p.interest / 12.0, 0.5 * held))
        self.board["foreign_debt"] = np.maximum(debt + drawn - repaid, 0.0)

    def buy(self) -> None:
        """Spend a part of what is in hand; a share buys producer goods at the import price."""
        spent = np.maximum(self.stock("foreign_exchange", "reserve"), 0.0) * self.p.import_pace
        self.ledger.propose("imports", spent)
        spent = spent / self.exogenous("import_price_index")
        self.ledger.propose("imports_producer_goods", spent * self.p.machine_share * self.p.import_price)
        self.ledger.propose("imports_metal", spent * self.p.metal_share * 1000.0 / self.p.metal_price)
