"""People: births and deaths, and the ways out of the village and back."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import within
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

population = Block("population")
migration = Block("migration")


# ---- who lives where ---------------------------------------------------------------------------------------


@population.auxiliary
def village_population(people_village):
    """All people who live off the village, million persons."""
    return total(people_village, "village")


@population.auxiliary
def town_population(people_town):
    """All people in towns, million persons."""
    return total(people_town, "town")


@population.auxiliary
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


@population.equation("labour", source="B-34, D-33")
def bear_in_towns(town_population, town_birth_rate, births_kept, town_food_at_conception, birth_elasticity):
    """Births in towns are those of all townspeople, and the children earn no wage."""
    rate = town_birth_rate * births_kept * town_food_at_conception**birth_elasticity
    return dict(births_town_dependents=town_population * rate / 12.0)


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


@population.equation("labour")
def die_in_towns(people_town, people_seasonal_workers, town_death_rate, mortality_trend):
    """Ordinary deaths in towns, and of those who work there for the season."""
    rate = town_death_rate * mortality_trend / 12.0
    return dict(deaths_town=people_town * rate, deaths_seasonal_workers=people_seasonal_workers * rate)


@population.equation("labour", source="A-29")
def die_of_hunger_in_the_village(people_village, famine_mortality):
    """Famine takes the same share of all groups of the village."""
    return dict(excess_deaths_village=people_village * famine_mortality)


@population.equation("labour")
def die_of_hunger_in_towns(people_town, people_seasonal_workers, town_famine_mortality):
    """Hunger takes the same share of all groups of the towns."""
    return dict(
        excess_deaths_town=people_town * town_famine_mortality,
        excess_deaths_seasonal_workers=people_seasonal_workers * town_famine_mortality,
    )


@population.equation("money")
def count_forestalled(moved_excess_deaths_village, deaths_forestalled, frail, frail_years):
    """Count the deaths that famine brought forward; they are missing in the years after."""
    died = total(moved_excess_deaths_village, "village")
    fading = 1.0 - 1.0 / (12.0 * frail_years)
    return dict(deaths_forestalled=deaths_forestalled * fading + frail * died)


# ---- settlers and inmates ----------------------------------------------------------------------------------


@helper
def toll_of_want(health: Array, health_line: Array, unfree_hunger: Array, most: float) -> Array:
    """Return the share of the unfree who die of want in a month: convex in the health that is wanting."""
    want = np.maximum(health_line - health, 0.0)
    return np.minimum(unfree_hunger * want**2 / 12.0, most)


@population.equation("labour", source="D-25")
def live_in_settlements(
    people_special_settlers, settlement_health, settler_birth_rate, settler_death_rate, health_line,
    unfree_hunger, most_toll_of_unfree,
):  # fmt: skip
    """Births and deaths of the deported in special settlements; want of health kills convexly."""
    toll = toll_of_want(settlement_health, health_line, unfree_hunger, most_toll_of_unfree)
    return dict(
        births_special_settlers=people_special_settlers * settler_birth_rate / 12.0,
        deaths_special_settlers=people_special_settlers * settler_death_rate / 12.0,
        excess_deaths_special_settlers=people_special_settlers * toll,
    )


@population.equation("labour", source="D-25")
def die_in_confinement(
    people_inmates, camp_health, camp_death_rate, health_line, unfree_hunger, most_toll_of_unfree
):
    """Deaths in camps, colonies and prisons; want of health kills convexly."""
    toll = toll_of_want(camp_health, health_line, unfree_hunger, most_toll_of_unfree)
    return dict(
        deaths_inmates=people_inmates * camp_death_rate / 12.0,
        excess_deaths_inmates=people_inmates * toll,
    )


# ---- what draws people to the towns ------------------------------------------------------------------------


@migration.equation("opening")
def note_the_start(housing_per_head, state_farm_area):
    """Housing and land of state farms on the first day, with which later ones are compared."""
    return dict(housing_per_head_at_start=housing_per_head, state_farm_area_at_start=state_farm_area)


@migration.auxiliary
def village_standard(
    labour_day_value, labour_day_norm, village_nutrition, least_earned, most_earned, food_in_standard
):
    """Standard of living of the village over that of 1928: food, and the grain of the labour-day."""
    earned = within(labour_day_value / labour_day_norm, least_earned, most_earned)
    return food_in_standard * village_nutrition + (1.0 - food_in_standard) * earned


@migration.auxiliary
def open_jobs(jobs_workers, people_workers):
    """Jobs offered and not filled, million persons."""
    return total(np.maximum(jobs_workers - people_workers, 0.0), "workers")


@migration.equation("production", source="Allen, Farm to Factory, app. B")
def compare_standards(gap_1928, real_wage, village_standard, least_standard, most_gap):
    """How much better one lives in towns than in the village."""
    gap = gap_1928 * real_wage / np.maximum(village_standard, least_standard)
    return dict(town_gap=np.minimum(gap, most_gap))


@migration.equation("production", source="B-24, B-45")
def call_hands(open_jobs, open_posts, people_workers):
    """Towns call for hands as jobs stand open."""
    workers = total(people_workers, "workers")
    return dict(town_call=open_jobs / np.maximum(open_jobs + open_posts * workers, 1e-9))


@migration.equation("production", source="B-29, B-32, B-33")
def make_room(
    housing_per_head, housing_per_head_at_start, town_nutrition, crowding, town_hunger, least_housing,
    least_town_food,
):  # fmt: skip
    """Towns take as many as housing and food allow."""
    housing = within(housing_per_head / housing_per_head_at_start, least_housing, 1.0)
    food = within(town_nutrition, least_town_food, 1.0)
    return dict(town_room=housing**crowding * food**town_hunger)


# ---- ways out: on one's own, recruited, for the season -----------------------------------------------------


@migration.auxiliary(source="B-11, B-52")
def towns_closed(passports):
    """How far towns are closed to those without a passport."""
    return passports


@migration.auxiliary(without="passports")
def towns_closed():
    """Without passports towns are open."""
    return 0.0


@migration.auxiliary
def peasant_population(people_peasants):
    """All peasants on their own and in kolkhozes, never quite none, million persons."""
    return np.maximum(total(people_peasants, "peasants"), 1e-9)


@migration.auxiliary(source="B-24, B-27, B-28, B-32, B-33, B-11")
def samotek_pull(
    town_call, town_gap, town_room, fear, village_nutrition, towns_closed, jobless_outflow, gap_outflow,
    fear_outflow, hunger_outflow, passport_effect,
):  # fmt: skip
    """Share of the village that would leave on its own in a year: for a better life, in fear, in hunger."""
    wanting = np.maximum(1.0 - village_nutrition, 0.0)
    call = jobless_outflow + (1.0 - jobless_outflow) * town_call
    samotek = gap_outflow * call * np.maximum(town_gap - 1.0, 0.0)
    samotek = samotek + fear_outflow * np.minimum(fear, 1.0)
    samotek = samotek + hunger_outflow * wanting
    return samotek * town_room * (1.0 - passport_effect * towns_closed)


@migration.auxiliary(source="B-37, B-38, B-39")
def orgnabor_pull(quota, orgnabor, open_jobs, recruitment, arrival, village_population):
    """Share of the village that is recruited in a year and arrives: a quota of open jobs, with its losses."""
    asked = quota * orgnabor * open_jobs
    return asked * recruitment * arrival / np.maximum(village_population, 1e-9)


@migration.auxiliary(source="B-13, B-38")
def away_wanted(
    seasonal_share, seasonal_call, town_call, seasonal_hold, collectivised_share, most_away, away_season,
    peasant_population,
):  # fmt: skip
    """How many should be away for the season: more as towns call, fewer as kolkhozes hold them."""
    called = 1.0 + seasonal_call * town_call
    held = 1.0 - seasonal_hold * collectivised_share
    return np.minimum(seasonal_share * called * held, most_away) * away_season * peasant_population


@migration.auxiliary
def season_pull(away_wanted, people_seasonal_workers, peasant_population):
    """Share of the peasants who would leave for the season this month."""
    return np.maximum(away_wanted - people_seasonal_workers, 0.0) / peasant_population


@migration.auxiliary
def leaving_by_hazard(samotek_pull, orgnabor_pull, season_pull):
    """Share of those drawn away who do leave: the ways out compete for one village."""
    hazard = (samotek_pull + orgnabor_pull) / 12.0 + season_pull
    return -np.expm1(-hazard) / np.maximum(hazard, 1e-12)


@migration.auxiliary
def gone_on_their_own(leaving_by_hazard, samotek_pull):
    """Share of the village that leaves on its own this month."""
    return leaving_by_hazard * samotek_pull / 12.0


@migration.auxiliary
def gone_recruited(leaving_by_hazard, orgnabor_pull):
    """Share of the village that is recruited and arrives this month."""
    return leaving_by_hazard * orgnabor_pull / 12.0


@migration.equation("labour", source="B-24, B-27, B-28, B-37, B-39")
def leave(people_village, village_population, gone_on_their_own, gone_recruited):
    """The village leaves for towns, on its own (samotek) or recruited (orgnabor)."""
    return dict(
        samotek_village=people_village * gone_on_their_own,
        orgnabor_village=people_village * gone_recruited,
        organised_recruits=np.maximum(village_population, 1e-9) * gone_recruited,
    )


@migration.equation("labour", source="B-12, B-13, B-38")
def go_for_the_season(
    people_peasants, leaving_by_hazard, season_pull, people_seasonal_workers, away_wanted, peasant_population
):
    """Peasants go away for the season, and come home when it is over."""
    season = leaving_by_hazard * season_pull
    over = np.maximum(people_seasonal_workers - away_wanted, 0.0) / peasant_population
    return dict(seasonal_peasants=people_peasants * season, season_over_peasants=people_peasants * over)


@migration.auxiliary(source="B-38")
def seasonal_hands(parameter_seasonal_builders, away_wanted, away_season, mean_season):
    """Builders who come for the season, as a mean of the year; no month has less work than another."""
    return parameter_seasonal_builders * away_wanted / away_season * mean_season


@migration.equation("production", source="B-38")
def build_for_the_season(parameter_seasonal_builders, people_seasonal_workers):
    """A part of those who are away for the season builds."""
    return dict(seasonal_builders=parameter_seasonal_builders * people_seasonal_workers)


# ---- back to the village -----------------------------------------------------------------------------------


@migration.auxiliary(source="B-35")
def newcomers_returning(newcomers, return_base, return_pressure, pressure):
    """Newcomers who go back this month, more when the village is pressed, million persons."""
    rate = return_base + return_pressure * np.minimum(pressure, 1.0)
    return newcomers * rate / 12.0


@migration.equation("labour", source="B-35")
def go_back(people_peasants, newcomers_returning, peasant_population):
    """Newcomers go back to defend families and land: who came last goes first."""
    return dict(back_to_village_peasants=newcomers_returning / peasant_population * people_peasants)


@migration.equation("labour", source="B-35, B-52")
def count_newcomers(
    newcomers, to_expel, newcomers_returning, village_population, gone_on_their_own, gone_recruited,
    towns_closed, towns_closed_before, passport_refusal, newcomer_time, expulsion_time,
):  # fmt: skip
    """Count who came of late, and who of them is refused a passport when passports come in force."""
    came = np.maximum(village_population, 1e-9) * (gone_on_their_own + gone_recruited)
    refused = passport_refusal * np.maximum(towns_closed - towns_closed_before, 0.0) * newcomers
    left = newcomers_returning + newcomers / newcomer_time + refused
    return dict(
        newcomers=np.maximum(newcomers + came - left, 0.0),
        to_expel=to_expel * (1.0 - 1.0 / expulsion_time) + refused,
        towns_closed_before=towns_closed,
        passports_refused=refused > 0.0,
    )


@migration.equation("labour", source="B-52")
def turn_out(to_expel, expulsion_time, expelled_to_settlements, people_peasants, peasant_population):
    """Those without a passport are turned out, a part of them to special settlements."""
    expelled = to_expel / expulsion_time
    settled = expelled * expelled_to_settlements
    turned_out = (expelled - settled) / peasant_population
    return dict(expelled_special_settlers=settled, expelled_peasants=turned_out * people_peasants)


# ---- state farms -------------------------------------------------------------------------------------------


@migration.equation("labour", source="B-12")
def hire_for_state_farms(
    state_farm_area, state_farm_area_at_start, tractors_farms, people_state_farm_workers, people_peasants,
    peasant_population, state_farm_base, state_farm_hands, mts_hands, thousands_in_million,
    most_taken_by_state_farms, months_of_hiring,
):  # fmt: skip
    """State farms and machine-tractor stations take on people for land and tractors, within a year."""
    area = np.maximum(state_farm_area - state_farm_area_at_start, 0.0)
    tractors = tractors_farms / thousands_in_million
    wanted = state_farm_base + state_farm_hands * area + mts_hands * tractors
    gap = np.maximum(wanted - people_state_farm_workers, 0.0)
    most = most_taken_by_state_farms * peasant_population
    taken = np.minimum(gap / months_of_hiring, most) / peasant_population
    return dict(to_state_farms_peasants=taken * people_peasants)
