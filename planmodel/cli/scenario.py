"""``planmodel diff``, ``validate``, ``params`` and ``scenarios``: looking at configurations."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import Annotated

import typer

_LONG = 2000


def diff(
    first: Annotated[str, typer.Argument(help="A scenario or a TOML file.")],
    second: Annotated[str, typer.Argument(help="Another one.")],
) -> None:
    """Show the keys in which two scenarios differ."""
    from planmodel.scenario import difference, load_scenario
    from planmodel.scenario.explain import shown

    left, right = load_scenario(first), load_scenario(second)
    rows = difference(left, right)
    if rows.empty:
        typer.echo("no difference")
        return
    # Not a table: keys and sources are long, and a terminal may be narrow.
    typer.echo(f"- {first}\n+ {second}")
    for key, before, after in rows.itertuples(index=False):
        typer.echo(f"\n{key}")
        for sign, value, colour in (("-", before, "red"), ("+", after, "green")):
            if value is not None:
                typer.secho(_indented(sign, shown(value, _LONG)), fg=colour)


def validate(file: Annotated[str, typer.Argument(help="A scenario or a TOML file.")]) -> None:
    """Check a scenario, all it extends, and the series of the record that it names.

    What it changes in exogenous series is listed, and what must be said of how it is read.
    """
    from planmodel.report.comparison import recorded_values
    from planmodel.scenario import load_scenario
    from planmodel.scenario.difference import series_changes
    from planmodel.scenario.exogenous import exogenous_series
    from planmodel.scenario.load import base_of
    from planmodel.scenario.notes import scenario_notes

    scenario = load_scenario(file)
    series = exogenous_series(scenario)
    figures = recorded_values(scenario)
    typer.echo(
        f"{scenario.name}: valid; sha256 {scenario.digest()[:12]}\n"
        f"{len(scenario.decrees)} decrees, {len(series)} exogenous series, "
        f"{len(figures)} recorded values to compare with"
    )
    base = base_of(file)
    if base is not None:
        changes = series_changes(load_scenario(base), scenario)
        typer.echo(f"changes exogenous series of {base.stem}: {'' if changes else 'none'}".rstrip())
        for line in changes:
            typer.echo(_indented("", line))
    for note in scenario_notes(scenario):
        typer.echo(f"note:\n{_indented('', note)}")


def params(
    component: Annotated[str | None, typer.Argument(help="Only this component.")] = None,
    search: Annotated[
        str | None, typer.Option(help="Only parameters whose name or meaning has this.")
    ] = None,
    system: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of a smaller system instead of the whole model.")
    ] = None,
    of: Annotated[
        Path | None, typer.Option(metavar="DIR", help="What said each value of a result, by its folder.")
    ] = None,
) -> None:
    """List the declared parameters: default, bounds, unit, meaning and source.

    With --of DIR: every value that something said in the runs of a result, and what said it; declared
    defaults are left out.
    """
    from planmodel.engine.errors import UserError
    from planmodel.scenario import registry
    from planmodel.scenario.names import hint

    if of is not None:
        if system is not None:
            raise UserError(f"--system {system}: does not go with --of; allowed: one of the two")
        _show_origins(of, component or "", search or "")
        return
    if system is not None and system not in registry.SYSTEMS:
        raise UserError(f"--system {system}: no smaller system{hint(system, registry.SYSTEMS)}")
    declared = (registry.MODEL if system is None else registry.SYSTEMS[system]).parameters()
    if component is not None and component not in declared:
        raise UserError(f"no component is called '{component}'{hint(component, declared)}")
    found = [
        (f"{name}.{key}", p)
        for name, group in declared.items()
        for key, p in group.items()
        if component in (None, name)
        and (search is None or search.lower() in f"{name}.{key} {p.meaning}".lower())
    ]
    if not found:
        raise UserError(f"--search {search}: no parameter has it in its name or meaning")
    # Not a table: with meaning and source its columns would be a few letters wide.
    for key, p in found:
        unit = "" if p.unit == "1" else f" {p.unit}"
        typer.secho(key, bold=True, nl=False)
        typer.echo(f" = {p.default:g}{unit}  [{p.bounds[0]:g} to {p.bounds[1]:g}]")
        typer.echo(_indented("", p.meaning))
        typer.secho(_indented("", f"{p.source} ({p.evidence})"), dim=True)


def _show_origins(folder: Path, component: str, search: str) -> None:
    """Print what said each value in the runs of a result."""
    from planmodel.engine.errors import UserError
    from planmodel.report.origins import read_origins

    shown = 0
    for run, rows in read_origins(folder).items():
        kept = [
            row
            for row in rows
            if (not component or f".{component}." in f".{row.key}.")
            and search.lower() in f"{row.key} {row.said}".lower()
        ]
        if kept:
            typer.secho(run, bold=True)
        for row in kept:
            typer.echo(_indented("", f"{row.key}{' = ' if row.value else ''}{row.value}  [{row.said}]"))
        shown += len(kept)
    if not shown:
        raise UserError(f"{folder}: nothing that was said has '{component or search}' in its key")


def scenarios() -> None:
    """List the ready scenarios, of the whole model and of smaller systems."""
    from rich.console import Console

    from planmodel.scenario import load_scenario
    from planmodel.scenario.load import economy_files, scenario_files
    from planmodel.show.content import listed
    from planmodel.show.screen import show

    rows = [(name, load_scenario(name).title) for name in (*scenario_files(), *economy_files())]
    show(Console(), [listed(rows, ("scenario", "title"))])


def _indented(sign: str, text: str) -> str:
    """Break a text to the width of the terminal, behind a sign and four columns in."""
    width = max(shutil.get_terminal_size().columns, 40)
    first = f"  {sign}".ljust(4)
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=" " * 4, break_on_hyphens=False)
