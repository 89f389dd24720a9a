"""Livestock: births and losses of animals, slaughter, meat and milk, and the feed they get."""

from __future__ import annotations

import numpy as np

from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

livestock = Block("livestock", over="region")


# ---- births and feed ---------------------------------------------------------------------------------------


@livestock.auxiliary
def births_by_feed(feed_ratio_owner, birth_feed_elasticity):
    """What the feed of the month before makes of births."""
    return feed_ratio_owner**birth_feed_elasticity


@livestock.equation("production")
def bear_young(grazers_owner, parameter_grazers_births, calving_season, births_by_feed):
    """Calves, foals, lambs and kids, born in the season."""
    born = grazers_owner * (parameter_grazers_births * calving_season) * births_by_feed
    return dict(born_grazers_owner=born)


@livestock.equation("production")
def farrow(pigs_owner, parameter_pigs_births, births_by_feed):
    """Pigs farrow all year, a twelfth each month."""
    return dict(born_pigs_owner=pigs_owner * (parameter_pigs_births * (1.0 / 12.0)) * births_by_feed)


@livestock.equation("production", source="A-21")
def need_feed(animals_household, animals_socialised, animals_feed, grain_feeding, feed_fund, kolkhoz_ease):
    """Feed grain at the norm, and what kolkhozes set aside of it as the year allows."""
    feed = animals_feed * grain_feeding / 12.0
    norm = total(animals_socialised * feed, "animals")
    return dict(
        household_feed_need=total(animals_household * feed, "animals"),
        socialised_feed_norm=norm,
        socialised_feed_need=norm * feed_fund * kolkhoz_ease,
    )


@livestock.equation("consumption")
def feed_collective_herds(socialised_feed_need):
    """Collective animals are fed from the kolkhoz barn; those of households by their owners."""
    return dict(feed_socialised=socialised_feed_need)


@livestock.equation("labour")
def note_feed(
    moved_feed_from_individual, moved_feed_from_members, moved_feed_from_hidden, household_feed_need,
    moved_feed_socialised, socialised_feed_norm, most_feed,
):  # fmt: skip
    """Feed over the norm, which counts from next month on."""
    households = moved_feed_from_individual + moved_feed_from_members + moved_feed_from_hidden
    return dict(
        feed_ratio_household=np.minimum(households / np.maximum(household_feed_need, 1e-9), most_feed),
        feed_ratio_socialised=np.minimum(
            moved_feed_socialised / np.maximum(socialised_feed_norm, 1e-9), most_feed
        ),
    )


# ---- herds aimed at ----------------------------------------------------------------------------------------


@livestock.auxiliary
def outside_own_farms(people_kolkhoz_members, people_state_farm_workers):
    """Village people who do not farm on their own."""
    return people_kolkhoz_members + people_state_farm_workers


@livestock.auxiliary(source="A-51")
def right_to_animals(plot_rights):
    """Right of kolkhoz households to animals of their own."""
    return plot_rights


@livestock.auxiliary(without="plot_subsistence")
def right_to_animals():
    """Without plots there is no right to animals of one's own."""
    return 0.0


@livestock.auxiliary
def keepers_household(
    people_individual_peasants, outside_own_farms, plot_herd, right_to_animals, kept_without_rights
):
    """Keepers of household animals, in persons of peasant households of 1928."""
    kept = kept_without_rights + (1.0 - kept_without_rights) * right_to_animals
    return people_individual_peasants + outside_own_farms * plot_herd * kept


@livestock.auxiliary
def keepers_socialised(outside_own_farms, collective_herd):
    """Keepers of collective animals, in persons of peasant households of 1928."""
    return outside_own_farms * collective_herd


@helper
def culling(herd: Array, aim: Array, most: float, culling_slope: Array) -> Array:
    """Return offtake over the ordinary one: 1 where a herd is what its owners aim at, less where it is small.

    Its root rises with the herd, so that it bends as a power does and costs none. With a slope above 1
    nothing is culled below 1 - 1/slope of the aim; with a slope r below 1 a herd is culled by (1 - r)**2 at
    least.

    Parameters
    ----------
    herd, aim
        Animals, and those that their owners aim at.
    most
        Largest herd over its aim that is answered.
    culling_slope
        Rise of the root where the herd is twice the aim: half the elasticity at the aim.
    """
    root = np.maximum(1.0 + culling_slope * (np.minimum(herd / aim, most) - 1.0), 0.0)
    return root * root


@livestock.auxiliary
def ordinary_offtake(
    animals_owner, animals_norm, kept_animals, keepers_owner, least_herd, fullest_herd, culling_slope,
    animals_offtake,
):  # fmt: skip
    """Slaughter and sale of a year: more where a herd is above what its owners aim at."""
    aim = animals_norm * kept_animals * keepers_owner + least_herd
    return animals_offtake * culling(animals_owner, aim, fullest_herd, culling_slope)


@livestock.auxiliary
def ordinary_offtake_of_veal(
    veal_owner, veal_norm, kept_veal, keepers_owner, least_herd, fullest_herd, culling_slope, veal_offtake
):
    """Slaughter and sale of a year, of animals of which some are killed young."""
    aim = veal_norm * kept_veal * keepers_owner + least_herd
    return veal_offtake * culling(veal_owner, aim, fullest_herd, culling_slope)


# ---- losses and slaughter ----------------------------------------------------------------------------------


