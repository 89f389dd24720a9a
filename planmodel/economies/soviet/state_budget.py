"""State budget: outlays, taxes and credit of the State Bank."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

state = Block("state")


@state.auxiliary
def wages_budgeted(wage_bill, budget_wages):
    """Wages that the budget pays: offices, schools, health."""
    return wage_bill * budget_wages


@state.auxiliary
def investment_budgeted(moved_construction_branch, construction_cost, budget_investment):
    """Investment that the budget pays, at the cost of construction."""
    return total(moved_construction_branch, "branch") * construction_cost * budget_investment


@state.auxiliary
def defence_price(wage_index, cost_index, defence_pay):
    """Price of defence, 1928 = 1: its pay rises with wages, its arms with costs."""
    return wage_index**defence_pay * cost_index ** (1.0 - defence_pay)


@state.auxiliary
def defence_budgeted(defence_index, defence_1928, defence_price):
    """Defence: what was bought, at the prices of the day."""
    return defence_index * defence_1928 * defence_price / 12.0


@state.auxiliary(source="D-62")
def balance_needed(wage_bill, working_balance, easy_balance, easy_credit):
    """What enterprises may hold: more under automatic credit, less under bills of exchange and after 1933."""
    return wage_bill * working_balance * (1.0 + easy_balance * easy_credit)


@state.equation("labour", source="D-62")
def lend(balance_needed, money_enterprises, idle_balance, repayment):
    """The bank fills the accounts of enterprises to what the month will ask, and withdraws what is idle."""
    return dict(
        bank_credit=np.maximum(balance_needed - money_enterprises, 0.0),
        bank_repayment=np.maximum(money_enterprises - idle_balance * balance_needed, 0.0) * repayment,
    )


@state.auxiliary(source="platform of the Joint Opposition, 1927")
def credit_due(
    moved_joining, credit_to_collectives, credit_on_joining, retail_price_index, millions_per_billion
):
    """Credit of the budget to those who join a kolkhoz in the month, where collectives are supported.

    It pays for seed and implements, and is not asked back.
    """
    credit = credit_to_collectives * credit_on_joining * retail_price_index
    return moved_joining * credit / millions_per_billion


@state.auxiliary
def outlays_due(wages_budgeted, transfers_due, investment_budgeted, defence_budgeted, credit_due):
    """What the budget has to pay this month."""
    return wages_budgeted + transfers_due + investment_budgeted + defence_budgeted + credit_due


@state.equation("labour", source="D-62")
def fill_budget(outlays_due, money_budget, idle_balance, budget_wages):
    """The bank issues what the budget lacks for its outlays, before they are made."""
    return dict(
        budget_wage_share=budget_wages,
        budget_needs=outlays_due,
        emission=np.maximum(outlays_due - money_budget, 0.0),
        budget_surplus=np.maximum(money_budget - idle_balance * outlays_due, 0.0),
    )


@state.auxiliary(source="platform of the Joint Opposition, 1927")
def taxed_heads(village_population, people_individual_peasants_region, tax_leaning, individual_taxation):
    """Heads by which the village pays: individual peasants count for more where the tax leans on them."""
    everybody = total(village_population, "region")
    apart = total(people_individual_peasants_region, "region")
    return everybody + tax_leaning * individual_taxation * apart


@state.equation("money", source="A-37")
def tax(
    turnover_tax_due, money_enterprises, taxed_heads, retail_price_index, wage_bill, balance_needed,
    profit_tax, farm_tax, loans, millions_per_billion,
):  # fmt: skip
    """Taxes and loans of the month; the turnover tax is that on the sales of the month before."""
    spare = money_enterprises - balance_needed
    return dict(
        turnover_tax=turnover_tax_due,
        profit_tax=np.maximum(spare, 0.0) * profit_tax,
        farm_tax=taxed_heads * farm_tax * retail_price_index / (12.0 * millions_per_billion),
        loans_and_direct_taxes=wage_bill * loans,
    )


@state.equation("money", source="D-62, D-63")
def spend_budget(
    wages_budgeted, investment_budgeted, defence_budgeted, credit_due, wage_bill, easy_wages, easy_credit
):  # fmt: skip
    """The budget spends; where credit is automatic, enterprises pay wages beyond the wage fund."""
    return dict(
        wages_on_credit=wage_bill * easy_wages * easy_credit,
        wages_of_budget=wages_budgeted,
        investment_finance=investment_budgeted,
        defence_outlays=defence_budgeted,
        kolkhoz_credit=credit_due,
    )


@state.equation("record", source="A-37, D-64")
def reckon_turnover_tax(
    moved_retail_towns, moved_retail_village, town_supply, village_supply, volume_goods, village_volume,
    volume_bread, volume_food, wholesale_price, food_cost, cost_index, processing, trade_margin,
    moved_crops_used_crop, crop_price_paid, crop_price_1928,
):  # fmt: skip
    """Turnover tax: sales less costs of trade, of factories, and of farm products with their processing.

    Costs are those of the part of the supply that was sold.
    """
    turnover = moved_retail_towns + moved_retail_village
    sold = turnover / np.maximum(town_supply + village_supply, 1e-9)
    goods = volume_goods + village_volume
    food = volume_bread + volume_food
    costs = goods * wholesale_price + food_cost
    costs = costs + total(moved_crops_used_crop, "crop") * (crop_price_paid - crop_price_1928)
    costs = costs + food * processing * cost_index
    due = turnover * (1.0 - trade_margin) - costs * sold
    return dict(turnover_tax_due=np.maximum(due, 0.0))


@state.auxiliary
def revenue_of_month(moved_turnover_tax, moved_profit_tax, moved_farm_tax, moved_loans_and_direct_taxes):
    """Revenue of the budget this month; what the bank issues is none."""
    taxes = moved_turnover_tax + moved_profit_tax
    return taxes + moved_farm_tax + moved_loans_and_direct_taxes


@state.auxiliary
def load_of_budget(outlays_now, revenue_now):
    """Outlays of the budget over its revenue."""
    return outlays_now / np.maximum(revenue_now, 1e-6)


@state.equation("record", source="sketch of accumulation, form 2")
def weigh_budget(
    outlays_now, revenue_now, outlays_due, revenue_of_month, load_of_budget, budget_norm, base_month,
    budget_memory, norm_memory,
):  # fmt: skip
    """Outlays over revenue of a year, against a norm that follows: taxes are raised after outlays."""
    usual = smoothed(budget_norm, load_of_budget, norm_memory)
    first = budget_norm + (load_of_budget - budget_norm) / base_month if base_month > 0 else usual
    return dict(
        outlays_now=smoothed(outlays_now, 12.0 * outlays_due, budget_memory),
        revenue_now=smoothed(revenue_now, 12.0 * revenue_of_month, budget_memory),
        budget_norm=first,
        budget_pressure=load_of_budget - first,
    )


@state.equation("record")
def reckon_accumulation(
    moved_turnover_tax, moved_farm_tax, moved_loans_and_direct_taxes, moved_wages_of_budget, moved_transfers,
    moved_kolkhoz_credit,
):  # fmt: skip
    """Fund of accumulation: what households pay in taxes and loans less what the budget pays them."""
    revenue = moved_turnover_tax + moved_farm_tax + moved_loans_and_direct_taxes
    return dict(accumulation_fund=revenue - moved_wages_of_budget - moved_transfers - moved_kolkhoz_credit)
