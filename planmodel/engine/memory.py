"""Matrices of members in memory: rows begin where a cache line does, and end with copies of the last member.

Compiled code takes eight members at once. What a row has more than members, to make whole eights of them,
reckons as the last member does and is shown to nobody.

Large matrices of a chunk that nobody looks at any more are given to the next chunk: pages that are new to a
process cost a virtual machine more than all that is reckoned in them.
"""

from __future__ import annotations

import ctypes
import mmap
import weakref
from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from planmodel.engine.types import Array

TOGETHER = 8  # members
_LINE = 64  # bytes
_PAGE = 1 << 21  # bytes of a large one
_LARGE = 1 << 17  # numbers: a megabyte
_MOST = 1 << 26  # numbers that are kept for the next chunk: half a gigabyte


class _Kept:
    """Memory that nobody looks at any more, what was given back last at the end."""

    def __init__(self) -> None:
        self._free: list[np.ndarray] = []

    def lent(self, numbers: int) -> np.ndarray:
        """Return memory of this size, and take it back when the last array that shows it is gone."""
        raw = next((some for some in reversed(self._free) if some.size == numbers), None)
        if raw is None:
            raw = _large_pages(numbers)
        else:  # by what it is: where it stands may change meanwhile, as arrays are collected
            self._free = [some for some in self._free if some is not raw]
        lent = (ctypes.c_double * numbers).from_buffer(raw.data)
        weakref.finalize(lent, self._take_back, raw).atexit = False
        return np.frombuffer(memoryview(lent))

    def _take_back(self, raw: np.ndarray) -> None:
        self._free.append(raw)
        while sum(some.size for some in self._free) > _MOST:
            self._free.pop(0)  # what no chunk has asked for longest


def _large_pages(numbers: int) -> np.ndarray:
    """Return new memory in large pages, where the system has them.

    Compiled code looks at the same members of a thousand rows, each of which lies on a page of its own where
    pages are small: finding them takes longer than what is reckoned.
    """
    if not hasattr(mmap, "MADV_HUGEPAGE"):
        return np.empty(numbers)
    size = -(-numbers * 8 // _PAGE) * _PAGE
    made = mmap.mmap(-1, size + _PAGE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(OSError):  # a system may be built without them
        made.madvise(mmap.MADV_HUGEPAGE)
    start = -np.frombuffer(made, dtype=np.uint8).ctypes.data % _PAGE
    return np.frombuffer(made, dtype=np.float64, count=numbers, offset=start)


_KEPT = _Kept()


def room(numbers: int) -> Array:
    """Return memory for some numbers, in which something may stand."""
    return np.empty(numbers) if numbers < _LARGE else _KEPT.lent(numbers)


def padded(members: int) -> int:
    """Return the length of a row in memory."""
    return -(-members // TOGETHER) * TOGETHER


def matrix(rows: int, members: int) -> Array:
    """Return a matrix of zeros, shape ``(rows, members)``.

    Rows are an odd number of lines apart: the same place of many rows, which compiled code looks at together,
    would else share few places of the processor's caches.
    """
    width = padded(members)
    if rows > 1 and width // TOGETHER % 2 == 0:
        width += TOGETHER
    raw = room(rows * width + TOGETHER)
    raw[:] = 0.0
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


def put(made: Array, rows: Sequence[int] | slice, values: Array) -> None:
    """Put values into some rows, and those of the last member into what the rows have beyond the members."""
    members = made.shape[1]
    made[rows] = values
    if padded(members) > members:
        whole(made)[rows, members:] = values[..., -1:]


def addresses(made: Array) -> np.ndarray:
    """Return where each row of a matrix begins, shape ``(rows,)``, whole numbers."""
    found: np.ndarray = made.ctypes.data + made.strides[0] * np.arange(made.shape[0], dtype=np.int64)
    return found
