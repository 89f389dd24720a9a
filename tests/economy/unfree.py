"""A run in which the sizes of camps and courts differ, and how it is read: for tests of the unfree."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import xarray as xr
from one_country import ECONOMY

from planmodel.engine import Array, total
from planmodel.runs.observe import observe
from planmodel.scenario import load_scenario

BLOCKS = {block.name: block for block in ECONOMY.blocks}
AXES = ECONOMY.axes
BASELINE = load_scenario("one_country")
SHORT = BASELINE.until(date(1928, 1, 31))
CONSTANTS = {
    c.name: float(c.value)  # type: ignore[arg-type]
    for block in ("labor_camps", "camp_output", "repression")
    for c in BLOCKS[block].declared.constants
}
DRAWN = 12


def drawn(component: str) -> dict[str, Array]:
    """Member 0 as in the scenario, the others anywhere within the bounds."""
    chance = np.random.default_rng(3)
    given = getattr(BASELINE.parameters, component).model_dump()
    return {
        name: np.concatenate([[given[name]], chance.uniform(*p.bounds, DRAWN)])
        for name, p in ECONOMY.parameters()[component].items()
    }


def values(dataset: xr.Dataset, name: str) -> Array:
    return np.asarray(dataset[name].values)


def added(dataset: xr.Dataset, kind: str, groups: object) -> Array:
    return total([values(dataset, f"{kind}_{group}") for group in groups])  # type: ignore[attr-defined]


def yearly(dataset: xr.Dataset, name: str, member: int = 0) -> pd.Series:
    series = dataset[name].isel(member=member).to_series()
    return series.groupby(pd.DatetimeIndex(series.index).year).sum()


def seen(dataset: xr.Dataset, name: str, start: str, end: str | None = None) -> float:
    found = observe(dataset, ECONOMY.indicators[name], pd.Timestamp(start), pd.Timestamp(end or start))
    assert found is not None
    return float(found[0])
