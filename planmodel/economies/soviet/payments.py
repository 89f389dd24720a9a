"""Payments: what the state offers and pays, and what households buy."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed, within
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

payments = Block("payments")


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


@payments.equation("money", source="A-1, A-35")
def weigh_purses(
    shop_want, village_want, town_supply, village_supply, village_purse, shop_memory, least_purse, most_purse
):
    """Cash that seeks state goods over their supply: the village over towns, smoothed."""
    village = village_want / np.maximum(village_supply, 1e-9)
    town = np.maximum(shop_want, 1e-9) / np.maximum(town_supply, 1e-9)
    purse = within(village / town, least_purse, most_purse)
    return dict(village_purse=smoothed(village_purse, purse, shop_memory))


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
