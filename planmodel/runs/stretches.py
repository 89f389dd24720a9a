"""Columns of members that are made by stretches, so that a design of ten million need not be in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

_VALUES = 2**17  # of all columns of a stretch together: 1 MB, and some ten as words
_WHOLE = 2**25  # bytes of the columns that may be whole at a time

Make = Callable[[int, int, Sequence[str]], Mapping[str, np.ndarray]]


def stretches(size: int, width: int = 1) -> Iterator[tuple[int, int]]:
    """Yield first and (not including) last of the stretches of a table of so many rows and columns."""
    step = max(1, _VALUES // max(width, 1))
    for first in range(0, size, step):
        yield first, min(first + step, size)


class Count:
    """The numbers 0, 1, 2, ... up to a size: sliced and indexed as an array, without its memory."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __len__(self) -> int:
        """Return how many there are."""
        return self.size

    def __getitem__(self, at: Any) -> Any:
        """Return a number, or an array of those of a slice or of positions."""
        if isinstance(at, slice):
            return np.arange(*at.indices(self.size))
        places = np.asarray(at)
        if places.size and (places.min() < 0 or places.max() >= self.size):
            raise IndexError(f"{at} is not within 0 to {self.size - 1}")
        return places.astype(np.int64) if places.ndim else int(places)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Return all as an array."""
        return np.arange(self.size, dtype=dtype)

    def tolist(self) -> list[int]:
        """Return all as a list."""
        return list(range(self.size))


class Stretched(Mapping[str, np.ndarray]):
    """Columns by name of which any stretch of rows can be made alone.

    As a mapping it gives whole columns, each made when it is asked for.

    Parameters
    ----------
    size
        Number of rows.
    names
        Of the columns, each with the name under which ``make`` knows it.
    make
        Returns some columns, by those names, of the rows from first to (not including) last.
    """

    def __init__(self, size: int, names: Mapping[str, str], make: Make) -> None:
        self.size, self.names, self.make = size, dict(names), make

    def rows(self, first: int, last: int, names: Sequence[str] | None = None) -> dict[str, np.ndarray]:
        """Return all columns, or some, of the rows from first to (not including) last."""
        wanted = list(self.names if names is None else names)
        made = self.make(first, last, [self.names[name] for name in wanted])
        return {name: made[self.names[name]] for name in wanted}

    def stretches(self) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
        """Yield all columns by stretches, each with its first row."""
        for first, last in stretches(self.size, len(self.names)):
            yield first, self.rows(first, last)

    def one_by_one(self, names: Sequence[str]) -> Iterator[tuple[str, Iterator[np.ndarray]]]:
        """Yield columns one after the other, each in parts from its first row on.

        To make one column takes as long as to make all, so that as many are made together as may be whole.
        """
        most = _WHOLE // (8 * max(self.size, 1))
        for at in range(0, len(names), max(most, 1)):
            some = names[at : at + max(most, 1)]
            if most:
                yield from ((name, iter([column])) for name, column in self.whole(some).items())
            else:
                yield some[0], self._parts(some[0])

    def whole(self, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Return whole columns."""
        columns: dict[str, np.ndarray] = {}
        for first, last in stretches(self.size, len(self.names)):
            for name, part in self.rows(first, last, names).items():
                column = columns.setdefault(name, np.empty(self.size, dtype=part.dtype))
                column[first:last] = part
        return columns

    def _parts(self, name: str) -> Iterator[np.ndarray]:
        for first, last in stretches(self.size, len(self.names)):
            yield self.rows(first, last, [name])[name]

    def renamed(self, names: Mapping[str, str]) -> Stretched:
        """Return columns under other names, in their order: new name and old one."""
        return Stretched(self.size, {new: self.names[old] for new, old in names.items()}, self.make)

    def __getitem__(self, name: str) -> np.ndarray:
        """Return a whole column."""
        if name not in self.names:
            raise KeyError(name)
        return self.whole([name])[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over names."""
        return iter(self.names)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.names)


def exact(column: np.ndarray) -> bytes | memoryview:
    """Return the bytes of a column, or of a part of one that holds no text."""
    if column.dtype == object:
        return "\0".join(map(str, column)).encode()
    return np.ascontiguousarray(column).view(np.uint8).data


def in_words(column: np.ndarray) -> list[Any]:
    """Return what a CSV file is to hold of a column, as objects that the writer puts into words."""
    days = column.astype("datetime64[D]") if column.dtype.kind == "M" else column
    return list(days.tolist())
