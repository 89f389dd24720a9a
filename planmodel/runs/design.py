"""Designs: which values the members of an ensemble have."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from scipy import stats

from planmodel.engine import Array, UserError
from planmodel.runs.points import Steps, points_of
from planmodel.runs.schema import Ensemble, Vary
from planmodel.runs.stretches import Stretched
from planmodel.scenario import Scenario
from planmodel.scenario.explain import shown
from planmodel.scenario.keys import Key

_LARGEST_GRID = 10_000_000
LARGEST_DESIGN = 400_000_000  # bytes of what must be in memory
_VALUE, _SLICE = 8, 4  # bytes of a value, and of the slice of a Latin hypercube that a member has


def draw_design(
    configuration: Ensemble,
    keys: Mapping[str, Key],
    scenario: Scenario,
    place: str,
    points: Array | None = None,
) -> Mapping[str, np.ndarray]:
    """Return the values of the members by key, for designs that are drawn or laid out.

    Where all members run in one group they are made by stretch, when they are asked for.

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
    if points is not None:
        return {name: level.at(points[:, i]) for i, (name, level) in enumerate(levels.items())}
    drawn = (
        _grid(levels, configuration.members, place)
        if configuration.design == "grid"
        else _drawn(levels, configuration, place)
    )
    # Groups are found by looking at all members.
    return drawn if _in_one_group(levels) else drawn.rows(0, drawn.size)


def _in_one_group(levels: Mapping[str, _Levels]) -> bool:
    return all(level.key.within for level in levels.values())


def _drawn(levels: Mapping[str, _Levels], configuration: Ensemble, place: str) -> Stretched:
    """Return the columns of a design whose points are drawn."""
    design, members = configuration.design, configuration.members
    assert members is not None
    if not _in_one_group(levels) or design == "lhs":
        bytes_each = _SLICE if _in_one_group(levels) else _VALUE
        check_size(members, len(levels), f"{place}: members: {members}", bytes_each=bytes_each)
    points = points_of(design, members, len(levels), configuration.seed)
    at = {name: i for i, name in enumerate(levels)}

    def make(first: int, last: int, names: Sequence[str]) -> dict[str, np.ndarray]:
        drawn = points.rows(first, last, [at[name] for name in names])
        return {name: levels[name].at(drawn[:, i]) for i, name in enumerate(names)}

    return Stretched(members, {name: name for name in levels}, make)


def check_size(members: int, inputs: int, place: str, each: int = 1, bytes_each: int = _VALUE) -> None:
    """Refuse a design that does not fit into memory: it is made when a file is read, before anything runs.

    Parameters
    ----------
    members, inputs
        Size of the design.
    place
        What the message begins with.
    each
        Members that one more of what the user asks for makes.
    bytes_each
        What a value takes in memory.

    Raises
    ------
    UserError
        Saying how many are allowed.
    """
    if members * inputs * bytes_each > LARGEST_DESIGN:
        most = max(LARGEST_DESIGN // (inputs * each * bytes_each), 1)
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
        if key.kind == "number" and vary.distribution != "uniform":
            self.distribution = _distribution(vary, self.low, self.high, self._mode(scenario), place)

    def at(self, points: Array) -> Any:
        """Return the values at points of the unit interval."""
        if self.values is not None:
            index = np.minimum((points * len(self.values)).astype(int), len(self.values) - 1)
            return _array(self.key, self.values)[index]
        if self.key.kind == "date":
            days = (self.high - self.low).days + 1
            after = np.minimum((points * days).astype(int), days - 1)
            return np.datetime64(self.low, "D") + after.astype("timedelta64[D]")
        if self.vary.distribution == "uniform":  # as SciPy has it, to the bit, in a fiftieth of the time
            drawn = points * (self.high - self.low) + self.low
        else:
            drawn = self.distribution.ppf(points)
        return np.clip(drawn, self.low, self.high)

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


def _grid(levels: Mapping[str, _Levels], members: int | None, place: str) -> Stretched:
    """Return the columns of every combination of steps."""
    steps = {name: level.steps() for name, level in levels.items()}
    size = math.prod(len(values) for values in steps.values())
    if size > _LARGEST_GRID:
        raise UserError(f"{place}: vary: the grid has {size} members; allowed: up to {_LARGEST_GRID}")
    if members is not None and members != size:
        raise UserError(f"{place}: members: {members}; the grid has {size}; allowed: that number, or none")
    combinations = Steps([len(values) for values in steps.values()])
    arrays = {name: _array(level.key, steps[name]) for name, level in levels.items()}
    at = {name: i for i, name in enumerate(levels)}

    def make(first: int, last: int, names: Sequence[str]) -> dict[str, np.ndarray]:
        numbers = combinations.rows(first, last)
        return {name: arrays[name][numbers[:, at[name]]] for name in names}

    return Stretched(size, {name: name for name in levels}, make)
