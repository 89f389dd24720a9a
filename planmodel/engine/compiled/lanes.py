"""Operations on cells as LLVM instructions: each on eight members at once, all in double precision.

No instruction is made of two (no fused multiply-add) and none is allowed to be reordered: what comes out has
the bits of NumPy. The functions of :mod:`planmodel.engine.arithmetic` are compiled from their text.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from llvmlite import ir

from planmodel.engine import arithmetic
from planmodel.engine.axes import Axes
from planmodel.engine.compiled.elements import Cell, Elements, NotCompiledError, Value
from planmodel.engine.texts import parsed

LANES = 8
WIDTH = 8 * LANES  # bytes of a cell
DOUBLES = ir.VectorType(ir.DoubleType(), LANES)
WHOLES = ir.VectorType(ir.IntType(64), LANES)
MASKS = ir.VectorType(ir.IntType(1), LANES)
WHOLE = ir.IntType(64)
_FLOATING = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}
_INTEGER = {
    "add": "add",
    "sub": "sub",
    "and": "and_",
    "or": "or_",
    "shift_left": "shl",
    "shift_right": "lshr",
}
_LARGEST = 1.7976931348623157e308
_INSTRUCTIONS = ("sqrt", "fabs", "minimum", "maximum", "where", "bits", "number", "shift_left", "shift_right")
PLAIN = "plain"  # what a function of our arithmetic calls numbers that are no edge of it
# Where what a function makes is known at once: numbers that many members have for years.
EASY = {
    "power": (("(x == 0.0) & (y > 0.0)", 0.0), ("(x >= 0.0) & (y == 0.0)", 1.0)),
    "exp": (("x == 0.0", 1.0),),
    "expm1": (("x == 0.0", 0.0),),
}


class Lanes:
    """Writes operations on cells at the place of a builder.

    A cell is a vector of doubles, of whole numbers or of truth values, or a plain number of Python's.
    """

    def __init__(self, builder: ir.IRBuilder, functions: Functions) -> None:
        self.b, self.functions = builder, functions

    # ---- what cells are

    def lifted(self, cell: Cell) -> ir.Value:
        """Return a cell as a vector of doubles."""
        if isinstance(cell, ir.Value):
            if cell.type == MASKS:
                return self.b.select(cell, constant(1.0), constant(0.0))
            return cell
        return constant(float(cell))

    def mask(self, cell: Cell) -> ir.Value:
        """Return a cell as a vector of truth values."""
        if isinstance(cell, ir.Value):
            return cell if cell.type == MASKS else self.b.fcmp_unordered("!=", cell, constant(0.0))
        return ir.Constant(MASKS, [int(bool(cell))] * LANES)

    # ---- operations

    def operate(self, name: str, *cells: Cell) -> Cell:
        """Return what an operation makes of cells."""
        if not any(isinstance(cell, ir.Value) for cell in cells):
            return self._folded(name, cells)
        kinds = [cell.type for cell in cells if isinstance(cell, ir.Value)]
        if name in _INTEGER and WHOLES in kinds:
            return getattr(self.b, _INTEGER[name])(*(self._integer(cell) for cell in cells))
        if name in ("and", "or", "not"):
            return self._logical(name, cells)
        if name == "where":
            return self._where(*cells)
        if name == "bits":
            return self.b.bitcast(self.lifted(cells[0]), WHOLES)
        if name == "number":
            return self.b.bitcast(cells[0], DOUBLES)
        if name == "as_float":
            return self.b.sitofp(cells[0], DOUBLES)
        if name in ("add", "mul") and all(_is_mask(cell) for cell in cells):
            return self._logical("or" if name == "add" else "and", cells)
        return self._on_doubles(name, [self.lifted(cell) for cell in cells])

    def _on_doubles(self, name: str, x: list[ir.Value]) -> ir.Value:
        b = self.b
        if name in _FLOATING:
            return getattr(b, _FLOATING[name])(*x)
        if name in ("<", "<=", ">", ">=", "=="):
            return b.fcmp_ordered(name, *x)
        if name == "!=":
            return b.fcmp_unordered("!=", *x)
        if name == "neg":
            return b.fneg(x[0])
        if name in ("minimum", "maximum"):  # a value that is no number has raised its flag before
            return b.select(b.fcmp_ordered("<" if name == "minimum" else ">", *x), *x)
        if name in ("abs", "fabs"):
            return b.call(self.functions.intrinsic("llvm.fabs"), x)
        if name == "sqrt":
            return b.call(self.functions.intrinsic("llvm.sqrt"), x)
        if name == "isfinite":
            return b.fcmp_ordered("<=", b.call(self.functions.intrinsic("llvm.fabs"), x), constant(_LARGEST))
        return b.call(self.functions.named(name), x)

    def _folded(self, name: str, cells: tuple[Any, ...]) -> Cell:
        """Reckon with plain numbers, as Python does."""
        a = cells[0]
        if name == "where":
            return cells[1] if a else cells[2]
        if name in ("neg", "not"):
            return -a if name == "neg" else not a
        if name in ("minimum", "maximum"):
            return min(cells) if name == "minimum" else max(cells)
        found = _PLAIN.get(name)
        if found is None:
            return self._on_doubles(name, [self.lifted(cell) for cell in cells])
        return found(*cells)

    def _logical(self, name: str, cells: tuple[Cell, ...]) -> ir.Value:
        masks = [self.mask(cell) for cell in cells]
        if name == "not":
            return self.b.not_(masks[0])
        return (self.b.and_ if name == "and" else self.b.or_)(*masks)

    def _where(self, asked: Cell, first: Cell, other: Cell) -> Cell:
        if not isinstance(asked, ir.Value):  # known as code is written
            return first if asked else other
        asked = self.mask(asked)
        kinds = {cell.type for cell in (first, other) if isinstance(cell, ir.Value)}
        if kinds == {WHOLES}:
            return self.b.select(asked, self._integer(first), self._integer(other))
        if kinds == {MASKS}:
            return self.b.select(asked, self.mask(first), self.mask(other))
        return self.b.select(asked, self.lifted(first), self.lifted(other))

    def _integer(self, cell: Cell) -> ir.Value:
        if isinstance(cell, ir.Value):
            return cell
        return ir.Constant(WHOLES, [int(cell)] * LANES)

    def choose(self, shared: Cell, first: Callable[[], list[Cell]], other: Callable[[], list[Cell]]) -> Any:
        """Return the cells of one of two sides, by a condition that all members share."""
        if not isinstance(shared, ir.Value):
            return first() if shared else other()
        b = self.b
        asked = b.extract_element(self.mask(shared), ir.Constant(ir.IntType(32), 0))
        with b.if_else(asked) as (then, otherwise):
            with then:
                self._held_here()
                ours = first()
                masks = all(_is_mask(c) for c in ours)
                ours = [self.mask(c) if masks else self.lifted(c) for c in ours]
                left = b.block
            with otherwise:
                self._held_here()
                theirs = [self.mask(c) if masks else self.lifted(c) for c in other()]
                right = b.block
        made = []
        for mine, its in zip(ours, theirs, strict=True):
            phi = b.phi(mine.type)
            phi.add_incoming(mine, left)
            phi.add_incoming(its, right)
            made.append(phi)
        return made

    def _held_here(self) -> None:
        """Keep LLVM from reckoning a side that may not be chosen: a division by nothing is noticed."""
        self.b.asm(ir.FunctionType(ir.VoidType(), []), "", "", [], side_effect=True)


def _is_mask(cell: Cell) -> bool:
    return isinstance(cell, bool) or (isinstance(cell, ir.Value) and cell.type == MASKS)


_PLAIN: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "abs": abs,
}


def constant(number: float) -> ir.Constant:
    """Return a number in all lanes."""
    return ir.Constant(DOUBLES, [ir.Constant(ir.DoubleType(), number)] * LANES)


class Functions:
    """The functions of a module that are called: of our own arithmetic, and of LLVM."""

    def __init__(self, module: ir.Module) -> None:
        self.module = module
        self._made: dict[str, ir.Function] = {}

    def intrinsic(self, name: str) -> ir.Function:
        """Return a function of LLVM on all lanes, which is one instruction."""
        if name not in self._made:
            kind = ir.FunctionType(DOUBLES, [DOUBLES])
            self._made[name] = ir.Function(self.module, kind, f"{name}.v{LANES}f64")
        return self._made[name]

    def named(self, name: str) -> ir.Function:
        """Return a function of our own arithmetic, compiled from its text at first use."""
        if name not in self._made:
            source = getattr(arithmetic, name, None)
            if source is None:
                raise NotCompiledError(f"no function is called '{name}'")
            tree = parsed(source)
            kind = ir.FunctionType(DOUBLES, [DOUBLES] * len(tree.args.args))
            made = self._made[name] = ir.Function(self.module, kind, f"planmodel_{name}")
            made.linkage = "internal"
            made.attributes.add("noinline")
            given = {a.arg: Value((), [v]) for a, v in zip(tree.args.args, made.args, strict=True)}
            _write(tree, given, Lanes(ir.IRBuilder(made.append_basic_block()), self))
        return self._made[name]


_NUMBERS = {n: Value((), [v]) for n, v in vars(arithmetic).items() if isinstance(v, int | float)}


class _Inlined(Elements):
    """Writes the functions that a function calls where they are called."""

    def _called(self, node: ast.Call, known: Mapping[str, Value], space: Mapping[str, Any]) -> Value:
        name = getattr(node.func, "id", "")
        if name in _INSTRUCTIONS or not hasattr(arithmetic, name):
            return super()._called(node, known, space)
        tree = parsed(getattr(arithmetic, name))
        arguments = [self.value(a, known, space) for a in node.args]
        inner = _NUMBERS | dict(zip((a.arg for a in tree.args.args), arguments, strict=True))
        made: Value = self.run(tree, inner, {})
        return made


def _write(tree: ast.FunctionDef, given: dict[str, Value], lanes: Lanes) -> None:
    """Write a function; what is easy, or ``plain``, in all eight numbers has an end of its own.

    What stands in for numbers that are not plain is then left out with its division.
    """
    b, elements, known = lanes.b, _Inlined(Axes(()), lanes), _NUMBERS | given

    def everywhere(value: Value) -> ir.Value:
        bits = ir.IntType(LANES)
        held = b.bitcast(lanes.mask(value.cells[0]), bits)
        return b.icmp_unsigned("==", held, ir.Constant(bits, (1 << LANES) - 1))

    def end(body: list[ast.stmt], **told: Value) -> None:
        rest = ast.FunctionDef(tree.name, tree.args, body, [])
        b.ret(lanes.lifted(elements.run(rest, known | told, {}).cells[0]))

    for condition, number in EASY.get(tree.name, ()):
        asked = elements.value(ast.parse(condition, mode="eval").body, known, {})
        with b.if_then(everywhere(asked), likely=False):
            b.ret(constant(number))
    at = next((i for i, node in enumerate(tree.body) if _assigns(node, PLAIN)), -1) + 1
    for node in tree.body[:at]:
        if isinstance(node, ast.Assign):
            value = elements.value(node.value, known, {})
            known |= {t.id: value for t in node.targets if isinstance(t, ast.Name)}
    if at:
        with b.if_then(everywhere(known[PLAIN])):
            end(tree.body[at:], **{PLAIN: Value((), [True])})
    end(tree.body[at:])


def _assigns(node: ast.stmt, name: str) -> bool:
    """Tell whether a statement gives a name its value."""
    return isinstance(node, ast.Assign) and any(
        isinstance(t, ast.Name) and t.id == name for t in node.targets
    )
