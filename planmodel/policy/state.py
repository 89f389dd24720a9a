"""Budget and State Bank: taxes, investment and defence, and the credit that closes the gap (D-62, D-64)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Array, Component, Flow, Lever, Parameters, Variable, every, parameter, total
from planmodel.engine.clock import Process
from planmodel.sectors.capital import BRANCHES


class StateParameters(Parameters):
    """Taxes, outlays and credit."""

    budget_wages: Array = parameter(
        0.349, unit="1", bounds=(0.1, 0.35), symbol=r"\beta_w",
        meaning="share of wages paid by the budget: offices, schools, health", source="assumption",
    )  # fmt: skip
    trade_margin: Array = parameter(
        0.0679, unit="1", bounds=(0.05, 0.25), symbol=r"\mu_t",
        meaning="share of retail turnover that covers the costs of trade", source="assumption",
    )  # fmt: skip
    processing: Array = parameter(
        0.168, unit="1", bounds=(0.1, 0.5), symbol=r"\mu_b",
        meaning="cost of milling, baking and packing over the retail value of food in 1928",
        source="assumption",
    )  # fmt: skip
    profit_tax: Array = parameter(
        0.384, unit="1/month", bounds=(0.03, 0.5), symbol=r"\tau_\pi",
        meaning="share of what enterprises hold beyond their needs that the budget takes in a month",
        source="assumption",
    )  # fmt: skip
    loans: Array = parameter(
        0.0862, unit="1", bounds=(0.0, 0.12), symbol=r"\lambda_b",
        meaning="share of wages subscribed to state loans and paid in direct taxes",
        source="mass loans and taxes of the population in the budgets of the 1930s; size assumed",
    )  # fmt: skip
    farm_tax: Array = parameter(
        0.116, unit="1/month", bounds=(0.0, 0.15), symbol=r"\tau_v",
        meaning="share of the village's cash paid in taxes and loans in a month",
        source="A-37: 1 % of budget revenue in 1937 without loans; size assumed",
    )  # fmt: skip
    budget_investment: Array = parameter(
        0.908, unit="1", bounds=(0.4, 1.0), symbol=r"\beta_I",
        meaning="share of investment financed by the budget", source="assumption",
    )  # fmt: skip
    investment_cost: Array = parameter(
        0.991, unit="1", bounds=(0.1, 1.0), symbol=r"\varepsilon_I",
        meaning="elasticity of the cost of construction to the money wage", source="assumption",
    )  # fmt: skip
    defence_unit: Array = parameter(
        0.889, unit="billion roubles/year", bounds=(0.6, 1.2), symbol=r"B_d",
        meaning="defence outlays of 1928", source="defence outlays 0.85 bn in 1929", evidence="assumption",
    )  # fmt: skip
    working_balance: Array = parameter(
        2.34, unit="months", bounds=(0.5, 3.0), symbol=r"\tau_e",
        meaning="months of wages that enterprises hold under bills of exchange", source="assumption",
    )  # fmt: skip
    easy_balance: Array = parameter(
        0.847, unit="1", bounds=(0.0, 1.5), symbol=r"\kappa_c",
        meaning="further balances, over those, that automatic credit lets enterprises hold",
        source="D-62; size assumed",
    )  # fmt: skip
    easy_wages: Array = parameter(
        0.0337, unit="1", bounds=(0.0, 0.2), symbol=r"\kappa_w",
        meaning="wages paid beyond the wage fund where credit is automatic, over the wage bill",
        source="D-62, D-63: outlays are spent in full; size assumed",
    )  # fmt: skip
    idle_balance: Array = parameter(
        1.71, unit="1", bounds=(1.0, 4.0), symbol=r"\kappa_i",
        meaning="balances over need above which the bank withdraws what enterprises and budget hold",
        source="assumption",
    )  # fmt: skip
    repayment: Array = parameter(
        0.709, unit="1/month", bounds=(0.1, 1.0), symbol=r"\rho_c",
        meaning="share of idle balances of enterprises that goes back to the bank in a month",
        source="assumption",
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
        Flow("wages_on_credit", "money", "enterprises", "townspeople", "wages beyond the wage fund", rank=1),
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
        Variable(
            "accumulation_fund",
            "billion roubles/month",
            "taxes and loans of households less what the budget pays them: for investment and defence",
        ),
        Variable("turnover_tax_due", "billion roubles/month", "tax on the sales of the month", 0.2),
    )
    levers = (Lever("easy_credit", 0.0, (0.0, 1.0), "the State Bank credits plan fulfilment without limit"),)

    def processes(self) -> Iterable[Process]:
        """Credit before the payments of the month, taxes and outlays with them."""
        yield every(self.clock, "labour", self.lend)
        yield every(self.clock, "money", self.tax_and_spend)
        yield every(self.clock, "record", self.close)

    def outlays(self) -> dict[str, Array]:
        """Return the budget's outlays of the month, billion roubles."""
        cost = self.board["wage_index"] ** self.p.investment_cost
        arms = self.exogenous("defence_index") * self.p.defence_unit / 12.0
        built = total(self.ledger.moved(f"construction_{branch}") for branch in BRANCHES)
        return {
            "wages_of_budget": self.board["wage_bill"] * self.p.budget_wages,
            "investment_finance": built * cost * self.p.budget_investment,
            # Arms are bought at wholesale prices, which rise less than the wages of builders.
            "defence_outlays": arms * self.board["cost_index"],
        }

    def lend(self) -> None:
        """Fill the accounts of enterprises and budget to what the month will ask; withdraw what is idle.

        Automatic credit lets enterprises hold more; under bills of exchange and after 1933 less.
        """
        self.board["budget_wage_share"] = self.p.budget_wages
        ease = 1.0 + self.p.easy_balance * self.lever("easy_credit")
        need = self.board["wage_bill"] * self.p.working_balance * ease
        held = self.stock("money", "enterprises")
        self.ledger.propose("bank_credit", np.maximum(need - held, 0.0))
        self.ledger.propose(
            "bank_repayment", np.maximum(held - self.p.idle_balance * need, 0.0) * self.p.repayment
        )
        wanted = total(self.outlays().values())
        held = self.stock("money", "budget")
        self.board["budget_needs"] = wanted
        self.ledger.propose("emission", np.maximum(wanted - held, 0.0))
        self.ledger.propose("budget_surplus", np.maximum(held - self.p.idle_balance * wanted, 0.0))

    def tax_and_spend(self) -> None:
        """Tax and spend; the turnover tax is that on the sales of the month before."""
        propose = self.ledger.propose
        propose("turnover_tax", self.board["turnover_tax_due"])
        bill = self.board["wage_bill"]
        spare = self.stock("money", "enterprises") - bill * self.p.working_balance
        propose("profit_tax", np.maximum(spare, 0.0) * self.p.profit_tax)
        propose("farm_tax", self.stock("money", "peasants") * self.p.farm_tax)
        propose("loans_and_direct_taxes", bill * self.p.loans)
        if self.lever("easy_credit"):
            propose("wages_on_credit", bill * self.p.easy_wages * self.lever("easy_credit"))
        for flow, amount in self.outlays().items():
            propose(flow, amount)

    def close(self) -> None:
        """Reckon the tax on the month's sales, and the fund of accumulation.

        Tax = sales less costs of trade, of factories, and of farm products with their processing (A-37);
        costs are those of the part of the supply that was sold.
        Fund = what households pay in taxes and loans less what the budget pays them, profits apart.
        """
        moved = self.ledger.moved
        turnover = moved("retail_towns") + moved("retail_village")
        sold = turnover / np.maximum(self.board["town_supply"] + self.board["village_supply"], 1e-9)
        goods = self.board["volume_goods"] + self.board["village_volume"]
        food = self.board["volume_bread"] + self.board["volume_food"]
        costs = goods * self.board["wholesale_price"] + self.board["food_cost"]
        costs = costs + food * self.p.processing * self.board["cost_index"]
        due = turnover * (1.0 - self.p.trade_margin) - costs * sold
        self.board["turnover_tax_due"] = np.maximum(due, 0.0)
        revenue = moved("turnover_tax") + moved("farm_tax") + moved("loans_and_direct_taxes")
        self.board["accumulation_fund"] = revenue - moved("wages_of_budget") - moved("transfers")
