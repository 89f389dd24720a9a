"""Tables behind figures, in long form: the model's path, and documented points with the model beside them.

Every row is either a *point* (``documented`` is a number: a figure of the record, with what the model says on
the same dates, if it says anything) or a piece of the model's *path* (``documented`` is empty).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planmodel.documented.vocabulary import BOUNDS, FACTUAL
from planmodel.engine import UserError
from planmodel.experiments.alike import hold_point
from planmodel.experiments.dates import own_dates
from planmodel.experiments.results import Quantity, Record, Results, quantiles, seen
from planmodel.scenario import registry
from planmodel.scenario.indicators import Indicator
from planmodel.scenario.names import hint

COLUMNS = (
    "panel",
    "quantity",
    "title",
    "unit",
    "run",
    "dates",
    "documented",
    "documented_low",
    "documented_high",
    "version",
    "kind",
    "evidence",
    "median",
    "low",
    "high",
    "counted",
)
NUMBERS = ("documented", "documented_low", "documented_high", "median", "low", "high")
OF_TEXTS = ("table", "lines", "printed", "mark", "fitted", "note", "expression")  # what a source text adds
TEXTS = (*(name for name in COLUMNS if name not in NUMBERS), "role", "said", "stated", *OF_TEXTS)
PLAN = ("plan",)
_UNCOUNTED = {"plan": "plan", "estimate_low": "lower bound", "estimate_high": "upper bound"}


def compare_series(
    results: Results | None,
    record: Record,
    variable: str,
    version: str | Sequence[str] | None = None,
    *,
    model: Quantity | None = None,
    title: str | None = None,
    panel: str | None = None,
    kinds: Sequence[str] = FACTUAL + BOUNDS,
    dates: Iterable[str] | None = None,
    scale: float = 1.0,
    base: str | None = None,
    unit: str | None = None,
    counted: str = "",
    prices: str = "",
    everywhere: bool = False,
    years: tuple[int, int] = (1926, 1941),
) -> pd.DataFrame:
    """Return documented figures with the model on the same dates beside them.

    Parameters
    ----------
    results
        The run; None where the model has no counterpart: then the documented side stands alone.
    record
        The record.
    variable, version, kinds, everywhere
        As in :meth:`Record.series`.
    model
        What answers to the variable in the model: an indicator, a recorded quantity or a function of results
        and dates; the indicator of the same name unless given. A function may return None.
    title, panel
        How the quantity is called, and in which plot it stands (the title, unless given).
    dates, years
        Keep only these dates, and what lies between the beginning of the first and the end of the last year.
    scale
        The documented figures are multiplied by it.
    base
        A date on which documented figures and model become 1: for values in units that the two do not share.
    unit
        Of the table; that of the record unless given or scaled.
    counted
        Why these points do not count for agreement; empty if they do. What the model is given, plans, and the
        year of an index base are never counted.
    prices
        At what prices a function of results is; an indicator says its own. Points that count are refused
        where the record is at others, or of another territory: see docs/units.md.
    """
    figures = record.series(variable, version, kinds, everywhere)
    first_year, last_year = figures["start"].dt.year, figures["end"].dt.year
    figures = figures[(first_year >= years[0]) & (last_year <= years[1])]
    if dates is not None:
        figures = figures[figures["date"].isin(list(dates))]
    if figures.empty:
        raise UserError(f"the record has no figure of {variable} ({version}) of the kinds {', '.join(kinds)}")
    if model is None and results is not None:
        indicators = results.scenario.declared.indicators
        if variable not in indicators:
            near = hint(variable, indicators)
            raise UserError(f"the model has no indicator '{variable}'{near}; or give model=")
        model = variable
    first = 1.0
    if base is not None:
        of_base = figures[figures["date"] == base]
        if of_base.empty:
            raise UserError(f"the record has no figure of {variable} ({version}) for the base {base}")
        first, unit = float(of_base["value"].iloc[0]), unit or f"{base} = 1"
    figures = figures.assign(**{end: figures[end] * scale / first for end in ("value", "low", "high")})
    return compare_figures(
        results,
        figures,
        model,
        name=variable,
        title=title,
        unit=unit or record.unit(variable),
        panel=panel,
        base=base,
        counted=counted,
        prices=prices,
    )


def compare_figures(
    results: Results | None,
    figures: pd.DataFrame,
    model: Quantity | None,
    *,
    name: str,
    unit: str,
    title: str | None = None,
    panel: str | None = None,
    base: str | None = None,
    counted: str = "",
    prices: str = "",
) -> pd.DataFrame:
    """Return figures of the record, however they were made, with the model on the same dates beside them.

    Parameters
    ----------
    results, model, title, panel, base, counted, prices
        As in :func:`compare_series`; of the base, the figures are 1 already.
    figures
        As :class:`Record` returns them. What an experiment reckons itself names no variable of the record,
        and is held to nothing.
    name, unit
        Of the quantity.
    """
    rows = []
    for figure in figures.to_dict("records"):
        values = None if results is None or model is None else seen(results, model, figure["date"])
        if values is not None and base is not None:
            assert results is not None
            assert model is not None
            values = values / _need(results, model, base)
        median, low, high = (np.nan,) * 3 if values is None else quantiles(values)
        why_not = counted or _why_not(name, figure, base, results)
        if values is not None and not why_not and "variable" in figure:
            assert results is not None
            hold_point(name, figure, results, model, prices, base is not None)
        rows.append(
            {
                "quantity": name,
                "title": title or _title(name, results),
                "unit": unit,
                "run": results.name if results is not None else "",
                "dates": figure["date"],
                "documented": figure["value"],
                "documented_low": figure["low"],
                "documented_high": figure["high"],
                **{key: figure[key] for key in ("version", "kind", "evidence")},
                "median": median,
                "low": low,
                "high": high,
                "counted": why_not,
            }
        )
    return table_of(rows, panel)


def model_path(
    results: Results,
    quantity: Quantity,
    *,
    name: str | None = None,
    title: str | None = None,
    unit: str | None = None,
    panel: str | None = None,
    dates: Sequence[str] | None = None,
    base: str | None = None,
) -> pd.DataFrame:
    """Return the model's path: a stock on the first of each quarter, anything else by year.

    Parameters
    ----------
    results
        The run.
    quantity
        As in :func:`compare_series`.
    name, title, unit, panel
        For the table; taken from the quantity unless given (a function needs name and unit).
    dates
        Dates to observe instead of those of the quantity's kind.
    base
        As in :func:`compare_series`.
    """
    label = name or (quantity if isinstance(quantity, str) else str(getattr(quantity, "name", "")))
    first = 1.0 if base is None else _need(results, quantity, base)
    rows = []
    for day in dates if dates is not None else own_dates(results, quantity):
        values = seen(results, quantity, day)
        if values is None:
            continue
        median, low, high = quantiles(values / first)
        rows.append(
            {
                "quantity": label,
                "title": title or _title(label, results),
                "unit": unit or _unit(results, quantity),
                "run": results.name,
                "dates": day,
                "median": median,
                "low": low,
                "high": high,
            }
        )
    return table_of(rows, panel)


def join(*tables: pd.DataFrame) -> pd.DataFrame:
    """Put tables below each other."""
    kept = [table for table in tables if len(table)]
    return pd.concat(kept, ignore_index=True)


def model_and_record(
    results: Results,
    record: Record,
    variable: str,
    version: str | Sequence[str] | None = None,
    *,
    plans: str | Sequence[str] | None = None,
    **more: Any,
) -> pd.DataFrame:
    """Return the path of an indicator, its documented points, and its plans (versions of the record)."""
    title, panel, model = more.get("title"), more.get("panel"), more.get("model")
    path = model_path(
        results,
        variable if model is None else model,
        name=variable,
        title=title,
        unit=more.get("unit")
        or (record.unit(variable) if more.get("base") is None else f"{more['base']} = 1"),
        panel=panel,
        base=more.get("base"),
    )
    parts = [path, compare_series(results, record, variable, version, **more)]
    if plans is not None:
        parts.append(compare_series(results, record, variable, plans, **{**more, "kinds": PLAN}))
    return join(*parts)


def table_of(rows: Sequence[dict[str, Any]], panel: str | None = None) -> pd.DataFrame:
    """Return rows as a table with all columns; the panel of a row is its title unless given."""
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    own = table["title"] if panel is None else panel
    table["panel"] = table["panel"].astype(object).where(table["panel"].notna(), own)
    for text in ("run", "version", "kind", "evidence", "counted"):
        table[text] = table[text].astype(object).where(table[text].notna(), "")
    table[list(NUMBERS)] = table[list(NUMBERS)].astype(float)
    return table


def _need(results: Results, quantity: Quantity, dates: str) -> Any:
    found = seen(results, quantity, dates)
    if found is None:
        raise UserError(f"run '{results.name}' does not cover the base {dates}")
    return found


def _indicators(results: Results | None) -> Mapping[str, Indicator]:
    """Return the indicators of the economy that ran; of the whole model, where the record stands alone."""
    return registry.economy().indicators if results is None else results.scenario.declared.indicators


def _why_not(variable: str, figure: dict[Any, Any], base: str | None, results: Results | None) -> str:
    if figure["kind"] in _UNCOUNTED:
        return _UNCOUNTED[figure["kind"]]
    if figure["date"] == base:
        return "base"
    indicator = _indicators(results).get(variable)
    if indicator is not None and indicator.given:
        return indicator.given
    own = figure["start"].year if indicator is None else indicator.base_year
    return "base" if indicator is not None and own == figure["start"].year == figure["end"].year else ""


def _title(name: str, results: Results | None) -> str:
    indicators = _indicators(results)
    title = indicators[name].title if name in indicators else name.replace("_", " ")
    return title[:1].upper() + title[1:]


def _unit(results: Results, quantity: Quantity) -> str:
    indicators = results.scenario.declared.indicators
    if isinstance(quantity, str) and quantity in results.dataset and quantity not in indicators:
        return str(results.dataset[quantity].attrs["units"])
    if isinstance(quantity, str):
        return indicators[quantity].unit
    return getattr(quantity, "unit", "")
