"""``planmodel prior``: what the prior says of the record before any fit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planmodel.cli.options import Data
from planmodel.cli.progress import check_number, counting

if TYPE_CHECKING:
    from rich.console import Console

    from planmodel.calibration.schema import Calibration
    from planmodel.prior.drawing import Histories

MOST = 1_000_000


def prior(
    config: Annotated[str, typer.Argument(help="A ready calibration or a TOML file.")] = "archival",
    number: Annotated[int, typer.Option(help="Draws.")] = 2000,
    out: Annotated[Path | None, typer.Option(help="Folder; default out/prior/<name>.")] = None,
    data: Data = None,
    seed: Annotated[int, typer.Option(help="Seed of the draws, 0 or more.")] = 0,
    workers: Annotated[int, typer.Option(help="Processes of this machine, 1 to 512.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Replace earlier results of this command.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no tables.")] = False,
) -> None:
    """Draw histories from the prior of a calibration, without any fit, and set them beside the record.

    What was stopped goes on when the same command is given again.
    """
    from rich.console import Console

    from planmodel.calibration.load import load_calibration
    from planmodel.prior.content import WRITER, result_of
    from planmodel.scenario.data import given
    from planmodel.show.screen import show
    from planmodel.storage import reserve

    check_number("--number", number, 20, MOST)
    check_number("--seed", seed, 0, 2**32 - 1)
    check_number("--workers", workers, 1, 512)
    calibration = load_calibration(config, given(data))
    folder = out if out is not None else Path("out") / "prior" / calibration.name
    console = Console(quiet=quiet, highlight=False)
    with reserve(folder, WRITER, force) as reserved:
        journal = _journal(calibration, reserved.target, number, seed)
        found = _drawn(calibration, number, seed, workers, journal, console)
        about = {"calibration": calibration.name, "draws": number, "seed": seed}
        result = result_of(found, about)

        def write(into: Path) -> None:
            from planmodel.show.sheets import write_into

            write_into(result, into, figures=False)

        reserved.fill(dict(result.manifest), write)
        journal.unlink(missing_ok=True)
    show(console, result.blocks)
    console.print(f"\nWritten: {folder}/ (tables, draws)", markup=False)


def _drawn(
    calibration: Calibration, number: int, seed: int, workers: int, file: Path, console: Console
) -> Histories:
    from planmodel.calibration.journal import Journal
    from planmodel.prior.drawing import histories
    from planmodel.runs.workers import make_executor

    try:
        with (
            Journal(file) as journal,
            make_executor(workers) as executor,
            counting(console, "draws") as advance,
        ):
            return histories(calibration, number, seed, executor, journal, advance)
    except KeyboardInterrupt:
        typer.echo(f"stopped; what was drawn is kept in {file}: the same command goes on", err=True)
        raise typer.Exit(130) from None


def _journal(calibration: Calibration, target: Path, number: int, seed: int) -> Path:
    """Return where answers are kept until all are there: beside the folder."""
    from planmodel.calibration.calibrate import digest
    from planmodel.calibration.problem import prepare

    mark = digest(calibration, prepare(calibration)[0], seed)[:12]
    return target.with_name(f".{target.name}-{number}-{mark}.journal")
