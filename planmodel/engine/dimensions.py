"""Equations run on units: whether what each adds up, compares and writes is of one kind.

Each equation and auxiliary is called with the declared unit of every name that it reads, and what it returns
must have the unit of what it writes: tonnes are not persons, roubles of 1928 no roubles of the day, and a
thousand of them no million. Time is a pure number here: an equation acts once a month, so that a month counts
as one, a year as twelve, and the flow of a month is an amount; a literal 12 is the months of a year, so that
a rate a year is one a month only when it was divided by it. Levers, draws, the calendar, shares, masks and
indices are pure numbers. Procedures are not checked: they are free in their bodies.
"""

from __future__ import annotations

import ast
import copy
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import numpy as np

from planmodel.engine.equations import CALENDAR, Block, Equation, Shared
from planmodel.engine.errors import DeclarationError, nearest
from planmodel.engine.measured import DoNotMeet, Measured, number
from planmodel.engine.units import Units, pure

_YEARS = ("years", "years_run")
_BY_MONTH = "_by_month"
_SHOWN = 90


class Checker:
    """The declared units of an economy, and its equations run on them.

    Parameters
    ----------
    shared
        Its blocks and axes.
    """

    def __init__(self, shared: Shared) -> None:
        self.shared, self.units = shared, shared.units
        declared = [b.declared for b in shared.blocks]
        commodities = {c.name: c.unit for d in declared for c in d.commodities}
        self.variables = {v.name: v.unit for d in declared for v in d.variables}
        self.constants = {c.name: c.unit for d in declared for c in d.constants}
        self.inputs = {i.name: f"{i.unit}/year" if i.of_year else i.unit for d in declared for i in d.inputs}
        self.levers = {lever.name: lever.unit for d in declared for lever in d.levers}
        self.draws = {draw.name for d in declared for draw in d.draws}
        self.lags = {lag.name: lag.of for d in declared for lag in d.lags}
        self.events = {a.name for d in declared for a in d.announcements}
        self.flows = {f.name: commodities[f.commodity] for d in declared for f in d.flows}
        self.stocks = {
            f"{a.commodity}_{a.name}": commodities[a.commodity] for d in declared for a in d.accounts
        }
        self.functions: dict[str, list[Equation]] = {}
        for function in (f for b in shared.blocks for f in b.functions if not f.phase):
            self.functions.setdefault(function.name, []).append(function)
        self.parameters = {b.name: b.parameters.declared for b in shared.blocks}
        self._values: dict[str, Measured] = {}
        self.faults: list[str] = []

    def check(self) -> list[str]:
        """Return what does not meet: place, text, names and units."""
        for block in self.shared.blocks:
            for equation in block.functions:
                if equation.kind == "equation":
                    self._equation(equation)
                elif equation.kind == "auxiliary":
                    self.of(equation.name, block.name, equation.place)
        return self.faults

    # ---- names ---------------------------------------------------------------------------------------------

    def _declared(self, name: str, block: str) -> str | None:
        """Return the unit that a row of a table gives a name."""
        head, _, bare = name.partition("_")
        own = self.parameters.get(block, {})
        table = name.removesuffix(_BY_MONTH)
        if name in own or (head == "parameter" and bare in own):
            return own[name if name in own else bare].unit
        if head in ("moved", "ever") and bare in self.flows:
            return self.flows[bare]
        if head == "given" and bare in self.inputs:
            return self.inputs[bare]
        if head == "lever" and bare in self.levers:
            return self.levers[bare]
        if head == "drawn" and bare in self.draws:
            return "1"
        every = (self.variables, self.stocks, self.inputs, self.levers)
        return self.constants.get(table) or next((known[name] for known in every if name in known), None)

    def of(self, name: str, block: str, place: str) -> Measured:
        """Return what a name is measured in, in an equation of a block.

        Raises
        ------
        DeclarationError
            If nothing has this name, or the rows for which it stands are of several units.
        """
        if name in _YEARS:
            return Measured(pure() * 12)
        if name in CALENDAR:
            return number()
        if name in self.functions:
            return self._auxiliary(name)
        if name in self.lags:
            return self.of(self.lags[name], block, place)
        unit = self._declared(name, block)
        if unit is not None:
            return self.measured(unit)
        family = self.shared.axes.family(name, lambda n: self._known(n, block))
        if family is None:
            known = {*self.variables, *self.stocks, *self.constants, *self.inputs, *self.functions}
            raise DeclarationError(f"{place}: nothing is called '{name}'.{nearest(name, known)}")
        found = {n: self.of(n, block, place) for n in family.names}
        first = next(iter(found))
        for other, unit_of_other in found.items():
            if not unit_of_other.meets(found[first]):
                raise DeclarationError(
                    f"{place}: '{name}' is of several units: {first} is in {found[first]}, {other} in "
                    f"{unit_of_other}"
                )
        return found[first]

    def _known(self, name: str, block: str) -> bool:
        return name in self.functions or name in self.lags or self._declared(name, block) is not None

    def measured(self, unit: str) -> Measured:
        """Return a declared unit without its time, and an index as the pure number that it is."""
        found = self.units.quantity(unit)
        for base, power in found.unit_items():
            if base == "month" or base.startswith("index_"):
                found = found / type(found)(1, base) ** power
        return Measured(found)

    # ---- running -------------------------------------------------------------------------------------------

    def _auxiliary(self, name: str) -> Measured:
        """Return what an auxiliary is measured in: all its variants must be in the same."""
        if name not in self._values:
            self._values[name] = Measured(None)  # also where it does not meet: one fault is told once
            first, *variants = self.functions[name]
            if first.kind == "calendar":
                self._values[name] = number()
                return self._values[name]
            found = self._run(first)
            for variant in variants:
                other = self._run(variant)
                if found is None or other is None or other.meets(found):
                    continue
                self.faults.append(f"{variant.place}: returns {other}, but what it replaces returns {found}")
            self._values[name] = found or Measured(None)
        return self._values[name]

    def _equation(self, equation: Equation) -> None:
        results = self._run(equation)
        for name, value in (results or {}).items():
            try:
                wanted, what = self._written(name, equation)
            except DeclarationError as error:
                self.faults.append(str(error))
                continue
            made = _measured(value)
            if not made.meets(wanted):
                text = next(k.value for k in _keywords(equation) if k.arg == name)
                self.faults.append(
                    f"{equation.file}:{text.lineno}, {equation.kind} '{equation.block}.{equation.name}': "
                    f"'{name}={_text(text)}' is in {made}, but {what} '{name}' is in {wanted}"
                )

    def _written(self, name: str, equation: Equation) -> tuple[Measured, str]:
        """Return what a result must be measured in, and what it is."""
        if name in self.events or name.startswith("rank_"):
            return number(), "the event" if name in self.events else "the rank"
        known = self.flows | self.variables
        names = (name,)
        if name not in known:
            family = self.shared.axes.family(name, known.__contains__)
            if family is None:
                events = self.shared.axes.family(name, self.events.__contains__)
                if events is not None or name.startswith("rank_"):
                    return number(), "the event"
                raise DeclarationError(f"{equation.place}: no flow or variable is called '{name}'")
            names = family.names
        return self.measured(known[names[0]]), "the flow" if names[0] in self.flows else "the variable"

    def _run(self, equation: Equation) -> Any:
        """Return what an equation returns on units; None, and a fault, where they do not meet."""
        try:
            arguments = [self.of(name, equation.block, equation.place) for name in equation.reads]
            found = _both_branches(equation)(*arguments)
        except DeclarationError as error:
            self.faults.append(str(error))
        except (DoNotMeet, TypeError, ValueError, ZeroDivisionError) as error:
            self.faults.append(_told(equation, error))
        else:
            return found if isinstance(found, dict) else _measured(found)
        return None


