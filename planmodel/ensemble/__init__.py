"""Ensembles: members from a design, run in chunks by workers, kept in a folder that survives a crash.

In memory, :func:`evaluate` runs one member for each set of values and returns what was observed.
"""

from planmodel.ensemble.load import Plan, ensemble_files, load_ensemble, make_plan
from planmodel.ensemble.opening import (
    open_ensemble,
    read_design,
    read_member,
    read_reduced,
    read_scenario,
    verify,
)
from planmodel.ensemble.record import Reduction
from planmodel.ensemble.schema import Ensemble, Keep, Vary
from planmodel.ensemble.sweep import Progress, Sweep, run_ensemble
from planmodel.runs.evaluate import evaluate
from planmodel.runs.members import Members
from planmodel.runs.observe import Observation
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
    "evaluate",
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
