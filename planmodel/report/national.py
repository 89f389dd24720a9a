"""Accounts of a nation for a year: who made the product, what for, whose income it was, and how it grew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.accounts.meanings import Meanings
from planmodel.accounts.scheme import SIDES, Prices, Source, product
from planmodel.engine import Array, UserError, total
from planmodel.runs.months import month_ends, years_of
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint

NATIONAL = "national"  # what a user calls them


def scheme_of(economy: Economy) -> Meanings:
    """Return the scheme of accounts of an economy.

    Raises
    ------
    UserError
        If it has none.
    """
    if economy.accounts is None:
        file = economy.folder / "accounts.csv"
        raise UserError(f"{economy.name}: has no accounts of the nation; allowed: with a table {file}")
    return economy.accounts


def prices_of(economy: Economy, name: str) -> Prices:
    """Return a valuation by its name.

    Raises
    ------
    UserError
        If the accounts of the economy have no such prices.
    """
    known = scheme_of(economy).scheme.prices
    if name not in known:
        raise UserError(f"--prices {name}: unknown{hint(name, known)}")
    return known[name]


def accounts(dataset: xr.Dataset, economy: Economy, year: int, prices: str, member: int = 0) -> pd.DataFrame:
    """Return the accounts of a year: one row a line.

    Parameters
    ----------
    dataset
        Result of a run, with the series of the accounts.
    economy
        Whose run it is.
    year
        A calendar year that the run covers.
    prices
        Name of a valuation.
    member
        Position of the member.

    Returns
    -------
    DataFrame
        Columns side, line, meaning, value (in the unit of the prices) and share (of the product).

    Raises
    ------
    UserError
        If the run does not cover the year, or the base year of the prices, or recorded no accounts.
    """
    scheme, valued = scheme_of(economy).scheme, prices_of(economy, prices)
    whole = _whole_years(dataset)
    if valued.base is not None and valued.base not in whole:
        raise UserError(
            f"--prices {prices}: the run does not cover {valued.base}, whose prices they are; "
            "allowed: current, or a longer run"
        )
    gross = of_years(dataset, product(valued), [year])[member, 0]
    rows = []
    for side in SIDES:
        for line in scheme.side(side, valued):
            value = of_years(dataset, line.series(valued), [year])[member, 0]
            rows.append((side, line.name, line.meaning, value, value / gross))
    return pd.DataFrame(rows, columns=["side", "line", "meaning", "value", "share"])


def gap(found: pd.DataFrame) -> float:
    """Return by how much the sides of accounts differ at most, over the largest."""
    sides = found.groupby("side")["value"].sum()
    return float((sides.max() - sides.min()) / sides.abs().max())


def growth(dataset: xr.Dataset, economy: Economy, first: int, last: int) -> dict[str, Array]:
    """Return what growth between two years is accounted to, logarithm a year by source and member.

    Returns
    -------
    dict
        The product, each source by its elasticity, and ``rest``: what is left to productivity.
    """
    found: dict[str, Array] = {}
    left: Array | None = None
    for source in scheme_of(economy).scheme.growth.values():
        rise = _rise(dataset, source, first, last)
        found[source.name] = rise if source.elasticity is None else source.elasticity * rise
        left = found[source.name] if left is None else left - found[source.name]
    if left is None:
        raise UserError(f"{economy.name}: its accounts have no rows of growth")
    return found | {"rest": left}


def _rise(dataset: xr.Dataset, source: Source, first: int, last: int) -> Array:
    """Return the yearly rise of the logarithm of a source between two years."""
    levels = [_level(dataset, source, year) for year in (first, last)]
    with np.errstate(invalid="ignore", divide="ignore"):  # a product below nothing has no growth
        return np.asarray(np.log(levels[1] / levels[0]) / (last - first))


def _level(dataset: xr.Dataset, source: Source, year: int) -> Array:
    above = total(of_years(dataset, name, [year])[:, 0] for name in source.above)
    return above / total(of_years(dataset, n, [year])[:, 0] for n in source.below) if source.below else above


def of_years(dataset: xr.Dataset, name: str, years: Sequence[int]) -> Array:
    """Return a recorded quantity by year, flows summed and all else averaged, shape ``(members, years)``.

    Raises
    ------
    UserError
        If it was not recorded, or the run does not cover a year.
    """
    if name not in dataset.variables:
        raise UserError(f"accounts: the results have no '{name}'; allowed: run it anew")
    variable = dataset.variables[name]
    values = np.asarray(variable.transpose("member", "time").values)
    of_month, whole = years_of(month_ends(dataset)), _whole_years(dataset)
    found = np.empty((values.shape[0], len(years)))
    for column, year in enumerate(years):
        if year not in whole:
            covered = f"{whole[0]} to {whole[-1]}" if whole else "a longer run"
            raise UserError(f"accounts of {year}: the run does not cover it; allowed: {covered}")
        summed = total(values[:, month] for month in np.flatnonzero(of_month == year))
        found[:, column] = summed if variable.attrs["kind"] == "flow" else summed / 12.0
    return found


def _whole_years(dataset: xr.Dataset) -> list[int]:
    of_month = years_of(month_ends(dataset))
    return [int(year) for year in np.unique(of_month) if np.count_nonzero(of_month == year) == 12]
