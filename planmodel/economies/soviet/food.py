"""Food of the village: what it eats, hunger across districts, and its toll.

A national mean explains neither 1933 nor 1936: what kills is the spread of food over districts, for quotas
strip some and spare others. The village is the residual claimant, so that the spread of what is left follows
from the spread of harvests and quotas and from how little is left.
"""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

nutrition = Block("nutrition", over="region")


# ---- grain over districts ----------------------------------------------------------------------------------


@helper
def lognormal(variation: Array, place: Array) -> Array:
    """Return a lognormal quantity, up to a factor, at a place of the standard normal."""
    return np.exp(np.sqrt(np.log1p(variation**2)) * place)


@nutrition.auxiliary
def spread_of_harvests(harvest_spread, harvests_between):
    """Spread of harvests over districts, with that between regions where one country stands for them."""
    return np.sqrt(harvest_spread**2 + harvests_between**2)


@nutrition.auxiliary
def spread_of_quotas(quota_spread, quotas_between):
    """Spread of quotas over districts, with that between regions where one country stands for them."""
    return np.sqrt(quota_spread**2 + quotas_between**2)


# Districts stay as they are: who is poor in one year is poor in the next. So shapes are reckoned once.
@nutrition.equation("opening", source="A-30, A-46, B-17")
def note_the_districts(
    spread_of_harvests, spread_of_quotas, quota_on_past, district_place_district, district_weight_district
):
    """Harvest and quota per head by class of districts, from the poorest to the richest: lognormal.

    The quota follows the harvest as far as it is not reckoned from past yields, and is uneven besides.
    """
    harvest = lognormal(spread_of_harvests, district_place_district)
    return dict(
        harvest_shape_district=harvest / total(district_weight_district * harvest, "district"),
        known_shape_district=harvest ** (1.0 - quota_on_past),
        uneven_shape_district=lognormal(spread_of_quotas, -district_place_district),
    )


@nutrition.auxiliary(source="A-30, A-46, B-17")
def quota_over_districts(
    harvest_shape_district, known_shape_district, uneven_shape_district, on_market, under_deliveries,
    district_weight_district,
):  # fmt: skip
    """What is owed per head by class of districts over the mean: the poor owe more of their harvest.

    Norms are the same for all, and who sells does so by his harvest.
    """
    known = np.where(on_market, harvest_shape_district, known_shape_district)
    uneven = np.where(on_market | under_deliveries, 1.0, uneven_shape_district)
    shape = known * uneven
    return shape / total(district_weight_district * shape, "district")


@nutrition.auxiliary(source="A-28, A-30")
def grain_left_over_districts(
    harvest_expected, hidden_expected, harvest_shape_district, attainable_over_districts,
    seed_need_individual, seed_need_kolkhoz, least_part_left,
):  # fmt: skip
    """Grain left of the crop, in barns and hidden, after procurement and seed, by class of districts."""
    seed = seed_need_individual + seed_need_kolkhoz
    crop = (harvest_expected + hidden_expected - seed) * harvest_shape_district
    left = crop - attainable_over_districts
    return np.maximum(left, np.maximum(least_part_left * harvest_expected, 1e-6))


@nutrition.auxiliary
def food_over_districts(grain_left_over_districts, district_weight_district, trade, free_trade):
    """Grain per head by class of districts over the mean; trade evens a part of the spread out."""
    mean = total(district_weight_district * grain_left_over_districts, "district")
    return 1.0 + (1.0 - trade * free_trade) * (grain_left_over_districts / mean - 1.0)


# ---- what the village eats and feeds -----------------------------------------------------------------------


@nutrition.equation("production")
def reckon_need(village_population, grain_need):
    """Grain that the village would eat if there were enough."""
    return dict(
        village_food_need=village_population * grain_need / 12.0, village_food_need_per_head=grain_need / 12.0
    )


