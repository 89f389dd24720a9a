"""Like with like: which figures of the record a target may be fitted to, by unit, prices and territory."""

from __future__ import annotations

from planmodel.calibration.schema_of_targets import Target
from planmodel.documented import Record
from planmodel.engine.errors import UserError
from planmodel.scenario.alike import hold_alike
from planmodel.scenario.economy import Economy


def check_unit(place: str, variable: str, target: Target, economy: Economy, record: Record) -> None:
    """Refuse a transform of figures in a unit that it cannot be of; levels were converted when read.

    Raises
    ------
    UserError
        Naming both units.
    """
    recorded = record.unit(variable)
    fits, expected = True, ""
    if target.transform == "rate":
        fits, expected = recorded in ("1", "1/year"), "1' or '1/year"
    elif target.transform == "share":
        fits, expected = recorded == "1", "1"
    elif target.transform in ("growth", "ratio") and (recorded == "1" or recorded.startswith("1/")):
        indicator = target.model or target.series or variable
        expected = economy.quantity(indicator).unit
        fits = recorded == expected
    if not fits:
        raise UserError(f"{place}: '{recorded}' in the record ({variable}); allowed: '{expected}'")


def check_prices(
    place: str, variable: str, target: Target, indicator: str, economy: Economy, record: Record
) -> None:
    """Refuse figures at prices of another kind than those of the model, or of another territory.

    Raises
    ------
    UserError
        Naming both sides and what is allowed.
    """
    relative = None if target.transform in ("level", "share") else True
    assert target.version is not None
    for version in [target.version] if isinstance(target.version, str) else target.version:
        hold_alike(
            f"{place}.version", record, variable, version, indicator, economy.prices(indicator), relative
        )
