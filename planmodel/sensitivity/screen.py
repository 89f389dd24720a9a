"""The tables of an analysis."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planmodel.sensitivity.analyse import Result
from planmodel.sensitivity.convergence import Indices
from planmodel.sensitivity.sharing import Shares
from planmodel.sensitivity.words import input_name
from planmodel.show.content import Column, Table, listed
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
    write = short if method == "morris" else fixed
    headings: list[str | Column] = ["input"]
    for index in shown:
        headings += [Column(index, write), *([] if index == "sigma" else [Column("95 %", right=True)])]
    leading = estimates[shown[-1] if method == "sobol" else shown[0]]
    order = np.argsort(-np.abs(np.nan_to_num(leading.value)), kind="stable")
    rows = []
    for i in order[:_ROWS] if np.isfinite(leading.value).any() else ():
        cells: list[object] = [input_name(leading.names[i])]
        for index in shown:
            found = estimates[index]
            within = [] if index == "sigma" else [between(found.low[i], found.high[i], write)]
            cells += [found.value[i], *within]
        rows.append(cells)
    caption = f"{title} ({method}, {verdicts[shown[0]].used} samples)"
    return listed(rows, headings, caption, note="; ".join(dict.fromkeys(notes)))


def _shares(shares: Shares, title: str) -> Table:
    word = "" if shares.interpretable else "NOT INTERPRETED: "
    rows = []
    for row in shares.table.sort_values("shapley", key=np.abs, ascending=False).to_dict("records"):
        share, within = None, NONE
        if shares.interpretable:
            share, within = row["share"], between(row["share_low"], row["share_high"], hundredths)
        rows.append((row["title"], share, within, row["shapley"], row["lost_without"], row["alone"]))
    figures = [Column(heading, short) for heading in ("Shapley", "lost without", "alone")]
    return listed(
        rows,
        ("mechanism", Column("share", percent, right=True), Column("90 %", right=True), *figures),
        f"{title}: {dated(shares.full)} with all, {dated(shares.none)} without, "
        f"together {with_range(*shares.whole, dated)}",
        note=f"{shares.draws} draws, intervals hold 90 % of them; {word}{shares.note}",
    )
