"""Work that is given out along queues, compiled: see :mod:`planmodel.engine.serving`, which says how.

A queue is a number of rows, each with a size, what is done of it, and what it can take in a month at most. An
entity keeps the rows (:mod:`planmodel.engine.memory`) and says what it means. All rows of a queue are gone
through twice for eight members at a time, so that they stay in the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise

import numpy as np
from llvmlite import ir

from planmodel.engine.compiled import compiler
from planmodel.engine.compiled.kernels import any_of, entry, function, given, load, loop, put, store, whole
from planmodel.engine.compiled.lanes import DOUBLES, LANES, WHOLE, WIDTH, constant
from planmodel.engine.memory import addresses, matrix, padded
from planmodel.engine.memory import put as put_rows
from planmodel.engine.serving import (
    ENDED,
    LEAST,
    LEFT,
    Manner,
    Outcome,
    Wanted,
)
from planmodel.engine.types import Array

_ROWS = ("size", "done", "full")
_CLASSES = 4  # what ends in the month, and up to each of the stages
_CLAIMS = [f"{who}_{k}" for who in ("high", "low") for k in range(_CLASSES)]
_OUTCOME = tuple(n for n in Outcome._fields if n not in (*Wanted._fields, "marks", "told"))
_MANNER = tuple(Manner._fields)
_WANTED_TABLE = (*_ROWS, "places", "ends", "reach", "manner", *_CLAIMS, "queues", "bytes")
_SERVED_TABLE = (
    *_ROWS, "places", "ends", "granted", "reach", "reach_next", "manner", *_CLAIMS, *_OUTCOME, "marks",
    "where", "queues", "bytes",
)  # fmt: skip
_NOTHING, _ONE, _TINY = (constant(x) for x in (0.0, 1.0, LEAST))


def write(module: ir.Module, finished: float) -> None:
    """Write the kernels into a module; ``finished`` is the share of a size that may lack."""
    _wanted(module)
    _served(module, finished)


def _least(b: ir.IRBuilder, x: ir.Value, y: ir.Value) -> ir.Value:
    return b.select(b.fcmp_ordered("<", x, y), x, y)


def _most(b: ir.IRBuilder, x: ir.Value, y: ir.Value) -> ir.Value:
    return b.select(b.fcmp_ordered(">", x, y), x, y)


class _Row:
    """The row at which a loop over a queue stands."""

    def __init__(
        self, b: ir.IRBuilder, tables: dict[str, ir.Value], at: ir.Value, offset: ir.Value, ahead: bool = True
    ) -> None:
        self.b, self._tables, self._at, self._offset, self._ahead = b, tables, at, offset, ahead
        self.addresses = [b.add(entry(b, tables[name], at), offset) for name in _ROWS]
        self.size = load(b, self.addresses[0], ahead)

    def there(self) -> ir.Value:
        """Tell whether something of it is left in one member at least: else nothing comes of it."""
        return any_of(self.b, self.b.fcmp_unordered("!=", self.size, _NOTHING))

    def read(self) -> None:
        """Read what else is known of it, and reckon what it can take."""
        b = self.b
        self.done, self.full = (load(b, place, self._ahead) for place in self.addresses[1:])
        number = b.bitcast(entry(b, self._tables["places"], self._at), ir.DoubleType())
        one = b.insert_element(ir.Constant(DOUBLES, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
        same = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        self.place = b.shuffle_vector(one, ir.Constant(DOUBLES, ir.Undefined), same)
        self.together = b.fcmp_ordered("<", self.place, _NOTHING)
        self.reckon()

    def reckon(self) -> None:
        """Reckon what is left, and what can be taken in the month."""
        b = self.b
        self.left = _most(b, b.fsub(self.size, self.done), _NOTHING)
        self.ends = b.fcmp_ordered("<=", self.left, self.full)
        self.pace = b.select(self.ends, self.left, self.full)

    def listed(self, reach: ir.Value) -> tuple[ir.Value, ir.Value]:
        """Return the share of the row that stands on the list, and what that can take."""
        b = self.b
        alone = b.select(b.fcmp_ordered("<", self.place, reach), _ONE, _NOTHING)
        share = b.select(self.together, reach, alone)
        return share, _least(b, b.fmul(share, self.full), self.pace)

    def beyond(self, bounds: Sequence[ir.Value]) -> list[ir.Value]:
        """Return whether it ends in the month, or is as far as each bound, the latest first."""
        b = self.b
        far = [b.fcmp_ordered(">=", self.done, b.fmul(bound, self.size)) for bound in reversed(bounds)]
        return [self.ends, *(b.or_(self.ends, mask) for mask in far)]


@contextmanager
def _each(
    b: ir.IRBuilder, tables: dict[str, ir.Value], q: ir.Value, offset: ir.Value, ahead: bool = True
) -> Iterator[tuple[ir.Value, _Row]]:
    """Go through the rows of a queue of which something is left; yield position and row."""
    first, last = entry(b, tables["ends"], q), entry(b, tables["ends"], b.add(q, whole(1)))
    with loop(b, first, last) as i:
        row = _Row(b, tables, i, offset, ahead)
        with b.if_then(row.there()):
            row.read()
            yield i, row


def _sums(b: ir.IRBuilder, number: int) -> list[ir.Value]:
    return [b.alloca(DOUBLES) for _ in range(number)]


def _clear(b: ir.IRBuilder, sums: Sequence[ir.Value]) -> None:
    for sum_of in sums:
        b.store(_NOTHING, sum_of)


def _add(b: ir.IRBuilder, sum_of: ir.Value, what: ir.Value, mask: ir.Value | None = None) -> None:
    """Add to a sum, where a mask holds: one instruction where machines have masks."""
    before = b.load(sum_of)
    after = b.fadd(before, what)
    b.store(after if mask is None else b.select(mask, after, before), sum_of)


class _Claims:
    """What is wanted on the list and off it, up to each class."""

    def __init__(self, b: ir.IRBuilder) -> None:
        self.b, self.sums = b, dict(zip(_CLAIMS, _sums(b, len(_CLAIMS)), strict=True))

    def add(self, row: _Row, reach: ir.Value, bounds: Sequence[ir.Value]) -> None:
        """Add what a row wants."""
        b = self.b
        _, high = row.listed(reach)
        beyond = row.beyond(bounds)
        for who, what in (("high", high), ("low", b.fsub(row.pace, high))):
            for k, mask in enumerate(beyond):
                _add(b, self.sums[f"{who}_{k}"], what, mask)
            _add(b, self.sums[f"{who}_{len(beyond)}"], what)


class _Place:
    """The queue and the members at which the loops stand."""

    def __init__(self, b: ir.IRBuilder, at: dict[str, ir.Value], q: ir.Value, offset: ir.Value) -> None:
        self.b, self.at, self.q, self.offset = b, at, q, offset
        rows = [b.add(entry(b, at["manner"], i), offset) for i in range(len(_MANNER))]
        self.manner = dict(zip(_MANNER, (load(b, row, ahead=False) for row in rows), strict=True))
        self.bounds = [self.manner["second"], self.manner["third"]]

    def read(self, name: str) -> ir.Value:
        """Return what is known of the queue."""
        return load(self.b, self.b.add(entry(self.b, self.at[name], self.q), self.offset), ahead=False)

    def write(self, sums: dict[str, ir.Value]) -> None:
        """Keep what was added up."""
        for name, sum_of in sums.items():
            place = self.b.add(entry(self.b, self.at[name], self.q), self.offset)
            store(self.b, self.b.load(sum_of), place)


def _wanted(module: ir.Module) -> None:
    """``wanted(table)``: what each queue can take, on the list and off it, by class."""
    made, b = function(module, "wanted", 1)
    at = dict(zip(_WANTED_TABLE, given(b, made.args[0], len(_WANTED_TABLE)), strict=True))
    claims = _Claims(b)
    with loop(b, whole(0), at["bytes"], WIDTH) as offset, loop(b, whole(0), at["queues"]) as q:
        _clear(b, list(claims.sums.values()))
        place = _Place(b, at, q, offset)
        reach = place.read("reach")
        with _each(b, at, q, offset) as (_, row):
            claims.add(row, reach, place.bounds)
        place.write(claims.sums)
    b.ret(whole(0))


def _shares(b: ir.IRBuilder, wanted: Sequence[ir.Value], grant: ir.Value, degree: ir.Value) -> list[ir.Value]:
    """Return the share of what it wants that each class gets: see :func:`planmodel.engine.serving.shares`."""
    ending = wanted[0]
    left = _most(b, b.fsub(grant, ending), _NOTHING)
    rest = b.fsub(wanted[-1], ending)
    even = _least(b, b.fdiv(left, _most(b, rest, _TINY)), _ONE)
    shares = [_least(b, b.fdiv(grant, _most(b, ending, _TINY)), _ONE)]
    for before, upto in pairwise(wanted):
        own = b.fsub(upto, before)
        first = _least(b, b.fdiv(left, _most(b, own, _TINY)), _ONE)
        left = _most(b, b.fsub(left, own), _NOTHING)
        shares.append(b.fadd(even, b.fmul(degree, b.fsub(first, even))))
    return shares


def _chosen(b: ir.IRBuilder, beyond: Sequence[ir.Value], shares: Sequence[ir.Value]) -> ir.Value:
    """Return the share of the class to which a row belongs."""
    found = shares[-1]
    for mask, share in zip(reversed(beyond), reversed(shares[:-1]), strict=True):
        found = b.select(mask, share, found)
    return found


def _served(module: ir.Module, finished: float) -> None:
    """``served(table)``: work is given out, what has ended is handed over, the next month is looked at."""
    made, b = function(module, "served", 1)
    at = dict(zip(_SERVED_TABLE, given(b, made.args[0], len(_SERVED_TABLE)), strict=True))
    sums, claims = dict(zip(_OUTCOME, _sums(b, len(_OUTCOME)), strict=True)), _Claims(b)
    of_row = {"size": b.alloca(DOUBLES), "done": b.alloca(DOUBLES), "mark": b.alloca(WHOLE)}
    with loop(b, whole(0), at["bytes"], WIDTH) as offset, loop(b, whole(0), at["queues"]) as q:
        _clear(b, [*sums.values(), *claims.sums.values()])
        place = _Place(b, at, q, offset)
        grant, reach, further = (place.read(n) for n in ("granted", "reach", "reach_next"))
        wanted = [place.read(n) for n in _CLAIMS]
        high, low = wanted[:_CLASSES], wanted[_CLASSES:]
        grants = _least(b, grant, high[-1]), _most(b, b.fsub(grant, high[-1]), _NOTHING)
        degree = place.manner["degree"]
        shares = [_shares(b, c, g, degree) for c, g in zip((high, low), grants, strict=True)]
        with _each(b, at, q, offset) as (i, row):
            _serve_row(place, row, i, reach, shares, sums | of_row, finished)
            claims.add(row, further, place.bounds)
        place.write(sums | claims.sums)
    b.ret(whole(0))


def _serve_row(
    place: _Place,
    row: _Row,
    i: ir.Value,
    reach: ir.Value,
    shares: Sequence[Sequence[ir.Value]],
    sums: dict[str, ir.Value],
    finished: float,
) -> None:
    """Give a row its work, and hand it over where it has ended."""
    b, at, manner = place.b, place.at, place.manner
    (on, first), beyond = row.listed(reach), row.beyond(place.bounds)
    high, low = (_chosen(b, beyond, s) for s in shares)
    work = b.fadd(b.fmul(first, high), b.fmul(b.fsub(row.pace, first), low))
    now = b.fadd(row.done, work)
    stands = [b.fcmp_ordered("<", ratio, manner["idle_below"]) for ratio in (high, low)]
    frozen = b.select(stands[0], on, _NOTHING)
    frozen = b.select(stands[1], b.fadd(frozen, b.fsub(_ONE, on)), frozen)
    there = b.fcmp_ordered(">", row.size, _NOTHING)
    alone, many = b.select(there, _ONE, _NOTHING), b.fmul(row.size, manner["number_in_one"])
    number = b.select(row.together, many, alone)
    ended = b.fcmp_ordered("<", b.fsub(row.size, now), b.fmul(constant(finished), row.size))
    for name, what in {
        "work": work,
        "idle": b.fmul(row.done, frozen),
        "under_way": number,
        "frozen": b.fmul(number, frozen),
    }.items():
        _add(b, sums[name], what)
    where = entry(b, at["where"], i)
    with b.if_then(b.icmp_unsigned("!=", where, whole(0)), likely=False):
        part = _most(b, b.fdiv(row.left, _most(b, row.full, _TINY)), _TINY)
        still = b.and_(there, b.fcmp_ordered(">", frozen, constant(0.5)))
        told = b.select(ended, part, b.select(still, constant(-1.0), _NOTHING))
        store(b, told, b.add(where, place.offset))
    size, done, mark = sums["size"], sums["done"], sums["mark"]
    for kept, what in ((size, row.size), (done, now), (mark, whole(LEFT))):
        b.store(what, kept)
    with b.if_then(any_of(b, ended), likely=False):
        _add(b, sums["completed"], now, ended)
        _add(b, sums["finished"], number, ended)
        b.store(b.select(ended, _NOTHING, row.size), size)
        b.store(b.select(ended, _NOTHING, now), done)
        store(b, b.load(size), row.addresses[0])
        some = any_of(b, b.fcmp_unordered("!=", b.load(size), _NOTHING))
        b.store(b.select(some, whole(ENDED | LEFT), whole(ENDED)), mark)
    row.size, row.done = b.load(size), b.load(done)
    store(b, row.done, row.addresses[1])
    row.reckon()
    put(b, b.or_(entry(b, at["marks"], i), b.load(mark)), at["marks"], i)


@cache
def _code(finished: float) -> compiler.Compiled:
    return compiler.made(f"queues {finished!r}", lambda module: write(module, finished))


class Queues:
    """Queues of one chunk of members: as :class:`planmodel.engine.serving.Queues`, to the bit.

    Parameters
    ----------
    number
        How many there are.
    members
        Of the chunk.
    finished
        Share of its size that a row may lack and be called finished.
    """

    def __init__(self, number: int, members: int, finished: float) -> None:
        code = _code(finished)
        self._wanted, self._served = (code.function(n, 1) for n in ("wanted", "served"))
        self.number, self.members = number, members
        names = ("granted", "reach", "reach_next", *_CLAIMS, *_OUTCOME)
        self._rows = {n: matrix(number, members) for n in names} | {"manner": matrix(len(_MANNER), members)}
        self._lists = {n: addresses(rows) for n, rows in self._rows.items()}
        self._at = {n: rows.ctypes.data for n, rows in self._lists.items()}
        self._at |= {"queues": number, "bytes": padded(members) * 8}

    def stand(
        self, tables: Sequence[Array], rows: np.ndarray, ends: np.ndarray, places: np.ndarray, told: list[int]
    ) -> None:
        """Say which rows stand in the queues: see :meth:`planmodel.engine.serving.Queues.stand`."""
        self._tables = np.array([table.ctypes.data + table.strides[0] * rows for table in tables])
        self._ends, self._places, self._told = ends.astype(np.int64), places.astype(float), told
        first = self._tables.ctypes.data
        self._at |= {n: first + i * self._tables.strides[0] for i, n in enumerate(_ROWS)}
        self._at |= {"ends": self._ends.ctypes.data, "places": self._places.ctypes.data}
        self._masks = matrix(len(told), self.members)
        self._where = np.zeros(len(rows), dtype=np.int64)
        self._where[told] = addresses(self._masks)
        self._at["where"] = self._where.ctypes.data

    def wanted(self, reach: Array, manner: Manner) -> Wanted:
        """Return what each queue can take, and what of it stands on the list."""
        self._put(reach=reach, manner=_by_member(manner, self.members))
        self._call(self._wanted, _WANTED_TABLE)
        return self._claimed()

    def _claimed(self) -> Wanted:
        high, low = (self._rows[f"{who}_{_CLASSES - 1}"] for who in ("high", "low"))
        return Wanted(high + low, high)

    def serve(self, granted: Array, reach: Array, reach_next: Array, manner: Manner) -> Outcome:
        """Give out work: see :meth:`planmodel.engine.serving.Queues.serve`.

        What the queues can take must be known: from :meth:`wanted`, or from the month before. What is
        returned holds until work is given out again.
        """
        rows = _by_member(manner, self.members)
        self._put(granted=granted, reach=reach, reach_next=reach_next, manner=rows)
        marks = np.zeros(self._tables.shape[1], dtype=np.int64)
        self._masks[:] = 0.0  # of rows of which nothing is left nothing is told
        self._at["marks"] = marks.ctypes.data
        self._call(self._served, _SERVED_TABLE)
        told = dict(zip(self._told, self._masks, strict=True))
        found = {n: self._rows[n] for n in _OUTCOME}
        return Outcome(**found, **self._claimed()._asdict(), marks=marks, told=told)

    def _put(self, **rows: Array) -> None:
        for name, values in rows.items():
            put_rows(self._rows[name], slice(None), values)

    def _call(self, kernel: Callable[..., int], table: Sequence[str]) -> None:
        found = np.array([self._at[n] for n in table], dtype=np.int64)
        kernel(found.ctypes.data)


def _by_member(manner: Manner, members: int) -> Array:
    return np.array([np.broadcast_to(np.ravel(value), members) for value in manner], dtype=float)
