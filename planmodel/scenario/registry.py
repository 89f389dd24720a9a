"""All components, and all that they declare: the one place that knows what the model is made of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from planmodel.flows.accumulation import Accumulation
from planmodel.flows.collectivisation import Collectivisation
from planmodel.flows.kolkhoz_market import KolkhozMarket
from planmodel.flows.labour import Labour
from planmodel.flows.migration import Migration
from planmodel.flows.payments import Payments
from planmodel.flows.price_scissors import PriceScissors
from planmodel.flows.procurement import Procurement
from planmodel.flows.repression import Repression
from planmodel.flows.trade import Trade
from planmodel.kernel import Account, Commodity, Component, Flow, Input, Lever, Parameter, Switch, Variable
from planmodel.policy.centre import Centre
from planmodel.policy.plan import Plan
from planmodel.policy.state import State
from planmodel.policy.state_grain import StateGrain
from planmodel.sectors.agriculture.cropping import Cropping
from planmodel.sectors.agriculture.draught import Draught
from planmodel.sectors.agriculture.effort import Effort
from planmodel.sectors.agriculture.kolkhoz import Kolkhoz
from planmodel.sectors.agriculture.livestock import Livestock
from planmodel.sectors.agriculture.plots import Plots
from planmodel.sectors.agriculture.tractors import Tractors
from planmodel.sectors.camp_output import CampOutput
from planmodel.sectors.capital import Capital
from planmodel.sectors.consumer_goods import ConsumerGoods
from planmodel.sectors.heavy_industry import HeavyIndustry
from planmodel.sectors.labor_camps import LaborCamps
from planmodel.sectors.metal import Metal
from planmodel.sectors.nutrition import Nutrition
from planmodel.sectors.population import Population
from planmodel.sectors.products import Products
from planmodel.sectors.towns import Towns
from planmodel.sectors.transport import Transport
from planmodel.sectors.workforce import Workforce

COMPONENTS: tuple[type[Component], ...] = (
    Population,
    Cropping,
    Tractors,
    Draught,
    Effort,
    Kolkhoz,
    Plots,
    Livestock,
    Nutrition,
    Towns,
    Capital,
    Workforce,
    Metal,
    HeavyIndustry,
    Transport,
    ConsumerGoods,
    Products,
    LaborCamps,
    CampOutput,
    Repression,
    Collectivisation,
    Procurement,
    KolkhozMarket,
    Migration,
    Labour,
    Accumulation,
    Trade,
    PriceScissors,
    Payments,
    Plan,
    Centre,
    State,
    StateGrain,
)


@cache
def parameters() -> dict[str, dict[str, Parameter]]:
    """Return the declared parameters: component name -> parameter name -> declaration."""
    return {c.name: dict(c.parameters.declared) for c in COMPONENTS}


@cache
def levers() -> dict[str, Lever]:
    """Return the levers of policy that decrees may set."""
    return {lever.name: lever for c in COMPONENTS for lever in c.levers}


@cache
def switches() -> dict[str, Switch]:
    """Return the mechanisms that can be switched off."""
    return {switch.name: switch for c in COMPONENTS for switch in c.switches}


@cache
def inputs() -> dict[str, Input]:
    """Return the exogenous series that the model reads."""
    return {series.name: series for c in COMPONENTS for series in c.inputs}


@cache
def variables() -> dict[str, Variable]:
    """Return the declared variables that are not conserved."""
    return {variable.name: variable for c in COMPONENTS for variable in c.variables}


@cache
def stocks() -> dict[str, dict[str, Account]]:
    """Return the accounts that hold a stock: commodity -> account name -> declaration."""
    found: dict[str, dict[str, Account]] = {c.name: {} for c in commodities()}
    for component in COMPONENTS:
        for account in component.accounts:
            if account.kind == "stock":
                found[account.commodity][account.name] = account
    return {commodity: accounts for commodity, accounts in found.items() if accounts}


def commodities() -> Iterator[Commodity]:
    """Yield all commodities."""
    return (commodity for c in COMPONENTS for commodity in c.commodities)


def flows() -> Iterator[Flow]:
    """Yield all flows."""
    return (flow for c in COMPONENTS for flow in c.flows)


def recordable() -> Iterator[str]:
    """Yield the names of all stocks, flows and variables that a run can record."""
    for commodity, accounts in stocks().items():
        yield from (f"{commodity}_{account}" for account in accounts)
    yield from (flow.name for flow in flows())
    yield from variables()
