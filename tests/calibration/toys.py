"""Problems with known answers: linear models of a few parameters."""

from datetime import date

import numpy as np

from planmodel.calibration.problem import Points, Problem
from planmodel.calibration.targets import Point
from planmodel.calibration.unknowns import Cube, Key
from planmodel.engine import Array
from planmodel.runs.observe import Observation


def observation(name: str, year: int = 1930) -> Observation:
    return Observation(name, date(year, 1, 1), date(year, 12, 31))


def point(
    name: str,
    low: float,
    high: float | None = None,
    *,
    year: int = 1930,
    target: str | None = None,
    relative: bool = False,
    error: float = 1.0,
    discrepancy: float = 0.0,
    biased: bool = False,
) -> Point:
    return Point(
        target=target or name,
        label=str(year),
        version="toy",
        asked=observation(name, year),
        over=None,
        power=1.0,
        offset=0.0,
        low=low,
        high=low if high is None else high,
        relative=relative,
        error=error,
        discrepancy=discrepancy,
        weight=1.0,
        biased=biased,
    )


def cube(keys: int, low: float = 0.0, high: float = 1.0) -> Cube:
    return Cube(tuple(Key(f"toy.p{i}", low, high) for i in range(keys)))


class Linear:
    """Answers ``values @ slopes.T``, and counts what it was asked."""

    def __init__(self, slopes: Array) -> None:
        self.slopes, self.calls, self.members = slopes, 0, 0

    def __call__(self, values: Array) -> Array:
        self.calls += 1
        self.members += len(values)
        return values @ self.slopes.T


def linear_problem(slopes: Array, truth: Array, error: float = 1.0, *, series: bool = False) -> Problem:
    """Return a problem whose misfit is the sum of ((slopes (x - truth)) / error) ** 2."""
    recorded = slopes @ truth
    points = [
        point(f"row{i:03d}", float(r), error=error, target="one" if series else None)
        for i, r in enumerate(recorded)
    ]
    return Problem(Points(points, persistence=0.0), cube(slopes.shape[1]), Linear(slopes))


def random_slopes(points: int, keys: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=(points, keys))
