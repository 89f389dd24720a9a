"""Food of towns: rations, who of the townspeople is served first, and who dies of want.

From 1931 to the end of cards towns and plants stood on four lists of supply, industry first. Lists part what
towns have: they bring no food. So food and deaths are reckoned from the mean of townspeople and what each
category has beyond it, which adds up to nothing.
"""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

towns = Block("towns")


# ---- bread and other food of all townspeople ---------------------------------------------------------------


@towns.auxiliary
def bread_by_ration(fed_in_towns, ration):
    """Bread for the rations of towns."""
    return fed_in_towns * ration / 12.0


@towns.auxiliary
def bread_wanted(
    bread_by_ration, bread_instead, lever_cards_bread, other_town_food_wanting, grain_part_of_food
):
    """Bread that towns want: the ration, and without cards more where other food is wanting."""
    free = 1.0 - lever_cards_bread
    return bread_by_ration * (1.0 + bread_instead * free * other_town_food_wanting / grain_part_of_food)


@towns.equation("production")
def claim_bread(bread_wanted, grain_town):
    """Towns claim what they would eat, less what is in their stores beyond a month's need."""
    spare = np.maximum(grain_town - bread_wanted, 0.0)
    return dict(town_grain_claim=np.maximum(bread_wanted - spare, 0.0))


@towns.auxiliary
def town_eaters(fed_in_towns):
    """People who eat in towns, million persons: towns of less than one eat as one."""
    return np.maximum(fed_in_towns, 1e-6)


@towns.auxiliary
def bread_eaten(grain_town, bread_wanted, most_bread_over_wanted):
    """Grain eaten in towns this month: what they hold, up to a little over what is wanted."""
    return np.minimum(grain_town, bread_wanted * most_bread_over_wanted)


@towns.auxiliary
def other_town_food(
    moved_meat_town, moved_milk_town, moved_potatoes_to_towns, town_eaters, meat_energy, milk_energy,
    animal_food_1928, potatoes_1928, animal_part_of_food, potato_part_of_food, most_other_food,
):  # fmt: skip
    """Animal products and potatoes in towns, over all food of 1928 by shares of calories."""
    animal = (moved_meat_town * meat_energy + moved_milk_town * milk_energy) / town_eaters / animal_food_1928
    potatoes = moved_potatoes_to_towns / town_eaters / potatoes_1928
    animal_part = animal_part_of_food * np.minimum(animal, most_other_food)
    return animal_part + potato_part_of_food * np.minimum(potatoes, most_other_food)


@towns.equation("consumption")
def eat_in_towns(bread_eaten):
    """Towns eat state grain from their stores."""
    return dict(food_town=bread_eaten)


@towns.equation("consumption")
def miss_other_food(
    other_town_food, other_town_food_wanting, animal_part_of_food, potato_part_of_food, other_food_memory
):
    """Note what of meat, milk and potatoes is wanting, smoothed over a year."""
    wanting = np.maximum(animal_part_of_food + potato_part_of_food - other_town_food, 0.0)
    return dict(other_town_food_wanting=smoothed(other_town_food_wanting, wanting, other_food_memory))


@towns.auxiliary
def town_food_now(bread_eaten, town_eaters, ration, other_town_food, grain_part_of_food):
    """Food of towns this month over that of 1928."""
    need = town_eaters * ration / 12.0
    return grain_part_of_food * bread_eaten / need + other_town_food


@towns.auxiliary
def town_lived_on(town_food_now, town_nutrition, town_food_memory):
    """Food on which townspeople live, over that of 1928: it follows food with a delay."""
    return town_food_memory * town_nutrition + (1.0 - town_food_memory) * town_food_now


@towns.equation("consumption", source="sketch, point 2")
def hunger_in_towns(town_lived_on):
    """Note the food on which townspeople live; who dies of want hangs on categories of supply."""
    return dict(town_nutrition=town_lived_on)


# ---- norms -------------------------------------------------------------------------------------------------


@towns.auxiliary
def people_part_category(category_people_category):
    """Share of the townspeople by category."""
    return category_people_category / total(category_people_category, "category")


@towns.auxiliary(source="Osokina, recalled")
def bread_norm_category(category_bread_category, category_people_category, bread_gap):
    """Bread norm a head by category over the mean; without a gap all have the same."""
    norm = category_bread_category**bread_gap
    mean = total(category_people_category * norm, "category") / total(category_people_category, "category")
    return norm / mean


@towns.auxiliary(source="Osokina, recalled")
def goods_norm_category(category_goods_category, category_people_category, goods_gap):
    """The state's other food and its goods a head by category over the mean."""
    norm = category_goods_category**goods_gap
    mean = total(category_people_category * norm, "category") / total(category_people_category, "category")
    return norm / mean


@towns.auxiliary
def lists_for_bread(supply_by_lists, lever_cards_bread, commercial_trade):
    """Part of the bread that goes out by lists: what is sold without cards does not."""
    return supply_by_lists * lever_cards_bread * (1.0 - commercial_trade)


