"""Prices: wages, state prices and the scissors."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed, within
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

price_scissors = Block("price_scissors")


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
