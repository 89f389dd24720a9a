"""Accounts of a nation as tables for a screen or a page."""

from __future__ import annotations

import pandas as pd
import xarray as xr

from planmodel.report.national import accounts, gap, growth, prices_of, scheme_of
from planmodel.runs.months import month_ends, years_of
from planmodel.scenario.economy import Economy
from planmodel.show.content import Block, Column, Text, table
from planmodel.show.numbers import fixed, percent, residual

_SIDES = {"origin": "Who made it", "use": "What it was used for", "income": "Whose income it was"}


def national_blocks(
    dataset: xr.Dataset, economy: Economy, year: int, prices: str, member: int = 0
) -> list[Block]:
    """Return the accounts of a year: three sides, how they close, and what growth is accounted to."""
    valued, found = prices_of(economy, prices), accounts(dataset, economy, year, prices, member)
    blocks: list[Block] = []
    for side, title in _SIDES.items():
        lines = found[found["side"] == side]
        together = {"meaning": "product", "value": lines["value"].sum(), "share": lines["share"].sum()}
        frame = pd.concat([lines, pd.DataFrame([together])], ignore_index=True)
        columns = {
            "meaning": Column(""),
            "value": Column(valued.unit, fixed),
            "share": Column("share", percent),
        }
        blocks.append(table(frame, columns, f"{title}, {year}, {valued.meaning}"))
    blocks.append(Text(f"The three sides close: they differ by {residual(gap(found))} of the product."))
    first = int(years_of(month_ends(dataset))[0])
    if first < year and scheme_of(economy).scheme.growth:
        blocks.append(_growth_table(dataset, economy, first, year, member))
    return blocks


def _growth_table(dataset: xr.Dataset, economy: Economy, first: int, last: int, member: int) -> Block:
    sources = {name: one.meaning for name, one in scheme_of(economy).scheme.growth.items()}
    found = growth(dataset, economy, first, last)
    rows = [(sources.get(name, "the rest: productivity"), rise[member]) for name, rise in found.items()]
    frame = pd.DataFrame(rows, columns=["source", "rise"])
    columns = {"source": Column(""), "rise": Column("a year", lambda share: percent(share, 1, sign=True))}
    return table(frame, columns, f"Growth {first}-{last} and what it is accounted to")
