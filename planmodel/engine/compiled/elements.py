"""Equations as operations on single numbers: one a label of the axes, read off the text of the equation.

The tree of an equation is walked once. A value has the axes of what it is made of and a cell for each of
their labels; what a cell is, and what comes of an operation on cells, is for a :class:`Machine` to say. Dear
operations act on the axes of their own operands only, and sums are added in the order of the labels: the
results are those of NumPy to the bit.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from planmodel.engine.axes import Axes
from planmodel.engine.errors import PlanmodelError
from planmodel.engine.texts import parsed

Cell = Any
NAMES = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.BitAnd: "and", ast.BitOr: "or",
    ast.USub: "neg", ast.Invert: "not", ast.Not: "not", ast.And: "and", ast.Or: "or",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


class NotCompiledError(PlanmodelError):
    """An equation says what cannot be compiled; it acts under NumPy."""


class Machine(Protocol):
    """What operations on cells are carried out by."""

    def operate(self, name: str, *cells: Cell) -> Cell:
        """Return what an operation makes of cells."""

    def choose(self, shared: Cell, first: Callable[[], list[Cell]], other: Callable[[], list[Cell]]) -> Any:
        """Return the cells of one of two sides; what is not chosen is not reckoned."""


class Value(NamedTuple):
    """Cells along axes: the last axis runs fastest."""

    axes: tuple[str, ...]
    cells: Sequence[Cell]


class Elements:
    """Evaluates the text of equations.

    Parameters
    ----------
    axes
        Of the economy.
    machine
        What carries out the operations.
    """

    def __init__(self, axes: Axes, machine: Machine) -> None:
        self.axes, self.machine = axes, machine

    def run(self, tree: ast.FunctionDef, known: dict[str, Value], space: Mapping[str, Any]) -> Any:
        """Return what a function returns: a value, or a dictionary of them where it ends with ``dict``.

        Parameters
        ----------
        tree
            The function.
        known
            Values of its arguments; what it assigns is added.
        space
            What the names of helpers stand for.
        """
        for node in tree.body:
            match node:
                case ast.Assign():
                    value = self.value(node.value, known, space)
                    known |= {t.id: value for t in node.targets if isinstance(t, ast.Name)}
                case ast.AugAssign(target=ast.Name(id=name)):
                    told = ast.BinOp(ast.Name(name, ast.Load()), node.op, node.value)
                    known[name] = self.value(told, known, space)
                case ast.Return(value=ast.Call(func=ast.Name(id="dict"), keywords=keywords)):
                    return {str(k.arg): self.value(k.value, known, space) for k in keywords}
                case ast.Return() if node.value is not None:
                    return self.value(node.value, known, space)
        raise NotCompiledError(f"{tree.name} does not end with a return")

    def value(self, node: ast.expr, known: Mapping[str, Value], space: Mapping[str, Any]) -> Value:
        """Return the value of an expression."""
        match node:
            case ast.Constant():
                return Value((), [node.value])
            case ast.Name():
                return known[node.id]
            case ast.BinOp(op=ast.Pow()):
                return self._power(node, known, space)
            case ast.BinOp():
                sides = self.value(node.left, known, space), self.value(node.right, known, space)
                return self._each(NAMES[type(node.op)], *sides)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.value(node.operand, known, space)
            case ast.UnaryOp():
                return self._each(NAMES[type(node.op)], self.value(node.operand, known, space))
            case ast.BoolOp():
                parts = [self.value(part, known, space) for part in node.values]
                return self._one_by_one(NAMES[type(node.op)], parts)
            case ast.Compare():
                return self._compared(node, known, space)
            case ast.IfExp():
                return self._chosen(node, known, space)
            case ast.Call():
                return self._called(node, known, space)
        raise NotCompiledError(f"'{ast.unparse(node)}' cannot be compiled")

    def _each(self, operation: str, *values: Value) -> Value:
        """Carry out an operation label by label; axes meet by their names."""
        axes = self.axes.arranged(a for v in values for a in v.axes)
        rows = zip(*(self.spread(v, axes) for v in values), strict=True)
        return Value(axes, [self.machine.operate(operation, *row) for row in rows])

    def spread(self, value: Value, axes: tuple[str, ...]) -> list[Cell]:
        """Return the cells of a value along more axes."""
        if value.axes == axes:
            return list(value.cells)
        if set(value.axes) - set(axes):
            raise NotCompiledError(
                f"a value along {', '.join(value.axes)} where {', '.join(axes) or 'none'} is asked"
            )
        places = itertools.product(*(range(n) for n in self.axes.sizes(axes)))
        return [value.cells[self._at(place, axes, value.axes)] for place in places]

    def gathered(self, axes: tuple[str, ...], values: Sequence[Value]) -> Value:
        """Return the values of the labels of axes as one; they may have axes of their own."""
        own = self.axes.arranged(a for v in values for a in v.axes)
        made = self.axes.arranged((*axes, *own))
        rows = [self.spread(v, own) for v in values]
        cells = []
        for place in itertools.product(*(range(n) for n in self.axes.sizes(made))):
            which, within = (self._at(place, made, some) for some in (axes, own))
            cells.append(rows[which][within])
        return Value(made, cells)

    def _at(self, place: tuple[int, ...], axes: tuple[str, ...], some: tuple[str, ...]) -> int:
        """Return which cell along some of the axes a place is."""
        at = 0
        for axis in some:
            at = at * self.axes.size[axis] + place[axes.index(axis)]
        return at

    def _one_by_one(self, operation: str, values: Sequence[Value]) -> Value:
        made = values[0]
        for value in values[1:]:
            made = self._each(operation, made, value)
        return made

    def _power(self, node: ast.BinOp, known: Mapping[str, Value], space: Mapping[str, Any]) -> Value:
        base = self.value(node.left, known, space)
        times = node.right.value if isinstance(node.right, ast.Constant) else None
        if isinstance(times, int) and times in (2, 3):
            return self._one_by_one("mul", [base] * times)
        return self._each("power", base, self.value(node.right, known, space))

    def _compared(self, node: ast.Compare, known: Mapping[str, Value], space: Mapping[str, Any]) -> Value:
        left, found = node.left, []
        for operator, right in zip(node.ops, node.comparators, strict=True):
            held = self.value(left, known, space)
            if isinstance(operator, ast.In | ast.NotIn):
                assert isinstance(right, ast.Tuple)
                places = [self._each("==", held, self.value(e, known, space)) for e in right.elts]
                inside = self._one_by_one("or", places)
                found.append(inside if isinstance(operator, ast.In) else self._each("not", inside))
            else:
                sign = NAMES[type(operator)]
                found.append(self._each(sign, held, self.value(right, known, space)))
            left = right
        return self._one_by_one("and", found)

    def _chosen(self, node: ast.IfExp, known: Mapping[str, Value], space: Mapping[str, Any]) -> Value:
        asked = self.value(node.test, known, space)
        axes = self._axes_of((node.body, node.orelse), known)

        def side(tree: ast.expr) -> Callable[[], list[Cell]]:
            def reckon() -> list[Cell]:
                return self.spread(self.value(tree, known, space), axes)

            return reckon

        cells = self.machine.choose(asked.cells[0], side(node.body), side(node.orelse))
        return Value(axes, cells)

    def _axes_of(self, nodes: Sequence[ast.expr], known: Mapping[str, Value]) -> tuple[str, ...]:
        """Return the axes that expressions may have together."""
        names = {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}
        if any(isinstance(n, ast.Call) and _named(n) == "total" for node in nodes for n in ast.walk(node)):
            raise NotCompiledError("a sum within an if")
        return self.axes.arranged(a for name in names if name in known for a in known[name].axes)

    def _called(self, node: ast.Call, known: Mapping[str, Value], space: Mapping[str, Any]) -> Value:
        name = _named(node)
        if name == "total":
            return self._total(node, known, space)
        arguments = [self.value(a, known, space) for a in node.args]
        helper = None if isinstance(node.func, ast.Attribute) else space.get(name)
        if not getattr(helper, "helper", False):
            return self._each(name, *arguments)
        assert helper is not None
        tree = parsed(helper)
        inner = dict(zip((a.arg for a in tree.args.args), arguments, strict=True))
        made: Value = self.run(tree, inner, helper.__globals__)
        return made

    def _total(self, node: ast.Call, known: Mapping[str, Value], space: Mapping[str, Any]) -> Value:
        value = self.value(node.args[0], known, space)
        over = [str(getattr(axis, "value", "")) for axis in node.args[1:]]
        if set(over) - set(value.axes):
            raise NotCompiledError(f"'{ast.unparse(node)}' adds over an axis that it has not")
        kept = tuple(a for a in value.axes if a not in over)
        cells = []
        for place in itertools.product(*(range(n) for n in self.axes.sizes(kept))):
            held = dict(zip(kept, place, strict=True))
            added: Cell = None
            for label in itertools.product(*(range(n) for n in self.axes.sizes(over))):
                at = 0
                for axis in value.axes:
                    where = (held | dict(zip(over, label, strict=True)))[axis]
                    at = at * self.axes.size[axis] + where
                cell = value.cells[at]
                added = cell if added is None else self.machine.operate("add", added, cell)
            cells.append(added)
        return Value(kept, cells)


def _named(node: ast.Call) -> str:
    """Return the name of the function that is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
