"""Quantiles over members at each time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from planmodel.runs.files import ChunkFile
from planmodel.runs.schema import Keep


def make_statistics(files: Sequence[ChunkFile], keep: Keep, sha256: str) -> xr.Dataset:
    """Return the quantiles of all members of chunk files: exact, and one variable in memory at a time.

    Returns
    -------
    xarray.Dataset
        Dimensions quantile and time; the attribute ``members`` says over how many.
    """
    variables = {}
    with xr.open_dataset(files[0].path, engine="h5netcdf") as first:
        names, time = list(first.data_vars), first["time"].load()
    members = 0
    for name in names:
        parts = []
        for file in files:
            with xr.open_dataset(file.path, engine="h5netcdf") as dataset:
                parts.append(dataset[name].transpose("member", "time").values)
                about = dict(dataset[name].attrs)
        values = np.concatenate(parts)
        members = values.shape[0]
        variables[name] = (("quantile", "time"), quantiles(values, keep.quantiles), about)
    return xr.Dataset(
        variables,
        coords={"quantile": keep.quantiles, "time": time},
        attrs={"ensemble_sha256": sha256, "members": members},
    )


def quantiles(values: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """Return quantiles over members, shape ``(levels, times)``; NaN where a time has no value."""
    return np.quantile(values, levels, axis=0)
