"""Some lines of members together: what the kernels of the ledger are written with.

Several lines of eight members go together as long as there are as many, then one after another: what stands
in a table is looked up once for all of them, and sums of one line do not wait for those of another.
"""

from __future__ import annotations

from collections.abc import Callable

from llvmlite import ir

from planmodel.engine.compiled.kernels import any_of, entry, load, loop, store, whole
from planmodel.engine.compiled.lanes import DOUBLES, LANES, MASKS, WIDTH, constant

LINES = 4  # that go together
_ALL = ir.Constant(MASKS, [1] * LANES)
Cells = list[ir.Value]  # one a line


class Lines:
    """Some lines of members that are looked at together."""

    def __init__(self, b: ir.IRBuilder, offset: ir.Value, lines: int) -> None:
        self.b, self.offset, self.lines = b, offset, lines

    def row(self, table: ir.Value, number: ir.Value) -> ir.Value:
        """Return where the lines stand in a row of which a table has the address."""
        return self.b.add(entry(self.b, table, number), self.offset)

    def places(self, address: ir.Value) -> list[ir.Value]:
        """Return where each line stands."""
        return [self.b.add(address, whole(WIDTH * i)) for i in range(self.lines)]

    def load(self, address: ir.Value, ahead: bool = True) -> Cells:
        """Return the cells at an address, and ask for those of the turn after the next."""
        far = max(2, self.lines) * WIDTH if ahead else 0
        return [load(self.b, place, far) for place in self.places(address)]

    def store(self, cells: Cells, address: ir.Value) -> None:
        """Put cells at an address."""
        for cell, place in zip(cells, self.places(address), strict=True):
            store(self.b, cell, place)

    def same(self, cell: ir.Value) -> Cells:
        """Return one cell for all lines."""
        return [cell] * self.lines

    def each(self, made: Callable[..., ir.Value], *cells: Cells) -> Cells:
        """Do something line by line."""
        return [made(*some) for some in zip(*cells, strict=True)]

    def any(self, masks: Cells) -> ir.Value:
        """Tell whether something holds in one member at least of all lines."""
        found = masks[0]
        for mask in masks[1:]:
            found = self.b.or_(found, mask)
        return any_of(self.b, found)

    def all(self, masks: Cells) -> ir.Value:
        """Return where something holds in all lines."""
        found = masks[0]
        for mask in masks[1:]:
            found = self.b.and_(found, mask)
        return found


class Carried:
    """A sum, one a line, that loops carry on."""

    def __init__(self, b: ir.IRBuilder) -> None:
        self.b, self._places = b, [b.alloca(DOUBLES) for _ in range(LINES)]

    def begin(self, cells: Cells) -> None:
        """Begin with some cells."""
        for cell, place in zip(cells, self._places, strict=False):
            self.b.store(cell, place)

    def add(self, cells: Cells) -> None:
        """Add cells."""
        self.begin(
            [self.b.fadd(there, cell) for there, cell in zip(self.found(len(cells)), cells, strict=True)]
        )

    def found(self, lines: int) -> Cells:
        """Return what it is now."""
        return [self.b.load(place) for place in self._places[:lines]]


def turns(b: ir.IRBuilder, size: ir.Value, turn: Callable[[Lines], None]) -> None:
    """Go through all members of rows that have a size: in lines together, then in single ones."""
    together = b.and_(size, whole(-LINES * WIDTH))
    for lines, first, end in ((LINES, whole(0), together), (1, together, size)):
        with loop(b, first, end, lines * WIDTH) as offset:
            turn(Lines(b, offset, lines))


def size_of(b: ir.IRBuilder, value: ir.Value) -> ir.Value:
    """Return a number without its sign."""
    return b.select(b.fcmp_ordered("<", value, constant(0.0)), b.fneg(value), value)


def _broken(b: ir.IRBuilder, mask: ir.Value, bit: int) -> ir.Value:
    """Return a bit where something does not hold in all members."""
    return b.select(any_of(b, b.not_(mask)), whole(bit), whole(0))


class Held:
    """Masks of what is to hold in all members."""

    def __init__(self, b: ir.IRBuilder, *names: str) -> None:
        self.b, self._masks = b, {name: b.alloca(MASKS) for name in names}
        for mask in self._masks.values():
            b.store(_ALL, mask)

    def hold(self, name: str, mask: ir.Value) -> None:
        """Note where something holds."""
        self.b.store(self.b.and_(self.b.load(self._masks[name]), mask), self._masks[name])

    def broken(self, name: str, bit: int) -> ir.Value:
        """Return a bit where it does not hold in all members."""
        return _broken(self.b, self.b.load(self._masks[name]), bit)
