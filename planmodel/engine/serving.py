"""Work that is given out along queues: who is on the list first, and of these who is furthest.

A row has a size, what is done of it, and what it can take in a month at most (in full). It stands for one
thing, which is on the list or not, or for many together, of which a share is. What is granted to a queue goes
to the list before all others. On the list, and off it, it goes first to what ends in the month; of what is
left a part goes to all in proportion, and the other part (the degree of concentration) to the furthest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np

from planmodel.engine.types import Array, Mask, total

ENDED, LEFT = 1, 2  # of a row: in some member it has ended now; in some it has a size yet
TOGETHER = -1.0  # place in the list of a row that stands for many
LEAST = 1e-12  # below which nothing is divided by


class Wanted(NamedTuple):
    """What queues can take in a month, shape ``(queues, members)``: all of it, and what is on the list."""

    wanted: Array
    listed: Array


class Manner(NamedTuple):
    """How work is given out, by member or for all.

    Attributes
    ----------
    degree
        Share of what is left over which goes to the furthest first; the rest goes to all in proportion.
    second, third
        Shares of a size from which on a row is in the second and in the third of its stages.
    idle_below
        Share of what it can take below which a row that gets no more is frozen.
    number_in_one
        How many things there are in one unit of the size of a row that stands for many.
    """

    degree: float | Array
    second: float | Array
    third: float | Array
    idle_below: float | Array
    number_in_one: float | Array


class Outcome(NamedTuple):
    """What comes of a month, by queue and member; of rows in ``marks`` and ``told``.

    Attributes
    ----------
    work, completed
        What was done, and the size of what has ended.
    idle
        What had been done on frozen rows.
    under_way, frozen, finished
        How many things there were, how many were frozen, how many have ended.
    wanted, listed
        As in :class:`Wanted`, of the month to come.
    marks
        Of each row, bits of ``ENDED`` and ``LEFT``.
    told
        Of the rows that are told of, by position: the share of the month at which it ended, -1 where it is
        frozen, else 0.
    """

    work: Array
    completed: Array
    idle: Array
    under_way: Array
    frozen: Array
    finished: Array
    wanted: Array
    listed: Array
    marks: np.ndarray
    told: dict[int, Array]


class Queue(Protocol):
    """What gives out work: this module, or compiled code."""

    def stand(
        self, tables: Sequence[Array], rows: np.ndarray, ends: np.ndarray, places: np.ndarray, told: list[int]
    ) -> None:
        """Say which rows stand in the queues."""

    def wanted(self, reach: Array, manner: Manner) -> Wanted:
        """Return what each queue can take."""

    def serve(self, granted: Array, reach: Array, reach_next: Array, manner: Manner) -> Outcome:
        """Give out work."""


class _Rows(NamedTuple):
    """The rows of a queue, and what they can take."""

    size: Array
    done: Array
    full: Array
    places: Array  # shape (rows, 1)
    left: Array
    ends: Mask
    pace: Array

    def listed(self, reach: Array) -> tuple[Array, Array]:
        """Return the share of each row that stands on the list, and what that can take."""
        alone = np.where(self.places < reach, 1.0, 0.0)
        share = np.where(self.places < 0.0, reach, alone)
        return share, np.minimum(share * self.full, self.pace)

    def beyond(self, manner: Manner) -> list[Mask]:
        """Return which end in the month, or are as far as each stage, the latest first."""
        far = [self.done >= bound * self.size for bound in (manner.third, manner.second)]
        return [self.ends, *(self.ends | mask for mask in far)]


def _rows(size: Array, done: Array, full: Array, places: Array) -> _Rows:
    left = np.maximum(size - done, 0.0)
    ends = left <= full
    return _Rows(size, done, full, places, left, ends, np.where(ends, left, full))


def shares(wanted: Sequence[Array], grant: Array, degree: float | Array) -> list[Array]:
    """Return the share of what it wants that each class gets.

    Parameters
    ----------
    wanted
        By the classes up to each: what ends in the month, and those of each stage, the latest first.
    grant
        What there is.
    degree
        See :class:`Manner`.
    """
    ending = wanted[0]
    left = np.maximum(grant - ending, 0.0)
    even = np.minimum(left / np.maximum(wanted[-1] - ending, LEAST), 1.0)
    found = [np.minimum(grant / np.maximum(ending, LEAST), 1.0)]
    for before, upto in pairwise(wanted):
        own = upto - before
        first = np.minimum(left / np.maximum(own, LEAST), 1.0)
        left = np.maximum(left - own, 0.0)
        found.append(even + degree * (first - even))
    return found


def claims(rows: _Rows, reach: Array, manner: Manner) -> tuple[list[Array], list[Array]]:
    """Return what is wanted on the list and off it, by the classes up to each: see :func:`shares`."""
    _, high = rows.listed(reach)
    beyond = rows.beyond(manner)
    high_by_class, low_by_class = (
        [*(total(np.where(mask, what, 0.0)) for mask in beyond), total(what)]
        for what in (high, rows.pace - high)
    )
    return high_by_class, low_by_class


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

    def stand(
        self, tables: Sequence[Array], rows: np.ndarray, ends: np.ndarray, places: np.ndarray, told: list[int]
    ) -> None:
        """Say which rows stand in the queues.

        Parameters
        ----------
        tables
            Size, what is done, and what a row can take in full, shape ``(rows in memory, members)``.
        rows
            Which rows of these stand, queue after queue.
        ends
            Where among them each queue begins, and where the last one ends.
        places
            Of each row, in the list: it is on the list where that is below the reach; ``TOGETHER`` where a
            row is many things of which the reach itself is the share.
        told
            Positions of the rows of which :meth:`serve` is to say what has become of them.
        """
        self._tables, self._rows, self._told = tables, rows, told
        self._parts = {q: slice(*part) for q, part in enumerate(pairwise(ends.tolist())) if part[0] < part[1]}
        self._places = places[:, np.newaxis]

    def _part(self, part: slice) -> _Rows:
        size, done, full = (table[self._rows[part]] for table in self._tables)
        return _rows(size, done, full, self._places[part])

    def wanted(self, reach: Array, manner: Manner) -> Wanted:
        """Return what each queue can take; ``reach`` is that of the list, shape ``(queues, members)``."""
        found = Wanted(*(np.zeros((self.number, self.members)) for _ in Wanted._fields))
        for queue, part in self._parts.items():
            high, low = claims(self._part(part), reach[queue], manner)
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
        told: dict[int, Array] = {}
        for queue, part in self._parts.items():
            rows = self._part(part)
            (on, first), beyond = rows.listed(reach[queue]), rows.beyond(manner)
            wanted = claims(rows, reach[queue], manner)
            on_list = wanted[0][-1]
            grants = [np.minimum(granted[queue], on_list), np.maximum(granted[queue] - on_list, 0.0)]
            given = [shares(c, g, manner.degree) for c, g in zip(wanted, grants, strict=True)]
            high, low = (np.select(beyond, parts[:-1], parts[-1]) for parts in given)
            work = first * high + (rows.pace - first) * low
            now = rows.done + work
            frozen = np.where(high < manner.idle_below, on, 0.0)
            frozen = np.where(low < manner.idle_below, frozen + (1.0 - on), frozen)
            there = rows.size > 0.0
            many = rows.places < 0.0
            number = np.where(many, rows.size * manner.number_in_one, np.where(there, 1.0, 0.0))
            ended = rows.size - now < self.finished * rows.size
            size, done = np.where(ended, 0.0, rows.size), np.where(ended, 0.0, now)
            to_come = _rows(size, done, rows.full, rows.places)
            for name, what in {
                "work": work,
                "completed": np.where(ended, now, 0.0),
                "idle": rows.done * frozen,
                "under_way": number,
                "frozen": number * frozen,
                "finished": np.where(ended, number, 0.0),
            }.items():
                made[name][queue] = total(what)
            further = claims(to_come, reach_next[queue], manner)
            made["wanted"][queue], made["listed"][queue] = further[0][-1] + further[1][-1], further[0][-1]
            for table, values in zip(self._tables[:2], (size, done), strict=True):
                table[self._rows[part]] = values
            marks[part] = ENDED * ended.any(axis=1) + LEFT * (size != 0.0).any(axis=1)
            at = np.maximum(rows.left / np.maximum(rows.full, LEAST), LEAST)
            news = np.where(ended, at, np.where(there & (frozen > 0.5), -1.0, 0.0))
            told |= {row: news[row - part.start] for row in self._told if part.start <= row < part.stop}
        return Outcome(**made, marks=marks, told=told)
