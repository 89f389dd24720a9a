"""What a run shows: model beside record, events, conservation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from planmodel.plausibility import count_marks, said
from planmodel.report.comparison import left_out, shown_quantities, shown_years, summary
from planmodel.report.score import score, summary_lines
from planmodel.runs.checks import check_files
from planmodel.runs.history import Run
from planmodel.runs.months import month_ends, years_of
from planmodel.scenario import Scenario
from planmodel.scenario.lines import lines_of
from planmodel.scenario.registry import economies
from planmodel.show.content import Block, Column, Note, Table, Text, listed, table
from planmodel.show.numbers import column, percent, short_unit


def run_blocks(run: Run, met: pd.DataFrame, everything: bool = False) -> Iterator[Block]:
    """Yield the table, the result of the audit, and what must be said.

    Parameters
    ----------
    run
        What was run.
    met
        Its comparison with the record: see :func:`planmodel.report.comparison.compare`.
    everything
        All lines that are compared, and the events of the first member; else the lines that matter.
    """
    if run.scenario.record:
        yield from _compared(run, met, everything)
    else:
        yield quantities_table(run)
        if check_files(run.scenario.declared):
            yield Text(f"What is documented of it: planmodel check {_named(run.scenario)}", quiet=True)
    lines = lines_of(run.scenario.declared)
    if everything or "" in lines:  # there is nothing that matters more than the rest
        yield events_table(run)
    else:
        yield Text(f"Not shown: {_left_out(run, lines)}. All of it: --all", quiet=True)
    yield Text(
        f"Conservation: every commodity closes in every month; largest residual "
        f"{run.worst_residual:.1e} of a month's turnover (allowed 1e-09)."
    )
    if run.scenario.declared.limits:
        yield Text(said(count_marks(run.dataset)))
    yield from map(Note, run.notes)


def _left_out(run: Run, lines: Mapping[str, tuple[str, ...]]) -> str:
    more = len(run.scenario.declared.indicators) - sum(map(len, lines.values()))
    return f"{more} more lines, {len(run.events.table(0))} events of member 0"


def _compared(run: Run, met: pd.DataFrame, everything: bool) -> Iterator[Block]:
    yield comparison_table(run, met, everything)
    yield Text(
        "Record: in the versions that the scenario names. Misfit: mean absolute error over all recorded "
        "dates. Years that begin in July: 1928 is 1928/29. Stocks: on the day nearest to mid-year.",
        quiet=True,
    )
    yield from map(Text, summary_lines(score(run.dataset, met, run.scenario.declared)))
    if said_of_evidence := left_out(run.scenario):
        yield Note(said_of_evidence)
    yield Text("By series, and what is missed: planmodel score", quiet=True)


def comparison_table(run: Run, met: pd.DataFrame, everything: bool = True) -> Table:
    """Return the table of model beside record, two lines an indicator: all, or those that matter by theme."""
    economy = run.scenario.declared
    years = shown_years(years_of(month_ends(run.dataset)), economy)
    themes = {"": tuple(economy.indicators)} if everything else _matter(run.scenario)
    shown = {name: economy.indicators[name] for names in themes.values() for name in names}
    found = {row["variable"]: row for row in summary(run.dataset, met, shown, years).to_dict("records")}
    rows: list[tuple[object, ...]] = []
    quiet: list[int] = []
    for theme, names in themes.items():
        rows += [(theme.upper(), *[""] * len(years), "")] if theme else []
        for name in names:
            quiet.append(len(rows) + 1)
            rows += _lines(found[name], years)
    heads: tuple[str | Column, ...] = ("", *(Column(str(year), column, right=True) for year in years),
             Column("misfit", percent, right=True))  # fmt: skip
    return listed(rows, heads, run.scenario.title or run.scenario.name, quiet=quiet)


def _matter(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return the lines that matter by theme, and what the user's own figures are of."""
    lines = lines_of(scenario.declared)
    listed = {name for names in lines.values() for name in names}
    own = dict.fromkeys(name for one in scenario.documented.own for name, _ in one.pairs)
    more = tuple(name for name in own if name in scenario.declared.indicators and name not in listed)
    return {**lines, "Figures of your own": more} if more else lines


def _lines(row: Mapping[Any, Any], years: Sequence[int]) -> list[tuple[object, ...]]:
    """Return the line of the model, and below it that of the record."""
    models, recorded = ([row[f"{side} {year}"] for year in years] for side in ("model", "recorded"))
    unit = short_unit(str(row["unit"]))
    if not row["values"]:  # the record has nothing of it
        return [(row["title"], *models, ""), (f"  {unit}", *[""] * len(years), "")]
    dates = f"{row['values']} date{'' if row['values'] == 1 else 's'}"
    return [(row["title"], *models, row["misfit"]), (f"  record, {unit}", *recorded, dates)]


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