@nutrition.auxiliary
def village_eaters(village_population):
    """People of the village, million persons: a village of less than one eats as one."""
    return np.maximum(village_population, 1e-6)


@nutrition.auxiliary
def own_grain(grain_individual, seed_need_individual, sowing_ahead):
    """Grain of individual peasants beyond the seed that they still need."""
    return np.maximum(grain_individual - seed_need_individual * sowing_ahead, 0.0)


@nutrition.auxiliary
def grain_of_members(grain_members, moved_grain_relief):
    """Grain of kolkhoz members without the relief of the month, which is eaten as it comes."""
    return np.maximum(grain_members - moved_grain_relief, 0.0)


@nutrition.auxiliary(source="A-29")
def grain_at_hand(
    own_grain, grain_of_members, grain_hidden, foresight, months_to_harvest, village_eaters,
    food_over_districts,
):  # fmt: skip
    """Grain per head for the month, by district, tonnes; it must last until the harvest.

    Without full foresight more is eaten in autumn, and hunger comes in spring.
    """
    months = 1.0 + foresight * (months_to_harvest - 1.0)
    monthly = (own_grain + grain_of_members + grain_hidden) / months / village_eaters
    return monthly * food_over_districts


@nutrition.auxiliary
def feed_wanted(household_feed_need, village_eaters):
    """Grain that animals of households would eat, tonnes per head of the village."""
    return household_feed_need / village_eaters


@nutrition.auxiliary(source="A-21, A-28")
def grain_eaten(grain_at_hand, feed_floor, grain_need, feed_wanted):
    """Grain eaten per head, by district: food first, save a small part, and again what feed leaves."""
    need = grain_need / 12.0
    food = np.minimum(grain_at_hand * (1.0 - feed_floor), need)
    return np.minimum(food + np.maximum(grain_at_hand - food - feed_wanted, 0.0), need)


@nutrition.equation("consumption", source="A-21, A-28")
def eat(
    grain_at_hand, grain_eaten, feed_wanted, district_weight_district, village_eaters, own_grain,
    grain_of_members, grain_hidden, moved_grain_relief, food_over_districts,
):  # fmt: skip
    """Barns and hidden grain are drawn on in proportion to what is at hand: it is one village table."""
    grain_fed = np.minimum(grain_at_hand - grain_eaten, feed_wanted)
    eaten = total(district_weight_district * grain_eaten, "district") * village_eaters
    fed = total(district_weight_district * grain_fed, "district") * village_eaters
    hidden = grain_hidden / np.maximum(own_grain + grain_of_members + grain_hidden, 1e-9)
    share = own_grain / np.maximum(own_grain + grain_of_members, 1e-9)
    spread = total(district_weight_district * (food_over_districts - 1.0) ** 2, "district")
    return dict(
        food_individual=eaten * (1.0 - hidden) * share,
        food_members=eaten * (1.0 - hidden) * (1.0 - share) + moved_grain_relief,
        food_hidden=eaten * hidden,
        feed_from_individual=fed * (1.0 - hidden) * share,
        feed_from_members=fed * (1.0 - hidden) * (1.0 - share),
        feed_from_hidden=fed * hidden,
        food_spread=np.sqrt(spread),
    )


# ---- hunger in the village ---------------------------------------------------------------------------------


@nutrition.auxiliary
def kilograms_a_day(kilograms_per_tonne, days_per_month):
    """Kilograms a day in a tonne a month."""
    return kilograms_per_tonne / days_per_month


@nutrition.auxiliary
def calories_of_their_own(
    grain_eaten, moved_potatoes_eaten_village, moved_milk_village, moved_meat_village, plot_use, other_food,
    village_eaters, kilograms_a_day, grain_energy, potato_energy, milk_energy, meat_energy,
):  # fmt: skip
    """Food of this month by district, kcal per person and day: grain, and the mean of animals and plots."""
    plots = moved_potatoes_eaten_village * potato_energy
    energy = plots + moved_milk_village * milk_energy + moved_meat_village * meat_energy
    beside = plot_use * other_food + energy * kilograms_a_day / village_eaters
    return grain_eaten * (grain_energy * kilograms_a_day) + beside


