"""Balances on the page of a run: that the books close, and some of them whole."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.report.balances import balance, movements, not_recorded, span_of, transactions, whole_years
from planmodel.report.page.content import Block, Note, Section, Table, Text, cell, table, words
from planmodel.scenario.economy import Balance, Economy


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
        tiny = {"gap": _small, "relative": _small, "year": "{:.0f}".format}
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
        matrix = transactions(dataset, year, economy=economy)
        return [_matrix(matrix, f"Transactions of {year}, {kind.unit}: receipts +, payments -")]
    what = f"{kind.name}, {span_of(kind, year)}, {kind.unit}"
    drawn = balance(dataset, kind.name, year, economy=economy)
    drawn.loc["total"] = drawn.sum()
    frame = drawn.reset_index(names="account").assign(account=lambda f: f["account"].map(words))
    columns = {name: name for name in frame.columns}
    moved = movements(dataset, kind.name, year, economy=economy)
    moved = moved.assign(**{column: moved[column].map(words) for column in ("from", "to")})
    shown = {"gap": _small}
    return [
        table(frame, columns, f"Balance of {what}", shown, folded=True),
        table(moved, {n: n for n in moved.columns}, f"Movements of {what}", folded=True),
    ]


def _matrix(matrix: pd.DataFrame, caption: str) -> Table:
    rows = tuple(
        (cell(words(name)), *(cell(round(float(v), 3) + 0.0) for v in row))
        for name, row in zip(matrix.index, matrix.to_numpy(), strict=True)
    )
    return Table(caption, ("payment", *map(words, matrix.columns)), rows, folded=True)


def _small(value: float) -> str:
    return "0" if value == 0 else f"{value:.0e}" if np.isfinite(value) else "-"
