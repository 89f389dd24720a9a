"""How the model answers to a variable of a user's own: a quantity, a sum of some, or one over another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from planmodel.engine.errors import UserError
from planmodel.engine.units import UnitError, factor
from planmodel.scenario.economy import Economy
from planmodel.scenario.indicators import Indicator
from planmodel.scenario.names import hint

_TERM = re.compile(r"\s*([+-]?)\s*([A-Za-z_][A-Za-z0-9_]*)\s*")
_FORMS = "allowed: a quantity of the model, sums and differences of some, or one such sum over another"


def own_indicator(place: str, name: str, about: Mapping[str, str], economy: Economy) -> Indicator:
    """Return the indicator of a variable of the user's own.

    Parameters
    ----------
    place
        Put before what is said of it.
    name, about
        The variable, and what its declaration says: title, unit, measure and model.
    economy
        Whose quantities the model is made of.

    Raises
    ------
    ValueError
        If these are none, cannot be added up, or are measured in something else than the variable.
    """
    place, text = f"{place}: model", about["model"].strip()
    if text in economy.indicators:
        found = replace(economy.indicators[text], name=name, title=about["title"], theme="", given="")
    else:
        found = replace(_made(place, text, economy), name=name, title=about["title"])
    if found.measure == "average" and about["measure"] == "stock":
        found = replace(found, measure="stock")
    try:
        economy.prices(found)
    except UserError:  # made of indices, or of money at several prices: the user says at which it is
        found = replace(found, prices=about["prices"] or "none")
    try:
        factor(about["unit"], found.unit)
    except UnitError:
        raise ValueError(
            f"{place}: {text} is in '{found.unit}', into which '{about['unit']}' does not convert; "
            "allowed: what is measured in the same"
        ) from None
    return found


def _made(place: str, text: str, economy: Economy) -> Indicator:
    above, stroke, below = text.partition("/")
    whole = _summed(place, above, economy)
    if not stroke:
        return whole
    part = _summed(place, below, economy)
    if part.less:
        raise ValueError(f"{place}: {below.strip()!r} has a minus below the stroke; allowed: a sum")
    unit = "1" if whole.unit == part.unit else f"{whole.unit}/{part.unit}"
    if (whole.measure == "flow") is not (part.measure == "flow"):  # months of a flow over those of a level
        if part.measure == "flow":
            raise ValueError(f"{place}: {below.strip()} flows and {above.strip()} does not; "
                             "allowed: flows over flows, or anything over what does not flow")  # fmt: skip
        unit = f"{unit}/month"
    return replace(whole, unit=unit, measure="ratio", over=part.parts)


def _summed(place: str, text: str, economy: Economy) -> Indicator:
    """Return a sum of quantities of one measure and unit."""
    inner = text.strip()
    if inner.startswith("(") and inner.endswith(")"):
        inner = inner[1:-1]
    terms: list[tuple[str, Indicator]] = []
    at = 0
    while at < len(inner):
        found = _TERM.match(inner, at)
        if found is None or (terms and not found[1]):
            raise ValueError(f"{place}: {text.strip()!r} cannot be read; {_FORMS}")
        terms.append((found[1], _quantity(place, found[2], economy)))
        at = found.end()
    if not terms:
        raise ValueError(f"{place}: {text.strip()!r} cannot be read; {_FORMS}")
    first = terms[0][1]
    for _, term in terms:
        if term.measure not in ("stock", "flow", "average") or term.less:
            raise ValueError(f"{place}: {term.name} cannot be added up; allowed: stocks, flows and averages")
        if (term.unit, term.measure, term.first_month) != (first.unit, first.measure, first.first_month):
            raise ValueError(
                f"{place}: {first.name} is a {first.measure} in '{first.unit}', {term.name} a {term.measure} "
                f"in '{term.unit}'; allowed: terms of one measure, unit and year"
            )
    parts, less = (
        tuple(part for sign, term in terms if (sign == "-") is off for part in term.parts)
        for off in (False, True)
    )
    return Indicator("", "", first.unit, first.measure, parts, (), less, first.first_month)


def _quantity(place: str, name: str, economy: Economy) -> Indicator:
    """Return a quantity of the model, with its unit."""
    known = economy.quantities()
    if name not in known:
        raise ValueError(f"{place}: the model has no quantity {name!r}{hint(name, known)}")
    found = economy.quantity(name)
    return found if found.unit else replace(found, unit=economy.unit_of(name))
