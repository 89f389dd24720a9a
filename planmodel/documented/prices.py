"""At what prices money is reckoned, and which prices are alike: values are compared with like values alone.

The unit of money says its prices. An index of value, and a rate or a share of values, say them in the field
``prices`` of ``variables.toml``: one word for all versions, or one for each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

CURRENT, CONSTANT, ORIGINAL, UNCLEAR, NONE = "current", "constant", "original cost", "unclear", "none"
OWN = "own"  # of a version of a user's own, where those of the record differ by version: held to nothing
WORDS = {
    CURRENT: "current prices",
    CONSTANT: "constant prices of a year that is not said",
    ORIGINAL: "original cost, that of the year in which each piece was paid for",
    "plan": "prices of a plan",
    UNCLEAR: "prices that are unclear",
    NONE: "no prices, for it is no value",
}
PAGE = "docs/units.md"
_YEAR = re.compile(r"\d{4}(/\d{2})?")
_ALLOWED = f"{', '.join(WORDS)}, or the year of constant prices, such as 1928 or 1926/27"
_BETWEEN, _OF = "; ", ": "


def stated(unit: str, said: object) -> str:
    """Return the prices of a variable: from its unit, or as the field ``prices`` says them.

    Parameters
    ----------
    unit
        Of the variable.
    said
        The field: a word, words by version, or None.

    Returns
    -------
    str
        A word; ``version: word; version: word``; or nothing, where neither unit nor field says any.

    Raises
    ------
    ValueError
        If money or an index does not say its prices, or says them twice, or a word is not known.
    """
    from planmodel.engine.units import STANDARD  # with the engine comes numpy

    of_unit = STANDARD.prices(unit)
    if of_unit and said is not None:
        raise ValueError(f"prices: the unit '{unit}' says them ({of_unit}); allowed: to leave them out")
    if of_unit:
        return of_unit
    if said is None:
        if unit.startswith("index "):
            raise ValueError(f"prices is missing: an index says those of its values; allowed: {_ALLOWED}")
        return ""
    words: Mapping[str, Any] = said if isinstance(said, Mapping) else {"": said}
    for word in words.values():
        if not isinstance(word, str) or not (word in WORDS or _YEAR.fullmatch(word)):
            raise ValueError(f"prices: {word!r} is not valid; allowed: {_ALLOWED}")
    return _BETWEEN.join(f"{version}{_OF}{word}" if version else word for version, word in words.items())


def by_version(prices: str) -> dict[str, str]:
    """Return prices by version; where one word is for all, the version is empty."""
    pairs = (part.rpartition(_OF) for part in prices.split(_BETWEEN))
    return {version: word for version, _, word in pairs}


def of_version(prices: str, version: str) -> str:
    """Return the prices of a version: a word, or nothing where none are said."""
    said = by_version(prices)
    return said.get(version, said.get("", OWN))


def alike(one: str, other: str, relative: bool) -> bool:
    """Tell whether values at two prices may be compared.

    Parameters
    ----------
    one, other
        Words; empty where there is no value.
    relative
        Whether growth, indices or shares are compared: constant prices of one year then serve for those of
        another. Nothing else bridges prices, and what is unclear is like nothing.
    """
    one, other = ("" if word == NONE else word for word in (one, other))
    if UNCLEAR in (one, other):
        return False
    return one == other or OWN in (one, other) or (relative and _is_constant(one) and _is_constant(other))


def phrase(prices: str) -> str:
    """Return prices in words."""
    if _YEAR.fullmatch(prices):
        return f"constant prices of {prices}"
    return WORDS[prices or NONE]


def allowed(prices: str, relative: bool) -> str:
    """Say what may be compared with values at these prices."""
    if prices == UNCLEAR:
        return "nothing, until it is known"
    if relative and _is_constant(prices):
        return "constant prices of any year"
    return phrase(prices) if prices not in ("", NONE) else "what is no value"


def _is_constant(prices: str) -> bool:
    return prices == CONSTANT or _YEAR.fullmatch(prices) is not None
