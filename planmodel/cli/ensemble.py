"""``planmodel ensemble``: many members into a folder that survives a crash, and what came of them."""

from __future__ import annotations

import logging
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from planmodel.cli.interrupt import interruptible
from planmodel.cli.options import Data

if TYPE_CHECKING:
    from rich.console import Console

    from planmodel.runs import Plan, Sweep


class _RunUnlessNamed(TyperGroup):
    """``planmodel ensemble FILE`` is short for ``planmodel ensemble run FILE``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command before its arguments, where none is named."""
        if args and args[0] not in (*self.commands, "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_RunUnlessNamed,
    no_args_is_help=True,
    help="Run many members into a folder (planmodel ensemble FILE), and show what came of them.",
)


@app.command()
def run(
    configuration: Annotated[str, typer.Argument(help="A TOML file, or the name of a ready ensemble.")],
    data: Data = None,
    out: Annotated[Path | None, typer.Option(help="Folder; default out/<name of the file>.")] = None,
    workers: Annotated[int, typer.Option(help="Processes of this machine, 1 to 512.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler, such as tcp://host:8786.")
    ] = None,
    chunk: Annotated[
        int | None, typer.Option(help="Members run together, up to 4000 unless given: speed and memory only.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would take, and write nothing.")
    ] = False,
) -> None:
    """Run what a folder does not have yet. The same command again goes on where it was stopped."""
    from rich.console import Console

    from planmodel.plausibility import said
    from planmodel.runs import load_ensemble
    from planmodel.scenario.data import given

    _check_number("--workers", workers, 512)
    if chunk is not None:
        _check_number("--chunk", chunk, 1_000_000)
    if scheduler is not None and workers != 1:
        _refuse(f"--workers {workers}: does not go with --scheduler; allowed: one of the two")
    if dry_run and quiet:
        _refuse("--dry-run: does not go with --quiet; allowed: one of the two")
    plan = load_ensemble(configuration, given(data))
    folder = out if out is not None else Path("out") / Path(configuration).stem
    console = Console(quiet=quiet, highlight=False)
    _say_what(plan, folder, console)
    if dry_run:
        _say_cost(plan, folder, workers, scheduler, chunk, console)
        return
    done = _run(plan, folder, workers, scheduler, chunk, console)
    console.print(
        f"{folder}/: {done.run} members run, {done.kept} there before, {done.failed} failed; "
        f"{done.seconds:.0f} s",
        markup=False,
    )
    console.print(said(done.plausibility), markup=False)
    if done.failures:
        first = done.failures[0]
        typer.echo(
            f"error: {done.failed} of {done.members} members failed, such as {first.members[0]}: "
            f"{first.error}; see {folder}/failures.json",
            err=True,
        )
        raise typer.Exit(1)


@app.command()
def summary(
    folder: Annotated[Path, typer.Argument(help="Folder of an ensemble.")],
    variable: Annotated[list[str] | None, typer.Option(help="Only this variable; may be repeated.")] = None,
    figures: Annotated[
        Path | None, typer.Option(help="Folder of the fan charts; default FOLDER/fans.")
    ] = None,
    table: Annotated[bool, typer.Option("--table", help="The table only, no charts.")] = False,
) -> None:
    """Show median, 50 % and 90 % of the members beside the record, and draw fan charts."""
    from rich.console import Console

    from planmodel.plausibility import count_marks, said
    from planmodel.report.fans import fan_table, screen_table, write_fans
    from planmodel.runs import open_ensemble, read_scenario, verify
    from planmodel.runs.store import read_manifest
    from planmodel.runs.wholeness import wholeness_of
    from planmodel.show.content import Text
    from planmodel.show.screen import show

    for line in verify(folder):
        typer.echo(f"note: {line}", err=True)
    scenario = read_scenario(folder)
    written = None if table else figures or folder / "fans"
    with open_ensemble(folder) as dataset:
        files = [] if written is None else write_fans(dataset, scenario, written, variable)
        rows = screen_table(fan_table(dataset, scenario, variable), dataset, scenario.declared)
        lacking = wholeness_of(dataset).note()
        judged = said(count_marks(dataset) or read_manifest(folder).get("plausibility"))
    if lacking is not None:
        typer.echo(f"note: {lacking}", err=True)
    console = Console(highlight=False)
    show(console, (rows, Text(judged)))
    if written is not None:
        console.print(f"\nWritten: {len(files)} fan charts in {written}/", markup=False)


