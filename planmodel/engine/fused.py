"""The equations of a phase written as one text: without the calls and look-ups of one by one.

Each equation's text is taken in with its names in place of its arguments, auxiliaries before whoever reads
them; what comes out is a function that reads, reckons and proposes for the whole phase. The operations on
numbers are those of the equations, in their order, so that the results are the same to the bit;
:mod:`workspace` is the reference. Where the text breaks off, the equations act one by one, so that the one
at fault is named.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from planmodel.engine.equations import Equation
from planmodel.engine.names import Reader
from planmodel.engine.on_arithmetic import OURS, helper_on_arithmetic, on_arithmetic
from planmodel.engine.rules import total

if TYPE_CHECKING:
    from planmodel.engine.workspace import Acting, Workspace


class _Bound(NamedTuple):
    """What a name of the text is bound to in the books of a chunk."""

    kind: str
    name: str = ""
    block: str = ""
    shape: tuple[int, ...] | None = None


class _Template(NamedTuple):
    """The text of a phase, and what its names stand for; all chunks of an economy have the same."""

    code: Any
    text: str
    names: dict[str, _Bound]
    helpers: dict[str, Any]


_TEMPLATES: dict[Any, _Template] = {}


def program(workspace: Workspace, acting: Sequence[Acting]) -> Callable[[int], None]:
    """Return what the equations of a phase do, as one function of the month.

    Parameters
    ----------
    workspace
        Where names are resolved.
    acting
        The equations; procedures are called as they are.
    """
    key = (workspace.signature, tuple(a.equation.function for a in acting))
    template = _TEMPLATES.get(key)
    if template is None:
        writer = _Writer(workspace, acting)
        text = writer.text()
        code = compile(text, f"<equations of {acting[0].equation.phase}>", "exec")
        template = _TEMPLATES[key] = _Template(code, text, writer.names, writer.helpers)
    board, ledger = workspace.context.board, workspace.context.ledger
    space: dict[str, Any] = {"np": np, "total": total, "n": ledger.members, **OURS}
    space |= {"column": _column, "full": _full, "own": _own, "W": board.written, "P": ledger.asked}
    space |= {"put_rows": board.put_rows, "ask_all": ledger.ask_all, **template.helpers}
    for name, bound in template.names.items():
        space[name] = _bind(workspace, acting, bound)
    exec(template.code, space)
    made: Callable[[int], None] = space["phase"]
    return made


def _bind(workspace: Workspace, acting: Sequence[Acting], bound: _Bound) -> Any:
    """Return what a name of the text stands for in the books of a chunk."""
    if bound.kind == "act":
        return workspace.doing(acting[int(bound.name)])
    if bound.kind == "writer":
        return acting[int(bound.block)].writers[bound.name]
    reader = workspace.names.reader(bound.name, bound.block, bound.name)
    if bound.kind == "fetch":
        return reader.fetch
    return reader.view if bound.shape is None else reader.view.reshape(bound.shape)


class _Writer:
    """Writes the text of a phase, and keeps what its names stand for."""

    def __init__(self, workspace: Workspace, acting: Sequence[Acting]) -> None:
        self.workspace, self.acting = workspace, acting
        self.axes = workspace.names.axes
        self.names: dict[str, _Bound] = {}
        self.helpers: dict[str, Any] = {}
        self._bound: dict[_Bound, str] = {}
        self._arrays: set[str] = set()  # names of the text that are arrays for certain
        self._fresh: set[str] = set()  # names that the text makes: no view of anything else
        self._head: list[str] = []
        self._number = 0

    def text(self) -> str:
        """Return the text."""
        always = [a for a in self.acting if not a.equation.months]
        body: list[str] = []
        known: dict[str, str] = {}
        for acting in always:
            body += self._equation(acting, known)
        groups: dict[tuple[int, ...], list[Acting]] = {}
        for acting in self.acting:
            if acting.equation.months:
                groups.setdefault(acting.equation.months, []).append(acting)
        for months, some in groups.items():
            body.append(f"if month in {months!r}:")
            inside, there = [], dict(known)
            for acting in some:
                inside += self._equation(acting, there)
            body += [f"    {line}" for line in inside or ["pass"]]
        lines = [*self._head, *body, "return"]
        return "def phase(month):\n" + "\n".join(f"    {line}" for line in lines) + "\n"

    # ---- what is read

    def _arguments(self, acting: Acting, known: dict[str, str], body: list[str]) -> dict[str, str]:
        """Return what stands in the place of each argument; writes the auxiliaries that are not known yet."""
        return {
            name: self._argument(name, reader, acting, known, body)
            for name, reader in zip(acting.equation.reads, acting.readers, strict=True)
        }

    def _argument(
        self, name: str, reader: Reader, acting: Acting, known: dict[str, str], body: list[str]
    ) -> str:
        block = acting.equation.block
        shape = self._shape(reader, acting.axes)
        auxiliary = self.workspace.auxiliary_of(name, block)
        if auxiliary is not None:
            if name not in known:
                known[name] = f"a_{name}"
                body += self._auxiliary(auxiliary, f"a_{name}", known)
            return known[name] if shape is None else f"a_{name}.reshape({shape})"
        if reader.fetch is None:
            there = self._bind("v", _Bound("view", name, block, shape))
            if np.ndim(reader.view):
                self._arrays.add(there)
            return there
        new = _Bound("fetch", name, block) not in self._bound
        fetched = self._bind("f", _Bound("fetch", name, block))
        if new:
            self._head.append(f"r{fetched} = {fetched}()")
        return f"r{fetched}" if shape is None else f"r{fetched}.reshape({shape})"

    def _shape(self, reader: Reader, axes: Sequence[str]) -> tuple[int, ...] | None:
        """Return the shape that an array needs to meet the others; None where it meets them as it is.

        Axes that stand last among those of the equation meet by themselves.
        """
        if reader.scalar or not reader.axes or tuple(axes[len(axes) - len(reader.axes) :]) == reader.axes:
            return None
        return (*(self.axes.size[a] if a in reader.axes else 1 for a in axes), -1)

    def _bind(self, letter: str, bound: _Bound) -> str:
        if bound not in self._bound:
            self._bound[bound] = f"{letter}{len(self.names)}"
            self.names[self._bound[bound]] = bound
        return self._bound[bound]

    # ---- equations

    def _auxiliary(self, acting: Acting, name: str, known: dict[str, str]) -> list[str]:
        body: list[str] = []
        places = self._arguments(acting, known, body)
        *assigned, value = self._body(acting, places)
        if acting.axes and acting.kept != acting.axes:
            sizes = self.axes.sizes(acting.kept)
            value = f"({value}).reshape({(*sizes, -1) if sizes else -1})"
        tree = ast.parse(value, mode="eval").body
        if self._is_array(tree):
            self._arrays.add(name)
        if _makes(tree):
            self._fresh.add(name)
        return [*body, *assigned, f"{name} = {value}"]

    def _is_array(self, tree: ast.AST) -> bool:
        return any(isinstance(n, ast.Name) and n.id in self._arrays for n in ast.walk(tree))

    def _equation(self, acting: Acting, known: dict[str, str]) -> list[str]:
        if acting.equation.kind == "procedure":
            return [f"{self._bind('act', _Bound('act', str(self.acting.index(acting))))}()"]
        body: list[str] = [f"# {acting.equation.block}.{acting.equation.name}"]
        places = self._arguments(acting, known, body)
        *assigned, last = self._body(acting, places)
        results = ast.parse(last, mode="eval").body
        assert isinstance(results, ast.Call)
        body += assigned
        for keyword in results.keywords:
            assert keyword.arg is not None
            body.append(self._write(acting, keyword.arg, keyword.value))
        return body

    def _body(self, acting: Acting, places: dict[str, str]) -> Iterator[str]:
        """Yield the assignments of an equation with its names in place, and its last expression."""
        equation = acting.equation
        self._number += 1
        names = _Names(places, equation, acting.axes, self)
        tree = on_arithmetic(equation.tree)
        body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
        for node in body:
            if isinstance(node, ast.Return):
                assert node.value is not None
                yield ast.unparse(names.visit(node.value))
                return
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]  # type: ignore[attr-defined]
            if isinstance(node, ast.AugAssign):
                assert isinstance(node.target, ast.Name)
                value: ast.expr = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
            else:
                value = node.value  # type: ignore[attr-defined]
            tree_of_value = names.visit(value)
            told = ast.unparse(tree_of_value)
            is_array = self._is_array(tree_of_value)
            for target in targets:
                assert isinstance(target, ast.Name)
                local = f"{target.id}_{self._number}"
                places[target.id] = local
                if is_array:
                    self._arrays.add(local)
                if _makes(tree_of_value):
                    self._fresh.add(local)
                yield f"{local} = {told}"
                told = local

    # ---- what is written

    def _write(self, acting: Acting, name: str, value: ast.expr) -> str:
        """Return the line that takes a result to where it belongs."""
        told = ast.unparse(value)
        ledger, board = self.workspace.context.ledger, self.workspace.context.board
        family = self.workspace.results.named(name)
        if family is None or (family.axes and family.axes != acting.axes):
            return f"{self._bind('w', _Bound('writer', name, str(self.acting.index(acting))))}({told})"
        fresh = isinstance(value, ast.Name) and value.id in self._fresh
        if not (fresh or _makes(value)):  # a view of something else would change with that
            told = f"own({told})"
        if not family.axes:
            if acting.axes or not self._is_array(value):
                told = f"column({told}, n)"
            if name in board.variables:
                return f"W[{name!r}] = {told}"
            return f"P[{ledger.index(name)}] = ({told}, {ledger.declared_rank(name)})"
        told = f"full({told}, ({', '.join(map(str, self.axes.sizes(family.axes)))}, n))"
        if all(n in board.variables for n in family.names):
            return f"put_rows({[board.row(n) for n in family.names]}, {told})"
        return f"ask_all({[ledger.index(n) for n in family.names]}, {told})"


class _Names(ast.NodeTransformer):
    """Puts what stands for them in the place of names, axes and helpers."""

    def __init__(
        self, places: dict[str, str], equation: Equation, axes: Sequence[str], writer: _Writer
    ) -> None:
        self.places, self.equation, self.axes, self.writer = places, equation, axes, writer

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.parse(self.places[node.id], mode="eval").body if node.id in self.places else node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        if not isinstance(node.func, ast.Name):
            return ast.Call(node.func, [self.visit(a) for a in node.args], keywords)
        name = node.func.id
        if name == "total":  # places are counted from the end: an array may lack axes before its own
            back = [
                list(self.axes).index(str(getattr(a, "value", ""))) - len(self.axes) - 1
                for a in node.args[1:]
            ]
            return ast.Call(node.func, [self.visit(node.args[0]), *map(ast.Constant, back)], [])
        if name in OURS or name == "dict":
            return ast.Call(node.func, [self.visit(a) for a in node.args], keywords)
        helper = self.equation.declared.__globals__[name]
        told = f"h_{helper.__module__.replace('.', '_')}_{name}"
        self.writer.helpers[told] = helper_on_arithmetic(helper)
        function = ast.Name(told, ast.Load())
        return ast.Call(function, [self.visit(a) for a in node.args], keywords)


def _makes(tree: ast.AST) -> bool:
    """Tell whether an expression makes an array of its own."""
    return isinstance(tree, ast.BinOp | ast.Call | ast.Compare | ast.UnaryOp)


def _column(value: Any, members: int) -> Any:
    """Return a value as one number a member."""
    if type(value) is np.ndarray and value.shape == (members,):
        return value
    made = np.empty(members)
    made[:] = value.reshape(-1) if isinstance(value, np.ndarray) else value
    return made


def _full(value: Any, shape: tuple[int, ...]) -> Any:
    """Return a value as one row a label: shape ``(labels, members)``."""
    if type(value) is not np.ndarray or value.shape != shape:
        made = np.empty(shape)
        made[...] = value
        value = made
    return value.reshape(-1, shape[-1]) if value.ndim > 2 else value


def _own(value: Any) -> Any:
    """Return an array that is not a view of another."""
    return value.copy() if isinstance(value, np.ndarray) else value
