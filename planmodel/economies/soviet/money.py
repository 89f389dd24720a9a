"""Money: wages and state prices, payments between the sectors, budget and bank."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed, within
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

price_scissors = Block("price_scissors")
payments = Block("payments")
state = Block("state")


# ---- wages and state prices --------------------------------------------------------------------------------


@helper
def between(low: Array, high: Array, weight: Array) -> Array:
    """Return the price between two, ``low^(1-weight) high^weight``, never below the first.

    Parameters
    ----------
    low, high
        Prices, above zero.
    weight
        Weight of the second, 0 to 1.
    """
    return low * np.maximum(high / low, 1.0) ** weight


@price_scissors.equation("money", source="B-60, D-62, D-65")
def drift(
    people_workers, vacancies, easy_credit, wage_policing, retail_inflation, wage_index,
    wage_1928, wage_drift, wage_scarcity, wage_credit, wage_indexation, most_wage_index, most_unfilled,
    most_wage_rise,
):  # fmt: skip
    """Wages drift upwards with want of hands and easy credit, and follow prices in part."""
    earners = np.maximum(total(people_workers, "workers"), 1e-6)
    unfilled = np.minimum(12.0 * vacancies / earners, most_unfilled)
    rise = wage_drift + wage_scarcity * unfilled
    rise = rise + wage_credit * easy_credit
    rise = rise * (1.0 - wage_policing)
    rise = rise + wage_indexation * np.maximum(retail_inflation, 0.0)
    index = np.minimum(wage_index * np.exp(np.minimum(rise, most_wage_rise) / 12.0), most_wage_index)
    return dict(wage_index=index, average_money_wage=index * wage_1928)


@price_scissors.auxiliary
def shortage_judged(excess_demand, least_shortage, most_shortage):
    """Shortage by which prices are revised: excess demand within bounds."""
    return np.minimum(np.maximum(excess_demand, least_shortage), most_shortage)


@price_scissors.auxiliary
def price_reform(shortage_judged, months_since_reform, reform_threshold, reform_interval):
    """Whether state prices are revised: shortage or glut is wide, and the last reform lies back."""
    return (np.abs(shortage_judged) > reform_threshold) & (months_since_reform + 1.0 >= reform_interval)


@price_scissors.equation("money", source="D-67")
def proclaim_reform(price_reform, shortage_judged, months_since_reform):
    """Prices stand still until a reform, which raises or lowers all of them."""
    return dict(
        prices_raised=price_reform & (shortage_judged > 0.0),
        prices_lowered=price_reform & (shortage_judged < 0.0),
        months_since_reform=np.where(price_reform, 0.0, months_since_reform + 1.0),
    )


@price_scissors.auxiliary
def reformed_price(
    state_price_good, price_reform, shortage_judged, price_control, price_response, step_without_control,
    least_state_price, most_state_price,
):  # fmt: skip
    """State price after a reform, which goes less far under control of prices."""
    step = price_response * shortage_judged * step_without_control / (1.0 + price_control)
    revised = within(state_price_good * np.exp(step), least_state_price, most_state_price)
    return np.where(price_reform, revised, state_price_good)


@price_scissors.auxiliary(source="C-30")
def shop_price(reformed_price, cards_good, lever_cards_good, commercial_price_good, unified_weight):
    """Ration price; where cards end, one price between it and the commercial price of the month before.

    Only members that had cards are asked: openings may differ.
    """
    unified = between(reformed_price, commercial_price_good, unified_weight)
    return np.where((lever_cards_good == 0.0) & (cards_good > 0.0), unified, reformed_price)


@price_scissors.auxiliary(source="D-63, D-64")
def price_without_cards(shop_price, kolkhoz_market_price, commercial_weight, market_price_floor):
    """Commercial price: between that of the shops and that of the peasants' market."""
    return between(shop_price, np.maximum(kolkhoz_market_price, market_price_floor), commercial_weight)


