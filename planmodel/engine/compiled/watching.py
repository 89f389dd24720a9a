"""What is looked at when a month ends, under compiled code: limits of plausibility, and sums that are asked.

See :mod:`planmodel.engine.limits` and :mod:`planmodel.engine.sums`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import accumulate

import numpy as np
from llvmlite import ir

from planmodel.engine.board import Board
from planmodel.engine.compiled import compiler
from planmodel.engine.compiled.kernels import any_of, entry, function, load, loop, store, whole
from planmodel.engine.compiled.lanes import DOUBLES, WIDTH, constant
from planmodel.engine.ledger import Ledger
from planmodel.engine.limits import LEAST, Limit, Watch
from planmodel.engine.memory import TOGETHER, addresses, matrix, padded
from planmodel.engine.sums import Needed, Parts, Sums
from planmodel.engine.types import Array
from planmodel.engine.wholes import Wholes

_BOUNDS = 3  # numbers of a limit: by what a year's sum is divided, lowest and highest value


def write(module: ir.Module, least: float) -> None:
    """Write the kernels into a module."""
    _judge(module, least)
    _add(module)


def _adding(b: ir.IRBuilder, parts: ir.Value) -> Callable[[ir.Value, ir.Value, ir.Value], ir.Value]:
    """Return what adds the rows of a stretch of a table, one after the other."""
    sum_of = b.alloca(DOUBLES)

    def added(first: ir.Value, end: ir.Value, offset: ir.Value) -> ir.Value:
        b.store(load(b, b.add(entry(b, parts, first), offset)), sum_of)
        with loop(b, b.add(first, whole(1)), end) as i:
            b.store(b.fadd(b.load(sum_of), load(b, b.add(entry(b, parts, i), offset))), sum_of)
        return b.load(sum_of)

    return added


def _add(module: ir.Module) -> None:
    """``add(parts, ends, sums, number, bytes)``: addresses of rows, where those of a sum end, and of sums."""
    made, b = function(module, "add", 5)
    parts, ends, sums, number, size = made.args
    added = _adding(b, parts)
    with loop(b, whole(0), size, WIDTH) as offset, loop(b, whole(0), number) as at:
        first, end = (entry(b, ends, b.add(at, whole(i))) for i in range(2))
        store(b, added(first, end, offset), b.add(entry(b, sums, at), offset))
    b.ret(whole(0))


def _judge(module: ir.Module, least: float) -> None:
    """``judge(parts, ends, sums, bounds, left, limits, whole_year, bytes)``: the limits of a month.

    ``parts`` holds addresses, ``ends`` where the parts of a limit end, and where what they are divided by
    does; ``sums`` the addresses of the two sums of a year, zero where there are none; ``bounds`` addresses of
    numbers that are the same for eight members; ``left`` those of the rows in which a member is marked.
    """
    made, b = function(module, "judge", 8)
    parts, ends, sums, bounds, left, limits, whole_year, size = made.args
    added = _adding(b, parts)
    values = [b.alloca(DOUBLES) for _ in range(2)]

    with loop(b, whole(0), size, WIDTH) as offset, loop(b, whole(0), limits) as limit:
        at = b.mul(limit, whole(2))
        first, middle, end = (entry(b, ends, b.add(at, whole(i))) for i in range(3))
        b.store(added(first, middle, offset), values[0])
        b.store(constant(1.0), values[1])
        with b.if_then(b.icmp_unsigned("<", middle, end)):
            b.store(added(middle, end, offset), values[1])
        kept = [entry(b, sums, b.add(at, whole(i))) for i in range(2)]
        yearly = b.icmp_unsigned("!=", kept[0], whole(0))
        with b.if_then(yearly):
            for start, value in zip(kept, values, strict=True):
                place = b.add(start, offset)
                store(b, b.fadd(load(b, place), b.load(value)), place)
                b.store(load(b, place, ahead=0), value)
        months, low, high = (
            load(b, entry(b, bounds, b.add(b.mul(limit, whole(_BOUNDS)), whole(i))), ahead=0)
            for i in range(_BOUNDS)
        )
        judged = b.or_(b.not_(yearly), b.icmp_unsigned("!=", whole_year, whole(0)))
        with b.if_then(judged):
            with b.if_then(yearly):
                b.store(b.fdiv(b.load(values[0]), months), values[0])
                b.store(b.fdiv(b.load(values[1]), constant(12.0)), values[1])
            below = b.load(values[1])
            over = b.select(b.fcmp_unordered(">", below, constant(least)), below, constant(least))
            value = b.fdiv(b.load(values[0]), over)
            outside = b.or_(b.fcmp_ordered("<", value, low), b.fcmp_ordered(">", value, high))
            with b.if_then(any_of(b, outside), likely=False):
                place = b.add(entry(b, left, limit), offset)
                store(b, b.select(outside, constant(1.0), load(b, place, ahead=0)), place)
    b.ret(whole(0))


@cache
def _functions() -> tuple[Callable[..., int], ...]:
    code = compiler.made(f"watching {LEAST!r}", lambda module: write(module, LEAST))
    return code.function("judge", 8), code.function("add", 5)


class CompiledWatch(Watch):
    """Judges limits at the close of each month."""

    def __init__(self, ledger: Ledger, board: Board, wholes: Wholes, limits: Sequence[Limit]) -> None:
        super().__init__(ledger, board, wholes, limits)
        self._width = padded(ledger.members) * 8
        rows = [row for both in self._rows for some in both for row in some]
        ends = np.cumsum([0, *(len(some) for both in self._rows for some in both)])
        none = np.zeros(2, dtype=np.int64)
        sums = [addresses(self._sums[x.name]) if x.name in self._sums else none for x in limits]
        numbers = [number for x in limits for number in (x.months, *x.bounds)]
        self._bounds = matrix(len(numbers), TOGETHER)
        self._bounds[:] = np.array(numbers)[:, np.newaxis]
        self._tables = [
            np.array([row.ctypes.data for row in rows], dtype=np.int64),
            ends.astype(np.int64),
            np.array(sums, dtype=np.int64),
            addresses(self._bounds),
            addresses(self._left),
        ]
        self._arguments = [table.ctypes.data for table in self._tables]

    def _judge(self, whole_year: bool) -> None:
        _functions()[0](*self._arguments, len(self.limits), int(whole_year), self._width)


def adding(sums: Sequence[Array], rows: Sequence[Sequence[Array]]) -> Callable[[], None]:
    """Return what adds up rows of the books that are written in place, and puts each sum into its row."""
    parts = np.array([row.ctypes.data for some in rows for row in some], dtype=np.int64)
    ends = np.array(list(accumulate(map(len, rows), initial=0)), dtype=np.int64)
    tables = parts, ends, np.array([row.ctypes.data for row in sums], dtype=np.int64)
    add, size = _functions()[1], padded(len(sums[0])) * 8

    def added() -> None:
        add(*(table.ctypes.data for table in tables), len(rows), size)

    return added


class CompiledSums(Sums):
    """Adds up rows of the books when a month ends."""

    def __init__(self, ledger: Ledger, board: Board, wholes: Wholes, needed: Needed) -> None:
        super().__init__(ledger, board, wholes, needed)
        self._width = padded(ledger.members) * 8
        where = {parts: [row.ctypes.data for row in rows] for parts, rows in self._rows.items()}
        kept = addresses(self._kept)
        self._tables = {month: self._table(some, where, kept) for month, some in self._in_month.items()}

    def _table(
        self, some: list[tuple[Parts, int]], where: Mapping[Parts, list[int]], kept: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        """Return the rows of a month's sums, where those of each end, and where the sums go."""
        rows = [place for parts, _ in some for place in where[parts]]
        ends = accumulate((len(parts) for parts, _ in some), initial=0)
        return np.array(rows), np.array(list(ends)), kept[[at for _, at in some]]

    def record(self, month: int) -> None:
        """Add up what is needed of a month, before its flows are set to zero."""
        tables = self._tables.get(month)
        if tables is not None:
            _functions()[1](*(table.ctypes.data for table in tables), len(tables[2]), self._width)
