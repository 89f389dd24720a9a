"""Tractors, and draught power and hands per hectare."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import within
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

tractors = Block("tractors")
draught = Block("draught", over="region")


# ---- tractors ----------------------------------------------------------------------------------------------


@tractors.equation("distribution", source="A-22, D-42")
def claim_goods_for_tractors(
    moved_output_engineering, defence_claim, tractor_crowding, tractor_share, tractor_programme
):
    """Producer goods that tractor works claim, which turn to tanks as defence takes more."""
    civil = np.maximum(moved_output_engineering - tractor_crowding * defence_claim, 0.0)
    return dict(goods_to_tractors=tractor_share * tractor_programme * civil)


@tractors.equation("consumption")
def deliver_tractors(
    moved_goods_to_tractors, tractor_cost, tractors_in_million, tractors_farms, tractor_life
):
    """Tractors made of the goods received; old ones are scrapped."""
    return dict(
        tractor_deliveries=moved_goods_to_tractors / tractor_cost * tractors_in_million,
        tractors_scrapped=tractors_farms / (12.0 * tractor_life),
    )


# ---- draught power -----------------------------------------------------------------------------------------


@draught.auxiliary
def tractor_park(tractors_farms, tractors_in_million):
    """Tractors in agriculture, million."""
    return tractors_farms / tractors_in_million


@draught.auxiliary
def fields_tilled(growing_area, least_fields):
    """Fields of last year, which are tilled again, million hectares."""
    return np.maximum(growing_area, least_fields)


@draught.auxiliary(source="A-22, D-55")
def power_of_engines(tractor_park, tractor_power, tractor_utilisation, state_farm_tractors):
    """Power of the tractors that work on kolkhoz land, million horsepower."""
    return tractor_park * tractor_power * tractor_utilisation * (1.0 - state_farm_tractors)


@draught.auxiliary
def engines_per_hectare(power_of_engines, collective_fields, least_tilled):
    """Power of tractors on a hectare of kolkhoz land: they are where that is, horsepower."""
    return power_of_engines / np.maximum(total(collective_fields, "region"), least_tilled)


@draught.auxiliary
def collective_fields(fields_tilled, collectivised_share):
    """Fields of kolkhozes, million hectares."""
    return fields_tilled * collectivised_share


@draught.equation("opening")
def note_the_power(
    horses_household, horses_socialised, horse_power, engines_per_hectare, collective_fields,
    village_population, fields_tilled,
):  # fmt: skip
    """Power and people per hectare on the first day, with which later ones are compared."""
    horses = (horses_household + horses_socialised) * horse_power
    engines = engines_per_hectare * collective_fields
    return dict(
        draught_1928=(horses + engines) / fields_tilled,
        people_1928=village_population / fields_tilled,
    )


@draught.auxiliary(source="A-20")
def draught_now_individual(
    fields_tilled, collectivised_share, horses_household, horse_power, draught_1928, least_tilled,
    least_draught, most_draught,
):  # fmt: skip
    """Power of the horses of individual peasants per hectare, 1928 = 1."""
    own = horses_household * horse_power
    own = own / np.maximum(fields_tilled * (1.0 - collectivised_share), least_tilled)
    return within(own / np.maximum(draught_1928, 1e-6), least_draught, most_draught)


@draught.auxiliary(source="A-20, A-22, D-55")
def draught_now_kolkhoz(
    collective_fields, horses_socialised, horse_power, engines_per_hectare, draught_1928, least_tilled,
    least_draught, most_draught,
):  # fmt: skip
    """Power of horses and tractors of kolkhozes per hectare, 1928 = 1."""
    pooled = horses_socialised * horse_power / np.maximum(collective_fields, least_tilled)
    pooled = pooled + engines_per_hectare
    return within(pooled / np.maximum(draught_1928, 1e-6), least_draught, most_draught)


@draught.equation("spring_sowing", source="A-20, A-22, D-55")
def count_draught_power(draught_now_holding):
    """Power of horses and tractors per hectare; only kolkhozes and state farms have tractors."""
    return dict(draught_holding=draught_now_holding)


@draught.equation("spring_sowing", source="B-7")
def count_hands(village_population, fields_tilled, people_1928, least_hands, most_hands):
    """Village people per hectare."""
    hands = village_population / fields_tilled / np.maximum(people_1928, 1e-6)
    return dict(field_labour=within(hands, least_hands, most_hands))


@draught.equation("spring_sowing")
def cover_by_stations(tractor_park, tractors_for_coverage):
    """Share of kolkhoz land that machine and tractor stations serve."""
    return dict(mts_coverage=1.0 - np.exp(-tractor_park / tractors_for_coverage))
