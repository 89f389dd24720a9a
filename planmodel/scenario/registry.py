"""All components, and all that they declare: the one place that knows what the model is made of.

The functions speak of the whole model. The smaller systems stand beside it, each with its own components.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from planmodel.economies import cadres_of_25000, kuzbass, labour_process, magnitogorsk, soviet
from planmodel.engine import Component
from planmodel.engine.equations import Block
from planmodel.plausibility import LIMITS
from planmodel.scenario.declarations import Declarations
from planmodel.sectors.calendar import BASE, PHASES, SEASONS

# In the order in which a reader meets them: name, and the class of what is not yet a block of equations.
_PARTS = {
    "population": "sectors.population:Population",
    "cropping": "sectors.agriculture.cropping:Cropping",
    "tractors": "sectors.agriculture.tractors:Tractors",
    "draught": "sectors.agriculture.draught:Draught",
    "effort": "sectors.agriculture.effort:Effort",
    "kolkhoz": "sectors.agriculture.kolkhoz:Kolkhoz",
    "plots": "sectors.agriculture.plots:Plots",
    "livestock": "sectors.agriculture.livestock:Livestock",
    "nutrition": "sectors.nutrition:Nutrition",
    "towns": "sectors.towns:Towns",
    "capital": "sectors.capital:Capital",
    "workforce": "sectors.workforce:Workforce",
    "metal": "sectors.metal:Metal",
    "heavy_industry": "sectors.heavy_industry:HeavyIndustry",
    "transport": "sectors.transport:Transport",
    "consumer_goods": "sectors.consumer_goods:ConsumerGoods",
    "products": "sectors.products:Products",
    "labor_camps": "sectors.labor_camps:LaborCamps",
    "camp_output": "sectors.camp_output:CampOutput",
    "repression": "flows.repression:Repression",
    "collectivisation": "flows.collectivisation:Collectivisation",
    "procurement": "flows.procurement:Procurement",
    "kolkhoz_market": "flows.kolkhoz_market:KolkhozMarket",
    "migration": "flows.migration:Migration",
    "labour": "flows.labour:Labour",
    "accumulation": "flows.accumulation:Accumulation",
    "trade": "flows.trade:Trade",
    "price_scissors": "flows.price_scissors:PriceScissors",
    "payments": "flows.payments:Payments",
    "plan": "policy.plan:Plan",
    "centre": "policy.centre:Centre",
    "state": "policy.state:State",
    "state_grain": "policy.state_grain:StateGrain",
}


def _part(name: str) -> type[Component] | Block:
    """Return a block of equations, or the class of a part that is not one yet."""
    block = soviet.blocks().get(name)
    if block is not None and any(f.phase for f in block.functions):
        return block
    module, _, kind = _PARTS[name].partition(":")
    found: type[Component] = getattr(importlib.import_module(f"planmodel.{module}"), kind)
    return found


COMPONENTS: tuple[type[Component] | Block, ...] = tuple(_part(name) for name in _PARTS)

MODEL = Declarations("", COMPONENTS, PHASES, BASE, SEASONS, limits=LIMITS)
parameters = MODEL.parameters
levers = MODEL.levers
switches = MODEL.switches
inputs = MODEL.inputs
variables = MODEL.variables
stocks = MODEL.stocks
commodities = MODEL.commodities
flows = MODEL.flows
recordable = MODEL.recordable


def _system(economy: ModuleType) -> Declarations:
    """Return a smaller system, from its folder of equations."""
    name, blocks = economy.__name__.rpartition(".")[2], economy.blocks()
    return Declarations(name, tuple(blocks.values()), economy.PHASES, economy.BASE, shown=economy.SHOWN)


SYSTEMS: dict[str, Declarations] = {
    made.name: made for made in map(_system, (magnitogorsk, kuzbass, labour_process, cadres_of_25000))
}
