"""``planmodel balance``: where a commodity came from and where it went in a year."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import xarray as xr
    from rich.table import Table

    from planmodel.scenario.economy import Economy

MATRIX = "tfm"


def balance(
    kind: Annotated[
        str | None,
        typer.Argument(help="A balance of the economy, or tfm (transactions-flow matrix). None: list them."),
    ] = None,
    year: Annotated[
        int | None, typer.Argument(help="The year in which the balance begins: a harvest's, for grain.")
    ] = None,
    source: Annotated[
        str, typer.Option("--of", help="Scenario or economy to run, or the folder of a run to read.")
    ] = "baseline",
    member: Annotated[int, typer.Option(help="Position of the member.")] = 0,
) -> None:
    """Show the balance of a year, drawn from the ledger; without a name, which balances there are."""
    from rich.console import Console

    from planmodel.engine.errors import UserError
    from planmodel.report.balances import created
    from planmodel.report.fitted import print_table
    from planmodel.scenario.names import hint

    economy, console = _economy(source), Console()
    if kind is None:
        print_table(console, _list(economy))
        return
    known = (*economy.balances, *([MATRIX] if created(economy) else []))
    if kind not in known:
        raise UserError(f"balance '{kind}': unknown{hint(kind, known)}")
    if year is None:
        raise UserError(f"balance {kind}: of which year? allowed: a year that the run covers")
    if not MINYEAR <= year < MAXYEAR:
        raise UserError(f"balance {kind} {year}: not a year; allowed: a year such as 1932")
    money = created(economy)
    name = money.name if kind == MATRIX and money is not None else kind
    dataset = _dataset(source, name, economy)
    members = dataset.sizes["member"]
    if not 0 <= member < members:
        raise UserError(f"--member {member}: the run has no such member; allowed: 0 to {members - 1}")
    if kind == MATRIX:
        tables = [_matrix(dataset, name, year, member, economy)]
    else:
        tables = _accounts(dataset, kind, year, member, economy)
    for table in tables:
        print_table(console, table)


def _economy(source: str) -> Economy:
    """Return the economy of a scenario, or of the run that a folder holds."""
    from planmodel.scenario import registry
    from planmodel.scenario.load import economy_of

    if (Path(source) / "results.nc").is_file():  # without a scenario the file is the user's own
        file = Path(source) / "scenario.toml"
        return economy_of(file) if file.is_file() else registry.economy()
    return registry.economy() if _is_no_run(source) else economy_of(source)


def _is_no_run(source: str) -> bool:
    """Tell whether a source is a folder that holds neither a run nor an economy."""
    from planmodel.scenario.folder import FILE
    from planmodel.scenario.load import economy_files, scenario_files

    ready = source in (scenario_files() | economy_files())
    return Path(source).is_dir() and not ready and not (Path(source) / FILE).is_file()


def _dataset(source: str, kind: str, economy: Economy) -> xr.Dataset:
    """Read the results of a run, or run a scenario; see that the commodity was recorded."""
    from planmodel.engine.errors import UserError
    from planmodel.netcdf import read_netcdf
    from planmodel.report.balances import not_recorded
    from planmodel.runs.history import run
    from planmodel.scenario import load_scenario

    file = Path(source) / "results.nc"
    if file.is_file():
        _verify(Path(source))
        try:
            dataset = read_netcdf(file)
        except Exception as error:  # of a damaged file that has no hash, a library raises anything
            raise UserError(f"--of {file}: cannot be read: {error}") from None
    elif _is_no_run(source):
        raise UserError(f"--of {source}: no results.nc in it; allowed: the folder of a run, or a scenario")
    else:
        dataset = run(load_scenario(source))
    missing = not_recorded(dataset, kind, economy)
    if missing:
        raise UserError(f"--of {source}: its results have no '{missing[0]}'; allowed: run it anew")
    return dataset


def _verify(folder: Path) -> None:
    """Refuse results that are not as they were written; say so where that cannot be told."""
    from planmodel.storage import MANIFEST, read_manifest, verified

    if (folder / MANIFEST).is_file():  # else the file is the user's own
        for note in verified(folder, read_manifest(folder), "results.nc"):
            typer.echo(f"note: {note}", err=True)


def _list(economy: Economy) -> Table:
    """Return which balances an economy has, and what accounts hold their commodities."""
    from rich.table import Table

    from planmodel.report.balances import created

    table = Table("balance", "unit", "accounts", box=None, pad_edge=False)
    for balance in economy.balances.values():
        held = economy.stocks().get(balance.commodity, {})
        table.add_row(balance.name, balance.unit, ", ".join(map(_words, held)) or "none: it only flows")
    money = created(economy)
    if money is not None:
        table.add_row(MATRIX, money.unit, f"transactions-flow matrix of {money.name}")
    return table


def _accounts(dataset: xr.Dataset, kind: str, year: int, member: int, economy: Economy) -> list[Table]:
    """Return the balance by account, and the movements behind it."""
    from rich.table import Table

    from planmodel.report.balances import balance as draw_up
    from planmodel.report.balances import movements, span_of

    accounts = draw_up(dataset, kind, year, member, economy)
    of = economy.balances[kind]
    what = f"{_words(kind)}, {span_of(of, year)}, {of.unit}"
    table = Table(title=f"Balance of {what}", title_justify="left", box=None)
    table.add_column("account")
    for column in accounts.columns:
        table.add_column(column, justify="right")
    for name, row in accounts.iterrows():
        table.add_row(_words(name), *(_number(value) for value in row))
    totals = accounts.sum()
    table.add_row("[bold]total[/bold]", *(f"[bold]{_number(value)}[/bold]" for value in totals))
    held = not accounts.empty  # else the commodity only flows
    flows = Table(title="\nMovements" if held else f"Movements of {what}", title_justify="left", box=None)
    for column in ("movement", "from", "to"):
        flows.add_column(column)
    flows.add_column("amount", justify="right")
    for flow in movements(dataset, kind, year, member, economy).itertuples(index=False):
        flows.add_row(*(_words(cell) for cell in flow[:3]), _number(flow[3]))
    return [table, flows] if held else [flows]


def _matrix(dataset: xr.Dataset, kind: str, year: int, member: int, economy: Economy) -> Table:
    """Return the transactions-flow matrix of money."""
    from rich.table import Table

    from planmodel.report.balances import transactions

    matrix = transactions(dataset, year, member, economy)
    unit = economy.balances[kind].unit
    title = f"Transactions of {year}, {unit}: receipts +, payments -; rows and columns sum to zero"
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
