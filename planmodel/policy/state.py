"""Budget and State Bank: taxes, investment and defence, and the credit that closes the gap (D-62, D-64)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.kernel import Array, Component, Flow, Lever, Parameters, Variable, every, parameter, total
from planmodel.kernel.clock import Process
from planmodel.sectors.capital import BRANCHES


class StateParameters(Parameters):
    """Taxes and outlays."""

    budget_wages: Array = parameter(
        0.34, unit="1", bounds=(0.1, 0.35), symbol=r"\beta_w",
        meaning="share of wages paid by the budget: offices, schools, health", source="assumption",
    )  # fmt: skip
    profit_tax: Array = parameter(
        0.88, unit="1", bounds=(0.1, 0.9), symbol=r"\tau_\pi",
        meaning="share of what enterprises hold beyond their needs that the budget takes in a month",
        source="assumption",
    )  # fmt: skip
    loans: Array = parameter(
        0.0, unit="1", bounds=(0.0, 0.12), symbol=r"\lambda_b",
        meaning="share of wages subscribed to state loans and paid in direct taxes", source="assumption",
    )  # fmt: skip
    farm_tax: Array = parameter(
        0.19, unit="1", bounds=(0.0, 0.2), symbol=r"\tau_v",
        meaning="share of village money receipts paid in taxes", source="A-37; size assumed",
    )  # fmt: skip
    budget_investment: Array = parameter(
        0.99, unit="1", bounds=(0.4, 1.0), symbol=r"\beta_I",
        meaning="share of investment financed by the budget", source="assumption",
    )  # fmt: skip
    investment_cost: Array = parameter(
        0.99, unit="1", bounds=(0.1, 1.0), symbol=r"\varepsilon_I",
        meaning="elasticity of the cost of construction to the money wage", source="assumption",
    )  # fmt: skip
    defence_unit: Array = parameter(
        0.88, unit="billion roubles/year", bounds=(0.6, 1.2), symbol=r"B_d",
        meaning="defence outlays of 1928", source="defence outlays 0.85 bn in 1929", evidence="recalled",
    )  # fmt: skip
    working_balance: Array = parameter(
        2.3, unit="months", bounds=(0.5, 3.0), symbol=r"\tau_e",
        meaning="months of outlays that enterprises hold", source="assumption",
    )  # fmt: skip


class State(Component):
    """Turnover tax and other revenue; investment, defence and wages; credit and emission."""

    name = "state"
    parameters = StateParameters
    flows = (
        Flow("turnover_tax", "money", "enterprises", "budget", "turnover tax", rank=2),
        Flow("profit_tax", "money", "enterprises", "budget", "deductions from profits", rank=3),
        Flow("farm_tax", "money", "peasants", "budget", "taxes of the village", rank=0),
        Flow(
            "loans_and_direct_taxes", "money", "townspeople", "budget", "state loans and direct taxes", rank=0
        ),
        Flow("wages_of_budget", "money", "budget", "townspeople", "wages paid by the budget", rank=0),
        Flow("investment_finance", "money", "budget", "enterprises", "investment paid by the budget", rank=1),
        Flow("defence_outlays", "money", "budget", "enterprises", "defence outlays", rank=0),
        Flow("bank_credit", "money", "state_bank_lending", "enterprises", "credit to enterprises"),
        Flow("bank_repayment", "money", "enterprises", "state_bank_repaid", "credit repaid", rank=4),
        Flow("emission", "money", "state_bank_lending", "budget", "emission for the budget"),
        Flow(
            "budget_surplus",
            "money",
            "budget",
            "state_bank_repaid",
            "surplus of the budget withdrawn",
            rank=4,
        ),
    )
    variables = (
        Variable("budget_wage_share", "1", "share of wages paid by the budget", 0.22),
        Variable("budget_needs", "billion roubles/month", "outlays of the budget", 0.5),
    )
    levers = (Lever("easy_credit", 0.0, (0.0, 1.0), "the State Bank credits plan fulfilment without limit"),)

    def processes(self) -> Iterable[Process]:
        """Credit before the payments of the month, taxes and outlays with them."""
        yield every(self.clock, "labour", self.lend)
        yield every(self.clock, "money", self.tax_and_spend)

    def outlays(self) -> dict[str, Array]:
        """Return the budget's outlays of the month, billion roubles."""
        wage = self.board["average_money_wage"] / 690.0
        built = total(self.ledger.moved(f"construction_{branch}") for branch in BRANCHES)
        cost = built * wage**self.p.investment_cost
        defence = self.exogenous("defence_index") * self.p.defence_unit * wage**self.p.investment_cost / 12.0
        return {
            "wages_of_budget": self.board["wage_bill"] * self.p.budget_wages,
            "investment_finance": cost * self.p.budget_investment,
            "defence_outlays": defence,
        }

    def lend(self) -> None:
        """Fill the accounts of enterprises and budget to what the month will ask; withdraw what is idle."""
        self.board["budget_wage_share"] = self.p.budget_wages
        need = (
            self.board["wage_bill"] * self.p.working_balance * (1.0 + 0.3 * self.lever("easy_credit")) + 0.8
        )
        held = self.stock("money", "enterprises")
        self.ledger.propose("bank_credit", np.maximum(need - held, 0.0))
        self.ledger.propose("bank_repayment", np.maximum(held - 2.0 * need, 0.0) * 0.5)
        wanted = total(self.outlays().values())
        held = self.stock("money", "budget")
        self.board["budget_needs"] = wanted
        self.ledger.propose("emission", np.maximum(wanted - held, 0.0))
        self.ledger.propose("budget_surplus", np.maximum(held - 2.0 * wanted, 0.0))

    def tax_and_spend(self) -> None:
        """Tax and spend: turnover tax = (retail - wholesale) / retail x turnover."""
        propose = self.ledger.propose
        price = np.maximum(self.board["retail_price_index"], 1e-6)
        margin = np.clip(1.0 - self.board["wholesale_price"] / price, 0.0, 0.9)
        propose("turnover_tax", self.board["retail_turnover"] * margin)
        spare = self.stock("money", "enterprises") - self.board["wage_bill"] * self.p.working_balance
        propose("profit_tax", np.maximum(spare, 0.0) * self.p.profit_tax * 0.3)
        propose(
            "farm_tax", np.minimum(self.stock("money", "peasants") * self.p.farm_tax * 0.5, self.zeros + 50.0)
        )
        propose("loans_and_direct_taxes", self.board["wage_bill"] * self.p.loans)
        for flow, amount in self.outlays().items():
            propose(flow, amount)
