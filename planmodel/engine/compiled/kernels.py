"""The kernel of a phase: its equations for eight members after another, as one function of LLVM.

A kernel finds what it reads and writes in tables of addresses: of each leaf the place of the first member's
number and a mask, which is zero where one number stands for all members; of each row that it writes the same
without mask. It returns the flags of floating-point arithmetic that were raised on the way, so that a history
breaks off where it does under NumPy.
"""

from __future__ import annotations

import ctypes
import platform
from collections.abc import Iterator
from contextlib import contextmanager

from llvmlite import ir

from planmodel.engine.axes import Axes
from planmodel.engine.compiled.elements import Cell, Elements, Value
from planmodel.engine.compiled.lanes import DOUBLES, LANES, WHOLE, WIDTH, Functions, Lanes
from planmodel.engine.compiled.layout import Layout, Result
from planmodel.engine.compiled.ordering import one_after_the_other
from planmodel.engine.equations import Equation

# Bits of <fenv.h>: not a number, division by zero, overflow; and all there are.
INVALID, DIVISION, OVERFLOW = (1, 4, 8) if platform.machine() in ("x86_64", "AMD64") else (1, 2, 4)
_ALL = 0x3F if INVALID | DIVISION == 5 else 0x1F
_INT, _BYTE = ir.IntType(32), ir.IntType(8)
_AHEAD = 2 * WIDTH  # bytes: two turns


def whole(number: int) -> ir.Constant:
    """Return a whole number as a constant."""
    return ir.Constant(WHOLE, number)


def function(module: ir.Module, name: str, arguments: int) -> tuple[ir.Function, ir.IRBuilder]:
    """Return a function of whole numbers (addresses, numbers of bytes), and a builder at its beginning."""
    made = ir.Function(module, ir.FunctionType(WHOLE, [WHOLE] * arguments), name)
    return made, ir.IRBuilder(made.append_basic_block())


def given(b: ir.IRBuilder, table: ir.Value, number: int) -> list[ir.Value]:
    """Return arguments that stand in a table: to convert each from Python takes longer than to look it up."""
    return [entry(b, table, i) for i in range(number)]


def load(b: ir.IRBuilder, address: ir.Value, ahead: int = _AHEAD) -> ir.Value:
    """Return the cell at an address; unless it is no row of members, what stands ahead is asked for."""
    if ahead:
        near(b, b.add(address, whole(ahead)))
    made = b.load(b.inttoptr(address, DOUBLES.as_pointer()))
    made.align = WIDTH
    return made


def store(b: ir.IRBuilder, cell: ir.Value, address: ir.Value, ahead: bool = False) -> None:
    """Put a cell at an address; if that pays (what was not read before), later places are asked for."""
    if ahead:
        near(b, b.add(address, whole(_AHEAD)), for_writing=True)
    b.store(cell, b.inttoptr(address, DOUBLES.as_pointer())).align = WIDTH


def near(b: ir.IRBuilder, address: ir.Value, for_writing: bool = False) -> None:
    """Have memory brought near: there need be none at the address.

    Of a later turn, that is: a thousand rows are more than the processor foresees.
    """
    name = "llvm.prefetch.p0"
    if name not in b.module.globals:
        kind = ir.FunctionType(ir.VoidType(), [_BYTE.as_pointer(), _INT, _INT, _INT])
        ir.Function(b.module, kind, name)
    place = b.inttoptr(address, _BYTE.as_pointer())
    how = [ir.Constant(_INT, n) for n in (int(for_writing), 2, 1)]
    b.call(b.module.globals[name], [place, *how])


def entry(b: ir.IRBuilder, table: ir.Value, number: ir.Value | int) -> ir.Value:
    """Return a whole number of a table: the table is given by its address."""
    at = whole(8 * number) if isinstance(number, int) else b.mul(number, whole(8))
    return b.load(b.inttoptr(b.add(table, at), WHOLE.as_pointer()))


def put(b: ir.IRBuilder, value: ir.Value, table: ir.Value, number: ir.Value) -> None:
    """Put a whole number into a table."""
    place = b.add(table, b.mul(number, whole(8)))
    b.store(value, b.inttoptr(place, WHOLE.as_pointer()))


@contextmanager
def loop(b: ir.IRBuilder, first: ir.Value, end: ir.Value, step: int = 1) -> Iterator[ir.Value]:
    """Go from a number to before another; nothing is done where it is not before."""
    before = b.block
    head, body, after = (b.append_basic_block() for _ in range(3))
    b.branch(head)
    b.position_at_end(head)
    at = b.phi(WHOLE)
    at.add_incoming(first, before)
    b.cbranch(b.icmp_unsigned("<", at, end), body, after)
    b.position_at_end(body)
    yield at
    at.add_incoming(b.add(at, whole(step)), b.block)
    b.branch(head)
    b.position_at_end(after)


def any_of(b: ir.IRBuilder, mask: ir.Value) -> ir.Value:
    """Tell whether something holds in one member at least."""
    bits = ir.IntType(LANES)
    return b.icmp_unsigned("!=", b.bitcast(mask, bits), ir.Constant(bits, 0))


