"""``planmodel balance``: where a commodity came from and where it went in a year."""

from __future__ import annotations

import textwrap
from datetime import MAXYEAR, MINYEAR
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import xarray as xr

    from planmodel.scenario.economy import Economy
    from planmodel.show.content import Table

MATRIX = "tfm"


def balance(
    kind: Annotated[
        str | None,
        typer.Argument(
            help="A balance of the economy, tfm (transactions-flow matrix), or national (accounts of the "
            "nation). None: list them."
        ),
    ] = None,
    year: Annotated[
        int | None, typer.Argument(help="The year in which the balance begins: a harvest's, for grain.")
    ] = None,
    source: Annotated[
        str, typer.Option("--of", help="Scenario or economy to run, or the folder of a run to read.")
    ] = "baseline",
    member: Annotated[int, typer.Option(help="Position of the member.")] = 0,
    region: Annotated[
        str | None,
        typer.Option(
            metavar="REGION", help="Accounts of one region, or all: a column a region, and the country."
        ),
    ] = None,
    prices: Annotated[
        str, typer.Option(help="Of national: prices of the year, such as 1928, 1937 or current.")
    ] = "current",
) -> None:
    """Show the balance of a year, drawn from the ledger; without a name, which balances there are."""
    from rich.console import Console

    from planmodel.cli.of_run import economy_of_run
    from planmodel.engine.errors import UserError
    from planmodel.report.balances import created
    from planmodel.report.books import balance_tables, transactions_table
    from planmodel.report.national import NATIONAL, prices_of
    from planmodel.report.national_tables import national_blocks
    from planmodel.report.regional_balances import check_regional, regional_tables
    from planmodel.scenario.names import hint
    from planmodel.show.screen import show

    economy, console = economy_of_run(source), Console(highlight=False)
    if kind is None:
        show(console, [_list(economy)])
        return
    national = [NATIONAL] if economy.accounts else []
    known = (*economy.balances, *([MATRIX] if created(economy) else []), *national)
    if kind not in known:
        raise UserError(f"balance '{kind}': unknown{hint(kind, known)}")
    if year is None:
        raise UserError(f"balance {kind}: of which year? allowed: a year that the run covers")
    if not MINYEAR <= year < MAXYEAR:
        raise UserError(f"balance {kind} {year}: not a year; allowed: a year such as 1932")
    if kind == NATIONAL:
        prices_of(economy, prices)  # before the run
    if region is not None:
        check_regional(economy, kind, region)
    money = created(economy)
    name = money.name if kind == MATRIX and money is not None else kind
    dataset = _dataset(source, name, economy, regional=region is not None)
    members = dataset.sizes["member"]
    if not 0 <= member < members:
        raise UserError(f"--member {member}: the run has no such member; allowed: 0 to {members - 1}")
    if region is not None:
        show(console, regional_tables(dataset, kind, year, member, economy, region))
    elif kind == NATIONAL:
        show(console, national_blocks(dataset, economy, year, prices, member))
    elif kind == MATRIX:
        show(console, [transactions_table(dataset, year, member, economy)])
    else:
        show(console, balance_tables(dataset, kind, year, member, economy))


def _dataset(source: str, kind: str, economy: Economy, regional: bool = False) -> xr.Dataset:
    """Return the results; see that the commodity was recorded."""
    from planmodel.cli.of_run import dataset_of_run
    from planmodel.engine.errors import UserError
    from planmodel.report.balances import not_recorded
    from planmodel.scenario.by_region import regions_of

    dataset = dataset_of_run(source, f"--of {source}")
    regions = regions_of(economy) if regional else ()
    missing = not_recorded(dataset, kind, economy, regions) if kind in economy.balances else []
    if missing:
        raise UserError(f"--of {source}: its results have no '{missing[0]}'; allowed: run it anew")
    return dataset


def _list(economy: Economy) -> Table:
    """Return which balances an economy has, and what accounts hold their commodities."""
    from planmodel.report.balances import created
    from planmodel.report.national import NATIONAL
    from planmodel.show.content import listed
    from planmodel.show.numbers import LONGEST, words

    rows = []
    for balance in economy.balances.values():
        held = economy.stocks().get(balance.commodity, {})
        accounts = textwrap.wrap(", ".join(map(words, held)), LONGEST) or ["none: it only flows"]
        rows.append((balance.name, balance.unit, accounts[0]))
        rows += [("", "", more) for more in accounts[1:]]
    money = created(economy)
    if money is not None:
        rows.append((MATRIX, money.unit, f"transactions-flow matrix of {money.name}"))
    if economy.accounts is not None:
        at = ", ".join(economy.accounts.scheme.prices)
        rows.append((NATIONAL, "at prices", f"accounts of the nation, --prices {at}"))
    return listed(rows, ("balance", "unit", "accounts"))