@price_scissors.equation("money", source="C-30, D-63, D-67")
def revise_prices(shop_price, price_without_cards, lever_cards_good):
    """Set state prices, with cards and without, and the cards in force."""
    return dict(
        state_price_good=shop_price, commercial_price_good=price_without_cards, cards_good=lever_cards_good
    )


@price_scissors.equation("money", source="C-30")
def end_cards(
    cards_bread, cards_food, cards_goods, lever_cards_bread, lever_cards_food, lever_cards_goods
):  # fmt: skip
    """Tell when the cards of a good end."""
    return dict(
        bread_cards_end=(lever_cards_bread == 0.0) & (cards_bread > 0.0),
        food_cards_end=(lever_cards_food == 0.0) & (cards_food > 0.0),
        goods_cards_end=(lever_cards_goods == 0.0) & (cards_goods > 0.0),
    )


@price_scissors.auxiliary(source="A-35")
def village_price(shop_price, price_without_cards, lever_cards_goods, village_weight, village_basket_good):
    """What the village pays for industrial goods: a little more than towns on cards."""
    price = total(shop_price * village_basket_good, "good")
    commercial = total(price_without_cards * village_basket_good, "good")
    return between(price, commercial, village_weight * lever_cards_goods)


@price_scissors.auxiliary(source="A-35")
def price_paid(given_procurement_price, procurement_scale, price_offered):
    """What the village is paid: the recorded price, and what the state bids on a market."""
    return given_procurement_price * procurement_scale * price_offered


@price_scissors.auxiliary(without="price_scissors")
def price_paid(village_price, procurement_scale):
    """What the village is paid without the scissors: parity with industrial goods."""
    return village_price * procurement_scale


@price_scissors.equation("money", source="A-35")
def open_scissors(village_price, price_paid):
    """The scissors: what the village pays for goods over what it is paid for its products."""
    return dict(
        industrial_goods_price=village_price,
        procurement_price=price_paid,
        scissors=village_price / price_paid,
    )


@price_scissors.auxiliary
def retail_index_now(
    town_supply, village_supply, town_volume, village_volume, least_retail_index, most_retail_index
):
    """Mean of state retail prices by the month's sales: their value over that at prices of 1928."""
    value = town_supply + village_supply
    volume = town_volume + village_volume
    return within(value / np.maximum(volume, 1e-9), least_retail_index, most_retail_index)


@price_scissors.equation("money")
def weigh(retail_index_now, retail_price_index, retail_inflation, price_memory, least_retail_index):
    """Retail index and its yearly rise, smoothed."""
    inflation = 12.0 * np.log(retail_index_now / np.maximum(retail_price_index, least_retail_index))
    return dict(
        retail_price_index=retail_index_now,
        retail_inflation=smoothed(retail_inflation, inflation, price_memory),
    )


@price_scissors.equation("money", source="C-28")
def reckon_cost_of_living(
    retail_index_now, kolkhoz_market_price, wage_index, market_weight, market_price_floor
):
    """Cost of living, by state prices and the market together, and what the wage buys."""
    living = retail_index_now ** (1.0 - market_weight)
    living = living * np.maximum(kolkhoz_market_price, market_price_floor) ** market_weight
    return dict(cost_of_living=living, real_wage=wage_index / living)


@price_scissors.equation("money", source="D-64")
def reckon_costs(
    people_heavy_industry_workers, people_consumer_goods_workers, workers_norm, base_month, industrial_output,
    labour_productivity, wage_index, state_price_goods, cost_memory, wholesale_response, wholesale_share,
    least_productivity, most_productivity, least_productivity_in_costs,
):  # fmt: skip
    """Wholesale prices follow the cost of labour per unit in part, and never pass the retail price."""
    workers = people_heavy_industry_workers + people_consumer_goods_workers
    norm = workers_norm + (workers - workers_norm) / base_month if base_month > 0 else workers_norm
    output = industrial_output * norm / np.maximum(workers, 1e-6)
    output = within(output, least_productivity, most_productivity)
    productivity = smoothed(labour_productivity, output, cost_memory)
    costs = (wage_index / np.maximum(productivity, least_productivity_in_costs)) ** wholesale_response
    return dict(
        workers_norm=norm,
        labour_productivity=productivity,
        cost_index=costs,
        wholesale_price=np.minimum(wholesale_share * costs, state_price_goods),
    )


