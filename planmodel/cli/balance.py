"""``planmodel balance``: where a commodity came from and where it went in a year."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from pathlib import Path
from typing import Annotated

import typer


def balance(
    kind: Annotated[str, typer.Argument(help="grain (July to June) or manpower (calendar year).")],
    year: Annotated[int, typer.Argument(help="The year; for grain the year of the harvest.")],
    source: Annotated[
        str, typer.Option("--of", help="Scenario to run, or the folder of a run to read.")
    ] = "baseline",
    member: Annotated[int, typer.Option(help="Position of the member.")] = 0,
) -> None:
    """Show the balance of a year, drawn from the ledger."""
    import xarray as xr
    from rich.console import Console
    from rich.table import Table

    from planmodel.economy import run
    from planmodel.kernel.errors import UserError
    from planmodel.report.balances import KINDS, movements
    from planmodel.report.balances import balance as draw_up
    from planmodel.scenario import registry
    from planmodel.scenario.load import scenario_files
    from planmodel.scenario.schema import hint

    if kind not in KINDS:
        raise UserError(f"balance '{kind}': unknown{hint(kind, KINDS)}")
    if not MINYEAR <= year < MAXYEAR:
        raise UserError(f"balance {kind} {year}: not a year; allowed: a year such as 1932")
    file = Path(source) / "results.nc"
    if file.is_file():
        try:
            dataset = xr.load_dataset(file, engine="h5netcdf")
        except (OSError, ValueError) as error:
            raise UserError(f"--of {file}: cannot be read: {error}") from None
    elif Path(source).is_dir() and source not in scenario_files():
        raise UserError(f"--of {source}: no results.nc in it; allowed: the folder of a run, or a scenario")
    else:
        dataset = run(source)
    members = dataset.sizes["member"]
    if not 0 <= member < members:
        raise UserError(f"--member {member}: the run has no such member; allowed: 0 to {members - 1}")
    commodity = KINDS[kind].commodity
    needed = [f"{commodity}_{account}" for account in registry.stocks()[commodity]]
    needed += [flow.name for flow in registry.flows() if flow.commodity == commodity]
    missing = sorted(set(needed) - set(map(str, dataset.data_vars)))
    if missing:
        raise UserError(f"--of {source}: its results have no '{missing[0]}'; allowed: run it anew")
    accounts = draw_up(dataset, kind, year, member)
    moved = movements(dataset, kind, year, member)
    console = Console()
    unit = str(dataset[needed[0]].attrs["units"])
    span = f"{year}/{(year + 1) % 100:02d}" if KINDS[kind].agricultural else str(year)
    table = Table(title=f"Balance of {kind}, {span}, {unit}", title_justify="left", box=None)
    table.add_column("account")
    for column in accounts.columns:
        table.add_column(column, justify="right")
    for name, row in accounts.iterrows():
        table.add_row(str(name).replace("_", " "), *(_number(value) for value in row))
    totals = accounts.sum()
    table.add_row("[bold]total[/bold]", *(f"[bold]{_number(value)}[/bold]" for value in totals))
    console.print(table)
    flows = Table(title="\nMovements", title_justify="left", box=None)
    for column in ("movement", "from", "to"):
        flows.add_column(column)
    flows.add_column("amount", justify="right")
    for flow in moved.itertuples(index=False):
        flows.add_row(*(str(cell).replace("_", " ") for cell in flow[:3]), _number(flow[3]))
    console.print(flows)


def _number(value: float) -> str:
    return f"{round(value, 3) + 0.0:.3f}"  # + 0.0: not "-0.000"
