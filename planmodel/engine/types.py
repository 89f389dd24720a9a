"""Types shared by the engine, and the one sum that is safe to the bit."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def total(rows: Iterable[Array]) -> Array:
    """Add rows one after the other.

    ``np.sum`` over the leading axis adds in an order that depends on the layout of the matrix (pairwise where
    there is one member, or where the members come first in memory), so that a member alone and the same
    member in a chunk could differ in the last bit.
    """
    if isinstance(rows, np.ndarray) and rows.flags.c_contiguous and rows.ndim == 2 and rows.shape[1] > 1:
        added: Array = np.add.reduce(rows, axis=0)
        return added
    result: Array | None = None
    for row in rows:
        result = row.copy() if result is None else np.add(result, row, out=result)
    if result is None:
        raise ValueError("nothing to add")
    return result
