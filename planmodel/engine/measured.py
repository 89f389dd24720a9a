"""Quantities of which only the unit is known: what equations are run on to see whether their units meet.

A plain number that meets one is a literal of the text. Zero, and a guard that keeps a division from it, fits
any unit; a product with twelve, or a quotient, goes from years to months; any other literal is a pure number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from planmodel.engine.rules import GUARD
from planmodel.engine.units import pure

_MONTHS = 12  # a literal twelve is that many months a year
_WORDS = {1: "", 1_000: "thousand", 1_000_000: "million", 1_000_000_000: "billion"}


class ApartError(Exception):
    """Units that do not meet; says what was asked of them."""


class Measured:
    """A quantity of a unit, whatever its value.

    Parameters
    ----------
    unit
        A pint quantity: the number and nouns of the unit. None fits any unit.
    """

    __slots__ = ("unit",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, unit: Any) -> None:
        self.unit = unit

    def __str__(self) -> str:
        return "any unit" if self.unit is None else _in_words(self.unit)

    def __bool__(self) -> bool:
        return True

    def ndtr(self) -> Measured:
        """Return a pure number, as the normal distribution function makes of one."""
        return _number(self)

    def meets(self, other: Measured) -> bool:
        """Whether values in both units may be added as they are: also thousands and millions do not meet."""
        if self.unit is None or other.unit is None:
            return True
        ratio = (self.unit / other.unit).to_root_units()
        return bool(ratio.dimensionless) and math.isclose(ratio.magnitude, 1.0, rel_tol=1e-9)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **_: Any) -> Measured:
        if ufunc.__name__ not in _FUNCTIONS:
            raise ApartError(f"'{ufunc.__name__}' is not known to units")
        return _FUNCTIONS[ufunc.__name__](*inputs)

    def __array_function__(self, function: Any, types: Any, inputs: Any, named: Any) -> Measured:
        if function is not np.where:
            raise ApartError(f"'{function.__name__}' is not known to units")
        condition, *branches = inputs
        _number(condition)
        return _alike(*branches)

    def __add__(self, other: Any) -> Measured:
        return _alike(self, other)

    __radd__ = __sub__ = __rsub__ = __add__

    def __mul__(self, other: Any) -> Measured:
        return _multiplied(self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Measured:
        return _divided(self, other)

    def __rtruediv__(self, other: Any) -> Measured:
        return _divided(other, self)

    def __pow__(self, other: Any) -> Measured:
        return _raised(self, other)

    def __rpow__(self, other: Any) -> Measured:
        return _raised(other, self)

    def __neg__(self) -> Measured:
        return self

    __pos__ = __abs__ = __neg__

    def __lt__(self, other: Any) -> Measured:
        return _compared(self, other)

    __le__ = __gt__ = __ge__ = __lt__

    def __eq__(self, other: Any) -> Measured:  # type: ignore[override]
        return _compared(self, other)

    def __ne__(self, other: Any) -> Measured:  # type: ignore[override]
        return _compared(self, other)

    def __and__(self, other: Any) -> Measured:
        return _number(self, other)

    __rand__ = __or__ = __ror__ = __and__

    def __invert__(self) -> Measured:
        return _number(self)


def number() -> Measured:
    """Return a pure number."""
    return Measured(pure())


def of_result(value: Any) -> Measured:
    """Return what an equation returns as a quantity: it may be a literal."""
    return _literal(value)


def _literal(value: Any) -> Measured:
    """Return a side of a sum or a comparison."""
    if isinstance(value, Measured):
        return value
    return Measured(None) if not abs(value) >= GUARD else number()


def _factor(value: Any) -> Measured:
    """Return a side of a product."""
    if isinstance(value, Measured):
        return value
    if value == 0:
        return Measured(None)
    if abs(value) in (_MONTHS, 1 / _MONTHS):
        return Measured(pure() * Fraction(1, _MONTHS) ** (1 if abs(value) > 1 else -1))
    return number()


def _alike(*sides: Any) -> Measured:
    """Return the unit that all sides have."""
    measured = [_literal(side) for side in sides]
    found = next((m for m in measured if m.unit is not None), measured[0])
    if not all(m.meets(found) for m in measured):
        raise ApartError("adds or compares what is not alike")
    return found


def _number(*sides: Any) -> Measured:
    """Return a pure number, of sides that are."""
    one = number()
    if not all(_literal(side).meets(one) for side in sides):
        raise ApartError("asks for pure numbers")
    return one


def _compared(*sides: Any) -> Measured:
    _alike(*sides)
    return number()


def _multiplied(left: Any, right: Any) -> Measured:
    one, other = _factor(left).unit, _factor(right).unit
    return Measured(None if one is None or other is None else one * other)


def _divided(left: Any, right: Any) -> Measured:
    one, other = _factor(left).unit, _factor(right).unit
    return Measured(None if one is None or other is None else one / other)


def _raised(base: Any, exponent: Any) -> Measured:
    """Return a power: of a pure number, or of any unit to a literal."""
    if isinstance(exponent, Measured):
        return _number(base, exponent)
    return base if base.unit is None else Measured(base.unit**exponent)


def _root(side: Measured) -> Measured:
    return side if side.unit is None else Measured(side.unit ** Fraction(1, 2))


_FUNCTIONS: dict[str, Callable[..., Measured]] = {
    **dict.fromkeys(("add", "subtract", "minimum", "maximum"), _alike),
    **dict.fromkeys(("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"), _compared),
    **dict.fromkeys(("exp", "log", "log1p", "expm1", "bitwise_and", "bitwise_or", "invert"), _number),
    **dict.fromkeys(("absolute", "negative", "positive"), lambda side: side),
    "isfinite": lambda side: number(),
    "multiply": _multiplied,
    "divide": _divided,
    "power": _raised,
    "sqrt": _root,
}


def _in_words(unit: Any) -> str:
    """Return a unit as it is written in tables, as far as it can be."""
    size, powers = Fraction(unit.magnitude).limit_denominator(10**15), dict(unit.unit_items())
    grams = powers.get("gram", 0)
    if grams:  # tonnes are what is weighed mostly
        size = size / Fraction(10**6) ** grams
    above = [_power("tonne" if n == "gram" else n, p, plural=True) for n, p in powers.items() if p > 0]
    below = [_power("tonne" if n == "gram" else n, -p) for n, p in powers.items() if p < 0]
    years = ""
    if size not in _WORDS and size * _MONTHS in _WORDS:
        size, years = size * _MONTHS, "/year"
    words = _WORDS.get(int(size)) if size in _WORDS else f"{float(size):.6g}"
    start = " ".join(part for part in (words, "-".join(above)) if part) or "1"
    return start + "".join(f"/{part}" for part in below) + years


def _power(noun: str, power: Any, plural: bool = False) -> str:
    noun = noun.replace("_", " ")
    shown = noun if noun in ("head", "horsepower", "kWh", "kcal") or not plural else _plural(noun)
    return shown if power == 1 else f"{shown}^{float(power):g}"


def _plural(noun: str) -> str:
    first, _, rest = noun.partition(" of ")
    return f"{first}s of {rest}" if rest else f"{noun}s"
