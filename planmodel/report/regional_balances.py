"""The balance of a commodity by regions: what each holds, what comes in and goes out, and the country beside.

A column a region, one for accounts of the country that no region has (the state's), one for the country. What
comes in counts up and what goes out counts down, so that what moves between a region and the state is nothing
to the country. Rows add up to the country, and columns to what is held in the end.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import Flow, UserError
from planmodel.report.balances import (
    accounts_of,
    balance,
    flows_of,
    meaning_of,
    months_of_year,
    movements,
    rows_of_flows,
    span_of,
)
from planmodel.report.books import amounts, named
from planmodel.scenario.by_region import check_region, regions_of
from planmodel.scenario.economy import Economy
from planmodel.show.content import Block, Column, Table, Text, table
from planmodel.show.numbers import fixed, residual, words

ALL = "all"  # asks for all regions beside each other
STATE, COUNTRY = "not by region", "country"
_LEAST = 1e-9  # what moves less is left out of the table, as in that of a country


@dataclass(frozen=True)
class RegionalBalance:
    """A balance by regions.

    Attributes
    ----------
    rows
        Index of words: opening, each flow, closing. A column a region, one for what is not by region (where
        there is such an account) and one for the country, read from its own series.
    gap
        Largest difference in a row between the regions added up and the country, or in a column between what
        is held in the end and what was held and moved.
    turnover
        What came in or went out in all regions, to which the audit relates its residuals.
    within
        Flows that stay within a column, which they leave as it was.
    """

    rows: pd.DataFrame
    gap: float
    turnover: float
    within: tuple[str, ...]


def check_regional(economy: Economy, kind: str, region: str) -> None:
    """Refuse a region that a balance cannot be drawn up for.

    Raises
    ------
    UserError
        Naming what is allowed.
    """
    check_region(economy, region, f"--region {region}", (ALL,))
    if kind in economy.balances and _by_region(economy, kind):
        return
    known = [name for name in economy.balances if _by_region(economy, name)]
    allowed = f"allowed with it: {', '.join(known)}" if known else "allowed: without it"
    raise UserError(f"--region {region}: no account of balance '{kind}' is by region; {allowed}")


def _by_region(economy: Economy, kind: str) -> bool:
    """Tell whether some account of a balance is by region."""
    commodity, labels = economy.balances[kind].commodity, regions_of(economy)
    return any(accounts_of(economy, commodity, label) for label in labels)


def balance_by_region(
    dataset: xr.Dataset, kind: str, year: int, member: int, economy: Economy
) -> RegionalBalance:
    """Return the balance of a year by regions.

    Parameters
    ----------
    dataset
        Result of a run in which everything was recorded.
    kind, year, member, economy
        See :func:`planmodel.report.balances.balance`.

    Raises
    ------
    UserError
        For a year that the run does not cover.
    """
    commodity, labels = economy.balances[kind].commodity, regions_of(economy)
    first, last = months_of_year(dataset, economy.balances[kind], year)
    run = dataset.isel(member=member)
    moved = _moved(run, commodity, economy, first, last)
    columns = {f"{account}_{label}": label for label in labels for account in accounts_of(economy, commodity)}
    own = set().union(*(accounts_of(economy, commodity, label).values() for label in labels))
    columns = {account: label for account, label in columns.items() if account in own}
    spread = set(accounts_of(economy, commodity, labels[0]))
    columns |= {account: STATE for account in accounts_of(economy, commodity) if account not in spread}
    heads = [*labels, *([STATE] if STATE in columns.values() else [])]
    books = {label: balance(dataset, kind, year, member, economy, label) for label in labels}
    country = balance(dataset, kind, year, member, economy)
    books[STATE] = country.loc[[account for account in country.index if account not in spread]]
    rows: dict[str, list[float]] = {}
    rows["opening"] = [math.fsum(books[head]["opening"]) for head in heads] + [math.fsum(country["opening"])]
    within = []
    for flow in flows_of(economy, kind):
        mine = [row for row in rows_of_flows(economy, commodity) if _of(row, flow, economy)]
        amount = {head: _net(mine, head, columns, moved) for head in heads}
        name = words(meaning_of(economy, flow))
        if max(map(abs, amount.values()), default=0.0) <= _LEAST:
            within += [name] * (math.fsum(moved[row.name] for row in mine) > _LEAST)
            continue
        held = set(accounts_of(economy, commodity))
        sign = (flow.destination in held) - (flow.source in held)
        of_all = sign * math.fsum(run[flow.name].values[first : last + 1])
        rows[name if name not in rows else words(flow.name)] = [*amount.values(), of_all]
    rows["closing"] = [math.fsum(books[head]["closing"]) for head in heads] + [math.fsum(country["closing"])]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=[*heads, COUNTRY])
    apart = [math.fsum([*row[:-1], -row[-1]]) for row in frame.to_numpy()]
    apart += [math.fsum([*column[:-1], -column[-1]]) for column in frame.to_numpy().T]
    turnover = math.fsum(moved.values())
    return RegionalBalance(frame, float(np.max(np.abs(apart))), turnover, tuple(dict.fromkeys(within)))


def _moved(run: xr.Dataset, commodity: str, economy: Economy, first: int, last: int) -> dict[str, float]:
    """Return what each flow of the ledger moved: the sum of its months, rounded once."""
    flows = rows_of_flows(economy, commodity)
    return {flow.name: math.fsum(run[flow.name].values[first : last + 1]) for flow in flows}


def _of(row: Flow, flow: Flow, economy: Economy) -> bool:
    """Tell whether a flow of the ledger is that of the country, or a part of it."""
    return (economy.parts[row.name][0].name if row.name in economy.parts else row.name) == flow.name


def _net(rows: Sequence[Flow], head: str, columns: Mapping[str, str], moved: Mapping[str, float]) -> float:
    """Return what flows bring to the accounts of a column, less what they take."""
    into = [moved[row.name] for row in rows if columns.get(row.destination) == head]
    out = [-moved[row.name] for row in rows if columns.get(row.source) == head]
    return math.fsum([*into, *out])


def regional_tables(
    dataset: xr.Dataset, kind: str, year: int, member: int, economy: Economy, region: str
) -> list[Block]:
    """Return the balance of a region by account with its movements, or that of all beside each other."""
    of = economy.balances[kind]
    span = f"{span_of(of, year)}, {of.unit}"
    if region == ALL:
        return _beside(balance_by_region(dataset, kind, year, member, economy), f"{words(kind)}, {span}")
    what = f"{words(kind)}, {words(region)}, {span}"
    drawn = balance(dataset, kind, year, member, economy, region)
    drawn.loc["total"] = drawn.sum()
    columns = amounts(["account", *drawn.columns])
    moved = movements(dataset, kind, year, member, economy, region)
    return [
        table(named(drawn.reset_index(names="account")), columns, f"Balance of {what}"),
        table(named(moved), amounts(moved.columns), f"Movements of {what}"),
    ]


def _beside(found: RegionalBalance, what: str) -> list[Block]:
    columns = {"": Column("")} | {
        name: Column(words(name), partial(fixed, places=3)) for name in found.rows.columns
    }
    shown: Table = table(found.rows.reset_index(names=""), columns, f"Balance of {what}, by region")
    over = found.gap / max(found.turnover, 1e-12)
    blocks: list[Block] = [
        shown,
        Text(
            "What comes in counts up, what goes out counts down: what moves between a region and the state "
            f"is nothing to the country. Rows and columns add up: largest difference {residual(found.gap)}, "
            f"{residual(over)} of what moved (allowed 1e-09).",
            quiet=True,
        ),
    ]
    if found.within:
        blocks.append(Text(f"Left out, for it stays within a column: {', '.join(found.within)}.", quiet=True))
    return blocks