# ---- payments between the sectors --------------------------------------------------------------------------


@payments.auxiliary
def products_for_towns(
    moved_meat_town,
    meat_price_1928,
    moved_milk_town,
    milk_price_1928,
    moved_potatoes_to_towns,
    potato_price_1928,
):
    """Animal products and potatoes of this month for towns, at retail prices of 1928."""
    return (
        moved_meat_town * meat_price_1928
        + moved_milk_town * milk_price_1928
        + moved_potatoes_to_towns * potato_price_1928
    )


@payments.auxiliary
def products_of_state(products_for_towns, market_share_of_products, farm_price_share):
    """Animal products and potatoes that the state bought, at procurement prices of 1928."""
    return products_for_towns * (1.0 - market_share_of_products) * farm_price_share


@payments.auxiliary
def grain_of_state(moved_food_town, moved_market_grain_individual, moved_market_grain_members):
    """Grain eaten in towns less what the market brought, million tonnes."""
    return np.maximum(moved_food_town - (moved_market_grain_individual + moved_market_grain_members), 0.0)


@payments.equation("labour")
def reckon_wages(people_workers, average_money_wage, millions_per_billion):
    """Wages of all wage earners in the month."""
    earners = total(people_workers, "workers")
    return dict(wage_bill=earners * average_money_wage / (12.0 * millions_per_billion))


@payments.auxiliary
def bread_offered(grain_of_state, bread_value):
    """Bread and flour of the state, at prices of 1928."""
    return grain_of_state * bread_value


@payments.auxiliary(source="C-60")
def food_offered(products_of_state, farm_price_share, moved_grain_to_industry, drink_value):
    """Other food of the state, at prices of 1928: what did not go to the market, and spirits."""
    return products_of_state / farm_price_share + moved_grain_to_industry * drink_value


@payments.equation("labour")
def supply_towns(
    bread_offered, food_offered, moved_goods_to_towns, commercial_trade, cards_bread, cards_food, cards_goods,
    state_price_bread, state_price_food, state_price_goods,
    commercial_price_bread, commercial_price_food, commercial_price_goods,
):  # fmt: skip
    """What the state offers in towns, at its prices: of goods on cards, a part is sold without them."""
    open_bread = commercial_trade * cards_bread
    open_food = commercial_trade * cards_food
    open_goods = commercial_trade * cards_goods
    dear_bread = bread_offered * open_bread * commercial_price_bread
    dear_food = food_offered * open_food * commercial_price_food
    dear_goods = moved_goods_to_towns * open_goods * commercial_price_goods
    value = dear_bread + bread_offered * (1.0 - open_bread) * state_price_bread
    value = value + dear_food + food_offered * (1.0 - open_food) * state_price_food
    value = value + dear_goods + moved_goods_to_towns * (1.0 - open_goods) * state_price_goods
    return dict(
        volume_bread=bread_offered,
        volume_food=food_offered,
        volume_goods=moved_goods_to_towns,
        town_volume=bread_offered + food_offered + moved_goods_to_towns,
        town_supply=value,
        commercial_supply=dear_bread + dear_food + dear_goods,
    )


@payments.equation("labour")
def supply_village(
    moved_goods_to_village, industrial_goods_price, goods_norm_village, base_month, village_goods_offer,
    shop_memory, least_village_offer, most_village_offer,
):  # fmt: skip
    """What the state offers the village, and how that compares with 1928, smoothed."""
    norm = (
        goods_norm_village + (moved_goods_to_village - goods_norm_village) / base_month
        if base_month > 0
        else goods_norm_village
    )
    offer = within(moved_goods_to_village / np.maximum(norm, 1e-9), least_village_offer, most_village_offer)
    return dict(
        village_volume=moved_goods_to_village,
        village_supply=moved_goods_to_village * industrial_goods_price,
        goods_norm_village=norm,
        village_goods_offer=smoothed(village_goods_offer, offer, shop_memory),
    )


