"""Indices from a given sample, of independent or correlated inputs: delta, PAWN, partial rank correlation.

Delta (Borgonovo 2007; Plischke, Borgonovo and Smith 2013) and PAWN (Pianosi and Wagener 2018) are those of
SALib, to which a test holds them. They are written here in vectorised form, since an interval needs a hundred
evaluations for each input and output, and SALib takes a fifth of a second for one.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy import stats

from planmodel.engine import Array

_GRID = 100  # points at which densities are compared
SLICES = 10  # of an input, for PAWN


def classes_of(size: int) -> int:
    """Return into how many classes of an input a sample is cut for delta (Plischke et al. 2013)."""
    exponent = 2.0 / (7.0 + np.tanh((1500.0 - size) / 500.0))
    return int(min(np.ceil(size**exponent), 48))


def delta(inputs: Array, output: Array) -> Array:
    """Return by how much the density of the output shifts when an input is known, before bias reduction.

    Parameters
    ----------
    inputs
        Shape ``(members, inputs)``.
    output
        Shape ``(members,)``, not constant.

    Returns
    -------
    array
        Shape ``(inputs,)``: 0 (independent) to 1.
    """
    size = len(output)
    grid = np.linspace(output.min(), output.max(), _GRID)
    whole = _density(output, grid)
    edges = np.linspace(0, size, classes_of(size) + 1)
    found = np.zeros(inputs.shape[1])
    for column, values in enumerate(inputs.T):
        rank = stats.rankdata(values, method="ordinal")
        for low, high in pairwise(edges):
            inside = output[(rank > low) & (rank <= high)]
            if inside.size > 1 and np.ptp(inside) > 0.0:
                apart = np.trapezoid(np.abs(whole - _density(inside, grid)), grid)
                found[column] += inside.size / (2 * size) * apart
    return found


def _density(values: Array, grid: Array) -> Array:
    """Return a Gaussian kernel estimate with Silverman's width."""
    width = values.std(ddof=1) * (values.size * 0.75) ** -0.2
    apart = (grid[:, None] - values[None, :]) / width
    return np.exp(-0.5 * apart**2).sum(axis=1) / (values.size * width * np.sqrt(2.0 * np.pi))


def pawn(inputs: Array, output: Array, slices: int = SLICES) -> Array:
    """Return the median distance between the output's distribution and that within slices of an input.

    Parameters
    ----------
    inputs
        Shape ``(members, inputs)``.
    output
        Shape ``(members,)``.
    slices
        Number of slices with equally many members.

    Returns
    -------
    array
        Shape ``(inputs,)``: Kolmogorov-Smirnov distances, 0 to 1.
    """
    order = np.argsort(output, kind="stable")
    last = np.append(np.diff(output[order]) != 0.0, True)
    whole = (np.arange(len(output)) + 1.0)[last, None] / len(output)
    found = np.empty(inputs.shape[1])
    for column, values in enumerate(inputs.T):
        edges = np.nanquantile(values, np.linspace(0.0, 1.0, slices + 1))
        inside = (values[:, None] >= edges[:-1]) & (values[:, None] < edges[1:])
        count = inside.sum(axis=0)
        used = count > 0
        share = np.cumsum(inside[order][:, used], axis=0)[last] / count[used]
        found[column] = np.median(np.abs(share - whole).max(axis=0)) if used.any() else np.nan
    return found


def prcc(inputs: Array, output: Array) -> Array:
    """Return partial rank correlations of the output with each input, the other inputs held fixed.

    From the inverse of the matrix of rank correlations (Iman and Conover 1979; Marino et al. 2008, recalled).

    Parameters
    ----------
    inputs
        Shape ``(members, inputs)``.
    output
        Shape ``(members,)``.

    Returns
    -------
    array
        Shape ``(inputs,)``: -1 to 1; NaN where inputs are copies of each other.
    """
    ranks = stats.rankdata(np.column_stack([inputs, output]), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.corrcoef(ranks, rowvar=False)
    if not np.isfinite(correlation).all() or np.linalg.cond(correlation) > 1e12:
        return np.full(inputs.shape[1], np.nan)
    inverse = np.linalg.inv(correlation)
    diagonal = np.diag(inverse)
    return -inverse[:-1, -1] / np.sqrt(diagonal[:-1] * diagonal[-1])
