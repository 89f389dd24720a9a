"""Quantiles over members at each time."""

from __future__ import annotations

from collections.abc import Sequence

import dask
import numpy as np
import xarray as xr

from planmodel.runs.index import Known
from planmodel.runs.lazy import open_chunks
from planmodel.runs.schema import Keep


def make_statistics(chunks: Sequence[Known], keep: Keep, sha256: str) -> xr.Dataset:
    """Return the quantiles of all members of chunks: exact, and one variable in memory at a time.

    Returns
    -------
    xarray.Dataset
        Dimensions quantile and time; the attribute ``members`` says over how many.
    """
    variables = {}
    dataset = open_chunks(chunks)
    for name, array in dataset.data_vars.items():
        with dask.config.set(scheduler="synchronous"):  # see `planmodel.runs.files.netcdf_bytes`
            values = array.transpose("member", "time").values
        variables[name] = (
            ("quantile", "time"),
            np.quantile(values, keep.quantiles, axis=0),
            dict(array.attrs),
        )
    return xr.Dataset(
        variables,
        coords={"quantile": keep.quantiles, "time": dataset["time"]},
        attrs={"ensemble_sha256": sha256, "members": dataset.sizes["member"]},
    )
