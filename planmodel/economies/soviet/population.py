"""People: births and deaths, and the ways out of the village and back."""

from __future__ import annotations

from planmodel.engine.equations import Block
from planmodel.engine.rules import total

population = Block("population")


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
