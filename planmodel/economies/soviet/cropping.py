"""Grain in the field: area and seed, yield, harvest, and what is lost or hidden before the barn."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed, within
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

cropping = Block("cropping", over="region")


# ---- grain: area and seed ----------------------------------------------------------------------------------


@cropping.equation("production")
def judge_terms_of_trade(terms_expected, terms_of_trade, area_memory, least_terms, most_terms):
    """Terms of trade that peasants reckon with when they sow: those of the last years."""
    terms = within(terms_of_trade, least_terms, most_terms)
    return dict(terms_expected=smoothed(terms_expected, terms, area_memory))


@cropping.auxiliary
def part_of_land(land_share):
    """Part of the grain area of the country: shares that are drawn each by itself add up to all of it."""
    return land_share / np.maximum(total(land_share, "region"), 1e-6)


@cropping.auxiliary
def peasant_land(grain_area, part_of_land):
    """Grain area of peasants and kolkhozes in an ordinary year, million hectares."""
    return grain_area * part_of_land


@cropping.auxiliary(source="A-7")
def area_meant_individual(
    peasant_land, collectivised_share, taken_share_last_year, taken_share_1927, area_response, least_area,
    free_sale, terms_expected, area_elasticity, area_limit,
):  # fmt: skip
    """Area that individual peasants mean to sow: less where quotas take more than in 1927.

    Where sale is free it answers to the terms of trade instead, up to what they can sow.
    """
    drawn = np.minimum(terms_expected**area_elasticity, area_limit)
    burden = np.maximum(taken_share_last_year - taken_share_1927, 0.0) * (1.0 - free_sale)
    own = peasant_land * (1.0 - collectivised_share) * np.maximum(1.0 - area_response * burden, least_area)
    return own * (1.0 + free_sale * (drawn - 1.0))


@cropping.auxiliary
def area_meant_kolkhoz(peasant_land, collectivised_share, plan_area_push, sowing_plan):
    """Area that kolkhozes mean to sow, with what plan orders add."""
    return peasant_land * collectivised_share * (1.0 + plan_area_push * sowing_plan)


@cropping.auxiliary
def area_meant_state_farm(state_farm_area):
    """Area that state farms mean to sow: all of theirs."""
    return state_farm_area


@helper
def within_reach(draught: Array, strength: Array, by_draught: Array, by_food: Array) -> Array:
    """Return the share of the area meant that a village is able to sow: all where nothing is wanting.

    Parameters
    ----------
    draught
        Draught power per hectare, 1928 = 1.
    strength
        Food on which bodies have lived, over need.
    by_draught, by_food
        Elasticities of the area to either, below one.
    """
    return np.minimum(draught, 1.0) ** by_draught * np.minimum(strength, 1.0) ** by_food


@cropping.auxiliary(source="A-20, A-24")
def area_in_reach_individual(
    area_meant_individual, draught_now_individual, village_strength, sowing_draught, sowing_food
):
    """Area that individual peasants are able to sow of what they mean to."""
    reach = within_reach(draught_now_individual, village_strength, sowing_draught, sowing_food)
    return area_meant_individual * reach


@cropping.auxiliary(source="A-20, A-24")
def area_in_reach_kolkhoz(
    area_meant_kolkhoz, draught_now_kolkhoz, village_strength, sowing_draught, sowing_food
):
    """Area that kolkhozes are able to sow of what they mean to."""
    reach = within_reach(draught_now_kolkhoz, village_strength, sowing_draught, sowing_food)
    return area_meant_kolkhoz * reach


@cropping.auxiliary
def area_in_reach_state_farm(area_meant_state_farm):
    """State farms have machines and hands enough for all that they mean to sow."""
    return area_meant_state_farm


@cropping.equation("production")
def set_seed_aside(area_meant_form, seed_rate):
    """Seed that the coming crop needs."""
    return dict(seed_need_form=area_meant_form * seed_rate)


@cropping.equation("sowing")
def sow(area_in_reach_form, sowing_part, seed_rate, grain_barn):
    """Seed for a part of the coming crop, as far as draught power, strength and the barn go."""
    return dict(seed_form=np.minimum(area_in_reach_form * sowing_part * seed_rate, grain_barn))


@cropping.equation("sowing")
def count_sown_area(month, sown_area, area_in_reach_holding, sowing_part, seed_rate, grain_holding):
    """Area of peasants and kolkhozes that is sown so far.

    It begins anew in August, for the old crop was taken over for harvesting in July.
    """
    seed = np.minimum(area_in_reach_holding * sowing_part * seed_rate, grain_holding)
    before = 0.0 if month == 8 else sown_area
    return dict(sown_area=before + total(seed / seed_rate, "holding"))


@cropping.equation("sowing", months=(4,))
def extend_state_farms(state_farm_area, state_farm_target, part_of_land, state_farm_growth):
    """Area of state farms, which nears its target each spring."""
    gap = state_farm_target * part_of_land - state_farm_area
    return dict(state_farm_area=np.maximum(state_farm_area + state_farm_growth * gap, 0.0))


# ---- grain: yield and harvest ------------------------------------------------------------------------------


@cropping.auxiliary
def fields_of_1928(sown_area, area_meant_holding, sowing_ahead, state_farm_area, state_farm_yield):
    """Fields of the first harvest: what is sown, what will be in spring, and state farms by their yield."""
    meant = total(area_meant_holding, "holding") * sowing_ahead
    return sown_area + meant + state_farm_area * state_farm_yield


# Normal are here the weather of the year, food and effort of those who work in the fields, and the hands and
# draught power of the first day: yields of all years are shares of this one by what these have become since.
@cropping.equation("opening")
def note_the_yield(harvest_1928, harvest_loss, hidden_always, fields_of_1928, fertility):
    """Standing yield of 1928: what was brought into the barn, lost before or hidden, over the fields.

    Of the country: fields count by their fertility.
    """
    brought = harvest_1928 / (1.0 - hidden_always)
    fields = np.maximum(total(fields_of_1928 * fertility, "region"), 1e-6)
    return dict(yield_1928=brought / (1.0 - harvest_loss) / fields)


@cropping.auxiliary
def ordinary_yield(yield_1928, fertility, harvest_loss, hidden_always):
    """Barn yield of an ordinary year with the power, hands and effort of 1928, tonnes a hectare."""
    return np.maximum(yield_1928 * fertility * (1.0 - harvest_loss) * (1.0 - hidden_always), 1e-6)


@cropping.auxiliary
def weather_of_their_own(drawn_regional_weather, part_of_land, regional_weather_spread):
    """Weather of regions beyond that of the country: nothing in the mean of all land."""
    mean = total(drawn_regional_weather * part_of_land, "region")
    return regional_weather_spread * (drawn_regional_weather - mean)


@cropping.auxiliary
def weather_of_year(given_weather, weather_spread, drawn_weather, weather_of_their_own):
    """Weather of the year: what is documented, and what is drawn for the country and for the region."""
    return given_weather + weather_spread * drawn_weather + weather_of_their_own


@cropping.auxiliary
def area_under_grain(month, sown_area, growing_area):
    """Area of peasants and kolkhozes under harvest: in July that which is sown."""
    return sown_area if month == 7 else growing_area


@cropping.auxiliary(source="A-24, B-6")
def common_yield(
    yield_1928, fertility, weather_of_year, worst_weather, field_nutrition, nutrition_elasticity
):
    """Yield by weather and by the food of those who work in the fields, tonnes a hectare."""
    weathered = yield_1928 * fertility * np.maximum(1.0 + weather_of_year, worst_weather)
    return weathered * field_nutrition**nutrition_elasticity


@cropping.auxiliary(source="B-7")
def hands_effect(field_labour, labour_elasticity):
    """What hands per hectare make of the yield."""
    return field_labour**labour_elasticity


@cropping.auxiliary(source="A-20, B-7")
def ripe_crop_individual(
    area_under_grain, collectivised_share, common_yield, draught_individual, draught_elasticity, hands_effect,
    harvest_part,
):  # fmt: skip
    """Crop of the month on the land of individual peasants, before losses."""
    standing = common_yield * draught_individual**draught_elasticity * hands_effect
    return area_under_grain * (1.0 - collectivised_share) * standing * harvest_part


@cropping.auxiliary(source="A-20, A-23, B-7")
def ripe_crop_kolkhoz(
    area_under_grain, collectivised_share, common_yield, draught_kolkhoz, draught_elasticity, hands_effect,
    effort, harvest_part,
):  # fmt: skip
    """Crop of the month on kolkhoz land, before losses."""
    standing = common_yield * draught_kolkhoz**draught_elasticity * hands_effect * effort
    return area_under_grain * collectivised_share * standing * harvest_part


@cropping.auxiliary
def ripe_crop_state_farm(state_farm_area, common_yield, state_farm_yield, harvest_part):
    """Crop of the month on state farms, which have machines and hands enough, before losses."""
    return state_farm_area * (common_yield * state_farm_yield) * harvest_part


# ---- grain: what is lost in the field, hidden, and brought in ----------------------------------------------


# Horses that pull are those of spring: foals of the year are counted in herds, and carry nothing.
@helper
def able(draught: Array, hands: Array) -> Array:
    """Return draught power and hands that bring the crop in, 1928 = 1: both are needed alike, at most one."""
    return np.sqrt(np.minimum(draught, 1.0) * np.minimum(hands, 1.0))


@cropping.auxiliary(source="A-20, B-7")
def lost_individual(harvest_loss, loss_from_weakness, draught_individual, field_labour, most_lost):
    """Share of the standing crop of individual peasants that is lost before the barn."""
    unable = 1.0 - able(draught_individual, field_labour)
    return np.minimum(harvest_loss + loss_from_weakness * unable, most_lost)


@cropping.auxiliary(source="A-23")
def lost_on_state_farms(harvest_loss, loss_from_slack, effort, most_lost):
    """Share of the standing crop that is lost where effort is withheld, however many hands there are."""
    return np.minimum(harvest_loss + loss_from_slack * (1.0 - effort), most_lost)


@cropping.auxiliary(source="A-20, A-23, B-7")
def lost_kolkhoz(lost_on_state_farms, loss_from_weakness, draught_kolkhoz, field_labour, most_lost):
    """Share of the standing crop of kolkhozes that is lost: by withheld effort, and for want of power."""
    unable = 1.0 - able(draught_kolkhoz, field_labour)
    return np.minimum(lost_on_state_farms + loss_from_weakness * unable, most_lost)


@cropping.auxiliary
def hidden_share(hidden_always, hidden_of_asked, asked, penal_law, law_against_hiding):
    """Share of the grain brought in that is kept from the barn: more as more is asked, less under the law."""
    return (hidden_always + hidden_of_asked * asked) * (1.0 - law_against_hiding * penal_law)


@cropping.equation("harvest", source="A-23")
def bring_in(ripe_crop_holding, lost_holding, hidden_share, ripe_crop_state_farm, lost_on_state_farms):
    """Barn harvest of the month, and what households keep from it, of their own crop or the kolkhoz's."""
    brought = ripe_crop_holding * (1.0 - lost_holding)
    hidden = brought * hidden_share
    return dict(
        hidden_holding=hidden,
        grain_harvest_holding=brought - hidden,
        grain_harvest_state_farm=ripe_crop_state_farm * (1.0 - lost_on_state_farms),
    )


