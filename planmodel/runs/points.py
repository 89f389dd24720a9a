"""Points of the unit cube by stretches of members: the same to the bit as all of them drawn at once."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from scipy.stats import qmc

from planmodel.engine import Array


class Points(Protocol):
    """Points of a design, which need not be in memory together."""

    def rows(self, first: int, last: int, columns: Sequence[int]) -> Array:
        """Return some columns of the points of some members, shape ``(last - first, columns)``."""
        ...


def points_of(design: str, members: int, dimensions: int, seed: int) -> Points:
    """Return the points of a design that is drawn.

    Parameters
    ----------
    design
        ``random``, ``lhs`` or ``sobol``.
    members, dimensions
        How many points, and of how many numbers each.
    seed
        Of the ensemble.
    """
    # A stream of its own: the histories of the members use the same seed.
    digest = hashlib.blake2b(f"{seed}/design".encode(), digest_size=16).digest()
    number = int.from_bytes(digest, "little")
    if design == "random":
        return _Random(np.random.PCG64(number), dimensions)
    if design == "lhs":
        return _Hypercube(members, dimensions, number)
    return _Sobol(dimensions, number)


class _Random:
    """Independent points: each number takes one step of the generator, which can be set ahead."""

    def __init__(self, source: np.random.PCG64, dimensions: int) -> None:
        self.state, self.dimensions = source.state, dimensions

    def rows(self, first: int, last: int, columns: Sequence[int]) -> Array:
        source = np.random.PCG64()
        source.state = self.state
        source.advance(first * self.dimensions)
        return np.random.Generator(source).random((last - first, self.dimensions))[:, columns]


class _Hypercube:
    """A Latin hypercube: which slice of a column each member has, 4 bytes each, and where in it.

    It is what ``scipy.stats.qmc.LatinHypercube`` draws, in its order: first the places within the slices of
    all members, then one permutation a column.
    """

    def __init__(self, members: int, dimensions: int, number: int) -> None:
        chance = np.random.default_rng(number).spawn(1)[0]  # as SciPy does with a generator that it is given
        source = chance.bit_generator
        assert isinstance(source, np.random.PCG64)
        self.members, self.dimensions = members, dimensions
        self.within = _Random(source, dimensions)
        self.state = source.state
        self.slices: list[np.ndarray] | None = None

    def rows(self, first: int, last: int, columns: Sequence[int]) -> Array:
        if self.slices is None:
            self.slices = self._shuffled()
        found = self.within.rows(first, last, columns)
        for i, column in enumerate(columns):
            found[:, i] = (self.slices[column][first:last] - found[:, i]) / self.members
        return found

    def _shuffled(self) -> list[np.ndarray]:
        source = np.random.PCG64()
        source.state = self.state
        source.advance(self.members * self.dimensions)
        chance = np.random.Generator(source)
        columns = [np.arange(1, self.members + 1, dtype=np.uint32) for _ in range(self.dimensions)]
        for column in columns:
            chance.shuffle(column)
        return columns


class _Sobol:
    """A scrambled Sobol sequence: it goes on from where it stands, and begins anew to go back."""

    def __init__(self, dimensions: int, number: int) -> None:
        self.engine = qmc.Sobol(dimensions, rng=np.random.default_rng(number))
        self.first = self.engine.random(1)  # one is a power of two: SciPy warns of other numbers

    def rows(self, first: int, last: int, columns: Sequence[int]) -> Array:
        start = max(first, 1)
        if self.engine.num_generated > start:
            self.engine.reset()
        self.engine.fast_forward(start - self.engine.num_generated)
        rest = np.asarray(self.engine.random(last - start))
        return (np.concatenate([self.first, rest]) if first == 0 else rest)[:, columns]


class Steps:
    """Every combination of some numbers of steps, the last of them the fastest."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = list(sizes)

    def rows(self, first: int, last: int) -> np.ndarray:
        """Return the numbers of the steps of some members, shape ``(last - first, keys)``."""
        numbers, found = np.arange(first, last), []
        for i, size in enumerate(self.sizes):
            found.append(numbers // math.prod(self.sizes[i + 1 :]) % size)
        return np.stack(found, axis=1)
