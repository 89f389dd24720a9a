"""People: births and deaths in the village, in towns and in confinement."""

from __future__ import annotations

import numpy as np

from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

population = Block("population", over="region")
townspeople = Block("townspeople")
confinement = Block("confinement")


# ---- who lives where ---------------------------------------------------------------------------------------


@population.auxiliary
def village_population(people_village):
    """All people who live off the village, million persons."""
    return total(people_village, "village")


@population.equation("record")
def count_the_village(village_population):
    """People of the village when the month ends, by whom means over the country are weighted."""
    return dict(village_people=village_population)


@townspeople.auxiliary
def town_population(people_town):
    """All people in towns, million persons."""
    return total(people_town, "town")


@townspeople.auxiliary
def fed_in_towns(town_population, people_seasonal_workers):
    """All people who eat in towns: townspeople and those who work away for the season."""
    return town_population + people_seasonal_workers


# ---- births ------------------------------------------------------------------------------------------------


@population.auxiliary(source="B-34, D-33")
def births_kept(fear, ban_at_conception, birth_displacement, abortion_law_effect):
    """Births over those of 1928 at the same food: fear acts at once, a ban on abortion after months."""
    calm = 1.0 - birth_displacement * np.minimum(fear, 1.0)
    return calm * (1.0 + abortion_law_effect * ban_at_conception)


@population.equation("labour", source="B-34, D-33")
def bear_in_the_village(
    people_village, village_population, people_seasonal_workers, rural_birth_rate, births_kept,
    strength_at_conception, birth_elasticity,
):  # fmt: skip
    """Births in the village follow the food of nine months before; who is away for the season counts too."""
    rate = rural_birth_rate * births_kept * strength_at_conception**birth_elasticity
    away = people_seasonal_workers / np.maximum(village_population, 1e-9)
    born = rate / 12.0 * (1.0 + away)
    return dict(births_village=people_village * born)


@population.auxiliary
def births_kept_in_towns(births_kept, village_population, town_food_at_conception, birth_elasticity):
    """Births in towns over those of 1928: towns fear what villages fear, and go by the food of towns."""
    home = np.maximum(village_population, 1e-9)
    kept = total(births_kept * home, "region") / total(home, "region")
    return kept * town_food_at_conception**birth_elasticity


@townspeople.equation("labour", source="B-34, D-33")
def bear_in_towns(town_population, town_birth_rate, births_kept_in_towns):
    """Births in towns are those of all townspeople, and the children earn no wage."""
    return dict(births_town_dependents=town_population * (town_birth_rate * births_kept_in_towns) / 12.0)


# ---- ordinary deaths, and those from hunger ----------------------------------------------------------------


@population.auxiliary
def mortality_trend(health_progress, years):
    """Ordinary mortality over that of 1928, which falls with the years."""
    return np.exp(-health_progress * years)


@population.equation("labour")
def die_in_the_village(
    people_village, village_population, rural_death_rate, mortality_trend, deaths_forestalled, frail_years
):
    """Ordinary deaths in the village, fewer after a famine, which took the frail before their time."""
    home = np.maximum(village_population, 1e-9)
    missing = deaths_forestalled / frail_years / home
    rate = np.maximum(rural_death_rate * mortality_trend - missing, 0.0) / 12.0
    return dict(deaths_village=people_village * rate)


@townspeople.auxiliary
def town_mortality(town_death_rate, mortality_trend):
    """Share of those in towns who die an ordinary death in the month."""
    return town_death_rate * mortality_trend / 12.0


@townspeople.auxiliary
def industry_over_others(people_workers, in_industry_workers):
    """Workers of industry over all other wage earners in towns."""
    industry = total(people_workers * in_industry_workers, "workers")
    others = total(people_workers * (1.0 - in_industry_workers), "workers")
    return industry / np.maximum(others, 1e-6)


@townspeople.auxiliary
def hunger_by_group(
    town_famine_mortality, industry_famine_mortality, spared_town, burdened_town, industry_over_others
):
    """Mortality of want by group of townspeople: what industry is spared other wage earners bear.

    Families eat with those who earn, so that dependants die as the mean of towns does.
    """
    gained = town_famine_mortality - industry_famine_mortality
    of_group = burdened_town * np.minimum(industry_over_others, 1.0) - spared_town
    return np.maximum(town_famine_mortality + gained * of_group, 0.0)


