"""Limits of plausibility under compiled code: see :mod:`planmodel.engine.limits`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from llvmlite import ir

from planmodel.engine.board import Board
from planmodel.engine.compiled import compiler
from planmodel.engine.compiled.kernels import any_of, entry, function, load, loop, store, whole
from planmodel.engine.compiled.lanes import DOUBLES, WIDTH, constant
from planmodel.engine.ledger import Ledger
from planmodel.engine.limits import LEAST, Limit, Watch
from planmodel.engine.memory import TOGETHER, addresses, matrix, padded

_BOUNDS = 3  # numbers of a limit: by what a year's sum is divided, lowest and highest value


def write(module: ir.Module, least: float) -> None:
    """``judge(parts, ends, sums, bounds, left, limits, whole_year, bytes)``: the limits of a month.

    ``parts`` holds addresses, ``ends`` where the parts of a limit end, and where what they are divided by
    does; ``sums`` the addresses of the two sums of a year, zero where there are none; ``bounds`` addresses of
    numbers that are the same for eight members; ``left`` those of the rows in which a member is marked.
    """
    made, b = function(module, "judge", 8)
    parts, ends, sums, bounds, left, limits, whole_year, size = made.args
    sum_of = b.alloca(DOUBLES)
    values = [b.alloca(DOUBLES) for _ in range(2)]

    def added(first: ir.Value, end: ir.Value, offset: ir.Value) -> ir.Value:
        b.store(load(b, b.add(entry(b, parts, first), offset)), sum_of)
        with loop(b, b.add(first, whole(1)), end) as i:
            b.store(b.fadd(b.load(sum_of), load(b, b.add(entry(b, parts, i), offset))), sum_of)
        return b.load(sum_of)

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
                b.store(load(b, place, ahead=False), value)
        months, low, high = (
            load(b, entry(b, bounds, b.add(b.mul(limit, whole(_BOUNDS)), whole(i))), ahead=False)
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
                store(b, b.select(outside, constant(1.0), load(b, place, ahead=False)), place)
    b.ret(whole(0))


@cache
def _function() -> Callable[..., int]:
    return compiler.made(f"limits {LEAST!r}", lambda module: write(module, LEAST)).function("judge", 8)


class CompiledWatch(Watch):
    """Judges limits at the close of each month."""

    def __init__(self, ledger: Ledger, board: Board, limits: Sequence[Limit]) -> None:
        super().__init__(ledger, board, limits)
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
        _function()(*self._arguments, len(self.limits), int(whole_year), self._width)
