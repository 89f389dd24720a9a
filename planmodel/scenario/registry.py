"""All components, and all that they declare: the one place that knows what the model is made of.

The functions speak of the whole model. The smaller systems stand beside it, each with its own components.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

import planmodel
from planmodel.economies import soviet
from planmodel.engine import Component, UserError
from planmodel.engine.equations import Block
from planmodel.scenario.declarations import Declarations
from planmodel.scenario.folder import FILE, read_economy
from planmodel.scenario.names import near

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

_FOLDER = Path(planmodel.__file__).parent / "economies"
DEFAULT = "soviet"


def economies() -> dict[str, Path]:
    """Return the folders of the ready economies by name; the whole model comes first."""
    found = {file.parent.name: file.parent for file in sorted(_FOLDER.glob(f"*/{FILE}"))}
    return {DEFAULT: found.pop(DEFAULT), **found}


@cache
def economy(name: str = DEFAULT) -> Declarations:
    """Return an economy: a ready one by name, or one in a folder by the path of that.

    Raises
    ------
    UserError
        If there is none, or what its folder holds is not right.
    """
    ready = economies()
    if name == DEFAULT:
        return read_economy(ready[name], name, COMPONENTS)
    if name in ready:
        return read_economy(ready[name], name, _old(name))
    folder = Path(name)
    if not (folder / FILE).is_file():
        known = near(name, ready) or f"; allowed: {', '.join(ready)}, or a folder with {FILE}"
        raise UserError(f"economy: none is called '{name}'{known}")
    return read_economy(folder.resolve(), str(folder.resolve()))


def _old(name: str) -> tuple[type[Component] | Block, ...] | None:
    """Return the components of a smaller system that is not equations yet."""
    if (_FOLDER / name / "equations.py").is_file():
        return None
    old: tuple[type[Component] | Block, ...] = importlib.import_module(f"planmodel.systems.{name}").COMPONENTS
    return old


MODEL: Declarations = economy()
parameters = MODEL.parameters
levers = MODEL.levers
switches = MODEL.switches
inputs = MODEL.inputs
variables = MODEL.variables
stocks = MODEL.stocks
commodities = MODEL.commodities
flows = MODEL.flows
recordable = MODEL.recordable


SYSTEMS: dict[str, Declarations] = {name: economy(name) for name in economies() if name != DEFAULT}
