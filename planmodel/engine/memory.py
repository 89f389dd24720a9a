"""Matrices of members in memory: rows begin where a cache line does, and end with copies of the last member.

Compiled code takes eight members at once. What a row has more than members, to make whole eights of them,
reckons as the last member does and is shown to nobody.
"""

from __future__ import annotations

import numpy as np

from planmodel.engine.types import Array

TOGETHER = 8  # members
_LINE = 64  # bytes


def padded(members: int) -> int:
    """Return the length of a row in memory."""
    return -(-members // TOGETHER) * TOGETHER


def matrix(rows: int, members: int) -> Array:
    """Return a matrix of zeros, shape ``(rows, members)``."""
    width = padded(members)
    raw = np.zeros(rows * width + TOGETHER)
    start = -raw.ctypes.data % _LINE // raw.itemsize
    return raw[start : start + rows * width].reshape(rows, width)[:, :members]


def whole(made: Array) -> Array:
    """Return a matrix with all that its rows have in memory."""
    width = made.strides[0] // made.itemsize
    return np.lib.stride_tricks.as_strided(made, (made.shape[0], width), made.strides)


def fill(made: Array) -> None:
    """Have the rest of all rows be as the last member is."""
    members = made.shape[1]
    if padded(members) > members and made.shape[0]:
        whole(made)[:, members:] = made[:, -1:]


def addresses(made: Array) -> np.ndarray:
    """Return where each row of a matrix begins, shape ``(rows,)``, whole numbers."""
    found: np.ndarray = made.ctypes.data + made.strides[0] * np.arange(made.shape[0], dtype=np.int64)
    return found
