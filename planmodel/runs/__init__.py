"""Running: members from a design, in chunks by workers, into memory or a folder that survives a crash.

:func:`planmodel.runs.evaluate.evaluate` runs one member for each set of values and returns what was observed.
"""

from planmodel.runs.load import Plan, ensemble_files, load_ensemble, make_plan
from planmodel.runs.members import Members
from planmodel.runs.observe import Observation
from planmodel.runs.opening import (
    open_ensemble,
    read_design,
    read_member,
    read_reduced,
    read_scenario,
    verify,
)
from planmodel.runs.record import Reduction
from planmodel.runs.schema import Ensemble, Keep, Vary
from planmodel.runs.sweep import Progress, Sweep, run_ensemble
from planmodel.runs.workers import make_executor

__all__ = [
    "Ensemble",
    "Keep",
    "Members",
    "Observation",
    "Plan",
    "Progress",
    "Reduction",
    "Sweep",
    "Vary",
    "ensemble_files",
    "load_ensemble",
    "make_executor",
    "make_plan",
    "open_ensemble",
    "read_design",
    "read_member",
    "read_reduced",
    "read_scenario",
    "run_ensemble",
    "verify",
]
