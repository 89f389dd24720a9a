"""Accounts of the nation: what is not said by classing the flows of the ledger (accounts.csv).

These functions are reckoned after the run, on all months and members at once, from what was recorded; no
equation of the month reads them. What they read: recorded quantities (a flow as ``moved_``), sums and
constants of ``accounts.csv``, parameters, inputs (``given_``), levers (``lever_``), and each other.

The standard is factor cost, in the manner of Bergson (The Real National Income of Soviet Russia since 1928,
1961), recalled and for its form only: farm products at the average price that farms realised over all
channels, goods at the cost of making them with the rate of tax of 1928, services at what they employ.
"""

from __future__ import annotations

import numpy as np

# ---- prices: of 1928 in billion roubles a unit, and their indices ------------------------------------------


def meat_price_farm(meat_price_1928, farm_price_share):
    """What the village got for meat in 1928, billion roubles a million tonnes."""
    return meat_price_1928 * farm_price_share


def milk_price_farm(milk_price_1928, farm_price_share):
    """What the village got for milk in 1928."""
    return milk_price_1928 * farm_price_share


def potato_price_farm(potato_price_1928, farm_price_share):
    """What the village got for potatoes in 1928."""
    return potato_price_1928 * farm_price_share


def metal_price_1928(metal_weight, output_1928, metal_output_1928):
    """Metal with fuel and power, by its weight beside engineering in heavy industry, for a tonne of steel."""
    return metal_weight / (1.0 - metal_weight) * output_1928 / metal_output_1928


def factory_price(wholesale_price, wholesale_share):
    """Consumer goods: 1928 as sold, tax of 1928 included; later by the rise of the factory price."""
    return wholesale_price / wholesale_share


def construction_factor_cost(cost_index, wage_index, equipment, site_metal, metal_price_1928):
    """Work on sites at factor cost: equipment and metal by the cost of industry, the rest by wages."""
    goods = np.minimum(equipment + site_metal * metal_price_1928, 1.0)
    return goods * cost_index + (1.0 - goods) * wage_index


def construction_price(construction_cost):
    """What sites are paid: the cost of construction that the budget reckons with."""
    return construction_cost


# ---- farm products over all channels -----------------------------------------------------------------------


def products_for_market(
    moved_meat_town, meat_price_farm, moved_milk_town, milk_price_farm, moved_potatoes_to_towns,
    potato_price_farm, market_share_of_products,
):  # fmt: skip
    """Animal products and potatoes that go to towns by the peasants' market, at farm prices of 1928."""
    worth = moved_meat_town * meat_price_farm + moved_milk_town * milk_price_farm
    return (worth + moved_potatoes_to_towns * potato_price_farm) * market_share_of_products


def products_for_state(
    moved_meat_town, meat_price_farm, moved_milk_town, milk_price_farm, moved_potatoes_to_towns,
    potato_price_farm, market_share_of_products,
):  # fmt: skip
    """Animal products and potatoes that the state buys, at farm prices of 1928."""
    worth = moved_meat_town * meat_price_farm + moved_milk_town * milk_price_farm
    return (worth + moved_potatoes_to_towns * potato_price_farm) * (1.0 - market_share_of_products)


def farm_sales(grain_bought, grain_to_market, grain_price_1928, products_for_state, products_for_market,
               moved_crops_procured_fibres, moved_crops_procured_beet):  # fmt: skip
    """What peasants and kolkhozes sell for money over all channels, at farm prices of 1928."""
    grain = (grain_bought + grain_to_market) * grain_price_1928
    crops = moved_crops_procured_fibres + moved_crops_procured_beet
    return grain + products_for_state + products_for_market + crops


def farm_price(farm_receipts_of_year, farm_sales_of_year):
    """Average price that farms realised in the year: state and market, grain, products and crops."""
    return farm_receipts_of_year / np.maximum(farm_sales_of_year, 1e-9)


def village_goods_price(moved_retail_village_of_year, moved_goods_to_village_of_year):
    """Average price that the village paid for industrial goods in the year."""
    return moved_retail_village_of_year / np.maximum(moved_goods_to_village_of_year, 1e-9)


def camp_labour_share(labour_unfree, labour_all):
    """Unfree of working age over all who work."""
    return labour_unfree / labour_all


def terms_of_trade_all_channels(farm_price, village_goods_price):
    """The peasants' terms of trade over all channels."""
    return farm_price / np.maximum(village_goods_price, 1e-9)


# ---- services, by what they handle or employ ---------------------------------------------------------------


def food_service(
    volume_bread, volume_food, bread_value, grain_price_1928, moved_grain_to_industry, products_for_state
):
    """Milling, baking, distilling and selling of the state's food: its value of 1928 less farm products."""
    grain = volume_bread / bread_value + moved_grain_to_industry
    return volume_bread + volume_food - grain * grain_price_1928 - products_for_state


