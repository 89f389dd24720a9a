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
def engineering_able(
    capacity_engineering, machine_capital_1928, heavy_labour, engineering_capital_share, competence,
    output_1928,
):  # fmt: skip
    """What capacity and labour of engineering could make in a month."""
    able = cobb_douglas(capacity_engineering / machine_capital_1928, heavy_labour, engineering_capital_share)
    return able * competence * output_1928 / 12.0


@heavy_industry.equation("production", source="D-52, D-53")
def make_machines(
    engineering_able, metal_ratio_engineering, producer_goods_supply, output_1928, months_unsold
):
    """Producer goods: what is possible, as far as metal comes, less what finds no use."""
    output = worth_making(engineering_able * metal_ratio_engineering, producer_goods_supply, months_unsold)
    return dict(output_engineering=output, engineering_index=12.0 * output / output_1928)


@heavy_industry.equation("production", source="D-52")
def need_metal(engineering_able, producer_goods_supply, metal_use, metal_saving, years, months_unsold):
    """Metal for what capacity and labour could make, less a rouble as finer goods are made."""
    able = worth_making(engineering_able, producer_goods_supply, months_unsold)
    return dict(metal_claim_engineering=able * metal_use * np.exp(-metal_saving * years))


@heavy_industry.equation("production")
def need_arms(defence_index, defence_share, output_1928):
    """Producer goods for defence follow the outlays on it."""
    return dict(defence_claim=defence_index * defence_share * output_1928 / 12.0)


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


@consumer_goods.equation("production", months=(4,))
def expand_crops(crop_expansion, crop_planning):
    """Plan area and irrigation of industrial crops grow with each spring."""
    return dict(crop_expansion=crop_expansion + crop_planning * (1.0 - crop_expansion))


@consumer_goods.equation("production", months=(9, 10, 11, 12, 1), source="sketch, point 7")
def procure_crops(
    crops_part, collectivised_share, effort, village_nutrition, weather, crops_1928, crop_push,
    crop_expansion, crop_disorder, crop_disorder_doubled, least_crop_order, crop_weather, least_crop_weather,
):  # fmt: skip
    """Industrial crops: plan area, less what hunger and slack lose on kolkhozes, and half the weather."""
    wanting = (1.0 - effort) + np.maximum(1.0 - village_nutrition, 0.0)
    order = within(
        1.0 - crop_disorder * collectivised_share * wanting * crop_disorder_doubled, least_crop_order, 1.0
    )
    crop = crops_1928 * (1.0 + crop_push * crop_expansion) * order
    crop = crop * np.maximum(1.0 + crop_weather * weather, least_crop_weather)
    return dict(crop_harvest=crop * crops_part)


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
def crops_at_hand(industrial_crops_mills, months_to_crops, least_months_of_crops):
    """Industrial crops for the month, for they must last to the next harvest."""
    return industrial_crops_mills / np.maximum(months_to_crops, least_months_of_crops)


@consumer_goods.auxiliary
def crops_over_need(crops_at_hand, factory_potential, crops_1928, least_crop_ratio, most_crop_ratio):
    """Industrial crops at hand over what factories could use."""
    need = crops_1928 / 12.0 * factory_potential
    return within(crops_at_hand / np.maximum(need, 1e-9), least_crop_ratio, most_crop_ratio)


@consumer_goods.calendar
def months_to_crops(month: int) -> int:
    """Months to the next harvest of industrial crops."""
    return (9 - month) % 12 + 1


@consumer_goods.equation("distribution", source="D-49, D-53")
def make_goods(
    factory_potential, crops_at_hand, crops_over_need, input_ratio_consumer_goods, factory_output_1928,
    crops_1928, least_inputs, input_effect, crop_effect, consumer_inputs,
):  # fmt: skip
    """Factory goods: what is possible, by industrial crops and by producer goods received."""
    inputs = np.maximum(input_ratio_consumer_goods, least_inputs) ** input_effect
    index = factory_potential * np.minimum(crops_over_need, 1.0) ** crop_effect * inputs
    need = crops_1928 / 12.0 * factory_potential
    used = np.minimum(need * index / np.maximum(factory_potential, 1e-9), crops_at_hand)
    return dict(
        crops_used=used,
        output_consumer_goods=index * (factory_output_1928 / 12.0),
        consumer_goods_index=index,
        crop_ratio=crops_over_need,
        consumer_goods_claim=factory_potential * (factory_output_1928 / 12.0) * consumer_inputs,
    )


@consumer_goods.equation("distribution", source="D-41")
def make_artisan_goods(artisan_capacity, crops_over_need, artisan_output_1928):
    """Artisans, whom the want of crops hits by its root."""
    made = artisan_capacity * np.sqrt(np.minimum(crops_over_need, 1.0))
    return dict(output_artisans=made * artisan_output_1928 / 12.0)


@consumer_goods.equation("consumption")
def sell_goods(consumer_goods_trade, goods_brought, village_goods_share):
    """Sell what is in trade and was brought: a decreed share to the village, the rest to towns."""
    brought = consumer_goods_trade * goods_brought
    return dict(
        goods_to_village=brought * village_goods_share,
        goods_to_towns=brought * (1.0 - village_goods_share),
    )


@consumer_goods.equation("money", source="D-41")
def count_artisans(works_capital_artisans, artisan_capital_1928):
    """Artisans make as much as their capital allows, over that of 1928."""
    return dict(artisan_capacity=works_capital_artisans / artisan_capital_1928)


# ---- products ----------------------------------------------------------------------------------------------


@products.auxiliary
def construction_now(moved_construction_branch, construction_1928):
    """Construction work over that of 1928."""
    return 12.0 * total(moved_construction_branch, "branch") / construction_1928


@products.equation("money")
def read_off_products(
    years, metal_and_fuel_index, heavy_industry_index, construction_now, consumer_goods_index,
    steel_1928, coal_1928, electricity_1928, cement_1928, cotton_cloth_1928, sugar_1928,
    steel_trend, coal_trend, electricity_trend, cement_trend, cotton_cloth_trend, sugar_trend,
):  # fmt: skip
    """Physical products by the index of their sector and one trend each; none has a mechanism of its own."""
    return dict(
        steel=steel_1928 / 12.0 * metal_and_fuel_index * np.exp(steel_trend * years),
        coal=coal_1928 / 12.0 * metal_and_fuel_index * np.exp(coal_trend * years),
        electricity=electricity_1928 / 12.0 * heavy_industry_index * np.exp(electricity_trend * years),
        cement=cement_1928 / 12.0 * construction_now * np.exp(cement_trend * years),
        cotton_cloth=cotton_cloth_1928 / 12.0 * consumer_goods_index * np.exp(cotton_cloth_trend * years),
        sugar=sugar_1928 / 12.0 * consumer_goods_index * np.exp(sugar_trend * years),
    )


@products.equation("money")
def weigh_industry(construction_now, heavy_industry_index, consumer_goods_index, group_a_weight):
    """Industrial output by the weights of 1928."""
    return dict(
        construction_index=construction_now,
        industrial_output=group_a_weight * heavy_industry_index
        + (1.0 - group_a_weight) * consumer_goods_index,
    )
