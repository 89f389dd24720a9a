"""Agriculture: grain, tractors and draught power, effort on collective land, the kolkhoz barn, and plots."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed, within
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

cropping = Block("cropping")
tractors = Block("tractors")
draught = Block("draught")
effort = Block("effort")
kolkhoz = Block("kolkhoz")
plots = Block("plots")


# ---- grain: area and seed ----------------------------------------------------------------------------------


@cropping.equation("production")
def judge_terms_of_trade(terms_expected, terms_of_trade, area_memory, least_terms, most_terms):
    """Terms of trade that peasants reckon with when they sow: those of the last years."""
    terms = within(terms_of_trade, least_terms, most_terms)
    return dict(terms_expected=smoothed(terms_expected, terms, area_memory))


@cropping.auxiliary(source="A-7")
def area_meant_individual(
    grain_area, collectivised_share, taken_share_last_year, taken_share_1927, area_response, least_area,
    free_sale, terms_expected, area_elasticity, area_limit,
):  # fmt: skip
    """Area that individual peasants mean to sow: less where quotas take more than in 1927.

    Where sale is free it answers to the terms of trade instead, up to what they can sow.
    """
    drawn = np.minimum(terms_expected**area_elasticity, area_limit)
    burden = np.maximum(taken_share_last_year - taken_share_1927, 0.0) * (1.0 - free_sale)
    own = grain_area * (1.0 - collectivised_share) * np.maximum(1.0 - area_response * burden, least_area)
    return own * (1.0 + free_sale * (drawn - 1.0))


@cropping.auxiliary
def area_meant_kolkhoz(grain_area, collectivised_share, plan_area_push, sowing_plan):
    """Area that kolkhozes mean to sow, with what plan orders add."""
    return grain_area * collectivised_share * (1.0 + plan_area_push * sowing_plan)


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
def extend_state_farms(state_farm_area, state_farm_target, state_farm_growth):
    """Area of state farms, which nears its target each spring."""
    gap = state_farm_target - state_farm_area
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
def note_the_yield(harvest_1928, harvest_loss, hidden_always, fields_of_1928):
    """Standing yield of 1928: what was brought into the barn, lost before or hidden, over the fields."""
    brought = harvest_1928 / (1.0 - hidden_always)
    return dict(yield_1928=brought / (1.0 - harvest_loss) / np.maximum(fields_of_1928, 1e-6))


@cropping.auxiliary
def ordinary_yield(yield_1928, harvest_loss, hidden_always):
    """Barn yield of an ordinary year with the power, hands and effort of 1928, tonnes a hectare."""
    return np.maximum(yield_1928 * (1.0 - harvest_loss) * (1.0 - hidden_always), 1e-6)


@cropping.auxiliary
def weather_of_year(given_weather, weather_spread, drawn_weather):
    """Weather of the year: what is documented, and what is drawn."""
    return given_weather + weather_spread * drawn_weather


@cropping.auxiliary
def area_under_grain(month, sown_area, growing_area):
    """Area of peasants and kolkhozes under harvest: in July that which is sown."""
    return sown_area if month == 7 else growing_area


@cropping.auxiliary(source="A-24, B-6")
def common_yield(yield_1928, weather_of_year, worst_weather, field_nutrition, nutrition_elasticity):
    """Yield by weather and by the food of those who work in the fields, tonnes a hectare."""
    weathered = yield_1928 * np.maximum(1.0 + weather_of_year, worst_weather)
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


@draught.equation("opening")
def note_the_power(
    horses_household, horses_socialised, horse_power, power_of_engines, village_population, fields_tilled
):
    """Power and people per hectare on the first day, with which later ones are compared."""
    horses = (horses_household + horses_socialised) * horse_power
    return dict(
        draught_1928=(horses + power_of_engines) / fields_tilled,
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
    fields_tilled, collectivised_share, horses_socialised, horse_power, power_of_engines, draught_1928,
    least_tilled, least_draught, most_draught,
):  # fmt: skip
    """Power of horses and tractors of kolkhozes per hectare, 1928 = 1."""
    pooled = horses_socialised * horse_power + power_of_engines
    pooled = pooled / np.maximum(fields_tilled * collectivised_share, least_tilled)
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


# ---- effort on collective land -----------------------------------------------------------------------------


@effort.auxiliary(source="B-3")
def value_of_labour_day(
    people_kolkhoz_members, distributed_this_year, kolkhoz_harvest_this_year, labour_day_value, kg_in_a_tonne,
    telling_harvest,
):  # fmt: skip
    """Grain given for the old year's work, kg a head.

    Where there were hardly any members in autumn, expectations stand in for experience.
    """
    members = np.maximum(people_kolkhoz_members, 1e-6)
    earned = kg_in_a_tonne * distributed_this_year / members
    known = within(kolkhoz_harvest_this_year / (telling_harvest * members), 0.0, 1.0)
    return known * earned + (1.0 - known) * labour_day_value


@effort.equation("closing", source="B-3")
def close_labour_day_accounts(value_of_labour_day):
    """Value of a labour-day, known when the accounts of the old year are closed."""
    return dict(labour_day_value=value_of_labour_day)


@effort.auxiliary(source="A-23, A-44, A-49, B-8, B-10")
def effort_by_reward(
    value_of_labour_day, effort_floor, plot_pull, fear_effect, fear, minimum_effect, minimum_labour_days
):
    """Effort by the value of a labour-day; fear and the legal minimum bring back a part of the rest."""
    given = effort_floor + (1.0 - effort_floor) * value_of_labour_day / (value_of_labour_day + plot_pull)
    given = given + (1.0 - given) * fear_effect * np.minimum(fear, 1.0)
    return given + (1.0 - given) * minimum_effect * minimum_labour_days


@effort.equation("opening")
def open_with_effort(effort):
    """What the old year's reward calls forth stands until the accounts are closed."""
    return dict(effort_promised=effort)


