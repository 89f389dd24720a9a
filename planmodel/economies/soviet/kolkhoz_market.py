"""Kolkhoz market: what households sell, and at what price."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed, within
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

kolkhoz_market = Block("kolkhoz_market")


@kolkhoz_market.auxiliary
def trade_allowed(lever_free_trade):
    """Freedom of trade that decrees allow."""
    return lever_free_trade


@kolkhoz_market.auxiliary(without="kolkhoz_market")
def trade_allowed(lever_free_trade, collectivised_share):
    """Freedom of trade on a market that stays closed to members of kolkhozes."""
    return lever_free_trade * (1.0 - collectivised_share)


@kolkhoz_market.auxiliary(source="A-36")
def left_by_deliveries(products_of_late, products_norm, delivered_first, on_market, least_products):
    """What deliveries leave of meat, milk and potatoes for towns: they are owed whatever there is, 1928 = 1.

    Where all are sold on a market nothing is owed, and the market has its part of what there is.
    """
    wanting = products_norm / np.maximum(products_of_late, least_products) - 1.0
    return np.where(on_market, 1.0, np.maximum(1.0 - delivered_first * wanting, 0.0))


@kolkhoz_market.auxiliary(source="lines 2472-2477, decrees of May 1932 and January 1933")
def market_open_region(
    taken_this_year_region, regional_plan_region, grain_plan_cut_region, market_after_deliveries,
    closed_to_debtors,
):  # fmt: skip
    """Share of a region to which the market is open: the part of the year's plan that is delivered."""
    plan = np.maximum(regional_plan_region - grain_plan_cut_region, 1e-6)
    owed = within(1.0 - taken_this_year_region / plan, 0.0, 1.0)
    return 1.0 - market_after_deliveries * closed_to_debtors * owed


@kolkhoz_market.auxiliary
def market_open(market_open_region, people_kolkhoz_members_region, people_individual_peasants_region):
    """Share of the village to which the market is open."""
    heads = np.maximum(people_kolkhoz_members_region + people_individual_peasants_region, 1e-9)
    return total(market_open_region * heads, "region") / total(heads, "region")


@kolkhoz_market.equation("production", source="A-36, D-63")
def open_market(
    trade_allowed, market_open, black_market, kolkhoz_market_price, industrial_goods_price,
    village_goods_offer, price_response, product_share, left_by_deliveries, least_goods_price,
    least_buying_power, most_buying_power, most_products_sold,
):  # fmt: skip
    """Trade is as free as decrees allow, and for whom, or black; sales answer to what their price buys."""
    price = kolkhoz_market_price / np.maximum(industrial_goods_price, least_goods_price)
    buys = within(price * village_goods_offer, least_buying_power, most_buying_power)
    answer = buys**price_response
    free = np.maximum(trade_allowed * market_open, black_market)
    return dict(
        free_trade=trade_allowed,
        market_return=answer,
        market_share_of_products=np.minimum(
            product_share * free * answer * left_by_deliveries, most_products_sold
        ),
    )


@kolkhoz_market.equation("distribution", source="A-36")
def sell_grain(
    months_to_harvest, village_food_need_region, household_feed_need_region, own_grain, grain_members_region,
    free_trade, market_open_region, black_market, market_supply, market_return, most_grain_sold,
    sold_to_traders_region,
):  # fmt: skip
    """Households sell a part of what is above their own need, and what traders outbid the state for."""
    need = (village_food_need_region + household_feed_need_region) * months_to_harvest
    rate = np.minimum(market_supply / 12.0 * market_return, most_grain_sold)
    free = np.maximum(free_trade * market_open_region, black_market)
    spare = np.maximum(own_grain + grain_members_region - need, 0.0) * rate * free
    share = own_grain / np.maximum(own_grain + grain_members_region, 1e-9)
    return dict(
        market_grain_individual_region=spare * share + sold_to_traders_region,
        market_grain_members_region=spare * (1.0 - share),
    )


@kolkhoz_market.equation("money", source="A-36")
def note_products(products_for_towns, products_of_late, products_norm, base_month, products_memory):
    """Meat, milk and potatoes for towns, smoothed over a year, and their mean of 1928."""
    norm = products_norm
    norm = norm + (products_for_towns - norm) / base_month if base_month > 0 else norm
    return dict(
        products_norm=norm, products_of_late=smoothed(products_of_late, products_for_towns, products_memory)
    )


@kolkhoz_market.equation("money", source="A-36, D-63, D-68")
def set_market_price(
    products_for_towns, market_share_of_products, moved_market_grain_individual, moved_market_grain_members,
    market_grain_value, ever_market_purchases, market_spent_before, market_volume, market_spending,
    market_memory, market_price_norm, base_month, least_market_spending, least_market_volume,
    least_market_price, most_market_price,
):  # fmt: skip
    """Price: money spent on the market over goods sold there at prices of 1928, both smoothed, 1928 = 1."""
    grain = moved_market_grain_individual + moved_market_grain_members
    sold = products_for_towns * market_share_of_products + grain * market_grain_value
    volume = smoothed(market_volume, sold, market_memory)
    spending = smoothed(market_spending, ever_market_purchases - market_spent_before, market_memory)
    ratio = np.maximum(spending, least_market_spending) / np.maximum(volume, least_market_volume)
    norm = market_price_norm
    norm = norm + (ratio - norm) / base_month if base_month > 0 else norm
    return dict(
        market_volume=volume,
        market_spent_before=ever_market_purchases,
        market_spending=spending,
        market_price_norm=norm,
        kolkhoz_market_price=within(ratio / norm, least_market_price, most_market_price),
    )
