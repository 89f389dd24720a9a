"""Where sizes are drawn around a centre that moves: the unit cube of their declared bounds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from planmodel.engine import Array
from planmodel.robustness.draws import Ranges, value_of
from planmodel.scenario import Scenario

ASSUMED = "assumption"  # evidence of what is no source's
_DIGITS = 3  # of a size that moved: more would claim what no draw tells


@dataclass(frozen=True)
class Space:
    """Where sizes are drawn: in the unit cube of their declared bounds.

    Attributes
    ----------
    names
        Of the parameters, as ``component.name``.
    low, high
        Their declared bounds, each of shape ``(parameters,)``.
    reach
        To either side of the centre, as shares of the width of the bounds.
    start
        The values of the scenario that the centre starts from.
    free
        Which of them the centre may move: those that are assumptions. What is known from a source is drawn
        like all others, for it is not known exactly, and stays where the source has it.
    """

    names: tuple[str, ...]
    low: Array
    high: Array
    reach: Array
    start: Array
    free: np.ndarray

    def unit(self, values: Array) -> Array:
        """Return values as shares of the width of the bounds."""
        return (values - self.low) / (self.high - self.low)

    def natural(self, unit: Array) -> Array:
        """Return shares of the width of the bounds as values."""
        return np.clip(self.low + unit * (self.high - self.low), self.low, self.high)

    def ranges(self, centre: Array) -> Ranges:
        """Return where each parameter is drawn around a centre, cut at its bounds."""
        low, high = self.natural(centre - self.reach), self.natural(centre + self.reach)
        return {n: (float(a), float(b)) for n, a, b in zip(self.names, low, high, strict=True)}


def space_of(scenario: Scenario, fitted: Collection[str], within: float, others: float) -> Space:
    """Return the space around a scenario.

    Parameters
    ----------
    scenario
        Whose values the centre starts from; those that lie outside of their bounds are not drawn.
    fitted
        Parameters with a reach of their own.
    within, others
        Reach of these, and of all others; with a reach of zero they stay as they are.
    """
    rows = []
    for component, group in scenario.declared.parameters().items():
        for name, declared in group.items():
            full = f"{component}.{name}"
            reach, (low, high) = within if full in fitted else others, declared.bounds
            value = value_of(scenario, full)
            if reach > 0.0 and low < high and low <= value <= high:
                rows.append((full, low, high, reach, value, declared.evidence == ASSUMED))
    names, *columns = zip(*rows, strict=True) if rows else [()] * 6
    lows, highs, reaches, starts, free = (np.array(column, dtype=float) for column in columns)
    return Space(tuple(names), lows, highs, reaches, starts, free > 0.5)


def moved(space: Space, centre: Array) -> dict[str, float]:
    """Return the values of those parameters that moved, rounded, within their bounds."""
    found = {}
    for name, value, low, high, start in zip(
        space.names, space.natural(centre), space.low, space.high, space.start, strict=True
    ):
        short = min(max(float(f"{value:.{_DIGITS}g}"), low), high)
        if short != start and not np.isclose(value, start, rtol=1e-9, atol=0.0):
            found[name] = float(short)
    return found


def distance(space: Space, centre: Array) -> float:
    """Return how far a centre lies from the start: root mean square of shares of the widths."""
    return float(np.sqrt(np.mean((centre - space.unit(space.start)) ** 2)))
