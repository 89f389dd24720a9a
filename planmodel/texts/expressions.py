"""What the model answers to a figure of a text, as a table has it: ``grain_harvest - grain_procurement``.

Names are indicators and recorded quantities, read on the dates of the figure. There are numbers, ``+``,
``-``, ``*``, ``/``, ``**`` and functions:

=================================== =========================================================================
``at(x, "1937")``                   x on other dates
``growth(x)``                       x in the year over x in the year before, less one
``pace(x, "1928", "1932")``         mean growth a year from the first to the last
``rise(x, "1937", "1940")``         x on the last dates less x on the first
``change(x)``                       x at the end of the span over x at its beginning, less one
``run("no_camps", x)``              x in another run of the text
``record("coal", "book", "1936")``  a figure of the record
``parameter("block.name")``         a parameter of the scenario
=================================== =========================================================================
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planmodel.documented.dates import parse_date
from planmodel.engine import Array, UserError
from planmodel.experiments.results import Record, Results
from planmodel.scenario import Scenario
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint

_OPERATIONS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_TEXTS = {"at": 1, "growth": 0, "pace": 2, "rise": 2, "change": 0}  # dates that follow the expression
_ALONE = {"record": 3, "parameter": 1}  # functions of texts alone
_FORMS = f"allowed: names, numbers, + - * / ** and {', '.join((*_TEXTS, *_ALONE, 'run'))}"


@dataclass(frozen=True)
class _Asked:
    """What an expression is reckoned from."""

    results: Results
    record: Record
    others: Mapping[str, Results]


class Expression:
    """An expression in quantities of the model.

    Parameters
    ----------
    text
        As it is written.

    Raises
    ------
    UserError
        If it is none.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError:
            raise UserError(f"{text!r} is no expression; {_FORMS}") from None
        self.names: tuple[str, ...] = tuple(dict.fromkeys(_names(self._tree)))
        self.parameters = _first_texts(self._tree, "parameter")
        self.runs = _first_texts(self._tree, "run")

    def parts(self, economy: Economy) -> set[str]:
        """Return what a run must record.

        Raises
        ------
        UserError
            If a name is no quantity of the economy.
        """
        found: set[str] = set()
        known, indicators = economy.quantities(), economy.indicators
        for name in self.names:
            if name not in known:
                raise UserError(f"{self.text!r}: the model has no quantity '{name}'{hint(name, known)}")
            found |= set(indicators[name].made_of) if name in indicators else {name}
        return found

    def answer(
        self, results: Results, record: Record, dates: str, others: Mapping[str, Results] | None = None
    ) -> Array | None:
        """Return the answer on dates, shape ``(members,)``; None where the run does not cover them.

        ``others`` are the runs that ``run`` names.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            found = _reckon(self._tree, _Asked(results, record, others or {}), dates)
        return None if found is None else np.broadcast_to(np.asarray(found, dtype=float), results.members)


def _names(node: ast.AST) -> list[str]:
    """Return the quantities that are named; refuse whatever is no part of an expression."""
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Constant(value=int() | float()):
            return []
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _names(inner)
        case ast.BinOp(left=left, right=right, op=op) if type(op) in _OPERATIONS:
            return _names(left) + _names(right)
        case ast.Call(func=ast.Name(id=name), args=[first, *rest], keywords=[]) if name in _TEXTS:
            _hold_texts(name, rest, _TEXTS[name])
            return _names(first)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _ALONE:
            _hold_texts(name, args, _ALONE[name])
            return []
        case ast.Call(func=ast.Name(id="run"), args=[ast.Constant(value=str()), inner], keywords=[]):
            return _names(inner)
    raise UserError(f"{ast.unparse(node)!r} is no part of an expression; {_FORMS}")


def _hold_texts(name: str, given: list[ast.expr], count: int) -> None:
    if len(given) != count or not all(isinstance(one, ast.Constant) for one in given):
        raise UserError(f"{name}: {len(given)} texts are given; allowed: {count}, in quotes")
    for one in given if name in _TEXTS else ():
        try:
            parse_date(_text(one))
        except ValueError as error:
            raise UserError(f"{name}: {error}") from None


def _first_texts(tree: ast.AST, function: str) -> tuple[str, ...]:
    """Return the first texts that calls of a function are given."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    mine = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == function]
    return tuple(dict.fromkeys(_text(one.args[0]) for one in mine))


def _reckon(node: ast.AST, asked: _Asked, dates: str) -> Array | float | None:
    match node:
        case ast.Name(id=name):
            return asked.results.observe(name, dates)
        case ast.Constant(value=value):
            return float(str(value))
        case ast.UnaryOp(operand=inner):
            found = _reckon(inner, asked, dates)
            return None if found is None else -found
        case ast.BinOp(left=left, right=right, op=op):
            first, second = _reckon(left, asked, dates), _reckon(right, asked, dates)
            return None if first is None or second is None else _OPERATIONS[type(op)](first, second)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _called(name, args, asked, dates)
    raise AssertionError(ast.dump(node))


def _called(name: str, args: list[ast.expr], asked: _Asked, dates: str) -> Array | float | None:
    if name == "record":
        return asked.record.value(*map(_text, args))
    if name == "parameter":
        return parameter_of(asked.results.scenario, _text(args[0]))
    if name == "run":
        return _reckon(args[1], replace(asked, results=asked.others[_text(args[0])]), dates)
    first, last = _ends(name, args[1:], dates)
    after = _reckon(args[0], asked, last)
    if name == "at" or after is None:
        return after
    before = _reckon(args[0], asked, first)
    if before is None:
        return None
    if name == "rise":
        return after - before
    years = parse_date(last).start.year - parse_date(first).start.year
    return np.asarray((after / before) ** (1.0 / years if name == "pace" else 1.0) - 1.0)


def _ends(name: str, given: list[ast.expr], dates: str) -> tuple[str, str]:
    """Return the dates between which a function compares."""
    if given:
        return _text(given[0]), _text(given[-1])
    if name == "growth":
        year = parse_date(dates).start.year
        return str(year - 1), str(year)
    first, _, last = dates.partition("..")
    return first, last or first


def _text(node: ast.expr) -> str:
    assert isinstance(node, ast.Constant)
    return str(node.value)


def parameter_of(scenario: Scenario, dotted: str) -> float:
    """Return the value of a parameter in a scenario.

    Raises
    ------
    UserError
        If there is none of that name.
    """
    block, _, name = dotted.partition(".")
    within = getattr(scenario.parameters, block, None)
    if not hasattr(within, name):
        known = (f"{one}.{other}" for one, some in scenario.declared.parameters().items() for other in some)
        raise UserError(f"parameter: '{dotted}' is none of the model{hint(dotted, known)}")
    return float(np.mean(getattr(within, name)))
