"""The text of an equation run on units, and what is said where they do not meet."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import numpy as np

from planmodel.engine import measured
from planmodel.engine.equations import Equation
from planmodel.engine.measured import ApartError, Measured, of_result

_SHOWN = 90


class _BothBranches(ast.NodeTransformer):
    """Puts np.where in the place of an ``if`` within an expression, so that both its branches are run."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.Call:
        self.generic_visit(node)
        where = ast.Attribute(ast.Name("np", ast.Load()), "where", ast.Load())
        call = ast.Call(where, [node.test, node.body, node.orelse], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))


def on_units(equation: Equation, apart: str = "") -> Callable[..., Any]:
    """Return the function of an equation, made to run both branches of each ``if`` within its expressions.

    Nothing may be added over the axis ``apart``, whose rows are of several units.
    """

    def total(values: Any, *axes: str) -> Any:
        if apart and (apart in axes or not axes):
            raise ApartError(f"adds over '{apart}', whose rows are of several units")
        return values

    tree = _BothBranches().visit(copy.deepcopy(equation.tree))
    tree.decorator_list, tree.returns = [], None
    for argument in tree.args.args:
        argument.annotation = None
    space = equation.declared.__globals__ | {"np": np, "total": total}
    exec(compile(ast.Module([tree], []), equation.file, "exec"), space)
    made: Callable[..., Any] = space[equation.name]
    return made


# ---- what is said of a fault -------------------------------------------------------------------------------


def told(equation: Equation, error: Exception) -> str:
    """Return place, text and units of what does not meet."""
    node, names, inside = _failing(equation, error.__traceback__)
    place = start(equation, getattr(node, "lineno", equation.line))
    if node is None:
        return f"{place} {error}"
    sides = [(side, _value_of(side, equation, names)) for side in _sides(node)]
    units = ", ".join(f"'{text_of(side)}' is in {value}" for side, value in sides if value is not None)
    within = f", in {inside}," if inside else ""
    return f"{place} '{text_of(node)}'{within} {error}: {units}"


def start(equation: Equation, line: int) -> str:
    """Return the place that messages begin with."""
    return f"{equation.file}:{line}, {equation.kind} '{equation.block}.{equation.name}':"


def _failing(equation: Equation, trace: TracebackType | None) -> tuple[ast.expr | None, dict[str, Any], str]:
    """Return the expression in which an error was raised, what its names were, and the helper it was in."""
    node: ast.expr | None = None
    names: dict[str, Any] = {}
    inside = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if (code.co_filename, code.co_name) == (equation.file, equation.name):
            names = dict(trace.tb_frame.f_locals)
            at = list(code.co_positions())[trace.tb_lasti // 2]
            nodes = (n for n in ast.walk(equation.tree) if isinstance(n, ast.expr))
            node = next((n for n in nodes if _position(n) == at), None)
        elif node is not None and code.co_filename != measured.__file__:
            inside = code.co_name
        trace = trace.tb_next
    return node, names, inside


def _position(node: ast.expr) -> tuple[int | None, ...]:
    return (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)


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
    space = equation.declared.__globals__ | {"np": np, "total": lambda values, *axes: values} | names
    tree = ast.fix_missing_locations(ast.Expression(_BothBranches().visit(copy.deepcopy(node))))
    try:
        return of_result(eval(compile(tree, equation.file, "eval"), space))
    except Exception:
        return None


def text_of(node: ast.AST) -> str:
    """Return an expression as text, cut where it is long."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def keywords(equation: Equation) -> Iterator[ast.keyword]:
    """Yield the named results of an equation."""
    last = equation.tree.body[-1]
    assert isinstance(last, ast.Return)
    assert isinstance(last.value, ast.Call)
    yield from last.value.keywords
