"""What the model answers to the figures of a text, with bands: of the draws, and of what they predict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from planmodel.calibration.figures import error_of
from planmodel.calibration.load import load_calibration
from planmodel.calibration.schema_of_targets import Errors
from planmodel.calibration.targets import align
from planmodel.documented.catalogue import variables
from planmodel.engine import Array
from planmodel.experiments.results import Record, Results, quantiles
from planmodel.experiments.tables import COLUMNS, TEXTS
from planmodel.texts.cells import Cell

CALIBRATED = ("book", "archival")  # runs that are sides of the record, with a calibration of that name
MORE = (
    "number", "table", "lines", "printed", "scale", "draws_low", "draws_high", "holds", "mark", "fitted",
    "note", "expression",
)  # fmt: skip
KEPT = ("number", "run", "median", "low", "high", "draws_low", "draws_high", "holds")
_DRAWS = 4000  # errors drawn for a band
_SEED = 99


def tabulate(cells: Sequence[Cell], results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    """Return one row a figure and run, in the order of the text.

    Returns
    -------
    DataFrame
        The columns of :mod:`planmodel.experiments.tables`: ``documented`` is the figure, ``median`` the
        answer, ``low`` and ``high`` the band of what is predicted, errors of figure and model included, and
        ``counted`` why the figure does not count. Besides, number (of the figure in the text), table, lines,
        printed and scale (unit of the print), draws_low and draws_high (5 and 95 % of the draws), holds (of a
        bound: the share of draws that keep it), mark, fitted (whether the calibration of the run was fitted
        to it), note and expression.
    """
    rows = []
    for number, cell in enumerate(cells, start=1):
        for run in [cell.line.run] if cell.line.run else results:
            values = _answer(cell, run, results, record)
            rows.append({**described(cell, run, number), **_numbers(cell, run, values)})
    return _as_table(rows)


def from_numbers(cells: Sequence[Cell], numbers: pd.DataFrame) -> pd.DataFrame:
    """Return the same table from the answers alone, as :data:`KEPT` of it were kept in a file."""
    rows = []
    for row in numbers.to_dict("records"):
        number, run = int(row["number"]), str(row["run"])
        rows.append(described(cells[number - 1], run, number) | {str(name): row[name] for name in row})
    return _as_table(rows)


def _as_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=[*COLUMNS, *MORE])
    texts = [name for name in TEXTS if name in table]
    return table.assign(**{name: table[name].fillna("") for name in texts})


def why_not(cell: Cell) -> str:
    """Return why the answer to a figure does not count; empty if it does."""
    mark = cell.line.mark
    if mark and mark != "plan of the model":
        return mark
    return ("plan" if cell.kind == "plan" and not mark else "") or cell.bound


def described(cell: Cell, run: str, number: int) -> dict[str, Any]:
    """Return what a row says of a figure and of what is asked, without the answer."""
    return {
        "number": number,
        "panel": cell.line.table,
        "quantity": cell.variable or f"statement_{number}",
        "title": cell.what,
        "unit": cell.unit,
        "run": run,
        "dates": cell.dates,
        "documented": cell.value,
        "documented_low": cell.low,
        "documented_high": cell.high,
        "version": cell.version,
        "kind": cell.kind,
        "evidence": cell.evidence,
        "counted": why_not(cell),
        "table": cell.line.table,
        "lines": cell.lines,
        "printed": cell.printed,
        "scale": cell.scale,
        "mark": cell.line.mark or ("plan" if cell.kind == "plan" else ""),
        "fitted": "yes" if (cell.variable, cell.version, cell.dates) in fitted(run) else "",
        "note": cell.line.note,
        "expression": cell.line.model,
    }


def _numbers(cell: Cell, run: str, values: Array | None) -> dict[str, float]:
    """Return the answer: median, both bands, and of a bound in what share of draws it is kept."""
    if values is None:
        return dict.fromkeys(("median", "low", "high", "draws_low", "draws_high", "holds"), np.nan)
    median, draws_low, draws_high = quantiles(values)
    low, high = _predicted(cell, values, run) if run in CALIBRATED else (draws_low, draws_high)
    holds = float(np.mean((cell.low <= values) & (values <= cell.high))) if cell.bound else np.nan
    return {
        "median": median, "low": low, "high": high, "draws_low": draws_low, "draws_high": draws_high,
        "holds": holds,
    }  # fmt: skip


def _answer(cell: Cell, run: str, results: Mapping[str, Results], record: Record) -> Array | None:
    if cell.line.mark == "base":
        return np.array([cell.value])
    expression = cell.line.expression
    found = None if expression is None else expression.answer(results[run], record, cell.dates, results)
    return found if found is not None and np.isfinite(found).any() else None


def _predicted(cell: Cell, values: Array, run: str) -> tuple[float, float]:
    """Return 5 and 95 % of what is predicted: the answer with the errors of the figure and of the model.

    The discrepancy of the model is the declared one; those that a fit has estimated series by series are not
    kept with its draws.
    """
    if cell.line.mark == "base":
        return cell.value, cell.value
    errors = errors_of(run)
    error = error_of(cell.rows[0], errors) if cell.rows else errors.medium
    size = float(np.hypot(error, errors.discrepancy))
    noise = size * np.random.default_rng(_SEED).standard_normal(_DRAWS)
    drawn = np.resize(values[np.isfinite(values)], _DRAWS)
    seen = drawn + noise if cell.unit in ("1", "1/year") else drawn * np.exp(noise)
    low, high = np.quantile(seen, [0.05, 0.95])
    if cell.variable and variables().loc[cell.variable, "measure"] == "share":
        low = max(low, 0.0)
    return float(low), float(high)


@cache
def errors_of(run: str) -> Errors:
    """Return the standard errors that the calibration of a run declares."""
    return load_calibration(run).errors


@cache
def fitted(run: str) -> frozenset[tuple[str, str, str]]:
    """Return the figures that the calibration of a run is fitted to: variable, version, dates."""
    if run not in CALIBRATED:
        return frozenset()
    calibration = load_calibration(run)
    targets = calibration.used()
    points = [point for point in align(calibration) if not targets[point.target].stated]
    return frozenset((targets[p.target].series or p.target, p.version, p.label) for p in points)
