"""The tables of an analysis on the screen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from rich.table import Table

from planmodel.sensitivity.analyse import Result
from planmodel.sensitivity.convergence import Indices
from planmodel.sensitivity.sharing import Shares
from planmodel.sensitivity.words import input_name
from planmodel.show.numbers import NONE, between, dated, fixed, hundredths, percent, short, with_range

_ROWS = 8  # inputs that a table shows
_COLUMNS = {"sobol": ("S1", "ST"), "morris": ("mu_star", "sigma")}


def tables(result: Result) -> Iterator[Table]:
    """Yield one table an output and method: the leading inputs, their intervals, and the verdict."""
    for (method, name), indices in result.indices.items():
        series = next(s for s in result.series if s.name == name)
        if series.year is None:
            yield _indices(indices, f"{series.title}, {series.unit}", method)
    for series in result.single():
        if series.name in result.shares:
            yield _shares(result.shares[series.name], f"{series.title}, {series.unit}")


def _indices(indices: Indices, title: str, method: str) -> Table:
    shown = _COLUMNS.get(method, (method,))
    estimates = {e.index: e for e in indices.estimates}
    verdicts = {e.index: v for e, v in zip(indices.estimates, indices.verdicts, strict=True)}
    notes = [
        f"{i}: {'' if verdicts[i].converged else 'NOT CONVERGED, '}{verdicts[i].note}"
        for i in shown
        if verdicts[i].note
    ]
    used = verdicts[shown[0]].used
    table = Table(
        title=f"{title} ({method}, {used} samples)", caption="; ".join(dict.fromkeys(notes)), box=None,
        title_justify="left", caption_justify="left",
    )  # fmt: skip
    table.add_column("input")
    for index in shown:
        table.add_column(index, justify="right")
        if index != "sigma":
            table.add_column("95 %", justify="right")
    leading = estimates[shown[-1] if method == "sobol" else shown[0]]
    order = np.argsort(-np.abs(np.nan_to_num(leading.value)), kind="stable")
    for i in order[:_ROWS] if np.isfinite(leading.value).any() else ():
        cells = []
        for index in shown:
            found = estimates[index]
            show = short if method == "morris" else fixed
            cells.append(show(found.value[i]))
            if index != "sigma":
                cells.append(between(found.low[i], found.high[i], show))
        table.add_row(input_name(leading.names[i]), *cells)
    return table


def _shares(shares: Shares, title: str) -> Table:
    word = "" if shares.interpretable else "NOT INTERPRETED: "
    whole = with_range(*shares.whole, dated)
    table = Table(
        title=f"{title}: {dated(shares.full)} with all, {dated(shares.none)} without, "
        f"together {whole}",
        caption=f"{shares.draws} draws, intervals hold 90 % of them; {word}{shares.note}", box=None,
        title_justify="left", caption_justify="left",
    )  # fmt: skip
    table.add_column("mechanism")
    for heading in ("share", "90 %", "Shapley", "lost without", "alone"):
        table.add_column(heading, justify="right")
    for row in shares.table.sort_values("shapley", key=np.abs, ascending=False).to_dict("records"):
        share = within = NONE
        if shares.interpretable:
            share = percent(row["share"])
            within = between(row["share_low"], row["share_high"], hundredths)
        figures = (short(row[name]) for name in ("shapley", "lost_without", "alone"))
        table.add_row(row["title"], share, within, *figures)
    return table
