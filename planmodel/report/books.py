"""Balances as tables, and the part of a page that says how the books close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

import pandas as pd
import xarray as xr
from pandas.api.types import is_numeric_dtype

from planmodel.report.balances import (
    balance,
    created,
    movements,
    not_recorded,
    span_of,
    transactions,
    whole_years,
)
from planmodel.scenario import registry
from planmodel.scenario.economy import Balance, Economy
from planmodel.show.content import Block, Column, Note, Section, Table, Text, table
from planmodel.show.numbers import fixed, residual, whole, words


def balances_section(dataset: xr.Dataset, audit: Mapping[str, float], economy: Economy) -> Section:
    """Return how the books close: the audit of all months and members, and balances of the first member."""
    worst, allowed = audit["worst_residual_over_turnover"], audit["tolerance"]
    blocks: list[Block] = [
        Text(
            f"Every commodity was audited in every month and member. Largest residual: {worst:.1e} of a "
            f"month's turnover; above {allowed:g} the run would have stopped."
        )
    ]
    rows = []
    for kind, of in economy.balances.items():
        if not_recorded(dataset, kind, economy):
            blocks.append(Note(f"The balance of {kind} cannot be drawn up: the run did not record it whole."))
            continue
        for year in whole_years(dataset, of) if of.commodity in economy.stocks() else ():
            drawn = balance(dataset, kind, year, economy=economy)
            turnover = max(float(drawn["in"].sum()), 1e-12)
            gap = float(drawn["gap"].abs().max())
            rows.append((kind, year, of.unit, turnover, gap, gap / turnover))
    if rows:
        columns = {"kind": "balance", "year": "year", "unit": "unit", "turnover": "turnover"}
        columns |= {"gap": "largest gap", "relative": "over turnover"}
        frame = pd.DataFrame(rows, columns=list(columns))
        caption = "Closing of the balances of the first member (opening + in - out - closing, by account)"
        tiny = {"gap": residual, "relative": residual, "year": whole}
        blocks.append(table(frame, columns, caption, tiny, folded=True))
        for kind, of in economy.balances.items():
            year = of.shown or max(whole_years(dataset, of), default=0)  # the last where none is said
            said = of.shown is not None or all(b.shown is None for b in economy.balances.values())
            if said and not not_recorded(dataset, kind, economy) and year in whole_years(dataset, of):
                blocks += _whole(dataset, of, year, economy)
    return Section("balances", "Balances", tuple(blocks))


def _whole(dataset: xr.Dataset, kind: Balance, year: int, economy: Economy) -> list[Block]:
    """Return a balance with its movements; of money the matrix of transactions."""
    if kind.creator:
        drawn = [transactions_table(dataset, year, economy=economy)]
    else:
        drawn = balance_tables(dataset, kind.name, year, economy=economy)
    return [replace(one, folded=True) for one in drawn]


def balance_tables(
    dataset: xr.Dataset, kind: str, year: int, member: int = 0, economy: Economy | None = None
) -> list[Table]:
    """Return the balance of a year by account, and the movements behind it.

    Of a commodity that no account holds, which only flows, there are movements alone.
    """
    economy = economy or registry.economy()
    of = economy.balances[kind]
    what = f"{words(kind)}, {span_of(of, year)}, {of.unit}"
    drawn = balance(dataset, kind, year, member, economy)
    moved = movements(dataset, kind, year, member, economy)
    flows = table(named(moved), amounts(moved.columns), f"Movements of {what}")
    if drawn.empty:
        return [flows]
    drawn.loc["total"] = drawn.sum()
    columns = amounts(["account", *drawn.columns])
    return [table(named(drawn.reset_index(names="account")), columns, f"Balance of {what}"), flows]


def transactions_table(
    dataset: xr.Dataset, year: int, member: int = 0, economy: Economy | None = None
) -> Table:
    """Return the transactions-flow matrix of money in a year."""
    economy = economy or registry.economy()
    money = created(economy)
    unit = "" if money is None else f", {money.unit}"
    matrix = transactions(dataset, year, member, economy).rename_axis("payment").reset_index()
    caption = f"Transactions of {year}{unit}: receipts +, payments -; rows and columns sum to zero"
    return table(named(matrix), amounts(matrix.columns, 2), caption)


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose names of accounts and flows are words."""
    named = [name for name in frame.columns if not is_numeric_dtype(frame[name])]
    return frame.assign(**{name: frame[name].map(words) for name in named})


def amounts(names: Iterable[str], places: int = 3) -> dict[str, Column]:
    """Return columns of amounts, with names in words above them."""
    return {name: Column(words(name), partial(fixed, places=places)) for name in names}
