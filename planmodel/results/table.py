"""Results side by side: levels, differences, intervals, and how often one is above the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planmodel.engine import Array
from planmodel.engine.errors import UserError
from planmodel.results.files import Writable
from planmodel.results.result import Result
from planmodel.scenario.lines import lines_of
from planmodel.show.content import Column, listed
from planmodel.show.content import Table as ShownTable
from planmodel.show.notebook import fragment
from planmodel.show.numbers import NONE, column, percent, short_unit

_MOST_PAIRS = 1000  # members of each side that are paired with all of the other, where they are not the same


@dataclass(frozen=True, repr=False)
class Table(Writable):
    """Quantities in years, of one result or several.

    Attributes
    ----------
    frame
        One row a quantity and year: name, title, unit, year; of each result its median, with ``_low`` and
        ``_high`` the ends of the band; of all but the first ``_difference`` to the first with its band, and
        ``_above``, the share of members in which it is above the first.
    labels
        What each column is.
    runs
        How the results are called.
    band
        Share of the members within a band.
    """

    frame: pd.DataFrame
    labels: Mapping[str, str]
    runs: tuple[str, ...]
    band: float

    def shown(self) -> ShownTable:
        """Return the table as it is shown: below each line, where there are several members, their band."""
        others = self.runs[1:]
        banded = any(f"{run}_low" in self.frame for run in self.runs)
        shared = any(f"{run}_above" in self.frame for run in others)
        apart = [f"{run}_difference" for run in others]
        rows: list[tuple[Any, ...]] = []
        quiet: list[int] = []
        for _, mine in self.frame.groupby("name", sort=False):
            titles = _titles(mine, lines=len(mine) * (2 if banded else 1))
            for row in mine.to_dict("records"):
                differences = [_signed(row[name]) for name in apart]
                shares = [_share(row, run) for run in others] if shared else []
                levels = [column(row[run]) for run in self.runs]
                rows.append((next(titles), int(row["year"]), *levels, *differences, *shares))
                if banded:
                    quiet.append(len(rows))
                    bands = [_range(row, name) for name in (*self.runs, *apart)]
                    rows.append((next(titles), "", *bands, *("" for _ in shares)))
        said = ["difference" if len(others) == 1 else f"{run} less {self.runs[0]}" for run in others]
        said += ["above" if len(others) == 1 else f"{run} above" for run in others] if shared else []
        heads = [Column("", right=False), *(Column(head, right=True) for head in ("year", *self.runs, *said))]
        note = f"Median, below it the middle {percent(self.band)} of members." if banded else ""
        note += f" Above: share of members in which it is above that of {self.runs[0]}." if shared else ""
        return listed(rows, heads, ", ".join(self.runs), note=note, quiet=quiet)

    def __repr__(self) -> str:
        quantities = self.frame["name"].nunique()
        years = sorted(set(self.frame["year"]))
        return f"<table of {', '.join(self.runs)}: {quantities} quantities, {_listed(years)}>"

    def _repr_html_(self) -> str:
        return fragment(self.shown())


def table(
    *results: Result,
    names: str | Collection[str] | None = None,
    years: Collection[int] | None = None,
    band: float = 0.9,
    labels: Sequence[str] | None = None,
) -> Table:
    """Return quantities in years, side by side.

    Parameters
    ----------
    results
        One or several; the others are compared with the first. Where two have the same members and the same
        seed, a member of one is compared with the same of the other; else all with all.
    names
        Quantities; the lines that matter of the economy unless given.
    years
        Which; those that the economy shows unless given.
    band
        Share of the members within a band.
    labels
        How the results are called; the names of their scenarios unless given.

    Raises
    ------
    UserError
        If a run lacks a quantity or a year, or a band is no share.
    """
    if not results:
        raise UserError("table: of no result; allowed: one or more")
    check_band(band)
    runs = _called(results, labels)
    chosen = _years(results, years)
    wanted = _wanted(results[0], names)
    yearly = [result.annual(wanted) for result in results]
    rows = []
    for name in wanted:
        about = yearly[0][name].attrs
        held = [each[name].transpose("member", "year") for each in yearly]
        for year in chosen:
            row = {"name": name, "title": about["long_name"], "unit": about["units"], "year": year}
            rows.append(row | _row(results, runs, [each.sel(year=year).values for each in held], band))
    frame = pd.DataFrame(rows).astype({"year": "int32"})
    return Table(frame, _meanings(frame, runs, band), runs, band)


def check_band(band: float) -> None:
    """Refuse a band that is no share."""
    if isinstance(band, bool) or not isinstance(band, int | float) or not 0.0 < band < 1.0:
        raise UserError(f"band: {band} is out of bounds; allowed: above 0, below 1")


def ends_of(band: float) -> tuple[float, float]:
    """Return the quantiles between which a share of the members lies."""
    return (1.0 - band) / 2.0, (1.0 + band) / 2.0


def _called(results: Sequence[Result], labels: Sequence[str] | None) -> tuple[str, ...]:
    if labels is not None:
        if len(labels) != len(results) or len(set(labels)) < len(labels):
            raise UserError(f"labels: {list(labels)}; allowed: {len(results)}, each another")
        return tuple(map(str, labels))
    found: list[str] = []
    for result in results:
        name = result.scenario.name
        found.append(name if name not in found else f"{name}_{len(found) + 1}")
    return tuple(found)


def _wanted(result: Result, names: str | Collection[str] | None) -> list[str]:
    if names is not None:
        return [names] if isinstance(names, str) else list(names)
    matter = [name for lines in lines_of(result.scenario.declared).values() for name in lines]
    return [name for name in matter if name in result._names]


def _years(results: Sequence[Result], years: Collection[int] | None) -> list[int]:
    common = sorted(set.intersection(*(set(result.years) for result in results)))
    if not common:
        raise UserError("table: the runs have no whole year in common; allowed: longer ones")
    if years is not None:
        for year in years:
            if year not in common:
                raise UserError(f"years: {year} is not among those of the run; allowed: {_listed(common)}")
        return list(dict.fromkeys(map(int, years)))
    from planmodel.report.comparison import shown_years

    return list(shown_years(common, results[0].scenario.declared))


def _row(
    results: Sequence[Result], runs: Sequence[str], values: list[Array], band: float
) -> dict[str, float]:
    """Return the columns of a quantity and year: levels, then differences to the first."""
    row: dict[str, float] = {}
    for run, mine in zip(runs, values, strict=True):
        row |= _quantiles(run, mine, band)
    for run, result, mine in zip(runs[1:], results[1:], values[1:], strict=True):
        apart = _differences(results[0], result, values[0], mine)
        row |= _quantiles(f"{run}_difference", apart, band)
        if apart.size > 1:
            row[f"{run}_above"] = float(np.mean(apart > 0.0)) if np.isfinite(apart).all() else np.nan
    return row


def _quantiles(name: str, values: Array, band: float) -> dict[str, float]:
    if values.size == 1:
        return {name: float(values[0])}
    low, middle, high = np.quantile(values, [ends_of(band)[0], 0.5, ends_of(band)[1]])
    return {name: float(middle), f"{name}_low": float(low), f"{name}_high": float(high)}


def _differences(first: Result, other: Result, before: Array, after: Array) -> Array:
    """Return differences: member by member where they are the same, else of all pairs."""
    paired = first.seed == other.seed and np.array_equal(first.data["member"], other.data["member"])
    if paired:
        return np.asarray(after - before)
    return np.asarray(after[:_MOST_PAIRS, None] - before[None, :_MOST_PAIRS]).ravel()


def _meanings(frame: pd.DataFrame, runs: Sequence[str], band: float) -> dict[str, str]:
    low, high = (percent(end, 1 if band > 0.98 else 0) for end in ends_of(band))
    fixed = {"name": "name of the quantity", "title": "quantity", "unit": "unit", "year": "year"}
    found = {name: fixed[name] for name in fixed if name in frame}
    for run in runs:
        found |= {
            run: f"{run}: median over members",
            f"{run}_low": f"{run}: {low}",
            f"{run}_high": f"{run}: {high}",
        }
        apart = f"{run} less {runs[0]}"
        found |= {
            f"{run}_difference": f"{apart}: median over members",
            f"{run}_difference_low": f"{apart}: {low}",
            f"{run}_difference_high": f"{apart}: {high}",
            f"{run}_above": f"share of members in which {run} is above {runs[0]}",
        }
    return {name: found[name] for name in frame.columns}


def _range(row: Mapping[Any, Any], name: str) -> str:
    if f"{name}_low" not in row or not np.isfinite(row[f"{name}_low"]):
        return NONE
    return f"{column(row[f'{name}_low'])}..{column(row[f'{name}_high'])}"


def _signed(value: float) -> str:
    text = column(value)
    return f"+{text}" if value > 0.0 else text


def _share(row: Mapping[Any, Any], run: str) -> str:
    return percent(row[f"{run}_above"]) if f"{run}_above" in row else ""


def _titles(rows: pd.DataFrame, lines: int) -> Iterator[str]:
    """Yield what stands before the lines of a quantity: its title, below it its unit, then nothing."""
    title, unit = str(rows["title"].iloc[0]), short_unit(str(rows["unit"].iloc[0]).removesuffix(" a year"))
    if lines == 1:
        yield f"{title}, {unit}"
    else:
        yield from (title, f"  {unit}", *[""] * lines)


def _listed(years: Sequence[int]) -> str:
    whole = list(years) == list(range(years[0], years[-1] + 1)) and len(years) > 2
    return f"{years[0]} to {years[-1]}" if whole else ", ".join(map(str, years))