def _say_what(plan: Plan, folder: Path, console: Console) -> None:
    from planmodel.runs.resolve import notes_of

    groups = len(plan.members.groups)
    split = f", in {groups} groups of one scenario each" if groups > 1 else ""
    keys = len(plan.members.keys)
    console.print(
        f"{len(plan.members)} members that differ in {keys} {'key' if keys == 1 else 'keys'}{split}",
        markup=False,
    )
    for note in notes_of([plan.members]):
        console.print(f"Note: {note}", markup=False)


def _say_cost(
    plan: Plan, folder: Path, workers: int, scheduler: str | None, chunk: int | None, console: Console
) -> None:
    """Say what running would take, in lines."""
    from planmodel.runs.estimate import estimate

    found = estimate(plan, folder, workers, chunk)
    chunks = f"{found.chunks:,} {'chunk' if found.chunks == 1 else 'chunks'} of up to {found.size:,}"
    lines = [f"{found.members - found.there:,} to run in {chunks}; {found.there:,} are in {folder}/"]
    if found.seconds is None:
        lines.append(f"What they take cannot be told: none of the first {found.tried:,} could be run.")
    else:
        kept = " until the statistics are made" if plan.configuration.keep.statistics else ""
        lines.append(
            f"Files: about {_size(found.chunk_bytes)} in chunks{kept}, {_size(found.design_bytes)} of design"
        )
        each = f", {_time(found.seconds / workers)} of each of {workers} processes" if workers > 1 else ""
        lines.append(
            f"Processor time: about {_time(found.seconds)}{each}, by {found.tried:,} members that were run "
            "here to tell"
        )
        if scheduler is not None:
            lines.append("The processors of the cluster were not asked.")
    for line in (*lines, "Nothing was written."):
        console.print(line, markup=False)


def _size(size: float) -> str:
    unit = min(int(math.log10(max(size, 1.0))) // 3, 4)
    return f"{size / 1000**unit:.3g} {('bytes', 'kB', 'MB', 'GB', 'TB')[unit]}"


def _time(seconds: float) -> str:
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.2g} {unit}s"
    return f"{seconds:.2g} s"


def _run(
    plan: Plan, folder: Path, workers: int, scheduler: str | None, chunk: int | None, console: Console
) -> Sweep:
    """Run with members per second, time left and failures on the screen."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from planmodel.runs import Progress, run_ensemble

    if scheduler is not None:
        _silence_dask()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
    )
    state = Progress(len(plan.members))
    hidden = not console.is_terminal or console.quiet
    bar_of = Bar(*columns, console=console, transient=True, disable=hidden)
    with interruptible() as interrupt, bar_of as bar:
        task = bar.add_task("members", total=len(plan.members), rate="", failed="")

        def advance(now: Progress) -> None:
            nonlocal state
            first, state = state.run == 0 and now.run == 0, now
            interrupt.check()
            if first:
                for note in now.notes:
                    console.print(f"note: {note}", markup=False)
                bar.reset(task, total=now.total, completed=now.done, rate="", failed="")
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = f"{now.run / elapsed:,.0f} members/s" if now.run and elapsed else ""
            failed = f"{now.failed} failed" if now.failed else ""
            bar.update(task, completed=now.done, rate=rate, failed=failed)

        try:
            return run_ensemble(
                plan, folder, workers=workers, scheduler=scheduler, chunk=chunk, progress=advance
            )
        except KeyboardInterrupt:
            typer.echo(
                f"stopped; {state.done} of {state.total} members are kept in {folder}; "
                "the same command goes on from there",
                err=True,
            )
            raise typer.Exit(130) from None


def _silence_dask() -> None:
    """Keep the tracebacks of Dask's log off the screen: what a lost connection means is one line of ours."""
    import distributed  # noqa: F401 -- it sets the levels of its loggers when it is imported

    for name in ("distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _check_number(option: str, value: int, high: int) -> None:
    if not 1 <= value <= high:
        _refuse(f"{option} {value}: out of bounds; allowed: 1 to {high}")


def _refuse(text: str) -> None:
    from planmodel.engine.errors import UserError

    raise UserError(text)
