"""``planmodel balance``: where a commodity came from and where it went in a year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def balance(
    kind: Annotated[str, typer.Argument(help="grain (July to June) or manpower (calendar year).")],
    year: Annotated[int, typer.Argument(help="The year; for grain the year of the harvest.")],
    source: Annotated[
        str, typer.Option("--of", help="Scenario to run, or the folder of a run to read.")
    ] = "baseline",
    member: Annotated[int, typer.Option(min=0, help="Position of the member.")] = 0,
) -> None:
    """Show the balance of a year, drawn from the ledger."""
    import xarray as xr
    from rich.console import Console
    from rich.table import Table

    from planmodel.economy import run
    from planmodel.kernel.errors import UserError
    from planmodel.report.balances import KINDS, movements
    from planmodel.report.balances import balance as draw_up

    folder = Path(source)
    if (folder / "results.nc").is_file():
        dataset = xr.load_dataset(folder / "results.nc", engine="h5netcdf")
    else:
        dataset = run(source)
    if member >= dataset.sizes["member"]:
        raise UserError(f"--member {member}: the run has {dataset.sizes['member']} member(s), counted from 0")
    accounts = draw_up(dataset, kind, year, member)
    console = Console()
    unit = str(dataset[f"{KINDS[kind].commodity}_{accounts.index[0]}"].attrs["units"])
    span = f"{year}/{(year + 1) % 100:02d}" if KINDS[kind].agricultural else str(year)
    table = Table(title=f"Balance of {kind}, {span}, {unit}", title_justify="left", box=None)
    table.add_column("account")
    for column in accounts.columns:
        table.add_column(column, justify="right")
    for name, row in accounts.iterrows():
        table.add_row(str(name).replace("_", " "), *(f"{value:.3f}" for value in row))
    totals = accounts.sum()
    table.add_row("[bold]total[/bold]", *(f"[bold]{value:.3f}[/bold]" for value in totals))
    console.print(table)
    flows = Table(title="\nMovements", title_justify="left", box=None)
    for column in ("movement", "from", "to"):
        flows.add_column(column)
    flows.add_column("amount", justify="right")
    for flow in movements(dataset, kind, year, member).itertuples(index=False):
        flows.add_row(*(str(cell).replace("_", " ") for cell in flow[:3]), f"{flow[3]:.3f}")
    console.print(flows)