@effort.equation("labour", months=(3,))
def note_what_was_taken(taken_this_year, harvest_this_year):
    """Share of the last harvest that was taken, known when the campaign is over and field work begins."""
    return dict(taken_of_crop=np.minimum(taken_this_year / np.maximum(harvest_this_year, 1e-6), 1.0))


@effort.auxiliary(source="A-7, B-8, B-17")
def asked(taken_of_crop, taken_share_1927, norm_credit, obligatory_deliveries, share_due_by_norm):
    """Share of the harvest that peasants reckon will be taken, beyond that of 1927.

    It is what was taken last; where deliveries are a norm that is known ahead, they may believe the norm.
    """
    taken = np.maximum(taken_of_crop - taken_share_1927, 0.0)
    norm = np.maximum(np.minimum(share_due_by_norm, 1.0) - taken_share_1927, 0.0)
    believed = norm_credit * obligatory_deliveries
    return (1.0 - believed) * taken + believed * norm


@effort.auxiliary
def new_to_kolkhoz(collectivised_share, collectivised_a_year_ago):
    """Share of the kolkhozes' households that joined within a year."""
    joined = np.maximum(collectivised_share - collectivised_a_year_ago, 0.0)
    return joined / np.maximum(collectivised_share, 1e-9)


@effort.auxiliary(source="A-23, A-24, B-6, B-8")
def effort_held(asked, terms_effect, field_nutrition, despair, new_to_kolkhoz, newness):
    """Share of the effort promised that is given: terms, hunger in spring and novelty take from it."""
    held = (1.0 - terms_effect * asked) * (1.0 - despair * (1.0 - field_nutrition))
    return held * (1.0 - newness * new_to_kolkhoz)


@effort.equation("labour", source="A-23, A-44, A-49, B-8, B-10")
def respond_to_reward(month, effort_by_reward, effort_promised, effort_held):
    """Effort promised for a year's reward in January, and what terms, hunger and novelty leave of it."""
    promised = effort_by_reward if month == 1 else effort_promised
    return dict(effort_promised=promised, effort=promised * effort_held)


@effort.equation("labour", without="effort_response")
def respond_to_reward(month, effort_promised):
    """Effort is that of a peasant on his own, whatever the reward."""
    own = 1.0 if month == 1 else effort_promised
    return dict(effort_promised=own, effort=own)


# ---- the kolkhoz barn --------------------------------------------------------------------------------------