@cropping.equation("harvest")
def count_standing_crop(month, standing_crop, ripe_crop_form):
    """Standing crop of the year so far."""
    ripe = total(ripe_crop_form, "form")
    before = 0.0 if month == 7 else standing_crop
    return dict(standing_crop=before + ripe)


@cropping.equation("harvest", months=(7,))
def take_over_fields(area_under_grain, weather_of_year):
    """What was sown is taken over for harvesting, and the weather of the year is known."""
    return dict(growing_area=area_under_grain, weather=weather_of_year)


@cropping.equation("record")
def count_hidden_grain(month, hidden_this_year, moved_hidden_holding):
    """Grain hidden since July."""
    before = 0.0 if month == 7 else hidden_this_year
    return dict(hidden_this_year=before + total(moved_hidden_holding, "holding"))


@cropping.equation("record")
def count_harvest(
    month, harvest_this_year, kolkhoz_harvest_this_year, moved_grain_harvest_individual,
    moved_grain_harvest_kolkhoz, moved_grain_harvest_state_farm,
):  # fmt: skip
    """Barn harvest since July, of all and of kolkhozes."""
    all_before = 0.0 if month == 7 else harvest_this_year
    kolkhozes_before = 0.0 if month == 7 else kolkhoz_harvest_this_year
    return dict(
        harvest_this_year=all_before
        + moved_grain_harvest_individual
        + moved_grain_harvest_kolkhoz
        + moved_grain_harvest_state_farm,
        kolkhoz_harvest_this_year=kolkhozes_before + moved_grain_harvest_kolkhoz,
    )
