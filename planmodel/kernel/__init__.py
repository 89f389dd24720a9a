"""The kernel: calendar, ledger, rationing, random draws, recorder and parameters.

It knows nothing of the USSR and imports nothing of planmodel outside this folder; another economy could
run on it. Every quantity has a member axis: one run is an ensemble of one.
"""

from planmodel.kernel.board import Board, Variable
from planmodel.kernel.books import Account, Commodity, Flow
from planmodel.kernel.clock import Clock, Phase, Season, every
from planmodel.kernel.component import Component, Context, Input, Lever, Series, Switch
from planmodel.kernel.draws import Draws
from planmodel.kernel.errors import (
    ConservationError,
    DeclarationError,
    EquationError,
    NegativeStockError,
    PlanmodelError,
    ProcessError,
    UserError,
)
from planmodel.kernel.events import EventLog
from planmodel.kernel.ledger import Ledger
from planmodel.kernel.parameters import Parameter, Parameters, parameter
from planmodel.kernel.rationing import by_priority, proportional
from planmodel.kernel.recorder import Recorder
from planmodel.kernel.simulation import Simulation
from planmodel.kernel.types import Array, Mask, total

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
    "Switch",
    "UserError",
    "Variable",
    "by_priority",
    "every",
    "parameter",
    "proportional",
    "total",
]
