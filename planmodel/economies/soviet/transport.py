"""Transport: the month's trains, the freight that asks for them, and what waits at the stations."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

transport = Block("transport")


# ---- what the railways can carry ---------------------------------------------------------------------------


@transport.auxiliary(source="D-54")
def able_to_carry(
    freight_of_1928, transport_reserve, capacity_transport, transport_capital_1928, track_effect,
    upkeep_ratio, rolling_stock_effect, work_per_head, crew_effect, transport_progress, years, running_part,
):  # fmt: skip
    """Freight that trains can carry: by track, by engines and wagons in repair, and by the work of crews."""
    track = (capacity_transport / transport_capital_1928) ** track_effect
    trains = upkeep_ratio**rolling_stock_effect * work_per_head**crew_effect
    year = freight_of_1928 * transport_reserve * track * trains * np.exp(transport_progress * years)
    return year / 12.0 * running_part


@transport.auxiliary
def freight_of_deported(marked_in_all, deported_freight):
    """Trains that all who are marked for deportation would take up."""
    return marked_in_all * deported_freight


@transport.auxiliary
def train_space(able_to_carry):
    """Freight for which there are trains this month."""
    return able_to_carry


@transport.auxiliary(without="transport_limit")
def train_space(queue_load, freight_offered_load, freight_of_deported):
    """There are trains for all that asks for them."""
    return total(queue_load + freight_offered_load, "load") + freight_of_deported


@transport.equation("production", source="D-54")
def run_trains(train_space):
    """The month's trains are made up; what they do not carry cannot be kept for the next month."""
    return dict(trains_run=train_space)


# ---- they are loaded by rank -------------------------------------------------------------------------------


@transport.equation("distribution", source="D-52, D-54")
def load_trains(queue_load, freight_offered_load, first_served_load):
    """What waits and what is new asks for trains; of each cargo a part goes first, by plan of the centre."""
    asked = queue_load + freight_offered_load
    return dict(freight_load=asked * first_served_load, later_load=asked * (1.0 - first_served_load))


@transport.auxiliary(source="A-42")
def trains_for_deported(freight_of_deported, able_to_carry, deported_share):
    """Trains that are given over to the deported: never more than a share of all."""
    return np.minimum(freight_of_deported, deported_share * able_to_carry)


@transport.auxiliary(without="transport_limit")
def trains_for_deported(freight_of_deported):
    """There are trains for all who are marked."""
    return freight_of_deported


@transport.equation("distribution", source="A-42")
def load_deported(trains_for_deported):
    """Trains of the deported go before all others."""
    return dict(freight_deported=trains_for_deported)


@transport.auxiliary(source="A-42")
def places_in_trains(moved_freight_deported, deported_freight):
    """Persons whom the trains of the month can deport."""
    return moved_freight_deported / deported_freight


@transport.auxiliary(without="transport_limit")
def places_in_trains(marked_in_all):
    """There are places for all who are marked."""
    return marked_in_all


# ---- what was carried, and what waits ----------------------------------------------------------------------


@transport.equation("consumption", source="D-54")
def wait_at_stations(
    queue_load, freight_offered_load, moved_freight_load, moved_later_load, carried_load, withdrawn,
    supply_smoothing,
):  # fmt: skip
    """What was not carried waits for next month's trains, less what is withdrawn; shippers take note."""
    asked = queue_load + freight_offered_load
    moved = moved_freight_load + moved_later_load
    share = np.where(asked > 1e-9, np.minimum(moved / np.maximum(asked, 1e-9), 1.0), 1.0)
    left = np.maximum(asked - moved, 0.0)
    return dict(
        queue_load=left * (1.0 - withdrawn),
        withdrawn_load=left * withdrawn,
        carried_load=smoothed(carried_load, share, supply_smoothing),
    )


@transport.equation("consumption")
def run_empty(freight_trains):
    """Trains for which there was no freight."""
    return dict(trains_empty=freight_trains)


@transport.auxiliary(source="Transport i svyaz SSSR: mean haul of railway freight")
def haul_now(haul_growth, years):
    """Mean haul of freight over that of 1928: new works lie farther from their coal and their customers."""
    return np.exp(haul_growth * years)


@transport.auxiliary(source="D-52, D-54; lines 10605-10613")
def sent_astray(long_hauls, construction_ratio, let_through):
    """Carriage of goods over what it would be if sites took what plants nearby make for them.

    What sites that stand idle do not take goes to others far off.
    """
    return 1.0 + long_hauls * np.maximum(1.0 - construction_ratio / np.maximum(let_through, 1e-6), 0.0)


@transport.auxiliary
def materials_per_work(materials_saving, years):
    """Materials in a rouble of construction, over those of 1928."""
    return np.exp(-materials_saving * years)


@transport.equation("money", source="D-54")
def offer_freight(
    moved_procured_form, moved_mts_payment, moved_grain_found, grain_haul, metal_and_fuel_index,
    fuel_and_ore_1928, construction_wanted, let_through, builders_ratio, metal_ratio, equipment_ratio,
    pace_1928, materials_1928, materials_per_work, engineering_index, consumer_goods_index, freight_weight,
    goods_1928, sent_astray, haul_now,
):  # fmt: skip
    """Freight that the month's work gives the railways: grain procured, ore and coal, materials, goods.

    Materials go by the work that sites could do if all were carried: a surge of sites jams the railways on
    which ore and coal come.
    """
    grain = total(moved_procured_form, "form") + moved_mts_payment + moved_grain_found
    goods = freight_weight * engineering_index + (1.0 - freight_weight) * consumer_goods_index
    work = construction_wanted * let_through * builders_ratio * np.minimum(metal_ratio, equipment_ratio)
    return dict(
        freight_offered_grain=grain * grain_haul,
        freight_offered_coal_and_ore=haul_now * fuel_and_ore_1928 / 12.0 * metal_and_fuel_index,
        freight_offered_materials=haul_now * materials_1928 / 12.0 * (work / pace_1928) * materials_per_work,
        freight_offered_goods=haul_now * goods_1928 / 12.0 * goods * sent_astray,
    )


# ---- what it does to those who wait ------------------------------------------------------------------------


@transport.auxiliary(source="D-54")
def ore_brought(carried_coal_and_ore, transport_effect):
    """Output of metal and fuel that the carriage of coal and ore lets through."""
    return carried_coal_and_ore**transport_effect


@transport.auxiliary(source="D-54")
def grain_brought(carried_grain, grain_effect):
    """State grain for towns that the carriage of grain lets through."""
    return carried_grain**grain_effect


@transport.auxiliary(source="D-52, D-54")
def materials_brought(carried_materials, site_effect):
    """Work on sites that the carriage of materials lets through."""
    return carried_materials**site_effect


@transport.auxiliary(source="D-54")
def goods_brought(carried_goods, goods_effect):
    """Consumer goods in trade that reach the shops in the month."""
    return carried_goods**goods_effect
