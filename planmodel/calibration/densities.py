"""Densities of priors, declared by their 5, 50 and 95 per cent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from scipy import optimize, stats
from scipy.special import ndtr

from planmodel.engine import Array

Form = Literal["normal", "lognormal", "gamma", "beta"]
FORMS: tuple[Form, ...] = ("normal", "lognormal", "gamma", "beta")
PARTS = (0.05, 0.5, 0.95)
_MISS = 0.05  # of the width of the 90 per cent: further from the three a form does not say what was declared
_REACH, _GRID = 8.0, 1601  # of the table by which scores become values
_NINETY = 3.2897  # standard deviations between 5 and 95 per cent of a normal density

# Of two numbers each: a place and the logarithm of a width, or the logarithms of two shapes or scales.
_FAMILIES: dict[Form, Callable[[float, float, float, float], Any]] = {
    "normal": lambda a, b, low, high: stats.norm(a, np.exp(b)),
    "lognormal": lambda a, b, low, high: stats.lognorm(np.exp(b), scale=np.exp(a)),
    "gamma": lambda a, b, low, high: stats.gamma(np.exp(a), scale=np.exp(b)),
    "beta": lambda a, b, low, high: stats.beta(np.exp(a), np.exp(b), loc=low, scale=high - low),
}


@dataclass(frozen=True)
class Density:
    """A density cut off at hard limits, of a form, with given quantiles.

    Attributes
    ----------
    form
        Its family; a beta density lies between the limits, a gamma density begins at nought.
    quantiles
        5, 50 and 95 per cent of it, as it is drawn: what is cut off is taken into account.
    low, high
        The hard limits, beyond which the model accepts no value; the upper may be infinite.
    """

    form: Form
    quantiles: tuple[float, float, float]
    low: float
    high: float

    @property
    def sd(self) -> float:
        """Standard deviation of the normal density that has the same 5 and 95 per cent."""
        return (self.quantiles[2] - self.quantiles[0]) / _NINETY

    @cached_property
    def misses(self) -> Array:
        """How far each quantile of the family is from what was declared, over the width of the 90 %."""
        return (self._quantile(np.array(PARTS)) - self.quantiles) / (self.quantiles[2] - self.quantiles[0])

    @property
    def sound(self) -> bool:
        """Whether the form can have these quantiles."""
        return bool(np.all(np.abs(self.misses) <= _MISS))

    def natural(self, scores: Array) -> Array:
        """Return the values that have these normal scores: -1.64 is that of 5 per cent."""
        return np.interp(scores, *self._table)

    def score(self, natural: Array) -> Array:
        """Return the normal scores of values."""
        scores, values = self._table
        return np.interp(natural, values, scores)

    def height(self, natural: float) -> float:
        """Return the density at a value, over the highest there is."""
        within = self._table[1]
        at = self._family.pdf(np.append(within, natural))
        return float(at[-1] / at[np.isfinite(at)].max())

    @cached_property
    def _table(self) -> tuple[Array, Array]:
        scores = np.linspace(-_REACH, _REACH, _GRID)
        return scores, np.maximum.accumulate(np.clip(self._quantile(ndtr(scores)), self.low, self.high))

    @cached_property
    def _family(self) -> Any:
        return _fitted(self)

    def _quantile(self, part: Array) -> Array:
        below, above = self._family.cdf(self.low), self._family.cdf(self.high)
        found: Array = self._family.ppf(below + part * (above - below))
        return found


def _fitted(density: Density) -> Any:
    """Return the member of the family whose quantiles, once it is cut off, are nearest to those declared."""
    family, low, high = _FAMILIES[density.form], density.low, density.high
    wanted = np.array(density.quantiles)
    wide = wanted[2] - wanted[0]

    def missed(numbers: Array) -> Array:
        of = family(float(numbers[0]), float(numbers[1]), low, high)
        below, above = of.cdf(low), of.cdf(high)
        found = of.ppf(below + np.array(PARTS) * (above - below))
        return np.where(np.isfinite(found), (found - wanted) / wide, 1e3)

    begin = _begin(density.form, wanted, low, high)
    place, width = optimize.least_squares(missed, begin, x_scale=np.maximum(np.abs(begin), 0.1)).x
    return family(float(place), float(width), low, high)


def _begin(form: Form, wanted: Sequence[float] | Array, low: float, high: float) -> Array:
    """Return where the search of a member begins: by mean and spread, as if nothing was cut off."""
    first, middle, last = (float(value) for value in wanted)
    sd = (last - first) / _NINETY
    if form == "normal":
        return np.array([middle, np.log(sd)])
    if form == "lognormal":
        return np.array([np.log(middle), np.log(np.log(last / first) / _NINETY)])
    if form == "gamma":
        return np.array([2.0 * np.log(middle / sd), np.log(sd**2 / middle)])
    mean, variance = (middle - low) / (high - low), (sd / (high - low)) ** 2
    both = max(mean * (1.0 - mean) / variance - 1.0, 0.5)
    return np.log(np.array([mean * both, (1.0 - mean) * both]))
