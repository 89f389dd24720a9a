"""Work that is given out along queues, compiled: see :mod:`planmodel.engine.serving`, which says what is done.

A queue is a number of rows, each with a size, what is done of it, and what it can take in a month at most. An
entity keeps the rows (:mod:`planmodel.engine.memory`) and says what it means. All rows of a queue are gone
through twice for eight members at a time, so that they stay in the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product

import numpy as np
from llvmlite import ir

from planmodel.engine.compiled import compiler
from planmodel.engine.compiled.kernels import any_of, entry, function, given, load, loop, put, store, whole
from planmodel.engine.compiled.lanes import DOUBLES, LANES, WIDTH, constant
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
_WANTED = tuple(Wanted._fields)
_OUTCOME = tuple(n for n in Outcome._fields if n not in ("marks", "told"))
_MANNER = tuple(Manner._fields)
_WANTED_TABLE = (*_ROWS, "places", "ends", "reach", *_WANTED, "queues", "bytes")
_SERVED_TABLE = (
    *_ROWS, "places", "ends", "granted", "reach", "reach_next", "manner", *_OUTCOME, "marks", "where", "queues",
    "bytes",
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
        self.b = b
        self.addresses = [b.add(entry(b, tables[name], at), offset) for name in _ROWS]
        self.size, self.done, self.full = (load(b, place, ahead) for place in self.addresses)
        number = b.bitcast(entry(b, tables["places"], at), ir.DoubleType())
        one = b.insert_element(ir.Constant(DOUBLES, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
        same = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        self.place = b.shuffle_vector(one, ir.Constant(DOUBLES, ir.Undefined), same)
        self.together = b.fcmp_ordered("<", self.place, _NOTHING)

    def reckon(self) -> None:
        """Reckon what is left, and what can be taken in the month."""
        b = self.b
        self.left = _most(b, b.fsub(self.size, self.done), _NOTHING)
        self.ends = b.fcmp_ordered("<=", self.left, self.full)
        self.pace = b.select(self.ends, self.left, self.full)

    def listed(self, reach: ir.Value) -> ir.Value:
        """Return the share of the row that stands on the list."""
        b = self.b
        alone = b.select(b.fcmp_ordered("<", self.place, reach), _ONE, _NOTHING)
        return b.select(self.together, reach, alone)

    def beyond(self, bounds: Sequence[ir.Value]) -> list[ir.Value]:
        """Return whether it ends in the month, or is as far as each bound, the latest first."""
        b = self.b
        far = [b.fcmp_ordered(">=", self.done, b.fmul(bound, self.size)) for bound in reversed(bounds)]
        return [self.ends, *(b.or_(self.ends, mask) for mask in far)]


def _sums(b: ir.IRBuilder, number: int) -> list[ir.Value]:
    return [b.alloca(DOUBLES) for _ in range(number)]


def _clear(b: ir.IRBuilder, sums: Sequence[ir.Value]) -> None:
    for sum_of in sums:
        b.store(_NOTHING, sum_of)


def _add(b: ir.IRBuilder, sum_of: ir.Value, what: ir.Value) -> None:
    b.store(b.fadd(b.load(sum_of), what), sum_of)


def _wanted(module: ir.Module) -> None:
    """``wanted(table)``: what each queue can take, and what of it stands on the list."""
    made, b = function(module, "wanted", 1)
    at = dict(zip(_WANTED_TABLE, given(b, made.args[0], len(_WANTED_TABLE)), strict=True))
    sums = _sums(b, 2)
    with loop(b, whole(0), at["bytes"], WIDTH) as offset, loop(b, whole(0), at["queues"]) as q:
        _clear(b, sums)
        reach = load(b, b.add(entry(b, at["reach"], q), offset), ahead=False)
        with loop(b, entry(b, at["ends"], q), entry(b, at["ends"], b.add(q, whole(1)))) as i:
            row = _Row(b, at, i, offset)
            row.reckon()
            _add(b, sums[0], row.pace)
            _add(b, sums[1], b.fmul(row.listed(reach), row.pace))
        for name, sum_of in zip(_WANTED, sums, strict=True):
            store(b, b.load(sum_of), b.add(entry(b, at[name], q), offset))
    b.ret(whole(0))


def _shares(
    b: ir.IRBuilder, wanted: Sequence[ir.Value], grant: ir.Value, concentration: ir.Value
) -> list[ir.Value]:
    """Return the share of what it wants that each class gets: see :func:`planmodel.engine.serving.shares`."""
    ending = b.load(wanted[0])
    left = _most(b, b.fsub(grant, ending), _NOTHING)
    rest = b.fsub(b.load(wanted[-1]), ending)
    even = _least(b, b.fdiv(left, _most(b, rest, _TINY)), _ONE)
    shares = [_least(b, b.fdiv(grant, _most(b, ending, _TINY)), _ONE)]
    for before, upto in zip(wanted[:-1], wanted[1:], strict=True):
        own = b.fsub(b.load(upto), b.load(before))
        first = _least(b, b.fdiv(left, _most(b, own, _TINY)), _ONE)
        left = _most(b, b.fsub(left, own), _NOTHING)
        shares.append(b.fadd(even, b.fmul(concentration, b.fsub(first, even))))
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
    classes = 4
    sums = {name: b.alloca(DOUBLES) for name in _OUTCOME}
    claims = [_sums(b, classes), _sums(b, classes)]
    with loop(b, whole(0), at["bytes"], WIDTH) as offset, loop(b, whole(0), at["queues"]) as q:

        def of_queue(name: str, q: ir.Value = q, offset: ir.Value = offset) -> ir.Value:
            return load(b, b.add(entry(b, at[name], q), offset), ahead=False)

        manner = {
            n: load(b, b.add(entry(b, at["manner"], i), offset), ahead=False) for i, n in enumerate(_MANNER)
        }
        bounds = [manner["walls"], manner["equipment"]]
        _clear(b, [*sums.values(), *claims[0], *claims[1]])
        grant, reach, further = (of_queue(n) for n in ("granted", "reach", "reach_next"))
        first, last = entry(b, at["ends"], q), entry(b, at["ends"], b.add(q, whole(1)))
        with loop(b, first, last) as i:
            row = _Row(b, at, i, offset)
            row.reckon()
            high = b.fmul(row.listed(reach), row.pace)
            low = b.fsub(row.pace, high)
            beyond = [*row.beyond(bounds), None]
            for (what, wanted), (k, mask) in product(
                zip((high, low), claims, strict=True), enumerate(beyond)
            ):
                _add(b, wanted[k], what if mask is None else b.select(mask, what, _NOTHING))
        on_list = b.load(claims[0][-1])
        grants = [_least(b, grant, on_list), _most(b, b.fsub(grant, on_list), _NOTHING)]
        shares = [
            _shares(b, c, g, manner["concentration"]) for c, g in zip(claims, grants, strict=True)
        ]
        with loop(b, first, last) as i:
            row = _Row(b, at, i, offset, ahead=False)
            row.reckon()
            on, beyond = row.listed(reach), row.beyond(bounds)
            high = b.fmul(on, row.pace)
            ratios = [_chosen(b, beyond, s) for s in shares]
            work = b.fadd(b.fmul(high, ratios[0]), b.fmul(b.fsub(row.pace, high), ratios[1]))
            now = b.fadd(row.done, work)
            stands = [b.fcmp_ordered("<", ratio, manner["frozen_below"]) for ratio in ratios]
            frozen = b.fadd(
                b.select(stands[0], on, _NOTHING), b.select(stands[1], b.fsub(_ONE, on), _NOTHING)
            )
            there = b.fcmp_ordered(">", row.size, _NOTHING)
            number = b.select(
                row.together, b.fdiv(row.size, manner["site_size"]), b.select(there, _ONE, _NOTHING)
            )
            ended = b.fcmp_ordered("<", b.fsub(row.size, now), b.fmul(constant(finished), row.size))
            ends_now = any_of(b, ended)
            for name, what in {
                "work": work,
                "completed": b.select(ended, now, _NOTHING),
                "idle": b.fmul(row.done, frozen),
                "held": row.done,
                "under_way": number,
                "frozen": b.fmul(number, frozen),
                "finished": b.select(ended, number, _NOTHING),
            }.items():
                _add(b, sums[name], what)
            # Most rows stand as they were, and what is not written need not go back to memory.
            with b.if_then(b.or_(ends_now, any_of(b, b.fcmp_unordered("!=", now, row.done)))):
                store(b, b.select(ended, _NOTHING, now), row.addresses[1])
            with b.if_then(ends_now, likely=False):
                store(b, b.select(ended, _NOTHING, row.size), row.addresses[0])
            where = entry(b, at["where"], i)
            with b.if_then(b.icmp_unsigned("!=", where, whole(0)), likely=False):
                part = _most(b, b.fdiv(row.left, _most(b, row.full, _TINY)), _TINY)
                still = b.and_(there, b.fcmp_ordered(">", frozen, constant(0.5)))
                told = b.select(ended, part, b.select(still, constant(-1.0), _NOTHING))
                store(b, told, b.add(where, offset))
            row.size, row.done = (b.select(ended, _NOTHING, what) for what in (row.size, now))
            row.reckon()
            _add(b, sums["wanted"], row.pace)
            _add(b, sums["listed"], b.fmul(row.listed(further), row.pace))
            ends_here = b.select(ends_now, whole(ENDED), whole(0))
            stays = any_of(b, b.fcmp_unordered("!=", row.size, _NOTHING))
            left = b.select(stays, whole(LEFT), whole(0))
            put(b, b.or_(entry(b, at["marks"], i), b.or_(ends_here, left)), at["marks"], i)
        for name, sum_of in sums.items():
            store(b, b.load(sum_of), b.add(entry(b, at[name], q), offset))
    b.ret(whole(0))


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
        names = ("granted", "reach", "reach_next", *_OUTCOME)
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

    def wanted(self, reach: Array) -> Wanted:
        """Return what each queue can take, and what of it stands on the list."""
        self._put(reach=reach)
        self._call(self._wanted, _WANTED_TABLE)
        return Wanted(*(self._rows[n].copy() for n in _WANTED))

    def serve(self, granted: Array, reach: Array, reach_next: Array, manner: Manner) -> Outcome:
        """Give out work: see :meth:`planmodel.engine.serving.Queues.serve`."""
        self._put(granted=granted, reach=reach, reach_next=reach_next)
        for i, value in enumerate(manner):
            put_rows(self._rows["manner"], [i], np.broadcast_to(value, (1, self.members)))
        marks = np.zeros(self._tables.shape[1], dtype=np.int64)
        self._at["marks"] = marks.ctypes.data
        self._call(self._served, _SERVED_TABLE)
        told = dict(zip(self._told, self._masks.copy(), strict=True))
        return Outcome(**{n: self._rows[n].copy() for n in _OUTCOME}, marks=marks, told=told)

    def _put(self, **rows: Array) -> None:
        for name, values in rows.items():
            put_rows(self._rows[name], slice(None), values)

    def _call(self, kernel: Callable[..., int], table: Sequence[str]) -> None:
        found = np.array([self._at[n] for n in table], dtype=np.int64)
        kernel(found.ctypes.data)

