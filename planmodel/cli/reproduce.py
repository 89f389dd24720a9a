"""``planmodel reproduce``: tables and figures of the literature, made anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

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
    workers: Annotated[int, typer.Option(help="Processes.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Make also what is unchanged.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder; default out/experiments, for texts out/texts.")
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
) -> None:
    """Reproduce experiments: a figure and the table behind it, model beside record; see --list."""
    from rich.console import Console

    from planmodel.cli.interrupt import interruptible
    from planmodel.engine.errors import UserError
    from planmodel.experiments.load import DRAWING, foreign_experiments, load_experiment, ready_experiments
    from planmodel.experiments.reproduce import reproduce as make
    from planmodel.experiments.schema import MOST
    from planmodel.plausibility import said
    from planmodel.texts.loading import find_text, load_text

    console = Console(highlight=False, soft_wrap=True)
    if listed:
        _list(console)
        return
    if [bool(names), everything, bool(source)].count(True) != 1:
        raise UserError(
            "reproduce: allowed: names of experiments, or --all, or --source; --list tells which there are"
        )
    if number is not None and not 1 <= number <= MOST:
        raise UserError(f"--number {number}: out of bounds; allowed: 1 to {MOST}")
    if not 1 <= workers <= 256:
        raise UserError(f"--workers {workers}: out of bounds; allowed: 1 to 256")
    if readme and (number is not None or scenario is not None):
        option = "--number" if number is not None else "--scenario"
        raise UserError(
            f"--readme: does not go with {option}; allowed: numbers from what {'experiment.toml'} says"
        )
    if readme and source:
        raise UserError("--readme: does not go with --source; allowed: experiments that have a README")
    chosen = list(ready_experiments()) if everything else list(dict.fromkeys(names or []))
    for folder in foreign_experiments(chosen):
        typer.echo(f"{folder}: experiments run code of their folder, here {DRAWING}", err=True)
    experiments = [load_experiment(name) for name in chosen]
    if source:
        experiments = [load_text(find_text(number)) for number in dict.fromkeys(source)]
    double = [e.name for i, e in enumerate(experiments) if e.name in {x.name for x in experiments[:i]}]
    if double:
        raise UserError(f"reproduce: two experiments are called '{double[0]}'; allowed: names of their own")
    into = out or Path("out/texts" if source else "out/experiments")
    finished: list[Done] = []

    def show(done: Done) -> None:
        finished.append(done)
        for wrong in done.damaged:
            typer.echo(f"note: {wrong}; made anew", err=True)
        took = "unchanged" if done.unchanged else f"{done.seconds:.1f} s"
        console.print(f"{done.experiment.name}: {done.agreed}; {took}", markup=False)
        if done.plausibility is not None and done.plausibility["outside"]:
            console.print(f"  {said(done.plausibility)}", markup=False)
        interrupt.check()

    try:
        with interruptible() as interrupt:
            make(
                experiments,
                into,
                workers=workers,
                force=force,
                number=number,
                scenario=scenario,
                readme=readme,
                progress=show,
            )
    except KeyboardInterrupt:
        typer.echo(f"stopped; {len(finished)} of {len(experiments)} experiments are whole", err=True)
        raise typer.Exit(130) from None
    written = "page.md and, numbered, a table and a figure each" if source else "figure.svg, figure.pdf"
    console.print(f"\n{into}: in a folder each, figure.png, table.csv, {written}", markup=False)


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
