"""Types shared by the kernel, and the one sum that is safe to the bit."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def total(rows: Iterable[Array]) -> Array:
    """Add rows one after the other.

    ``np.sum`` over the leading axis adds in an order that depends on the number of members (pairwise when
    there is one), so that a member alone and the same member in a chunk would differ in the last bit.
    """
    result: Array | None = None
    for row in rows:
        result = row.copy() if result is None else np.add(result, row, out=result)
    if result is None:
        raise ValueError("nothing to add")
    return result
