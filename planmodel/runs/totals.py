"""What was recorded, added up by month: sums of parts, and indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import xarray as xr

from planmodel.engine import Array, total
from planmodel.engine.memory import room
from planmodel.scenario.indicators import NOT_MONTHLY, Indicator

_BLOCK = 128  # members


class Holds(Protocol):
    """What holds variables by name: a dataset, or what will be one."""

    @property
    def variables(self) -> Mapping[Any, xr.Variable]:
        """The variables."""
        ...


class Joined(NamedTuple):
    """Variables that will be a dataset."""

    variables: Mapping[Any, xr.Variable]


def monthly(dataset: Holds, indicator: Indicator, parts: tuple[str, ...] | None = None) -> Array:
    """Return the monthly total of an indicator's parts, shape ``(members, months)``."""
    added = indicator.parts if parts is None else parts
    less = indicator.less if parts is None or parts == indicator.parts else ()
    rows, taken_off = ([_held(dataset, name) for name in names] for names in (added, less))
    found = room(rows[0].size).reshape(rows[0].shape)
    # Recorded is by month, found by member: some members at a time, so that memory is crossed in the cache.
    for first in range(0, len(found), _BLOCK):
        some = slice(first, first + _BLOCK)
        block = rows[0][some].copy(order="K")
        for row in rows[1:]:
            block += row[some]
        for row in taken_off:
            block -= row[some]
        found[some] = block
    return found


def with_indicators(
    dataset: xr.Dataset,
    indicators: Mapping[str, Indicator],
    accounts: Mapping[str, xr.Variable] | None = None,
) -> xr.Dataset:
    """Return the dataset with all indicators whose parts were recorded (ratios apart).

    ``accounts`` are series reckoned from what was recorded: they are added too, and may be parts.
    """
    added = dict(accounts or {})
    held = Joined({**dataset.variables, **added})
    for name, indicator in indicators.items():
        whole = all(part in held.variables for part in (*indicator.parts, *indicator.less))
        if name in held.variables or indicator.measure in NOT_MONTHLY or not whole:
            continue
        flow = indicator.measure == "flow"
        about = {
            "units": f"{indicator.unit} a month" if flow else indicator.unit,
            "long_name": indicator.title,
            "kind": "net flow" if indicator.less else "flow" if flow else "stock at the end of the month",
        }
        values = monthly(held, indicator)
        added[name] = xr.Variable(("member", "time"), values, about, fastpath=True)  # it is an array
    return dataset.assign(added)


def summed(dataset: xr.Dataset, parts: tuple[str, ...], months: Sequence[int]) -> Array:
    """Return sums of recorded parts in some months, shape ``(months, members)``."""
    return np.ascontiguousarray(total(_held(dataset, name)[:, list(months)].T for name in parts))


def _held(dataset: Holds, name: str) -> np.ndarray:
    """Return a recorded quantity, shape ``(members, months)``, also of a file, where time comes first."""
    # dataset[name] would put together a labelled array each time, at a hundred times the cost.
    variable = dataset.variables[name]
    if variable.dims[0] != "member":
        variable = variable.transpose("member", ...)
    return np.asarray(variable.values)