@payments.equation("labour", source="A-37")
def reckon_food_cost(
    grain_of_state, products_of_state, moved_grain_to_industry, grain_price_1928, procurement_price
):
    """What the state paid for the farm products in its food."""
    paid = (grain_of_state + moved_grain_to_industry) * grain_price_1928 + products_of_state
    return dict(food_cost=paid * procurement_price)


@payments.auxiliary
def transfers_due(wage_bill, transfers):
    """Pensions, stipends and soldiers' pay of the month."""
    return wage_bill * transfers


@payments.equation("money")
def pay_wages(wage_bill, budget_wage_share, transfers_due):
    """Enterprises pay their part of the wages, the budget pensions, stipends and soldiers."""
    return dict(wages_of_enterprises=wage_bill * (1.0 - budget_wage_share), transfers=transfers_due)


@payments.auxiliary
def deliveries_to_state(
    moved_procured_individual, moved_procured_kolkhoz, grain_price_1928, products_of_state
):
    """Grain and other food that the state bought this month, at procurement prices of 1928."""
    grain = moved_procured_individual + moved_procured_kolkhoz
    return grain * grain_price_1928 + products_of_state


@payments.auxiliary
def crop_price_paid(crop_price):
    """Price of industrial crops, as given."""
    return crop_price


@payments.auxiliary(without="price_scissors")
def crop_price_paid(crop_price, procurement_price):
    """Price of industrial crops without the scissors: at parity."""
    return np.maximum(crop_price, procurement_price)


@payments.auxiliary
def crops_bought(moved_crops_procured_crop):
    """Industrial crops that the state bought this month, at their prices of 1928."""
    return total(moved_crops_procured_crop, "crop")


@payments.auxiliary
def farm_value(deliveries_to_state, procurement_price, crops_bought, crop_price_paid):
    """What the state owes the village for the month; the MTS are paid in kind."""
    crops = crops_bought * crop_price_paid
    return deliveries_to_state * procurement_price + crops


@payments.equation("money", source="A-35")
def pay_village(
    farm_value, deliveries_to_state, moved_mts_payment, crops_bought, grain_price_1928,
    procurement_price, industrial_goods_price,
):  # fmt: skip
    """The state pays the village; the tribute is what parity with industrial goods would add."""
    in_kind = moved_mts_payment * grain_price_1928
    delivered = deliveries_to_state + in_kind + crops_bought
    return dict(
        farm_purchases=farm_value,
        mts_payment_value=in_kind * procurement_price,
        tribute=delivered * industrial_goods_price - farm_value,
    )


@payments.auxiliary
def town_want(money_townspeople, town_saving):
    """Cash that townspeople mean to spend in the month."""
    return money_townspeople / town_saving


@payments.auxiliary
def shop_want(town_want, market_budget):
    """Cash that townspeople mean to spend in state shops."""
    return town_want * (1.0 - market_budget)


@payments.auxiliary
def village_want(money_peasants, village_saving):
    """Cash that peasants mean to spend in the month."""
    return money_peasants / village_saving


@payments.auxiliary
def town_buys(shop_want, town_supply):
    """What townspeople spend in state shops: as much as they want, as far as supply goes."""
    return np.minimum(shop_want, town_supply)


@payments.equation("money", source="A-36, D-63")
def spend(town_buys, town_want, shop_want, village_want, village_supply, market_spill):
    """Households buy in state shops; of what shops could not take, towns carry a part to the market."""
    village_buys = np.minimum(village_want, village_supply)
    return dict(
        retail_towns=town_buys,
        retail_village=village_buys,
        market_purchases=town_want - shop_want + (shop_want - town_buys) * market_spill,
        retail_turnover=town_buys + village_buys,
    )


