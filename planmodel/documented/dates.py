"""Reading the dates of the record.

A date is written as ``1930`` (calendar year), ``1930-07-01`` (a day), ``1930/31`` (agricultural year, July to
June), ``1928..1932`` (several years) or ``1932-06-01..1933-06-01`` (from one day to another).
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Form = Literal["year", "day", "agricultural year", "years", "days"]

_YEAR = re.compile(r"\d{4}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_AGRICULTURAL_YEAR = re.compile(r"(\d{4})/(\d\d)")

DATE_FORMS = "1930, 1930-07-01, 1930/31, 1928..1932 or 1932-06-01..1933-06-01"


@dataclass(frozen=True)
class Period:
    """The stretch of time a figure belongs to; both days are included."""

    start: dt.date
    end: dt.date
    form: Form


def parse_date(text: str) -> Period:
    """Read one date of the record.

    Raises
    ------
    ValueError
        If the text is none of the known forms, or ends before it starts.
    """
    first, dots, last = text.partition("..")
    if dots:
        start, end = _plain(first), _plain(last)
        if start.form != end.form or end.end <= start.start:
            raise ValueError(f"{text!r} is not a date; write {DATE_FORMS}")
        return Period(start.start, end.end, "days" if start.form == "day" else "years")
    if match := _AGRICULTURAL_YEAR.fullmatch(text):
        year = int(match[1])
        if (year + 1) % 100 != int(match[2]):
            raise ValueError(f"{text!r} is not an agricultural year; write {year}/{(year + 1) % 100:02d}")
        return Period(dt.date(year, 7, 1), dt.date(year + 1, 6, 30), "agricultural year")
    return _plain(text)


def _plain(text: str) -> Period:
    """Read a calendar year or a day."""
    try:
        if _YEAR.fullmatch(text):
            return Period(dt.date(int(text), 1, 1), dt.date(int(text), 12, 31), "year")
        if _DAY.fullmatch(text):
            day = dt.date.fromisoformat(text)
            return Period(day, day, "day")
    except ValueError:
        pass
    raise ValueError(f"{text!r} is not a date; write {DATE_FORMS}")
