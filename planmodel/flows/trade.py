"""Foreign trade: grain and other exports at the prices of the depression buy machines (A-31, D-73)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.kernel import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Input,
    Parameters,
    Variable,
    every,
    parameter,
)
from planmodel.kernel.clock import Process


class TradeParameters(Parameters):
    """Foreign exchange and what it buys."""

    foreign_credit: Array = parameter(
        0.14, unit="billion gold roubles/year", bounds=(0.0, 0.4), symbol=r"F",
        meaning="foreign credit drawn in a year while the debt is small",
        source="imports over exports 1930-32", evidence="assumption",
    )  # fmt: skip
    debt_limit: Array = parameter(
        0.88, unit="billion gold roubles", bounds=(0.2, 2.0), symbol=r"F_x",
        meaning="foreign debt at which no more credit is drawn", source="assumption",
    )  # fmt: skip
    repayment: Array = parameter(
        0.26, unit="1/year", bounds=(0.05, 0.6), symbol=r"r_F",
        meaning="share of the foreign debt repaid in a year", source="assumption",
    )  # fmt: skip
    machine_share: Array = parameter(
        0.417, unit="1", bounds=(0.3, 0.8), symbol=r"\mu_F",
        meaning="share of imports that are machines", source="assumption",
    )  # fmt: skip
    metal_share: Array = parameter(
        0.215, unit="1", bounds=(0.05, 0.4), symbol=r"\mu_M",
        meaning="share of imports that is metal", source="assumption",
    )  # fmt: skip
    metal_price: Array = parameter(
        130.0, unit="gold roubles/tonne", bounds=(80.0, 200.0), symbol=r"p_M",
        meaning="price of imported metal in 1928", source="assumption",
    )  # fmt: skip
    import_price: Array = parameter(
        1.32, unit="roubles of 1928/gold rouble", bounds=(0.6, 1.6), symbol=r"p_F",
        meaning="producer goods bought with a gold rouble in 1928", source="assumption",
    )  # fmt: skip


class Trade(Component):
    """Exports earn, credit adds, repayment takes, the rest buys producer goods."""

    name = "trade"
    parameters = TradeParameters
    commodities = (Commodity("foreign_exchange", "billion gold roubles", "gold and foreign exchange"),)
    accounts = (
        Account("foreign_exchange", "reserve", "foreign exchange in hand"),
        Account("foreign_exchange", "exports", "earned by exports", kind="source"),
        Account("foreign_exchange", "lenders", "borrowed abroad", kind="source"),
        Account("foreign_exchange", "imports", "spent on imports", kind="sink"),
        Account("foreign_exchange", "creditors", "repaid abroad", kind="sink"),
    )
    flows = (
        Flow("exports", "foreign_exchange", "exports", "reserve", "exports"),
        Flow("foreign_loans", "foreign_exchange", "lenders", "reserve", "foreign credit drawn"),
        Flow("imports", "foreign_exchange", "reserve", "imports", "imports", rank=1),
        Flow("foreign_repayment", "foreign_exchange", "reserve", "creditors", "foreign credit repaid"),
    )
    variables = (Variable("foreign_debt", "billion gold roubles", "debt abroad", 0.35),)
    inputs = (
        Input("grain_price_abroad", "gold roubles/tonne", "price of exported grain"),
        Input("other_exports", "billion gold roubles", "exports other than grain in the calendar year"),
        Input("import_price_index", "index 1928=1", "price of imported machines"),
    )

    def processes(self) -> Iterable[Process]:
        """Sell abroad, then buy."""
        yield every(self.clock, "consumption", self.sell)
        yield every(self.clock, "production", self.buy)

    def sell(self) -> None:
        """Sell abroad: exports = grain x price + other; credit is drawn while the debt is under its limit."""
        grain = self.ledger.moved("grain_export") * self.exogenous("grain_price_abroad") / 1000.0
        self.ledger.propose("exports", grain + self.exogenous("other_exports") / 12.0)
        debt = self.board["foreign_debt"]
        drawn = self.p.foreign_credit / 12.0 * np.clip(1.0 - debt / self.p.debt_limit, 0.0, 1.0) * 3.0
        repaid = np.minimum(debt * self.p.repayment / 12.0, self.stock("foreign_exchange", "reserve"))
        self.ledger.propose("foreign_loans", drawn)
        self.ledger.propose("foreign_repayment", repaid)
        self.board["foreign_debt"] = np.maximum(debt + drawn - repaid, 0.0)

    def buy(self) -> None:
        """Spend what is in hand; a share buys producer goods at the import price."""
        spent = np.maximum(self.stock("foreign_exchange", "reserve"), 0.0) * 0.5
        self.ledger.propose("imports", spent)
        spent = spent / self.exogenous("import_price_index")
        self.ledger.propose("imports_producer_goods", spent * self.p.machine_share * self.p.import_price)
        self.ledger.propose("imports_metal", spent * self.p.metal_share * 1000.0 / self.p.metal_price)
