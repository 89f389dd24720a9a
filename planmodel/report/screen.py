"""What a run shows: model beside record, events, conservation."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planmodel.plausibility import count_marks, said
from planmodel.report.comparison import left_out, shown_quantities, shown_years, summary
from planmodel.report.score import score, summary_lines
from planmodel.runs.checks import check_files
from planmodel.runs.history import Run
from planmodel.runs.months import month_ends, years_of
from planmodel.scenario import Scenario
from planmodel.scenario.registry import economies
from planmodel.show.content import Block, Column, Note, Table, Text, listed, table
from planmodel.show.numbers import column, percent

_SHORT = {
    "million tonnes": "Mt",
    "million persons": "million",
    "million head": "million",
    "million hectares": "Mha",
    "1": "share",
}


def run_blocks(run: Run, met: pd.DataFrame) -> Iterator[Block]:
    """Yield the table, the events of the first member, the result of the audit, and what must be said.

    ``met`` is the comparison of the run with the record: see :func:`planmodel.report.comparison.compare`.
    """
    if run.scenario.record:
        yield from _compared(run, met)
    else:
        yield quantities_table(run)
        if check_files(run.scenario.declared):
            yield Text(f"What is documented of it: planmodel check {_named(run.scenario)}", quiet=True)
    yield events_table(run)
    yield Text(
        f"Conservation: every commodity closes in every month; largest residual "
        f"{run.worst_residual:.1e} of a month's turnover (allowed 1e-09)."
    )
    if run.scenario.declared.limits:
        yield Text(said(count_marks(run.dataset)))
    yield from map(Note, run.notes)


def _compared(run: Run, met: pd.DataFrame) -> Iterator[Block]:
    yield comparison_table(run, met)
    yield Text(
        "Record: in the versions that the scenario names. Misfit: mean absolute error over all recorded "
        "dates. Years that begin in July: 1928 is 1928/29. Stocks: on the day nearest to mid-year.",
        quiet=True,
    )
    yield from map(Text, summary_lines(score(run.dataset, met, run.scenario.declared)))
    if said_of_evidence := left_out(run.scenario):
        yield Note(said_of_evidence)
    yield Text("By series, and what is missed: planmodel score", quiet=True)


def comparison_table(run: Run, met: pd.DataFrame) -> Table:
    """Return the table of model beside record: two lines an indicator."""
    years = shown_years(years_of(month_ends(run.dataset)), run.scenario.declared)
    rows: list[tuple[object, ...]] = []
    for row in summary(run.dataset, met, run.scenario.declared.indicators, years).to_dict("records"):
        unit = str(row["unit"])
        models, recorded = ([row[f"{side} {year}"] for year in years] for side in ("model", "recorded"))
        rows.append((row["title"], "model", *models, row["misfit"], row["values"]))
        rows.append((f"  {_SHORT.get(unit, unit.replace('/', ' a '))}", "record", *recorded, "", ""))
    return listed(
        rows,
        ("", "", *(Column(str(year), column) for year in years), Column("misfit", percent, right=True),
         Column("dates", right=True)),
        run.scenario.title or run.scenario.name,
        quiet=range(1, len(rows), 2),
    )  # fmt: skip


def quantities_table(run: Run) -> Table:
    """Return the quantities that an economy shows, by year: flows summed, all else on the last day."""
    economy = run.scenario.declared
    years = shown_years(years_of(month_ends(run.dataset)), economy)
    columns = {"variable": Column("")} | {f"model {year}": Column(str(year), column) for year in years}
    return table(shown_quantities(run.dataset, economy, years), columns, run.scenario.title)


def _named(scenario: Scenario) -> str:
    """Return how a command names the scenario: a ready one, or the folder of its economy."""
    return scenario.name if scenario.economy in economies() else str(scenario.declared.folder)


def events_table(run: Run) -> Table:
    """Return the log of events of the first member."""
    columns = {"date": "date", "kind": "kind", "text": "what"}
    return table(run.events.table(0), columns, "Events (member 0)")
