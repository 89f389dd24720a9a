"""Balances on the page of a run: that the books close, and some of them whole."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from planmodel.report.balances import KINDS, balance, movements, not_recorded, transactions, whole_years
from planmodel.report.page.content import Block, Note, Section, Table, Text, cell, table
from planmodel.show.numbers import residual, whole, words

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
    if kind == "money":
        matrix = transactions(dataset, year)
        return [_matrix(matrix, f"Transactions of {year}, billion roubles: receipts +, payments -")]
    span = f"{year}/{(year + 1) % 100:02d}" if KINDS[kind].agricultural else str(year)
    drawn = balance(dataset, kind, year)
    drawn.loc["total"] = drawn.sum()
    frame = drawn.reset_index(names="account").assign(account=lambda f: f["account"].map(words))
    columns = {name: name for name in frame.columns}
    unit = str(dataset[f"{KINDS[kind].commodity}_{balance(dataset, kind, year).index[0]}"].attrs["units"])
    moved = movements(dataset, kind, year)
    moved = moved.assign(**{column: moved[column].map(words) for column in ("from", "to")})
    shown = {"gap": residual}
    return [
        table(frame, columns, f"Balance of {kind}, {span}, {unit}", shown, folded=True),
        table(moved, {n: n for n in moved.columns}, f"Movements of {kind}, {span}, {unit}", folded=True),
    ]


def _matrix(matrix: pd.DataFrame, caption: str) -> Table:
    rows = tuple(
        (cell(words(name)), *(cell(round(float(v), 3) + 0.0) for v in row))
        for name, row in zip(matrix.index, matrix.to_numpy(), strict=True)
    )
    return Table(caption, ("payment", *map(words, matrix.columns)), rows, folded=True)