@townspeople.equation("labour")
def die_in_towns(people_town, town_mortality, hunger_by_group):
    """Ordinary deaths in towns, and those of hunger."""
    return dict(
        deaths_town=people_town * town_mortality,
        excess_deaths_town=people_town * hunger_by_group,
    )


@population.equation("labour")
def die_away_for_the_season(people_seasonal_workers, town_mortality, town_famine_mortality):
    """Who works away for the season dies as towns do."""
    return dict(
        deaths_seasonal_workers=people_seasonal_workers * town_mortality,
        excess_deaths_seasonal_workers=people_seasonal_workers * town_famine_mortality,
    )


@population.equation("labour", source="A-29")
def die_of_hunger_in_the_village(people_village, famine_mortality):
    """Famine takes the same share of all groups of the village."""
    return dict(excess_deaths_village=people_village * famine_mortality)


@population.equation("money")
def count_forestalled(moved_excess_deaths_village, deaths_forestalled, frail, frail_years):
    """Count the deaths that famine brought forward; they are missing in the years after."""
    died = total(moved_excess_deaths_village, "village")
    fading = 1.0 - 1.0 / (12.0 * frail_years)
    return dict(deaths_forestalled=deaths_forestalled * fading + frail * died)


# ---- settlers and inmates ----------------------------------------------------------------------------------


@helper
def toll_of_captivity(health: Array, line: Array, hunger: Array, exposed: Array, exposure: Array) -> Array:
    """Return deaths of the unfree over those of who is fed and settled: exp(h max(z_0 - z, 0) + b x).

    Parameters
    ----------
    health, line
        z, 1 where food is enough, and z_0, below which want kills.
    hunger, exposure
        h and b: how fast deaths grow with health wanting and with the share of the exposed.
    exposed
        x, share of those who have no house yet, or who came of late and are weak.
    """
    return np.exp(hunger * np.maximum(line - health, 0.0) + exposure * exposed)


@confinement.equation("labour", source="D-25")
def live_in_settlements(
    people_special_settlers, settlement_health, settlement_places, settler_birth_rate, settler_death_rate,
    health_line, unfree_hunger, exile_toll, most_toll_of_unfree,
):  # fmt: skip
    """Births and deaths of the deported in special settlements: hunger and the want of houses kill.

    Children are born to those who are housed, the fewer the less they eat.
    """
    housed = np.minimum(settlement_places / np.maximum(people_special_settlers, 1e-9), 1.0)
    toll = toll_of_captivity(settlement_health, health_line, unfree_hunger, 1.0 - housed, exile_toll)
    excess = np.minimum(settler_death_rate / 12.0 * (toll - 1.0), most_toll_of_unfree)
    born = settler_birth_rate / 12.0 * housed * np.minimum(settlement_health, 1.0)
    return dict(
        births_special_settlers=people_special_settlers * born,
        deaths_special_settlers=people_special_settlers * settler_death_rate / 12.0,
        excess_deaths_special_settlers=people_special_settlers * excess,
    )


@confinement.equation("labour", source="D-25")
def die_in_confinement(
    people_inmates, people_camp_inmates, camp_newcomers, camp_health, camp_death_rate, health_line,
    unfree_hunger, camp_toll, most_toll_of_unfree,
):  # fmt: skip
    """Deaths in camps, colonies and prisons: hunger kills, and who was taken in mass operations is weak.

    What the share of these newcomers in camps brings is taken for all three, through which they pass.
    """
    weak = camp_newcomers / np.maximum(people_camp_inmates, 1e-9)
    toll = toll_of_captivity(camp_health, health_line, unfree_hunger, weak, camp_toll)
    excess = np.minimum(camp_death_rate / 12.0 * (toll - 1.0), most_toll_of_unfree)
    return dict(
        deaths_inmates=people_inmates * camp_death_rate / 12.0,
        excess_deaths_inmates=people_inmates * excess,
    )
