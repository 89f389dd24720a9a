"""The text of an equation with our own arithmetic in the place of NumPy's and SciPy's functions.

An equation says ``np.exp(x)``, ``x ** y``, ``ndtr(x)``; what is called is :mod:`arithmetic`, of which every
machine makes the same bits. The text stays what it is to whoever reads it: the rules, units and notation.
"""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from planmodel.engine import arithmetic
from planmodel.engine.texts import parsed

_OF_NUMPY = ("exp", "expm1", "log", "log1p")
_PRODUCTS = {2: "square", 3: "cube"}
# By the names in texts: an equation may call a value of its own "log".
OURS: dict[str, Callable[..., Any]] = {
    f"_{name}": getattr(arithmetic, name) for name in (*_OF_NUMPY, *_PRODUCTS.values(), "ndtr", "power")
}


class _OnArithmetic(ast.NodeTransformer):
    """Puts our functions in the place of others, at the same lines and columns."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in _OF_NUMPY:
                return _call(node, name, node.args)
            case ast.Name(id="ndtr"):
                return _call(node, "ndtr", node.args)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return _raised(node, node.left, node.right) if isinstance(node.op, ast.Pow) else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow) or not isinstance(node.target, ast.Name):
            return node
        before = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
        return ast.copy_location(ast.Assign([node.target], _raised(node, before, node.value)), node)


def _raised(node: ast.AST, base: ast.expr, exponent: ast.expr) -> ast.expr:
    """Return a power: to two and three a product of its base, reckoned once."""
    if isinstance(exponent, ast.Constant) and exponent.value in _PRODUCTS:
        return _call(node, _PRODUCTS[exponent.value], [base])  # type: ignore[index]
    return _call(node, "power", [base, exponent])


def _call(node: ast.AST, name: str, arguments: list[ast.expr]) -> ast.expr:
    function = ast.copy_location(ast.Name(f"_{name}", ast.Load()), node)
    return ast.copy_location(ast.Call(function, arguments, []), node)


def on_arithmetic(tree: ast.FunctionDef) -> ast.FunctionDef:
    """Return a copy of the tree of an equation, auxiliary or helper that calls the functions in ``OURS``."""
    changed: ast.FunctionDef = _OnArithmetic().visit(copy.deepcopy(tree))
    return changed


def helper_on_arithmetic(helper: Callable[..., Any]) -> Callable[..., Any]:
    """Return a helper that reckons with our arithmetic; made once."""
    known = helper.__dict__
    if "on_arithmetic" not in known:
        known["on_arithmetic"] = remade(helper, parsed(helper), {})
    made: Callable[..., Any] = known["on_arithmetic"]
    return made


def remade(
    function: Callable[..., Any], tree: ast.FunctionDef, bound: Mapping[str, Any]
) -> Callable[..., Any]:
    """Return a function made anew of its text, in its module, with our arithmetic, also in its helpers.

    Its lines and columns are those of the text, so that errors are found where they are.

    Parameters
    ----------
    function
        The function as it was declared.
    tree
        Its text.
    bound
        What else its names stand for.
    """
    tree = on_arithmetic(tree)
    tree.decorator_list = []
    known = function.__globals__
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    helpers = {name: known[name] for name in called if getattr(known.get(name), "helper", False)}
    names = {
        **inspect.getclosurevars(function).nonlocals,
        **{name: helper_on_arithmetic(helper) for name, helper in helpers.items()},
        **OURS,
        **bound,
    }
    # A function around it holds the names: those of the module stay the module's own.
    arguments = ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])
    inner = ast.Return(ast.Name(tree.name, ast.Load()))
    outer = ast.FunctionDef("_outer", arguments, [tree, inner], [])
    space: dict[str, Any] = {}
    module = ast.fix_missing_locations(ast.Module([outer], []))
    exec(compile(module, inspect.getsourcefile(function) or "?", "exec"), known, space)
    made: Callable[..., Any] = space["_outer"](**names)
    return made
