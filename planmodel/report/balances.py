"""Balances that come free of charge from the ledger: where a commodity came from and where it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import Flow, UserError
from planmodel.engine.errors import nearest
from planmodel.scenario import registry
from planmodel.scenario.economy import Balance, Economy
from planmodel.scenario.folder import FILE


def balance(
    dataset: xr.Dataset,
    kind: str,
    year: int,
    member: int = 0,
    economy: Economy | None = None,
    region: str = "",
) -> pd.DataFrame:
    """Return the balance of a year: accounts by rows, opening stock, each kind of movement, closing stock.

    Parameters
    ----------
    dataset
        Result of a run in which everything was recorded.
    kind
        Name of a balance that the economy declares, or of a commodity where it declares none.
    year
        That in which the balance begins: in its own month, such as July for a harvest.
    member
        Position of the member.
    economy
        Whose run it is; the whole model if none is said.
    region
        Whose accounts, of an economy that is spread along an axis; those of the country if none is said.

    Returns
    -------
    DataFrame
        Index account; columns opening, in, out, closing, gap (zero where the account closes).

    Raises
    ------
    UserError
        For an unknown kind or a year that the run does not cover.
    """
    of = economy or registry.economy()
    if kind not in of.balances:
        known = ", ".join(of.balances)
        raise UserError(f"balance '{kind}': unknown;{nearest(kind, of.balances)} allowed: {known}")
    first, last = months_of_year(dataset, of.balances[kind], year)
    run = dataset.isel(member=member)
    commodity, flows = of.balances[kind].commodity, flows_of(of, kind, region)
    moved = {f.name: float(run[f.name].values[first : last + 1].sum()) for f in flows}
    rows = []
    for name, account in accounts_of(of, commodity, region).items():
        opening = opening_of(run, flows, account, first)
        closing = float(run[f"{commodity}_{account}"].values[last])
        inflow = sum(moved[f.name] for f in flows if f.destination == account)
        outflow = sum(moved[f.name] for f in flows if f.source == account)
        rows.append((name, opening, inflow, outflow, closing, closing - opening - inflow + outflow))
    columns = ["account", "opening", "in", "out", "closing", "gap"]
    return pd.DataFrame(rows, columns=columns).set_index("account")


def accounts_of(economy: Economy, commodity: str, region: str = "") -> dict[str, str]:
    """Return the accounts of a commodity that hold a stock: by name, what the ledger calls it.

    Those of a region are called as those of the country are.
    """
    held = economy.stocks().get(commodity, {})
    if not region:
        return {account: account for account in held}
    parts = ((account, f"{account}_{region}") for account in held)
    return {account: part for account, part in parts if f"{commodity}_{part}" in economy.parts}


def flows_of(economy: Economy, kind: str, region: str = "") -> list[Flow]:
    """Return the flows of the commodity of a balance: of the country, or all that touch a region."""
    commodity = economy.balances[kind].commodity
    if not region:
        return [flow for flow in economy.flows() if flow.commodity == commodity]
    mine = set(accounts_of(economy, commodity, region).values())
    return [flow for flow in rows_of_flows(economy, commodity) if mine & {flow.source, flow.destination}]


def rows_of_flows(economy: Economy, commodity: str) -> list[Flow]:
    """Return the flows of a commodity as the ledger has them: one a region, where they are spread."""
    return [flow for block in economy.blocks for flow in block.flows if flow.commodity == commodity]


def movements(
    dataset: xr.Dataset,
    kind: str,
    year: int,
    member: int = 0,
    economy: Economy | None = None,
    region: str = "",
) -> pd.DataFrame:
    """Return what moved in a year: one row a flow that moved anything, from, to and amount.

    Of a region a column ``across`` says whether it came in or went out; accounts of others have their names.
    """
    of = economy or registry.economy()
    first, last = months_of_year(dataset, of.balances[kind], year)
    run = dataset.isel(member=member)
    mine = accounts_of(of, of.balances[kind].commodity, region)
    name_of = {account: name for name, account in mine.items()}
    rows = []
    for flow in flows_of(of, kind, region):
        amount = float(run[flow.name].values[first : last + 1].sum())
        if amount > 1e-9:
            ends = (name_of.get(flow.source, flow.source), name_of.get(flow.destination, flow.destination))
            rows.append((meaning_of(of, flow), _across(flow, name_of), *ends, amount))
    table = pd.DataFrame(rows, columns=["movement", "across", "from", "to", "amount"])
    if region:
        return table.sort_values(["across", "amount"], ascending=[True, False], ignore_index=True)
    table = table.drop(columns="across")
    return table.sort_values(["from", "amount"], ascending=[True, False], ignore_index=True)


def meaning_of(economy: Economy, flow: Flow) -> str:
    """Return what a flow is, without the name of a region."""
    return economy.parts[flow.name][0].meaning if flow.name in economy.parts else flow.meaning


def _across(flow: Flow, inside: Mapping[str, str]) -> str:
    """Say how a flow goes that touches a region."""
    if flow.source in inside and flow.destination in inside:
        return "within"
    return "in" if flow.destination in inside else "out"


def whole_years(dataset: xr.Dataset, kind: Balance) -> list[int]:
    """Return the years of a balance that a run covers from the first to the last month."""
    months = set(pd.DatetimeIndex(dataset["time"].values).to_period("M"))
    first = kind.first_month
    return sorted(month.year for month in months if month.month == first and month + 11 in months)


def not_recorded(dataset: xr.Dataset, kind: str, economy: Economy, regions: Sequence[str] = ()) -> list[str]:
    """Return what a balance needs, and those of some regions, and the results of a run do not hold."""
    commodity = economy.balances[kind].commodity
    needed = []
    for region in ("", *regions):
        needed += [f"{commodity}_{account}" for account in accounts_of(economy, commodity, region).values()]
        needed += [flow.name for flow in flows_of(economy, kind, region)]
    return sorted(set(needed) - set(map(str, dataset.variables)))


def span_of(kind: Balance, year: int) -> str:
    """Return the name of a year of a balance: 1932, or 1932/33 where it begins within the calendar year."""
    return str(year) if kind.first_month == 1 else f"{year}/{(year + 1) % 100:02d}"


def months_of_year(dataset: xr.Dataset, kind: Balance, year: int) -> tuple[int, int]:
    """Return the positions of the first and the last month of a year."""
    time = pd.DatetimeIndex(dataset["time"].values)
    first = pd.Period(f"{year}-{kind.first_month:02d}", "M")
    months = time.to_period("M")
    inside = np.flatnonzero((months >= first) & (months <= first + 11))
    if len(inside) < 12:
        whole = whole_years(dataset, kind)
        if not whole:
            raise UserError(
                f"balance {kind.name} {year}: the run covers no whole year; allowed: a longer run"
            )
        raise UserError(
            f"balance {kind.name} {year}: the run does not cover it; allowed: {whole[0]} to {whole[-1]}"
        )
    return int(inside[0]), int(inside[-1])


def opening_of(run: xr.Dataset, flows: Sequence[Flow], account: str, first: int) -> float:
    """Return a stock at the opening of the month in a position; ``flows`` are those of its commodity.

    Of the first month it is not recorded. It is what the account held at the end, less what came in and with
    what went out: the ledger has audited that month, and the stocks that a scenario gives are met (a test).
    """
    stock = run[f"{flows[0].commodity}_{account}"].values
    if first:
        return float(stock[first - 1])
    opening = float(stock[0])
    for flow in flows:
        if account in (flow.source, flow.destination):
            moved = float(run[flow.name].values[0])
            opening += moved * ((flow.source == account) - (flow.destination == account))
    return opening


def created(economy: Economy) -> Balance | None:
    """Return the balance whose commodity somebody creates, which is money; None if there is none."""
    return next((balance for balance in economy.balances.values() if balance.creator), None)


def transactions(
    dataset: xr.Dataset, year: int, member: int = 0, economy: Economy | None = None
) -> pd.DataFrame:
    """Return the transactions-flow matrix of money for a year: of the balance that names its creator.

    Rows are payments and the change in what each holds; columns are the sectors and the creator, which
    brings money into the world and withdraws it. Receipts are positive, payments negative. Every row and
    every column sums to zero: a payment leaves one account and enters another, and what is left over is held.

    Raises
    ------
    UserError
        For a year that the run does not cover, or an economy without such a balance.
    """
    of = economy or registry.economy()
    kind = created(of)
    if kind is None:
        raise UserError(
            f"{of.name}: no balance names a creator of money; allowed: creator = in [[balances]] of "
            f"{of.folder / FILE}"
        )
    first, last = months_of_year(dataset, kind, year)
    run = dataset.isel(member=member)
    money, bank, flows = kind.commodity, kind.creator, flows_of(of, kind.name)
    holders = list(of.stocks()[money])
    rows: dict[str, dict[str, float]] = {}
    for flow in flows:
        amount = float(run[flow.name].values[first : last + 1].sum())
        payer = flow.source if flow.source in holders else bank
        payee = flow.destination if flow.destination in holders else bank
        row = dict.fromkeys([*holders, bank], 0.0)
        row[payer] -= amount
        row[payee] += amount
        rows[flow.name] = row
    held = {h: (opening_of(run, flows, h, first), float(run[f"{money}_{h}"].values[last])) for h in holders}
    change = {holder: closing - opening for holder, (opening, closing) in held.items()}
    rows["change_in_money"] = {**{h: -c for h, c in change.items()}, bank: sum(change.values())}
    table = pd.DataFrame(rows).T
    table["sum"] = table.sum(axis=1)
    table.loc["sum"] = table.sum(axis=0)
    return table
