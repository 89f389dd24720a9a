"""``planmodel series regions``: a variable of the record by the regions of the village."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from rich.console import Console

from planmodel.cli.on_record import known
from planmodel.documented.catalogue import Record, UnknownSeriesError
from planmodel.documented.regions import OfRegion, adds_up, by_region, region, regions
from planmodel.documented.screen import Layout, fitting_tables, marked, print_marks, print_sources
from planmodel.documented.vocabulary import NATIONAL
from planmodel.show.screen import print_table

ADDED, UNION = "all added", "the Union"


class _Column(NamedTuple):
    """One column: what is read, and what of it each region has."""

    above: str
    found: Mapping[str, OfRegion]
    union: Sequence[Mapping[str, Any]]


def print_by_region(
    out: Console,
    record: Record,
    variable: str,
    versions: Sequence[str],
    dates: Sequence[str],
    names: Sequence[str],
    together: bool,
) -> None:
    """Print what the regions have of a variable, what they lack, and where it comes from.

    Parameters
    ----------
    out
        The screen.
    record, variable
        What is asked for.
    versions, dates, names
        Versions, dates and regions to keep; none: all.
    together
        Read the versions as one, in their order.

    Raises
    ------
    UnknownSeriesError
        If there is no such variable, version, date or region, or no part of the country has a figure.
    """
    shown = [region(name).name for name in names] or list(regions())
    columns = _columns(record, variable, versions, dates, shown, together)
    about = record.variables().loc[variable]
    out.print(f"[bold]{about['title']}[/bold] ({about['unit']}), by region")
    if about["measure"] in ("share", "average"):
        out.print("Of several parts: their mean, weighed by people.", style="dim")
    lines = [*shown, *((ADDED, UNION) if adds_up(record, variable) and not names else (UNION,))]
    cells = {column.above: _cells(column, shown, lines) for column in columns}
    filled = [line for line in lines if any(cells[above].get(line) for above in cells)]
    for table in fitting_tables(Layout("region", filled, cells), out.width):
        out.print()
        print_table(out, table)
    rows = [row for column in columns for name in shown for row in column.found[name].rows]
    print_marks(out, {word for row in rows for word in (row["kind"], row["evidence"], row["confidence"])})
    _print_lacking(out, columns, shown)
    print_sources(out, pd.DataFrame(rows).drop_duplicates(["version", "date", "territory", "kind"]))


def _columns(
    record: Record,
    variable: str,
    versions: Sequence[str],
    dates: Sequence[str],
    shown: Iterable[str],
    together: bool,
) -> list[_Column]:
    """Read all that some region has a part of."""
    rows = record.rows(variable, list(versions) or None)
    parts = {name for one in regions().values() for name in one.territories}
    held = sorted({row["date"] for row in rows if row["territory"] in parts})
    if not held:
        raise UnknownSeriesError(f"{variable}: no region of the village has a figure; see series show")
    wanted = [known(f"date of {variable} by region", date, held) for date in dates] or held
    names = list(versions) or sorted({row["version"] for row in rows})
    found = []
    for group in [names] if together else [[name] for name in names]:
        kinds = {(row["date"], row["kind"]) for row in rows if row["version"] in group}
        for date, kind in sorted(kinds):
            if date not in wanted:
                continue
            regional = by_region(variable, date, group, kind, record)
            if any(regional[name].rows for name in shown):
                of_date = [row for row in rows if row["date"] == date and row["version"] in group]
                whole = [row for row in of_date if row["territory"] in NATIONAL and row["kind"] == kind]
                found.append(_Column(f"{' + '.join(group)}\n{date}, {kind}", regional, whole))
    return found


def _cells(column: _Column, shown: Sequence[str], lines: Sequence[str]) -> dict[str, str]:
    cells = {}
    for name in shown:
        one = column.found[name]
        if one.value is not None:
            cells[name] = marked(one.value, one.kinds[0], one.evidence, one.confidence)
        elif one.rows:
            cells[name] = "(some parts)" if one.partial is None else f"({one.partial:.7g})"
    values = [one.value for one in column.found.values()]
    if ADDED in lines and None not in values:
        cells[ADDED] = marked(sum(value for value in values if value is not None))
    if len(column.union) == 1:
        (row,) = column.union
        cells[UNION] = marked(row["value"], row["kind"], row["evidence"], row["confidence"])
    return cells


def _print_lacking(out: Console, columns: Iterable[_Column], shown: Sequence[str]) -> None:
    """Say which parts of a region have no figure, and which have one."""
    said = []
    for column in columns:
        for name in shown:
            one = column.found[name]
            if one.rows and one.missing:
                has = ", ".join(f"{row['territory']} {row['value']:.4g}" for row in one.rows)
                lacks = ", ".join(one.missing)
                how = "without" if one.value is not None else "lacks"
                said.append(f"  {name}, {column.above.replace(chr(10), ' ')}: {how} {lacks}; has {has}")
    if said:
        out.print()
        out.print("Parts without a figure (in brackets above where too many lack one)", style="bold")
        for line in said:
            out.print(line, markup=False)
