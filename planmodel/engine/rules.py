"""What the text of an equation may say: assignments, and a last return.

Within the rules an equation can be compiled, run on units and written as mathematics. Whatever else is said
is refused when the economy is loaded, with file, line and the text.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from planmodel.engine import arithmetic
from planmodel.engine.axes import Axes
from planmodel.engine.equations import CALENDAR, Equation, Shared
from planmodel.engine.errors import DeclarationError
from planmodel.engine.on_arithmetic import remade

FUNCTIONS = frozenset(
    ["exp", "log", "log1p", "expm1", "sqrt", "abs", "minimum", "maximum", "where", "isfinite"]
)  # of NumPy, as np.name
SPECIAL = frozenset({"ndtr", "total"})
NUMBERS = (0.0, 1.0, 12.0)  # nothing, all, months of a year; any other is a row of a table
EXPONENTS = (2.0, 3.0)
GUARD = 1e-5  # what is smaller keeps a division from zero, and says nothing of the economy
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.BitAnd, ast.BitOr)
_SHOWN = 50


class Rules:
    """The rules, held against one equation.

    Parameters
    ----------
    equation
        What is read.
    scalars
        Names that all members share: the calendar, levers and constants. An ``if`` may ask for these only.
    axes
        Axes that ``total`` may add over.
    """

    def __init__(self, equation: Equation, scalars: Collection[str], axes: Collection[str]) -> None:
        self.equation, self.scalars, self.axes = equation, scalars, axes
        self.known = set(equation.reads)

    def check(self) -> None:
        """Refuse what is not within the rules.

        Raises
        ------
        DeclarationError
            With file, line, equation and text.
        """
        body = self.equation.tree.body
        body = body[1:] if ast.get_docstring(self.equation.tree) is not None else body
        for node in body[:-1]:
            if isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets):
                self.expression(node.value)
                self.known |= {t.id for t in node.targets if isinstance(t, ast.Name)}
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                self.expression(node.value)
            else:
                self.refuse(node, "is not an assignment to a name")
        last = body[-1] if body else self.equation.tree
        if not isinstance(last, ast.Return) or last.value is None:
            self.refuse(last, "does not end with one return")
        elif isinstance(last.value, ast.Call) and self.equation.kind == "equation":
            for keyword in last.value.keywords:
                self.expression(keyword.value)
        else:
            self.expression(last.value)

    def expression(self, node: ast.expr) -> None:
        """Refuse an expression that is not within the rules."""
        match node:
            case ast.Constant():
                self.number(node)
            case ast.Name():
                if node.id not in self.known:
                    self.refuse(node, "is neither an argument nor assigned above")
            case ast.BinOp():
                if not isinstance(node.op, _OPERATORS):
                    self.refuse(node, "has an operator that equations do not know")
                self.expression(node.left)
                power = isinstance(node.op, ast.Pow) and _number(node.right) in EXPONENTS
                if not power:
                    self.expression(node.right)
            case ast.UnaryOp():
                self.expression(node.operand)
            case ast.Compare():
                if len(node.ops) > 1 and not self.shared(node):
                    self.refuse(node, "compares more than two")
                for side in (node.left, *node.comparators):
                    self.side(node, side)
            case ast.IfExp():
                self.condition(node.test)
                self.expression(node.body)
                self.expression(node.orelse)
            case ast.Call():
                self.call(node)
            case _:
                self.refuse(node, "is not within the rules of equations")

    def side(self, whole: ast.Compare, side: ast.expr) -> None:
        """Refuse a side of a comparison; with the calendar any month may be compared."""
        if isinstance(side, ast.Constant | ast.Tuple) and self.shared(whole):
            return
        if _number(side) == 0.5:  # a mask that is kept as a number is on above one half
            return
        self.expression(side)

    def condition(self, node: ast.expr) -> None:
        """Refuse an ``if`` on what differs between members."""
        if not self.shared(node):
            self.refuse(node, "differs between members: np.where takes the place of an if")
        for name in ast.walk(node):
            if isinstance(name, ast.Name) and name.id not in self.known:
                self.refuse(name, "is neither an argument nor assigned above")

    def shared(self, node: ast.expr) -> bool:
        """Tell whether an expression is made of what all members share."""
        names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
        return bool(names) and all(name in self.scalars for name in names)

    def call(self, node: ast.Call) -> None:
        """Refuse a call of what equations may not call."""
        f = node.func
        if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id == "np":
            if f.attr not in FUNCTIONS:
                self.refuse(node, f"calls np.{f.attr}; allowed: {', '.join(sorted(FUNCTIONS))}")
        elif isinstance(f, ast.Name) and f.id in SPECIAL:
            if f.id == "total":
                self.total(node)
                return
        elif not (isinstance(f, ast.Name) and self.is_helper(f.id)):
            self.refuse(node, "calls what is no helper; allowed: functions marked @helper")
        if node.keywords:
            self.refuse(node, "has named arguments")
        for argument in node.args:
            self.expression(argument)

    def is_helper(self, name: str) -> bool:
        """Tell whether a name of the module is a helper."""
        return bool(getattr(self.equation.declared.__globals__.get(name), "helper", False))

    def total(self, node: ast.Call) -> None:
        """Refuse a sum that names no axis."""
        named = [isinstance(axis, ast.Constant) and axis.value in self.axes for axis in node.args[1:]]
        if not named or not all(named):
            self.refuse(node, f"adds over no axis of what it reads: {', '.join(self.axes) or 'none'}")
        self.expression(node.args[0])

    def number(self, node: ast.Constant) -> None:
        """Refuse a number that should stand in a table."""
        value = _number(node)
        if value is None or not (value in NUMBERS or abs(value) < GUARD):
            self.refuse(node, "is a number of the economy in a formula: give it a row in the table")

    def refuse(self, node: ast.AST, why: str) -> None:
        """Refuse the equation."""
        e = self.equation
        text = " ".join(ast.unparse(node).split())
        text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        line = getattr(node, "lineno", e.line)
        raise DeclarationError(f"{e.file}:{line}, {e.kind} '{e.block}.{e.name}': '{text}' {why}")


def _number(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return None if isinstance(node.value, bool) else float(node.value)
    return None


def hold_to_rules(shared: Shared) -> None:
    """Hold the equations of an economy to the rules.

    Raises
    ------
    DeclarationError
        With file, line, equation and text of the first that is not within them.
    """
    functions = [f for b in shared.blocks for f in b.functions]
    scalars = {*CALENDAR, *(f.name for f in functions if f.kind == "calendar")}
    scalars |= {c.name for b in shared.blocks for c in b.declared.constants}
    levers = {lever.name for b in shared.blocks for lever in b.levers}
    variables = {v.name for b in shared.blocks for v in b.variables}
    scalars |= (levers - variables) | {f"lever_{name}" for name in levers}
    for function in functions:
        if function.kind in ("equation", "auxiliary"):
            Rules(function, scalars, shared.axes.order).check()


def asked_for_all(function: Equation) -> set[str]:
    """Return the names that a function asks for once for all members: they may not differ between them."""
    if function.kind in ("procedure", "calendar"):
        return set(function.reads)
    asked: list[ast.AST] = []
    for node in ast.walk(function.tree):
        match node:
            case ast.IfExp():
                asked.append(node.test)
            case ast.BoolOp() | ast.Compare(ops=[_, _, *_]) | ast.Compare(ops=[ast.In() | ast.NotIn()]):
                asked.append(node)
    names = {name.id for node in asked for name in ast.walk(node) if isinstance(name, ast.Name)}
    return names & set(function.reads)


_ALIKE = "_along"  # what an ``if`` is wrapped in where sums are by position


class _ByPosition(ast.NodeTransformer):
    """Puts the place of an axis where its name is; both sides of an ``if`` have the axes of either."""

    def __init__(self, order: Sequence[str]) -> None:
        self.order, self.found = order, False

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        sides = [n for side in (node.body, node.orelse) for n in ast.walk(side)]
        called = {id(n.func) for n in sides if isinstance(n, ast.Call)}
        called |= {id(n.value) for n in sides if isinstance(n, ast.Attribute)}
        names = sorted({n.id for n in sides if isinstance(n, ast.Name) and id(n) not in called})
        if not names or any(getattr(n.func, "id", "") == "total" for n in sides if isinstance(n, ast.Call)):
            return node  # a sum has fewer axes than what it adds up
        both = ast.Call(ast.Name(_ALIKE, ast.Load()), [node, *(ast.Name(n, ast.Load()) for n in names)], [])
        return ast.fix_missing_locations(ast.copy_location(both, node))

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "total":
            for at, axis in enumerate(node.args[1:], 1):
                if isinstance(axis, ast.Constant) and axis.value in self.order:
                    node.args[at] = ast.copy_location(ast.Constant(self.order.index(str(axis.value))), axis)
                    self.found = True
        return node


class _WithoutSums(ast.NodeTransformer):
    """Takes sums over axes that are left out for what they add up."""

    def __init__(self, left_out: Collection[str]) -> None:
        self.left_out = left_out

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Name) and node.func.id == "total"):
            return node
        kept = [a for a in node.args[1:] if not (isinstance(a, ast.Constant) and a.value in self.left_out)]
        if len(kept) == len(node.args) - 1:
            return node
        node.args = [node.args[0], *kept]
        return node if kept else node.args[0]


def without_sums(function: Equation, axes: Axes) -> Equation:
    """Return a function of an economy without its sums over axes that this economy leaves out."""
    left_out = {axis.name for axis in axes.by_name.values() if axis.left_out}
    if not left_out or function.kind not in ("equation", "auxiliary"):
        return function
    return replace(function, tree=_WithoutSums(left_out).visit(copy.deepcopy(function.tree)))


# With the equation, which must not be forgotten: another one would have its number.
_SUMMED: dict[tuple[int, tuple[str, ...]], tuple[Equation, Callable[..., Any]]] = {}


def with_sums(equation: Equation, axes: tuple[str, ...]) -> Callable[..., Any]:
    """Return the function of an equation, adding over axes by their place in the arrays that it is given.

    The new function keeps the lines of the old, so that errors are found where they are.
    """
    if not axes:
        return equation.function
    key = (id(equation), axes)
    if key not in _SUMMED:
        visitor = _ByPosition(axes)
        tree = visitor.visit(copy.deepcopy(equation.tree))
        bound = {"total": total, _ALIKE: _along}
        summed = remade(equation.declared, tree, bound) if visitor.found else None
        _SUMMED[key] = equation, summed or equation.function
    return _SUMMED[key][1]


def ndtr(value: Any) -> Any:
    """Return the normal distribution function of a number, an array, or a quantity that has a unit."""
    return value.ndtr() if hasattr(value, "ndtr") else arithmetic.ndtr(value)


def _along(value: Any, *others: Any) -> Any:
    """Return a value along the axes of others: what is one for all labels is that of each."""
    shape = np.broadcast_shapes(np.shape(value), *map(np.shape, others))
    return value if np.shape(value) == shape else np.array(np.broadcast_to(value, shape))


def total(values: np.ndarray, *axes: int | str) -> np.ndarray:
    """Add over one or more axes, one after the other in the order of labels; the axes stay, of length one.

    In an equation axes are given by their names; of several the last runs fastest.

    Raises
    ------
    TypeError
        If a function is called by itself with the name of an axis: its place is known within an economy only.
    """
    if len(axes) == 1 and type(axes[0]) is int and values.flags.c_contiguous and values.shape[-1] > 1:
        # The members stand last and side by side: rows are added one after the other, as below.
        added: np.ndarray = np.add.reduce(values, axis=axes[0], keepdims=True)
        return added
    places = tuple(axis for axis in axes if isinstance(axis, int))
    if len(places) < len(axes):
        raise TypeError(f"the place of the axes {axes} is known within an economy only")
    rows = np.moveaxis(values, places, range(len(places)))
    rows = rows.reshape(-1, *rows.shape[len(places) :])
    added = rows[0].copy()
    for row in rows[1:]:
        added += row
    return np.expand_dims(added, places)
