"""Whether a sample is large enough: indices over growing samples, and what may be said of them.

An index is converged where, for every input, its interval reaches no further than the tolerance to either
side, and it has moved by no more than the tolerance since half of the sample (after Sarrazin, Pianosi and
Wagener 2016, who ask for the first). What is not converged is printed but not interpreted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planmodel.engine import Array
from planmodel.sensitivity.designs import Design
from planmodel.sensitivity.indices import Estimate, estimate, first_blocks, is_constant, usable
from planmodel.sensitivity.schema import Analysis, Method

FRACTIONS = (0.125, 0.25, 0.5, 1.0)
_FEWEST = 8  # blocks of which an index can be made
_MISSING = 0.1  # share of the sample without a value that can be left out
_JUDGED = {"mu_star", "S1", "ST", "S2", "delta", "pawn", "prcc"}


@dataclass(frozen=True)
class Verdict:
    """Whether an index of one output may be interpreted, and why not."""

    converged: bool
    note: str
    used: int


@dataclass(frozen=True)
class Indices:
    """Indices of one output by one method, with their verdicts and their way over growing samples."""

    estimates: list[Estimate]
    verdicts: list[Verdict]
    trace: pd.DataFrame


def indices_of(analysis: Analysis, method: Method, design: Design, output: Array) -> Indices:
    """Return the indices of one output, judged.

    Parameters
    ----------
    analysis
        Gives seed, resamples and tolerance.
    method
        The method.
    design, output
        What the members have and what came of it; NaN where the output has no value.
    """
    whole = len(design)
    design, output = usable(design, output)
    used = len(design)
    missing = 1.0 - used / max(whole, 1)
    if used < _FEWEST or is_constant(output):
        note = f"only {used} of {whole} samples have a value" if used < _FEWEST else "the same in all members"
        return _nothing(method, design, Verdict(False, note, used))
    found = estimate(method, design, output, analysis.resamples, analysis.seed, analysis.second_order)
    parts = [int(f * used) for f in FRACTIONS[:-1] if f * used >= _FEWEST]
    trace = [
        (size, _part(analysis, method, design, output, size))
        for size in parts
        if not is_constant(output[: size * design.block])
    ]
    trace.append((used, found))
    verdicts = [
        _judged(found[i], [(n, e[i]) for n, e in trace], analysis.tolerance, missing, used)
        for i in range(len(found))
    ]
    rows = [
        (index.index, name, size, value)
        for size, estimates in trace
        for index in estimates
        for name, value in zip(index.names, index.value, strict=True)
    ]
    return Indices(found, verdicts, pd.DataFrame(rows, columns=["index", "input", "samples", "value"]))


def _part(analysis: Analysis, method: Method, design: Design, output: Array, blocks: int) -> list[Estimate]:
    """Return the indices from the first part of a sample, without intervals."""
    part, seen = first_blocks(design, output, blocks)
    resamples = 20 if method == "delta" else 0  # delta takes its bias off by bootstrap
    return estimate(method, part, seen, resamples, analysis.seed, analysis.second_order)


def _nothing(method: Method, design: Design, verdict: Verdict) -> Indices:
    names = {"morris": ["mu_star", "mu", "sigma"], "sobol": ["S1", "ST"]}.get(method, [str(method)])
    none = np.full(len(design.names), np.nan)
    estimates = [Estimate(name, design.names, none, none, none) for name in names]
    trace = pd.DataFrame(columns=["index", "input", "samples", "value"])
    return Indices(estimates, [verdict] * len(names), trace)


def _judged(
    found: Estimate, trace: list[tuple[int, Estimate]], tolerance: float, missing: float, used: int
) -> Verdict:
    if found.index not in _JUDGED:
        return Verdict(True, "", used)
    wide = float(np.nanmax(found.half_width)) if np.isfinite(found.half_width).any() else np.inf
    moved = np.inf
    if len(trace) > 1:
        apart = np.abs(found.value - trace[-2][1].value) / found.scale
        moved = float(np.nanmax(apart)) if np.isfinite(apart).any() else np.inf
    problems = []
    if wide > tolerance:
        problems.append(f"intervals reach {wide:.2f} to each side")
    if moved > tolerance:
        since = f"moved by {moved:.2f} since half the sample"
        problems.append(since if np.isfinite(moved) else "too few samples")
    if missing > _MISSING:
        problems.append(f"{100 * missing:.0f} % of the sample has no value")
    note = "; ".join(problems) if problems else f"within {wide:.2f}, moved {moved:.2f}"
    if not problems and missing > 0.0:
        note += f", {100 * missing:.0f} % without a value left out"
    return Verdict(not problems, note, used)
