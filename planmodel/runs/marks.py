"""Who leaves declared limits of plausibility, in what is kept of a chunk."""

from __future__ import annotations

import xarray as xr

from planmodel.engine.limits import MARKS


def with_marks(kept: xr.Dataset, dataset: xr.Dataset) -> xr.Dataset:
    """Return what is kept of a chunk with the marks of its members, whatever else is kept of them."""
    if MARKS not in dataset.coords:
        return kept
    return kept.assign_coords({MARKS: dataset.coords[MARKS].variable})
