"""Money of the colony: no budget funds (E-004); what it earns, what it pays, what it builds with."""

from __future__ import annotations

import numpy as np

from planmodel.engine.equations import Block
from planmodel.engine.rules import total

treasury = Block("treasury")


@treasury.auxiliary
def sales(
    moved_coal_sold, coal_price, moved_chemicals_sold, coke_price, moved_food_sold, ration_price,
    thousands_a_million, roubles_a_million,
):  # fmt: skip
    """Money for coal, coke and food sold this month."""
    sold = moved_coal_sold * coal_price + moved_chemicals_sold * coke_price
    return sold * (1.0 / thousands_a_million) + moved_food_sold * ration_price * (1.0 / roubles_a_million)


@treasury.auxiliary(source="line 36")
def support(state_investment, lever_budget_support):
    """Money of the state budget for equipment."""
    return state_investment * lever_budget_support


@treasury.auxiliary(without="absorption")
def support():
    """The budget gives nothing."""
    return 0.0


@treasury.equation("pay", source="E-003, E-004")
def take_in(sales, support, came_so_far, subscribed, subscription, roubles_a_million):
    """Take in what was sold, what settlers brought, and budget money.

    Who came last month is among the settlers by now. What is taken in is paid out next month.
    """
    brought = (came_so_far - subscribed) * subscription * (1.0 / roubles_a_million)
    return dict(sales_money=sales, subscriptions=brought, budget_support=support, subscribed=came_so_far)


@treasury.auxiliary
def food_bill(moved_food_bought, ration_price, roubles_a_million):
    """What the food bought costs."""
    return moved_food_bought * ration_price * (1.0 / roubles_a_million)


@treasury.auxiliary
def wage_bill(people_group, colonists, waged, wage, roubles_a_million):
    """Wages of hired workers always, of settlers once there is a scale."""
    return (total(people_group, "group") + colonists * waged) * wage * (1.0 / roubles_a_million)


@treasury.equation("pay")
def pay(food_bill, wage_bill, money_colony):
    """Pay food, then wages, from cash at hand."""
    return dict(
        food_money=np.minimum(food_bill, money_colony),
        wages=np.minimum(wage_bill, np.maximum(money_colony - food_bill, 0.0)),
    )


@treasury.equation("pay")
def equip(
    money_colony, food_bill, wage_bill, keep, support, works_missing, to_works, coal_wanted_and_missing,
    to_shafts,
):  # fmt: skip
    """Buy equipment of what is left: for the chemical works until they are complete, shafts and machines."""
    left = np.maximum(money_colony - food_bill - wage_bill, 0.0)
    bought = np.minimum(keep * left + support, left)
    works = np.minimum(bought * to_works, works_missing)
    shafts = np.where(coal_wanted_and_missing > 0.0, (bought - works) * to_shafts, 0.0)
    return dict(
        equipment_money=bought,
        works_added=works,
        shafts_sunk=shafts,
        machines_added=bought - works - shafts,
    )


@treasury.equation("pay")
def promise(sales, cash_promised, money_colony, food_bill, roubles_a_million, wage):
    """Hired workers whom the colony can pay: by what comes in, and a part of what is at hand."""
    free = np.maximum(sales + cash_promised * money_colony - food_bill, 0.0)
    return dict(can_pay_for=free * roubles_a_million / wage)