@livestock.equation("production", source="A-19")
def lose_animals(
    animals_owner, parameter_animals_losses, starvation, feed_ratio_owner, neglect, herd_experience,
    common_herd_owner, most_dying, settlement_losses, moving_herds, pressure,
):  # fmt: skip
    """Animals that die: of themselves, for want of feed, in common herds, and as herders are settled."""
    hunger = (1.0 - np.minimum(feed_ratio_owner, 1.0)) ** 3
    loss = parameter_animals_losses + starvation * hunger
    loss = loss + neglect * (1.0 - herd_experience) * common_herd_owner
    loss = loss + settlement_losses * moving_herds * pressure
    return dict(lost_animals_owner=animals_owner * np.minimum(loss / 12.0, most_dying))


@livestock.auxiliary(source="A-19, A-51")
def slaughter_from_fear(parameter_animals_slaughter, pressure, standing_risk, plot_rights):
    """Share of household animals killed in the month for fear of losing them."""
    return parameter_animals_slaughter * (pressure + standing_risk * (1.0 - plot_rights))


@livestock.auxiliary(without="livestock_slaughter")
def slaughter_from_fear():
    """No animals are killed from fear."""
    return 0.0


@livestock.auxiliary
def slaughter_from_hunger(hunger_slaughter, village_nutrition, nutrition_at_ease, eaten_in_need_animals):
    """Share of household animals killed or sold in the month for want of food: those that are eaten."""
    wanting = np.maximum(nutrition_at_ease - village_nutrition, 0.0)
    return hunger_slaughter * wanting * eaten_in_need_animals


@livestock.equation("production", source="A-19")
def slaughter_animals(
    animals_owner, ordinary_offtake, offtake_season, young_offtake, killed_young_animals, slaughter_from_fear,
    slaughter_from_hunger, own_animals_owner, most_killed,
):  # fmt: skip
    """Slaughter and sale before winter; households also kill from fear and from hunger."""
    offtake = ordinary_offtake * offtake_season * (1.0 - young_offtake * killed_young_animals)
    offtake = offtake + slaughter_from_fear * own_animals_owner
    offtake = offtake + slaughter_from_hunger * own_animals_owner
    return dict(offtake_animals_owner=animals_owner * np.minimum(offtake, most_killed))


@livestock.equation("production")
def kill_young(veal_owner, ordinary_offtake_of_veal, calving_season, young_offtake, most_killed_young):
    """Calves, lambs and kids killed in the months of birth: fewer while herds recover."""
    young = ordinary_offtake_of_veal * calving_season * young_offtake
    return dict(killed_young_veal_owner=veal_owner * np.minimum(young, most_killed_young))


@livestock.equation("labour", source="A-19")
def learn_to_keep_common_herds(herd_experience, collectivised_share, experience_time):
    """Experience of common herds, which grows with the collectivised share."""
    gained = collectivised_share * (1.0 - herd_experience)
    return dict(herd_experience=herd_experience + gained / experience_time)


# ---- meat and milk -----------------------------------------------------------------------------------------


@livestock.auxiliary
def meat_of_month(
    moved_offtake_cattle_household, moved_killed_young_cattle_household,
    moved_offtake_cattle_socialised, moved_killed_young_cattle_socialised,
    moved_offtake_horses_household, moved_offtake_horses_socialised,
    moved_offtake_pigs_household, moved_offtake_pigs_socialised,
    moved_offtake_sheep_and_goats_household, moved_killed_young_sheep_and_goats_household,
    moved_offtake_sheep_and_goats_socialised, moved_killed_young_sheep_and_goats_socialised,
    young_meat, cattle_meat, horses_meat, pigs_meat, sheep_and_goats_meat,
):  # fmt: skip
    """Meat of the animals killed in the month, of which the young give less."""
    calves = young_meat * moved_killed_young_cattle_household
    meat = (moved_offtake_cattle_household + calves) * cattle_meat
    calves = young_meat * moved_killed_young_cattle_socialised
    meat = meat + (moved_offtake_cattle_socialised + calves) * cattle_meat
    meat = meat + moved_offtake_horses_household * horses_meat
    meat = meat + moved_offtake_horses_socialised * horses_meat
    meat = meat + moved_offtake_pigs_household * pigs_meat
    meat = meat + moved_offtake_pigs_socialised * pigs_meat
    lambs = young_meat * moved_killed_young_sheep_and_goats_household
    meat = meat + (moved_offtake_sheep_and_goats_household + lambs) * sheep_and_goats_meat
    lambs = young_meat * moved_killed_young_sheep_and_goats_socialised
    return meat + (moved_offtake_sheep_and_goats_socialised + lambs) * sheep_and_goats_meat


@livestock.auxiliary
def milk_of_month(cattle_owner, feed_ratio_owner, milk_without_feed, cow_share, milk_yield):
    """Milk of the cows by their feed."""
    fed = milk_without_feed + (1.0 - milk_without_feed) * np.minimum(feed_ratio_owner, 1.0)
    return total(cattle_owner * fed, "owner") * cow_share * milk_yield / 12.0


@livestock.equation("distribution")
def share_meat_and_milk(meat_of_month, milk_of_month, town_share):
    """Meat and milk of the month, shared between village and towns."""
    return dict(
        meat_town=meat_of_month * town_share,
        meat_village=meat_of_month * (1.0 - town_share),
        milk_town=milk_of_month * town_share,
        milk_village=milk_of_month * (1.0 - town_share),
    )
