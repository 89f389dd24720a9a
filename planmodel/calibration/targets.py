"""Documented figures made into points that the model is measured against.

A point says what the model is asked (an observation of an indicator on a day or over a span, or the quotient
of two), what the record says (a figure, a floor, a ceiling or a range), and how far from it is a standard
error. Figures and model meet by label: variable, version, date and unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from planmodel.calibration.alike import check_prices, check_unit
from planmodel.calibration.figures import Figure, documented_figures
from planmodel.calibration.schema import Calibration
from planmodel.calibration.schema_of_targets import Errors, Target
from planmodel.documented import Record
from planmodel.documented.catalogue import BUILT_IN
from planmodel.documented.dates import parse_date
from planmodel.documented.typed import INFINITE
from planmodel.documented.vocabulary import EVIDENCE, firm_enough
from planmodel.engine.errors import UserError
from planmodel.runs.observe import Observation
from planmodel.scenario.economy import Economy
from planmodel.scenario.indicators import unfit
from planmodel.scenario.names import hint


@dataclass(frozen=True)
class Point:
    """One figure to fit: predicted is (asked / over) ** power, compared with low to high.

    ``low`` equals ``high`` for a plain figure; a ceiling has ``low`` minus infinity, a floor has ``high``
    infinity. ``error`` and ``discrepancy`` are standard errors: of the logarithm for a relative scale.
    ``biased`` tells that its series has a bias of its own, which is estimated; ``firm`` that its discrepancy
    is not.
    """

    target: str
    label: str
    version: str
    asked: Observation
    over: Observation | None
    power: float
    offset: float
    low: float
    high: float
    relative: bool
    error: float
    discrepancy: float
    weight: float
    biased: bool = False
    firm: bool = False

    @property
    def year(self) -> int:
        """The year in which the figure ends."""
        return self.asked.end.year

    @property
    def known_in(self) -> int:
        """The year in which all of it is known: what it is set against may come later."""
        return max(self.year, self.year if self.over is None else self.over.end.year)

    @property
    def recorded(self) -> float:
        """The figure, the middle of a range, or the bound of a floor or ceiling."""
        bounds = [b for b in (self.low, self.high) if np.isfinite(b)]
        return sum(bounds) / len(bounds)


def align(calibration: Calibration) -> list[Point]:
    """Return the points of all targets in use.

    Raises
    ------
    UserError
        Naming the target and what is wrong: an unknown series or version, units that do not meet, years
        without a figure.
    """
    points: list[Point] = []
    for name, target in calibration.used().items():
        mine = points_of(name, target, calibration)
        if not mine and calibration.evidence is None:
            raise UserError(f"targets.{name}: the record has no figure that can be compared")
        points += mine
    if not points:
        raise UserError(
            f"evidence: no figure of the targets is {' or '.join(firm_enough(calibration.evidence))}; "
            f"allowed: one of {', '.join(EVIDENCE)} that some are"
        )
    return points


def less_firm(calibration: Calibration, points: Iterable[Point]) -> list[str]:
    """Return target and date of what a calibration leaves out for its evidence, given its points."""
    if calibration.evidence is None:
        return []
    kept = {(point.target, point.label) for point in points}
    everything = align(calibration.model_copy(update={"evidence": None}))
    return [f"{p.target} {p.label}" for p in everything if (p.target, p.label) not in kept]


def points_of(name: str, target: Target, calibration: Calibration) -> list[Point]:
    """Return the points of a target; none where it has no figure that is firm enough."""
    if target.stated:
        if calibration.evidence is not None and target.evidence not in firm_enough(calibration.evidence):
            return []
        return list(_stated(name, target, calibration.economy))
    return list(_recorded(name, target, calibration))


def _stated(name: str, target: Target, economy: Economy) -> Iterator[Point]:
    """Make the point of a figure that stands in the configuration."""
    place = f"targets.{name}"
    indicator = _indicator(place, name, target, economy)
    assert target.date is not None
    assert target.error is not None
    try:
        period = parse_date(target.date)
    except ValueError as error:
        raise UserError(f"{place}.date: {error}") from None
    low, high = -INFINITE, INFINITE
    if target.value is not None:
        low = high = target.value
    if target.between is not None:
        low, high = target.between
    if target.above is not None:
        low = target.above
    if target.below is not None:
        high = target.below
    figure = Figure(target.date, period.start, period.end, low, high, "stated", target.error)
    yield from _transformed(name, target, [figure], indicator, economy)


def _recorded(name: str, target: Target, calibration: Calibration) -> Iterator[Point]:
    """Make the points of a documented series; of ratios none where their base is not firm enough."""
    place, variable = f"targets.{name}", target.series or name
    errors, economy, evidence = calibration.errors, calibration.economy, calibration.evidence
    record = calibration.documented
    indicator = _indicator(place, name, target, economy)
    unit = economy.quantity(indicator).unit if target.transform == "level" else None
    figures = documented_figures(place, variable, target, errors, unit, record, evidence)
    check_unit(place, variable, target, economy, record)
    check_prices(place, variable, target, indicator, economy, record)
    if evidence is not None and target.base is not None and target.base not in {f.label for f in figures}:
        _base(name, target, documented_figures(place, variable, target, errors, unit, record))
        return
    yield from _transformed(name, target, figures, indicator, economy, errors, record)


def _indicator(place: str, name: str, target: Target, economy: Economy) -> str:
    """Return the indicator of the model that a target is compared with."""
    indicator = target.model or target.series or name
    known = economy.quantities() if target.stated else set(economy.indicators)
    if indicator not in known:
        key = "model" if target.model else "series" if target.series else ""
        raise UserError(f"{place}{'.' + key if key else ''}: the model has no such quantity"
                        f"{hint(indicator, known)}")  # fmt: skip
    if target.of is not None and target.of not in known:
        raise UserError(f"{place}.of: the model has no such quantity{hint(target.of, known)}")
    if target.transform == "rate" and economy.quantity(indicator).unit == "1/year":
        raise UserError(f"{place}.model: '{indicator}' is growth itself; allowed: the quantity that grows")
    return indicator


def _transformed(
    name: str,
    target: Target,
    figures: list[Figure],
    indicator: str,
    economy: Economy,
    errors: Errors | None = None,
    record: Record = BUILT_IN,
) -> Iterator[Point]:
    """Apply the transform of a target to its figures."""
    relative = _relative(target, economy.quantity(indicator).unit)
    general = errors.discrepancy if errors is not None else Errors().discrepancy
    discrepancy = general if target.discrepancy is None else target.discrepancy
    base = _base(name, target, figures)
    before: Figure | None = None
    for figure in figures if relative and target.transform != "rate" else ():  # a rate is checked as a factor
        _check_positive(name, figure.label, figure.low, figure.high)
    for figure in figures:
        asked = Observation(indicator, figure.start, figure.end)
        over, power, offset, low, high = None, 1.0, 0.0, figure.low, figure.high
        if target.transform == "level" and economy.quantity(indicator).base_year == figure.start.year:
            continue  # an index is one in its base year by definition
        if target.transform == "share":
            assert target.of is not None
            over = Observation(target.of, figure.start, figure.end)
        elif target.transform == "rate":
            asked, over, power = _rate(name, target, figure, indicator, record)
            offset, low, high = 1.0, low + 1.0, high + 1.0
        elif target.transform in ("ratio", "growth"):
            against = base if target.transform == "ratio" else before
            before = figure
            if against is None or against == figure:
                continue
            over = Observation(indicator, against.start, against.end)
            if target.transform == "growth" or not target.stated:
                reference = (against.low + against.high) / 2
                low, high = low / reference, high / reference
        if relative:
            _check_positive(name, figure.label, low, high)
        for observed in (asked, over):
            if observed is not None and (
                wrong := unfit(
                    economy.quantity(observed.indicator, on_a_day=observed.start == observed.end),
                    observed.start,
                    observed.end,
                )
            ):
                raise UserError(f"targets.{name}: {figure.label}: {wrong}")
        yield Point(name, figure.label, figure.version, asked, over, power, offset, low, high,
                    relative, figure.error, discrepancy, target.weight, target.bias is not None,
                    target.firm)  # fmt: skip


def _check_positive(name: str, label: str, low: float, high: float) -> None:
    """Refuse a figure that has no logarithm, of which a relative error is."""
    for bound in (low, high):
        if np.isfinite(bound) and bound <= 0.0:
            raise UserError(
                f"targets.{name}: {bound:g} for {label} is not above zero, and its error is relative; "
                'allowed: figures above zero, or scale = "absolute"'
            )


def _relative(target: Target, unit: str) -> bool:
    """Whether errors are of the logarithm: for all but shares."""
    if target.scale is not None:
        return target.scale == "relative"
    if target.transform == "share":
        return False
    return target.transform != "level" or unit not in ("1", "1/year")


def _base(name: str, target: Target, figures: list[Figure]) -> Figure | None:
    """Return the figure of the date that ratios are taken to."""
    if target.base is None:
        return None
    for figure in figures:
        if figure.label == target.base:
            return figure
    if target.stated:
        try:
            period = parse_date(target.base)
        except ValueError as error:
            raise UserError(f"targets.{name}.base: {error}") from None
        return Figure(target.base, period.start, period.end, 1.0, 1.0, "stated", 0.0)
    shown = ", ".join(figure.label for figure in figures)
    raise UserError(f"targets.{name}.base: no figure for '{target.base}'; allowed: {shown}")


def _rate(
    name: str, target: Target, figure: Figure, indicator: str, record: Record
) -> tuple[Observation, Observation, float]:
    """Return what a documented growth compares: the year with the one before, or the ends of a span."""
    period = parse_date(figure.label)
    if period.form == "year":
        now = Observation(indicator, period.start, period.end)
        return now, Observation(indicator, *calendar_year(period.start.year - 1)), 1.0
    if period.form == "days":
        ends = [(period.start, period.start), (period.end, period.end)]
    elif period.form == "years":
        ends = [calendar_year(period.start.year), calendar_year(period.end.year)]
    else:
        raise UserError(f"targets.{name}: a rate needs a year or a span, not {figure.label}")
    yearly = not target.stated and record.unit(target.series or name) == "1/year"
    years = (period.end.year - period.start.year) if yearly else 1
    return Observation(indicator, *ends[1]), Observation(indicator, *ends[0]), 1.0 / years


def calendar_year(year: int) -> tuple[date, date]:
    """Return the first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def per_series_weights(points: list[Point], persistence: float) -> np.ndarray:
    """Return the weight of each point: its own, times what a point of a persistent series is worth.

    With errors of correlation ``persistence ** k`` between figures k apart, n figures are worth
    n / (1 + 2 sum_k (1 - k/n) persistence^k) independent ones (variance of a mean of an AR(1) series).
    """
    counts: Mapping[str, int] = {
        name: sum(p.target == name for p in points) for name in {p.target for p in points}
    }
    worth = {}
    for name, n in counts.items():
        lags = np.arange(1, n)
        worth[name] = 1.0 / (1.0 + 2.0 * float(np.sum((1.0 - lags / n) * persistence**lags)))
    return np.array([p.weight * worth[p.target] for p in points])
