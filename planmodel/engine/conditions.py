"""Conditions of decrees: a small grammar of comparisons, parsed and walked, never executed.

::

    town_nutrition < 0.8 and not (month >= 8 and month <= 11)

Comparisons of published quantities and numbers, joined by ``and``, ``or`` and ``not``; ``+ - * /`` and
brackets within them. What a condition says is known from its tree alone: Python's parser makes the tree, and
nothing of it is compiled or evaluated.
"""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planmodel.engine.errors import nearest
from planmodel.engine.types import Array, Mask

LONGEST, DEEPEST, LARGEST = 300, 12, 1e15
_SHOWN = 40
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_CHARACTERS = re.compile(r"[A-Za-z0-9_.+\-*/()<>=! ]*")

Values = Mapping[str, float | Array]
_Number = Callable[[Values], Any]
_Holds = Callable[[Values], Any]


class ConditionError(ValueError):
    """A text is no condition: says where, and what is allowed."""


@dataclass(frozen=True)
class Condition:
    """A condition that was read.

    Attributes
    ----------
    text
        As it was written.
    names
        The quantities that it reads.
    """

    text: str
    names: frozenset[str]
    _holds: _Holds

    def holds(self, values: Values, members: int) -> Mask:
        """Tell in which members it holds.

        A comparison of what is no finite number (of what was divided by nothing) does not hold.
        """
        with np.errstate(all="ignore"):
            return np.array(np.broadcast_to(self._holds(values), (members,)))


def condition(text: str, published: Collection[str]) -> Condition:
    """Read a condition.

    Parameters
    ----------
    text
        At most 300 characters of ASCII, nested at most 12 deep.
    published
        Names of the quantities that it may read.

    Raises
    ------
    ConditionError
        Saying at which character what is wrong, and what is allowed.
    """
    if len(text) > LONGEST:
        raise ConditionError(f"has {len(text)} characters; allowed: up to {LONGEST}")
    good = _CHARACTERS.match(text)
    end = good.end() if good else 0
    if end < len(text):
        raise ConditionError(
            f"character {end + 1}, {text[end]!r}: is not valid; allowed: letters, digits, _ . + - * / ( ) "
            "< > = ! and spaces"
        )
    if not text.strip():
        raise ConditionError("is empty; allowed: a comparison such as town_nutrition < 0.8")
    bare = text.strip()
    shift = len(text) - len(text.lstrip())
    try:
        with warnings.catch_warnings():  # Python warns of what is refused below
            warnings.simplefilter("ignore")
            tree = ast.parse(bare, mode="eval").body
    except SyntaxError as error:
        at = min(error.offset or len(bare), len(bare)) + shift
        raise ConditionError(
            f"character {at}: cannot be read from here on; allowed: comparisons such as "
            "town_nutrition < 0.8, joined by and, or, not"
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise ConditionError(f"is nested too deep; allowed: {DEEPEST} levels") from None
    reader = _Reader(bare, shift, published)
    found = reader.mask(tree, 0)
    if not reader.names:
        raise ConditionError(
            "reads no quantity, and would always or never hold; allowed: one that reads some"
        )
    return Condition(text, frozenset(reader.names), found)


class _Reader:
    """Walks the tree of a condition, and makes of it a function of what is published."""

    def __init__(self, text: str, shift: int, published: Collection[str]) -> None:
        self.text, self.shift, self.published = text, shift, published
        self.names: set[str] = set()

    def mask(self, node: ast.expr, depth: int) -> _Holds:
        """Read what holds or does not."""
        self._not_too_deep(node, depth)
        match node:
            case ast.BoolOp():
                parts = [self.mask(value, depth + 1) for value in node.values]
                both = isinstance(node.op, ast.And)
                return lambda v: _joined([part(v) for part in parts], both)
            case ast.UnaryOp(op=ast.Not()):
                part = self.mask(node.operand, depth + 1)
                return lambda v: np.logical_not(part(v))
            case ast.Compare(ops=[sign], comparators=[other]) if type(sign) in _COMPARISONS:
                left, right = self.number(node.left, depth + 1), self.number(other, depth + 1)
                return _comparison(_COMPARISONS[type(sign)], left, right)
            case ast.Compare(ops=[_, _, *_]):
                raise self._refused(node, "compares more than two", "two comparisons joined by and")
        raise self._refused(
            node, "is no comparison", "such as town_nutrition < 0.8; and, or, not between them"
        )

    def number(self, node: ast.expr, depth: int) -> _Number:
        """Read a quantity, a number, or what is reckoned from them."""
        self._not_too_deep(node, depth)
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return self._constant(node, value)
            case ast.Name(id=name):
                if name not in self.published:
                    near = nearest(name, self.published).strip()
                    meant = f"{near[0].lower()}{near[1:]}" if near else _ALLOWED
                    raise self._refused(node, "there is no such quantity", meant, bare=True)
                self.names.add(name)
                return lambda v: v[name]
            case ast.UnaryOp(op=ast.USub()):
                part = self.number(node.operand, depth + 1)
                return lambda v: -part(v)
            case ast.BinOp() if type(node.op) in _ARITHMETIC:
                left, right = self.number(node.left, depth + 1), self.number(node.right, depth + 1)
                reckon = _ARITHMETIC[type(node.op)]
                if isinstance(node.op, ast.Div) and self._nothing(node.right, right):
                    raise self._refused(node, "divides by zero", "by a quantity, or by another number")
                return lambda v: reckon(np.asarray(left(v), dtype=float), right(v))
        raise self._refused(node, "is no quantity", "names of quantities, numbers, + - * / and brackets")

    def _constant(self, node: ast.expr, value: int | float) -> _Number:
        if not abs(value) < LARGEST:
            raise self._refused(node, "is too large", f"numbers below {LARGEST:g}")
        number = float(value)
        return lambda v: number

    def _nothing(self, node: ast.expr, value: _Number) -> bool:
        """Tell that what is divided by reads no quantity and is zero."""
        if any(isinstance(part, ast.Name) for part in ast.walk(node)):
            return False
        with np.errstate(all="ignore"):
            return float(value({})) == 0.0

    def _not_too_deep(self, node: ast.expr, depth: int) -> None:
        if depth > DEEPEST:
            raise self._refused(node, "is nested too deep", f"{DEEPEST} levels")

    def _refused(self, node: ast.expr, why: str, allowed: str, bare: bool = False) -> ConditionError:
        part = (ast.get_source_segment(self.text, node) or "")[:_SHOWN]
        at = node.col_offset + 1 + self.shift
        said = allowed if bare else f"allowed: {allowed}"
        return ConditionError(f"character {at}, '{part}': {why}; {said}")


_ALLOWED = (
    "allowed: stocks, flows and variables of the economy (not accounts and indicators, which are reckoned "
    "after a run), levers, month, year, day"
)


def _joined(masks: list[Any], both: bool) -> Any:
    found = masks[0]
    for mask in masks[1:]:
        found = np.logical_and(found, mask) if both else np.logical_or(found, mask)
    return found


def _comparison(sign: Callable[[Any, Any], Any], left: _Number, right: _Number) -> _Holds:
    def holds(values: Values) -> Any:
        a, b = left(values), right(values)
        return sign(a, b) & np.isfinite(a) & np.isfinite(b)

    return holds
