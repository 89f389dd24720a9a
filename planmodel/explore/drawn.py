"""The answer at once: members drawn beforehand, and the slopes that go through them.

Sliders: members drawn over all of them, each with some sliders moved and the others where the scenario has
them; a surface of second order that goes through the scenario is fitted to what they came to. Decrees: what
the central history changes by where one is left out, or comes a year later. Both are added up, as if one did
not hang on the other: a run of all members takes the place of this answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np

from planmodel.engine import Array, PlanmodelError
from planmodel.explore.answering import Asker
from planmodel.explore.asked import Explored, whole
from planmodel.provenance import code_sha256, economy_sha256
from planmodel.runs.points import points_of
from planmodel.scenario import Scenario, load_scenario

DRAWN = 500
PIECE = 125  # members run at a time, so that a question does not wait long
_MOVED = 0.45  # share of the sliders that a member has moved
_HELD_OUT = 5  # every fifth member judges the surface that the others give
_RIDGE = 1e-6
LATER = timedelta(days=365)
_FINEST = 5e-4  # what an effect is rounded to, over the largest value of its quantity


class Drawing:
    """Draws members piece by piece, and says how far it is.

    Parameters
    ----------
    asker
        Runs them.
    members
        How many are drawn over the sliders.
    """

    def __init__(self, asker: Asker, members: int = DRAWN) -> None:
        self._asker, self._members = asker, members
        self.explored = asker.explored
        self._base = asker.read(self.explored.scenario, [0])[0]
        largest = np.nanmax(np.abs(self._base), axis=1)
        self._finest = np.where(largest > 0, largest, 1.0) * _FINEST
        self.found: dict[str, Any] = {
            "finest": [float(f"{v:.4g}") for v in self._finest],
            "sliders": {},
            "decrees": {},
        }
        of_sliders = list(self._of_sliders())
        self.tasks = [*of_sliders, *self._of_decrees()]
        self.surface = len(of_sliders)  # tasks after which the surface of the sliders is there

    def _of_sliders(self) -> Iterator[Callable[[], None]]:
        """Yield what draws members over all sliders, and fits the surface in the end."""
        if not self.explored.ranges:
            return
        points = self._points()
        answers: list[Array] = []
        pieces = [points[first : first + PIECE] for first in range(0, len(points), PIECE)]
        for piece in pieces:
            yield lambda piece=piece: answers.append(self._run(piece))  # type: ignore[misc]
        yield lambda: self.found["sliders"].update(self._fit(points, np.concatenate(answers)))

    def _points(self) -> Array:
        """Return the sliders of the drawn members, each from its lowest to its highest value as 0 to 1."""
        ranges = self.explored.ranges.values()
        chance = np.random.default_rng(self._asker.seed)
        points = points_of("lhs", self._members, len(ranges), self._asker.seed)
        cube = points.rows(0, self._members, list(range(len(ranges))))
        at = np.array([(r.value - r.low) / (r.high - r.low) for r in ranges])
        return np.where(chance.random(cube.shape) < _MOVED, cube, at)

    def _run(self, points: Array) -> Array:
        """Return by how much members with these sliders differ from the central history."""
        scenario, values = movable(self.explored), {}
        for column, moved in enumerate(self.explored.ranges.values()):
            numbers = moved.low + points[:, column] * (moved.high - moved.low)
            if moved.slider.parameter is not None:
                values[f"parameters.{moved.slider.parameter}"] = numbers
                continue
            for year in moved.slider.years:
                times = self._times(moved.slider.series, year) if moved.slider.how == "times" else 1.0
                values[f"exogenous.{moved.slider.series}.values.{year}"] = numbers * times
        return self._asker.read(scenario, [0] * len(points), values) - self._base

    def _times(self, series: str | None, year: int) -> float:
        one = next(r for r in self.explored.ranges.values() if r.slider.series == series)
        return one.figures[str(year)]

    def _fit(self, points: Array, answers: Array) -> dict[str, Any]:
        """Fit the surface; judge it by members that it was not fitted to."""
        ranges = self.explored.ranges
        at = np.array([(r.value - r.low) / (r.high - r.low) for r in ranges.values()])
        terms = [(i,) for i in range(len(at))]
        terms += list(combinations_with_replacement(range(len(at)), 2))  # type: ignore[arg-type]
        design = np.stack([np.prod((points - at)[:, list(term)], axis=1) for term in terms], axis=1)
        flat = np.nan_to_num(answers.reshape(len(answers), -1))
        judged = np.arange(len(flat)) % _HELD_OUT == 0
        missed = flat[judged] - design[judged] @ _solved(design[~judged], flat[~judged])
        slopes = _solved(design, flat).T.reshape(*answers.shape[1:], len(terms))
        explained = 1.0 - missed.var(axis=0) / np.maximum(flat[judged].var(axis=0), 1e-300)
        moves = flat[judged].std(axis=0) > np.repeat(self._finest, answers.shape[2])
        return {
            "names": list(ranges),
            "low": [r.low for r in ranges.values()],
            "high": [r.high for r in ranges.values()],
            "at": [r.value for r in ranges.values()],
            "terms": [list(term) for term in terms],
            "slopes": {key: self._rounded(row, slopes[row]) for key, row in self._rows()},
            "members": len(points),
            "explained": round(float(np.median(explained[moves])), 3) if moves.any() else 1.0,
        }

    def _of_decrees(self) -> Iterator[Callable[[], None]]:
        """Yield what runs the central history without each decree, with each rule, and a year later."""
        decrees = self.explored.scenario.decrees
        for name in (*self.explored.rules, *decrees):
            on = name in decrees and decrees[name].enabled
            yield lambda name=name, on=on: self._try(name, "other", {"on": not on})  # type: ignore[misc]
        for name, decree in decrees.items():
            day = decree.date
            if day is not None and decree.enabled and day + LATER <= self.explored.scenario.period.end:
                later = (day + LATER).isoformat()
                yield lambda name=name, later=later: self._try(name, "later", {"date": later})  # type: ignore[misc]

    def _try(self, name: str, what: str, change: dict[str, Any]) -> None:
        """Note what a change of one decree comes to; nothing where it is no scenario by itself."""
        try:
            answers = self._asker.read(self.explored.changed({"decrees": {name: change}}), [0])[0]
        except PlanmodelError:
            return
        moved = {key: self._rounded(row, answers[row] - self._base[row]) for key, row in self._rows()}
        kept = {key: effect for key, effect in moved.items() if any(effect)}
        self.found["decrees"].setdefault(name, {})[what] = kept

    def _rows(self) -> Iterator[tuple[str, int]]:
        return ((one.key, row) for row, one in enumerate(self._asker.looked_at))

    def _rounded(self, row: int, values: Array) -> Any:
        """Return values as whole numbers of the finest effect of their quantity."""
        return np.rint(np.nan_to_num(values) / self._finest[row]).astype(int).tolist()


def movable(explored: Explored) -> Scenario:
    """Return the scenario with what sliders move given by values, so that members may differ in it."""
    tables = {}
    for moved in explored.ranges.values():
        name = moved.slider.series
        if name is not None and getattr(explored.scenario.exogenous, name).values is None:
            unit = explored.scenario.declared.inputs()[name].unit
            entry = getattr(explored.scenario.exogenous, name)
            tables[name] = whole(moved, entry, unit)
    return load_scenario(explored.source, {"exogenous": tables}) if tables else explored.scenario


def _solved(design: Array, answers: Array) -> Array:
    """Return the slopes of least squares, held a little towards none."""
    square = design.T @ design + _RIDGE * len(design) * np.eye(design.shape[1])
    return np.asarray(np.linalg.solve(square, design.T @ answers), dtype=float)


def key_of(asker: Asker) -> str:
    """Return the hash of all that drawn members depend on."""
    explored = asker.explored
    said = [
        code_sha256(),
        economy_sha256(explored.scenario.declared),
        explored.scenario.digest(),
        explored.controls.model_dump_json(),
        f"{asker.seed} {DRAWN} {np.__version__}",
        *(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))),
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
