"""An ensemble without the model: a program for tests that kill it, and the stand-in for the model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.runs import load_ensemble, run_ensemble
from planmodel.runs.task import Task

YEARS = pd.date_range("1928-12-31", "1930-12-31", freq="YE")
KEYS = ("parameters.cropping.harvest_1928", "parameters.cropping.seed_rate", "parameters.plan.push")


def stub(_: Task, part: Any) -> xr.Dataset:
    """Return of each member what its row says."""
    rows = np.stack([part.values[key] for key in KEYS], axis=1)
    variables = {"row": (("member", "time"), rows), "number": ("member", part.numbers)}
    return xr.Dataset(variables, {"member": part.members, "time": YEARS})


def text(members: int, design: str = "lhs") -> str:
    """Return a configuration."""
    head = f'design = "{design}"\nmembers = {members}\nseed = 3\n[vary]\n'
    return head + "".join(f'"{key}" = {{ around = 0.05 }}\n' for key in KEYS)


def main(configuration: str, out: str, workers: str) -> None:
    """Run with the stub; processes are forked, so that they have it too."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    Task.run = stub  # type: ignore[assignment, method-assign]
    plan = load_ensemble(configuration)
    if workers == "1":
        run_ensemble(plan, Path(out), chunk=50)
        return
    with ProcessPoolExecutor(int(workers), get_context("fork")) as executor:
        run_ensemble(plan, Path(out), chunk=50, executor=executor)


if __name__ == "__main__":
    main(*sys.argv[1:])
