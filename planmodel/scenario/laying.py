"""Laying one configuration over another: what differs is said, and the rest is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from planmodel.scenario.data import together
from planmodel.scenario.overlay import lay_series

# A table that says one of these is taken whole: a new value does not keep the source of the old one.
_WHOLE = {"initial": ("value",)}
# What a key of an upper file takes away below, in the tables of a section: a decree has a date or a
# condition, a named work a day or a decree.
_IN_PLACE_OF: dict[str, dict[str, tuple[str, ...]]] = {
    "decrees": {"when": ("date",), "date": ("when", "not_before", "not_after", "again")},
    "works": {"start": ("decree",), "decree": ("start",)},
}


def lay(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a file over what it extends: only what differs need be said."""
    merged = dict(base)
    for section, value in top.items():
        below = {section: merged[section]} if section in merged else {}
        merged |= merge(below, {section: value}, _WHOLE.get(section, ()))
    return merged


def merge(base: Mapping[str, Any], top: Mapping[str, Any], whole: Iterable[str] = ()) -> dict[str, Any]:
    """Merge sections: an exogenous series as :func:`lay_series` has it, all else key by key; data add up."""
    for section, takes in _IN_PLACE_OF.items():
        base = _otherwise(base, top, section, takes)
    merged = _nested(base, top, whole)
    if "data" in top:
        merged["data"] = together(base.get("data"), top["data"])
    below, above = base.get("exogenous"), top.get("exogenous")
    if isinstance(above, Mapping):
        below = below if isinstance(below, Mapping) else {}
        series = {name: lay_series(below.get(name), entry) for name, entry in above.items()}
        merged["exogenous"] = {**below, **series}
    return merged


def _otherwise(
    base: Mapping[str, Any], top: Mapping[str, Any], section: str, takes: Mapping[str, Iterable[str]]
) -> Mapping[str, Any]:
    """Return what is below without the keys of a section in place of which others are given above."""
    below, above = base.get(section), top.get(section)
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return base
    kept = dict(below)
    for name, entry in above.items():
        if isinstance(entry, Mapping) and isinstance(kept.get(name), Mapping):
            gone = {key for said in entry for key in takes.get(said, ())}
            kept[name] = {key: value for key, value in kept[name].items() if key not in gone}
    return {**base, section: kept}


def _nested(base: Mapping[str, Any], top: Mapping[str, Any], whole: Iterable[str]) -> dict[str, Any]:
    """Merge tables key by key, and replace everything else; a table with a key in ``whole`` is replaced."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        merged[key] = value
        if isinstance(value, Mapping) and isinstance(below, Mapping) and not set(whole) & set(value):
            merged[key] = _nested(below, value, whole)
    return merged