def _measured(value: Any) -> Measured:
    return value if isinstance(value, Measured) else Measured(None if abs(value) < 1e-5 else pure())


def units_meet(shared: Shared) -> list[str]:
    """Run the equations of an economy on units, and return what does not meet."""
    return Checker(shared).check()


class _BothBranches(ast.NodeTransformer):
    """Puts np.where in the place of an ``if`` within an expression, so that both its branches are run."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.Call:
        self.generic_visit(node)
        where = ast.Attribute(ast.Name("np", ast.Load()), "where", ast.Load())
        call = ast.Call(where, [node.test, node.body, node.orelse], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))


def _both_branches(equation: Equation) -> Callable[..., Any]:
    tree = _BothBranches().visit(copy.deepcopy(equation.tree))
    tree.decorator_list, tree.returns = [], None
    for argument in tree.args.args:
        argument.annotation = None
    space = equation.function.__globals__ | {"np": np, "total": lambda values, *axes: values}
    exec(compile(ast.Module([tree], []), equation.file, "exec"), space)
    made: Callable[..., Any] = space[equation.name]
    return made


# ---- what is said of a fault -------------------------------------------------------------------------------


def _told(equation: Equation, error: Exception) -> str:
    """Return place, text and units of what does not meet."""
    node, names = _failing(equation, error.__traceback__)
    line = getattr(node, "lineno", equation.line)
    start = f"{equation.file}:{line}, {equation.kind} '{equation.block}.{equation.name}':"
    if node is None:
        return f"{start} {error}"
    sides = [(side, _value_of(side, equation, names)) for side in _sides(node)]
    units = ", ".join(f"'{_text(side)}' is in {value}" for side, value in sides if value is not None)
    return f"{start} '{_text(node)}' {error}: {units}"


def _failing(equation: Equation, trace: TracebackType | None) -> tuple[ast.expr | None, dict[str, Any]]:
    """Return the expression of an equation in which an error was raised, and what its names were."""
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == equation.file and code.co_name == equation.name:
            at = list(code.co_positions())[trace.tb_lasti // 2]
            for node in ast.walk(equation.tree):
                where = tuple(getattr(node, k, None) for k in ("lineno", "end_lineno", "col_offset", "end_col_offset"))
                if isinstance(node, ast.expr) and where == at:
                    return node, dict(trace.tb_frame.f_locals)
        trace = trace.tb_next
    return None, {}


def _sides(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp():
            return [node.left, node.right]
        case ast.Compare():
            return [node.left, *node.comparators]
        case ast.Call():
            return list(node.args)
        case ast.UnaryOp():
            return [node.operand]
        case ast.IfExp():
            return [node.test, node.body, node.orelse]
        case _:
            return [node]


def _value_of(node: ast.expr, equation: Equation, names: dict[str, Any]) -> Measured | None:
    space = equation.function.__globals__ | {"np": np, "total": lambda values, *axes: values} | names
    tree = ast.fix_missing_locations(ast.Expression(_BothBranches().visit(copy.deepcopy(node))))
    try:
        return _measured(eval(compile(tree, equation.file, "eval"), space))
    except Exception:
        return None


def _text(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _keywords(equation: Equation) -> Iterator[ast.keyword]:
    last = equation.tree.body[-1]
    assert isinstance(last, ast.Return) and isinstance(last.value, ast.Call)
    yield from last.value.keywords
