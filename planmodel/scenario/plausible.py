"""Values of exogenous series that are far from all that the series has ever had: mostly a slip of units."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from planmodel import documented
from planmodel.documented.vocabulary import NATIONAL
from planmodel.engine.units import UnitError, factor
from planmodel.scenario.exogenous import Overrides, read_series
from planmodel.scenario.load import baseline_of
from planmodel.scenario.schema import Scenario
from planmodel.scenario.sections import Exogenous


def plausibility_notes(scenario: Scenario, overrides: Overrides | None = None) -> list[str]:
    """Name the values that lie far outside what their series has had, in the record or the ready scenario.

    Parameters
    ----------
    scenario
        Whose series are looked at.
    overrides
        Values that differ between members, as :class:`planmodel.runs.history.History` takes them.

    Returns
    -------
    list of str
        One sentence a series, with the range. Far is more than the width of the range above it; below it as
        well, or, for a series that is never zero or less, by the ratio of its ends. Zero itself is never far.
    """
    return [note for name in scenario.declared.inputs() for note in _far(scenario, name, overrides or {})]


def _far(scenario: Scenario, name: str, overrides: Overrides) -> Iterator[str]:
    entry: Exogenous = getattr(scenario.exogenous, name)
    unit = scenario.declared.inputs()[name].unit
    low, high = _seen(scenario.economy, name)
    above = high + (high - low)
    below = low * low / high if low > 0.0 else low - (high - low)
    members = overrides.get(name, {})
    by = float(factor(entry.unit or unit, unit)) * entry.scale if members else 1.0
    far: list[tuple[float, str]] = []
    for figure in read_series(name, entry, unit, scenario.documented):
        value = figure.value * entry.scale
        values = np.asarray(members[figure.label]) * by if figure.label in members else value
        lowest, highest = float(np.min(values)), float(np.max(values))
        if highest > above or (lowest < below and lowest != 0.0):
            far.append((highest if highest > above else lowest, figure.label))
    if far:
        value, label = far[0]
        more = f" and for {len(far) - 1} more dates" if len(far) > 1 else ""
        yield (
            f"exogenous.{name}: {value:g} for {label}{more} is far from all that the series has had, "
            f"{low:g} to {high:g}; it is read in '{unit}'"
        )


@cache
def _seen(economy: str, name: str) -> tuple[float, float]:
    """Return lowest and highest value of a series in the baseline and in all versions of the record."""
    scenario = baseline_of(economy)
    entry: Exogenous = getattr(scenario.exogenous, name)
    unit = scenario.declared.inputs()[name].unit
    values = [figure.value * entry.scale for figure in read_series(name, entry, unit)]
    described = documented.variables()["unit"].to_dict()
    for variable in {name, entry.series or name} & set(described):
        try:
            by = float(factor(described[variable], unit))
        except UnitError:
            continue
        rows = documented.series(variable)
        whole = rows[rows["territory"].isin(NATIONAL)]  # parts of the country are smaller
        values += [by * value for value in whole["value"]]
    return min(values), max(values)
