"""``planmodel diff``, ``validate``, ``params`` and ``scenarios``: looking at configurations."""

from __future__ import annotations

from typing import Annotated

import typer


def diff(
    first: Annotated[str, typer.Argument(help="A scenario or a TOML file.")],
    second: Annotated[str, typer.Argument(help="Another one.")],
) -> None:
    """Show the keys in which two scenarios differ."""
    from rich.console import Console
    from rich.table import Table

    from planmodel.scenario import difference, load_scenario

    rows = difference(load_scenario(first), load_scenario(second))
    if rows.empty:
        typer.echo("no difference")
        return
    table = Table("key", first, second, box=None)
    for row in rows.itertuples(index=False):
        table.add_row(*("-" if cell is None else str(cell) for cell in row))
    Console().print(table)


def validate(file: Annotated[str, typer.Argument(help="A scenario or a TOML file.")]) -> None:
    """Check a scenario, all it extends, and the series of the record that it names."""
    from planmodel.report.comparison import recorded_values
    from planmodel.scenario import load_scenario
    from planmodel.scenario.exogenous import exogenous_series

    scenario = load_scenario(file)
    series = exogenous_series(scenario)
    figures = recorded_values(scenario)
    typer.echo(
        f"{scenario.name}: valid; {len(scenario.decrees)} decrees, {len(series)} exogenous series, "
        f"{len(figures)} recorded values to compare with; sha256 {scenario.digest()[:12]}"
    )


def params(
    component: Annotated[str | None, typer.Argument(help="Only this component.")] = None,
    search: Annotated[
        str | None, typer.Option(help="Only parameters whose name or meaning has this.")
    ] = None,
) -> None:
    """List the declared parameters: default, bounds, unit, meaning and source."""
    from rich.console import Console
    from rich.table import Table

    from planmodel.kernel.errors import UserError, nearest
    from planmodel.scenario import registry

    declared = registry.parameters()
    if component is not None and component not in declared:
        raise UserError(
            f"no component is called '{component}';{nearest(component, declared)} "
            f"allowed: {', '.join(declared)}"
        )
    table = Table("parameter", "default", "bounds", "unit", "meaning", "source", "evidence", box=None)
    for name, group in declared.items():
        for key, p in group.items():
            wanted = search is None or search.lower() in f"{name}.{key} {p.meaning}".lower()
            if wanted and component in (None, name):
                bounds = f"{p.bounds[0]:g} to {p.bounds[1]:g}"
                table.add_row(
                    f"{name}.{key}", f"{p.default:g}", bounds, p.unit, p.meaning, p.source, p.evidence
                )
    if not table.row_count:
        raise UserError(f"--search {search}: no parameter has it in its name or meaning")
    Console().print(table)


def scenarios() -> None:
    """List the ready scenarios."""
    from rich.console import Console
    from rich.table import Table

    from planmodel.scenario import load_scenario
    from planmodel.scenario.load import scenario_files

    table = Table("scenario", "title", box=None)
    for name in scenario_files():
        table.add_row(name, load_scenario(name).title)
    Console().print(table)
