"""planmodel: a discrete-event macro model of the Soviet planned economy, 1928-1940.

>>> import planmodel as pm
>>> base = pm.run("baseline", members=200, seed=1)  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planmodel import documented
    from planmodel.documented import Record
    from planmodel.engine.errors import UserError
    from planmodel.results.folder import open_result
    from planmodel.results.result import Result, run
    from planmodel.results.table import table
    from planmodel.runs import open_ensemble, run_ensemble
    from planmodel.runs.evaluate import evaluate
    from planmodel.scenario import Scenario
    from planmodel.scenario.load import load_scenario as load

    record: Record
__version__ = "0.1.0"
__all__ = [
    "Result",
    "Scenario",
    "UserError",
    "__version__",
    "documented",
    "evaluate",
    "load",
    "open_ensemble",
    "open_result",
    "record",
    "run",
    "run_ensemble",
    "table",
]

# Imported when first asked for, so that `import planmodel` and `planmodel --help` wait for nothing.
_HOME = {
    "Result": ("planmodel.results.result", "Result"),
    "Scenario": ("planmodel.scenario", "Scenario"),
    "UserError": ("planmodel.engine.errors", "UserError"),
    "evaluate": ("planmodel.runs.evaluate", "evaluate"),
    "load": ("planmodel.scenario.load", "load_scenario"),
    "open_ensemble": ("planmodel.runs", "open_ensemble"),
    "open_result": ("planmodel.results.folder", "open_result"),
    "record": ("planmodel.documented.catalogue", "BUILT_IN"),
    "run": ("planmodel.results.result", "run"),
    "run_ensemble": ("planmodel.runs", "run_ensemble"),
    "table": ("planmodel.results.table", "table"),
}


def __getattr__(name: str) -> Any:
    if name == "documented":
        return importlib.import_module("planmodel.documented")
    if name in _HOME:
        module, attribute = _HOME[name]
        return getattr(importlib.import_module(module), attribute)
    raise AttributeError(f"module 'planmodel' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
