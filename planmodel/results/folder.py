"""The result that a folder of ``planmodel run`` holds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planmodel.engine.errors import UserError
from planmodel.netcdf import read_netcdf
from planmodel.results.result import Result
from planmodel.scenario import load_scenario
from planmodel.storage import MANIFEST, read_manifest, verified

RESULTS, SCENARIO, EVENTS = "results.nc", "scenario.toml", "events.csv"


def open_result(folder: str | Path) -> Result:
    """Read the result of a run from its folder.

    Parameters
    ----------
    folder
        What ``planmodel run --out`` wrote.

    Raises
    ------
    UserError
        If the folder holds no run, or its files are not as they were written.
    """
    place = Path(folder)
    for name in (RESULTS, SCENARIO, EVENTS, MANIFEST):
        if not (place / name).is_file():
            raise UserError(f"{folder}: no {name} in it; allowed: the folder of a run")
    verified(place, read_manifest(place), RESULTS)
    try:
        data = read_netcdf(place / RESULTS)
        events = pd.read_csv(place / EVENTS)
    except Exception as error:  # of a damaged file a library raises anything
        raise UserError(f"{folder}: cannot be read: {error}") from None
    notes = tuple(line for line in str(data.attrs.get("notes", "")).splitlines() if line)
    scenario = load_scenario(place / SCENARIO)
    return Result(scenario, data, int(data.attrs.get("seed", 0)), events, notes)
