"""``planmodel score``: how many documented points the model comes near."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from planmodel.cli.changed import load_changed
from planmodel.cli.options import Change, Data, SwitchOff

if TYPE_CHECKING:
    from planmodel.scenario import Scenario
    from planmodel.show.content import Block


def score(
    scenario: Annotated[str, typer.Argument(help="Name of a ready scenario, or a TOML file.")] = "baseline",
    change: Change = None,
    switch_off: SwitchOff = None,
    data: Data = None,
    tolerance: Annotated[
        float | None, typer.Option(help="Error that still counts as near, as a share; default 0.3.")
    ] = None,
    evidence: Annotated[
        str | None, typer.Option(metavar="MARK", help="Only figures at least so firm, such as transcribed.")
    ] = None,
) -> None:
    """Count the documented points near the model, by series, and list the misses, the worst first.

    Where a scenario names no record, the statements of the checks that hold are counted.
    """
    from rich.console import Console

    from planmodel.engine.errors import UserError
    from planmodel.plausibility import count_marks, said
    from planmodel.report.comparison import compare, left_out
    from planmodel.report.regional_score import regional_blocks, score_regions
    from planmodel.report.score import TOLERANCE, score_blocks
    from planmodel.report.score import score as count_points
    from planmodel.runs.history import run
    from planmodel.show.content import Note, Text
    from planmodel.show.screen import show

    if tolerance is not None and not 0.0 < tolerance < 10.0:
        raise UserError(f"--tolerance {tolerance:g}: out of bounds; allowed: above 0, below 10")
    loaded = load_changed(scenario, change or [], switch_off or [], evidence=evidence, data=data)
    console = Console(highlight=False)
    if not loaded.record:
        if tolerance is not None:
            raise UserError(
                f"--tolerance {tolerance:g}: {loaded.name} names no record to be near; allowed: without it"
            )
        show(console, _without_record(loaded))
        return
    tolerance = TOLERANCE if tolerance is None else tolerance
    dataset = run(loaded)
    found = count_points(dataset, compare(dataset, loaded), loaded.declared, tolerance, loaded.documented)
    blocks = [*score_blocks(found, loaded.declared)]
    regional = score_regions(dataset, loaded, tolerance)
    blocks += [] if regional is None else regional_blocks(regional)
    notes = [Note(line) for line in [left_out(loaded)] if line]
    show(console, (*blocks, *notes, Text(said(count_marks(dataset)))))


def _without_record(scenario: Scenario) -> Iterator[Block]:
    """Yield what the record has of regions, and the statements of the checks, where there are some."""
    from planmodel.report.regional_record import regional_quantities
    from planmodel.report.regional_score import regional_blocks, score_regions
    from planmodel.report.score import TOLERANCE
    from planmodel.runs.checks import load_checks
    from planmodel.runs.history import run

    regional = None
    if any(one.points for one in regional_quantities(scenario, judged=True)):
        regional = score_regions(run(scenario), scenario, TOLERANCE)
    if regional is None or load_checks(economy=scenario.declared):
        yield from _statements(scenario)
    if regional is not None:
        yield from regional_blocks(regional)


def _statements(scenario: Scenario) -> Iterator[Block]:
    """Yield the checks of an economy without a record that hold, and those that do not; and their count."""
    from planmodel.engine.errors import UserError
    from planmodel.plausibility import count_marks, said
    from planmodel.runs.checking import judge
    from planmodel.runs.checks import CHECKS, load_checks
    from planmodel.runs.history import run
    from planmodel.show.content import Text, listed
    from planmodel.show.numbers import percent

    economy = scenario.declared
    checks = load_checks(economy=economy)
    if not checks:
        raise UserError(
            f"score: {scenario.name} names no record, and there are no checks; allowed: [record] in the "
            f"scenario, or {economy.folder / CHECKS}"
        )
    verdicts = judge(checks, scenario)
    rows = [
        ("holds" if verdict.passed else "FAILS", verdict.name, verdict.check.statement)
        for verdict in sorted(verdicts, key=lambda one: one.passed)
    ]
    yield listed(rows, ("", "check", "statement"), "Statements of the checks")
    yield Text(
        f"{scenario.name} names no record; counted are the statements of its checks "
        "(planmodel check shows their figures).",
        quiet=True,
    )
    passed = sum(verdict.passed for verdict in verdicts)
    share = percent(passed / len(verdicts))
    yield Text(f"Checks: {passed} of {len(verdicts)} statements hold ({share})")
    if economy.limits:
        yield Text(said(count_marks(run(scenario))))
