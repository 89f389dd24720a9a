"""Designs: which values the members of an ensemble have."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
from scipy import stats
from scipy.stats import qmc

from planmodel.engine import Array, UserError
from planmodel.runs.schema import Ensemble, Vary
from planmodel.scenario import Scenario
from planmodel.scenario.explain import shown
from planmodel.scenario.keys import Key

_LARGEST_GRID = 10_000_000
LARGEST_DESIGN = 50_000_000  # values: 0.4 GB


def draw_design(
    configuration: Ensemble,
    keys: Mapping[str, Key],
    scenario: Scenario,
    place: str,
    points: Array | None = None,
) -> dict[str, Any]:
    """Return the values of the members by key, for designs that are drawn or laid out.

    Parameters
    ----------
    configuration
        The ensemble, whose ``vary`` has the same keys as ``keys``.
    keys
        What members differ in.
    scenario
        Where the mode of a triangular distribution is found.
    place
        Name of the file, for messages.
    points
        Points of the unit cube, shape ``(members, keys)``, to use instead of drawing them.

    Raises
    ------
    UserError
        If bounds or values are not allowed.
    """
    levels = {
        name: _Levels(key, configuration.vary[name], scenario, f"{place}: vary.{name}")
        # By key, so that members do not depend on the order of lines in a file.
        for name, key in sorted(keys.items(), key=lambda named: named[1].name)
    }
    if configuration.design == "grid":
        return _grid(levels, configuration.members, place)
    if points is None:
        assert configuration.members is not None
        check_size(configuration.members, len(levels), f"{place}: members: {configuration.members}")
        points = _points(configuration.design, configuration.members, len(levels), configuration.seed)
    return {name: level.at(points[:, i]) for i, (name, level) in enumerate(levels.items())}


def check_size(members: int, inputs: int, place: str, each: int = 1) -> None:
    """Refuse a design that does not fit into memory: it is made when a file is read, before anything runs.

    Parameters
    ----------
    members, inputs
        Size of the design.
    place
        What the message begins with.
    each
        Members that one more of what the user asks for makes.

    Raises
    ------
    UserError
        Saying how many are allowed.
    """
    if members * inputs > LARGEST_DESIGN:
        most = max(LARGEST_DESIGN // (inputs * each), 1)
        raise UserError(f"{place}: makes {members} members with {inputs} values each; allowed: up to {most}")


class _Levels:
    """The values that one key may take: a distribution between bounds, or a list."""

    def __init__(self, key: Key, vary: Vary, scenario: Scenario, place: str) -> None:
        self.key, self.vary, self.place = key, vary, place
        self.values = _listed(key, vary.values, place)
        if self.values is not None:
            return
        if key.kind not in ("number", "date"):
            self.values = [True, False] if key.kind == "switch" else list(key.choices)
            for name in ("low", "high"):
                if getattr(vary, name) is not None:
                    raise UserError(f"{place}.{name}: has no order; allowed: values = [...]")
            return
        if key.kind == "number" and not key.within:
            raise UserError(
                f"{place}: splits the ensemble into a group for each value; allowed: values = [...]"
            )
        if vary.around is None:
            self.low, self.high = (self._bound(name, i) for i, name in enumerate(("low", "high")))
        else:
            self.low, self.high = self._around(scenario, vary.around)
        if not self.low < self.high:
            raise UserError(f"{place}.low: {self.low} is not below high, {self.high}; allowed: below it")
        if key.kind == "number":
            self.distribution = _distribution(vary, self.low, self.high, self._mode(scenario), place)

    def at(self, points: Array) -> Any:
        """Return the values at points of the unit interval."""
        if self.values is not None:
            index = np.minimum((points * len(self.values)).astype(int), len(self.values) - 1)
            return _array(self.key, [self.values[i] for i in index])
        if self.key.kind == "date":
            days = (self.high - self.low).days + 1
            after = np.minimum((points * days).astype(int), days - 1)
            return np.datetime64(self.low, "D") + after.astype("timedelta64[D]")
        return np.clip(self.distribution.ppf(points), self.low, self.high)

    def steps(self) -> list[Any]:
        """Return the values of a grid."""
        if self.values is not None:
            return self.values
        if self.vary.steps is None:
            raise UserError(
                f"{self.place}.steps: missing; a grid needs steps between low and high, or values"
            )
        if self.key.kind == "date":
            days = np.linspace(0, (self.high - self.low).days, self.vary.steps).round()
            return [self.low + timedelta(days=int(day)) for day in dict.fromkeys(days)]
        return [float(value) for value in np.linspace(self.low, self.high, self.vary.steps)]

    def _bound(self, name: str, side: int) -> Any:
        given = getattr(self.vary, name)
        kind = date if self.key.kind == "date" else (int, float)
        if given is None:
            given = self.key.bounds[side]
            if given is None:
                raise UserError(f"{self.place}.{name}: missing; this key has no declared bound")
            return given
        if not isinstance(given, kind) or isinstance(given, bool) or given != given:
            raise UserError(
                f"{self.place}.{name}: {shown(given)} is not valid; allowed: {self.key.allowed()}"
            )
        if isinstance(given, date):
            return given
        low, high = self.key.bounds
        below = low is not None and (given <= low if self.key.open_below else given < low)
        if below or (high is not None and given > high):
            raise UserError(
                f"{self.place}.{name}: {shown(given)} is out of bounds; allowed: {self.key.allowed()}"
            )
        return float(given)

    def _around(self, scenario: Scenario, share: float) -> tuple[Any, Any]:
        """Return bounds by a share of the scenario's value, within those that are declared.

        Where the value is zero, by that share of the declared range.
        """
        value, (low, high) = self._standing(scenario), self.key.bounds
        reach = None
        if self.key.kind == "number" and isinstance(value, int | float):
            whole = high - low if low is not None and high is not None else 0.0
            reach = share * (abs(value) or whole)
        if not reach:
            held = "has no value" if value is None else f"is {shown(value)}"
            raise UserError(
                f"{self.place}.around: {share:g} is not valid, {self.key.name} {held} in the scenario; "
                "allowed: low and high"
            )
        below, above = value - reach, value + reach
        return (below if low is None else max(low, below), above if high is None else min(high, above))

    def _mode(self, scenario: Scenario) -> float | None:
        return self.vary.mode if self.vary.mode is not None else self._standing(scenario)

    def _standing(self, scenario: Scenario) -> Any:
        """Return what the scenario says under the key."""
        value: Any = scenario
        for part in self.key.name.split("."):
            value = value.get(part) if isinstance(value, dict) else getattr(value, part, None)
        return value


def _distribution(vary: Vary, low: float, high: float, mode: float | None, place: str) -> Any:
    if vary.distribution == "uniform":
        return stats.uniform(low, high - low)
    if vary.distribution == "log_uniform":
        if low <= 0.0:
            raise UserError(f"{place}.low: {low:g} is out of bounds; allowed: above 0 for log_uniform")
        return stats.loguniform(low, high)
    if vary.distribution == "triangular":
        if mode is None:
            raise UserError(f"{place}.mode: missing; the scenario has no value to take")
        if not low <= mode <= high:
            raise UserError(f"{place}.mode: {mode:g} is out of bounds; allowed: {low:g} to {high:g}")
        return stats.triang((mode - low) / (high - low), low, high - low)
    assert vary.mean is not None
    assert vary.sd is not None
    return stats.truncnorm((low - vary.mean) / vary.sd, (high - vary.mean) / vary.sd, vary.mean, vary.sd)


def _listed(key: Key, values: list[Any] | None, place: str) -> list[Any] | None:
    """Check a list of values."""
    if values is None:
        return None
    kinds: dict[str, Any] = {"number": (int, float), "switch": bool, "date": date, "text": str}
    seen: list[Any] = []
    for value in values:
        wrong = not isinstance(value, kinds[key.kind]) or (key.kind == "number" and isinstance(value, bool))
        if wrong or (key.kind == "text" and value not in key.choices):
            raise UserError(f"{place}.values: {shown(value)} is not valid; allowed: {key.allowed()}")
        if value in seen:
            raise UserError(f"{place}.values: {shown(value)} stands twice; allowed: each once")
        seen.append(value)
    if key.kind == "number":
        key.check(np.asarray(seen, dtype=float), f"{place}.values")
    return seen


def _array(key: Key, values: list[Any]) -> np.ndarray:
    kinds: dict[str, Any] = {"number": float, "switch": bool, "date": "datetime64[D]", "text": object}
    return np.array(values, dtype=kinds[key.kind])


def _points(design: str, members: int, dimensions: int, seed: int) -> Array:
    """Return points of the unit cube, shape ``(members, dimensions)``."""
    # A stream of its own: the histories of the members use the same seed.
    digest = hashlib.blake2b(f"{seed}/design".encode(), digest_size=16).digest()
    chance = np.random.default_rng(int.from_bytes(digest, "little"))
    if design == "random":
        return chance.random((members, dimensions))
    if design == "lhs":
        return qmc.LatinHypercube(dimensions, rng=chance).random(members)
    return qmc.Sobol(dimensions, rng=chance).random(members)


def _grid(levels: Mapping[str, _Levels], members: int | None, place: str) -> dict[str, Any]:
    steps = {name: level.steps() for name, level in levels.items()}
    size = int(np.prod([len(values) for values in steps.values()], dtype=object))
    if size > _LARGEST_GRID:
        raise UserError(f"{place}: vary: the grid has {size} members; allowed: up to {_LARGEST_GRID}")
    if members is not None and members != size:
        raise UserError(f"{place}: members: {members}; the grid has {size}; allowed: that number, or none")
    rows = list(itertools.product(*steps.values()))
    return {
        name: _array(level.key, [row[i] for row in rows]) for i, (name, level) in enumerate(levels.items())
    }
