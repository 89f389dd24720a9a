"""Like with like: what of the record the model may be compared with, by prices and territory."""

from __future__ import annotations

from planmodel.documented import Record, prices
from planmodel.documented.vocabulary import COMPARABLE
from planmodel.engine.errors import UserError
from planmodel.engine.units import STANDARD
from planmodel.scenario.economy import Economy


def comparable(record: Record, variable: str, version: str, economy: Economy) -> bool:
    """Tell whether a version of a variable is at prices like those of the indicator of its name."""
    return prices.alike(
        record.prices(variable, version), economy.prices(variable), is_relative(record, variable)
    )


def hold_alike(
    place: str,
    record: Record,
    variable: str,
    version: str,
    quantity: str,
    mine: str,
    relative: bool | None = None,
) -> None:
    """Refuse a comparison of values at prices of two kinds, or with no figure of the model's territory.

    Parameters
    ----------
    place
        What a message is to name.
    record, variable, version
        What the model is compared with.
    quantity, mine
        The quantity of the model, and its prices.
    relative
        Whether growth, indices or shares are compared; as the unit of the variable says, unless given.

    Raises
    ------
    UserError
        Naming place, both sides and what is allowed.
    """
    place = f"{place}: '{version}' of {variable}"
    territories = list(dict.fromkeys(row["territory"] for row in record.rows(variable, version)))
    if not set(territories) & set(COMPARABLE):
        raise UserError(
            f"{place} is of {', '.join(territories)}, {quantity} of the model of the borders of 1938; "
            f"allowed: {', '.join(COMPARABLE)}; see {prices.PAGE}"
        )
    by_growth = is_relative(record, variable) if relative is None else relative
    if not prices.alike(record.prices(variable, version), mine, by_growth):
        others = [
            v for v in record.versions(variable) if prices.alike(record.prices(variable, v), mine, by_growth)
        ]
        held = f" ({', '.join(others)})" if others else ""
        raise UserError(
            f"{place} is at {prices.phrase(record.prices(variable, version))}, {quantity} of the model at "
            f"{prices.phrase(mine)}; allowed: {prices.allowed(mine, by_growth)}{held}; see {prices.PAGE}"
        )


def is_relative(record: Record, variable: str) -> bool:
    """Tell whether figures of a variable are growth, indices or shares: in a unit that is no money."""
    return not STANDARD.prices(record.unit(variable))