def trade_in_goods(volume_goods, village_volume, trade_margin):
    """Trade in industrial goods: the margin of 1928 on what is sold."""
    return (volume_goods + village_volume) * trade_margin


def trade_in_food(volume_bread, volume_food, trade_margin):
    """State trade in food: the margin of 1928 on what is sold."""
    return (volume_bread + volume_food) * trade_margin


def freight_of_heavy_industry(
    freight_coal_and_ore, later_coal_and_ore, freight_goods, later_goods, freight_weight, freight_tariff
):
    """Carriage for heavy industry: coal, ore and metal, and machines among the goods."""
    carried = freight_coal_and_ore + later_coal_and_ore + freight_weight * (freight_goods + later_goods)
    return freight_tariff * carried


def freight_of_consumer_goods(freight_goods, later_goods, freight_weight, freight_tariff):
    """Carriage for factories of consumer goods."""
    return freight_tariff * (1.0 - freight_weight) * (freight_goods + later_goods)


def freight_of_sites(freight_materials, later_materials, freight_tariff):
    """Carriage for construction."""
    return freight_tariff * (freight_materials + later_materials)


def housing_rent(works_capital_housing_and_services, housing_return):
    """Services of dwellings and public buildings: a return on their capital, wear included."""
    return works_capital_housing_and_services * housing_return / 12.0


def pay_of_workers(workers, wage_1928, millions_per_billion):
    """Work of wage earners in towns at the pay of 1928: heads by pay, so that only their number counts."""
    return workers * wage_1928 / (12.0 * millions_per_billion)


def budget_pay(pay_of_workers, budget_wages, service_productivity, years_since_base):
    """Work that the budget pays, at the pay of 1928, with the declared trend of its product."""
    return pay_of_workers * budget_wages * (1.0 + service_productivity) ** years_since_base


def communal_pay(budget_pay, communal_share):
    """Schools, health and other communal services."""
    return budget_pay * communal_share


def administration_pay(budget_pay, communal_share):
    """Offices of the state and the party."""
    return budget_pay * (1.0 - communal_share)


def communal_wages(moved_wages_of_budget, communal_share):
    """Wages that the budget paid for communal services, at the prices of the day."""
    return moved_wages_of_budget * communal_share


def administration_wages(moved_wages_of_budget, communal_share):
    """Wages that the budget paid for administration, at the prices of the day."""
    return moved_wages_of_budget * (1.0 - communal_share)


def soldiers_pay(given_soldiers, soldier_pay):
    """Pay and keep of men under arms, beside the grain that they eat, at the level of 1928."""
    return given_soldiers * soldier_pay / 12.0


# ---- foreign trade -----------------------------------------------------------------------------------------


def other_exports_at_1928(
    moved_exports_timber, given_timber_price_abroad, moved_exports_other, moved_gold_sales
):
    """Timber at its price of 1928, other goods and gold as sold: of these no price is in the record."""
    return moved_exports_timber / given_timber_price_abroad + moved_exports_other + moved_gold_sales


def other_imports(
    moved_imports_producer_goods, machine_share, metal_share, import_price, moved_crops_imported
):
    """Imports but machines, metal and fibres, at import prices of 1928."""
    worth = moved_imports_producer_goods / (machine_share * import_price)
    rest = worth * np.maximum(1.0 - machine_share - metal_share, 0.0)
    return np.maximum(rest - moved_crops_imported, 0.0)


# ---- who consumes: food and industrial goods at prices of 1928 ---------------------------------------------
#
# The village eats at one table and has one purse: within it all are given the same. So are townspeople, but
# for what goes out by lists of supply.


def consumption_village(use_village_food_1928, use_village_goods_1928):
    """Food and goods of the village."""
    return use_village_food_1928 + use_village_goods_1928


def consumption_kolkhoz_peasants(consumption_village, people_kolkhoz_members, villagers):
    """Food and goods of kolkhoz peasants: that of the village by heads."""
    return consumption_village * people_kolkhoz_members / np.maximum(villagers, 1e-18)


def consumption_individual_peasants(consumption_village, people_individual_peasants, villagers):
    """Food and goods of individual peasants: that of the village by heads."""
    return consumption_village * people_individual_peasants / np.maximum(villagers, 1e-18)


def consumption_state_farm_workers(consumption_village, people_state_farm_workers, villagers):
    """Food and goods of people of state farms: that of the village by heads."""
    return consumption_village * people_state_farm_workers / np.maximum(villagers, 1e-18)


def consumption_townspeople(use_town_food_1928, use_town_goods_1928):
    """Food and goods of workers and employees with their families, and of those in towns for the season."""
    return use_town_food_1928 + use_town_goods_1928


def consumption_special_list(
    use_town_food_1928, food_part_special, use_town_goods_1928, goods_part_special
):  # fmt: skip
    """Food and goods of townspeople of the special list, as many before and after the lists as on them."""
    return use_town_food_1928 * food_part_special + use_town_goods_1928 * goods_part_special


