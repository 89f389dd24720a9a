"""Tables of a calibration: points, series (worst first), parameters, conclusions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planmodel.calibration.calibrate import Result


def points_table(result: Result) -> pd.DataFrame:
    """Return one row a figure: what the record says, what the model says before and after, in what error."""
    points = result.points
    deviations = points.deviations(np.vstack([result.before, result.predicted]))
    table = pd.DataFrame(
        {
            "series": [p.target for p in points.points],
            "date": [p.label for p in points.points],
            "version": [p.version for p in points.points],
            "indicator": [p.asked.indicator for p in points.points],
            "low": [p.low - p.offset for p in points.points],
            "high": [p.high - p.offset for p in points.points],
            "model": result.predicted - np.array([p.offset for p in points.points]),
            "relative": points.relative,
            "deviation": deviations[1],
            "deviation_before": deviations[0],
            "error_of_figure": points.error,
            "discrepancy": result.likelihood.points.discrepancy,
            "in_errors": deviations[1] / points.sd,
            "weight": points.weight,
        }
    )
    if result.bands is not None:
        for name, values in result.bands.items():
            offset = [p.offset for p in points.points] if name in ("low", "median", "high") else 0.0
            table[f"band_{name}"] = values - offset if name != "inside" else values
    return table


def series_table(result: Result) -> pd.DataFrame:
    """Return one row a series, the worst first.

    Returns
    -------
    DataFrame
        series, figures, before, after (root mean square of logarithmic deviations, absolute for shares),
        in_errors (root mean square over standard errors), worst (date of the largest), share (of the misfit
        in all), covered and half_width where there is a posterior.
    """
    table = points_table(result)
    loss = result.calibration.search
    squares = table["in_errors"] ** 2
    if loss.loss == "cauchy":
        squares = loss.loss_scale**2 * np.log1p(squares / loss.loss_scale**2)
    table["loss"] = squares * table["weight"]
    rows = []
    for name, mine in table.groupby("series", sort=False):
        row: dict[str, object] = {
            "series": name,
            "figures": len(mine),
            "before": _root_mean(mine["deviation_before"]),
            "after": _root_mean(mine["deviation"]),
            "in_errors": _root_mean(mine["in_errors"]),
            "worst": str(mine["date"].iloc[int(mine["in_errors"].abs().argmax())]),
            "share": mine["loss"].sum() / max(table["loss"].sum(), 1e-12),
        }
        if result.bands is not None:
            row["covered"] = mine["band_inside"].mean()
            row["half_width"] = mine["band_half_width"].median()
        rows.append(row)
    return pd.DataFrame(rows).sort_values("in_errors", ascending=False, ignore_index=True)


def parameters_table(result: Result) -> pd.DataFrame:
    """Return one row a fitted parameter: where it stood, where it ended, and how well it is known."""
    table = result.information.table.copy()
    table.insert(1, "was", result.cube.natural(result.origin))
    other = result.cube.natural(result.fit.unit)
    table["lowest_start"], table["highest_start"] = other.min(axis=0), other.max(axis=0)
    if result.draws is not None:
        natural = result.cube.natural(result.draws.unit)
        for name, quantile in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
            table[name] = np.quantile(natural, quantile, axis=0)
        table["effective_draws"] = result.draws.effective
        table["scale_reduction"] = result.draws.convergence
    return table


def _root_mean(column: pd.Series) -> float:
    return float(np.sqrt((column**2).mean()))
