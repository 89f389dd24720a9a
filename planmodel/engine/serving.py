"""Work that is given out along queues: who is on the list first, and of these who is furthest.

A row has a size, what is done of it, and what it can take in a month at most (in full). It stands for one
thing, which is on the list or not, or for many together, of which a share is. What is granted to a queue goes
to the list before all others. On the list, and off it, it goes first to what ends in the month; of what is
left a part goes to all in proportion, and the other part (the degree of concentration) to the furthest first.

The rules stand here once: under NumPy (:mod:`planmodel.engine.queues`) they act on all rows of a queue, and
compiled code is made of them (:mod:`planmodel.engine.compiled.serving`), which acts on one row after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Protocol, Self

import numpy as np

from planmodel.engine.types import Array

# Of a row: in some member it has ended now; in some it has a size yet; in some it stands frozen.
ENDED, LEFT, HALTED = 1, 2, 4
TOGETHER = -1.0  # place in the list of a row that stands for many
LEAST = 1e-12  # below which nothing is divided by
Number = Any  # what rules act on: an array, of members or of rows and members, or what code is made of


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
        Of each row, bits of ``ENDED`` and ``LEFT``; of rows that are told of also ``HALTED``.
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
    """What keeps rows and gives out work: :class:`planmodel.engine.queues.Queues`, or compiled code."""

    def put(self, size: Array, done: Array, full: Array) -> list[int]:
        """Keep more rows, each of shape ``(rows, members)``; return their numbers."""

    def read(self, name: str, rows: Sequence[int]) -> Array:
        """Return ``size``, ``done`` or ``full`` of rows by their numbers."""

    def free(self, rows: Sequence[int]) -> None:
        """Forget rows: their numbers may be given to others."""

    def stand(self, rows: Sequence[int], ends: Sequence[int], places: Array, told: Sequence[int]) -> None:
        """Say which rows stand in the queues."""

    def wanted(self, reach: Array, manner: Manner) -> Wanted:
        """Return what each queue can take."""

    def serve(self, granted: Array, reach: Array, reach_next: Array, manner: Manner) -> Outcome:
        """Give out work."""


# ---- rules: on arrays of many rows, or on what code is made of ---------------------------------------------


class Row(NamedTuple):
    """A row, or many, and what they can take: ``many`` tells whether it stands for many together."""

    size: Number
    done: Number
    full: Number
    place: Number
    many: Number
    left: Number
    ends: Number
    pace: Number

    @classmethod
    def of(cls, size: Number, done: Number, full: Number, place: Number, many: Number) -> Self:
        """Reckon what is left, and what can be taken in the month."""
        left = np.maximum(size - done, 0.0)
        ends = left <= full
        return cls(size, done, full, place, many, left, ends, np.where(ends, left, full))

    def listed(self, reach: Number) -> tuple[Number, Number]:
        """Return the share of the row that stands on the list, and what that can take."""
        share = np.where(self.many, reach, np.where(self.place < reach, 1.0, 0.0))
        return share, np.minimum(share * self.full, self.pace)

    def beyond(self, manner: Manner) -> list[Number]:
        """Return whether it ends in the month, or is as far as each stage, the latest first."""
        far = [self.done >= bound * self.size for bound in (manner.third, manner.second)]
        return [self.ends, *(self.ends | mask for mask in far)]


class Served(NamedTuple):
    """What comes of a row in a month.

    Attributes
    ----------
    work, now
        What is done, and what is done of it then.
    number
        How many things it stands for.
    halted
        Share of it that stands frozen.
    ended
        Whether it ends.
    """

    work: Number
    now: Number
    number: Number
    halted: Number
    ended: Number


def shares(wanted: Sequence[Number], grant: Number, degree: Number) -> list[Number]:
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


def given(
    high: Sequence[Number], low: Sequence[Number], granted: Number, degree: Number
) -> tuple[list[Number], list[Number]]:
    """Return the shares of the classes on the list, and off it: who is on the list comes first."""
    on_list = high[-1]
    rest = np.maximum(granted - on_list, 0.0)
    return shares(high, np.minimum(granted, on_list), degree), shares(low, rest, degree)


def served(
    row: Row, reach: Number, manner: Manner, high: Sequence[Number], low: Sequence[Number], finished: float
) -> Served:
    """Return what comes of a row.

    Parameters
    ----------
    high, low
        Shares of the classes, on the list and off it.
    finished
        Share of its size that it may lack and be called finished.
    """
    (on, first), beyond = row.listed(reach), row.beyond(manner)
    on_list, off_list = _of_class(beyond, high), _of_class(beyond, low)
    work = first * on_list + (row.pace - first) * off_list
    now = row.done + work
    frozen = np.where(on_list < manner.idle_below, on, 0.0)
    frozen = np.where(off_list < manner.idle_below, frozen + (1.0 - on), frozen)
    there = row.size > 0.0
    number = np.where(row.many, row.size * manner.number_in_one, np.where(there, 1.0, 0.0))
    ended = row.size - now < finished * row.size
    return Served(work, now, number, frozen, ended)


def still(row: Row, what: Served) -> Number:
    """Return whether a row that stands for one thing is frozen."""
    return (row.size > 0.0) & (what.halted > 0.5)


def told(row: Row, what: Served) -> Number:
    """Return what is told of a row: see :class:`Outcome`."""
    part = np.maximum(row.left / np.maximum(row.full, LEAST), LEAST)
    return np.where(what.ended, part, np.where(still(row, what), -1.0, 0.0))


def _of_class(beyond: Sequence[Number], of: Sequence[Number]) -> Number:
    """Return the share of the class to which a row belongs."""
    found = of[-1]
    for mask, share in zip(reversed(beyond), reversed(of[:-1]), strict=True):
        found = np.where(mask, share, found)
    return found
