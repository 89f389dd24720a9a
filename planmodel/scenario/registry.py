"""All components, and all that they declare: the one place that knows what the model is made of.

The functions speak of the whole model. The smaller systems stand beside it, each with its own components.
"""

from __future__ import annotations

from planmodel.engine import Component
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
from planmodel.plausibility import LIMITS
from planmodel.policy.centre import Centre
from planmodel.policy.plan import Plan
from planmodel.policy.state import State
from planmodel.policy.state_grain import StateGrain
from planmodel.scenario.declarations import Declarations
from planmodel.sectors.agriculture.cropping import Cropping
from planmodel.sectors.agriculture.draught import Draught
from planmodel.sectors.agriculture.effort import Effort
from planmodel.sectors.agriculture.kolkhoz import Kolkhoz
from planmodel.sectors.agriculture.livestock import Livestock
from planmodel.sectors.agriculture.plots import Plots
from planmodel.sectors.agriculture.tractors import Tractors
from planmodel.sectors.calendar import BASE, PHASES, SEASONS
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
from planmodel.systems import cadres_of_25000, kuzbass, labour_process, magnitogorsk

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

SYSTEMS: dict[str, Declarations] = {
    name: Declarations(name, system.COMPONENTS, system.PHASES, system.OPENING, shown=system.SHOWN)
    for name, system in (
        ("magnitogorsk", magnitogorsk),
        ("kuzbass", kuzbass),
        ("labour_process", labour_process),
        ("cadres_of_25000", cadres_of_25000),
    )
}
