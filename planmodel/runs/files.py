"""The files of an ensemble: whole or not there, and the name of a chunk holds the hash of its bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from planmodel import netcdf
from planmodel.storage import short_hash, write_whole

if TYPE_CHECKING:
    import h5py

_STATISTICS = re.compile(r"statistics_([0-9a-f]{16})\.nc")
CHUNK_NAME = re.compile(r"g(\d+)_(\d+)-(\d+)_([0-9a-f]{16})\.nc")


@dataclass(frozen=True)
class ChunkFile:
    """A chunk that is done: which positions of which group."""

    path: Path
    group: int
    first: int
    last: int


def write_chunk(folder: Path, dataset: xr.Dataset, group: int, first: int, last: int) -> Path:
    """Write the file of a chunk and return its path."""
    content = netcdf_bytes(dataset)
    path = folder / "chunks" / f"g{group:04d}_{first:08d}-{last:08d}_{short_hash(content)}.nc"
    write_whole(path, content)
    return path


def netcdf_bytes(dataset: xr.Dataset) -> bytes:
    """Return the bytes of a NetCDF file."""
    import dask  # and HDF5 below: one history is written without them

    # Told to be synchronous, xarray does not ask the scheduler of a cluster for a lock on this memory, which
    # no other worker can see.
    with dask.config.set(scheduler="synchronous"):
        return bytes(netcdf.netcdf_bytes(dataset))


def is_whole(file: ChunkFile) -> bool:
    """Tell whether the bytes of a chunk are those whose hash stands in its name.

    Nothing else reads a chunk before: a damaged file may hold up HDF5 for ever.
    """
    match = CHUNK_NAME.fullmatch(file.path.name)
    return match is not None and short_hash(file.path.read_bytes()) == match[4]


def attributes(of: h5py.Group | h5py.Dataset) -> dict[str, Any]:
    """Return the attributes that are single values; HDF5 gives a number as an array of one."""
    return {name: np.asarray(value).item() for name, value in of.attrs.items() if np.size(value) == 1}


def chunk_attributes(path: Path) -> dict[str, Any]:
    """Return the attributes of a NetCDF file; empty if it cannot be read."""
    try:
        import h5py

        with h5py.File(path, "r") as file:
            return attributes(file)
    except OSError:
        return {}


def chunk_files(folder: Path) -> list[ChunkFile]:
    """Return the chunk files of a folder by their names, without reading them."""
    found: list[ChunkFile] = []
    for path in sorted((folder / "chunks").glob("g*.nc")):
        file = parsed(path)
        if file is not None and not overlaps(file, found):
            found.append(file)
    return found


def overlaps(file: ChunkFile, before: Sequence[ChunkFile]) -> bool:
    """Tell whether a file stands for members that one of those before it in the order of names has."""
    return bool(before) and before[-1].group == file.group and file.first < before[-1].last


def parsed(path: Path) -> ChunkFile | None:
    """Return what the name of a chunk file says, or None if it is not such a name."""
    match = CHUNK_NAME.fullmatch(path.name)
    return ChunkFile(path, int(match[1]), int(match[2]), int(match[3])) if match else None


def statistics_files(folder: Path) -> list[Path]:
    """Return the files of statistics of a folder by their names, without reading them."""
    return [path for path in sorted(folder.glob("statistics_*.nc")) if _STATISTICS.fullmatch(path.name)]


def is_whole_statistics(path: Path) -> bool:
    """Tell whether the bytes of a file of statistics are those whose hash stands in its name."""
    match = _STATISTICS.fullmatch(path.name)
    return match is not None and path.is_file() and short_hash(path.read_bytes()) == match[1]
