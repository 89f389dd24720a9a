"""Scenario discovery: boxes of the space of inputs in which a named outcome is found.

The patient rule induction method of Friedman and Fisher (1999), as used by Bryant and Lempert (2010)
(recalled): a twentieth of the members is peeled off at the end of one input, again and again, where that
raises the share with the outcome most. It is written here since it takes a hundred lines, and the packages
that have it are either unmaintained or bring a workbench of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from planmodel.engine import Array

PEEL = 0.05
_SMALLEST = 0.05  # share of the members that a box must keep
_FEWEST = 20  # members with and without the outcome in either half, below which nothing is said
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Step:
    """A box on the way of peeling: share of the outcome caught (coverage), share of the box (density)."""

    low: Array
    high: Array
    coverage: float
    density: float
    mass: float


@dataclass(frozen=True)
class Box:
    """A box, judged on the half of the members that did not make it.

    ``restricted``: inputs that are limited, with the probability that chance alone would raise the density
    as much where the other limits hold. ``interpretable`` is false where ``note`` says why.
    """

    low: Array
    high: Array
    restricted: dict[int, float]
    coverage: float
    density: float
    density_low: float
    density_high: float
    share: float
    members: int
    trajectory: list[Step] = field(default_factory=list)
    interpretable: bool = False
    note: str = ""


def find_box(inputs: Array, holds: np.ndarray, density: float, seed: int) -> Box:
    """Find the box that catches most of an outcome at a density.

    Parameters
    ----------
    inputs
        Shape ``(members, inputs)``.
    holds
        Which members have the outcome.
    density
        Share of the box that must have it, in the half that makes the box.
    seed
        Of the cut into halves.
    """
    order = np.random.default_rng([seed, len(holds)]).permutation(len(holds))
    made, kept = order[: len(order) // 2], order[len(order) // 2 :]
    fewest = min(np.sum(holds[part] == value) for part in (made, kept) for value in (True, False))
    wide = np.full(inputs.shape[1], np.inf)
    if fewest < _FEWEST:
        rare = f"only {int(fewest)} members of a half {'have' if holds.mean() < 0.5 else 'lack'} the outcome"
        return Box(
            -wide, wide, {}, np.nan, np.nan, np.nan, np.nan, float(holds.mean()), len(holds), note=rare
        )
    steps = peel(inputs[made], holds[made])
    dense = [s for s in steps if s.density >= density]
    best = max(dense, key=lambda s: s.coverage) if dense else max(steps, key=lambda s: s.density)
    low, high, restricted = _simplified(best, inputs[made], holds[made])
    inside = in_box(inputs[kept], low, high)
    found = stats.binomtest(int(holds[kept][inside].sum()), max(int(inside.sum()), 1))
    interval = found.proportion_ci(0.95, method="wilson")
    problems = []
    if not restricted:
        problems.append("no input limits it")
    if not dense:
        problems.append(f"no box reaches a density of {density:g}")
    if interval.low <= holds[kept].mean():
        problems.append("the density of the other half cannot be told from the share among all")
    return Box(
        low, high, restricted, float(holds[kept][inside].sum() / max(holds[kept].sum(), 1)),
        float(found.statistic), float(interval.low), float(interval.high), float(holds.mean()), len(holds),
        steps, not problems, "; ".join(problems),
    )  # fmt: skip


def in_box(inputs: Array, low: Array, high: Array) -> np.ndarray:
    """Tell which members are in a box, shape ``(members,)``."""
    return np.asarray(((inputs >= low) & (inputs <= high)).all(axis=1))


def peel(inputs: Array, holds: np.ndarray) -> list[Step]:
    """Return the boxes from the whole space to the smallest, each peeled off the one before."""
    low, high = np.full(inputs.shape[1], -np.inf), np.full(inputs.shape[1], np.inf)
    inside = np.ones(len(holds), dtype=bool)
    steps = [_step(low, high, inside, holds)]
    while inside.mean() > _SMALLEST:
        best: tuple[float, int, bool, float] | None = None
        for column in range(inputs.shape[1]):
            values = inputs[inside, column]
            for upper, quantile in ((False, PEEL), (True, 1.0 - PEEL)):
                edge = float(np.quantile(values, quantile))
                left = values <= edge if upper else values >= edge
                if not left.any() or left.all():  # a switch is peeled off whole
                    left = values < values.max() if upper else values > values.min()
                    if not left.any():
                        continue
                    edge = float(values[left].max() if upper else values[left].min())
                gain = float(holds[inside][left].mean())
                if left.sum() >= _SMALLEST * len(holds) and (best is None or gain > best[0]):
                    best = (gain, column, upper, edge)
        if best is None or best[0] < steps[-1].density:
            break
        _, column, upper, edge = best
        low, high = low.copy(), high.copy()
        (high if upper else low)[column] = edge
        inside = in_box(inputs, low, high)
        steps.append(_step(low, high, inside, holds))
    return steps


def _step(low: Array, high: Array, inside: np.ndarray, holds: np.ndarray) -> Step:
    caught = holds & inside
    coverage = caught.sum() / max(holds.sum(), 1)
    return Step(low, high, float(coverage), float(caught.sum() / inside.sum()), float(inside.mean()))


def _simplified(best: Step, inputs: Array, holds: np.ndarray) -> tuple[Array, Array, dict[int, float]]:
    """Take off the limits that chance could have made, the weakest first."""
    low, high = best.low.copy(), best.high.copy()
    while True:
        limited = np.flatnonzero(np.isfinite(low) | np.isfinite(high))
        chance = {int(i): _by_chance(int(i), low, high, inputs, holds) for i in limited}
        weakest = max(chance, key=lambda i: chance[i], default=None)
        if weakest is None or chance[weakest] <= SIGNIFICANT:
            return low, high, dict(sorted(chance.items(), key=lambda item: item[1]))
        low[weakest], high[weakest] = -np.inf, np.inf


def _by_chance(column: int, low: Array, high: Array, inputs: Array, holds: np.ndarray) -> float:
    """Return the probability of as many with the outcome in the box if a limit meant nothing."""
    inside = in_box(inputs, low, high)
    free_low, free_high = low.copy(), high.copy()
    free_low[column], free_high[column] = -np.inf, np.inf
    free = in_box(inputs, free_low, free_high)
    share = holds[free].mean()
    return float(stats.binom.sf(holds[inside].sum() - 1, inside.sum(), share))
