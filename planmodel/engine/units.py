"""Units: the words that tables, record and configurations may use, and what converts into what.

A unit is ``1``, ``index 1928=1``, or nouns in the plural with a number in words before them and, behind a
stroke each, by what they are counted, in the singular and with time last: ``million tonnes``,
``kcal/person/day``, ``billion roubles of 1928/million persons``. A hyphen multiplies: ``person-months``.
An economy may declare nouns of its own in rows of the kind ``unit``.

A rouble of 1928 is no current rouble, an index of 1928 no index of 1936; hours, days and months have no fixed
number of each other. Factors are fractions of whole numbers, so that nothing but the last rounding is lost.
To convert takes no library; ``planmodel/engine/dimensions.py`` runs equations on units, with pint.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from planmodel.engine.errors import nearest
from planmodel.engine.nouns import NOUNS, NUMBERS, Noun

PAGE = "docs/units.md"


class UnitError(ValueError):
    """A unit that is not known, or two that do not convert into each other."""


_OLD = {  # what people write, and what is written here
    "people": "persons",
    "kilogram": "kg",
    "kilograms": "kg",
    "kilowatt-hours": "kWh",
    "kilocalories": "kcal",
    "Mt": "million tonnes",
    "g": "grams",
    "kt": "thousand tonnes",
    "ha": "hectares",
    "%": "percent",
}
_PRICES = {"roubles/rouble of 1928": "index 1928=1"}  # a level of prices is an index of them
_BASE = re.compile(r"(?:index )?(\d{4}) ?= ?1")
_STROKE = re.compile(r"/(?!\d)")  # not that of 1926/27


class Units:
    """The nouns of the vocabulary, and those that an economy adds.

    Parameters
    ----------
    more
        Nouns of the economy.

    Raises
    ------
    UnitError
        If a noun is there already, or is made of what is not known.
    """

    def __init__(self, more: Iterable[Noun] = ()) -> None:
        self.nouns: tuple[Noun, ...] = (*NOUNS, *more)
        self.by_plural = {noun.plural: noun for noun in self.nouns}
        self.by_singular = {noun.singular: noun for noun in self.nouns}
        if len(self.by_plural) < len(self.nouns) or len(self.by_singular) < len(self.nouns):
            known = {word for noun in NOUNS for word in (noun.plural, noun.singular)}
            twice = [n.plural for n in self.nouns[len(NOUNS) :] if {n.plural, n.singular} & known]
            raise UnitError(f"a noun is declared twice, or is in {PAGE} already: {', '.join(twice)}")
        for noun in self.nouns:
            for word in noun.made_of:
                if not word[0].isdigit() and word not in self.by_singular:
                    raise UnitError(f"'{noun.plural}' is made of '{word}', which is no unit")
        self._canonical: set[str] = set()
        self._quantities: dict[str, Any] = {}

    # ---- spelling ------------------------------------------------------------------------------------------

    def check(self, unit: str) -> None:
        """Refuse a unit that is not written as in the vocabulary.

        Raises
        ------
        UnitError
            With what is meant, as far as can be told.
        """
        if unit in self._canonical:
            return
        try:
            canonical = self.spelled(unit)
        except UnitError as error:
            raise UnitError(f"{error}; all units: {PAGE}") from None
        if canonical != unit:
            raise UnitError(f"unit '{unit}': here it is written '{canonical}'; all units: {PAGE}")
        self._canonical.add(unit)

    def spelled(self, unit: str) -> str:
        """Return a unit as it is written here.

        Raises
        ------
        UnitError
            If it is none.
        """
        if base := _BASE.fullmatch(unit):
            return f"index {base[1]}=1"
        if unit in ("1", ""):
            return "1"
        above, *below = [self._read(part, unit) for part in _parts(unit)]
        below.sort(key=lambda part: part.is_time)  # keeps the order of the others
        return "/".join([above.shown(plural=True), *(part.shown(plural=False) for part in below)])

    def _read(self, text: str, unit: str) -> Product:
        """Read a number word and nouns joined by hyphens, either of which may be missing."""
        if text == "1":
            return Product("", ())
        text = _OLD.get(text, text)
        first, _, rest = text.partition(" ")
        number = first if first in NUMBERS else ""
        text = (rest if number else text).strip()
        if number and not text:
            return Product(number, ())
        text = _OLD.get(text, text)
        whole = self._noun(text)
        if whole is not None:
            return Product(number, (whole,))
        nouns = [self._noun(word) for word in text.split("-")]
        if not text or None in nouns:
            missing = next((w for w in text.split("-") if self._noun(w) is None), text)
            where = "" if missing == unit else f", for '{missing}'"
            near = nearest(missing, {*self.by_plural, *self.by_singular})
            raise UnitError(f"'{unit}' is no unit that is known here{where}{'.' if near else ''}{near}")
        return Product(number, tuple(noun for noun in nouns if noun is not None))

    def _noun(self, text: str) -> Noun | None:
        return self.by_plural.get(text) or self.by_singular.get(text)

    # ---- meaning -------------------------------------------------------------------------------------------

    def quantity(self, unit: str) -> Any:
        """Return what a unit stands for, as a pint quantity: its number, and base nouns.

        Raises
        ------
        UnitError
            If it is none.
        """
        if unit not in self._quantities:
            self._quantities[unit] = self._quantity(unit)
        return self._quantities[unit]

    def _quantity(self, unit: str) -> Any:
        number, powers = self.reduced(unit)
        found = pure() * number
        for base, power in powers.items():
            found = found * _base(base) ** power
        return found

    def reduced(self, unit: str) -> tuple[Fraction, dict[str, int]]:
        """Return what a unit stands for: its number, and the powers of base nouns.

        Raises
        ------
        UnitError
            If it is none.
        """
        if index := _BASE.fullmatch(unit):
            return Fraction(1), {f"index_{index[1]}": 1}
        number, powers = Fraction(1), Counter[str]()
        for place, part in enumerate(_parts(unit) if unit != "1" else ()):
            factor, bases = self._product(self._read(part, unit))
            number = number / factor if place else number * factor
            for base in bases:
                powers[base] += -1 if place else 1
        return number, {base: power for base, power in powers.items() if power}

    def _product(self, product: Product) -> tuple[Fraction, list[str]]:
        number = Fraction(NUMBERS.get(product.number, 1))
        bases: list[str] = []
        for noun in product.nouns:
            factor, within = self._of_base(noun)
            number, bases = number * factor, bases + within
        # "thousand" of what the variable counts
        return number, bases if product.nouns or not product.number else ["item"]

    def _of_base(self, noun: Noun) -> tuple[Fraction, list[str]]:
        if not noun.made_of:
            return Fraction(1), [re.sub(r"\W", "_", noun.singular)]
        number = Fraction(1)
        bases: list[str] = []
        for word in noun.made_of:
            factor, within = (
                (Fraction(word), []) if word[0].isdigit() else self._of_base(self.by_singular[word])
            )
            number, bases = number * factor, bases + within
        return number, bases

    def prices(self, unit: str) -> str:
        """Return at what prices the money of a unit is; empty where it counts none, or is a level of prices.

        Raises
        ------
        UnitError
            If it is no unit.
        """
        if _BASE.fullmatch(unit) or unit == "1":
            return ""
        nouns = [noun for part in _parts(unit) for noun in self._read(part, unit).nouns]
        found = [noun.prices for noun in nouns if noun.prices]
        return found[0] if len(found) == 1 else ""

    # ---- conversion ----------------------------------------------------------------------------------------

    def factor(self, unit: str, wanted: str) -> Fraction:
        """Return by what a value in one unit is multiplied to be in another.

        Raises
        ------
        UnitError
            If one is not known, or they measure different things.
        """
        if unit == wanted:
            return Fraction(1)
        given, asked = (self.reduced(_PRICES.get(u, u)) for u in (unit, wanted))
        if given[1] != asked[1]:
            raise UnitError(f"'{unit}' does not convert into '{wanted}'")
        return given[0] / asked[0]


@dataclass(frozen=True)
class Product:
    """A number in words, and nouns that are multiplied."""

    number: str
    nouns: tuple[Noun, ...]

    @property
    def is_time(self) -> bool:
        """Whether it is a span of time."""
        return bool(self.nouns) and all(noun.is_time for noun in self.nouns)

    def shown(self, plural: bool) -> str:
        """Return it in words; behind a stroke nouns are in the singular, but after a number."""
        *firsts, last = self.nouns or (None,)
        many = plural or bool(self.number)
        words = [noun.singular for noun in firsts if noun is not None]
        words += [last.plural if many else last.singular] if last is not None else []
        return " ".join(part for part in (self.number, "-".join(words)) if part) or "1"


@cache
def registry() -> Any:
    """Return a registry of base nouns alone: nothing that pint itself defines converts by chance."""
    from pint import UnitRegistry

    return UnitRegistry(None, non_int_type=Fraction)


@cache
def pure() -> Any:
    """Return the pure number one."""
    return registry().Quantity(Fraction(1), "")


@cache
def _base(name: str) -> Any:
    """Return one of a noun that is made of no other."""
    registry().define(f"{name} = [{name}]")
    return registry().Quantity(Fraction(1), name)


def _parts(unit: str) -> Iterator[str]:
    """Yield what stands above and below strokes; ``a`` and ``per`` are strokes in words."""
    for part in _STROKE.split(re.sub(r" (?:an?|per) ", "/", unit)):
        yield part.strip()


STANDARD = Units()


def factor(unit: str, wanted: str) -> Fraction:
    """Return by what a value in one unit of the vocabulary is multiplied to be in another."""
    return STANDARD.factor(unit, wanted)


def convert(value: float, unit: str, wanted: str) -> float:
    """Return a value of one unit in another; a value that is in it already stays as it is, to the bit."""
    return value if unit == wanted else float(Fraction(value) * factor(unit, wanted))


def known(unit: str) -> bool:
    """Whether a unit is known here, however it is written."""
    try:
        STANDARD.quantity(unit)
    except UnitError:
        return False
    return True
