"""The plan document of a year: control figures, what each quarter made of them, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.documented import Record
from planmodel.documented.catalogue import BUILT_IN, UnknownSeriesError
from planmodel.documented.vocabulary import FACTUAL, NATIONAL
from planmodel.engine import UserError
from planmodel.runs.months import month_ends, years_of
from planmodel.runs.observe import by_year
from planmodel.scenario.economy import Economy
from planmodel.scenario.plan_document import Planned

CONTROL = "control"  # as it stands at the end of the first month: no quarterly plan has changed it
QUARTERS = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")
_MONTHS = dict(zip((CONTROL, *QUARTERS), (0, 2, 5, 8, 10), strict=True))  # from the first; the 12th sets anew
_YEAR_OF_DAYS = range(360, 371)


def has_plans(economy: Economy) -> None:
    """Refuse an economy that has no plan document."""
    if not economy.planned:
        file = economy.folder / "economy.toml"
        raise UserError(f"{economy.name}: has no plan document; allowed: with lines plan_document in {file}")


def _covered(dataset: xr.Dataset, economy: Economy, year: int) -> None:
    """Refuse a year that a run does not cover, and results without the series of the document."""
    of_month = years_of(month_ends(dataset)).tolist()
    whole = [y for y in sorted(set(of_month)) if of_month.count(y) == 12]
    if year not in whole:
        allowed = f"{whole[0]} to {whole[-1]}" if whole else "a run of a whole year"
        raise UserError(f"plan {year}: the run does not cover it; allowed: {allowed}")
    missing = [name for name in needed(economy) if name not in dataset.variables]
    if missing:
        raise UserError(f"plan {year}: the results have no '{missing[0]}'; allowed: run it anew")


def needed(economy: Economy) -> list[str]:
    """Return the names that a run must record for its plan document."""
    lines = ((line.plan, *economy.quantity(line.outcome).made_of) for line in economy.planned)
    return list(dict.fromkeys(name for names in lines for name in names))


def plans(dataset: xr.Dataset, economy: Economy, year: int, member: int = 0) -> pd.DataFrame:
    """Return the plan document of a year, one row a line of it.

    Parameters
    ----------
    dataset
        Result of a run.
    economy
        Whose run it is.
    year
        A calendar year that the run covers; of procurement, the campaign that begins in it.
    member
        Position of the member.

    Returns
    -------
    DataFrame
        Columns title, unit, plan (its series), control, first_quarter to fourth_quarter (the plan as it
        stood at their ends), outcome, of_control and of_plan (outcome over what was set, and over the plan as
        it stood at last). NaN where the run ends before the year of a line.

    Raises
    ------
    UserError
        If the run does not cover the year, or recorded no plans.
    """
    _covered(dataset, economy, year)
    rows = []
    for line in economy.planned:
        stood = {
            name: _at(dataset, line.plan, year, line.first_month + months, member)
            for name, months in _MONTHS.items()
        }
        outcome = _outcome(dataset, economy, line, year, member)
        last = stood[QUARTERS[-1]]
        rows.append(
            {"title": line.title, "unit": line.unit, "plan": line.plan}
            | stood
            | {
                "outcome": outcome,
                "of_control": _over(outcome, stood[CONTROL]),
                "of_plan": _over(outcome, last),
            }
        )
    return pd.DataFrame(rows)


def _over(made: float, planned: float) -> float:
    return made / planned if planned > 0.0 else np.nan


def _at(dataset: xr.Dataset, name: str, year: int, month: int, member: int) -> float:
    """Return a variable at the end of a month, which may lie in the next year."""
    ends = month_ends(dataset)
    found = np.flatnonzero(12 * ends.year + ends.month == 12 * year + month)
    if found.size == 0:
        return np.nan
    return float(dataset.variables[name].transpose("member", "time").values[member, found[0]])


def _outcome(dataset: xr.Dataset, economy: Economy, line: Planned, year: int, member: int) -> float:
    indicator = economy.indicators.get(line.outcome)
    if indicator is None:
        return _at(dataset, line.outcome, year, line.first_month + 11, member)
    return float(by_year(dataset, indicator, [year])[member, 0])


# ---- as published ------------------------------------------------------------------------------------------


def published(found: pd.DataFrame, economy: Economy, year: int, record: Record = BUILT_IN) -> pd.DataFrame:
    """Return what the record has of plans of a year: five-year plans that end in it or hold it, and others.

    Parameters
    ----------
    found
        The plan document of the year: see :func:`plans`.
    economy
        Whose document it is.
    year
        The year.
    record
        The record.

    Returns
    -------
    DataFrame
        Columns title, version, date, planned, unit, low and high (of a plan of one year: the lowest and the
        highest that the record has as the outcome) and of_published (the outcome of the model over a plan of
        one year in its unit). NaN of plans of a quarter or of five years.

    Raises
    ------
    UserError
        If a line names a variable that the record does not have.
    """
    outcomes = dict(zip(found["title"], found["outcome"], strict=True))
    rows = [
        (line.title, *plan, _over(outcomes[line.title], plan.planned) if plan.meets else np.nan)
        for line in economy.planned
        if line.record
        for plan in _published(record, economy, line, year)
    ]
    columns = ["title", *Published._fields, "of_published"]
    return pd.DataFrame(rows, columns=columns).drop(columns="meets")


class Published(NamedTuple):
    """A plan of the record, what the record has as its outcome, and whether the model has the same."""

    version: str
    date: str
    planned: float
    unit: str
    low: float
    high: float
    meets: bool


def _published(record: Record, economy: Economy, line: Planned, year: int) -> Iterator[Published]:
    """Yield the plans of the record in whose time a year falls, of the whole country."""
    try:
        figures = [row for row in record.rows(line.record) if row["territory"] in NATIONAL]
    except UnknownSeriesError as error:
        place = f"{economy.folder / 'economy.toml'}: plan_document, '{line.title}'"
        raise UserError(f"{place}: record: {error}") from None
    first = pd.Timestamp(year=year, month=line.first_month, day=1)
    last = first + pd.DateOffset(years=1, days=-1)
    made = [
        float(row["value"])
        for row in figures
        if row["kind"] in FACTUAL and (row["start"], row["end"]) == (first, last)
    ] or [np.nan]
    for row in figures:
        if row["kind"] == "plan" and row["start"] <= last and row["end"] >= first:
            of_a_year = (row["end"] - row["start"]).days in _YEAR_OF_DAYS
            low, high = (min(made), max(made)) if of_a_year else (np.nan, np.nan)
            plan = (row["version"], row["date"], float(row["value"]), row["unit"])
            yield Published(*plan, low, high, of_a_year and row["unit"] == line.unit)
