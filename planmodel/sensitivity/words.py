"""Results in words: one sentence or two an output, and none where the numbers do not bear it."""

from __future__ import annotations

import numpy as np

from planmodel.sensitivity.analyse import Result
from planmodel.sensitivity.convergence import Indices, Verdict
from planmodel.sensitivity.indices import DUMMY, Estimate
from planmodel.sensitivity.measuring import Series
from planmodel.sensitivity.prim import Box
from planmodel.sensitivity.sharing import Shares
from planmodel.show.numbers import between, dated, hundredths, percent, short

_SAID = 3  # inputs that a sentence names
_SMALL = 0.02  # indices below it are not named


def readings(result: Result) -> list[str]:
    """Return what can be said of each output that is no year of many, and of each outcome."""
    found = []
    for (method, name), indices in result.indices.items():
        series = next(s for s in result.series if s.name == name)
        if series.year is None:
            found.append(f"{series.title} ({method}): {_of_indices(indices, series)}")
    found += [
        f"{series.title}: {_of_shares(result.shares[series.name], series)}"
        for series in result.single()
        if series.name in result.shares
    ]
    for name, box in result.boxes.items():
        title = result.analysis.outcomes[name].title or name.replace("_", " ")
        found.append(f"{title}: {_of_box(box, result)}")
    return found


def _of_indices(indices: Indices, series: Series) -> str:
    by_name = {e.index: (e, v) for e, v in zip(indices.estimates, indices.verdicts, strict=True)}
    if "S1" in by_name:
        return _sobol(by_name, series)
    estimate, verdict = by_name.get("mu_star") or next(iter(by_name.values()))
    if not verdict.converged:
        return _refused(verdict)
    named = _leading(estimate)
    if not named:
        return "no input can be told from one without influence."
    unit = f" {series.unit}" if estimate.index == "mu_star" and series.unit not in ("", "share") else ""
    parts = [f"{input_name(estimate.names[i])} {short(estimate.value[i])}{unit} "
             f"({between(estimate.low[i], estimate.high[i])})" for i in named]  # fmt: skip
    word = {
        "mu_star": "moved most, over the range of one input alone, by",
        "delta": "its distribution shifts most with",
        "pawn": "its distribution shifts most with",
        "prcc": "rises or falls most steadily with",
    }[estimate.index]
    return f"{word} {', '.join(parts)}.{_tied(estimate, named)}"


def _sobol(by_name: dict[str, tuple[Estimate, Verdict]], series: Series) -> str:
    (first, verdict), (total, total_verdict) = by_name["S1"], by_name["ST"]
    if not (verdict.converged and total_verdict.converged):
        return _refused(verdict if not verdict.converged else total_verdict)
    named = _leading(total)
    if not named:
        return "no input has an effect that can be told from none."
    parts = [f"{input_name(total.names[i])} {percent(first.value[i])} alone and {percent(total.value[i])} "
             f"({between(total.low[i], total.high[i], hundredths)}) with all that it acts through"
             for i in named]  # fmt: skip
    together = 1.0 - float(np.sum(np.clip(first.value, 0.0, None)))
    rest = f" Inputs acting together make {percent(max(together, 0.0))}." if together > 0.05 else ""
    return f"of the variance, {'; '.join(parts)}.{rest}{_tied(total, named)}"


def _leading(estimate: Estimate) -> list[int]:
    """Return the inputs to name: the largest that can be told from nothing, or from a shuffled input."""
    floor = 0.0
    if DUMMY in estimate.names:
        floor = float(estimate.high[estimate.names.index(DUMMY)])
    size = np.abs(estimate.value)
    low = np.where(estimate.value >= 0.0, estimate.low, -estimate.high)
    order = [int(i) for i in np.argsort(-np.nan_to_num(size)) if estimate.names[i] != DUMMY]
    return [i for i in order if low[i] > floor and size[i] / estimate.scale >= _SMALL][:_SAID]


def _tied(estimate: Estimate, named: list[int]) -> str:
    """Say where the order of the first two is not certain."""
    if len(named) > 1:
        low, high = np.abs(estimate.value[named[0]]), np.abs(estimate.value[named[1]])
        if low - high < estimate.half_width[named[:2]].max() * estimate.scale:
            return " Which of the first two is larger, this sample does not tell."
    return ""


def _of_shares(shares: Shares, series: Series) -> str:
    if not shares.interpretable:
        return f"not interpreted: {shares.note}."
    table = shares.table.sort_values("share", key=np.abs, ascending=False)
    parts = [
        f"{row['title']} {percent_with_range(row['share'], row['share_low'], row['share_high'])}"
        for row in table.to_dict("records")
    ]
    unit = f" {series.unit}" if series.unit not in ("", "share", "date") else ""
    return (
        f"with all mechanisms {dated(shares.full)}{unit}, without them {dated(shares.none)}; of the "
        f"difference, {', '.join(parts)}."
    )


def _of_box(box: Box, result: Result) -> str:
    common = f"{percent(box.share)} of {box.members} members have it"
    if not box.interpretable:
        return f"{common}. Not interpreted: {box.note}."
    limits = " and ".join(limit_text(box, i, result.prepared.design.inputs[i]) for i in box.restricted)
    dense = percent_with_range(box.density, box.density_low, box.density_high)
    covered = percent(box.coverage)
    return f"{common}. Where {limits}, {dense} do; this box has {covered} of all of them."


def limit_text(box: Box, column: int, name: str) -> str:
    """Return the limits of one input of a box."""
    low, high = box.low[column], box.high[column]
    if np.isfinite(low) and np.isfinite(high):
        return f"{input_name(name)} is {dated(low)} to {dated(high)}"
    side, edge = ("at least", low) if np.isfinite(low) else ("at most", high)
    return f"{input_name(name)} is {side} {dated(edge)}"


def input_name(name: str) -> str:
    """Return the name of an input as it is shown."""
    return name.replace("parameters.", "")


def _refused(verdict: Verdict) -> str:
    return f"not interpreted, not converged with {verdict.used} samples: {verdict.note}."


def percent_with_range(value: float, low: float, high: float) -> str:
    """Return a share and its range in per cent."""
    return f"{percent(value)} ({between(low, high, hundredths)})"