@towns.auxiliary
def lists_for_food(
    supply_by_lists, lever_cards_food, commercial_trade, market_share_of_products, central_funds
):
    """Part of meat, milk and potatoes that goes out by lists: of what the state bought, the central funds."""
    of_state = (1.0 - market_share_of_products) * (1.0 - commercial_trade)
    return supply_by_lists * lever_cards_food * of_state * central_funds


@towns.auxiliary
def lists_for_goods(supply_by_lists, lever_cards_goods, commercial_trade):
    """Part of the industrial goods that goes out by lists, through closed shops of the place of work."""
    return supply_by_lists * lever_cards_goods * (1.0 - commercial_trade)


# ---- who is served -----------------------------------------------------------------------------------------


@towns.auxiliary
def bread_served(bread_eaten, town_eaters, ration):
    """Bread eaten in towns over the ration, at most all of it."""
    return np.minimum(bread_eaten / (town_eaters * ration / 12.0), 1.0)


@towns.auxiliary(source="Osokina, recalled; sources of A-32")
def norm_served_category(
    bread_served, bread_norm_category, people_part_category, category_first_category, served_before
):
    """Part of its norm that each category gets: those who come first lose less where bread falls short.

    What they do not lose the others lose, as far as those have any.
    """
    spared = served_before * (1.0 - bread_served)
    first = total(people_part_category * bread_norm_category * category_first_category, "category")
    before = np.minimum(bread_served + spared, bread_served / np.maximum(first, 1e-9))
    after = np.maximum(bread_served - spared * first / np.maximum(1.0 - first, 1e-9), 0.0)
    return np.where(category_first_category > 0.0, before, after)


@towns.auxiliary
def food_beyond_category(
    bread_norm_category, norm_served_category, bread_served, goods_norm_category, lists_for_bread,
    lists_for_food, other_town_food, grain_part_of_food,
):  # fmt: skip
    """Food of this month a head by category beyond the mean of townspeople, over food of 1928."""
    bread = (bread_norm_category - 1.0) * norm_served_category + (norm_served_category - bread_served)
    other = (goods_norm_category - 1.0) * other_town_food
    return grain_part_of_food * bread * lists_for_bread + other * lists_for_food


@towns.auxiliary
def lived_on_beyond_category(food_beyond_category, beyond_mean_category, town_food_memory):
    """Food on which each category lives beyond the mean of townspeople: it follows food as the mean does."""
    return town_food_memory * beyond_mean_category + (1.0 - town_food_memory) * food_beyond_category


@towns.equation("consumption")
def part_the_food(
    lived_on_beyond_category, food_beyond_category, people_part_category, town_food_now, goods_norm_category,
    lists_for_goods, town_lived_on,
):  # fmt: skip
    """Food by category, and its part of the food and of the goods of towns."""
    over = food_beyond_category / np.maximum(town_food_now, 1e-9)
    return dict(
        beyond_mean_category=lived_on_beyond_category,
        category_nutrition_category=town_lived_on + lived_on_beyond_category,
        food_part_category=people_part_category * (1.0 + over),
        goods_part_category=people_part_category * (1.0 + lists_for_goods * (goods_norm_category - 1.0)),
    )


# ---- hunger by category, and in industry -------------------------------------------------------------------


@helper
def toll_of_want(lived_on: Array, line: Array, severity: Array) -> Array:
    """Return monthly mortality from want of food, which is convex below a line.

    Parameters
    ----------
    lived_on, line
        Food on which people live, and food below which they die of want, over that of 1928.
    severity
        Monthly mortality without any food.
    """
    return severity * np.maximum(1.0 - lived_on / line, 0.0) ** 2


@towns.auxiliary(source="sketch, point 2")
def toll_of_mean(town_lived_on, town_hunger_line, town_severity):
    """Mortality if all townspeople ate alike."""
    return toll_of_want(town_lived_on, town_hunger_line, town_severity)


@towns.auxiliary
def toll_beyond_category(
    toll_of_mean, town_lived_on, lived_on_beyond_category, town_hunger_line, town_severity
):
    """Mortality of each category beyond what it were if all ate alike."""
    lived_on = town_lived_on + lived_on_beyond_category
    return toll_of_want(lived_on, town_hunger_line, town_severity) - toll_of_mean


@towns.equation("consumption", source="sketch, point 2")
def die_by_category(
    toll_of_mean, toll_beyond_category, people_part_category, category_industry_category,
    most_town_famine_mortality,
):  # fmt: skip
    """Deaths of want in towns are the mean of all categories; industry has its own part on the lists."""
    of_all = toll_of_mean + total(people_part_category * toll_beyond_category, "category")
    of_industry = toll_of_mean + total(category_industry_category * toll_beyond_category, "category")
    return dict(
        town_famine_mortality=np.minimum(of_all, most_town_famine_mortality),
        industry_famine_mortality=np.minimum(of_industry, most_town_famine_mortality),
    )


@towns.auxiliary
def food_of_industry(town_nutrition, beyond_mean_category, category_industry_category):
    """Food on which workers of industry live, by their places on the lists."""
    return town_nutrition + total(category_industry_category * beyond_mean_category, "category")
