"""``planmodel calibrate``: fit a scenario to the record."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planmodel.cli.options import Data
from planmodel.cli.progress import Progress, check_number

if TYPE_CHECKING:
    from rich.console import Console

    from planmodel.calibration.calibrate import Result, Stages
    from planmodel.calibration.comparing import Beside
    from planmodel.calibration.schema import Calibration
    from planmodel.storage import NamedFile


def calibrate(
    config: Annotated[
        list[str],
        typer.Argument(help="A ready calibration or a TOML file; two to set them beside each other."),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; default out/calibrations/<name>.")
    ] = None,
    data: Data = None,
    seed: Annotated[int, typer.Option(help="Seed of search and sampling, 0 or more.")] = 0,
    budget: Annotated[
        str | None,
        typer.Option(metavar="RUNS", help="At most so many runs of the search, or a share such as 20%."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A trial of 2000 runs, marked as one: no whole fit.")
    ] = False,
    profiles: Annotated[bool, typer.Option("--profiles", help="Profile likelihoods as well.")] = False,
    posterior: Annotated[bool, typer.Option("--posterior", help="Draw from the posterior as well.")] = False,
    validate: Annotated[
        bool, typer.Option("--validate", help="Forecasts of years and series left out, too.")
    ] = False,
    scenario: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the fitted scenario here as well.")
    ] = None,
    draws: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the posterior here as well."),
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; default all processors.")] = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw figures.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace earlier results of this command.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no tables.")] = False,
) -> None:
    """Fit a scenario to the record: scored table, fitted scenario, figures.

    A calibration that was stopped goes on where it was when the same command is given again.
    """
    from rich.console import Console

    from planmodel.calibration.calibrate import Stages
    from planmodel.calibration.load import load_calibration
    from planmodel.calibration.writing import WRITER, draws_file, scenario_file
    from planmodel.engine.errors import UserError
    from planmodel.scenario.data import given
    from planmodel.storage import reserve

    check_number("--seed", seed, 0, 2**32 - 1)
    if workers is not None:
        check_number("--workers", workers, 1, 256)
    if len(config) > 2:
        raise UserError(f"CONFIG: {len(config)} given; allowed: one, or two to set beside each other")
    if draws is not None and not posterior:
        raise UserError(f"--draws {draws}: there is no posterior without --posterior")
    fitted = None if scenario is None else scenario_file(scenario, force)
    drawn = None if draws is None else draws_file(draws, force)
    for file in (fitted, drawn):
        if file is not None:
            file.check()
    if quick and budget is not None:
        raise UserError(f"--budget {budget}: does not go with --quick; allowed: one of the two")
    loaded = [_with_budget(load_calibration(name, given(data)), budget, quick) for name in config]
    names = [one.name for one in loaded]
    if len(set(names)) < len(names):
        raise UserError(f"CONFIG: both are called '{names[0]}'; allowed: two of different names")
    folder = out if out is not None else Path("out") / "calibrations" / "_and_".join(names)
    console = Console(quiet=quiet, highlight=False)
    stages = Stages(profiles, posterior, validate)
    with reserve(folder, WRITER, force) as reserved:
        journals = [_journal(one, reserved.target, seed) for one in loaded]
        results = [
            _calibrate(one, journal, seed, stages, workers, console)
            for one, journal in zip(loaded, journals, strict=True)
        ]
        found = _write(results, folder, force, figures, fitted, drawn)
        for journal in journals:
            journal.unlink(missing_ok=True)
    _show(results, found, console)  # when all is written
    drawn_too = ("beside.png, ", ", figures") if figures else ("", "")
    listed = f"calibrated.toml, tables{drawn_too[1]}"
    if found:
        listed = f"*_beside.csv, {drawn_too[0]}and a folder for each"
    console.print(f"\nWritten: {folder}/ ({listed})", markup=False)
    for path in (scenario, draws):
        if path is not None:
            console.print(f"Written: {path}", markup=False)


def _write(
    results: list[Result],
    folder: Path,
    force: bool,
    figures: bool,
    fitted: NamedFile | None,
    drawn: NamedFile | None,
) -> Beside | None:
    """Write all that was asked for; return two calibrations beside each other."""
    from planmodel.calibration.comparing import beside, write_beside
    from planmodel.calibration.writing import (
        draws_bytes,
        scenario_text,
        write_calibration,
        write_calibrations,
    )

    found = beside(*results) if len(results) == 2 else None
    if found is None:
        write_calibration(results[0], folder, force, figures)
    else:
        write_calibrations(results, folder, partial(write_beside, found, figures=figures), force, figures)
    if fitted is not None:
        fitted.write(scenario_text(results[0], fitted.file.stem).encode())
    if drawn is not None:
        drawn.write(draws_bytes(results[0]))
    return found


def _show(results: list[Result], found: Beside | None, console: Console) -> None:
    from planmodel.calibration.comparing import blocks_beside
    from planmodel.calibration.screen import blocks_of
    from planmodel.show.screen import show

    for result in results:
        show(console, blocks_of(result))
    if found is not None:
        console.print()
        show(console, blocks_beside(found))


def _journal(calibration: Calibration, target: Path, seed: int) -> Path:
    """Return where the evaluations of a calibration are kept: beside its folder."""
    from planmodel.calibration.calibrate import digest
    from planmodel.calibration.problem import prepare

    mark = digest(calibration, prepare(calibration)[0], seed)[:12]
    return target.with_name(f".{target.name}-{mark}.journal")


def _with_budget(calibration: Calibration, budget: str | None, quick: bool) -> Calibration:
    """Return the calibration with the sizes that a number of runs allows."""
    from planmodel.calibration.budget import QUICK, within
    from planmodel.calibration.problem import prepare

    if budget is None and not quick:
        return calibration
    unknowns = len(prepare(calibration)[2].keys)
    if budget is not None:
        return within(calibration, unknowns, budget)
    search = calibration.search
    if search.runs(unknowns, search.rounds) <= QUICK:
        return calibration
    return within(calibration, unknowns, str(QUICK))


def _calibrate(
    calibration: Calibration, journal: Path, seed: int, stages: Stages, workers: int | None, console: Console
) -> Result:
    from planmodel.calibration.budget import estimated_seconds
    from planmodel.calibration.calibrate import calibrate
    from planmodel.calibration.problem import prepare

    prepared = prepare(calibration)
    _, points, cube = prepared
    search = calibration.search
    series = len({p.target for p in points.points})
    console.print(
        f"{calibration.name}: {len(cube.keys)} unknowns, {len(points)} figures of {series} series; "
        f"{search.points} points in {search.rounds} rounds, up to "
        f"{search.runs(len(cube.keys), search.rounds):,} runs"
        + ("; going on from an earlier run" if journal.exists() else ""),
        markup=False,
    )
    if calibration.trial:
        console.print("A trial: fewer runs than the calibration asks for. No whole fit.", markup=False)
    if not console.quiet:
        seconds = estimated_seconds(calibration, prepared, workers, stages.posterior, stages.validation)
        console.print(
            f"About {seconds / 60:.1f} minutes here, at most, by runs that were timed", markup=False
        )
    try:
        with Progress(console) as progress:
            return calibrate(calibration, seed, stages, workers, journal, progress)
    except KeyboardInterrupt:
        typer.echo(f"stopped; what was evaluated is kept in {journal}: the same command goes on", err=True)
        raise typer.Exit(130) from None
