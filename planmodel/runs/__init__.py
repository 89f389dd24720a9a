"""Running: members from a design, in chunks by workers, into memory or a folder that survives a crash.

:func:`planmodel.runs.evaluate.evaluate` runs one member for each set of values and returns what was observed.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

# Imported when first asked for: one history needs neither designs (SciPy) nor chunks (HDF5, Dask).
_HOME = {
    "load": ("Plan", "ensemble_files", "load_ensemble", "make_plan"),
    "members": ("Members",),
    "observe": ("Observation",),
    "opening": ("open_ensemble", "read_design", "read_member", "read_reduced", "read_scenario", "verify"),
    "record": ("Reduction",),
    "schema": ("Ensemble", "Keep", "Vary"),
    "sweep": ("Progress", "Sweep", "run_ensemble"),
    "workers": ("make_executor",),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOME.items():
        if name in names:
            return getattr(importlib.import_module(f"planmodel.runs.{module}"), name)
    raise AttributeError(f"module 'planmodel.runs' has no attribute '{name}'")
