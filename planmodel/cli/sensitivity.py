"""``planmodel sensitivity``: what a result hangs on, and which mechanism did it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planmodel.cli.interrupt import interruptible

if TYPE_CHECKING:
    from rich.console import Console

    from planmodel.runs import Progress
    from planmodel.sensitivity.analyse import Result
    from planmodel.sensitivity.load import Prepared


def sensitivity(
    config: Annotated[str, typer.Argument(help="A ready analysis, or a TOML file.")],
    out: Annotated[Path | None, typer.Option(help="Folder; default out/sensitivity/<name>.")] = None,
    draws: Annotated[
        str | None, typer.Option(metavar="POSTERIOR", help="Draw from this posterior instead: file or name.")
    ] = None,
    samples: Annotated[int | None, typer.Option(help="In place of samples of the file.")] = None,
    seed: Annotated[int | None, typer.Option(help="In place of the seed of the file.")] = None,
    workers: Annotated[int, typer.Option(help="Processes of this machine, 1 to 512.")] = 1,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw figures.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Begin anew where the folder has another.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Sensitivity indices, shares of mechanisms, or boxes of an outcome: tables, readings, figures.

    An analysis that was stopped goes on where it was when the same command is given again.
    """
    from rich.console import Console

    from planmodel.engine.errors import UserError
    from planmodel.scenario.configurations import find_file
    from planmodel.sensitivity.load import load_analysis, prepare
    from planmodel.sensitivity.running import begin_anew
    from planmodel.sensitivity.writing import reserved_results, write_analysis

    if not 1 <= workers <= 512:
        raise UserError(f"--workers {workers}: out of bounds; allowed: 1 to 512")
    analysis = load_analysis(config, samples, draws, seed)
    prepared = prepare(analysis, find_file(config, "sensitivity"))
    folder = out if out is not None else Path("out") / "sensitivity" / analysis.name
    console = Console(quiet=quiet, highlight=False)
    with reserved_results(folder):
        begin_anew(prepared, folder, force)
        if draws is not None:
            console.print(
                f"Members are draws of {draws}, in place of vary and file of {config}.", markup=False
            )
        _say_what(prepared, folder, console)
        result = _analyse(prepared, folder, workers, console)
        drawn = write_analysis(result, folder, figures)
    _show(result, folder, len(drawn), console)


def _say_what(prepared: Prepared, folder: Path, console: Console) -> None:
    from planmodel.runs.resolve import notes_of

    analysis, game = prepared.analysis, prepared.game
    what = f"{len(prepared.design.names)} inputs"
    if game is not None:
        sets = "all" if game.orders is None else "some"
        what = f"{len(game.players)} mechanisms, {sets} {len(game.masks):,} combinations, {game.draws} draws"
    runs = f" in {len(prepared.members)} scenarios" if len(prepared.members) > 1 else ""
    end = next(iter(prepared.members.values())).scenario.period.end
    console.print(
        f"{analysis.name}: {', '.join(analysis.methods)}; {what}; {prepared.size:,} members{runs}, "
        f"until {end}, into {folder}/",
        markup=False,
    )
    for note in notes_of(prepared.members.values()):
        console.print(f"Note: {note}", markup=False)


def _analyse(prepared: Prepared, folder: Path, workers: int, console: Console) -> Result:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from planmodel.sensitivity.analyse import analyse

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    done = 0
    hidden = not console.is_terminal or console.quiet
    bar_of = Bar(*columns, console=console, transient=True, disable=hidden)
    with interruptible() as interrupt, bar_of as bar:
        task = bar.add_task("members", total=prepared.size)
        before: dict[str, int] = {}

        def advance(run: str, state: Progress) -> None:
            nonlocal done
            interrupt.check()
            if state.run == 0 and state.done:
                console.print(f"{state.done:,} members of '{run}' were there before", markup=False)
            for note in state.notes if state.run == 0 else ():
                console.print(f"note: {note}", markup=False)
            before[run] = state.done
            done = sum(before.values())
            bar.update(task, completed=done, description=f"members ({run})")

        try:
            return analyse(prepared, folder, workers, advance)
        except KeyboardInterrupt:
            typer.echo(
                f"stopped; {done} of {prepared.size} members are kept in {folder}; "
                "the same command goes on from there",
                err=True,
            )
            raise typer.Exit(130) from None


def _show(result: Result, folder: Path, figures: int, console: Console) -> None:
    from planmodel.sensitivity.writing import result_of, results_folder
    from planmodel.show.screen import show

    show(console, result_of(result).blocks)
    console.print(
        f"\n{result.run:,} members run in {result.seconds['run']:.0f} s, analysed in "
        f"{result.seconds['analysis']:.0f} s. Written: {results_folder(folder)}/ (tables, readings.md, "
        f"{figures} figures)",
        markup=False,
    )
