"""Numbers in words and tables: how many digits count, how a share is written, what stands for none."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

NONE = "-"  # where there is no number
SMALLEST = 1e-4  # below it an exponent says more than zeros
APART = 10_000  # from here on thousands are set apart
_DATES = (1900.0, 1960.0)  # a year and its fraction, to be told from other numbers by its size alone
LONGEST = 300  # letters of a text in a cell

Writer = Callable[[Any], str]


def number(
    value: float,
    digits: int = 3,
    *,
    places: int | None = None,
    trim: bool = False,
    comma: bool = False,
    none: str = NONE,
) -> str:
    """Return a number with as many digits as count; whole digits are never rounded away.

    Parameters
    ----------
    value
        The number.
    digits
        That count.
    places
        Decimals at most, where numbers stand below each other.
    trim
        Leave out zeros at the end, within a sentence.
    comma
        Set thousands apart from five digits on, so that a year stays one.
    none
        Said where there is no number.

    Examples
    --------
    >>> number(8067.9), number(12.345), number(0.5), number(0.5, trim=True), number(0.1234, places=2)
    ('8068', '12.3', '0.500', '0.5', '0.12')
    """
    if not math.isfinite(value):
        return none
    if value == 0.0:
        return "0"
    if abs(value) < SMALLEST and places is None:
        return f"{value:.{1 if digits > 1 else 0}e}"
    rounded = abs(float(f"{value:.{digits}g}"))  # 0.9996 has as many digits as the 1.00 beside it
    decimals = max(0, digits - 1 - math.floor(math.log10(rounded)))
    decimals = decimals if places is None else min(decimals, places)
    text = fixed(value, decimals, comma=comma)
    return text.rstrip("0").rstrip(".") if trim and "." in text else text


short = partial(number, trim=True)  # within a sentence
column = partial(number, places=2)  # in narrow columns


def fixed(value: float, places: int = 2, *, sign: bool = False, comma: bool = False, none: str = NONE) -> str:
    """Return a number with so many decimals, never as -0."""
    if not math.isfinite(value):
        return none
    apart = "," if comma and abs(value) >= APART else ""
    return f"{round(value, places) + 0.0:{'+' if sign else ''}{apart}.{places}f}"


def percent(share: float, places: int = 0, *, sign: bool = False, unit: str = " %", none: str = NONE) -> str:
    """Return a share as per cent, never as -0."""
    return fixed(100.0 * share, places, sign=sign) + unit if math.isfinite(share) else none


signed_percent = partial(percent, sign=True)
hundredths = partial(percent, unit="")


def dated(value: float, none: str = NONE) -> str:
    """Return a figure within a sentence; one that is a date, a year and its fraction, with one decimal."""
    return fixed(value, 1) if _DATES[0] <= value <= _DATES[1] else short(value, none=none)


def between(low: float, high: float, write: Writer = short) -> str:
    """Return a range in words."""
    return f"{write(low)} to {write(high)}"


def with_range(value: float, low: float, high: float, write: Writer = short) -> str:
    """Return a number and its range in brackets."""
    return f"{write(value)} ({between(low, high, write)})"


def whole(value: float) -> str:
    """Return a year, or another number that is no quantity: without thousands apart."""
    return fixed(value, 0)


def residual(value: float) -> str:
    """Return what is left of a sum that should close: its size alone."""
    return "0" if value == 0.0 else f"{value:.0e}" if math.isfinite(value) else NONE


def unit_of(unit: str) -> str:
    """Return a unit as it is shown: that of a share is none."""
    return "share" if unit == "1" else unit


_SHORTER = (
    ("million tonnes", "Mt"),
    ("million hectares", "Mha"),
    ("million persons", "million"),
    ("million head", "million"),
    ("billion", "bn"),
    ("thousand roubles", "1000 roubles"),
    ("roubles of", "r."),
    ("/person", "/head"),
)


def short_unit(unit: str) -> str:
    """Return a unit as a narrow column has it."""
    for long, short in _SHORTER:
        unit = unit.replace(long, short)
    return unit_of(unit)


def words(name: object) -> str:
    """Return a name of the code as words."""
    return str(name).replace("_", " ")


def text_of(value: Any, write: Writer | None = None) -> str:
    """Return any value as a cell of a table shows it: by its type, or a number as ``write`` has it."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[:LONGEST] + " ..."
    if value is None:
        return NONE
    if _is_truth(value):
        return "yes" if value else "no"
    if is_number(value):
        if write is not None:
            return write(value)
        return fixed(value, 0, comma=True) if _is_whole(value) else number(value, comma=True)
    return text_of(str(value))


def is_number(value: Any) -> bool:
    """Tell whether a value is a number: of Python or of NumPy, and no truth value."""
    return (isinstance(value, int | float) or hasattr(value, "dtype")) and not _is_truth(value)


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or getattr(getattr(value, "dtype", None), "kind", "") == "b"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) or getattr(getattr(value, "dtype", None), "kind", "") in ("i", "u")
