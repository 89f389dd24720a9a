"""One equation, followed with symbols: assignment by assignment, to its results."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from planmodel.engine.equations import Equation
from planmodel.engine.graph import Graph
from planmodel.engine.rules import GUARD
from planmodel.engine.styles import ATOM, POWER, Expr, Latex, Style, visible

_SHORT, _ONCE = 12, 40  # letters up to which a part is written where it is used: often, once
_OPERATIONS = {ast.Add: "+", ast.Sub: "-"}


@dataclass(frozen=True)
class Line:
    """One line of mathematics: what is given a value, by which sign, and the value."""

    left: str
    sign: str
    value: Expr


class Reading:
    """Follows the text of one equation with symbols in the place of arrays.

    Parameters
    ----------
    arguments, results
        How they are written, by their names.
    space
        The names of the module, among them the helpers.
    equation
        None if a helper is read.
    """

    def __init__(
        self,
        graph: Graph,
        style: Style,
        arguments: Mapping[str, Expr],
        results: Mapping[str, Expr],
        space: Mapping[str, Any],
        equation: Equation | None = None,
    ) -> None:
        self.graph, self.style, self.equation, self.space = graph, style, equation, space
        self.known, self.results = dict(arguments), dict(results)
        self._taken = {e.text for e in (*self.known.values(), *self.results.values())}
        self._given = set(self.known)
        self._versions: dict[str, int] = {}

    def lines(self) -> list[Line]:
        """Return the lines of an equation: what it calls by names of its own, then its results."""
        assert self.equation is not None
        left = self.results[self.equation.name].text if not self.equation.phase else ""
        return self.body(self.equation.tree, left)

    def body(self, tree: ast.FunctionDef, left: str) -> list[Line]:
        """Return the lines of a function whose value, if it has one only, is called ``left``."""
        lines: list[Line] = []
        returned = next(n for n in tree.body if isinstance(n, ast.Return))
        direct = self._direct(returned)
        for at, node in enumerate(tree.body):
            if isinstance(node, ast.Assign | ast.AugAssign):
                lines += self._assign(node, tree.body[at + 1 :], direct)
        value = returned.value
        assert value is not None
        if self.equation is None or not self.equation.phase:
            return [*lines, Line(left, "=", self.of(value))]
        assert isinstance(value, ast.Call)
        for keyword in value.keywords:
            line = self._result(str(keyword.arg), self.of(keyword.value))
            if line.left != line.value.text:
                lines.append(line)
        return lines

    def _result(self, name: str, value: Expr) -> Line:
        assert self.equation is not None
        named = self.graph.written(name, self.equation)
        latex = isinstance(self.style, Latex)
        if named.kind == "event":
            return Line(self.results[name].text, r"\text{ where }" if latex else "where", value)
        keeps = named.kind in ("variable", "state")
        arrow = r"\leftarrow" if latex else "<-"
        return Line(self.results[name].text, arrow if keeps else "=", self.style.counted(value))

    def _direct(self, returned: ast.Return) -> dict[str, str]:
        """Return local names that are a result as they are: they are called by that at once.

        Not where the equation reads the result as well: then the old value and the new one would look alike.
        """
        if self.equation is None or not isinstance(returned.value, ast.Call) or not self.equation.phase:
            return {}
        found: dict[str, str] = {}
        for k in returned.value.keywords:
            flow = self.graph.written(str(k.arg), self.equation).kind == "flow"
            if isinstance(k.value, ast.Name) and flow and k.value.id not in self._given:
                found.setdefault(k.value.id, str(k.arg))
        return found

    def _assign(
        self, node: ast.Assign | ast.AugAssign, rest: list[ast.stmt], direct: Mapping[str, str]
    ) -> list[Line]:
        """Follow an assignment; return a line if what is assigned is used often, or is long."""
        if isinstance(node, ast.AugAssign):
            assert isinstance(node.target, ast.Name)
            name = node.target.id
            value = self._binary(node.op, self.known[name], self.of(node.value))
        else:
            assert isinstance(node.targets[0], ast.Name)
            name, value = node.targets[0].id, self.of(node.value)
        uses, last = _uses(name, rest)
        short = value.width <= (_ONCE if uses == 1 else _SHORT)
        lone = uses == 1 and _alone(name, rest)
        plain = value.level == ATOM and not value.form and value.width <= _ONCE
        if lone or plain or (short and value.form != "cases" and (uses == 1 or value.level >= POWER)):
            self.known[name] = value
            return []
        if name in direct and last:
            left = self.results[direct[name]].text
        else:
            self._versions[name] = self._versions.get(name, 0) + 1
            left = self.style.version(self.style.words(name), self._versions[name])
            if left in self._taken:
                left = self.style.version(self.style.words(f"{name}_now"), self._versions[name])
        self.known[name] = Expr(left, ATOM, visible(left), mask=value.mask)
        return [Line(left, "=", value)]

    # ---- expressions ---------------------------------------------------------------------------------------

    def of(self, node: ast.expr) -> Expr:
        """Return how an expression is written."""
        match node:
            case ast.Constant():
                value = float(node.value)  # type: ignore[arg-type]
                return self.style.number(0.0 if 0.0 < value < GUARD else value)
            case ast.Name():
                return self.known[node.id]
            case ast.Tuple():
                inner = ", ".join(self.of(e).text for e in node.elts)
                braces = rf"\{{{inner}\}}" if isinstance(self.style, Latex) else f"({inner})"
                return Expr(braces, ATOM, len(inner) + 2)
            case ast.BinOp():
                return self._binary(node.op, self.of(node.left), self.of(node.right))
            case ast.UnaryOp(op=ast.Invert()):
                return self.style.negated(self.of(node.operand))
            case ast.UnaryOp():
                return self.style.minus(self.of(node.operand))
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp():
                return self.style.cases(self.of(node.test), self.of(node.body), self.of(node.orelse))
            case ast.Call():
                return self._call(node)
        raise NotImplementedError(ast.unparse(node))  # the rules of equations let nothing else pass

    def _binary(self, operator: ast.operator, left: Expr, right: Expr) -> Expr:
        style = self.style
        if isinstance(operator, ast.BitAnd | ast.BitOr):
            return style.logical(left, right, isinstance(operator, ast.BitAnd))
        if isinstance(operator, ast.Mult):
            return style.times(left, right)
        if isinstance(operator, ast.Div):
            return style.over(left, right)
        if isinstance(operator, ast.Pow):
            return style.power(left, right)
        return style.add(style.counted(left), style.counted(right), _OPERATIONS[type(operator)])

    def _compare(self, node: ast.Compare) -> Expr:
        """Write a comparison; a mask kept as a number is on above one half."""
        first, right = self.of(node.left), node.comparators[0]
        if isinstance(right, ast.Constant) and right.value == 0.5:
            on = isinstance(node.ops[0], ast.Gt)
            return replace(first, mask=True) if on else self.style.negated(replace(first, mask=True))
        sides = zip(node.ops, node.comparators, strict=True)
        pairs = [(type(operator).__name__, self.of(side)) for operator, side in sides]
        return self.style.compare(first, pairs)

    def _call(self, node: ast.Call) -> Expr:
        f = node.func
        if isinstance(f, ast.Name) and f.id == "total":
            axes = [str(a.value) for a in node.args[1:] if isinstance(a, ast.Constant)]
            return self.style.total(self.style.counted(self.of(node.args[0])), axes)
        if isinstance(f, ast.Name) and f.id != "ndtr":
            return self.helper(self.space[f.id], [self.of(a) for a in node.args])
        name = f.attr if isinstance(f, ast.Attribute) else "ndtr"
        if name == "where":
            return self.style.cases(*(self.of(a) for a in node.args))
        if name in ("minimum", "maximum"):
            shown = [a for a in node.args if not (isinstance(a, ast.Constant) and 0 < a.value < GUARD)]  # type: ignore[operator]
            parts = [self.style.counted(self.of(a)) for a in shown]
            return parts[0] if len(parts) == 1 else self.style.least(name[:3], parts)
        return self.style.known(name, self.of(node.args[0]))

    def helper(self, function: Callable[..., Any], arguments: list[Expr]) -> Expr:
        """Write a call of a helper: by its own notation, if it has one."""
        notation = function.__dict__.get("notation", "")
        name = str(function.__name__)
        if not notation or not isinstance(self.style, Latex):
            return self.style.function(name, arguments)
        width = 2
        for parameter, e in zip(inspect.signature(function).parameters, arguments, strict=True):
            notation = notation.replace(f"<{parameter}!>", self.style.at(e, ATOM))
            notation = notation.replace(f"<{parameter}>", e.text)
            width += e.width
        return Expr(notation, POWER, width)


def _uses(name: str, rest: list[ast.stmt]) -> tuple[int, bool]:
    """Return how often a name is read before it gets another value, and whether it gets none."""
    uses = 0
    for node in rest:
        uses += sum(
            isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) for n in ast.walk(node)
        )
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == name:
            return uses + isinstance(node, ast.AugAssign), False
    return uses, True


def _alone(name: str, rest: list[ast.stmt]) -> bool:
    """Tell whether the one use of a name is as the whole of a result or of another name."""
    for node in rest:
        value = getattr(node, "value", None)
        values = [k.value for k in value.keywords] if isinstance(value, ast.Call) else [value]
        if any(isinstance(v, ast.Name) and v.id == name for v in values):
            return True
    return False
