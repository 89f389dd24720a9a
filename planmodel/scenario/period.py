"""The days of a run: whole months, from the day of the opening stocks on."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
LAST_DAY = date(1960, 12, 31)


class Period(BaseModel):
    """First and last day that the model runs.

    It begins with the day of the opening stocks and ends with a month, for books close with the month.
    ``left_out`` names the decrees that fell away when a longer period was cut off.
    """

    model_config = STRICT
    start: Annotated[date, Field(ge=date(1900, 1, 1), le=date(1960, 1, 1))] = date(1928, 1, 1)
    end: Annotated[date, Field(ge=date(1900, 1, 31), le=LAST_DAY)] = date(1940, 12, 31)
    left_out: list[str] = []

    @property
    def first_month_end(self) -> date:
        """The last day of the first month: books are closed then, and no run can be shorter."""
        return month_end(self.start)

    @property
    def earliest(self) -> date:
        """The first day that a decree may have: 15 years before the start."""
        return date(self.start.year - 15, self.start.month, min(self.start.day, 28))

    def holds(self, year: int) -> bool:
        """Tell whether a calendar year lies wholly within the run."""
        return self.start <= date(year, 1, 1) and date(year, 12, 31) <= self.end

    def check(self, opening: date) -> None:
        """Refuse a period that does not begin with the day of the opening stocks, or ends within a month.

        Raises
        ------
        ValueError
            Naming the key, the day and what is allowed.
        """
        if self.start != opening:
            raise ValueError(
                f"period.start: {self.start} is not the day of the opening stocks (initial.date); "
                f"allowed: {opening}: run from there, and read the years that you want"
            )
        if self.end < self.first_month_end:
            raise ValueError(f"period.end: {self.end} is too early; allowed: {self.first_month_end} or later")
        within = within_month(self.end, self.first_month_end, LAST_DAY)
        if within:
            raise ValueError(f"period.end: {within}")

    def until(self, end: date) -> Period:
        """Return the period cut off after a day.

        Raises
        ------
        ValueError
            If the day is not within the period, or not the last of a month.
        """
        first = self.first_month_end
        if not first <= end <= self.end:
            raise ValueError(f"{end} is outside the period; allowed: {first} to {self.end}")
        within = within_month(end, first, self.end)
        if within:
            raise ValueError(within)
        return self.model_copy(update={"end": end})


def month_end(day: date) -> date:
    """Return the last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def within_month(end: date, first: date, last: date) -> str:
    """Say which month ends are near a day that is none, of those from ``first`` to ``last``; else nothing."""
    if end == month_end(end):
        return ""
    near = [day for day in (end.replace(day=1) - timedelta(days=1), month_end(end)) if first <= day <= last]
    return f"{end} is within a month, and books close with the month; allowed: " + " or ".join(map(str, near))
