"""Queues whose work is given out by compiled code: see :mod:`planmodel.engine.compiled.serving`.

The numbers of a row lie together, and the rows of eight members: so what a queue has of these eight stays in
the cache while all its rows are gone through, however many members there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from planmodel.engine import serving
from planmodel.engine.compiled import compiler
from planmodel.engine.compiled.serving import (
    CLAIMS,
    CLASSES,
    MANNER,
    OUTCOME,
    ROW,
    ROWS,
    SERVED_TABLE,
    WANTED_TABLE,
    write,
)
from planmodel.engine.memory import TOGETHER, addresses, fill, matrix, padded
from planmodel.engine.memory import put as put_rows
from planmodel.engine.queues import Numbers
from planmodel.engine.serving import LEFT, Manner, Outcome, Wanted
from planmodel.engine.types import Array


@cache
def _code(finished: float) -> compiler.Compiled:
    rules = hashlib.sha256(Path(serving.__file__).read_bytes()).hexdigest()
    return compiler.made(f"queues {finished!r} {rules}", lambda module: write(module, finished))


class _Store:
    """What is known of rows: shape ``(blocks of eight members, rows, what is known, members of a block)``."""

    def __init__(self, members: int) -> None:
        self.members, self._blocks = members, padded(members) // TOGETHER
        self._numbers = Numbers()
        self._made(0)

    def _made(self, room: int) -> None:
        self.room = room
        self._known = matrix(self._blocks * room * len(ROWS), TOGETHER)
        self._all = self._known.reshape(self._blocks, room, len(ROWS), TOGETHER)

    @property
    def address(self) -> int:
        """Where it begins."""
        return int(self._known.ctypes.data)

    def put(self, values: Sequence[Array]) -> list[int]:
        """Keep more rows; return their numbers."""
        rows = self._numbers.taken(len(values[0]))
        if self._numbers.room > self.room:
            before = self._all
            self._made(self._numbers.room)
            self._all[:, : before.shape[1]] = before
        beyond = self._blocks * TOGETHER - self.members
        for known, given in enumerate(values):
            if beyond:
                given = np.concatenate([given, np.repeat(given[:, -1:], beyond, axis=1)], axis=1)
            for row, numbers in zip(rows, given.reshape(len(rows), self._blocks, TOGETHER), strict=True):
                self._all[:, row, known] = numbers
        return rows

    def read(self, known: int, rows: Sequence[int]) -> Array:
        """Return what is known of rows, shape ``(rows, members)``."""
        some = self._all[:, list(rows), known].swapaxes(0, 1)
        return some.reshape(len(rows), self._blocks * TOGETHER)[:, : self.members]

    def free(self, rows: Sequence[int]) -> None:
        """Forget rows."""
        self._numbers.free(rows)


class Queues:
    """Queues of one chunk of members: as :class:`planmodel.engine.queues.Queues`, to the bit.

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
        self._store = _Store(members)
        self._masks = matrix(0, members)  # what is told of rows
        names = ("granted", "reach", "reach_next", *CLAIMS, *OUTCOME)
        self._rows = {n: matrix(number, members) for n in names} | {"manner": matrix(len(MANNER), members)}
        self._lists = {n: addresses(rows) for n, rows in self._rows.items()}
        self._at = {n: rows.ctypes.data for n, rows in self._lists.items()}
        self._at |= {"queues": number, "bytes": padded(members) * 8}
        # Of each queue the rows whose claims are added up, and for which reach and manner they are.
        self._added: list[list[int]] = [[] for _ in range(number)]
        self._for: tuple[Array, Array] | None = None

    # ---- rows ----------------------------------------------------------------------------------------------

    def put(self, size: Array, done: Array, full: Array) -> list[int]:
        """Keep more rows, each of shape ``(rows, members)``; return their numbers."""
        rows = self._store.put((size, done, full))
        self._at |= {"store": self._store.address, "room": self._store.room * len(ROWS)}
        return rows

    def read(self, name: str, rows: Sequence[int]) -> Array:
        """Return ``size``, ``done`` or ``full`` of rows by their numbers."""
        return self._store.read(ROWS.index(name), rows)

    def free(self, rows: Sequence[int]) -> None:
        """Forget rows: their numbers may be given to others."""
        self._store.free(rows)
        if any(row in some for row in rows for some in self._added):
            self._for = None  # what they claimed is in the sums yet

    def stand(self, rows: Sequence[int], ends: Sequence[int], places: Array, told: Sequence[int]) -> None:
        """Say which rows stand in the queues: see :meth:`planmodel.engine.queues.Queues.stand`."""
        self._numbers = list(rows)
        self._standing = [self._numbers[first:end] for first, end in pairwise(ends)]
        self._told = told
        if len(told) > len(self._masks):
            self._masks = matrix(2 * len(told), self.members)
        where = np.zeros(len(rows), dtype=np.int64)
        where[list(told)] = addresses(self._masks[: len(told)])
        self._tables = {
            "rows": np.array(rows, dtype=np.int64) * ROW,
            "ends": np.array(ends, dtype=np.int64),
            "places": np.array(places, dtype=float),
            "where": where,
        }
        self._at |= {name: table.ctypes.data for name, table in self._tables.items()}

    # ---- giving out ----------------------------------------------------------------------------------------

    def wanted(self, reach: Array, manner: Manner) -> Wanted:
        """Return what each queue can take, and what of it stands on the list."""
        self._put(manner, reach=reach)
        asked = self._rows["reach"].copy(), self._rows["manner"].copy()
        same = self._for is not None and all(map(np.array_equal, asked, self._for))
        begin = self._tables["ends"][:-1].copy()
        for queue, (before, now) in enumerate(zip(self._added, self._standing, strict=True)):
            # Sites begin behind the others, whose claims were added up as they were served.
            if same and before == now[: len(before)]:
                begin[queue] += len(before)
            else:
                for name in CLAIMS:
                    put_rows(self._rows[name], [queue], np.zeros((1, self.members)))
        self._at["from"] = begin.ctypes.data
        self._call(self._wanted, WANTED_TABLE)
        self._added, self._for = self._standing, asked
        return self._claimed()

    def _claimed(self) -> Wanted:
        high, low = (self._rows[f"{who}_{CLASSES - 1}"] for who in ("high", "low"))
        return Wanted(high + low, high)

    def serve(self, granted: Array, reach: Array, reach_next: Array, manner: Manner) -> Outcome:
        """Give out work: see :meth:`planmodel.engine.queues.Queues.serve`.

        What the queues can take must be known: from :meth:`wanted`, or from the month before. What is
        returned holds until work is given out again.
        """
        self._put(manner, granted=granted, reach=reach, reach_next=reach_next)
        marks = np.zeros(len(self._tables["rows"]), dtype=np.int64)
        told = self._masks[: len(self._told)]
        told[:] = 0.0  # of rows of which nothing is left nothing is told
        self._at["marks"] = marks.ctypes.data
        self._call(self._served, SERVED_TABLE)
        self._added = self._standing
        if not (marks & LEFT).all():  # what has gone claims nothing
            gone = {row for row, mark in zip(self._numbers, marks.tolist(), strict=True) if not mark & LEFT}
            self._added = [[row for row in some if row not in gone] for some in self._standing]
        self._for = self._rows["reach_next"].copy(), self._rows["manner"].copy()
        found = {n: self._rows[n] for n in OUTCOME}
        news = dict(zip(self._told, told, strict=True))
        return Outcome(**found, **self._claimed()._asdict(), marks=marks, told=news)

    def _put(self, manner: Manner, **rows: Array) -> None:
        for name, values in rows.items():
            put_rows(self._rows[name], slice(None), values)
        for row, value in zip(self._rows["manner"], manner, strict=True):
            row[:] = np.ravel(value)  # one number, or one a member
        fill(self._rows["manner"])

    def _call(self, kernel: Callable[..., int], table: Sequence[str]) -> None:
        found = np.array([self._at[n] for n in table], dtype=np.int64)
        kernel(found.ctypes.data)
