"""``planmodel score``: how many documented points the model comes near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from planmodel.cli.run import load_changed

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from planmodel.report.score import Score
    from planmodel.runs.checking import Verdict
    from planmodel.scenario import Scenario


def score(
    scenario: Annotated[str, typer.Argument(help="Name of a ready scenario, or a TOML file.")] = "baseline",
    change: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its dotted key.")
    ] = None,
    switch_off: Annotated[
        list[str] | None, typer.Option("--switch-off", metavar="NAME", help="Turn a mechanism off.")
    ] = None,
    tolerance: Annotated[
        float | None, typer.Option(help="Error that still counts as near, as a share; default 0.3.")
    ] = None,
) -> None:
    """Count the documented points near the model, by series, and list the misses, the worst first.

    Where a scenario names no record, the statements of the checks that hold are counted.
    """
    from rich.console import Console

    from planmodel.engine.errors import UserError
    from planmodel.plausibility import count_marks, said
    from planmodel.report.comparison import compare
    from planmodel.report.fitted import print_table
    from planmodel.report.score import TOLERANCE, summary_lines
    from planmodel.report.score import score as count_points
    from planmodel.runs.history import run

    if tolerance is not None and not 0.0 < tolerance < 10.0:
        raise UserError(f"--tolerance {tolerance:g}: out of bounds; allowed: above 0, below 10")
    loaded = load_changed(scenario, change or [], switch_off or [])
    console = Console(highlight=False)
    if not loaded.record:
        if tolerance is not None:
            raise UserError(
                f"--tolerance {tolerance:g}: {loaded.name} names no record to be near; allowed: without it"
            )
        _count_statements(loaded, console)
        return
    tolerance = TOLERANCE if tolerance is None else tolerance
    dataset = run(loaded)
    found = count_points(dataset, compare(dataset, loaded), loaded.declared, tolerance)
    print_table(console, _series_table(found))
    print_table(console, _misses_table(found))
    indicators = loaded.declared.indicators
    given = sorted(name for name in set(found.points["variable"]) if indicators[name].given)
    console.print(
        f"\nNear: within {100 * tolerance:.0f} % of the recorded value. Still: near in an economy in which "
        "nothing moves after the first year. Also near: other versions of the record on that date. Not "
        f"counted: base years of indices; given or nearly so: {', '.join(given) or 'none'}.\n",
        style="dim",
        markup=False,
    )
    for line in (*summary_lines(found), said(count_marks(dataset))):
        console.print(line, markup=False)


def _count_statements(scenario: Scenario, console: Console) -> None:
    """Count the checks of an economy without a record that hold, and name those that do not."""
    from planmodel.engine.errors import UserError
    from planmodel.plausibility import count_marks, said
    from planmodel.report.fitted import print_table
    from planmodel.runs.checking import judge
    from planmodel.runs.checks import CHECKS, load_checks
    from planmodel.runs.history import run

    economy = scenario.declared
    checks = load_checks(economy=economy)
    if not checks:
        raise UserError(
            f"score: {scenario.name} names no record, and there are no checks; allowed: [record] in the "
            f"scenario, or {economy.folder / CHECKS}"
        )
    verdicts = judge(checks, scenario)
    print_table(console, _statements_table(verdicts))
    passed = sum(verdict.passed for verdict in verdicts)
    console.print(
        f"\n{scenario.name} names no record; counted are the statements of its checks "
        "(planmodel check shows their figures).\n",
        style="dim",
        markup=False,
    )
    share = 100 * passed / len(verdicts)
    console.print(f"Checks: {passed} of {len(verdicts)} statements hold ({share:.0f} %)", markup=False)
    if economy.limits:
        console.print(said(count_marks(run(scenario))), markup=False)


def _statements_table(verdicts: list[Verdict]) -> Table:
    from rich.table import Table

    table = Table("", "check", "statement", title="Statements of the checks", box=None, pad_edge=False)
    table.title_justify = "left"
    for verdict in sorted(verdicts, key=lambda one: one.passed):
        word = "holds" if verdict.passed else "FAILS"
        table.add_row(word, verdict.name, verdict.check.statement)
    return table


def _series_table(found: Score) -> Table:
    from rich.table import Table

    table = Table(title="Points near the model, by series", title_justify="left", box=None, pad_edge=False)
    table.add_column("theme", no_wrap=True)
    table.add_column("series", no_wrap=True)
    for heading in ("points", "near", "still"):
        table.add_column(heading, justify="right")
    last = None
    for row in found.by_series().itertuples():
        theme = str(row.theme) or "not core"
        cells = (row.variable, row.points, row.near, row.still)
        table.add_row("" if theme == last else theme, *map(str, cells))
        last = theme
    return table


def _misses_table(found: Score) -> Table:
    from rich.table import Table

    table = Table(
        title="\nMisses in the core, the worst first", title_justify="left", box=None, pad_edge=False
    )
    table.add_column("series", no_wrap=True)
    table.add_column("date", no_wrap=True)
    for heading in ("record", "model", "error"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("also near", overflow="fold")
    for row in found.misses().to_dict("records"):
        error = "-" if row["error"] != row["error"] else f"{100 * row['error']:+.0f} %"
        numbers = (f"{row['recorded']:.3g}", f"{row['model']:.3g}", error)
        table.add_row(str(row["variable"]), str(row["date"]), *numbers, str(row["others"]))
    return table
