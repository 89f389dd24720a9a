"""Balances that come free of charge from the ledger: where a commodity came from and where it went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import UserError
from planmodel.engine.errors import nearest
from planmodel.scenario import registry


@dataclass(frozen=True)
class _Kind:
    """A kind of balance: the commodity it is drawn from, and its usual year."""

    commodity: str
    agricultural: bool


KINDS = {
    "grain": _Kind("grain", True),
    "manpower": _Kind("people", False),
    "materials": _Kind("producer_goods", False),
    "works": _Kind("works", False),
    "money": _Kind("money", False),
}


def balance(dataset: xr.Dataset, kind: str, year: int, member: int = 0) -> pd.DataFrame:
    """Return the balance of a year: accounts by rows, opening stock, each kind of movement, closing stock.

    Parameters
    ----------
    dataset
        Result of a run in which everything was recorded.
    kind
        One of ``KINDS``: ``grain`` for July of ``year`` to June, the others for the calendar year.
    year
        The year.
    member
        Position of the member.

    Returns
    -------
    DataFrame
        Index account; columns opening, in, out, closing, gap (zero where the account closes).

    Raises
    ------
    UserError
        For an unknown kind or a year that the run does not cover.
    """
    if kind not in KINDS:
        raise UserError(f"balance '{kind}': unknown;{nearest(kind, KINDS)} allowed: {', '.join(KINDS)}")
    first, last = _months(dataset, kind, year)
    run = dataset.isel(member=member)
    commodity = KINDS[kind].commodity
    flows = [f for f in registry.flows() if f.commodity == commodity]
    moved = {f.name: float(run[f.name].values[first : last + 1].sum()) for f in flows}
    rows = []
    for account in registry.stocks()[commodity]:
        opening = _opening(run, commodity, account, first)
        closing = float(run[f"{commodity}_{account}"].values[last])
        inflow = sum(moved[f.name] for f in flows if f.destination == account)
        outflow = sum(moved[f.name] for f in flows if f.source == account)
        rows.append((account, opening, inflow, outflow, closing, closing - opening - inflow + outflow))
    columns = ["account", "opening", "in", "out", "closing", "gap"]
    return pd.DataFrame(rows, columns=columns).set_index("account")


def movements(dataset: xr.Dataset, kind: str, year: int, member: int = 0) -> pd.DataFrame:
    """Return what moved in a year: one row a flow that moved anything, from, to and amount."""
    first, last = _months(dataset, kind, year)
    run = dataset.isel(member=member)
    rows = []
    for flow in registry.flows():
        if flow.commodity == KINDS[kind].commodity:
            amount = float(run[flow.name].values[first : last + 1].sum())
            if amount > 1e-9:
                rows.append((flow.meaning, flow.source, flow.destination, amount))
    table = pd.DataFrame(rows, columns=["movement", "from", "to", "amount"])
    return table.sort_values(["from", "amount"], ascending=[True, False], ignore_index=True)


def whole_years(dataset: xr.Dataset, kind: str) -> list[int]:
    """Return the years of a kind of balance that a run covers from the first to the last month."""
    months = set(pd.DatetimeIndex(dataset["time"].values).to_period("M"))
    first = 7 if KINDS[kind].agricultural else 1
    return sorted(month.year for month in months if month.month == first and month + 11 in months)


def not_recorded(dataset: xr.Dataset, kind: str) -> list[str]:
    """Return what a balance needs and the results of a run do not hold."""
    commodity = KINDS[kind].commodity
    needed = [f"{commodity}_{account}" for account in registry.stocks()[commodity]]
    needed += [flow.name for flow in registry.flows() if flow.commodity == commodity]
    return sorted(set(needed) - set(map(str, dataset.variables)))


def _months(dataset: xr.Dataset, kind: str, year: int) -> tuple[int, int]:
    """Return the positions of the first and the last month of a year."""
    time = pd.DatetimeIndex(dataset["time"].values)
    july = KINDS[kind].agricultural
    first = pd.Period(f"{year}-07" if july else f"{year}-01", "M")
    months = time.to_period("M")
    inside = np.flatnonzero((months >= first) & (months <= first + 11))
    if len(inside) < 12:
        whole = whole_years(dataset, kind)
        if not whole:
            raise UserError(f"balance {kind} {year}: the run covers no whole year; allowed: a longer run")
        raise UserError(
            f"balance {kind} {year}: the run does not cover it; allowed: {whole[0]} to {whole[-1]}"
        )
    return int(inside[0]), int(inside[-1])


def _opening(run: xr.Dataset, commodity: str, account: str, first: int) -> float:
    """Return a stock at the opening of the month in a position.

    Of the first month it is not recorded. It is what the account held at the end, less what came in and with
    what went out: the ledger has audited that month, and the stocks that a scenario gives are met (a test).
    """
    stock = run[f"{commodity}_{account}"].values
    if first:
        return float(stock[first - 1])
    opening = float(stock[0])
    for flow in registry.flows():
        if flow.commodity == commodity and account in (flow.source, flow.destination):
            moved = float(run[flow.name].values[0])
            opening += moved * ((flow.source == account) - (flow.destination == account))
    return opening


def transactions(dataset: xr.Dataset, year: int, member: int = 0) -> pd.DataFrame:
    """Return the transactions-flow matrix of money for a year.

    Rows are payments and the change in what each holds; columns are the sectors and the State Bank, which
    creates and withdraws money. Receipts are positive, payments negative. Every row and every column sums to
    zero: a payment leaves one account and enters another, and what is left over is held.

    Raises
    ------
    UserError
        For a year that the run does not cover.
    """
    first, last = _months(dataset, "money", year)
    run = dataset.isel(member=member)
    holders = list(registry.stocks()["money"])
    bank = "state_bank"
    rows: dict[str, dict[str, float]] = {}
    for flow in registry.flows():
        if flow.commodity != "money":
            continue
        amount = float(run[flow.name].values[first : last + 1].sum())
        payer = flow.source if flow.source in holders else bank
        payee = flow.destination if flow.destination in holders else bank
        row = dict.fromkeys([*holders, bank], 0.0)
        row[payer] -= amount
        row[payee] += amount
        rows[flow.name] = row
    held = {h: (_opening(run, "money", h, first), float(run[f"money_{h}"].values[last])) for h in holders}
    change = {holder: closing - opening for holder, (opening, closing) in held.items()}
    rows["change_in_money"] = {**{h: -c for h, c in change.items()}, bank: sum(change.values())}
    table = pd.DataFrame(rows).T
    table["sum"] = table.sum(axis=1)
    table.loc["sum"] = table.sum(axis=0)
    return table
