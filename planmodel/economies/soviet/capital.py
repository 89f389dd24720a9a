"""Capital by branch: new works are mastered and wear out; the small capital of peasants and artisans."""

from __future__ import annotations

import numpy as np

from planmodel.engine.equations import Block

capital = Block("capital")


# ---- new works are mastered, and wear out ------------------------------------------------------------------


@capital.auxiliary
def mastery_time(mastery):
    """Months in which new works come to full use."""
    return mastery


@capital.auxiliary(without="gestation")
def mastery_time(mastery_at_once):
    """Months in which new works come to full use where they take no years to build."""
    return mastery_at_once


@capital.equation("labour", source="D-76")
def master(works_new_branch, mastery_time):
    """New works come to full use as they are mastered, in one to two years."""
    return dict(mastered_branch=works_new_branch / mastery_time)


@capital.equation("labour", source="D-39")
def wear_out(works_capital_producing, wear):
    """Capital of industry, transport and state agriculture wears out."""
    return dict(wear_producing=works_capital_producing * wear / 12.0)


@capital.equation("labour", source="D-39")
def wear_out_housing(works_capital_housing_and_services, housing_wear):
    """The old stock of housing decays at a rate of its own."""
    return dict(wear_housing_and_services=works_capital_housing_and_services * housing_wear / 12.0)


@capital.auxiliary(source="economics of the redesign, A.5")
def replaced_branch(works_capital_branch, wear, replacement):
    """Work of a year that replaces worn capital whatever the plan says."""
    return works_capital_branch * wear * replacement


@capital.equation("production", source="D-76")
def reckon_capacity(works_capital_industry, works_new_industry, mastery_start):
    """Capacity: capital, and new works as far as they are of use from their first month."""
    return dict(capacity_industry=works_capital_industry + mastery_start * works_new_industry)


@capital.auxiliary
def engineering_at_work(works_capital_engineering, works_new_engineering, mastery_start):
    """Capacity of engineering with the new works as far as they are of use, for the first day."""
    return works_capital_engineering + mastery_start * works_new_engineering


@capital.auxiliary
def metal_works_at_work(works_capital_metal_and_fuel, works_new_metal_and_fuel, mastery_start):
    """Capacity of metal and fuel with the new works as far as they are of use, for the first day."""
    return works_capital_metal_and_fuel + mastery_start * works_new_metal_and_fuel


@capital.auxiliary
def housing_per_head(works_capital_housing_and_services, town_population):
    """Housing and services per townsperson, billion roubles per million persons."""
    return works_capital_housing_and_services / np.maximum(town_population, 1e-6)


# ---- the small capital of peasants and artisans ------------------------------------------------------------


@capital.equation("labour", source="D-37")
def lose_farm_capital(works_capital_peasants, moved_joining, people_individual_peasants, farm_loss):
    """Implements and buildings of those who join are lost in part; official figures leave this out."""
    joined = moved_joining / np.maximum(people_individual_peasants + moved_joining, 1e-9)
    return dict(destroyed_peasants=works_capital_peasants * joined * farm_loss)


@capital.auxiliary
def ruin_of_artisans(artisan_loss, pressure, fear):
    """Share of the artisans' capital lost in the month to taxes and collectivisation."""
    return artisan_loss / 12.0 * np.minimum(pressure + fear, 1.0)


@capital.auxiliary(without="artisan_ruin")
def ruin_of_artisans():
    """Artisans are left alone."""
    return 0.0


@capital.equation("labour", source="D-41")
def lose_artisans(works_capital_artisans, ruin_of_artisans, artisan_room, artisan_renewal):
    """Artisans are ruined, and renew what they have towards the room that cooperatives leave them."""
    room = np.maximum(artisan_room - works_capital_artisans, 0.0)
    return dict(
        destroyed_artisans=works_capital_artisans * np.minimum(ruin_of_artisans, 1.0),
        renewed_artisans=room * artisan_renewal / 12.0,
    )
