"""``planmodel plan``: what was planned for a year, what quarters made of it, and what came of it."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from typing import Annotated

import typer


def plan(
    year: Annotated[int, typer.Argument(help="The year, such as 1932.")],
    source: Annotated[
        str, typer.Argument(help="Scenario or economy to run, or the folder of a run to read.")
    ] = "baseline",
    quarter: Annotated[
        bool, typer.Option("--quarter", help="The plan as it stood at the end of each quarter.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
    member: Annotated[int, typer.Option(help="Position of the member.")] = 0,
) -> None:
    """Show the plan document of a year: control figures, revisions and outcome, in kind and in roubles.

    Below it stand the five-year, yearly and quarterly plans that the record has of the year.
    """
    from rich.console import Console

    from planmodel.cli.of_run import dataset_of_run, economy_of_run
    from planmodel.engine.errors import UserError
    from planmodel.report.plan_document import has_plans, needed
    from planmodel.report.plan_tables import plan_blocks, plan_json
    from planmodel.show.screen import show

    if not MINYEAR <= year < MAXYEAR:
        raise UserError(f"plan {year}: not a year; allowed: a year such as 1932")
    economy = economy_of_run(source)
    has_plans(economy)  # before the run
    dataset = dataset_of_run(source, f"plan {year} {source}", needed(economy))
    members = dataset.sizes["member"]
    if not 0 <= member < members:
        raise UserError(f"--member {member}: the run has no such member; allowed: 0 to {members - 1}")
    if as_json:
        typer.echo(plan_json(dataset, economy, year, member))
    else:
        show(Console(highlight=False), plan_blocks(dataset, economy, year, member, quarter))
