"""One random stream per member and purpose.

The streams are counter-based (Philox): the key is made of the seed and the purpose, and member *k* owns a
fixed stretch of counters. A member's uniform draws are therefore the same bit for bit alone, in any chunk and
on any worker, and a new purpose never disturbs an old one. Normal draws go through logarithms: the same bits
on one processor and C library.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from planmodel.kernel.types import Array

_WORDS = 4  # 64-bit words a Philox counter yields


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

    def uniform(self, purpose: str, count: int) -> Array:
        """Return draws from (0, 1), shape ``(count, members)``."""
        blocks = -(-count // _WORDS)
        digest = hashlib.blake2b(f"{self.seed}/{purpose}".encode(), digest_size=16).digest()
        key = np.frombuffer(digest, dtype=np.uint64)
        result = np.empty((count, self.members.size))
        column = 0
        for first, length in _stretches(self.members):
            stream = np.random.Generator(np.random.Philox(key=key, counter=first * blocks))
            drawn = stream.random((length, blocks * _WORDS))[:, :count]
            result[:, column : column + length] = drawn.T
            column += length
        result[:, self.members == 0] = 0.5
        return np.clip(result, 2.0**-54, 1.0 - 2.0**-53)

    def normal(self, purpose: str, count: int) -> Array:
        """Return standard normal draws, shape ``(count, members)``; zero for member 0."""
        drawn: Array = ndtri(self.uniform(purpose, count))
        return drawn


def _stretches(members: np.ndarray) -> list[tuple[int, int]]:
    """Split member numbers into runs of consecutive ones: (first, length)."""
    if members.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(members) != 1) + 1
    return [(int(run[0]), run.size) for run in np.split(members, breaks)]
