"""planmodel: a discrete-event macro model of the Soviet planned economy, 1928-1940.

>>> from planmodel import load_scenario, run, documented
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planmodel import documented
    from planmodel.documented import Record
    from planmodel.runs import open_ensemble, run_ensemble
    from planmodel.runs.evaluate import evaluate
    from planmodel.runs.history import run
    from planmodel.scenario import Scenario, load_scenario

    record: Record
__version__ = "0.1.0"
__all__ = [
    "Scenario",
    "__version__",
    "documented",
    "evaluate",
    "load_scenario",
    "open_ensemble",
    "record",
    "run",
    "run_ensemble",
]

# Imported when first asked for, so that `planmodel --help` does not wait for NumPy and pandas.
_HOME = {
    "Scenario": "planmodel.scenario",
    "evaluate": "planmodel.runs.evaluate",
    "load_scenario": "planmodel.scenario",
    "open_ensemble": "planmodel.runs",
    "run": "planmodel.runs.history",
    "run_ensemble": "planmodel.runs",
}


def __getattr__(name: str) -> Any:
    if name == "documented":
        return importlib.import_module("planmodel.documented")
    if name == "record":
        return importlib.import_module("planmodel.documented.catalogue").BUILT_IN
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'planmodel' has no attribute '{name}'")
