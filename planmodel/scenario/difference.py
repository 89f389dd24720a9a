"""What one scenario says otherwise than another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planmodel.scenario.exogenous import read_series
from planmodel.scenario.explain import shown
from planmodel.scenario.schema import Scenario
from planmodel.scenario.sections import Exogenous

_ORIGIN = ("series", "version", "territory", "kind")


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested tables as dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping) and value:
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def difference(first: Scenario, second: Scenario) -> pd.DataFrame:
    """Return the keys in which two scenarios differ.

    Where a series is read from the record in one and given in the other, or from another version, its values
    are set side by side, so that the years which change can be seen.

    Returns
    -------
    DataFrame
        Columns key, first, second; None where a scenario does not have the key.
    """
    left, right = (flatten(s.model_dump(exclude_none=True, exclude={"data"})) for s in (first, second))
    left |= {f"data.{file}": f"SHA-256 {digest[:12]}" for file, digest in first.data_hashes.items()}
    right |= {f"data.{file}": f"SHA-256 {digest[:12]}" for file, digest in second.data_hashes.items()}
    for name in sorted(first.declared.inputs().keys() & second.declared.inputs().keys()):
        if _origin(first, name) != _origin(second, name):
            left |= _values(first, name)
            right |= _values(second, name)
    keys = [k for k in sorted(left.keys() | right.keys()) if left.get(k) != right.get(k)]
    rows = [(k, left.get(k), right.get(k)) for k in keys]
    # As objects: in a column of numbers pandas would make NaN of None.
    return pd.DataFrame(rows, columns=["key", "first", "second"], dtype=object)


def series_changes(base: Scenario, scenario: Scenario) -> list[str]:
    """Say in a line each what a scenario changes in exogenous series, sources apart."""
    rows = difference(base, scenario).itertuples(index=False)
    return [
        f"{key}: {'none' if before is None else shown(before)} -> {'none' if after is None else shown(after)}"
        for key, before, after in rows
        if str(key).startswith("exogenous.") and not str(key).endswith((".source", ".evidence"))
    ]


def _origin(scenario: Scenario, name: str) -> tuple[str | None, ...]:
    entry = getattr(scenario.exogenous, name)
    return tuple(getattr(entry, key) for key in _ORIGIN)


def _values(scenario: Scenario, name: str) -> dict[str, float]:
    """Return the values of a series under the keys that they have where they are given."""
    entry: Exogenous = getattr(scenario.exogenous, name)
    series = read_series(name, entry, scenario.declared.inputs()[name].unit, scenario.documented)
    return {f"exogenous.{name}.values.{figure.label}": figure.value for figure in series}
