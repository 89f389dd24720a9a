"""Industrial crops: fibres for cloth (cotton, flax, wool) and beet for sugar, from the field to the mill.

Fibres keep and are worked up all year; a part comes from abroad as long as exchange is left for it. Beet does
not keep: it is worked up in a campaign from September to February, and what lies longer spoils.
"""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import within
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

crops = Block("crops")

_CAMPAIGN = (9, 10, 11, 12, 1, 2)


# ---- the year of the crops ---------------------------------------------------------------------------------


def _ahead(month: int, part_by_month: tuple[float, ...]) -> float:
    """Sum of the parts of this month and of those that follow it in the campaign."""
    return sum(part_by_month[m] for m in _CAMPAIGN[_CAMPAIGN.index(month) :]) if month in _CAMPAIGN else 0.0


@crops.calendar
def still_to_come_fibres(month: int, picked_part_fibres_by_month: tuple[float, ...]) -> float:
    """Share of this year's fibres that is bought after the month."""
    return _ahead(month, picked_part_fibres_by_month) - picked_part_fibres_by_month[month]


@crops.calendar
def still_to_come_beet(month: int, picked_part_beet_by_month: tuple[float, ...]) -> float:
    """Share of this year's beet that is bought after the month."""
    return _ahead(month, picked_part_beet_by_month) - picked_part_beet_by_month[month]


@crops.calendar
def work_ahead_fibres(month: int, least_months_of_fibres: float) -> float:
    """Share of a year's work that fibres at hand must last for: to the next harvest, and some months."""
    return max((8 - month) % 12 + 1, least_months_of_fibres) / 12.0


@crops.calendar
def work_ahead_beet(month: int, worked_part_beet_by_month: tuple[float, ...]) -> float:
    """Share of the campaign's work from this month on."""
    return _ahead(month, worked_part_beet_by_month)


# ---- fields ------------------------------------------------------------------------------------------------


@crops.equation("production", months=(4,))
def expand_crops(crop_expansion_crop, crop_planning_crop):
    """Plan area and irrigation of industrial crops grow with each spring."""
    return dict(crop_expansion_crop=crop_expansion_crop + crop_planning_crop * (1.0 - crop_expansion_crop))


@crops.auxiliary(source="D-36")
def disorder_of_fields(collectivised_share, mts_coverage, effort, village_nutrition):
    """Effort withheld and food wanting on collective land that no machine and tractor station serves."""
    wanting = (1.0 - effort) + np.maximum(1.0 - village_nutrition, 0.0)
    return collectivised_share * (1.0 - mts_coverage) * wanting


@crops.auxiliary(source="sketch, point 7")
def crops_of_year(
    grown_1928_crop, push_crop, crop_expansion_crop, disorder_crop, disorder_of_fields, least_crop_order,
    weather_part_crop, weather, least_crop_weather,
):  # fmt: skip
    """Crop of the year by kind: plan area, less what disorder loses, and its part of the weather."""
    area = grown_1928_crop * (1.0 + push_crop * crop_expansion_crop)
    order = within(1.0 - disorder_crop * disorder_of_fields, least_crop_order, 1.0)
    return area * order * np.maximum(1.0 + weather_part_crop * weather, least_crop_weather)


@crops.equation("production", months=(9, 10, 11, 12, 1), source="sketch, point 7")
def procure_crops(crops_of_year, picked_part_crop):
    """Industrial crops are bought as they are picked."""
    return dict(crops_procured_crop=crops_of_year * picked_part_crop)


@crops.equation("production", source="A-31, D-73")
def import_fibres(imports_1928_fibres, investment_pace, pace_of_imports, import_crowding):
    """Fibres from abroad give way as exchange goes to what sites need."""
    crowded = np.minimum(pace_of_imports / np.maximum(investment_pace, 1e-6), 1.0)
    return dict(crops_imported=imports_1928_fibres / 12.0 * crowded**import_crowding)


