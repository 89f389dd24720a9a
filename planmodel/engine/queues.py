"""Queues under NumPy, the reference: what is known of rows stands in matrices, shape ``(rows, members)``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from planmodel.engine.serving import (
    ENDED,
    HALTED,
    LEFT,
    Manner,
    Outcome,
    Row,
    Wanted,
    given,
    served,
    still,
    told,
)
from planmodel.engine.types import Array, total

_MORE = 128  # rows for which room is made at first; then it is doubled
ROWS = ("size", "done", "full")


class Numbers:
    """Numbers of rows: those of rows that are forgotten are given again."""

    def __init__(self) -> None:
        self.room = 0
        self._free: list[int] = []

    def taken(self, number: int) -> list[int]:
        """Return the numbers of more rows; ``room`` grows where it is too small."""
        if len(self._free) < number:
            more = self.room + max(number, self.room, _MORE)
            self._free += range(self.room, more)
            self.room = more
        return [self._free.pop() for _ in range(number)]

    def free(self, rows: Sequence[int]) -> None:
        """Take numbers back."""
        self._free += rows


class Queues:
    """Queues of one chunk of members, under NumPy.

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
        self.number, self.members, self.finished = number, members, finished
        self._numbers = Numbers()
        self._tables = {name: np.zeros((0, members)) for name in ROWS}

    def put(self, size: Array, done: Array, full: Array) -> list[int]:
        """Keep more rows, each of shape ``(rows, members)``; return their numbers."""
        rows = self._numbers.taken(len(size))
        for name, values in zip(ROWS, (size, done, full), strict=True):
            more = self._numbers.room - len(self._tables[name])
            if more:
                self._tables[name] = np.vstack([self._tables[name], np.zeros((more, self.members))])
            self._tables[name][rows] = values
        return rows

    def read(self, name: str, rows: Sequence[int]) -> Array:
        """Return ``size``, ``done`` or ``full`` of rows by their numbers."""
        found: Array = self._tables[name][list(rows)]
        return found

    def free(self, rows: Sequence[int]) -> None:
        """Forget rows: their numbers may be given to others."""
        self._numbers.free(rows)

    def stand(self, rows: Sequence[int], ends: Sequence[int], places: Array, told: Sequence[int]) -> None:
        """Say which rows stand in the queues.

        Parameters
        ----------
        rows
            Their numbers, queue after queue.
        ends
            Where among them each queue begins, and where the last one ends.
        places
            Of each row, in the list: it is on the list where that is below the reach; ``TOGETHER`` where a
            row is many things of which the reach itself is the share.
        told
            Positions of the rows of which :meth:`serve` is to say what has become of them.
        """
        self._rows, self._told = np.array(rows, dtype=np.int64), told
        self._parts = {q: slice(*part) for q, part in enumerate(pairwise(ends)) if part[0] < part[1]}
        self._places = places[:, np.newaxis]

    def _part(self, part: slice) -> Row:
        size, done, full = (table[self._rows[part]] for table in self._tables.values())
        places = self._places[part]
        return Row.of(size, done, full, places, places < 0.0)

    def wanted(self, reach: Array, manner: Manner) -> Wanted:
        """Return what each queue can take; ``reach`` is that of the list, shape ``(queues, members)``."""
        found = Wanted(*(np.zeros((self.number, self.members)) for _ in Wanted._fields))
        for queue, part in self._parts.items():
            high, low = _claims(self._part(part), reach[queue], manner)
            found.wanted[queue], found.listed[queue] = high[-1] + low[-1], high[-1]
        return found

    def serve(self, granted: Array, reach: Array, reach_next: Array, manner: Manner) -> Outcome:
        """Give out work.

        Parameters
        ----------
        granted
            By queue, shape ``(queues, members)``.
        reach, reach_next
            How far the list reaches, in this month and in the next one, of the same shape.
        manner
            How it is given out.
        """
        made = {n: np.zeros((self.number, self.members)) for n in Outcome._fields[:-2]}
        marks = np.zeros(len(self._rows), dtype=np.int64)
        news: dict[int, Array] = {}
        for queue, part in self._parts.items():
            rows = self._part(part)
            high, low = given(*_claims(rows, reach[queue], manner), granted[queue], manner.degree)
            what = served(rows, reach[queue], manner, high, low, self.finished)
            for name, values in {
                "work": what.work,
                "completed": np.where(what.ended, what.now, 0.0),
                "idle": rows.done * what.halted,
                "under_way": what.number,
                "frozen": what.number * what.halted,
                "finished": np.where(what.ended, what.number, 0.0),
            }.items():
                made[name][queue] = total(values)
            size, done = (np.where(what.ended, 0.0, values) for values in (rows.size, what.now))
            for name, values in (("size", size), ("done", done)):
                self._tables[name][self._rows[part]] = values
            to_come = Row.of(size, done, rows.full, rows.place, rows.many)
            further, other = _claims(to_come, reach_next[queue], manner)
            made["wanted"][queue], made["listed"][queue] = further[-1] + other[-1], further[-1]
            marks[part] = ENDED * what.ended.any(axis=1) + LEFT * (size != 0.0).any(axis=1)
            stands, tells = still(rows, what).any(axis=1), told(rows, what)
            for at in self._told:
                if part.start <= at < part.stop:
                    marks[at] |= HALTED * stands[at - part.start]
                    news[at] = tells[at - part.start]
        return Outcome(**made, marks=marks, told=news)


def _claims(rows: Row, reach: Array, manner: Manner) -> tuple[list[Array], list[Array]]:
    """Return what is wanted on the list and off it, by the classes up to each."""
    _, high = rows.listed(reach)
    beyond = rows.beyond(manner)
    high_by_class, low_by_class = (
        [*(total(np.where(mask, what, 0.0)) for mask in beyond), total(what)]
        for what in (high, rows.pace - high)
    )
    return high_by_class, low_by_class
