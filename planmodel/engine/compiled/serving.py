"""Work that is given out along queues, as code: the rules of :mod:`planmodel.engine.serving`, row after row.

All rows of a queue are gone through for eight members at a time; those of eight members lie together in
memory (see :mod:`planmodel.engine.compiled.queues`). A row that stands for many has a body of its own in the
loop: it asks for no place in the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from llvmlite import ir

from planmodel.engine.compiled.cells import Cells
from planmodel.engine.compiled.kernels import (
    any_of,
    entry,
    function,
    given,
    load,
    loop,
    near,
    put,
    store,
    whole,
)
from planmodel.engine.compiled.lanes import DOUBLES, LANES, WHOLE, WIDTH, Functions, Lanes, constant
from planmodel.engine.serving import (
    ENDED,
    HALTED,
    LEFT,
    Manner,
    Number,
    Outcome,
    Row,
    Wanted,
    served,
    still,
    told,
)
from planmodel.engine.serving import given as shares_given

ROWS = ("size", "done", "full")
ROW = len(ROWS) * WIDTH  # bytes of a row of eight members
CLASSES = 4  # what ends in the month, and up to each of the stages
CLAIMS = [f"{who}_{k}" for who in ("high", "low") for k in range(CLASSES)]
OUTCOME = tuple(n for n in Outcome._fields if n not in (*Wanted._fields, "marks", "told"))
MANNER = tuple(Manner._fields)
_QUEUES = ("store", "room", "rows", "places", "ends", "reach", "manner", *CLAIMS, "queues", "bytes")
WANTED_TABLE = (*_QUEUES, "from")
SERVED_TABLE = (*_QUEUES, "granted", "reach_next", *OUTCOME, "marks", "where")
_NOTHING = constant(0.0)


def write(module: ir.Module, finished: float) -> None:
    """Write the kernels into a module; ``finished`` is the share of a size that may lack."""
    _wanted(module)
    _served(module, finished)


class _Sums:
    """Sums of numbers of rows, one after the other."""

    def __init__(self, lanes: Lanes, names: Sequence[str]) -> None:
        self.b, self._of = lanes.b, {name: lanes.b.alloca(DOUBLES) for name in names}

    def begin(self, **values: ir.Value) -> None:
        """Begin with nothing, or with what is given."""
        for name, place in self._of.items():
            self.b.store(values.get(name, _NOTHING), place)

    def add(self, name: str, what: Cells, mask: Cells | None = None) -> None:
        """Add, where a mask holds: one instruction where machines have masks."""
        b, place = self.b, self._of[name]
        before = b.load(place)
        after = b.fadd(before, what.value)
        b.store(after if mask is None else b.select(mask.mask, after, before), place)

    def claim(self, row: Row, reach: Cells, manner: Manner) -> None:
        """Add what a row wants, on the list and off it, to the classes that it belongs to."""
        _, high = row.listed(reach)
        beyond = row.beyond(manner)
        for who, what in (("high", high), ("low", row.pace - high)):
            for k, mask in enumerate([*beyond, None]):
                self.add(f"{who}_{k}", what, mask)

    def found(self) -> dict[str, ir.Value]:
        """Return what was added up."""
        return {name: self.b.load(place) for name, place in self._of.items()}


class _Stand(NamedTuple):
    """Where the loop over a queue stands: position, address of the row, and the row as rules know it."""

    i: ir.Value
    address: ir.Value
    row: Row


class _Place:
    """The queue and the members at which the loops stand."""

    def __init__(self, lanes: Lanes, at: dict[str, ir.Value], q: ir.Value, offset: ir.Value) -> None:
        self.lanes, self.b, self.at, self.q, self.offset = lanes, lanes.b, at, q, offset
        rows = [self.b.add(entry(self.b, at["manner"], i), offset) for i in range(len(MANNER))]
        known: list[Number] = [self._cells(load(self.b, row, ahead=0)) for row in rows]
        self.manner = Manner(*known)

    def _cells(self, value: ir.Value) -> Cells:
        return Cells(self.lanes, value)

    def read(self, name: str) -> Cells:
        """Return what is known of the queue."""
        row = self.b.add(entry(self.b, self.at[name], self.q), self.offset)
        return self._cells(load(self.b, row, ahead=0))

    def write(self, values: dict[str, ir.Value]) -> None:
        """Keep what was added up."""
        for name, value in values.items():
            store(self.b, value, self.b.add(entry(self.b, self.at[name], self.q), self.offset))

    def each(self, first: ir.Value, what: Callable[[_Stand], None]) -> None:
        """Go from a row of the queue to its last; do something with those of which something is left."""
        b, at = self.b, self.at
        last = entry(b, at["ends"], b.add(self.q, whole(1)))
        # What eight members have: rows of all, whether they stand or not.
        start = b.add(at["store"], b.mul(self.offset, at["room"]))
        following = b.mul(at["room"], whole(WIDTH))
        with loop(b, first, last) as i:
            address = b.add(start, entry(b, at["rows"], i))
            near(b, b.add(address, following))
            size = load(b, address, ahead=0)
            with b.if_then(any_of(b, b.fcmp_unordered("!=", size, _NOTHING))):
                others = [b.add(address, whole(WIDTH * k)) for k in range(1, len(ROWS))]
                for other in others:
                    near(b, b.add(other, following))
                done, full = (self._cells(load(b, other, ahead=0)) for other in others)
                mark = entry(b, at["places"], i)
                with b.if_else(b.icmp_signed("<", mark, whole(0))) as (many, one):
                    with many:
                        what(_Stand(i, address, Row.of(self._cells(size), done, full, 0.0, True)))
                    with one:
                        place = self._cells(_in_all(b, mark))
                        what(_Stand(i, address, Row.of(self._cells(size), done, full, place, False)))


def _in_all(b: ir.IRBuilder, bits: ir.Value) -> ir.Value:
    """Return a number, of which the bits are given, in all lanes."""
    none, first = ir.Constant(DOUBLES, ir.Undefined), ir.Constant(ir.IntType(32), 0)
    one = b.insert_element(none, b.bitcast(bits, ir.DoubleType()), first)
    return b.shuffle_vector(one, none, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))


@contextmanager
def _kernel(
    module: ir.Module, name: str, table: Sequence[str]
) -> Iterator[tuple[Lanes, dict[str, ir.Value]]]:
    """Write a kernel that takes a table of addresses and numbers."""
    made, b = function(module, name, 1)
    yield Lanes(b, Functions(module)), dict(zip(table, given(b, made.args[0], len(table)), strict=True))
    b.ret(whole(0))


def _wanted(module: ir.Module) -> None:
    """``wanted(table)``: what each queue can take, on the list and off it, by class.

    It goes on from what is there already of the rows before ``from``.
    """
    with _kernel(module, "wanted", WANTED_TABLE) as (lanes, at):
        b, claims = lanes.b, _Sums(lanes, CLAIMS)
        with loop(b, whole(0), at["bytes"], WIDTH) as offset, loop(b, whole(0), at["queues"]) as q:
            place = _Place(lanes, at, q, offset)
            claims.begin(**{name: place.read(name).value for name in CLAIMS})
            reach = place.read("reach")
            place.each(entry(b, at["from"], q), lambda s: claims.claim(s.row, reach, place.manner))
            place.write(claims.found())


def _served(module: ir.Module, finished: float) -> None:
    """``served(table)``: work is given out, what has ended is handed over, the next month is looked at."""
    with _kernel(module, "served", SERVED_TABLE) as (lanes, at):
        b = lanes.b
        sums, claims = _Sums(lanes, OUTCOME), _Sums(lanes, CLAIMS)
        kept = {"size": b.alloca(DOUBLES), "done": b.alloca(DOUBLES), "mark": b.alloca(WHOLE)}
        with loop(b, whole(0), at["bytes"], WIDTH) as offset, loop(b, whole(0), at["queues"]) as q:
            sums.begin()
            claims.begin()
            place = _Place(lanes, at, q, offset)
            granted, reach, further = (place.read(n) for n in ("granted", "reach", "reach_next"))
            wanted = [place.read(n) for n in CLAIMS]
            classes = shares_given(wanted[:CLASSES], wanted[CLASSES:], granted, place.manner.degree)

            def serve(stand: _Stand) -> None:
                left = _serve(place, stand, reach, classes, sums, kept, finished)
                claims.claim(left, further, place.manner)

            place.each(entry(b, at["ends"], q), serve)
            place.write(sums.found() | claims.found())


def _serve(
    place: _Place,
    stand: _Stand,
    reach: Cells,
    classes: tuple[Sequence[Cells], Sequence[Cells]],
    sums: _Sums,
    kept: dict[str, ir.Value],
    finished: float,
) -> Row:
    """Give a row its work, and hand it over where it has ended; return what is left of it."""
    b, at, row, i = place.b, place.at, stand.row, stand.i
    what = served(row, reach, place.manner, *classes, finished)
    for name, amount in {
        "work": what.work,
        "idle": row.done * what.halted,
        "under_way": what.number,
        "frozen": what.number * what.halted,
    }.items():
        sums.add(name, amount)
    ended = what.ended.mask
    for name, value in (("size", row.size.value), ("done", what.now.value), ("mark", whole(LEFT))):
        b.store(value, kept[name])
    if not row.many:
        where = entry(b, at["where"], i)
        with b.if_then(b.icmp_unsigned("!=", where, whole(0)), likely=False):
            store(b, told(row, what).value, b.add(where, place.offset))
            halted = any_of(b, still(row, what).mask)
            b.store(b.select(halted, whole(LEFT | HALTED), whole(LEFT)), kept["mark"])
    with b.if_then(any_of(b, ended), likely=False):
        sums.add("completed", what.now, what.ended)
        sums.add("finished", what.number, what.ended)
        for name in ("size", "done"):
            b.store(b.select(ended, _NOTHING, b.load(kept[name])), kept[name])
        store(b, b.load(kept["size"]), stand.address)
        some = any_of(b, b.fcmp_unordered("!=", b.load(kept["size"]), _NOTHING))
        others = b.and_(b.load(kept["mark"]), whole(~LEFT))
        b.store(b.or_(others, b.select(some, whole(ENDED | LEFT), whole(ENDED))), kept["mark"])
    size, done = (b.load(kept[name]) for name in ("size", "done"))
    store(b, done, b.add(stand.address, whole(WIDTH)))
    put(b, b.or_(entry(b, at["marks"], i), b.load(kept["mark"])), at["marks"], i)
    return Row.of(Cells(place.lanes, size), Cells(place.lanes, done), row.full, row.place, row.many)
