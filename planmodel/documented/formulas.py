"""Formulas in figures of the record, such as ``coal.official / coal.official[{before}] - 1``.

How they are written is told at the head of ``identities.toml``. A formula is made once for each date.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from planmodel.documented.dates import parse_date
from planmodel.documented.figures import Figures
from planmodel.documented.files import parts_of_the_country
from planmodel.documented.reading import not_known
from planmodel.documented.vocabulary import KINDS, NATIONAL

Formula = Callable[[Figures], float]
_Values = Callable[[Figures], list[float]]

FIGURE = re.compile(r"([a-z]\w*)\.(\w+)(?:\[([^\]]*)\])?")
_WORD = re.compile(r"\{(\w+)\}")
_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS: dict[str, Callable[[list[float]], float]] = {
    "max": max,
    "mean": lambda values: sum(values) / len(values),
    "sum": sum,
}


@dataclass(frozen=True)
class _Asked:
    """Figures of one version: of dates, of territories by name (None: the whole country) and of parts."""

    variable: str
    version: str
    dates: tuple[str, ...]
    kind: str | None
    territories: tuple[str | None, ...]
    parts: frozenset[str]

    @property
    def several(self) -> str:
        """Of what there may be several; empty if there is one figure."""
        if len(self.dates) > 1:
            return "dates"
        return "territories" if self.parts or len(self.territories) > 1 else ""

    def values(self, figures: Figures) -> list[float]:
        about, found = (self.variable, self.version), []
        for date in self.dates:
            found += [figures.at(*about, date, kind=self.kind, territory=one) for one in self.territories]
            if self.parts:
                found += figures.parts(*about, date, self.parts, kind=self.kind)
        return found

    def absent(self, figures: Figures) -> bool:
        return figures.lacks(
            self.variable, self.version, self.dates[0], kind=self.kind, territory=self.territories[0]
        )


def make_formula(text: str, words: Mapping[str, str]) -> Formula:
    """Return what reckons a formula from figures.

    Parameters
    ----------
    text
        The formula.
    words
        What stands for the words in braces: ``date``, which a figure without a date has, and others.

    Raises
    ------
    ValueError
        Saying what is wrong with the text.
    """
    asked: dict[str, _Asked] = {}

    def named(match: re.Match[str]) -> str:
        name = f"figure_{len(asked)}"
        asked[name] = _asked(*match.groups(default=words["date"]))
        return name

    filled = _WORD.sub(lambda match: _filled(match[1], words), text)
    try:
        tree = ast.parse(" ".join(FIGURE.sub(named, filled).split()), mode="eval").body
    except SyntaxError:
        raise ValueError(f"{filled.strip()!r} is no formula") from None
    return _one(tree, asked)


def every(text: str) -> list[str]:
    """Return the dates of a stretch such as ``1930 to 1938``: each year, or the same day of each.

    A single date is a stretch of one.

    Raises
    ------
    ValueError
        If it is none.
    """
    first, to, last = (part.strip() for part in text.partition(" to "))
    start = parse_date(first)
    if not to:
        return [first]
    end = parse_date(last)
    if start.form != end.form or start.form not in ("year", "day", "agricultural year"):
        raise ValueError(f"{text!r} is no stretch; write two years, two days or two agricultural years")
    years = range(start.start.year, end.start.year + 1)
    if start.form == "agricultural year":
        dates = [f"{year}/{(year + 1) % 100:02d}" for year in years]
    else:
        dates = [f"{year}{first[4:]}" for year in years]
    if not dates or dates[-1] != last:
        raise ValueError(f"{text!r} is no stretch; the second is not the first some years later")
    return dates


def _filled(word: str, words: Mapping[str, str]) -> str:
    if word not in words:
        raise ValueError(not_known("word", word, list(words), tell_all=True))
    return words[word]


def _asked(variable: str, version: str, within: str) -> _Asked:
    """Read what stands in brackets: dates, and behind commas a kind, territories or both."""
    dates, *narrowed = (part.strip() for part in within.split(","))
    kinds = [part for part in narrowed if part in KINDS]
    places = [part for part in narrowed if part not in KINDS]
    if len(kinds) > 1 or len(places) > 1:
        raise ValueError(f"{within!r} has more than dates, a kind and territories joined by +")
    territories: tuple[str | None, ...] = (None,)
    parts: frozenset[str] = frozenset()
    if places:
        territories, parts = _places(places[0])
    return _Asked(variable, version, tuple(every(dates)), next(iter(kinds), None), territories, parts)


def _places(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return territories named, and parts of those whose parts are: ``Ukraine + parts of RSFSR``."""
    within = {name: whole for name, (whole, _) in parts_of_the_country().items()}
    if text == "parts":
        return (), frozenset(within)
    named: list[str] = []
    parts: set[str] = set()
    for one in map(str.strip, text.split("+")):
        name = one.removeprefix("parts of ")
        if name not in within and name not in NATIONAL:
            raise ValueError(not_known("territory", name, [*NATIONAL, *within]))
        if name == one:
            named.append(name)
        else:
            parts |= {part for part, whole in within.items() if whole == name}
    return tuple(named), frozenset(parts)


def _one(node: ast.expr, asked: Mapping[str, _Asked]) -> Formula:
    """Return what reckons a part of a formula that is one number."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return lambda figures: number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _one(operand, asked)
            return lambda figures: -inner(figures)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            first, second, operation = _one(left, asked), _one(right, asked), _OPERATIONS[type(op)]
            return lambda figures: operation(first(figures), second(figures))
        case ast.BoolOp(op=ast.Or(), values=[ast.Name(id=name), other]) if name in asked:
            figure, instead = _one(node.values[0], asked), _one(other, asked)
            return lambda figures: (instead if asked[name].absent(figures) else figure)(figures)
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name in _FUNCTIONS and parts:
            every_part, function = [_several(part, asked) for part in parts], _FUNCTIONS[name]
            return lambda figures: function(_joined(part(figures) for part in every_part))
        case ast.Name(id=name) if name in asked:
            figure_of = asked[name]
            if figure_of.several:
                several = f"{figure_of.variable} has several {figure_of.several}"
                raise ValueError(f"{several}; write mean(), sum() or max()")
            return lambda figures: figure_of.values(figures)[0]
    raise ValueError(
        f"{ast.unparse(node)!r} is not understood; write figures such as steel.official[1932], numbers, "
        f"+ - * / **, 'or' behind a figure, {', '.join(f'{name}()' for name in _FUNCTIONS)}"
    )


def _several(node: ast.expr, asked: Mapping[str, _Asked]) -> _Values:
    """Return what reckons an argument of a function, which may be a figure of several dates."""
    if isinstance(node, ast.Name) and node.id in asked:
        return asked[node.id].values
    one = _one(node, asked)
    return lambda figures: [one(figures)]


def _joined(parts: Iterable[list[float]]) -> list[float]:
    return [value for part in parts for value in part]
