"""Chance: what a member draws for a purpose, in a year, in a month, or once for all time.

A draw is a function of seed, purpose, member and the year or month it is for, and of nothing else: not of the
first or the last day of the run, of the other members, of what was drawn before, or of how often one asks.
Streams are counter-based (Philox): the key is made of the seed, the purpose and a block of dates (sixteen
years, or the months of a year), and member *k* owns the *k*-th stretch of counters of each.
Normal draws go through our own arithmetic: they have the same bits on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np

from planmodel.engine.arithmetic import exp, ndtri
from planmodel.engine.types import Array

When = int | date | None
_STEPS = 1023  # quantiles of the table of normal draws: an odd number, so that the median is one of them
_QUANTILES: Array = ndtri((np.arange(_STEPS) + 0.5) / _STEPS)
_LENGTH = 16  # draws of a block, in whole counters of four: sixteen years, or the twelve months of a year


class Draws:
    """Random numbers of the given members.

    Parameters
    ----------
    seed
        Seed of the ensemble, not negative.
    members
        Numbers of the members in this chunk. Member 0 is the central history: its normal draws are zero
        and its uniform draws one half.
    """

    def __init__(self, seed: int, members: Sequence[int]) -> None:
        self.seed = seed
        self.members = np.asarray(members, dtype=np.int64)
        # In a fit all members have one number: what it draws is drawn once.
        self._numbers, self._which = np.unique(self.members, return_inverse=True)
        self._in_order = np.array_equal(self._numbers, self.members)
        self._stretches = _stretches(self._numbers)
        self._blocks: dict[str, tuple[str, Array]] = {}  # by purpose, the block that was used last

    def uniform(self, purpose: str, when: When) -> Array:
        """Return draws from (0, 1), shape ``(members,)``, read-only.

        Parameters
        ----------
        purpose
            What they are for; each purpose has draws of its own.
        when
            The calendar year (a number), the month (any day of it), or None for what a member has once and
            for all time.
        """
        if when is None:
            block, row = "once", 0
        elif isinstance(when, date):
            block, row = f"months of {when.year}", when.month - 1
        else:
            first, row = divmod(when, _LENGTH)
            block = f"years from {first * _LENGTH}"
        held, drawn = self._blocks.get(purpose, ("", None))
        if drawn is None or held != block:
            drawn = self._draw(f"{self.seed}/{purpose}/{block}")
            self._blocks[purpose] = (block, drawn)
        return drawn[row]

    def normal(self, purpose: str, when: When) -> Array:
        """Return standard normal draws, shape ``(members,)``; zero for member 0. See :meth:`uniform`."""
        drawn: Array = ndtri(self.uniform(purpose, when))
        return drawn

    def factor(self, purpose: str, when: When, spread: float | Array) -> Array:
        """Return lognormal factors of median one, shape ``(members,)``; one for member 0.

        Their logarithms are from a table of quantiles: hundreds of things that each draw some would cost as
        much as all else if each were reckoned.

        Parameters
        ----------
        purpose, when
            As of :meth:`uniform`; ``when`` may be the number of a thing.
        spread
            Standard deviation of the logarithm.
        """
        step = (self.uniform(purpose, when) * _STEPS).astype(np.int64)
        same = np.ravel(spread)
        if same.size and (same == same[0]).all():  # the same in all members: the table is enough
            return _factors(float(same[0]))[step]
        made: Array = exp(same * _QUANTILES[step])
        return made

    def _draw(self, name: str) -> Array:
        """Draw a block, shape ``(_LENGTH, members)``."""
        key = np.frombuffer(hashlib.blake2b(name.encode(), digest_size=16).digest(), dtype=np.uint64)
        result = np.empty((_LENGTH, self._numbers.size))
        column = 0
        for first, length in self._stretches:
            stream = np.random.Generator(np.random.Philox(key=key, counter=first * _LENGTH // 4))
            result[:, column : column + length] = stream.random((length, _LENGTH)).T
            column += length
        result[:, self._numbers == 0] = 0.5
        np.clip(result, 2.0**-54, 1.0 - 2.0**-53, out=result)
        if not self._in_order:
            result = result[:, self._which]
        result.flags.writeable = False  # all who ask for this date are given the same array
        return result


@lru_cache(maxsize=64)
def _factors(spread: float) -> Array:
    """Return the table of lognormal factors."""
    made: Array = exp(spread * _QUANTILES)
    return made


def _stretches(members: np.ndarray) -> list[tuple[int, int]]:
    """Split member numbers into runs of consecutive ones: (first, length)."""
    if members.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(members) != 1) + 1
    return [(int(run[0]), run.size) for run in np.split(members, breaks)]
