"""One entry of an exogenous series laid over another: one year changed changes one year.

The same for a file over what it extends, for ``--set``, ``[changes]`` and Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from planmodel.engine.parameters import Evidence
from planmodel.engine.units import UnitError, convert

# What says which figures are read: another series does not keep the version of the last.
_ORIGIN = ("series", "version", "territory", "kind", "unit", "source", "evidence")
# From the strongest to the weakest: a table of mixed origin is as sure as its weakest value.
_EVIDENCE: tuple[str, ...] = get_args(Evidence)
_NO_SOURCE = "changed, without a source"


def lay_series(below: Any, above: Any) -> Any:
    """Return one entry laid over another.

    Values go year by year and keep unit, reading, scale and the other years. ``replace = true``, and a change
    from values to a series of the record or back, take the upper entry whole. What is no table is left for
    the schema to refuse.
    """
    if not isinstance(above, Mapping):
        return above
    top = {key: value for key, value in above.items() if key != "replace" or not isinstance(value, bool)}
    if not isinstance(below, Mapping) or above.get("replace") is True or _another_origin(below, top):
        return top
    if "series" in top:
        return {key: value for key, value in below.items() if key not in _ORIGIN} | top
    merged = dict(below) | top
    old, new = below.get("values"), top.get("values")
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        converted = _converted(new, top.get("unit"), below.get("unit"))
        if converted is not None:
            new, merged["unit"] = converted, below.get("unit")
        merged["values"] = {**old, **new}
        if "source" not in top or not set(old) <= set(new):  # something is left of what stands below
            merged |= _mixed(below, top, new)
    return merged


def _another_origin(below: Mapping[str, Any], top: Mapping[str, Any]) -> bool:
    """Whether values take the place of a series of the record, or the other way round."""
    return any(
        one in top and other in below and other not in top
        for one, other in (("series", "values"), ("values", "series"))
    )


def _converted(values: Mapping[str, Any], unit: Any, wanted: Any) -> Mapping[str, Any] | None:
    """Return values in the unit of those below; None where that cannot be, and the schema is to refuse."""
    if unit is None or unit == wanted:
        return values
    if not all(type(value) in (int, float) for value in values.values()):
        return None
    try:
        return {key: convert(value, unit, wanted) for key, value in values.items()}
    except (UnitError, TypeError, ValueError, OverflowError):  # no unit, or no finite number
        return None


def _mixed(below: Mapping[str, Any], top: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return source and evidence of a table of which some values have another source."""
    dates = sorted(map(str, changed))
    when = ", ".join(dates) if len(dates) <= 4 else f"{len(dates)} values, {dates[0]} to {dates[-1]}"
    before, said = below.get("source"), top.get("source", _NO_SOURCE)
    grades = [below.get("evidence"), top.get("evidence", _EVIDENCE[-1])]
    found: dict[str, Any] = {}
    if isinstance(before, str) and isinstance(said, str):
        found["source"] = f"{before.rstrip('. ')}; {when}: {said}"
    if all(grade in _EVIDENCE for grade in grades):
        found["evidence"] = max(grades, key=_EVIDENCE.index)
    return found
