"""An economy by its parts, and all that these declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from planmodel.accounts.meanings import Meanings
from planmodel.accounts.scheme import Scheme, Series
from planmodel.engine import (
    Account,
    Commodity,
    Flow,
    Input,
    Lever,
    Parameter,
    Phase,
    Season,
    Switch,
    UserError,
    Variable,
)
from planmodel.engine.equations import Block, Constant, Shared
from planmodel.engine.limits import Limit
from planmodel.engine.published import CALENDAR, PREFIX
from planmodel.engine.rules import asked_for_all
from planmodel.engine.wholes import Whole
from planmodel.scenario.choices import Version, parted
from planmodel.scenario.indicators import Compared, Indicator, Measure
from planmodel.scenario.plan_document import Planned

_READING = (
    "Figures follow from the equations of the model and from the sizes that its tables name, with the source "
    "and the evidence of each. That they follow is no proof of a cause."
)


@dataclass(frozen=True)
class Balance:
    """A balance that the ledger gives: of which commodity, and in which year, by the month that begins it.

    A page shows that of the year ``shown`` whole. The ``creator`` of money is who brings it into the world
    and takes it out of it: payments can then be set out as a matrix.
    """

    name: str
    commodity: str
    unit: str
    first_month: int = 1
    shown: int | None = None
    creator: str = ""


class Economy:
    """The components of an economy, its calendar, and what a scenario of it may set.

    Parameters
    ----------
    name
        Of the economy: that of its folder, or its path where it is not one of the ready ones.
    blocks
        Its equations, and what they are made of.
    phases, seasons
        Its month and its year: see :class:`planmodel.engine.Clock`.
    opening
        The day, the first of a month, of which the declared values of variables are: a scenario begins then.
    shown
        Names of the quantities that a run shows where no record is compared with.
    limits
        Limits of plausibility, which mark the members that leave them.
    indicators
        Totals over recorded quantities that economists compare, by the names of the record.
    title
        What it is called on pages.
    folder
        Where its equations, tables, scenarios and checks are.
    themes
        Of the core of the record, in the order of tables.
    compared, compared_years
        By what scenarios are compared, and the years that the table of a comparison has.
    shown_years
        The years that tables of a run have; some that are evenly apart where none are said.
    balances
        Those that are drawn up; one a commodity where none are said.
    reading
        What pages say of how its figures are to be read.
    reckoned
        Variables whose opening values have no effect, for they are reckoned anew before anybody reads them: a
        scenario may not say one. A test holds this list to what the economies do.
    monthly_paths
        Whether checks read all paths month by month: histories that last few years have no twelve months to
        spare.
    axes
        Labels by axis; named works may be begun in those of ``branch``.
    units_apart
        Equations whose units are known not to meet, as ``block.name``, and why.
    accounts
        The scheme of its accounts of the nation, if it has one.
    versions
        What scenarios may choose of it.
    """

    def __init__(
        self,
        name: str,
        blocks: Sequence[Block],
        phases: Sequence[Phase],
        opening: date,
        seasons: Sequence[Season] = (),
        shown: Sequence[str] = (),
        limits: Sequence[Limit] = (),
        indicators: Sequence[Indicator] = (),
        title: str = "",
        folder: Path = Path(),
        themes: Sequence[str] = (),
        compared: Sequence[Compared] = (),
        compared_years: Sequence[int] = (),
        shown_years: Sequence[int] = (),
        balances: Sequence[Balance] = (),
        reading: str = "",
        reckoned: Sequence[str] = (),
        monthly_paths: bool = False,
        axes: Mapping[str, tuple[str, ...]] | None = None,
        units_apart: Mapping[str, str] | None = None,
        accounts: Scheme | None = None,
        versions: Sequence[Version] = (),
    ) -> None:
        self.planned: tuple[Planned, ...] = ()  # the lines of its plan document
        self.units_apart = dict(units_apart or {})
        self.axes = dict(axes or {})
        self.monthly_paths = monthly_paths
        self._compared, self.compared_years = tuple(compared), tuple(compared_years)
        self.shown_years, self.reading = tuple(shown_years), reading or _READING
        self.reckoned = tuple(sorted(reckoned))
        self.name, self.title, self.folder, self.themes = name, title, folder, tuple(themes)
        self.indicators = {indicator.name: indicator for indicator in indicators}
        self.blocks, self.phases, self.seasons = tuple(blocks), tuple(phases), tuple(seasons)
        self.opening, self.shown, self.limits = opening, tuple(shown), tuple(limits)
        self._parameters = {c.name: dict(c.parameters.declared) for c in blocks}
        self._levers = {lever.name: lever for c in blocks for lever in c.levers}
        self._switches = {switch.name: switch for c in blocks for switch in c.switches}
        # Of what is spread along an axis that scenarios may choose, a scenario speaks by its bare name.
        self.versions = {version.key: version for version in versions}
        self._bare = [c.bare or c.declared for c in blocks]
        self._inputs = {series.name: series for d in self._bare for series in d.inputs}
        self._variables = {v.name: v for d in self._bare for v in d.variables if v.recorded}
        held: dict[str, dict[str, Account]] = {c.name: {} for c in self.commodities()}
        for declared in self._bare:
            for account in declared.accounts:
                if account.kind == "stock":
                    held[account.commodity][account.name] = account
        self._stocks = {commodity: accounts for commodity, accounts in held.items() if accounts}

        drawn_up = balances or [Balance(c.name, c.name, c.unit) for c in self.commodities()]
        self.balances = {balance.name: balance for balance in drawn_up}
        self.accounts = None if accounts is None else Meanings(accounts, self)
        self.accounted: dict[str, Series] = {} if self.accounts is None else self.accounts.series

    @property
    def plain_name(self) -> str:
        """Its name without what is chosen of it."""
        return parted(self.name)[0]

    def parameters(self) -> dict[str, dict[str, Parameter]]:
        """Return the declared parameters: component name -> parameter name -> declaration."""
        return self._parameters

    def levers(self) -> dict[str, Lever]:
        """Return the levers of policy that decrees may set."""
        return self._levers

    @cached_property
    def published(self) -> frozenset[str]:
        """The names that the condition of a decree may read; those of levers have ``lever_`` before them too.

        A variable may have the name of a lever: the bare name is then the variable.
        """
        levers = self.levers()
        return frozenset([*self.recorded(), *CALENDAR, *levers, *(PREFIX + lever for lever in levers)])

    @cached_property
    def levers_for_all(self) -> dict[str, str]:
        """The levers that some function asks for once for all members, and the names of these functions."""
        found: dict[str, str] = {}
        for block in self.blocks:
            for function in block.functions:
                for name in asked_for_all(function):
                    lever = name if name in self._levers else name.removeprefix(PREFIX)
                    if lever in self._levers:
                        found.setdefault(lever, f"{block.name}.{function.name}")
        return found

    def switches(self) -> dict[str, Switch]:
        """Return the mechanisms that can be switched off."""
        return self._switches

    def inputs(self) -> dict[str, Input]:
        """Return the exogenous series that the economy reads."""
        return self._inputs

    def variables(self) -> dict[str, Variable]:
        """Return the declared variables that are not conserved."""
        return self._variables

    @property
    def shared(self) -> Shared:
        """All its blocks, with its axes and units."""
        shared = self.blocks[0].shared
        assert shared is not None  # an economy that was read has been put together
        return shared

    def constants(self) -> dict[str, Constant]:
        """Return the constants and tables by month, which no scenario changes."""
        shared = self.blocks[0].shared
        return {c.name: c for b in (shared.blocks if shared else self.blocks) for c in b.declared.constants}

    def stocks(self) -> dict[str, dict[str, Account]]:
        """Return the accounts that hold a stock: commodity -> account name -> declaration."""
        return self._stocks

    def commodities(self) -> Iterator[Commodity]:
        """Yield all commodities."""
        return (commodity for c in self.blocks for commodity in c.commodities)

    def flows(self) -> Iterator[Flow]:
        """Yield all flows."""
        return (flow for declared in self._bare for flow in declared.flows)

    @cached_property
    def parts(self) -> dict[str, tuple[Whole, str]]:
        """The rows of what is spread along an axis, by name: of what, and its label."""
        shared = self.blocks[0].shared if self.blocks else None
        wholes = shared.wholes.values() if shared else ()
        return {
            name: (w, label)
            for w in wholes
            if w.kind != "state"
            for name, label in zip(w.parts, w.labels, strict=True)
        }

    @property
    def inputs_of_labels(self) -> dict[str, Input]:
        """The inputs that a scenario may give for a label, in the place of that of the country."""
        return {i.name: i for c in self.blocks for i in c.inputs if i.name not in self._inputs}

    @property
    def more_of_labels(self) -> Mapping[str, Mapping[str, float]]:
        """What inputs have at a label beyond those of the country, by name and date."""
        shared = self.blocks[0].shared if self.blocks else None
        return shared.more if shared else {}

    def of_country(self, name: str) -> str:
        """Return the input of the country that stands in for one of a label; another is itself."""
        shared = self.blocks[0].shared if self.blocks else None
        return shared.inputs.get(name, name) if shared else name

    @property
    def compared(self) -> tuple[Compared, ...]:
        """By what scenarios are compared: what the economy says, or else what a run of it shows."""
        if self._compared:
            return self._compared
        return tuple(Compared(name, self.meaning(name), self.unit_of(name), (name,)) for name in self.shown)

    def meaning(self, name: str) -> str:
        """Return what a recorded quantity is, in words."""
        if name in self.indicators:
            return self.indicators[name].title
        if name in self.variables():
            return self.variables()[name].meaning
        if name in self.parts:
            whole, label = self.parts[name]
            return f"{whole.meaning}, {label.replace('_', ' ')}"
        if name in self.accounted:
            return self.accounted[name].meaning
        flows = {flow.name: flow.meaning for flow in self.flows()}
        held = {f"{c}_{a}": one.meaning for c, group in self.stocks().items() for a, one in group.items()}
        return (flows | held).get(name, name)

    def quantity(self, name: str, on_a_day: bool = False) -> Indicator:
        """Return an indicator, or make one of a stock, flow or variable.

        A variable is averaged over a span, and read like a stock on a day.
        """
        if name in self.indicators:
            return self.indicators[name]
        whole, _ = self.parts.get(name, (None, ""))
        if whole is not None and whole.kind != "variable":
            return Indicator(name, name, "", "flow" if whole.kind == "flow" else "stock", (name,))
        if whole is not None or name in self.variables():
            unit = whole.unit if whole is not None else self.variables()[name].unit
            return Indicator(name, name, unit, "stock" if on_a_day else "average", (name,))
        if name in self.accounted:
            of = self.accounted[name]
            averaged = of.kind == "variable" and not on_a_day
            measure: Measure = "flow" if of.kind == "flow" else "average" if averaged else "stock"
            return Indicator(name, name, of.unit, measure, (name,))
        is_flow = any(flow.name == name for flow in self.flows())
        return Indicator(name, name, "", "flow" if is_flow else "stock", (name,))

    def bases(self, indicator: Indicator) -> set[int]:
        """Return the years without which an indicator has no value: of its prices, and where it is one."""
        prices = {self.accounted[part].base for part in indicator.made_of if part in self.accounted}
        return {year for year in (indicator.base_year, *prices) if year is not None}

    def answering(self, own: Iterable[Indicator]) -> Economy:
        """Return the economy with more indicators: those by which it answers to figures of a user's own."""
        found = copy(self)
        found.indicators = {**self.indicators, **{indicator.name: indicator for indicator in own}}
        return found

    def unit_of(self, name: str) -> str:
        """Return the unit of anything that can be observed; of a flow, that of what moves."""
        return self._units.get(name) or self.quantity(name).unit

    @cached_property
    def _units(self) -> dict[str, str]:
        """The units of stocks and flows: those of their commodities."""
        units = {commodity.name: commodity.unit for commodity in self.commodities()}
        moved = {flow.name: units[flow.commodity] for flow in self.flows()}
        moved |= {f"{c}_{account}": units[c] for c, group in self.stocks().items() for account in group}
        return moved | {name: whole.unit for name, (whole, _) in self.parts.items()}

    def prices(self, quantity: str | Indicator) -> str:
        """Return at what prices a quantity is: what its indicator says, or the units of its parts do.

        Returns
        -------
        str
            A word of :mod:`planmodel.documented.prices`; empty if it is no value.

        Raises
        ------
        UserError
            If its parts are at several prices, or are indices, and it does not say its own.
        """
        indicator = self.quantity(quantity) if isinstance(quantity, str) else quantity
        if indicator.prices:
            return indicator.prices
        units = dict.fromkeys(self.unit_of(part) for part in indicator.made_of)
        found = sorted({self.shared.units.prices(unit) for unit in units} - {""})
        if len(found) > 1 or any(unit.startswith("index ") for unit in units):
            made_of = f"money at several prices ({', '.join(found)})" if len(found) > 1 else "indices"
            file = self.folder / "indicators.csv"
            raise UserError(
                f"{file}: {indicator.name}: is made of {made_of}; allowed: to say them in the column prices, "
                "or none"
            )
        return found[0] if found else ""

    def quantities(self) -> set[str]:
        """Return the names of all that can be observed: what is recorded, and the indicators."""
        return {*self.recordable(), *self.indicators}

    def recordable(self) -> Iterator[str]:
        """Yield the names of all stocks, flows, variables and series of accounts that a run can record."""
        yield from self.recorded()
        yield from self.accounted

    def recorded(self) -> Iterator[str]:
        """Yield the names of all stocks, flows and variables, which are written down month by month."""
        untold = {whole.name for whole, _ in self.parts.values() if not whole.recorded}
        for commodity, accounts in self.stocks().items():
            yield from (f"{commodity}_{account}" for account in accounts)
        yield from (flow.name for flow in self.flows())
        yield from (name for name in self.variables() if name not in untold)
        yield from self.parts
