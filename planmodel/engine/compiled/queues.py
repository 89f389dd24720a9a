"""Work that is given out along queues, compiled: who stands first is served first, in each member by itself.

A queue is a number of rows in their order, each with a size, what is done of it, and what it can take in a
month at most. An entity keeps the rows (:mod:`planmodel.engine.memory`) and says what it means.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from llvmlite import ir

from planmodel.engine.compiled import compiler
from planmodel.engine.compiled.kernels import any_of, entry, function, load, loop, put, store, whole
from planmodel.engine.compiled.lanes import DOUBLES, WIDTH, constant
from planmodel.engine.memory import addresses, matrix, padded
from planmodel.engine.memory import put as put_rows
from planmodel.engine.types import Array, Mask

ENDED, LEFT = 1, 2  # of a row: in some member it has ended now; in some it has a size yet


def write(module: ir.Module, finished: float) -> None:
    """Write the kernels into a module; ``finished`` is the share of a size that may lack."""
    _wanted(module)
    _idle(module)
    _served(module, finished)


class _Row:
    """The row at which a loop over a queue stands."""

    def __init__(self, b: ir.IRBuilder, tables: Sequence[ir.Value], at: ir.Value, offset: ir.Value) -> None:
        self.b = b
        self.places = [b.add(entry(b, table, at), offset) for table in tables]
        self.size, self.done, self.full = (load(b, place) for place in self.places)

    def pace(self) -> ir.Value:
        """Return what it can take: what is left of it, and no more than in full."""
        b, left = self.b, self.b.fsub(self.size, self.done)
        left = b.select(b.fcmp_ordered(">", left, constant(0.0)), left, constant(0.0))
        return b.select(b.fcmp_ordered("<", left, self.full), left, self.full)


def _wanted(module: ir.Module) -> None:
    """``wanted(size, done, full, ends, wanted, queues, bytes)``: what each queue can take."""
    made, b = function(module, "wanted", 7)
    size, done, full, ends, wanted, queues, width = made.args
    reached = b.alloca(DOUBLES)
    with loop(b, whole(0), width, WIDTH) as offset, loop(b, whole(0), queues) as q:
        b.store(constant(0.0), reached)
        first, last = entry(b, ends, q), entry(b, ends, b.add(q, whole(1)))
        with loop(b, first, last) as i:
            pace = _Row(b, (size, done, full), i, offset).pace()
            b.store(b.fadd(b.load(reached), pace), reached)
        store(b, b.load(reached), b.add(entry(b, wanted, q), offset))
    b.ret(whole(0))


def _idle(module: ir.Module) -> None:
    """``idle(size, done, full, first, last, granted, share, bytes)``: work done on rows that get nothing."""
    made, b = function(module, "idle", 8)
    size, done, full, first, last, granted, share, width = made.args
    reached, idle, total = (b.alloca(DOUBLES) for _ in range(3))
    with loop(b, whole(0), width, WIDTH) as offset:
        for sum_of in (reached, idle, total):
            b.store(constant(0.0), sum_of)
        given = load(b, b.add(granted, offset))
        with loop(b, first, last) as i:
            row = _Row(b, (size, done, full), i, offset)
            pace = row.pace()
            b.store(b.fadd(b.load(reached), pace), reached)
            before = b.fsub(b.load(reached), pace)
            stands = b.select(b.fcmp_ordered(">=", before, given), row.done, constant(0.0))
            b.store(b.fadd(b.load(idle), stands), idle)
            b.store(b.fadd(b.load(total), row.done), total)
        all_done = b.load(total)
        some = b.select(b.fcmp_ordered(">", all_done, constant(1e-12)), all_done, constant(1e-12))
        store(b, b.fdiv(b.load(idle), some), b.add(share, offset))
    b.ret(whole(0))


def _served(module: ir.Module, finished: float) -> None:
    """``served(size, done, full, ends, granted, work, completed, wanted, marks, told, queues, bytes)``.

    ``work`` and ``completed`` are what is done and what has ended, by queue, ``wanted`` what it can take in
    the month to come. ``marks`` says of each row what has become of it (``ENDED``, ``LEFT``), ``told`` where
    to write who has ended, or zero.
    """
    made, b = function(module, "served", 12)
    size, done, full, ends, granted, work, completed, wanted, marks, told, queues, width = made.args
    reached, before, handed, further = (b.alloca(DOUBLES) for _ in range(4))
    with loop(b, whole(0), width, WIDTH) as offset, loop(b, whole(0), queues) as q:
        for sum_of in (reached, before, handed, further):
            b.store(constant(0.0), sum_of)
        given = load(b, b.add(entry(b, granted, q), offset))
        first, last = entry(b, ends, q), entry(b, ends, b.add(q, whole(1)))
        with loop(b, first, last) as i:
            row = _Row(b, (size, done, full), i, offset)
            up_to = b.fadd(b.load(reached), row.pace())
            b.store(up_to, reached)
            served = b.select(b.fcmp_ordered("<", up_to, given), up_to, given)
            now = b.fadd(row.done, b.fsub(served, b.load(before)))
            b.store(served, before)
            ended = b.fcmp_ordered("<", b.fsub(row.size, now), b.fmul(constant(finished), row.size))
            b.store(b.fadd(b.load(handed), b.select(ended, now, constant(0.0))), handed)
            ends_now = any_of(b, ended)
            # Most rows stand as they were, and what is not written need not go back to memory.
            with b.if_then(b.or_(ends_now, any_of(b, b.fcmp_unordered("!=", now, row.done)))):
                store(b, b.select(ended, constant(0.0), now), row.places[1])
            with b.if_then(ends_now, likely=False):
                store(b, b.select(ended, constant(0.0), row.size), row.places[0])
            row.size, row.done = (b.select(ended, constant(0.0), what) for what in (row.size, now))
            left = row.size
            b.store(b.fadd(b.load(further), row.pace()), further)
            where = entry(b, told, i)
            with b.if_then(b.icmp_unsigned("!=", where, whole(0)), likely=False):
                store(b, b.select(ended, constant(1.0), constant(0.0)), b.add(where, offset))
            ends_here = b.select(ends_now, whole(ENDED), whole(0))
            stays = b.select(any_of(b, b.fcmp_unordered("!=", left, constant(0.0))), whole(LEFT), whole(0))
            put(b, b.or_(entry(b, marks, i), b.or_(ends_here, stays)), marks, i)
        store(b, b.load(before), b.add(entry(b, work, q), offset))
        store(b, b.load(handed), b.add(entry(b, completed, q), offset))
        store(b, b.load(further), b.add(entry(b, wanted, q), offset))
    b.ret(whole(0))


@cache
def _code(finished: float) -> compiler.Compiled:
    return compiler.made(f"queues {finished!r}", lambda module: write(module, finished))


class Queues:
    """Queues of one chunk of members.

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
        arguments = {"wanted": 7, "idle": 8, "served": 12}
        self._wanted, self._idle, self._served = (code.function(n, a) for n, a in arguments.items())
        self.number, self.members, self._width = number, members, padded(members) * 8
        self._rows = {n: matrix(number, members) for n in ("wanted", "granted", "work", "completed")}
        self._lists = {n: addresses(rows) for n, rows in self._rows.items()}
        self._at = {n: rows.ctypes.data for n, rows in self._lists.items()}
        self._one = matrix(2, members)
        self._of_one = addresses(self._one).tolist()
        self._known = False  # what the queues can take
        self.stand(np.zeros((3, 0), dtype=np.int64), np.zeros(number + 1, dtype=np.int64), [])

    def stand(
        self, rows: np.ndarray, ends: np.ndarray, told: Sequence[int], *, only_gone: bool = False
    ) -> None:
        """Say which rows stand in the queues.

        Parameters
        ----------
        rows
            Addresses of size, of what is done and of what a row can take in full, shape ``(3, rows)``.
        ends
            Where each queue begins, and where the last one ends.
        told
            Positions of the rows of which :meth:`serve` is to say in which members they have ended.
        only_gone
            Whether no more has changed than that some have gone of which nothing was left.
        """
        self._known = self._known and only_gone
        self._tables, self._ends, self._told = rows.copy(), ends.copy(), list(told)
        first = self._tables.ctypes.data
        self._places = tuple(first + i * self._tables.strides[0] for i in range(3))
        self._where_ends = self._ends.ctypes.data
        self._masks = matrix(len(told), self.members)
        self._where = np.zeros(rows.shape[1], dtype=np.int64)
        self._where[self._told] = addresses(self._masks)

    def wanted(self) -> Array:
        """Return what each queue can take, shape ``(queues, members)``."""
        if not self._known:
            self._wanted(*self._places, self._where_ends, self._at["wanted"], self.number, self._width)
            self._known = True
        return self._rows["wanted"].copy()

    def idle(self, queue: int, granted: Array) -> Array:
        """Return the share of what is done of a queue that stands on rows which get nothing."""
        put_rows(self._one, [0], granted[np.newaxis])
        first, last = self._ends[queue : queue + 2].tolist()
        self._idle(*self._places, first, last, *self._of_one, self._width)
        return self._one[1].copy()

    def serve(self, granted: Array) -> tuple[Array, Array, np.ndarray, dict[int, Mask]]:
        """Give out work.

        Parameters
        ----------
        granted
            By queue, shape ``(queues, members)``.

        Returns
        -------
        work, completed : array
            What was done, and the size of what has ended, by queue.
        marks : array
            Of each row, bits of ``ENDED`` and ``LEFT``.
        ended : dict of arrays
            Of the rows that are told of and have ended somewhere, by position: in which members.
        """
        put_rows(self._rows["granted"], slice(None), granted)
        marks = np.zeros(self._tables.shape[1], dtype=np.int64)
        kept = (self._at[n] for n in ("granted", "work", "completed", "wanted"))
        tables = (self._where_ends, *kept, marks.ctypes.data, self._where.ctypes.data)
        self._served(*self._places, *tables, self.number, self._width)
        self._known = True
        told = zip(self._told, self._masks, strict=True)
        ended = {at: mask != 0.0 for at, mask in told if marks[at] & ENDED}
        return self._rows["work"].copy(), self._rows["completed"].copy(), marks, ended
