"""``planmodel balance``: where a commodity came from and where it went in a year."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import xarray as xr


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
    from planmodel.report.books import balance_tables, transactions_table
    from planmodel.scenario.names import hint
    from planmodel.show.screen import show

    known = (*KINDS, "tfm")
    if kind not in known:
        raise UserError(f"balance '{kind}': unknown{hint(kind, known)}")
    if not MINYEAR <= year < MAXYEAR:
        raise UserError(f"balance {kind} {year}: not a year; allowed: a year such as 1932")
    dataset = _dataset(source, "money" if kind == "tfm" else kind)
    members = dataset.sizes["member"]
    if not 0 <= member < members:
        raise UserError(f"--member {member}: the run has no such member; allowed: 0 to {members - 1}")
    money = kind == "tfm"
    drawn = (
        [transactions_table(dataset, year, member)] if money else balance_tables(dataset, kind, year, member)
    )
    show(Console(highlight=False), drawn)


def _dataset(source: str, kind: str) -> xr.Dataset:
    """Read the results of a run, or run a scenario; see that the commodity was recorded."""
    from planmodel.economy import run
    from planmodel.engine.errors import UserError
    from planmodel.netcdf import read_netcdf
    from planmodel.report.balances import not_recorded
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
