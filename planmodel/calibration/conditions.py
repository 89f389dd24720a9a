"""What draws of the prior must keep to: what nobody holds, whatever the figures that are fitted to.

Densities say of each size by itself what it may be. Drawn together, some of them still make a history that
nobody would call one: such draws are none of the prior.
"""

from __future__ import annotations

from dataclasses import dataclass

from planmodel.calibration.schema import Calibration
from planmodel.documented.dates import parse_date
from planmodel.engine import UserError
from planmodel.runs.observe import Observation, observer_of
from planmodel.scenario import Scenario
from planmodel.scenario.indicators import unfit
from planmodel.scenario.names import hint


@dataclass(frozen=True)
class Condition:
    """A quantity on a date, from low to high."""

    name: str
    asked: Observation
    low: float
    high: float


def conditions_of(calibration: Calibration, scenario: Scenario) -> list[Condition]:
    """Return what draws of the prior must keep to.

    Raises
    ------
    UserError
        If the model has no such quantity on the date, or the run does not cover it.
    """
    found, economy = [], calibration.economy
    for name, one in calibration.plausible.items():
        place = f"plausible.{name}"
        if one.of not in economy.indicators:
            raise UserError(f"{place}.of: no such indicator of the model{hint(one.of, economy.indicators)}")
        try:
            period = parse_date(one.date)
        except ValueError as error:
            raise UserError(f"{place}.date: {error}") from None
        wrong = unfit(economy.indicators[one.of], period.start, period.end)
        if wrong:
            raise UserError(f"{place}.date: {wrong}")
        asked = Observation(one.of, period.start, period.end)
        first, last = scenario.period.start, scenario.period.end
        if not observer_of(scenario.declared, first, last, [asked]).covered[0]:
            raise UserError(f"{place}.date: {one.date} is outside the run of '{scenario.name}'; "
                            f"allowed: {first} to {last}")  # fmt: skip
        found.append(Condition(name, asked, *one.between))
    return found
