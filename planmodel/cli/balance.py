"""``planmodel balance``: where a commodity came from and where it went in a year."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import xarray as xr
    from rich.table import Table


def balance(
    kind: Annotated[
        str,
        typer.Argument(
            help="grain (July to June), manpower, materials, works, money, or tfm (transactions-flow matrix)."
        ),
    ],
    year: Annotated[int, typer.Argument(help="The year; for grain the year of the harvest.")],
    source: Annotated[
        str, typer.Option("--of", help="Scenario to run, or the folder of a run to read.")
    ] = "baseline",
    member: Annotated[int, typer.Option(help="Position of the member.")] = 0,
) -> None:
    """Show the balance of a year, drawn from the ledger."""
    from rich.console import Console

    from planmodel.engine.errors import UserError
    from planmodel.report.balances import KINDS
    from planmodel.report.fitted import print_table
    from planmodel.scenario.names import hint

    known = (*KINDS, "tfm")
    if kind not in known:
        raise UserError(f"balance '{kind}': unknown{hint(kind, known)}")
    if not MINYEAR <= year < MAXYEAR:
        raise UserError(f"balance {kind} {year}: not a year; allowed: a year such as 1932")
    dataset = _dataset(source, "money" if kind == "tfm" else kind)
    members = dataset.sizes["member"]
    if not 0 <= member < members:
        raise UserError(f"--member {member}: the run has no such member; allowed: 0 to {members - 1}")
    console = Console()
    tables = [_matrix(dataset, year, member)] if kind == "tfm" else _accounts(dataset, kind, year, member)
    for table in tables:
        print_table(console, table)


def _dataset(source: str, kind: str) -> xr.Dataset:
    """Read the results of a run, or run a scenario; see that the commodity was recorded."""
    from planmodel.engine.errors import UserError
    from planmodel.netcdf import read_netcdf
    from planmodel.report.balances import not_recorded
    from planmodel.runs.history import run
    from planmodel.scenario import load_scenario
    from planmodel.scenario.load import scenario_files

    file = Path(source) / "results.nc"
    if file.is_file():
        _verify(Path(source))
        try:
            dataset = read_netcdf(file)
        except Exception as error:  # of a damaged file that has no hash, a library raises anything
            raise UserError(f"--of {file}: cannot be read: {error}") from None
    elif Path(source).is_dir() and source not in scenario_files():
        raise UserError(f"--of {source}: no results.nc in it; allowed: the folder of a run, or a scenario")
    else:
        dataset = run(load_scenario(source))
    missing = not_recorded(dataset, kind)
    if missing:
        raise UserError(f"--of {source}: its results have no '{missing[0]}'; allowed: run it anew")
    return dataset


def _verify(folder: Path) -> None:
    """Refuse results that are not as they were written; say so where that cannot be told."""
    from planmodel.storage import MANIFEST, read_manifest, verified

    if (folder / MANIFEST).is_file():  # else the file is the user's own
        for note in verified(folder, read_manifest(folder), "results.nc"):
            typer.echo(f"note: {note}", err=True)


def _accounts(dataset: xr.Dataset, kind: str, year: int, member: int) -> list[Table]:
    """Return the balance by account, and the movements behind it."""
    from rich.table import Table

    from planmodel.report.balances import KINDS, movements
    from planmodel.report.balances import balance as draw_up

    accounts = draw_up(dataset, kind, year, member)
    unit = str(dataset[f"{KINDS[kind].commodity}_{accounts.index[0]}"].attrs["units"])
    span = f"{year}/{(year + 1) % 100:02d}" if KINDS[kind].agricultural else str(year)
    table = Table(title=f"Balance of {kind}, {span}, {unit}", title_justify="left", box=None)
    table.add_column("account")
    for column in accounts.columns:
        table.add_column(column, justify="right")
    for name, row in accounts.iterrows():
        table.add_row(_words(name), *(_number(value) for value in row))
    totals = accounts.sum()
    table.add_row("[bold]total[/bold]", *(f"[bold]{_number(value)}[/bold]" for value in totals))
    flows = Table(title="\nMovements", title_justify="left", box=None)
    for column in ("movement", "from", "to"):
        flows.add_column(column)
    flows.add_column("amount", justify="right")
    for flow in movements(dataset, kind, year, member).itertuples(index=False):
        flows.add_row(*(_words(cell) for cell in flow[:3]), _number(flow[3]))
    return [table, flows]


def _matrix(dataset: xr.Dataset, year: int, member: int) -> Table:
    """Return the transactions-flow matrix of money."""
    from rich.table import Table

    from planmodel.report.balances import transactions

    matrix = transactions(dataset, year, member)
    title = f"Transactions of {year}, billion roubles: receipts +, payments -; rows and columns sum to zero"
    table = Table(title=title, title_justify="left", box=None)
    table.add_column("")
    for column in matrix.columns:
        table.add_column(_words(column), justify="right")
    for name, row in matrix.iterrows():
        table.add_row(_words(name), *(f"{round(value, 2) + 0.0:.2f}" for value in row))
    return table


def _words(name: object) -> str:
    return str(name).replace("_", " ")


def _number(value: float) -> str:
    return f"{round(value, 3) + 0.0:.3f}"  # + 0.0: not "-0.000"
