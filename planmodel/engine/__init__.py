"""The engine: calendar, ledger, rationing, random draws, recorder and parameters.

It knows nothing of the USSR and imports nothing of planmodel outside this folder; another economy could
run on it. Every quantity has a member axis: one run is an ensemble of one.
"""

from planmodel.engine.board import Board, Variable
from planmodel.engine.books import Account, Commodity, Flow
from planmodel.engine.clock import Clock, Phase, Season, every
from planmodel.engine.component import Component, Context, Input, Lever, Series, Switch
from planmodel.engine.draws import Draws
from planmodel.engine.errors import (
    ConservationError,
    DeclarationError,
    EquationError,
    NegativeStockError,
    PlanmodelError,
    ProcessError,
    StateError,
    UserError,
)
from planmodel.engine.events import EventLog
from planmodel.engine.ledger import Ledger
from planmodel.engine.parameters import Parameter, Parameters, parameter
from planmodel.engine.rationing import by_priority, proportional
from planmodel.engine.recorder import Recorder
from planmodel.engine.simulation import Simulation
from planmodel.engine.state import State
from planmodel.engine.types import Array, Mask, total

__all__ = [
    "Account",
    "Array",
    "Board",
    "Clock",
    "Commodity",
    "Component",
    "ConservationError",
    "Context",
    "DeclarationError",
    "Draws",
    "EquationError",
    "EventLog",
    "Flow",
    "Input",
    "Ledger",
    "Lever",
    "Mask",
    "NegativeStockError",
    "Parameter",
    "Parameters",
    "Phase",
    "PlanmodelError",
    "ProcessError",
    "Recorder",
    "Season",
    "Series",
    "Simulation",
    "State",
    "StateError",
    "Switch",
    "UserError",
    "Variable",
    "by_priority",
    "every",
    "parameter",
    "proportional",
    "total",
]
