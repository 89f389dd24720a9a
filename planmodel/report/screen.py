"""What a run shows: model beside record, events, conservation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planmodel.economy import Run
from planmodel.plausibility import count_marks, said
from planmodel.report.comparison import compare, shown_years, summary
from planmodel.report.score import score, summary_lines
from planmodel.show.content import Block, Column, Note, Table, Text, listed, table
from planmodel.show.numbers import column, percent

_YEARS = 8  # as many as a terminal of 80 columns has room for
_SHORT = {
    "million tonnes": "Mt",
    "million persons": "million",
    "million head": "million",
    "million hectares": "Mha",
    "1": "share",
}


def run_blocks(run: Run) -> Iterator[Block]:
    """Yield the table, the events of the first member, the result of the audit, and what must be said."""
    if run.scenario.record:
        yield from _compared(run)
    else:
        yield quantities_table(run)
        yield Text(f"What is documented of it: planmodel check {run.scenario.name}", quiet=True)
    yield events_table(run)
    yield Text(
        f"Conservation: every commodity closes in every month; largest residual "
        f"{run.worst_residual:.1e} of a month's turnover (allowed 1e-09)."
    )
    if run.scenario.declared.limits:
        yield Text(said(count_marks(run.dataset)))
    yield from map(Note, run.notes)


def _compared(run: Run) -> Iterator[Block]:
    met = compare(run.dataset, run.scenario)
    yield comparison_table(run, met)
    yield Text(
        "Record: in the versions that the scenario names. Misfit: mean absolute error over all recorded "
        "dates. Procurement by agricultural year (1928 is 1928/29). Stocks: on the recorded day nearest to "
        "mid-year.",
        quiet=True,
    )
    yield from map(Text, summary_lines(score(run.dataset, met, run.scenario.declared)))
    yield Text("By series, and what is missed: planmodel score", quiet=True)


def comparison_table(run: Run, met: pd.DataFrame) -> Table:
    """Return the table of model beside record: two lines an indicator."""
    years = shown_years(run.dataset["time"].dt.year.values)
    rows: list[tuple[object, ...]] = []
    for row in summary(run.dataset, met, run.scenario.declared.indicators, years).to_dict("records"):
        unit = str(row["unit"])
        models, recorded = ([row[f"{side} {year}"] for year in years] for side in ("model", "recorded"))
        rows.append((row["title"], "model", *models, row["misfit"], row["values"]))
        rows.append((f"  {_SHORT.get(unit, unit)}", "record", *recorded, "", ""))
    return listed(
        rows,
        ("", "", *(Column(str(year), column) for year in years), Column("misfit", percent, right=True),
         Column("dates", right=True)),
        run.scenario.title or run.scenario.name,
        quiet=range(1, len(rows), 2),
    )  # fmt: skip


def quantities_table(run: Run) -> Table:
    """Return the quantities that a smaller system shows, by year: flows summed, all else on the last day.

    Of many years every second or third is shown, counted back from the last.
    """
    years = run.dataset["time"].dt.year.values
    covered = sorted(set(years))
    step = -(-len(covered) // _YEARS)
    shown = covered[::-step][::-1]
    rows = []
    for name in run.scenario.declared.shown:
        values = np.median(run.dataset[name].values, axis=0)
        summed = run.dataset[name].attrs["kind"] == "flow"
        rows.append((name, *(values[years == y].sum() if summed else values[years == y][-1] for y in shown)))
    return listed(rows, ("", *(Column(str(year), column) for year in shown)), run.scenario.title)


def events_table(run: Run) -> Table:
    """Return the log of events of the first member."""
    columns = {"date": "date", "kind": "kind", "text": "what"}
    return table(run.events.table(0), columns, "Events (member 0)")
