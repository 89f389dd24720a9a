"""Who leaves declared limits of plausibility, in the files of an ensemble."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import xarray as xr

from planmodel.engine.limits import MARKS
from planmodel.plausibility import added_up, count_marks
from planmodel.runs.files import ChunkFile


def with_marks(kept: xr.Dataset, dataset: xr.Dataset) -> xr.Dataset:
    """Return what is kept of a chunk with the marks of its members, whatever else is kept of them."""
    if MARKS not in dataset.coords:
        return kept
    return kept.assign_coords({MARKS: dataset.coords[MARKS].variable})


def count_files(files: Iterable[ChunkFile]) -> dict[str, Any] | None:
    """Count the members of chunk files that leave limits: see `planmodel.plausibility.count_marks`."""
    counts = []
    for file in files:
        with xr.open_dataset(file.path, engine="h5netcdf") as dataset:
            counts.append(count_marks(dataset))
    return added_up(counts)
