"""The farming year: how work, harvest, procurement and births of animals spread over the months."""

from __future__ import annotations

from planmodel.engine.equations import Block

calendar = Block("calendar")

_YEAR = (7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6)  # the agricultural year
_SOWING_YEAR = (8, 9, 10, 11, 12, 1, 2, 3, 4, 5)


@calendar.calendar
def months_to_harvest(month: int) -> float:
    """Months over which grain at hand is spread: 10 in October, 1 in July.

    While grain is still being threshed nobody shares out the whole year, so August and September count less.
    """
    return {8: 6, 9: 8}.get(month, (7 - month) % 12 + 1)


@calendar.calendar
def procurement_due(month: int, procurement_part_by_month: tuple[float, ...]) -> float:
    """Share of the year's procurement due by the end of the month."""
    return sum(procurement_part_by_month[m] for m in _YEAR[: _YEAR.index(month) + 1])


@calendar.calendar
def procurement_ahead(month: int, procurement_part_by_month: tuple[float, ...]) -> float:
    """Share of the year's procurement not yet due at the beginning of the month."""
    return sum(procurement_part_by_month[m] for m in _YEAR[_YEAR.index(month) :])


@calendar.calendar
def threshed_before(month: int, harvest_part_by_month: tuple[float, ...]) -> float:
    """Share of the harvest threshed by the beginning of the month; in July that of the last."""
    return {8: harvest_part_by_month[7], 9: harvest_part_by_month[7] + harvest_part_by_month[8]}.get(
        month, 1.0
    )


@calendar.calendar
def offered_ahead(
    month: int, procurement_part_by_month: tuple[float, ...], harvest_part_by_month: tuple[float, ...]
) -> float:
    """What a market will yet be offered after the month, over a year's sales at a full harvest.

    In August and September peasants sell from what is threshed.
    """
    after = _YEAR[_YEAR.index(month) + 1 :]
    return sum(procurement_part_by_month[m] * threshed_before(m, harvest_part_by_month) for m in after)


@calendar.calendar
def sowing_ahead(month: int, sowing_part_by_month: tuple[float, ...]) -> float:
    """Share of the coming crop's area still to be sown from the grain at hand."""
    if month in (6, 7):  # the seed for autumn comes from the new harvest
        return 0.0
    return sum(sowing_part_by_month[m] for m in _SOWING_YEAR[_SOWING_YEAR.index(month) + 1 :])
