"""An economy by its parts, and all that these declare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from planmodel.engine import (
    Account,
    Commodity,
    Component,
    Flow,
    Input,
    Lever,
    Parameter,
    Phase,
    Season,
    Switch,
    Variable,
)
from planmodel.engine.equations import Block
from planmodel.engine.limits import Limit


class Declarations:
    """The components of an economy, its calendar, and what a scenario of it may set.

    Parameters
    ----------
    name
        Of a smaller system; empty for the whole model.
    components
        Classes of the components.
    phases, seasons
        Its month and its year: see :class:`planmodel.engine.Clock`.
    opening
        The day, the first of a month, of which the declared values of variables are: a scenario begins then.
    shown
        Names of the quantities that a run shows where no record is compared with.
    limits
        Limits of plausibility, which mark the members that leave them.
    """

    def __init__(
        self,
        name: str,
        components: Sequence[type[Component] | Block],
        phases: Sequence[Phase],
        opening: date,
        seasons: Sequence[Season] = (),
        shown: Sequence[str] = (),
        limits: Sequence[Limit] = (),
    ) -> None:
        self.name = name
        self.components, self.phases, self.seasons = tuple(components), tuple(phases), tuple(seasons)
        self.opening, self.shown, self.limits = opening, tuple(shown), tuple(limits)
        self._parameters = {c.name: dict(c.parameters.declared) for c in components}
        self._levers = {lever.name: lever for c in components for lever in c.levers}
        self._switches = {switch.name: switch for c in components for switch in c.switches}
        self._inputs = {series.name: series for c in components for series in c.inputs}
        self._variables = {v.name: v for c in components for v in c.variables if v.recorded}
        held: dict[str, dict[str, Account]] = {c.name: {} for c in self.commodities()}
        for component in components:
            for account in component.accounts:
                if account.kind == "stock":
                    held[account.commodity][account.name] = account
        self._stocks = {commodity: accounts for commodity, accounts in held.items() if accounts}

    def parameters(self) -> dict[str, dict[str, Parameter]]:
        """Return the declared parameters: component name -> parameter name -> declaration."""
        return self._parameters

    def levers(self) -> dict[str, Lever]:
        """Return the levers of policy that decrees may set."""
        return self._levers

    def switches(self) -> dict[str, Switch]:
        """Return the mechanisms that can be switched off."""
        return self._switches

    def inputs(self) -> dict[str, Input]:
        """Return the exogenous series that the economy reads."""
        return self._inputs

    def variables(self) -> dict[str, Variable]:
        """Return the declared variables that are not conserved."""
        return self._variables

    def stocks(self) -> dict[str, dict[str, Account]]:
        """Return the accounts that hold a stock: commodity -> account name -> declaration."""
        return self._stocks

    def commodities(self) -> Iterator[Commodity]:
        """Yield all commodities."""
        return (commodity for c in self.components for commodity in c.commodities)

    def flows(self) -> Iterator[Flow]:
        """Yield all flows."""
        return (flow for c in self.components for flow in c.flows)

    def recordable(self) -> Iterator[str]:
        """Yield the names of all stocks, flows and variables that a run can record."""
        for commodity, accounts in self.stocks().items():
            yield from (f"{commodity}_{account}" for account in accounts)
        yield from (flow.name for flow in self.flows())
        yield from self.variables()
