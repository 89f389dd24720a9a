"""``planmodel run``: one scenario, its table, its events and its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planmodel.cli.changed import load_changed
from planmodel.cli.interrupt import interruptible
from planmodel.cli.options import Change, Data, SwitchOff

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from planmodel.engine import State
    from planmodel.runs.history import Run
    from planmodel.scenario import Scenario
    from planmodel.storage import Reserved


def run(
    scenario: Annotated[
        str | None,
        typer.Argument(help="Name of a ready scenario, or a TOML file.", show_default="baseline"),
    ] = None,
    change: Change = None,
    switch_off: SwitchOff = None,
    data: Data = None,
    members: Annotated[
        int | None,
        typer.Option(
            help="Number of histories, 1 or more; member 0 is central, others draw weather.",
            show_default="1, or those of --from",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="Seed of the random streams, 0 or more.", show_default="0, or that of --from"),
    ] = None,
    member: Annotated[
        int | None, typer.Option(metavar="K", help="Only member K of an ensemble, given by --design.")
    ] = None,
    design: Annotated[
        str | None, typer.Option(metavar="ENSEMBLE", help="Configuration or folder of an ensemble.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Last day, the end of a month such as 1933-12-31.")
    ] = None,
    evidence: Annotated[
        str | None,
        typer.Option(metavar="MARK", help="Compare with figures at least so firm only, such as transcribed."),
    ] = None,
    save: Annotated[bool, typer.Option("--save", help="Keep the state of the last day, for --from.")] = False,
    begun: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FOLDER",
            help="Go on from a run with --save; another scenario, --set or --switch-off make a branch.",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; default out/<scenario>.")] = None,
    figures: Annotated[
        bool, typer.Option("--figures/--no-figures", help="Draw figures, when numbers and table are there.")
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier result in that folder.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no table.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show all lines and events, not only the twenty that matter.")
    ] = False,
) -> None:
    """Run a scenario: table of model beside record, events, conservation, and a folder of results."""
    from rich.console import Console

    from planmodel.report.comparison import compare
    from planmodel.report.folder import WRITER, write_folder
    from planmodel.storage import reserve

    if members is not None:
        _check_number("--members", members, 1, 1_000_000)
    if seed is not None:
        _check_number("--seed", seed, 0, 2**32 - 1)
    going = Going(save=save)
    if member is None and design is None:
        loaded = load_changed(scenario or "baseline", change or [], switch_off or [], until, evidence, data)
        if begun is not None:
            going = _begun(begun, save, loaded, scenario is not None, bool(change or switch_off))
        numbers = going.members if members is None else range(members)
        seed = going.seed if seed is None else seed
        folder = out if out is not None else Path("out") / loaded.name
    else:
        others = [
            scenario not in (None, "baseline"),
            change,
            switch_off,
            members not in (None, 1),
            seed,
            until,
            data,
            evidence,
        ]
        loaded, number, seed = _member(member, design, any([*others, save, begun]))
        numbers = [number]
        folder = out if out is not None else Path("out") / f"{loaded.name}_member_{member}"
    console, written = Console(quiet=quiet, highlight=False), False
    try:
        with reserve(folder, WRITER, force) as reserved:
            done = _run_with_progress(loaded, numbers, seed, console, going)
            met = compare(done.dataset, done.scenario)
            _show(done, met, console, everything)
            write_folder(done, reserved, seed, met)
            written = True
            _tell(done, reserved, console)
            if figures:
                _draw(done, reserved, console)
    except KeyboardInterrupt:
        left = f"the figures are missing, all else is in {folder}/" if written else "nothing was written"
        typer.echo(f"stopped; {left}", err=True)
        raise typer.Exit(130) from None


def _show(done: Run, met: pd.DataFrame, console: Console, everything: bool) -> None:
    """Show the table at once; a screen that is full or gone loses nothing: see planmodel.cli.streams."""
    from planmodel.report.screen import run_blocks
    from planmodel.show.screen import show

    if not console.quiet:
        show(console, run_blocks(done, met, everything))
        console.file.flush()


def _tell(done: Run, reserved: Reserved, console: Console) -> None:
    from planmodel.report.series_files import rows_said

    listed = ", ".join(sorted(file.name for file in reserved.target.iterdir() if file.is_file()))
    console.print(f"\nWritten: {reserved.folder}/ ({listed})", markup=False)
    console.print(f"monthly.csv, yearly.csv: {rows_said(done.dataset)}", markup=False)
    console.file.flush()


def _draw(done: Run, reserved: Reserved, console: Console) -> None:
    from planmodel.report.drawn import FIGURES, add_figures

    drawn = add_figures(done.scenario, reserved)
    console.print(f"{reserved.folder}/{FIGURES}/: {len(drawn)} figures", markup=False)


@dataclass(frozen=True)
class Going:
    """From what a run goes on, and whether another is to go on from it.

    Attributes
    ----------
    place
        Put before what is said of the state.
    branch
        Whether what differs from the run before is meant to.
    """

    save: bool = False
    place: str = ""
    state: State | None = None
    branch: bool = False

    @property
    def members(self) -> Sequence[int]:
        """Numbers of the members, unless others are asked for."""
        return [0] if self.state is None else self.state.members

    @property
    def seed(self) -> int:
        """The seed, unless another is asked for."""
        return 0 if self.state is None else self.state.seed


def _begun(folder: Path, save: bool, scenario: Scenario, asked: bool, changed: bool) -> Going:
    """Return how to go on from the state of a run.

    Parameters
    ----------
    asked, changed
        Whether the scenario was named, and whether it was changed: then what differs is meant to.
    """
    from planmodel.engine.errors import StateError, UserError
    from planmodel.states import read_state, scenario_of

    place = f"--from {folder}: "
    try:
        state = read_state(folder)
        of = scenario_of(state)
    except StateError as error:
        raise UserError(f"{place}{error}") from None
    if of != scenario.name and not asked:
        raise UserError(
            f"{place}is of the scenario '{of}'; allowed: planmodel run {of} --from {folder}, or another "
            "scenario by its name"
        )
    return Going(save, place, state, changed or of != scenario.name)


def _member(member: int | None, design: str | None, others: bool) -> tuple[Scenario, int, int]:
    """Return scenario, number of the random stream and seed of a member of an ensemble."""
    from planmodel.engine.errors import UserError
    from planmodel.runs import read_member

    if design is None:
        raise UserError(f"--member {member}: of which ensemble? allowed: with --design ENSEMBLE")
    if member is None:
        raise UserError(f"--design {design}: which member? allowed: with --member K")
    if others:
        raise UserError(
            "--member: the ensemble decides scenario and seed; allowed: without SCENARIO, --set, "
            "--switch-off, --data, --members, --seed, --until, --evidence, --save and --from"
        )
    return read_member(design, member)


def _check_number(option: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        from planmodel.engine.errors import UserError

        raise UserError(f"{option} {value}: out of bounds; allowed: {low} to {high}")


def _run_with_progress(
    scenario: Scenario, numbers: Sequence[int], seed: int, console: Console, going: Going
) -> Run:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from planmodel.engine.errors import StateError, UserError
    from planmodel.runs.history import run_fully

    first, end = scenario.period.start, scenario.period.end
    if going.state is not None:
        first = going.state.day + timedelta(days=1)
    months = (end.year - first.year) * 12 + end.month - first.month + 1
    members = len(numbers)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeElapsedColumn(),
    )
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with interruptible() as interrupt, bar as progress:
        task = progress.add_task(f"{scenario.name}, {members} member(s)", total=months)

        def advance(day: date) -> None:
            interrupt.check()
            if day.month == 12 or members > 100:
                progress.update(
                    task, advance=1 if members > 100 else 12, description=f"{scenario.name} {day:%b %Y}"
                )

        try:
            return run_fully(
                scenario,
                numbers,
                seed,
                progress=advance,
                resume=going.state,
                branch=going.branch,
                save=going.save,
            )
        except StateError as error:
            raise UserError(f"{going.place or '--save: '}{error}") from None
        except MemoryError:
            raise UserError(f"--members {members}: not enough memory; allowed: fewer") from None
