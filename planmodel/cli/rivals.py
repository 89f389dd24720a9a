"""``planmodel rivals`` and ``planmodel forecast``: forms of the model held against the same figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planmodel.cli.options import Data
from planmodel.cli.progress import Progress, check_number

if TYPE_CHECKING:
    from planmodel.calibration.rivals import Row
    from planmodel.calibration.rivals_folder import Question
    from planmodel.calibration.schema import Calibration
    from planmodel.show.content import Block

Config = Annotated[str, typer.Argument(help="A ready calibration or a TOML file, with [rivals.NAME].")]
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="NAME", help="Only this rival; may be repeated.")
]
Seed = Annotated[int, typer.Option(help="Seed of all draws, 0 or more.")]
Particles = Annotated[
    int | None, typer.Option(help="Draws of each rival; with fewer than are configured it is a trial.")
]
Workers = Annotated[int | None, typer.Option(help="Processes; default all processors.")]
Force = Annotated[
    bool, typer.Option("--force", help="Fit those anew that other settings or other code left here.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, no tables.")]


def rivals(
    config: Config,
    only: Only = None,
    out: Annotated[Path | None, typer.Option(help="Folder; default out/rivals/<name>.")] = None,
    data: Data = None,
    seed: Seed = 0,
    particles: Particles = None,
    workers: Workers = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Fit each rival to the same figures over its whole prior; show which the figures prefer.

    Those that are fitted stay in the folder; what was stopped goes on when the same command is given again.
    """
    from planmodel.calibration.rivals import compete
    from planmodel.calibration.rivals_folder import Question
    from planmodel.calibration.rivals_screen import blocks_of_rivals, tables_of_rivals

    question = Question("rivals", compete, tables_of_rivals)
    found, wanted = _loaded(config, data, only, particles, seed, workers)
    folder = out or Path("out") / "rivals" / Path(config).stem
    _answer(question, blocks_of_rivals, found, wanted, folder, seed, workers, force, quiet)


def forecast(
    config: Config,
    until: Annotated[
        int | None, typer.Option(help="Last year of the figures that are seen; as the calibration has it.")
    ] = None,
    only: Only = None,
    out: Annotated[Path | None, typer.Option(help="Folder; default out/forecast/<name>.")] = None,
    data: Data = None,
    seed: Seed = 0,
    particles: Particles = None,
    workers: Workers = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Fit each rival to figures up to a year; show what it foretells of the facts after it, and what not.

    Those that are fitted stay in the folder; what was stopped goes on when the same command is given again.
    """
    from planmodel.calibration.foretelling import foretell, last_seen
    from planmodel.calibration.rivals_folder import Question
    from planmodel.calibration.rivals_screen import blocks_of_forecasts, tables_of_forecasts

    found, wanted = _loaded(config, data, only, particles, seed, workers)
    last = last_seen(found, until)
    question = Question("forecast", partial(foretell, until=last), tables_of_forecasts, last)
    folder = out or Path("out") / "forecast" / Path(config).stem
    _answer(question, blocks_of_forecasts, found, wanted, folder, seed, workers, force, quiet)


def _loaded(
    config: str,
    data: list[Path] | None,
    only: list[str] | None,
    particles: int | None,
    seed: int,
    workers: int | None,
) -> tuple[list[Calibration], list[Calibration]]:
    """Return all rivals, and those that are asked for; refuse options that are out of bounds."""
    check_number("--seed", seed, 0, 2**32 - 1)
    if workers is not None:
        check_number("--workers", workers, 1, 256)
    if particles is not None:
        check_number("--particles", particles, 20, 100_000)
    from planmodel.calibration.rivals import chosen, rivals_of
    from planmodel.scenario.data import given

    found = rivals_of(config, particles, given(data))
    return found, chosen(found, only or [])


def _answer(
    question: Question,
    blocks: Callable[[list[Row]], Iterable[Block]],
    found: list[Calibration],
    wanted: list[Calibration],
    folder: Path,
    seed: int,
    workers: int | None,
    force: bool,
    quiet: bool,
) -> None:
    """Fit what is not fitted yet, and show all that is."""
    from rich.console import Console

    from planmodel.calibration.rivals_folder import contest
    from planmodel.show.screen import show

    console = Console(quiet=quiet, highlight=False)
    try:
        with Progress(console) as progress:
            rows = contest(question, found, wanted, folder, seed, workers, force, progress)
    except KeyboardInterrupt:
        typer.echo("stopped; what was fitted is kept: the same command goes on", err=True)
        raise typer.Exit(130) from None
    show(console, blocks(rows))
    console.print(
        f"\nWritten: {folder}/ ({question.name}.json, tables, rival_*.nc, a scenario for each)", markup=False
    )
