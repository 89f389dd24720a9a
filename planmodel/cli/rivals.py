"""``planmodel rivals`` and ``planmodel forecast``: forms of the model held against the same figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planmodel.cli.options import Data, with_options
from planmodel.cli.progress import Progress, check_number

if TYPE_CHECKING:
    from planmodel.calibration.rivals import Row
    from planmodel.calibration.rivals_folder import Question
    from planmodel.calibration.schema import Calibration
    from planmodel.show.content import Block


@dataclass(frozen=True)
class Asked:
    """What both commands ask."""

    config: Annotated[str, typer.Argument(help="A ready calibration or a TOML file, with [rivals.NAME].")]
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="Only this rival; may be repeated.")
    ] = None
    out: Annotated[Path | None, typer.Option(help="Folder; default out/<command>/<name>.")] = None
    data: Data = None
    seed: Annotated[int, typer.Option(help="Seed of all draws, 0 or more.")] = 0
    particles: Annotated[
        int | None, typer.Option(help="Draws of each rival; with fewer than are configured it is a trial.")
    ] = None
    workers: Annotated[int | None, typer.Option(help="Processes; default all processors.")] = None
    force: Annotated[
        bool, typer.Option("--force", help="Fit those anew that other settings or other code left here.")
    ] = False
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no tables.")] = False


@with_options(Asked)
def rivals(asked: Asked) -> None:
    """Fit each rival to the same figures over its whole prior; show which the figures prefer.

    Those that are fitted stay in the folder; what was stopped goes on when the same command is given again.
    """
    from planmodel.calibration.rivals import compete
    from planmodel.calibration.rivals_folder import Question
    from planmodel.calibration.rivals_screen import blocks_of_rivals, tables_of_rivals

    _answer(Question("rivals", compete, tables_of_rivals), blocks_of_rivals, asked, _loaded(asked))


@with_options(Asked)
def forecast(
    asked: Asked,
    until: Annotated[
        int | None, typer.Option(help="Last year of the figures that are seen; as the calibration has it.")
    ] = None,
) -> None:
    """Fit each rival to figures up to a year; show what it foretells of the facts after it, and what not.

    Those that are fitted stay in the folder; what was stopped goes on when the same command is given again.
    """
    from planmodel.calibration.foretelling import foretell, last_seen
    from planmodel.calibration.rivals_folder import Question
    from planmodel.calibration.rivals_screen import blocks_of_forecasts, tables_of_forecasts

    found = _loaded(asked)
    last = last_seen(found, until)
    question = Question("forecast", partial(foretell, until=last), tables_of_forecasts, last)
    _answer(question, blocks_of_forecasts, asked, found)


def _loaded(asked: Asked) -> list[Calibration]:
    """Return all rivals; refuse options that are out of bounds."""
    check_number("--seed", asked.seed, 0, 2**32 - 1)
    if asked.workers is not None:
        check_number("--workers", asked.workers, 1, 256)
    if asked.particles is not None:
        check_number("--particles", asked.particles, 20, 100_000)
    from planmodel.calibration.rivals import rivals_of
    from planmodel.scenario.data import given

    return rivals_of(asked.config, asked.particles, given(asked.data))


def _answer(
    question: Question,
    blocks: Callable[[list[Row]], Iterable[Block]],
    asked: Asked,
    found: list[Calibration],
) -> None:
    """Fit what is asked for and not fitted yet, and show all that is."""
    from rich.console import Console

    from planmodel.calibration.rivals import chosen
    from planmodel.calibration.rivals_folder import contest
    from planmodel.show.screen import show

    wanted = chosen(found, asked.only or [])
    folder = asked.out or Path("out") / question.name / Path(asked.config).stem
    console = Console(quiet=asked.quiet, highlight=False)
    try:
        with Progress(console) as progress:
            rows = contest(question, found, wanted, folder, asked.seed, asked.workers, asked.force, progress)
    except KeyboardInterrupt:
        typer.echo("stopped; what was fitted is kept: the same command goes on", err=True)
        raise typer.Exit(130) from None
    show(console, blocks(rows))
    console.print(
        f"\nWritten: {folder}/ ({question.name}.json, tables, rival_*.nc, a scenario for each)", markup=False
    )
