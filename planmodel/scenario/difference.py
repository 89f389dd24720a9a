"""What one scenario says otherwise than another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planmodel.scenario.schema import Scenario


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

    Returns
    -------
    DataFrame
        Columns key, first, second; None where a scenario does not have the key.
    """
    left, right = (flatten(s.model_dump(exclude_none=True)) for s in (first, second))
    keys = [k for k in sorted(left.keys() | right.keys()) if left.get(k) != right.get(k)]
    rows = [(k, left.get(k), right.get(k)) for k in keys]
    # As objects: in a column of numbers pandas would make NaN of None.
    return pd.DataFrame(rows, columns=["key", "first", "second"], dtype=object)
