"""Units of the record and of the model, written as people write them, and what converts into what.

``million persons`` is a thousand times ``thousand persons``; a rouble of 1928 is no current rouble, an index
of 1928 no index of 1936; hours, days and months have no fixed number of each other. Factors are fractions of
whole numbers, so that nothing but the last rounding is lost. Pint is imported only where two units differ.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from typing import Any

# Each noun has a dimension of its own unless it is made of others; a plural in s is found by its singular.
_PLAIN = (
    *("person", "child", "head", "household", "family", "mine", "site", "enterprise", "category", "channel"),
    *("gram", "metre", "litre", "pair", "horsepower", "hour", "day", "month", "rouble", "GBP", "item"),
)
_NOUNS = {
    **{noun: noun for noun in _PLAIN},
    "people": "person",
    "worker": "person",
    "woman": "person",
    "children": "child",
    "families": "family",
    "categories": "category",
    "labour-day": "labour_day",
    "kg": "1000 gram",
    "kilogram": "1000 gram",
    "tonne": "1000000 gram",
    "square metre": "metre metre",
    "hectare": "10000 metre metre",
    "kWh": "kilowatt_hour",
    "year": "12 month",
    "gold rouble": "gold_rouble",
    "roubles of 1926/27": "rouble_of_1926_27",
    "roubles of 1928": "rouble_of_1928",
    "roubles at constant prices": "rouble_at_constant_prices",
    "roubles at plan prices": "rouble_at_plan_prices",
}
_NUMBERS = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_INDEX = re.compile(r"index (\d{4})=1")


class UnitError(ValueError):
    """A unit that is not known, or two that do not convert into each other."""


def factor(unit: str, wanted: str) -> Fraction:
    """Return by what a value in one unit is multiplied to be in another.

    Raises
    ------
    UnitError
        If one is not known, or they measure different things.
    """
    if unit == wanted:
        return Fraction(1)
    from pint import DimensionalityError

    given, asked = _quantity(unit), _quantity(wanted)
    try:
        return Fraction((given / asked).to("").magnitude)
    except DimensionalityError:
        raise UnitError(f"'{unit}' does not convert into '{wanted}'") from None


def convert(value: float, unit: str, wanted: str) -> float:
    """Return a value of one unit in another; a value that is in it already stays as it is, to the bit."""
    return value if unit == wanted else float(Fraction(value) * factor(unit, wanted))


def known(unit: str) -> bool:
    """Whether a unit is known here."""
    try:
        _quantity(unit)
    except UnitError:
        return False
    return True


@cache
def _registry() -> Any:
    """Return a registry of the nouns alone: nothing that pint itself defines converts by chance."""
    from pint import UnitRegistry

    registry: Any = UnitRegistry(None, non_int_type=Fraction)
    for word in sorted({word for text in _NOUNS.values() for word in text.split() if not word.isdigit()}):
        registry.define(f"{word} = [{word}]")
    return registry


@cache
def _quantity(unit: str) -> Any:
    """Return what a unit stands for: its number and its nouns, over those behind ``/`` or ``a``."""
    registry = _registry()
    if index := _INDEX.fullmatch(unit):
        name = f"index_{index[1]}"
        if name not in registry:
            registry.define(f"{name} = [{name}]")
        return registry.Quantity(Fraction(1), name)
    above, *below = re.split(r"/(?!\d)| an? ", unit)
    found = _product(above, unit)
    for part in below:
        found = found / _product(part, unit)
    return found


def _product(text: str, unit: str) -> Any:
    """Return a number word and a noun, either of which may be missing."""
    registry, words = _registry(), text.split()
    size = Fraction(_NUMBERS[words.pop(0)]) if words and words[0] in _NUMBERS else Fraction(1)
    noun = " ".join(words)
    if noun == "1" and size == 1:
        return registry.Quantity(Fraction(1), "")
    if not noun and size > 1:
        noun = "item"  # "thousand" of what the variable counts
    made_of = _NOUNS.get(noun) or _NOUNS.get(noun.removesuffix("s"))
    if made_of is None:
        raise UnitError(f"'{unit}' is no unit that is known here")
    found = registry.Quantity(size, "")
    for word in made_of.split():
        found = found * (Fraction(word) if word.isdigit() else registry.Quantity(Fraction(1), word))
    return found
