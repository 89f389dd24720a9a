"""Industry: metal with fuel and power, engineering, consumer goods, and physical products."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import cobb_douglas, smoothed, within, worth_making
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

metal = Block("metal")
heavy_industry = Block("heavy_industry")
consumer_goods = Block("consumer_goods")
products = Block("products")


# ---- metal, fuel and power ---------------------------------------------------------------------------------


@metal.equation("production", source="D-52, D-53, D-77")
def make_metal(
    capacity_metal_and_fuel, heavy_labour, competence, ore_brought, upkeep_ratio, metal_supply,
    metal_output_1928, metal_capital_1928, metal_capital_share, upkeep_effect, months_unsold,
):  # fmt: skip
    """Steel from capacity, work, transport and upkeep, less what finds no use."""
    made = cobb_douglas(capacity_metal_and_fuel / metal_capital_1928, heavy_labour, metal_capital_share)
    made = made * competence * ore_brought * upkeep_ratio**upkeep_effect
    output = worth_making(metal_output_1928 / 12.0 * made, metal_supply, months_unsold)
    return dict(metal_output=output, metal_and_fuel_index=12.0 * output / metal_output_1928)


@metal.auxiliary
def metal_of_1928(
    metal_works_at_work, heavy_labour, metal_output_1928, metal_capital_1928, metal_capital_share,
    metal_bought_in_1928,
):  # fmt: skip
    """Metal of a year as things stand on the first day, made and bought abroad, million tonnes."""
    able = cobb_douglas(metal_works_at_work / metal_capital_1928, heavy_labour, metal_capital_share)
    return able * metal_output_1928 + metal_bought_in_1928


@metal.equation("opening", source="D-52, D-55")
def divide_metal(
    metal_of_1928, sites_part, engineering_part, work_of_1928, machines_made_at_first, works_capital_industry
):
    """Metal in a unit of construction, of producer goods and of capital: all of the first day's is used.

    Sites and engineering get their parts, and repairs what they leave.
    """
    repairs = 1.0 - sites_part - engineering_part
    capital = total(works_capital_industry, "industry")
    return dict(
        site_metal=sites_part * metal_of_1928 / work_of_1928,
        metal_use=engineering_part * metal_of_1928 / np.maximum(machines_made_at_first, 1e-6),
        upkeep=repairs * metal_of_1928 / np.maximum(capital, 1e-6),
    )


@metal.equation("production", source="D-52, D-55")
def need_repairs(works_capital_industry, upkeep):
    """Metal that plants need for repairs, by their capital."""
    return dict(upkeep_claim=upkeep / 12.0 * total(works_capital_industry, "industry"))


@metal.equation("distribution", source="D-52")
def claim_repairs(upkeep_claim):
    """Repairs claim metal; engineering and sites claim for themselves."""
    return dict(metal_to_upkeep=upkeep_claim)


@metal.equation("consumption", source="D-53")
def keep_in_repair(moved_metal_to_upkeep, upkeep_claim, upkeep_ratio, repair_smoothing, least_upkeep):
    """State of repair: metal received over needed, smoothed over half a year."""
    got = moved_metal_to_upkeep / np.maximum(upkeep_claim, 1e-9)
    return dict(upkeep_ratio=within(smoothed(upkeep_ratio, got, repair_smoothing), least_upkeep, 1.0))


# ---- engineering -------------------------------------------------------------------------------------------


@heavy_industry.auxiliary
def engineering_at_first(
    engineering_at_work, machine_capital_1928, heavy_labour, engineering_capital_share, competence
):
    """What capacity and labour of engineering can make on the first day, over the output of 1928."""
    able = cobb_douglas(engineering_at_work / machine_capital_1928, heavy_labour, engineering_capital_share)
    return able * competence


# Tractors take a hundredth of what is made in 1928: they are left out of the balance.
@heavy_industry.auxiliary
def goods_of_1928(equipment_in_1928, machines_in_1928, inputs_in_1928, engineering_at_first, defence_share):
    """Producer goods of 1928: so many that all uses of the first day are met, and nothing is left over.

    Sites use machines from abroad and of the country's own, factories its own; defence takes its share.
    """
    used = np.maximum(equipment_in_1928 - machines_in_1928, 0.0) + inputs_in_1928
    return used / np.maximum(engineering_at_first - defence_share, 1e-6)


@heavy_industry.equation("opening")
def note_the_output(goods_of_1928):
    """Producer goods of 1928, with which what is made later is compared."""
    return dict(output_1928=goods_of_1928)


@heavy_industry.auxiliary
def machines_made_at_first(goods_of_1928, engineering_at_first):
    """Producer goods that engineering can make in a year as things stand on the first day."""
    return goods_of_1928 * engineering_at_first


@heavy_industry.auxiliary
def engineering_able(
    capacity_engineering, machine_capital_1928, heavy_labour, engineering_capital_share, competence,
    output_1928,
):  # fmt: skip
    """What capacity and labour of engineering could make in a month."""
    able = cobb_douglas(capacity_engineering / machine_capital_1928, heavy_labour, engineering_capital_share)
    return able * competence * output_1928 / 12.0


@heavy_industry.auxiliary(source="D-53, D-77")
def work_by_metal(metal_ratio_engineering, metal_effect):
    """Output of engineering by the metal that came: where metal is short, machines are made with less."""
    return metal_ratio_engineering**metal_effect


@heavy_industry.equation("production", source="D-52, D-53")
def make_machines(engineering_able, work_by_metal, producer_goods_supply, output_1928, months_unsold):
    """Producer goods: what is possible, as far as metal comes, less what finds no use."""
    output = worth_making(engineering_able * work_by_metal, producer_goods_supply, months_unsold)
    return dict(output_engineering=output, engineering_index=12.0 * output / output_1928)


@heavy_industry.equation("production", source="D-52")
def need_metal(engineering_able, producer_goods_supply, metal_use, metal_saving, years, months_unsold):
    """Metal for what capacity and labour could make, less a rouble as finer goods are made."""
    able = worth_making(engineering_able, producer_goods_supply, months_unsold)
    return dict(metal_claim_engineering=able * metal_use * np.exp(-metal_saving * years))


@heavy_industry.auxiliary
def arms_wanted(defence_index, defence_share, output_1928):
    """Producer goods that the outlays on defence would buy in a month."""
    return defence_index * defence_share * output_1928 / 12.0


@heavy_industry.equation("production", source="economics of the redesign, A.7; referee, 8.1")
def need_arms(arms_wanted, engineering_able, convertible):
    """Arms come first, as far as works can turn to them."""
    return dict(defence_claim=np.minimum(arms_wanted, convertible * engineering_able))


@heavy_industry.equation("distribution", source="D-52")
def claim_goods(metal_claim_engineering, defence_claim, consumer_goods_claim):
    """Claim metal, and goods for defence and for consumer goods; sites claim for themselves."""
    return dict(
        metal_to_engineering=metal_claim_engineering,
        goods_to_defence=defence_claim,
        goods_to_consumer_goods=consumer_goods_claim,
    )


@heavy_industry.equation("consumption", source="D-53")
def take_note(
    moved_metal_to_engineering, metal_claim_engineering, metal_ratio_engineering,
    moved_goods_to_consumer_goods, consumer_goods_claim, input_ratio_consumer_goods, supply_smoothing,
):  # fmt: skip
    """Note what was received against what was needed, smoothed over a quarter."""
    metal_got = np.minimum(moved_metal_to_engineering / np.maximum(metal_claim_engineering, 1e-9), 1.0)
    goods_got = np.minimum(moved_goods_to_consumer_goods / np.maximum(consumer_goods_claim, 1e-9), 1.0)
    return dict(
        metal_ratio_engineering=smoothed(metal_ratio_engineering, metal_got, supply_smoothing),
        input_ratio_consumer_goods=smoothed(input_ratio_consumer_goods, goods_got, supply_smoothing),
    )


@heavy_industry.equation("money")
def count_heavy_industry(
    metal_and_fuel_index, engineering_index, metal_weight, people_heavy_industry_workers, work_per_head,
    workers_1928,
):  # fmt: skip
    """Output of both stages by their weights; labour in workers of 1928."""
    return dict(
        heavy_industry_index=metal_weight * metal_and_fuel_index + (1.0 - metal_weight) * engineering_index,
        heavy_labour=people_heavy_industry_workers * work_per_head / workers_1928,
    )


# ---- consumer goods ----------------------------------------------------------------------------------------


@consumer_goods.auxiliary
def factory_potential(
    capacity_consumer_goods, factory_capital_1928, people_consumer_goods_workers, work_per_head,
    factory_workers_1928, factory_capital_share, competence,
):  # fmt: skip
    """What capacity and labour of factories could make, over that of 1928."""
    labour = people_consumer_goods_workers * work_per_head / factory_workers_1928
    return (
        cobb_douglas(capacity_consumer_goods / factory_capital_1928, labour, factory_capital_share)
        * competence
    )


@consumer_goods.auxiliary
def inputs_in_1928(factory_output_1928, consumer_inputs):
    """Producer goods that factories used up in 1928, billion roubles."""
    return factory_output_1928 * consumer_inputs


@consumer_goods.auxiliary(source="D-53")
def inputs_of_factories(input_ratio_consumer_goods, least_inputs, input_effect):
    """What the producer goods received leave of the output of factories."""
    return np.maximum(input_ratio_consumer_goods, least_inputs) ** input_effect


@consumer_goods.auxiliary
def food_of_towns(town_nutrition, fed_in_towns, fed_in_towns_1928):
    """Farm products that go to the towns, over those of 1928: they are what the food industry works up."""
    return town_nutrition * fed_in_towns / fed_in_towns_1928


@consumer_goods.equation("distribution", source="D-49, D-53")
def make_goods(
    factory_potential, inputs_of_factories, goods_of_crops, weight_of_crops, food_of_towns, made_of_food,
    factory_output_1928, consumer_inputs,
):  # fmt: skip
    """Factory goods: cloth by fibres, sugar by beet, other food by what towns get, the rest by capacity."""
    possible = factory_potential * inputs_of_factories
    food = made_of_food * np.minimum(possible, food_of_towns)
    index = goods_of_crops + food + (1.0 - weight_of_crops - made_of_food) * possible
    return dict(
        output_consumer_goods=index * (factory_output_1928 / 12.0),
        consumer_goods_index=index,
        consumer_goods_claim=factory_potential * (factory_output_1928 / 12.0) * consumer_inputs,
    )


@consumer_goods.equation("distribution", source="D-41")
def make_artisan_goods(artisan_capacity, crop_ratio_fibres, artisan_output_1928):
    """Artisans, whom the want of fibres hits by its root."""
    made = artisan_capacity * np.sqrt(np.minimum(crop_ratio_fibres, 1.0))
    return dict(output_artisans=made * artisan_output_1928 / 12.0)


@consumer_goods.auxiliary(source="A-1, A-35")
def village_part(village_goods_share, village_purse, goods_follow_money, most_village_part):
    """Share of goods for the village: what is decreed, the more the better it can pay beside towns."""
    return np.minimum(village_goods_share * village_purse**goods_follow_money, most_village_part)


@consumer_goods.equation("consumption")
def sell_goods(consumer_goods_trade, goods_brought, village_part):
    """Sell what is in trade and was brought: a share to the village, the rest to towns."""
    brought = consumer_goods_trade * goods_brought
    return dict(goods_to_village=brought * village_part, goods_to_towns=brought * (1.0 - village_part))


@consumer_goods.equation("money", source="D-41")
def count_artisans(works_capital_artisans, artisan_capital_1928):
    """Artisans make as much as their capital allows, over that of 1928."""
    return dict(artisan_capacity=works_capital_artisans / artisan_capital_1928)


# ---- products ----------------------------------------------------------------------------------------------


@products.auxiliary
def work_of_1928(construction_1928):
    """Construction work of 1928, from which the sites, the plan and the builders of the first day follow."""
    return construction_1928


@products.auxiliary
def construction_now(moved_construction_branch, construction_1928):
    """Construction work over that of 1928."""
    return 12.0 * total(moved_construction_branch, "branch") / construction_1928


@products.equation("money")
def count_products(
    moved_metal_output, metal_and_fuel_index, heavy_industry_index, construction_now, coal_1928,
    electricity_1928, cement_1928, coal_for_power, electrification,
):  # fmt: skip
    """Physical products, none with a trend of its own: steel is the metal made, cement goes into sites.

    Coal goes with metal, but for what makes power, and electricity with heavy industry.
    """
    power = (heavy_industry_index / np.maximum(metal_and_fuel_index, 1e-6)) ** coal_for_power
    return dict(
        steel=moved_metal_output,
        coal=coal_1928 / 12.0 * metal_and_fuel_index * power,
        electricity=electricity_1928 / 12.0 * heavy_industry_index ** (1.0 + electrification),
        cement=cement_1928 / 12.0 * construction_now,
    )


@products.equation("money")
def weigh_industry(construction_now, heavy_industry_index, consumer_goods_index, group_a_weight):
    """Industrial output by the weights of 1928."""
    return dict(
        construction_index=construction_now,
        industrial_output=group_a_weight * heavy_industry_index
        + (1.0 - group_a_weight) * consumer_goods_index,
    )