# ---- mills -------------------------------------------------------------------------------------------------


@crops.auxiliary
def crops_needed_1928(grown_1928_crop, imports_1928_crop):
    """Crops worked up in 1928, by kind: grown and imported."""
    return grown_1928_crop + imports_1928_crop


@crops.auxiliary
def potential_fibres(factory_potential, mill_growth):
    """What textile mills could work up, over 1928: they grow less than other factories."""
    return factory_potential**mill_growth


@crops.auxiliary
def potential_beet(factory_potential):
    """What sugar mills could work up, over 1928."""
    return factory_potential


@crops.auxiliary
def crops_needed_ahead(crops_needed_1928, crop_year, potential_crop, work_ahead_crop):
    """Crops that mills could work up until the next harvest, or to the end of the campaign."""
    return crops_needed_1928 * crop_year * potential_crop * work_ahead_crop


@crops.auxiliary
def crops_over_need(
    industrial_crops_crop, crops_of_year, crop_year, still_to_come_crop, crops_needed_ahead,
    least_crop_ratio, most_crop_ratio,
):  # fmt: skip
    """Crops at hand and on this year's fields over what mills could work up of them, by kind."""
    held = industrial_crops_crop + crops_of_year * crop_year * still_to_come_crop
    return within(held / np.maximum(crops_needed_ahead, 1e-9), least_crop_ratio, most_crop_ratio)


@crops.auxiliary
def crops_worked_up(
    industrial_crops_crop, crops_needed_1928, potential_crop, worked_part_crop, crops_over_need,
    inputs_of_factories,
):  # fmt: skip
    """Crops worked up this month: as capacity, labour and inputs allow, as far as the crop goes."""
    month = crops_needed_1928 * worked_part_crop * potential_crop * inputs_of_factories
    return np.minimum(month * np.minimum(crops_over_need, 1.0), industrial_crops_crop)


@crops.auxiliary
def crops_worked_over_1928(crops_worked_up, crops_needed_1928, worked_part_crop, crop_index_crop):
    """Crops worked up over the same month of 1928; out of the campaign that of its last month."""
    usual = crops_needed_1928 * worked_part_crop
    return np.where(usual > 0.0, crops_worked_up / np.maximum(usual, 1e-9), crop_index_crop)


@crops.auxiliary
def weight_of_crops(made_of_crop):
    """Weight of textiles and sugar in the output of factories of 1928."""
    return total(made_of_crop, "crop")


@crops.auxiliary
def goods_of_crops(made_of_crop, crops_worked_over_1928):
    """Textiles and sugar by their weights of 1928."""
    return total(made_of_crop * crops_worked_over_1928, "crop")


@crops.equation("distribution", source="D-49")
def work_up(crops_worked_up, crops_worked_over_1928, crops_over_need, work_ahead_crop, crop_ratio_crop):
    """Mills work up what they can of their crops."""
    return dict(
        crops_used_crop=crops_worked_up,
        crop_index_crop=crops_worked_over_1928,
        crop_ratio_crop=np.where(work_ahead_crop > 0.0, crops_over_need, crop_ratio_crop),
    )


@crops.equation("consumption")
def lose_beet(industrial_crops_beet, beet_loss):
    """A part of the beet that lies at the mills spoils."""
    return dict(beet_spoiled=industrial_crops_beet * beet_loss)


@crops.equation("money")
def count_in_kind(
    raw_product_1928, moved_crops_procured_crop, grown_1928_crop, mill_product_1928, moved_crops_used_crop,
    crops_needed_1928,
):  # fmt: skip
    """Cotton and beet as they are bought, cloth and sugar as they are made of them: by those of 1928."""
    return dict(
        raw_product=raw_product_1928 * moved_crops_procured_crop / grown_1928_crop,
        mill_product=mill_product_1928 * moved_crops_used_crop / crops_needed_1928,
    )