@kolkhoz.auxiliary
def kolkhoz_seed_fund(seed_need_kolkhoz, sowing_ahead):
    """Grain that the kolkhoz keeps for seed."""
    return seed_need_kolkhoz * sowing_ahead


@kolkhoz.auxiliary
def kolkhoz_dues_ahead(kolkhoz_dues, procurement_ahead):
    """Grain that the kolkhoz has still to deliver."""
    return kolkhoz_dues * procurement_ahead


@kolkhoz.auxiliary(source="B-2")
def grain_free_of_claims(
    grain_kolkhoz, kolkhoz_seed_fund, socialised_feed_need, months_to_harvest, kolkhoz_dues_ahead
):
    """Kolkhoz grain beyond the seed fund, the feed fund and the deliveries still due."""
    feed = socialised_feed_need * months_to_harvest
    return np.maximum(grain_kolkhoz - kolkhoz_seed_fund - feed - kolkhoz_dues_ahead, 0.0)


@kolkhoz.equation("distribution", source="A-40, B-2, B-5")
def share_out(grain_free_of_claims, advance, overhead):
    """Members get a part of what is free of all other claims; funds and cadres take their share of it."""
    given = grain_free_of_claims * advance
    return dict(
        kolkhoz_free_grain=grain_free_of_claims,
        grain_to_cadres=given * overhead,
        grain_to_members=given * (1.0 - overhead),
    )


@kolkhoz.equation("distribution", months=(9,))
def see_the_year(
    grain_kolkhoz, kolkhoz_seed_fund, kolkhoz_dues_ahead, people_kolkhoz_members, village_food_need_per_head,
    socialised_feed_norm, months_crop_lasts,
):  # fmt: skip
    """What the year will bring, seen when the crop is in, over food and feed at the norm."""
    mouths = people_kolkhoz_members * village_food_need_per_head
    wanted = months_crop_lasts * (mouths + socialised_feed_norm)
    left = np.maximum(grain_kolkhoz - kolkhoz_seed_fund - kolkhoz_dues_ahead, 0.0)
    return dict(kolkhoz_ease=within(left / np.maximum(wanted, 1e-6), 0.0, 1.0))


@kolkhoz.equation("record")
def count_grain_to_members(month, distributed_this_year, moved_grain_to_members):
    """Grain given for labour-days since July."""
    before = 0.0 if month == 7 else distributed_this_year
    return dict(distributed_this_year=before + moved_grain_to_members)


# ---- household plots ---------------------------------------------------------------------------------------


@plots.auxiliary(source="A-50, A-51")
def use_of_plots(collectivised_share, plot_rights, plot_curtailment):
    """Use of plots, which shrinks where a collectivised village has no right to them."""
    lost = collectivised_share * (1.0 - plot_rights)
    return 1.0 - plot_curtailment * lost


@plots.auxiliary(without="plot_subsistence")
def use_of_plots(collectivised_share):
    """Use of plots where kolkhoz households have none."""
    return 1.0 - collectivised_share


@plots.equation("potato_harvest", source="A-48, B-1")
def dig_potatoes(
    potato_yield, village_population, use_of_plots, weather, weather_share, worst_plot_weather,
    potato_harvest_part,
):  # fmt: skip
    """Potatoes by village people, the use of plots, and a share of the year's weather."""
    weathered = np.maximum(1.0 + weather_share * weather, worst_plot_weather)
    crop = potato_yield * village_population * use_of_plots * weathered
    return dict(potato_harvest=crop * potato_harvest_part, plot_use=use_of_plots)


@plots.calendar
def months_to_potatoes(month: int) -> int:
    """Months over which the cellar is spread, to the next September."""
    return (8 - month) % 12 + 1


@plots.equation("distribution")
def spend_potatoes(potatoes_village, months_to_potatoes, potato_seed_and_feed, potato_sales):
    """The cellar is spread evenly: seed, feed and loss, what goes to towns, and what is eaten."""
    spent = potatoes_village / months_to_potatoes
    eaten = spent * (1.0 - potato_seed_and_feed - potato_sales)
    return dict(
        potatoes_kept=spent * potato_seed_and_feed,
        potatoes_to_towns=spent * potato_sales,
        potatoes_eaten_village=np.maximum(eaten, 0.0),
    )
