"""Values of a result as rows, for other programs: one row a member and year, or month."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine.errors import UserError
from planmodel.results.files import Writable
from planmodel.scenario.names import hint
from planmodel.show.content import Table, table
from planmodel.show.notebook import fragment
from planmodel.show.numbers import unit_of

if TYPE_CHECKING:
    from planmodel.results.result import Result


@dataclass(frozen=True, repr=False)
class Values(Writable):
    """Rows of values, with what each column is."""

    frame: pd.DataFrame
    labels: Mapping[str, str]

    def shown(self) -> Table:
        """Return the rows as they are printed."""
        return table(self.frame, {str(name): str(name) for name in self.frame.columns})

    def __repr__(self) -> str:
        rows, columns = self.frame.shape
        return f"<{rows} rows of {columns} columns: {', '.join(map(str, self.frame.columns[:6]))}, ...>"

    def _repr_html_(self) -> str:
        few = Values(self.frame.iloc[:10, :10], self.labels)
        return fragment(few.shown(), [repr(self)[1:-1]])


def values(result: Result, names: str | Collection[str] | None = None, monthly: bool = False) -> Values:
    """Return values as rows: see :meth:`planmodel.results.result.Result.values`."""
    economy = result.scenario.declared
    if names is None:
        compared = economy.indicators or economy.shown
        here = result.data.data_vars if monthly else result._names
        names = [name for name in compared if name in here]
    names = [names] if isinstance(names, str) else list(names)
    return _rows(_by_month(result, names), "date") if monthly else _rows(result.annual(names), "year")


def _by_month(result: Result, names: list[str]) -> xr.Dataset:
    held = [str(name) for name in result.data.data_vars]
    for name in names:
        if name not in held:
            raise UserError(f"'{name}': the run has no such quantity by month{hint(name, held)}")
    days = pd.DatetimeIndex(result.data["time"].values).strftime("%Y-%m-%d")
    return result.data[names].assign_coords(time=days).rename(time="date")


def _rows(dataset: xr.Dataset, what: str) -> Values:
    """Return one row a member and date."""
    members, dates = dataset["member"].values, dataset[what].values
    columns = {
        "member": np.repeat(np.asarray(members, dtype="int32"), len(dates)),
        what: np.tile(np.asarray(dates, dtype="int32" if what == "year" else object), len(members)),
    }
    labels = {"member": "number of the history; 0 is the central one", what: what}
    for name, variable in dataset.data_vars.items():
        columns[str(name)] = variable.transpose("member", what).values.ravel()
        labels[str(name)] = f"{variable.attrs['long_name']}, {unit_of(str(variable.attrs['units']))}"
    return Values(pd.DataFrame(columns), labels)