def consumption_first_list(
    use_town_food_1928, food_part_first, use_town_goods_1928, goods_part_first
):  # fmt: skip
    """Food and goods of townspeople of the first list, as many before and after the lists as on them."""
    return use_town_food_1928 * food_part_first + use_town_goods_1928 * goods_part_first


def consumption_second_list(
    use_town_food_1928, food_part_second, use_town_goods_1928, goods_part_second
):  # fmt: skip
    """Food and goods of townspeople of the second list, as many before and after the lists as on them."""
    return use_town_food_1928 * food_part_second + use_town_goods_1928 * goods_part_second


def consumption_third_list(
    use_town_food_1928, food_part_third, use_town_goods_1928, goods_part_third
):  # fmt: skip
    """Food and goods of townspeople of the third list, as many before and after the lists as on them."""
    return use_town_food_1928 * food_part_third + use_town_goods_1928 * goods_part_third


def consumption_unfree(use_food_of_unfree_1928):
    """Food of camps, colonies, prisons and settlements; no flow of the model tells of other goods there."""
    return use_food_of_unfree_1928


def consumption_of_households(
    consumption_village, consumption_townspeople, consumption_unfree, use_housing_1928
):
    """All household consumption, as in the shares of the product: all groups, and services of dwellings."""
    return consumption_village + consumption_townspeople + consumption_unfree + use_housing_1928


def consumption_per_villager(consumption_village, villagers, millions_per_billion):
    """Food and goods of a villager, roubles of 1928 a year."""
    return consumption_village * 12.0 * millions_per_billion / np.maximum(villagers, 1e-9)


def consumption_per_townsperson(consumption_townspeople, in_towns, millions_per_billion):
    """Food and goods of a townsperson, roubles of 1928 a year."""
    return consumption_townspeople * 12.0 * millions_per_billion / np.maximum(in_towns, 1e-9)


def consumption_per_unfree(consumption_unfree, unfree, millions_per_billion):
    """Food of an unfree person, roubles of 1928 a year."""
    return consumption_unfree * 12.0 * millions_per_billion / np.maximum(unfree, 1e-9)


# ---- labour and capital ------------------------------------------------------------------------------------


def labour_agriculture(peasants, people_state_farm_workers, workers_per_villager, state_farm_wage_earners):
    """Work in agriculture: peasants by a fixed share, and wage earners of state farms."""
    return peasants * workers_per_villager + people_state_farm_workers * state_farm_wage_earners


def labour_unfree(people_camp_inmates, people_colony_inmates, people_special_settlers, settlers_working):
    """Unfree of working age: inmates of camps and colonies, and working settlers."""
    return people_camp_inmates + people_colony_inmates + people_special_settlers * settlers_working


def labour_all(labour_agriculture, workers, given_soldiers, labour_unfree):
    """All who work: agriculture, wage earners in towns, men under arms, the unfree."""
    return labour_agriculture + workers + given_soldiers + labour_unfree


def timber_and_gold_of_unfree(
    moved_exports_timber, given_timber_price_abroad, timber_free, moved_gold_sales, given_gold_output,
    gold_sold, gold_in_roubles,
):  # fmt: skip
    """Timber at its price of 1928 and gold that are sold abroad and that free labour does not make."""
    timber = moved_exports_timber / given_timber_price_abroad - timber_free / 12.0
    gold = moved_gold_sales - given_gold_output / 12.0 * gold_sold / gold_in_roubles
    return np.maximum(timber, 0.0) + np.maximum(gold, 0.0)


def product_of_unfree(
    origin_construction_1937, camp_builders, people_construction_workers, origin_exporting_trades_1937,
    timber_and_gold_of_unfree, other_exports_at_1928,
):  # fmt: skip
    """Product of unfree labour: its branch's product by its share of the work, hours being alike."""
    builders = camp_builders / np.maximum(camp_builders + people_construction_workers, 1e-9)
    exported = timber_and_gold_of_unfree / np.maximum(other_exports_at_1928, 1e-9)
    return origin_construction_1937 * builders + origin_exporting_trades_1937 * exported


def hours_worked(labour_all, workers, lever_hours):
    """Labour with the hours of the year: those of wage earners in towns move by decree."""
    return labour_all + workers * (lever_hours - 1.0)


def industrial_capital_at_factor_cost(
    completed_industry, industrial_capital_at_start, construction_factor_cost
):
    """Industrial capital without wear: what was there, and completions at the factor cost of their month."""
    return industrial_capital_at_start + np.add.accumulate(
        completed_industry * construction_factor_cost, axis=-1
    )


def industrial_capital_at_cost(completed_industry, industrial_capital_at_start, construction_price):
    """Industrial capital at original cost, without wear: what was there, and completions as paid."""
    return industrial_capital_at_start + np.add.accumulate(completed_industry * construction_price, axis=-1)
