"""Balances as tables, and the part of a page that says how the books close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

import pandas as pd
import xarray as xr
from pandas.api.types import is_numeric_dtype

from planmodel.report.balances import KINDS, balance, movements, not_recorded, transactions, whole_years
from planmodel.show.content import Block, Column, Note, Section, Table, Text, table
from planmodel.show.numbers import fixed, residual, whole, words

_SHOWN = {"grain": 1932, "manpower": 1932, "money": 1937}  # balances that are shown whole


def balances_section(dataset: xr.Dataset, audit: Mapping[str, float]) -> Section:
    """Return how the books close: the audit of all months and members, and balances of the first member."""
    worst, allowed = audit["worst_residual_over_turnover"], audit["tolerance"]
    blocks: list[Block] = [
        Text(
            f"Every commodity was audited in every month and member. Largest residual: {worst:.1e} of a "
            f"month's turnover; above {allowed:g} the run would have stopped."
        )
    ]
    rows = []
    for kind in KINDS:
        if not_recorded(dataset, kind):
            blocks.append(Note(f"The balance of {kind} cannot be drawn up: the run did not record it whole."))
            continue
        for year in whole_years(dataset, kind):
            drawn = balance(dataset, kind, year)
            turnover = max(float(drawn["in"].sum()), 1e-12)
            gap = float(drawn["gap"].abs().max())
            unit = str(dataset[f"{KINDS[kind].commodity}_{drawn.index[0]}"].attrs["units"])
            rows.append((kind, year, unit, turnover, gap, gap / turnover))
    if rows:
        columns = {"kind": "balance", "year": "year", "unit": "unit", "turnover": "turnover"}
        columns |= {"gap": "largest gap", "relative": "over turnover"}
        frame = pd.DataFrame(rows, columns=list(columns))
        caption = "Closing of the balances of the first member (opening + in - out - closing, by account)"
        tiny = {"gap": residual, "relative": residual, "year": whole}
        blocks.append(table(frame, columns, caption, tiny, folded=True))
        for kind, year in _SHOWN.items():
            if not not_recorded(dataset, kind) and year in whole_years(dataset, kind):
                blocks += _whole(dataset, kind, year)
    return Section("balances", "Balances", tuple(blocks))


def _whole(dataset: xr.Dataset, kind: str, year: int) -> list[Block]:
    """Return a balance with its movements; of money the matrix of transactions."""
    drawn = [transactions_table(dataset, year)] if kind == "money" else balance_tables(dataset, kind, year)
    return [replace(one, folded=True) for one in drawn]


def balance_tables(dataset: xr.Dataset, kind: str, year: int, member: int = 0) -> list[Table]:
    """Return the balance of a year by account, and the movements behind it."""
    span = f"{year}/{(year + 1) % 100:02d}" if KINDS[kind].agricultural else str(year)
    drawn = balance(dataset, kind, year, member)
    unit = dataset[f"{KINDS[kind].commodity}_{drawn.index[0]}"].attrs["units"]
    drawn.loc["total"] = drawn.sum()
    moved = movements(dataset, kind, year, member)
    return [
        table(_named(drawn.reset_index()), _amounts(["account", *drawn.columns]),
              f"Balance of {kind}, {span}, {unit}"),
        table(_named(moved), _amounts(moved.columns), f"Movements of {kind}, {span}, {unit}"),
    ]  # fmt: skip


def transactions_table(dataset: xr.Dataset, year: int, member: int = 0) -> Table:
    """Return the transactions-flow matrix of money in a year."""
    matrix = transactions(dataset, year, member).rename_axis("payment").reset_index()
    caption = f"Transactions of {year}, billion roubles: receipts +, payments -; rows and columns sum to zero"
    return table(_named(matrix), _amounts(matrix.columns, 2), caption)


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose names of accounts and flows are words."""
    named = [name for name in frame.columns if not is_numeric_dtype(frame[name])]
    return frame.assign(**{name: frame[name].map(words) for name in named})


def _amounts(names: Iterable[str], places: int = 3) -> dict[str, Column]:
    return {name: Column(words(name), partial(fixed, places=places)) for name in names}
