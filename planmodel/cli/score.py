"""``planmodel score``: how many documented points the model comes near."""

from __future__ import annotations

from typing import Annotated

import typer

from planmodel.cli.run import load_changed


def score(
    scenario: Annotated[str, typer.Argument(help="Name of a ready scenario, or a TOML file.")] = "baseline",
    change: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its dotted key.")
    ] = None,
    switch_off: Annotated[
        list[str] | None, typer.Option("--switch-off", metavar="NAME", help="Turn a mechanism off.")
    ] = None,
    tolerance: Annotated[float, typer.Option(help="Error that still counts as near, as a share.")] = 0.3,
) -> None:
    """Count the documented points near the model, by series, and list the misses, the worst first."""
    from rich.console import Console

    from planmodel.economy import run
    from planmodel.engine.errors import UserError
    from planmodel.plausibility import count_marks, said
    from planmodel.report.comparison import compare
    from planmodel.report.score import score as count_points
    from planmodel.report.score import score_blocks
    from planmodel.show.content import Text
    from planmodel.show.screen import show

    if not 0.0 < tolerance < 10.0:
        raise UserError(f"--tolerance {tolerance:g}: out of bounds; allowed: above 0, below 10")
    loaded = load_changed(scenario, change or [], switch_off or [])
    dataset = run(loaded)
    found = count_points(dataset, compare(dataset, loaded), loaded.declared, tolerance)
    blocks = score_blocks(found, loaded.declared)
    show(Console(highlight=False), (*blocks, Text(said(count_marks(dataset)))))