def flags_cleared(b: ir.IRBuilder) -> None:
    """Forget the flags of what was reckoned before."""
    b.call(_external(b.module, "feclearexcept"), [ir.Constant(_INT, _ALL)])


def flags(b: ir.IRBuilder) -> ir.Value:
    """Return the flags that were raised."""
    found = b.call(_external(b.module, "fetestexcept"), [ir.Constant(_INT, INVALID | DIVISION | OVERFLOW)])
    return b.zext(found, WHOLE)


def _external(module: ir.Module, name: str) -> ir.Function:
    if name not in module.globals:
        ir.Function(module, ir.FunctionType(_INT, [_INT]), name)
    return module.globals[name]


def addresses() -> dict[str, int]:
    """Return the addresses of the functions of the C library that kernels call."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "feclearexcept"):
        library = ctypes.CDLL("libm.so.6")
    names = ("feclearexcept", "fetestexcept")
    return {n: ctypes.cast(getattr(library, n), ctypes.c_void_p).value or 0 for n in names}


def phase(module: ir.Module, layout: Layout, axes: Axes) -> None:
    """Write the kernel of a phase: ``phase(table, month)``.

    The table holds leaves, masks, rows, told and bytes. Of each event that it announces it writes into
    ``told`` whether it happens in a member at least.

    Parameters
    ----------
    module
        Where to.
    layout
        What is compiled.
    axes
        Of the economy.

    Raises
    ------
    NotCompiledError
        If an equation says what cannot be compiled.
    """
    made, b = function(module, "phase", 2)
    table, month = made.args
    leaves, masks, rows, told, size = given(b, table, 5)
    flags_cleared(b)
    with loop(b, whole(0), size, WIDTH) as offset:
        writer = _Phase(layout, axes, Lanes(b, Functions(module)), (leaves, masks, rows, told, offset))
        for months, some in layout.groups.items():
            if not months:
                for equation in some:
                    writer.equation(equation)
                writer.values()
                continue
            bits = whole(sum(1 << m for m in months))
            acts = b.trunc(b.lshr(bits, month), ir.IntType(1))
            with b.if_then(acts), writer.aside():
                for equation in some:
                    writer.equation(equation)
    b.ret(flags(b))
    one_after_the_other(made)


class _Phase:
    """Writes equations into the kernel of a phase."""

    def __init__(self, layout: Layout, axes: Axes, lanes: Lanes, places: tuple[ir.Value, ...]) -> None:
        self.layout, self.lanes = layout, lanes
        self.elements = Elements(axes, lanes)
        self.leaves, self.masks, self.rows, self.told, self.offset = places
        self.read: dict[int, ir.Value] = {}
        self.known: dict[str, Value] = {}

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Forget at the end what was read and reckoned: it is known only where the program went this way."""
        read, known = dict(self.read), dict(self.known)
        yield
        self.read, self.known = read, known

    def values(self) -> None:
        """Write the auxiliaries that procedures read."""
        for name, result in self.layout.values.items():
            self._keep((self._auxiliary(name), result))

    def _keep(self, *kept: tuple[Value, Result]) -> None:
        """Write values to their rows, label after label: what several share is then still at hand."""
        cells = [self.elements.spread(value, result.axes) for value, result in kept]
        for at in range(max(map(len, cells))):
            for some, (_, result) in zip(cells, kept, strict=True):
                if at < len(some):
                    self._put(some[at], result, at)

    def _put(self, cell: Cell, result: Result, at: int) -> None:
        b = self.lanes.b
        row = b.add(entry(b, self.rows, result.first + at), self.offset)
        store(b, self.lanes.lifted(cell), row, ahead=True)
        if result.kind == "event":
            happens = b.select(any_of(b, self.lanes.mask(cell)), whole(1), whole(0))
            place = whole(self.layout.events.index(result))
            put(b, b.or_(happens, entry(b, self.told, place)), self.told, place)

    def equation(self, equation: Equation) -> None:
        """Write an equation, and its results to their rows."""
        found = self.elements.run(equation.tree, self._arguments(equation), equation.declared.__globals__)
        places = self.layout.results
        self._keep(*((value, places[equation.block, equation.name, name]) for name, value in found.items()))

    def _arguments(self, equation: Equation) -> dict[str, Value]:
        return {name: self._argument(name, equation.block) for name in equation.reads}

    def _argument(self, name: str, block: str) -> Value:
        axes, parts = self.layout.arguments[name, block]
        values = [Value((), [self._leaf(p)]) if isinstance(p, int) else self._auxiliary(p) for p in parts]
        return self.elements.gathered(axes, values)

    def _auxiliary(self, name: str) -> Value:
        if name not in self.known:
            equation = self.layout.auxiliaries[name]
            space = equation.declared.__globals__
            self.known[name] = self.elements.run(equation.tree, self._arguments(equation), space)
        return self.known[name]

    def _leaf(self, place: int) -> ir.Value:
        if place not in self.read:
            b = self.lanes.b
            aside = self.offset
            if place not in self.layout.kept:
                aside = b.and_(self.offset, entry(b, self.masks, place))
            self.read[place] = load(b, b.add(entry(b, self.leaves, place), aside))
        return self.read[place]