@nutrition.auxiliary(source="A-29, A-30")
def relief_eaten(
    moved_grain_relief, village_eaters, hunger_line, calories_of_their_own, district_weight_district
):
    """Relief per head, by district: it goes where food is below the hunger line, by how much is wanting."""
    wanting = np.maximum(hunger_line - calories_of_their_own, 0.0) + 1e-6
    mean = total(district_weight_district * wanting, "district")
    return moved_grain_relief / village_eaters * wanting / mean


@nutrition.auxiliary
def village_calories_now(calories_of_their_own, relief_eaten, kilograms_a_day, grain_energy, most_calories):
    """Food of this month by district with relief, kcal per person and day."""
    return np.minimum(calories_of_their_own + relief_eaten * (grain_energy * kilograms_a_day), most_calories)


@nutrition.auxiliary(source="A-29")
def bodies_now(bodies_district, village_calories_now, body_lag, slow_recovery):
    """Food on which bodies have lived, by district, kcal per person and day; they follow food late."""
    recovering = village_calories_now > bodies_district
    lag = body_lag * np.where(recovering, slow_recovery, 1.0)
    return smoothed(bodies_district, village_calories_now, lag)


@nutrition.auxiliary
def village_fed(village_calories_now, district_weight_district):
    """Food of this month per village person, kcal a day."""
    return total(district_weight_district * village_calories_now, "district")


@nutrition.equation("consumption", source="A-24, A-29")
def count_calories(
    village_fed, village_calories_now, bodies_now, district_weight_district, hunger_line, village_eaters,
    kilograms_a_day, grain_energy, enough_calories, most_food_over_need,
):  # fmt: skip
    """Food of the village over need, of this month and in the bodies, and what is wanting of it."""
    lived_on = total(district_weight_district * bodies_now, "district")
    short = np.maximum(hunger_line - village_calories_now, 0.0)
    wanting = total(district_weight_district * short, "district") * village_eaters
    return dict(
        bodies_district=bodies_now,
        village_calories=village_fed,
        village_strength=np.minimum(lived_on / enough_calories, most_food_over_need),
        village_nutrition=np.minimum(village_fed / enough_calories, most_food_over_need),
        village_deficit=wanting / (grain_energy * kilograms_a_day),
    )


@nutrition.equation("consumption", source="A-29, D-33")
def hunger(
    bodies_now, district_weight_district, hunger_line, famine_severity, severity_of_a_mean, famine_convexity,
    most_famine_mortality, epidemics, hunger_of_late, epidemic_memory,
):  # fmt: skip
    """Mortality rises convexly as bodies fall below the hunger line, district by district.

    Epidemics follow the hunger of the last months, also when it is over.
    """
    deficit = np.maximum(1.0 - bodies_now / hunger_line, 0.0)
    toll = -np.expm1(-famine_severity * severity_of_a_mean * deficit**famine_convexity)
    mean = total(district_weight_district * toll, "district")
    return dict(
        famine_mortality=np.minimum(mean + epidemics * hunger_of_late, most_famine_mortality),
        hunger_of_late=smoothed(hunger_of_late, mean, epidemic_memory),
    )


@nutrition.equation("consumption", months=(4, 5, 6), source="A-24")
def weaken_in_the_fields(month, village_fed, enough_calories, field_nutrition, spring_memory):
    """The strength of the people at field work, smoothed over the spring."""
    now = np.minimum(village_fed / enough_calories, 1.0)
    later = spring_memory * field_nutrition + (1.0 - spring_memory) * now
    return dict(field_nutrition=now if month == 4 else later)


@nutrition.equation("consumption", without="food_productivity")
def weaken_in_the_fields():
    """Hunger costs no work."""
    return dict(field_nutrition=1.0)
