"""The year of the Soviet economy: phases of a month, seasons, and how farm work spreads over months."""

from __future__ import annotations

from datetime import date

from planmodel.engine import Component, Phase, Season
from planmodel.engine.types import Array

# Parameters "of 1928", indices "1928 = 1" and trends are of this day and its year, however a run is cut.
BASE = date(1928, 1, 1)
DEKADS = (10, 20, 0)  # Soviet statistics report in ten-day periods; 0 is the last day of the month

PHASES = (
    Phase("campaign", DEKADS),  # collectivisation moves in ten-day steps
    Phase("review", DEKADS),  # the centre reads the reports
    Phase("production"),  # sowing, harvest, births of animals
    Phase("distribution"),  # procurement, state grain, advances to kolkhoz members, markets
    Phase("consumption"),  # food, feed, slaughter
    Phase("labour"),  # births and deaths of people, migration
    Phase("money"),  # prices, and the closing of monthly accounts
    Phase("record"),  # audit, and what is written down
)

SEASONS = (
    Season("sowing", "production", (4, 5, 8, 9)),
    Season("spring_sowing", "production", (4, 5)),
    Season("harvest", "production", (7, 8, 9)),
    Season("potato_harvest", "production", (9, 10)),
    Season("planning", "distribution", (7,)),  # the procurement plan of a new agricultural year
    Season("closing", "labour", (1,)),  # the labour-day accounts of the old year are closed
)

SOWING = {8: 0.175, 9: 0.175, 4: 0.325, 5: 0.325}  # share of the grain area sown in a month
HARVEST = {7: 0.20, 8: 0.50, 9: 0.30}  # share of the harvest threshed in a month
POTATO_HARVEST = {9: 0.6, 10: 0.4}
PROCUREMENT = {7: 0.06, 8: 0.18, 9: 0.26, 10: 0.20, 11: 0.13, 12: 0.08, 1: 0.05, 2: 0.04}
OFFTAKE = {9: 0.10, 10: 0.20, 11: 0.30, 12: 0.25, 1: 0.15}  # slaughter and sale before winter
CALVING = {2: 0.15, 3: 0.25, 4: 0.25, 5: 0.20, 6: 0.15}  # also foals and lambs
# Share of a year's seasonal workers who are away from the village at the end of a month.
AWAY = {1: 0.1, 2: 0.1, 3: 0.3, 4: 0.6, 5: 0.9, 6: 1.0, 7: 1.0, 8: 0.95, 9: 0.7, 10: 0.35, 11: 0.1, 12: 0.1}


def years_since_base(day: date) -> float:
    """Return the years between the base of the parameters, 1 January 1928, and a day."""
    return (day - BASE).days / 365.25


def mean_of_base_year(component: Component, name: str, now: Array) -> Array:
    """Write and return the running mean of 1928, the base of an index; in other years it stands still."""
    today, norm = component.clock.today, component.board[name]
    month = 12 * (today.year - BASE.year) + today.month - BASE.month + 1
    if 1 <= month <= 12:
        norm = norm + (now - norm) / month
    component.board[name] = norm
    return norm


def months_to_harvest(month: int) -> int:
    """Return the months over which grain at hand is spread: 10 in October, 1 in July.

    While grain is still being threshed nobody shares out the whole year, so August and September count less.
    """
    return {8: 6, 9: 8}.get(month, (7 - month) % 12 + 1)


_YEAR = (7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6)  # the agricultural year


def procurement_due(month: int) -> float:
    """Return the share of the year's procurement due by the end of a month."""
    return sum(PROCUREMENT.get(m, 0.0) for m in _YEAR[: _YEAR.index(month) + 1])


def procurement_ahead(month: int) -> float:
    """Return the share of the year's procurement not yet due at the beginning of a month."""
    return sum(PROCUREMENT.get(m, 0.0) for m in _YEAR[_YEAR.index(month) :])


def threshed_before(month: int) -> float:
    """Return the share of the harvest threshed by the beginning of a month; in July that of the last."""
    return {8: HARVEST[7], 9: HARVEST[7] + HARVEST[8]}.get(month, 1.0)


def offered_ahead(month: int) -> float:
    """Return what a market will yet be offered after a month, over a year's sales at a full harvest.

    In August and September peasants sell from what is threshed.
    """
    after = _YEAR[_YEAR.index(month) + 1 :]
    return sum(PROCUREMENT.get(m, 0.0) * threshed_before(m) for m in after)


def sowing_ahead(month: int) -> float:
    """Return the share of the coming crop's area still to be sown from the grain at hand."""
    if month in (6, 7):  # the seed for autumn comes from the new harvest
        return 0.0
    order = (8, 9, 10, 11, 12, 1, 2, 3, 4, 5)
    return sum(SOWING.get(m, 0.0) for m in order[order.index(month) + 1 :])
