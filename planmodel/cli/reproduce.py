"""``planmodel reproduce``: tables and figures of the literature, made anew."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from planmodel.experiments.load import Experiment
    from planmodel.experiments.reproduce import Done


def reproduce(
    names: Annotated[
        list[str] | None, typer.Argument(help="Names of ready experiments, or folders, whose code is run.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All ready experiments.")] = False,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="All figures of a source text, such as 002; may be repeated."),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the ready experiments; run nothing.")] = False,
    ranked: Annotated[
        bool, typer.Option("--ranked", help="Rank results that stand in --out by agreement; run nothing.")
    ] = False,
    workers: Annotated[int, typer.Option(help="Processes.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Make also what is unchanged.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder; default out/experiments, for texts out/texts, to verify out/verified."),
    ] = None,
    number: Annotated[
        int | None, typer.Option(help="Draws or members, in place of what experiments say.")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(metavar="S", help="Scenario in place of 'calibrated': name or file.")
    ] = None,
    readme: Annotated[
        bool, typer.Option("--readme", help="Write numbers and figure into the experiments' own folders too.")
    ] = False,
    archive: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write a replication package: results with all they need."),
    ] = None,
    verify: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Run a replication package again; are its bytes the same?"),
    ] = None,
) -> None:
    """Reproduce experiments: a figure and the table behind it, model beside record; see --list."""
    from rich.console import Console

    from planmodel.cli import replicate

    console = Console(highlight=False, soft_wrap=True)
    if listed:
        _list(console)
    elif ranked:
        _rank(console, out or Path("out/experiments"))
    elif verify is not None:
        given: dict[str, object] = {
            "--all": everything,
            "--source": source,
            "--force": force,
            "--number": number,
        }
        given |= {"--scenario": scenario, "--readme": readme, "--archive": archive}
        _check_bounds(number, workers)
        replicate.refuse_beside_verify(given)
        replicate.verify(console, verify, names or [], out, workers)
    else:
        _check(names, everything, source, number, workers, scenario, readme)
        into = out or Path("out/texts" if source else "out/experiments")
        asked = _Asked(into, workers, force, number, scenario, readme, archive)
        _make(console, _chosen(names, everything, source), asked)


@dataclass(frozen=True)
class _Asked:
    """How experiments are to be made: see the options of the same names."""

    out: Path
    workers: int
    force: bool
    number: int | None
    scenario: str | None
    readme: bool
    archive: Path | None


def _check(
    names: list[str] | None,
    everything: bool,
    source: list[str] | None,
    number: int | None,
    workers: int,
    scenario: str | None,
    readme: bool,
) -> None:
    """Refuse options that do not go together."""
    from planmodel.engine.errors import UserError

    if [bool(names), everything, bool(source)].count(True) != 1:
        raise UserError(
            "reproduce: allowed: names of experiments, or --all, or --source; --list tells which there are"
        )
    _check_bounds(number, workers)
    if readme and (number is not None or scenario is not None):
        option = "--number" if number is not None else "--scenario"
        raise UserError(
            f"--readme: does not go with {option}; allowed: numbers from what {'experiment.toml'} says"
        )
    if readme and source:
        raise UserError("--readme: does not go with --source; allowed: experiments that have a README")


def _check_bounds(number: int | None, workers: int) -> None:
    from planmodel.engine.errors import UserError
    from planmodel.experiments.schema import MOST

    if number is not None and not 1 <= number <= MOST:
        raise UserError(f"--number {number}: out of bounds; allowed: 1 to {MOST}")
    if not 1 <= workers <= 256:
        raise UserError(f"--workers {workers}: out of bounds; allowed: 1 to 256")


def _chosen(names: list[str] | None, everything: bool, source: list[str] | None) -> list[Experiment]:
    """Return the experiments that are asked for; that foreign ones are code is said before it runs."""
    from planmodel.engine.errors import UserError
    from planmodel.experiments.load import DRAWING, foreign_experiments, load_experiment, ready_experiments
    from planmodel.texts.loading import find_text, load_text

    chosen = list(ready_experiments()) if everything else list(dict.fromkeys(names or []))
    for folder in foreign_experiments(chosen):
        typer.echo(f"{folder}: experiments run code of their folder, here {DRAWING}", err=True)
    experiments = [load_experiment(name) for name in chosen]
    if source:
        experiments = [load_text(find_text(number)) for number in dict.fromkeys(source)]
    double = [e.name for i, e in enumerate(experiments) if e.name in {x.name for x in experiments[:i]}]
    if double:
        raise UserError(f"reproduce: two experiments are called '{double[0]}'; allowed: names of their own")
    return experiments


def _make(console: Console, experiments: list[Experiment], asked: _Asked) -> None:
    """Make experiments, and a replication package of them if it is asked for."""
    from planmodel.cli.interrupt import interruptible
    from planmodel.experiments.reproduce import reproduce as make
    from planmodel.replication import package

    finished: list[Done] = []

    def show(done: Done) -> None:
        finished.append(done)
        _show(console, done)
        interrupt.check()

    try:
        with interruptible() as interrupt, ExitStack() as stack:
            reserved = None
            if asked.archive is not None:
                package.check_archive(asked.scenario)
                held = package.reserve_archive(asked.archive, asked.out, asked.force)
                reserved = stack.enter_context(held)
            make(
                experiments,
                asked.out,
                workers=asked.workers,
                force=asked.force,
                number=asked.number,
                scenario=asked.scenario,
                readme=asked.readme,
                progress=show,
            )
            texts = any(one.more is not None for one in experiments)
            written = (
                "page.md and, numbered, a table and a figure each" if texts else "figure.svg, figure.pdf"
            )
            console.print(f"\n{asked.out}: in a folder each, figure.png, table.csv, {written}", markup=False)
            if reserved is not None:
                console.print(f"{asked.archive}: code, data and configuration ...", markup=False)
                made = package.Made(experiments, asked.out, asked.number, asked.scenario, asked.workers)
                count = package.fill(reserved, made)
                said = "; run it again: planmodel reproduce --verify"
                console.print(f"{asked.archive}: {count} results{said} {asked.archive}", markup=False)
    except KeyboardInterrupt:
        typer.echo(f"stopped; {len(finished)} of {len(experiments)} experiments are whole", err=True)
        raise typer.Exit(130) from None


def _show(console: Console, done: Done) -> None:
    """Say what became of an experiment."""
    from planmodel.plausibility import said

    for wrong in done.damaged:
        typer.echo(f"note: {wrong}; made anew", err=True)
    took = "unchanged" if done.unchanged else f"{done.seconds:.1f} s"
    console.print(f"{done.experiment.name}: {done.agreed}; {took}", markup=False)
    if done.plausibility is not None and done.plausibility["outside"]:
        console.print(f"  {said(done.plausibility)}", markup=False)


def _rank(console: Console, folder: Path) -> None:
    """Show the results of a folder ranked by agreement."""
    from planmodel.show.screen import show
    from planmodel.texts.ranking import ranked_results, shown

    found, left = ranked_results(folder)
    for line in left:
        typer.echo(f"note: {line}", err=True)
    show(console, [shown(found)])


def _list(console: Console) -> None:
    from planmodel.experiments.load import read_about, ready_experiments
    from planmodel.experiments.schema import GROUPS
    from planmodel.show.content import listed
    from planmodel.show.screen import show
    from planmodel.texts.loading import texts

    found = [(name, read_about(folder)) for name, folder in ready_experiments().items()]
    found.sort(key=lambda one: (GROUPS.index(one[1].group), one[0]))
    rows = [(name, about.group, about.title) for name, about in found]
    show(console, [listed(rows, ("name", "group", "title"))])
    console.print()
    show(console, [listed([(n, read_about(f).title) for n, f in texts().items()], ("text", "title"))])
