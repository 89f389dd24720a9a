"""Which layer says a value: the declaration, a file, or a change on top of it.

What a scenario itself says is not to be overridden by what is laid over it without a word: see
:mod:`planmodel.runs.resolve`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from planmodel.engine.errors import UserError
from planmodel.scenario.difference import flatten
from planmodel.scenario.explain import Layer, says
from planmodel.scenario.schema import Layers, Scenario


def fit_mark(calibration: str, tree: Mapping[str, Any]) -> str:
    """Return how a fitted scenario says that it is one: the calibration, and a hash of what was fitted.

    Who edits such a file by hand says a value: its hash then tells that the values are no longer those of the
    fit.
    """
    fitted = {section: tree.get(section, {}) for section in ("parameters", "exogenous")}
    text = json.dumps(fitted, sort_keys=True, default=str)
    return f"{calibration} {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def is_fitted(tree: Mapping[str, Any]) -> bool:
    """Tell whether a file holds the best point of a fit, as the calibration wrote it."""
    said = tree.get("calibration")
    return isinstance(said, str) and said == fit_mark(said.partition(" ")[0], tree)


def layers_of(scenario: Scenario) -> tuple[Layer, ...]:
    """Return what a scenario was laid together from, the lowest first; none where it was not read."""
    return tuple(scenario._layers)


def with_layers(scenario: Scenario, layers: list[Layer]) -> Scenario:
    """Note what a scenario was laid together from, and return it."""
    scenario._layers = Layers(layers)
    return scenario


def said_by(scenario: Scenario, key: str) -> Layer | None:
    """Return the topmost layer that says a dotted key, or None for a declared default.

    A layer that has a series read from the record, or replaces it, says all values of the series.
    """
    path = key.split(".")
    for layer in reversed(layers_of(scenario)):
        if says(layer.tree, path):
            return layer
        if path[0] == "exogenous" and any(says(layer.tree, [*path[:2], k]) for k in ("series", "replace")):
            return layer
    return None


def origins(scenario: Scenario) -> dict[str, str]:
    """Return the name of the layer that says each value of a scenario, by dotted key.

    Declared defaults, which no layer says, are left out.
    """
    found = {}
    for key in flatten(scenario.model_dump(exclude_none=True)):
        layer = said_by(scenario, key)
        if layer is not None:
            found[key] = layer.name
    return found


def statements(tree: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a tree says otherwise than a resolved base: of a whole scenario, what is its own."""
    own: dict[str, Any] = {}
    for key, value in tree.items():
        below = base.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            inner = statements(value, below)
            own |= {key: inner} if inner else {}
        elif value != below:
            own[key] = value
    return own


def dotted(tree: Mapping[str, Any], place: str = "", prefix: str = "") -> dict[str, Any]:
    """Return changes by dotted key, whether they were written so or as tables.

    Raises
    ------
    UserError
        If one key is said twice, once dotted and once in a table, or if one is a table of the other.
    """
    found: dict[str, Any] = {}
    for name, value in tree.items():
        inner = dotted(value, place, f"{prefix}{name}.") if isinstance(value, Mapping) and value else None
        for key, given in (inner if inner is not None else {prefix + name: value}).items():
            if key in found:
                raise UserError(f"{place}{key}: is given twice; allowed: once")
            found[key] = given
    for key in found:
        parts = key.split(".")
        for length in range(1, len(parts)):
            table = ".".join(parts[:length])
            if table in found:
                raise UserError(f"{place}{key}: '{table}' was set to a value, not a table")
    return found
