"""NetCDF files as other tools read them: time is the first dimension, and the conventions are CF.

In memory a dataset has the dimensions member and time, in that order; in a file time comes first, since CDO,
Panoply and others take the first dimension for time and leave out what has another. Whoever opens a file
here opens it with `as_held`, so that what meets by position finds members before time.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr

CONVENTIONS = "CF-1.8"
_METHODS = {
    "flow": "time: sum",
    "net flow": "time: sum",
    "stock at the end of the month": "time: point",
}
_HIDDEN = ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "coordinates")  # of HDF5, not of the user
_TIME = {"units": "days since 1900-01-01", "calendar": "standard", "dtype": "int32"}


def netcdf_bytes(dataset: xr.Dataset, plain: bool = False, compressed: bool = False) -> bytes | memoryview:
    """Return a dataset as the bytes of a NetCDF file, time first.

    Parameters
    ----------
    dataset
        Dimensions in any order.
    plain
        As NetCDF 3: HDF5 takes 8 ms a variable, however small. ``xarray.open_dataset`` reads both.
    compressed
        Compress all variables (not with NetCDF 3).
    """
    written = for_file(dataset)
    encoding: dict[str, dict[str, Any]] = {"time": dict(_TIME)} if "time" in written.coords else {}
    if plain:
        return _plain(written, encoding)
    if compressed:
        encoding |= {str(name): {"zlib": True, "complevel": 4} for name in written.data_vars}
    # By way of memory: on a full disk HDF5 fails once more when it is closed, with a traceback.
    return written.to_netcdf(engine="h5netcdf", encoding=encoding)


def for_file(dataset: xr.Dataset) -> xr.Dataset:
    """Return a dataset as it stands in a file: time first, with what the CF conventions ask for."""
    written = dataset.transpose("time", ..., missing_dims="ignore").assign_attrs(Conventions=CONVENTIONS)
    if "time" in written.coords:
        about = {"standard_name": "time", "axis": "T"}
        written = written.assign_coords(time=("time", written["time"].to_index(), about))
    for name in written.data_vars:
        variable = written.variables[name]  # written[name] would put together a labelled array each time
        method = _METHODS.get(str(variable.attrs.get("kind")))
        if method is not None:
            variable.attrs["cell_methods"] = method
        # What is known of members alone is told once, for the file: CDO takes it for a grid of each variable.
        variable.encoding["coordinates"] = None
    return written


def _plain(written: xr.Dataset, encoding: dict[str, dict[str, Any]]) -> memoryview:
    """Return the bytes of a NetCDF 3 file.

    ``to_netcdf`` gives the same, but imports Dask and its scheduler to ask them for a lock on the file.
    """
    file = io.BytesIO()
    store = xr.backends.ScipyDataStore(file, mode="w")
    written.dump_to_store(store, encoding=encoding)
    store.sync()
    return memoryview(file.getvalue())


def as_held(dataset: xr.Dataset) -> xr.Dataset:
    """Return a dataset from a file as it is held in memory: time last."""
    return dataset.transpose(..., "time", missing_dims="ignore")


def read_netcdf(file: Path) -> xr.Dataset:
    """Read a file into memory, members before time.

    Raises
    ------
    OSError, ValueError
        If it cannot be read.
    """
    with file.open("rb") as opened:
        hdf5 = opened.read(8) == b"\x89HDF\r\n\x1a\n"
    found = _read_hdf5(file) if hdf5 else None
    return as_held(xr.load_dataset(file) if found is None else found)


def _read_hdf5(file: Path) -> xr.Dataset | None:
    """Read a file of many plain variables: xarray takes 20 ms for each of two thousand.

    None where there is more in it than numbers over named dimensions.
    """
    import h5py

    with h5py.File(file) as opened:
        if any(not isinstance(one, h5py.Dataset) or one.dtype.kind not in "fiu" for one in opened.values()):
            return None
        about = {
            key: _plain_text(value)
            for key, value in opened.attrs.items()
            if key[0] != "_" and key not in _HIDDEN
        }
        sizes = {name: len(opened[name]) for name in ("time", "member") if name in opened}
        variables = {name: _variable(name, one, sizes) for name, one in opened.items()}
    if len(sizes) < 2 or any(variable is None for variable in variables.values()):
        return None
    time = variables.pop("time")
    coordinates = {name: variables.pop(name) for name in ("member", "implausible") if name in variables}
    found = xr.Dataset(variables, coordinates, about)
    return found.assign_coords(time=xr.decode_cf(xr.Dataset(coords={"time": time}))["time"])


def _variable(name: str, one: Any, sizes: Mapping[str, int]) -> xr.Variable | None:
    """Return a variable of time and member, as this module writes it; None where it is another."""
    over = (name,) if name in sizes else ("member",) if one.ndim == 1 else ("time", "member")
    attributes = dict(one.attrs)
    shape = tuple(sizes.get(dimension, -1) for dimension in over)
    if one.shape != shape or {"scale_factor", "add_offset", "missing_value"} & set(attributes):
        return None  # names of dimensions are not asked for: HDF5 takes 20 ms to find one
    kept = {key: value for key, value in attributes.items() if key not in _HIDDEN and key[0] != "_"}
    return xr.Variable(over, one[()], {key: _plain_text(value) for key, value in kept.items()})


def _plain_text(value: Any) -> Any:
    """Return an attribute as xarray has it."""
    if isinstance(value, bytes):
        return value.decode()
    return value.item() if getattr(value, "size", 0) == 1 and hasattr(value, "item") else value
