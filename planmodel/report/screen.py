"""What a run shows on the screen: model beside record, events, conservation."""

from __future__ import annotations

import math

import pandas as pd
from rich.console import Console
from rich.table import Table

from planmodel.plausibility import count_marks, said
from planmodel.report.comparison import compare, shown_quantities, shown_years, summary
from planmodel.report.fitted import print_table
from planmodel.report.score import score, summary_lines
from planmodel.runs.checks import check_files
from planmodel.runs.history import Run
from planmodel.scenario import Scenario
from planmodel.scenario.registry import economies


def show_run(run: Run, console: Console) -> None:
    """Print the table, the events of the first member and the result of the audit."""
    if not run.scenario.record:
        print_table(console, quantities_table(run))
        if check_files(run.scenario.declared):
            console.print(f"What is documented of it: planmodel check {_named(run.scenario)}\n", style="dim")
    else:
        _show_comparison(run, console)
    print_table(console, events_table(run))
    console.print(
        f"\nConservation: every commodity closes in every month; largest residual "
        f"{run.worst_residual:.1e} of a month's turnover (allowed 1e-09)."
    )
    if run.scenario.declared.limits:
        console.print(said(count_marks(run.dataset)), markup=False)
    for note in run.notes:
        console.print(f"Note: {note}", markup=False)


def _show_comparison(run: Run, console: Console) -> None:
    met = compare(run.dataset, run.scenario)
    print_table(console, comparison_table(run, met))
    console.print(
        "Record: in the versions that the scenario names. Misfit: mean absolute error over all recorded "
        "dates. Years that begin in July: 1928 is 1928/29. Stocks: on the day nearest to mid-year.\n",
        style="dim",
    )
    for line in summary_lines(score(run.dataset, met, run.scenario.declared)):
        console.print(line)
    console.print("By series, and what is missed: planmodel score\n", style="dim")


def comparison_table(run: Run, met: pd.DataFrame) -> Table:
    """Return the table of model beside record: two lines an indicator."""
    title = run.scenario.title or run.scenario.name
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("", no_wrap=True)
    years = shown_years(run.dataset["time"].dt.year.values, run.scenario.declared)
    for year in years:
        table.add_column(str(year), justify="right", no_wrap=True)
    table.add_column("misfit", justify="right")
    table.add_column("dates", justify="right")
    for row in summary(run.dataset, met, run.scenario.declared.indicators, years).to_dict("records"):
        misfit = "-" if math.isnan(row["misfit"]) else f"{100 * row['misfit']:.0f} %"
        models = [_number(row[f"model {y}"]) for y in years]
        record = [_number(row[f"recorded {y}"]) for y in years]
        table.add_row(str(row["title"]), "model", *models, misfit, str(row["values"]))
        table.add_row(f"  {_short(str(row['unit']))}", "record", *record, "", "", style="dim")
    return table


def quantities_table(run: Run) -> Table:
    """Return the quantities that an economy shows, by year: flows summed, all else on the last day."""
    table = Table(title=run.scenario.title, title_justify="left", box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    economy = run.scenario.declared
    years = shown_years(run.dataset["time"].dt.year.values, economy)
    for year in years:
        table.add_column(str(year), justify="right", no_wrap=True)
    for row in shown_quantities(run.dataset, economy, years).to_dict("records"):
        table.add_row(str(row["variable"]), *(_number(row[f"model {year}"]) for year in years))
    return table


def _named(scenario: Scenario) -> str:
    """Return how a command names the scenario: a ready one, or the folder of its economy."""
    return scenario.name if scenario.economy in economies() else str(scenario.declared.folder)


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _short(unit: str) -> str:
    return {
        "million tonnes": "Mt",
        "million persons": "million",
        "million head": "million",
        "million hectares": "Mha",
        "1": "share",
    }.get(unit, unit.replace("/", " a "))  # words, which may be broken where a column is narrow


def events_table(run: Run) -> Table:
    """Return the log of events of the first member."""
    table = Table(title="Events (member 0)", title_justify="left", box=None, pad_edge=False)
    table.add_column("date", no_wrap=True)
    table.add_column("kind", style="dim", no_wrap=True)
    table.add_column("what")
    for event in run.events.table(0).itertuples():
        table.add_row(str(event.date), str(event.kind), str(event.text))
    return table
