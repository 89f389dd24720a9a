"""``planmodel diff``, ``validate``, ``params`` and ``scenarios``: looking at configurations."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from planmodel.scenario.economy import Economy

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


def validate(
    file: Annotated[str, typer.Argument(help="A scenario, a TOML file, or an economy: its name or folder.")],
) -> None:
    """Check a scenario, all it extends, the series of the record that it names, and its economy's units.

    Equations are run on units. What it changes in exogenous series is listed, and what must be said of how
    it is read.
    """
    from planmodel.report.comparison import recorded_values
    from planmodel.scenario import load_scenario, registry
    from planmodel.scenario.difference import series_changes
    from planmodel.scenario.exogenous import exogenous_series
    from planmodel.scenario.load import base_of
    from planmodel.scenario.notes import scenario_notes

    if registry.only_economy(file):
        _show_units(registry.economy(file))
        return
    scenario = load_scenario(file)
    series = exogenous_series(scenario)
    figures = recorded_values(scenario)
    typer.echo(
        f"{scenario.name}: valid; sha256 {scenario.digest()[:12]}\n"
        f"{len(scenario.decrees)} decrees, {len(series)} exogenous series, "
        f"{len(figures)} recorded values to compare with"
    )
    for name, decree in scenario.decrees.items():
        if decree.enabled and decree.when is not None:
            typer.echo(_indented("", f"decrees.{name}: issued in each member when {decree.when}"))
    for name, work in scenario.works.items():
        if work.enabled and work.decree is not None:
            typer.echo(_indented("", f"works.{name}: founded where decrees.{work.decree} takes effect"))
    _show_units(scenario.declared)
    base = base_of(file)
    if base is not None:
        changes = series_changes(load_scenario(base), scenario)
        typer.echo(f"changes exogenous series of {base.stem}: {'' if changes else 'none'}".rstrip())
        for line in changes:
            typer.echo(_indented("", line))
    for note in scenario_notes(scenario):
        typer.echo(f"note:\n{_indented('', note)}")


def _show_units(economy: Economy) -> None:
    """Run the equations of an economy on units, and tell how many meet."""
    from planmodel.scenario.folder import check_dimensions

    checked, procedures = check_dimensions(economy)
    typer.echo(f"{economy.name}: {checked} equations meet in their units")
    if procedures:
        typer.echo(_indented("", f"not checked, as procedures: {', '.join(procedures)}"))
    for name, why in economy.units_apart.items():
        typer.echo(_indented("", f"{name} does not: {why}"))


def params(
    component: Annotated[str | None, typer.Argument(help="Only this component.")] = None,
    search: Annotated[
        str | None, typer.Option(help="Only parameters whose name or meaning has this.")
    ] = None,
    economy: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Ready economy, or folder of one; default the whole model."),
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
    from planmodel.scenario.finding import find_economy
    from planmodel.scenario.names import hint

    if of is not None:
        if economy is not None:
            raise UserError(f"--economy {economy}: does not go with --of; allowed: one of the two")
        _show_origins(of, component or "", search or "")
        return
    declared = find_economy(economy or registry.DEFAULT, "--economy").parameters()
    if not declared:
        raise UserError(f"--economy {economy}: it declares no parameter")
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
        value, bounds = f" = {p.default:g}{unit}", f"[{p.bounds[0]:g} to {p.bounds[1]:g}]"
        typer.secho(key, bold=True, nl=False)
        fits = len(f"{key}{value}  {bounds}") <= shutil.get_terminal_size().columns
        typer.echo(f"{value}  {bounds}" if fits else f"{value}\n{_indented('', bounds)}")
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


def scenarios(
    economy: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only those of a ready economy, or of one by its folder."),
    ] = None,
) -> None:
    """List the ready scenarios, of the whole model and of the other economies."""
    from rich.console import Console

    from planmodel.scenario import load_scenario
    from planmodel.scenario.finding import economy_files, find_economy, scenario_files, scenarios_of
    from planmodel.show.content import listed
    from planmodel.show.screen import show

    if economy is None:
        found = {name: name for name in (*scenario_files(), *economy_files())}
    else:
        of = find_economy(economy, "--economy")
        found = {name: str(file) for name, file in scenarios_of(of).items()}
    rows = [(name, load_scenario(source).title) for name, source in found.items()]
    show(Console(), [listed(rows, ("scenario", "title"))])


def _indented(sign: str, text: str) -> str:
    """Break a text to the width of the terminal, behind a sign and four columns in."""
    width = max(shutil.get_terminal_size().columns, 40)
    first = f"  {sign}".ljust(4)
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=" " * 4, break_on_hyphens=False)
