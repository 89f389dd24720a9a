"""Migration: the ways out of the village, for good or for the season, and back."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import within
from planmodel.economies.shopfloor import share_gone
from planmodel.economies.village import recruited
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

migration = Block("migration", over="region")


# ---- what draws people to the towns ------------------------------------------------------------------------


@migration.equation("opening")
def note_the_start(housing_per_head, state_farm_area):
    """Housing and land of state farms on the first day, with which later ones are compared."""
    return dict(
        housing_per_head_at_start=housing_per_head,
        state_farm_area_at_start=total(state_farm_area, "region"),
    )


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


@migration.auxiliary
def all_peasants(peasant_population):
    """All peasants of the country, million persons."""
    return total(peasant_population, "region")


@migration.auxiliary(source="B-24, B-27, B-28, B-32, B-33, B-11")
def samotek_pull(
    town_call, town_gap, town_room, fear, village_nutrition, towns_closed, jobless_outflow, gap_outflow,
    fear_outflow, hunger_outflow, passport_effect, border_effect, borders_closed, closed_here,
):  # fmt: skip
    """Share of the village that would leave on its own in a year: for a better life, in fear, in hunger."""
    wanting = np.maximum(1.0 - village_nutrition, 0.0)
    call = jobless_outflow + (1.0 - jobless_outflow) * town_call
    samotek = gap_outflow * call * np.maximum(town_gap - 1.0, 0.0)
    samotek = samotek + fear_outflow * np.minimum(fear, 1.0)
    flight = hunger_outflow * wanting * (1.0 - border_effect * borders_closed * closed_here)
    samotek = samotek + flight
    return samotek * town_room * (1.0 - passport_effect * towns_closed)


@migration.auxiliary(source="B-37, B-38, B-39")
def orgnabor_pull(quota, orgnabor, open_jobs, recruitment, arrival, village_population):
    """Share of the village that is recruited in a year and arrives: a quota of open jobs, with its losses.

    It is the same in all regions.
    """
    asked = quota * orgnabor * open_jobs
    return recruited(asked, recruitment, arrival) / np.maximum(total(village_population, "region"), 1e-9)


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
    return share_gone(hazard) / np.maximum(hazard, 1e-12)


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
    return parameter_seasonal_builders * total(away_wanted, "region") / away_season * mean_season


@migration.equation("production", source="B-38")
def build_for_the_season(parameter_seasonal_builders, people_seasonal_workers):
    """A part of those who are away for the season builds."""
    return dict(seasonal_builders=parameter_seasonal_builders * people_seasonal_workers)


# ---- back to the village -----------------------------------------------------------------------------------


@migration.auxiliary(source="B-35")
def newcomers_returning(newcomers, return_base, return_pressure, pressure, village_population):
    """Newcomers who go back this month, more when the village is pressed, million persons."""
    rates = return_base + return_pressure * np.minimum(pressure, 1.0)
    home = np.maximum(village_population, 1e-9)
    return newcomers * (total(rates * home, "region") / total(home, "region")) / 12.0


@migration.equation("labour", source="B-35")
def go_back(people_peasants, newcomers_returning, all_peasants):
    """Newcomers go back to defend families and land: who came last goes first."""
    return dict(back_to_village_peasants=newcomers_returning / all_peasants * people_peasants)


@migration.equation("labour", source="B-35, B-52")
def count_newcomers(
    newcomers, to_expel, newcomers_returning, village_population, gone_on_their_own, gone_recruited,
    towns_closed, towns_closed_before, passport_refusal, newcomer_time, expulsion_time,
):  # fmt: skip
    """Count who came of late, and who of them is refused a passport when passports come in force."""
    came = total(np.maximum(village_population, 1e-9) * (gone_on_their_own + gone_recruited), "region")
    refused = passport_refusal * np.maximum(towns_closed - towns_closed_before, 0.0) * newcomers
    left = newcomers_returning + newcomers / newcomer_time + refused
    return dict(
        newcomers=np.maximum(newcomers + came - left, 0.0),
        to_expel=to_expel * (1.0 - 1.0 / expulsion_time) + refused,
        towns_closed_before=towns_closed,
        passports_refused=refused > 0.0,
    )


@migration.auxiliary
def expelled_now(to_expel, expulsion_time):
    """Townspeople without a passport who are turned out this month, million persons."""
    return to_expel / expulsion_time


@migration.auxiliary
def expelled_and_settled(expelled_now, expelled_to_settlements):
    """Of those turned out, who is taken to special settlements, million persons."""
    return expelled_now * expelled_to_settlements


@migration.equation("labour", source="B-52")
def turn_out(expelled_now, expelled_and_settled, people_peasants, all_peasants):
    """Those without a passport are turned out; who is not settled by force goes to the village."""
    return dict(expelled_peasants=(expelled_now - expelled_and_settled) / all_peasants * people_peasants)


# ---- state farms -------------------------------------------------------------------------------------------


@migration.equation("labour", source="B-12")
def hire_for_state_farms(
    state_farm_area, state_farm_area_at_start, tractors_farms, people_state_farm_workers, people_peasants,
    all_peasants, state_farm_base, state_farm_hands, mts_hands, thousands_in_million,
    most_taken_by_state_farms, months_of_hiring,
):  # fmt: skip
    """State farms and machine-tractor stations take on people for land and tractors, within a year.

    They take the same share of the peasants in all regions.
    """
    area = np.maximum(total(state_farm_area, "region") - state_farm_area_at_start, 0.0)
    tractors = tractors_farms / thousands_in_million
    wanted = state_farm_base + state_farm_hands * area + mts_hands * tractors
    gap = np.maximum(wanted - total(people_state_farm_workers, "region"), 0.0)
    most = most_taken_by_state_farms * all_peasants
    taken = np.minimum(gap / months_of_hiring, most) / all_peasants
    return dict(to_state_farms_peasants=taken * people_peasants)
