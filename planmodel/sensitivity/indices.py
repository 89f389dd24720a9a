"""Indices with intervals: of Morris and Sobol through SALib, of the others by bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from SALib.analyze import morris, sobol
from scipy import stats

from planmodel.engine import Array
from planmodel.sensitivity.designs import MORRIS_LEVELS, Design
from planmodel.sensitivity.given import delta, pawn, prcc
from planmodel.sensitivity.schema import Method

CONFIDENCE = 0.95
DUMMY = "(no influence)"  # a shuffled input: what an index is where there is nothing to find
_Z = stats.norm.ppf(0.5 + CONFIDENCE / 2)
_GIVEN: dict[str, Callable[[Array, Array], Array]] = {"delta": delta, "pawn": pawn, "prcc": prcc}


@dataclass(frozen=True)
class Estimate:
    """One index of all inputs: values and 95 % intervals, each of shape ``(names,)``.

    ``scale`` is what differences are measured in: 1, or for the effects of Morris the largest.
    """

    index: str
    names: list[str]
    value: Array
    low: Array
    high: Array
    scale: float = 1.0

    @property
    def half_width(self) -> Array:
        """How far an interval reaches to the wider side, in units of ``scale``."""
        return np.maximum(self.high - self.value, self.value - self.low) / self.scale


def usable(design: Design, output: Array) -> tuple[Design, Array]:
    """Return design and output without the blocks in which the output has no value."""
    good = np.isfinite(output.reshape(-1, design.block)).all(axis=1)
    rows = np.repeat(good, design.block)
    return replace(design, points=design.points[rows]), output[rows]


def first_blocks(design: Design, output: Array, blocks: int) -> tuple[Design, Array]:
    """Return the first blocks of a design, and the output there."""
    rows = blocks * design.block
    return replace(design, points=design.points[:rows]), output[:rows]


def is_constant(output: Array) -> bool:
    """Tell whether an output does not differ between members, but for rounding."""
    return not len(output) or bool(np.ptp(output) <= 1e-12 * max(1e-300, np.abs(output).max()))


def estimate(
    method: Method, design: Design, output: Array, resamples: int, seed: int, second_order: bool = False
) -> list[Estimate]:
    """Return the indices of a method.

    Parameters
    ----------
    method
        One of ``morris``, ``sobol``, ``delta``, ``pawn``, ``prcc``.
    design
        What each member has of the inputs.
    output
        Shape ``(members,)``: finite and not constant.
    resamples
        Bootstrap samples of the intervals; 0 gives none (each interval is its value).
    seed
        Of the bootstrap.
    second_order
        Whether the design of Sobol is that for indices of pairs.

    Returns
    -------
    list of Estimate
        ``mu_star``, ``mu`` and ``sigma`` (in the unit of the output, for an input that goes from one end of
        its range to the other); ``S1``, ``ST`` and ``S2``; or the one of the method, of which delta and PAWN
        have a last name for an input without influence.
    """
    if method == "morris":
        return _morris(design, output, resamples, seed)
    if method == "sobol":
        return _sobol(design, output, resamples, seed, second_order)
    return [_bootstrapped(method, design, output, resamples, seed)]


def _morris(design: Design, output: Array, resamples: int, seed: int) -> list[Estimate]:
    found = morris.analyze(
        design.problem, design.points, output, num_resamples=max(resamples, 2), conf_level=CONFIDENCE,
        num_levels=MORRIS_LEVELS, seed=seed,
    )  # fmt: skip
    names = design.names
    star = np.asarray(found["mu_star"], dtype=float)
    apart = np.asarray(found["mu_star_conf"], dtype=float) * bool(resamples)
    scale = max(float(star.max()), 1e-300)
    result = [Estimate("mu_star", names, star, np.maximum(star - apart, 0.0), star + apart, scale)]
    for index in ("mu", "sigma"):
        value: Array = np.ma.filled(np.ma.asarray(found[index], dtype=float), np.nan)
        result.append(Estimate(index, names, value, value, value, scale))
    return result


def _sobol(design: Design, output: Array, resamples: int, seed: int, second_order: bool) -> list[Estimate]:
    # SALib takes a seed of 0 for none.
    found = sobol.analyze(
        design.problem, output, calc_second_order=second_order, num_resamples=max(resamples, 2),
        conf_level=CONFIDENCE, seed=seed + 1,
    )  # fmt: skip
    names = design.names
    result = []
    for index in ("S1", "ST"):
        apart = found[f"{index}_conf"] * bool(resamples)
        result.append(Estimate(index, names, found[index], found[index] - apart, found[index] + apart))
    if second_order:
        rows, columns = np.triu_indices(len(names), k=1)
        pairs = [f"{names[i]} x {names[j]}" for i, j in zip(rows, columns, strict=True)]
        value, apart = found["S2"][rows, columns], found["S2_conf"][rows, columns] * bool(resamples)
        result.append(Estimate("S2", pairs, value, value - apart, value + apart))
    return result


def _bootstrapped(method: str, design: Design, output: Array, resamples: int, seed: int) -> Estimate:
    chance = np.random.default_rng([seed, len(output)])
    names, inputs, index = list(design.inputs), design.points, _GIVEN[method]
    if method != "prcc":
        names = [*names, DUMMY]
        inputs = np.column_stack([inputs, chance.permutation(len(output))])
    value = index(inputs, output)
    if not resamples:
        return Estimate(method, names, value, value, value)
    rows = chance.integers(len(output), size=(resamples, len(output)))
    again = np.stack([index(inputs[r], output[r]) for r in rows])
    if method == "delta":  # Plischke et al. (2013), equation 30
        value = 2.0 * value - again.mean(axis=0)
    apart = _Z * again.std(axis=0, ddof=1)
    low, high = value - apart, value + apart
    if method == "prcc":
        low, high = np.maximum(low, -1.0), np.minimum(high, 1.0)
    return Estimate(method, names, value, low, high)
