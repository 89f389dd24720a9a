"""What rivals would have foretold: draws of a fit that sees no figure after a year, in the years after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.special import logsumexp

from planmodel.calibration.evaluate import Evaluator
from planmodel.calibration.facts import facts_of, held
from planmodel.calibration.rivals import Rivalled, Row
from planmodel.calibration.schema import Calibration
from planmodel.calibration.targets import calendar_year
from planmodel.engine import Array, UserError
from planmodel.runs.observe import Observation, observer_of
from planmodel.scenario import load_scenario
from planmodel.scenario.indicators import unfit

WINDOW = 5  # years, from the last one that was seen on, among which the lowest growth is looked for
_BAND = (0.05, 0.5, 0.95)
_NAMES = ("low", "median", "high")


def last_seen(rivals: Sequence[Calibration], until: int | None) -> int:
    """Return the last year of the figures that are seen: as it is given, or as the calibration says.

    Raises
    ------
    UserError
        If no two years of the run come before, or none after.
    """
    said = rivals[0].validation.fit_until
    year = said if until is None else until
    for rival in rivals:
        period = load_scenario(rival.scenario).period
        low, high = period.start.year + 1, period.end.year - 1
        if not low <= year <= high:
            place = "validation.fit_until" if until is None else "--until"
            raise UserError(f"{place} {year}: out of bounds; allowed: {low} to {high}, within the run")
    return year


def foretell(rivalled: Rivalled, until: int) -> Row:
    """Say what the draws of a fit to figures up to a year foretell of facts, and of growth, after it.

    Returns
    -------
    dict
        ``log_foretold`` (logarithm of the mean likelihood of the later figures), ``by_fact`` (of later facts:
        date, range, 5, 50 and 95 % of the draws, share inside), ``by_year`` (share in which all facts of a
        year hold) and ``growth`` (of what facts name, by year: 5, 50 and 95 %, and the share of draws in
        which it is the lowest of five years from ``until`` on).
    """
    points = rivalled.problem.points
    later = [i for i in facts_of(points) if points.points[i].known_in > until]
    inside = held(points, rivalled.predicted)[:, np.isin(facts_of(points), later)]
    years = np.array([points.points[i].known_in for i in later], dtype=int)
    return {
        "until": until,
        "log_foretold": _log_foretold(rivalled, until),
        "by_fact": [
            {
                "fact": points.points[i].target,
                "date": points.points[i].label,
                "from": _bound(points.points[i].low - points.points[i].offset),
                "to": _bound(points.points[i].high - points.points[i].offset),
                **_band(rivalled.predicted[:, i] - points.points[i].offset),
                "inside": float(inside[:, place].mean()),
            }
            for place, i in enumerate(later)
        ],
        "by_year": [
            {"year": int(year), "facts": int((years == year).sum()),
             "hold": float(inside[:, years == year].all(axis=1).mean())}
            for year in np.unique(years)
        ],
        "growth": list(_growth(rivalled, until)),
    }  # fmt: skip


def _log_foretold(rivalled: Rivalled, until: int) -> float:
    """Return the logarithm of the mean likelihood of the figures that were not seen."""
    problem, points = rivalled.problem, rivalled.problem.points
    weights = points.weight - points.seen(until)
    loss = problem.misfit(problem.standardised(rivalled.predicted), weights)
    return float(logsumexp(-0.5 * loss) - np.log(len(loss)))


def _growth(rivalled: Rivalled, until: int) -> Iterator[Row]:
    """Yield the growth of what facts name, year by year from ``until`` on."""
    points, scenario = rivalled.problem.points, rivalled.scenario
    cube, drawn = rivalled.problem.cube, rivalled.tempered
    names = dict.fromkeys(points.points[i].asked.indicator for i in facts_of(points))
    for name in names:
        if unfit(scenario.declared.quantity(name), *calendar_year(until)):
            continue  # a count on a day has no yearly growth
        years = range(until - 1, scenario.period.end.year + 1)
        asked = [Observation(name, *calendar_year(year)) for year in years]
        span = scenario.period.start, scenario.period.end
        covered = observer_of(scenario.declared, *span, asked).covered
        asked = [one for one, known in zip(asked, covered, strict=True) if known]
        with Evaluator(scenario, cube.keys, asked, workers=1) as evaluate:
            levels = evaluate(cube.natural(drawn.unit))
        growth = levels[:, 1:] / levels[:, :-1] - 1.0
        window = growth[:, :WINDOW]
        lowest = np.nan_to_num(window, nan=np.inf).argmin(axis=1)
        for place, one in enumerate(asked[1:]):
            share = {"lowest": float((lowest == place).mean())} if place < WINDOW else {}
            yield {"indicator": name, "year": one.end.year, **_band(growth[:, place]), **share}


def _band(values: Array) -> Row:
    return dict(zip(_NAMES, map(float, np.nanquantile(values, _BAND)), strict=True))


def _bound(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