@payments.equation("money", source="D-63")
def judge_shortage(
    shop_want, village_want, town_supply, village_supply, excess_demand, shop_memory, least_demand_ratio,
    most_demand_ratio,
):  # fmt: skip
    """Money that seeks state goods over their supply, smoothed: this sets off reforms of prices."""
    supply = town_supply + village_supply
    demand = np.maximum(shop_want + village_want, 1e-9) / np.maximum(supply, 1e-9)
    shortage = np.log(within(demand, least_demand_ratio, most_demand_ratio))
    return dict(excess_demand=smoothed(excess_demand, shortage, shop_memory))


@payments.equation("money")
def live(
    volume_goods, town_buys, town_supply, town_population, goods_norm_towns, base_month, town_nutrition,
    town_consumption, food_budget, shop_memory, most_goods_bought,
):  # fmt: skip
    """Real consumption of a townsperson: food, and goods bought a head over those of 1928, smoothed."""
    bought = town_buys / np.maximum(town_supply, 1e-9)
    goods = volume_goods * bought / np.maximum(town_population, 1e-6)
    norm = goods_norm_towns + (goods - goods_norm_towns) / base_month if base_month > 0 else goods_norm_towns
    living = food_budget * town_nutrition
    bought_goods = np.minimum(goods / np.maximum(norm, 1e-9), most_goods_bought)
    living = living + (1.0 - food_budget) * bought_goods
    return dict(goods_norm_towns=norm, town_consumption=smoothed(town_consumption, living, shop_memory))


# ---- budget and State Bank ---------------------------------------------------------------------------------


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


@state.auxiliary
def outlays_due(wages_budgeted, transfers_due, investment_budgeted, defence_budgeted):
    """What the budget has to pay this month."""
    return wages_budgeted + transfers_due + investment_budgeted + defence_budgeted


@state.equation("labour", source="D-62")
def fill_budget(outlays_due, money_budget, idle_balance, budget_wages):
    """The bank issues what the budget lacks for its outlays, before they are made."""
    return dict(
        budget_wage_share=budget_wages,
        budget_needs=outlays_due,
        emission=np.maximum(outlays_due - money_budget, 0.0),
        budget_surplus=np.maximum(money_budget - idle_balance * outlays_due, 0.0),
    )


@state.equation("money", source="A-37")
def tax(
    turnover_tax_due, money_enterprises, village_population, retail_price_index, wage_bill, balance_needed,
    profit_tax, farm_tax, loans, millions_per_billion,
):  # fmt: skip
    """Taxes and loans of the month; the turnover tax is that on the sales of the month before."""
    spare = money_enterprises - balance_needed
    return dict(
        turnover_tax=turnover_tax_due,
        profit_tax=np.maximum(spare, 0.0) * profit_tax,
        farm_tax=village_population * farm_tax * retail_price_index / (12.0 * millions_per_billion),
        loans_and_direct_taxes=wage_bill * loans,
    )


@state.equation("money", source="D-62, D-63")
def spend_budget(
    wages_budgeted, investment_budgeted, defence_budgeted, wage_bill, easy_wages, easy_credit
):  # fmt: skip
    """The budget spends; where credit is automatic, enterprises pay wages beyond the wage fund."""
    return dict(
        wages_on_credit=wage_bill * easy_wages * easy_credit,
        wages_of_budget=wages_budgeted,
        investment_finance=investment_budgeted,
        defence_outlays=defence_budgeted,
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
    moved_turnover_tax, moved_farm_tax, moved_loans_and_direct_taxes, moved_wages_of_budget, moved_transfers
):
    """Fund of accumulation: what households pay in taxes and loans less what the budget pays them."""
    revenue = moved_turnover_tax + moved_farm_tax + moved_loans_and_direct_taxes
    return dict(accumulation_fund=revenue - moved_wages_of_budget - moved_transfers)
