"""What a fit says of values that are not known: the weather of each year, and with it the harvests.

Published versions of a harvest are noisy observations with a bias of their own. The harvest itself is bound
by what became of the grain: bread for so many people, seed for the next crop, feed for so many animals,
deliveries and exports. Two estimates are given: from all figures, and from all but those of the harvest. The
second is what the balance of grain, people and herds says by itself, together with the prior of the weather.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planmodel.calibration.gauss_newton import jacobian, minimise
from planmodel.calibration.identifiability import Information, information
from planmodel.calibration.journal import Journal
from planmodel.calibration.problem import Problem
from planmodel.calibration.schema import Calibration
from planmodel.calibration.unknowns import BIAS
from planmodel.documented import Record
from planmodel.documented.vocabulary import COMPARABLE, FACTUAL
from planmodel.engine import Array

_STEPS = 12  # of Gauss-Newton, for the fit without the figures that show the latent values
_NINETY = 1.6449  # half of a 90 % interval in standard deviations
FAR = 2.0  # standard deviations of the prior beyond which a latent value is called far


@dataclass(frozen=True)
class Latents:
    """Estimates of latent values, and of what shows them.

    ``values`` has one row a latent value: unknown, year, prior, prior_sd, fitted, moved (in standard
    deviations of the prior), low, high (90 %), kept (share of the prior's standard deviation), alone,
    kept_alone (without the figures of the indicator).

    ``published`` has one row a year and version: year, version, kind, recorded, model, low, high (90 %),
    alone, alone_low, alone_high, ratio (recorded over model), ratio_alone, within (whether the figure, as a
    value, floor or ceiling, agrees with low to high) and within_alone.

    ``biases`` has one row a biased series: series, prior_sd, bias, low, high (factors: 1.1 is 10 % too high).
    ``sampled`` tells whether intervals come from the posterior or from the slopes at the best fit.
    """

    values: pd.DataFrame
    published: pd.DataFrame
    biases: pd.DataFrame
    sampled: bool

    @property
    def root_mean_moved(self) -> float:
        """Root mean square of the moves: 1 is what the prior expects."""
        return float(np.sqrt(np.mean(self.values["moved"].to_numpy() ** 2)))

    @property
    def far(self) -> pd.DataFrame:
        """The latent values that moved further than two standard deviations of their prior."""
        return self.values[self.values["moved"].abs() > FAR]


def estimate_latents(
    calibration: Calibration,
    problem: Problem,
    best: Array,
    known: Information,
    drawn: tuple[Array, Array] | None = None,
    journal: Journal | None = None,
) -> Latents:
    """Return what is known of latent values.

    Parameters
    ----------
    calibration
        Says what is latent and where it shows.
    problem
        With Gaussian loss.
    best
        Best unknowns in the unit cube.
    known
        What the slopes at the best fit say.
    drawn
        Draws of the posterior in the unit cube, and what the model was asked for the report in each.
    journal
        Where answers are kept.
    """
    journal = journal or Journal(None)
    step = calibration.search.step
    blind = _without_shown(calibration, problem)
    ask = journal.remember(blind.residuals)
    start = best.copy()
    start[problem.cube.normal] = 0.5
    end = minimise(blind, start[None, :], _STEPS, step, ask).unit[0]
    alone = information(blind, end, step, ask)
    reported = journal.remember(
        lambda unit: np.log(np.maximum(problem.points.read_reported(problem.answers(unit)), 1e-12))
    )
    bands = {"": _band(reported, best, known, step), "alone": _band(reported, end, alone, step)}
    if drawn is not None:
        bands[""] = np.quantile(drawn[1], [0.5, 0.05, 0.95], axis=0)
    return Latents(
        _values(problem, best, known, end, alone, drawn),
        _published(problem, bands, calibration.documented),
        _biases(problem, best, known, drawn),
        drawn is not None,
    )


def _without_shown(calibration: Calibration, problem: Problem) -> Problem:
    """Return the problem without the figures in which the latent values show themselves."""
    economy = calibration.economy
    shown = {p for latent in calibration.latent.values() for p in economy.indicators[latent.indicator].parts}

    def shows(indicator: str) -> bool:
        asked = economy.quantity(indicator)
        return bool(shown & {*asked.parts, *asked.over, *asked.less})

    points = problem.points
    weights = np.where([shows(p.asked.indicator) for p in points.points], 0.0, points.weight)
    return Problem(points.reweighted(weights), problem.cube, problem.evaluate, "gaussian")


def _band(reported: Any, unit: Array, known: Information, step: float) -> Array:
    """Return median and 90 % interval of what was reported, from the slopes: shape ``(3, reported)``."""
    found = reported(unit[None, :])
    slopes = jacobian(reported, unit[None, :], found, 4.0 * step)[0]
    sd = np.sqrt(np.einsum("rk,kl,rl->r", slopes, known.covariance, slopes))
    return np.exp(found[0] + _NINETY * sd * np.array([[0.0], [-1.0], [1.0]]))


def _values(
    problem: Problem,
    best: Array,
    known: Information,
    end: Array,
    alone: Information,
    drawn: tuple[Array, Array] | None,
) -> pd.DataFrame:
    cube = problem.cube
    natural, told = cube.natural(best), cube.natural(end)
    draws = None if drawn is None else cube.natural(drawn[0])
    rows = []
    for i, key in enumerate(cube.keys):
        if key.mean is None or key.sd is None or not key.of_the_model:
            continue
        sd = float(known.table["sd"].iloc[i])
        low, high = natural[i] - _NINETY * sd, natural[i] + _NINETY * sd
        if draws is not None:
            sd = float(draws[:, i].std())
            low, high = np.quantile(draws[:, i], [0.05, 0.95])
        rows.append({
            "unknown": key.dotted,
            "year": int(key.dotted.rpartition(".")[2][:4]),
            "prior": key.mean,
            "prior_sd": key.sd,
            "fitted": natural[i],
            "moved": (natural[i] - key.mean) / key.sd,
            "low": low,
            "high": high,
            "kept": sd / key.sd,
            "alone": told[i],
            "kept_alone": float(alone.table["together"].iloc[i]),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _published(problem: Problem, bands: dict[str, Array], record: Record) -> pd.DataFrame:
    """Set the versions of the record beside the estimates."""
    rows = []
    kinds = [*FACTUAL, "estimate_low", "estimate_high"]
    tables: dict[str, pd.DataFrame] = {}
    for column, asked in enumerate(problem.points.reported):
        if asked.indicator not in tables:
            tables[asked.indicator] = record.series(asked.indicator, kinds=kinds)
        table = tables[asked.indicator]
        mine = table[
            table["territory"].isin(COMPARABLE)
            & (table["start"] == pd.Timestamp(asked.start))
            & (table["end"] == pd.Timestamp(asked.end))
        ]
        model, low, high = (float(v) for v in bands[""][:, column])
        alone, alone_low, alone_high = (float(v) for v in bands["alone"][:, column])
        for figure in mine.sort_values("version").to_dict("records"):
            value, kind = float(figure["value"]), str(figure["kind"])
            rows.append({
                "indicator": asked.indicator,
                "year": asked.end.year,
                "version": figure["version"],
                "kind": kind,
                "recorded": value,
                "model": model,
                "low": low,
                "high": high,
                "alone": alone,
                "alone_low": alone_low,
                "alone_high": alone_high,
                "ratio": value / model,
                "ratio_alone": value / alone,
                "within": _agrees(kind, value, low, high),
                "within_alone": _agrees(kind, value, alone_low, alone_high),
            })  # fmt: skip
    return pd.DataFrame(rows)


def _agrees(kind: str, value: float, low: float, high: float) -> bool:
    """Whether a value, floor or ceiling agrees with an interval."""
    return (kind == "estimate_high" or value <= high) and (kind == "estimate_low" or value >= low)


def _biases(
    problem: Problem, best: Array, known: Information, drawn: tuple[Array, Array] | None
) -> pd.DataFrame:
    natural = problem.cube.natural(best)
    draws = None if drawn is None else problem.cube.natural(drawn[0])
    rows = []
    for i, key in enumerate(problem.cube.keys):
        if key.of_the_model:
            continue
        middle, sd = natural[i], float(known.table["sd"].iloc[i])
        low, high = middle - _NINETY * sd, middle + _NINETY * sd
        if draws is not None:
            middle, low, high = np.quantile(draws[:, i], [0.5, 0.05, 0.95])
        factors = {"bias": np.exp(middle), "low": np.exp(low), "high": np.exp(high)}
        rows.append({"series": key.dotted.removeprefix(BIAS), "prior_sd": key.sd, **factors})
    return pd.DataFrame(rows, columns=["series", "prior_sd", "bias", "low", "high"])
