"""Opening the folder of an ensemble: one lazy dataset."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import UserError
from planmodel.netcdf import as_held
from planmodel.runs.files import whole_chunks
from planmodel.runs.load import load_ensemble
from planmodel.runs.members import Members
from planmodel.runs.resolve import Laid, resolve
from planmodel.runs.store import (
    DESIGN,
    SCENARIO,
    Store,
    check_files,
    is_whole_statistics,
    read_manifest,
    statistics_files,
)
from planmodel.runs.wholeness import wholeness
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.paths import is_file
from planmodel.storage import verified


def open_ensemble(folder: str | Path) -> xr.Dataset:
    """Open the folder of an ensemble, finished or not.

    Parameters
    ----------
    folder
        As given to :func:`planmodel.runs.run_ensemble`.

    Returns
    -------
    xarray.Dataset
        Dimensions member and time, as Dask arrays that are read when they are needed; members that are
        missing or failed have no row; the attributes ``members_asked``, ``members_done``, ``members_failed``
        and ``members_missing`` (their numbers in words) say how many. The design stands beside it as
        coordinates of member, under the dotted keys. If only statistics were kept: dimensions quantile and
        time.

    Raises
    ------
    UserError
        If it is not the folder of an ensemble, has no member yet, or a file of it is damaged.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    statistics = statistics_files(folder)
    about = {"title": manifest["title"], "scenario": manifest["scenario"], "seed": manifest["seed"]}
    about |= {"ensemble_sha256": manifest["ensemble_sha256"], "git": manifest["git"]}
    if statistics:
        if not is_whole_statistics(statistics[0]):
            raise UserError(
                f"{statistics[0]}: is damaged: its hash is not that of its name; "
                "allowed: the command of the ensemble again, which makes it anew"
            )
        about |= wholeness(folder, manifest["members"]).attributes()
        dataset = xr.open_dataset(statistics[0], engine="h5netcdf", chunks={})
        return as_held(dataset).assign_attrs(about)
    files = [file.path for file in whole_chunks(folder)]
    if not files:
        raise UserError(f"{folder}: has no members yet; allowed: to run it first")
    dataset = xr.open_mfdataset(
        files,
        engine="h5netcdf",
        chunks={},
        combine="nested",
        concat_dim="member",
        data_vars="minimal",
        coords="minimal",
        compat="override",
        join="override",
        combine_attrs="override",
    )
    order = np.argsort(dataset["member"].values, kind="stable")
    if not np.array_equal(order, np.arange(order.size)):
        dataset = dataset.isel(member=order)
    rows = read_design(folder).loc[dataset["member"].values]
    design = {str(name): ("member", rows[name].to_numpy()) for name in rows.columns}
    dataset = as_held(dataset).assign_coords(design)
    dataset.attrs = about | wholeness(folder, manifest["members"], dataset["member"].values).attributes()
    return dataset


def read_design(folder: str | Path) -> pd.DataFrame:
    """Return the design of an ensemble: one row a member, one column a key; numbers exact to the bit."""
    check_files(Path(folder), DESIGN)
    kinds = {name: about["kind"] for name, about in read_manifest(Path(folder))["keys"].items()}
    file = Path(folder) / DESIGN
    try:
        return _read_design(file, kinds)
    except (OSError, ValueError, LookupError) as error:  # of an earlier version, without a hash
        raise UserError(f"{file}: cannot be read: {str(error).splitlines()[0]}") from None


def _read_design(file: Path, kinds: Mapping[str, str]) -> pd.DataFrame:
    rows = pd.read_csv(file, index_col="member", dtype=dict.fromkeys(kinds, str), keep_default_na=False)
    for name, kind in kinds.items():
        if kind == "number":
            rows[name] = [float(text) for text in rows[name]]  # exact in every version of pandas
        elif kind == "switch":
            rows[name] = rows[name] == "True"
        elif kind == "date":
            rows[name] = pd.to_datetime(rows[name])
    return rows


def read_scenario(folder: str | Path) -> Scenario:
    """Return the scenario that the members have in common."""
    check_files(Path(folder), SCENARIO)
    return load_scenario(Path(folder) / SCENARIO)


def read_member(source: str | Path, number: int) -> tuple[Scenario, int, int]:
    """Return one member of an ensemble, from its configuration or its folder.

    Returns
    -------
    Scenario, int, int
        Its whole scenario, the number of its random stream, and the seed: with these three
        :func:`planmodel.runs.history.run` gives the member, bit for bit on the same processor and C library.

    Raises
    ------
    UserError
        If there is no such ensemble or member.
    """
    path = Path(source)
    members = _members_of(path) if is_file(path / "manifest.json") else load_ensemble(source).members
    return members.member(number), int(members.numbers[number]), members.seed


def _members_of(folder: Path) -> Members:
    manifest = read_manifest(folder)
    rows = read_design(folder)
    own = manifest["identity"]["configuration"]["shocks"] == "own"
    numbers = np.arange(len(rows)) if own else np.zeros(len(rows), dtype=np.int64)
    columns = {str(name): rows[name].to_numpy() for name in rows.columns}
    laid = Laid(columns, "design.csv", f"{folder / 'design.csv'}: column ")
    members = resolve(read_scenario(folder), laid, seed=manifest["seed"], numbers=numbers)
    if members.digest() != manifest["identity"]["design_sha256"]:
        raise UserError(f"{folder}: design.csv or scenario.toml is not as it was written")
    return members


def verify(folder: str | Path) -> list[str]:
    """Read all files against their hashes; set chunks aside that are wrong, and say which.

    Raises
    ------
    UserError
        If design, scenario or manifest are damaged.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    notes = verified(path, manifest)
    store = Store(path, manifest["ensemble_sha256"])
    with store.locked():
        return notes + store.check()[1]


def read_reduced(folder: str | Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Read what a reduction kept of all members, past the labels that `open_ensemble` puts together.

    Parameters
    ----------
    folder
        As given to :func:`planmodel.runs.run_ensemble`.
    name
        Name of the array, whose first dimension is member (a file has time first: an array without time).

    Returns
    -------
    array, array
        Numbers of the members that are there, ascending, and their rows.
    """
    numbers, rows = [], []
    for chunk in whole_chunks(Path(folder)):
        with h5py.File(chunk.path, "r") as file:
            numbers.append(np.asarray(file["member"]))
            rows.append(np.asarray(file[name]))
    if not numbers:
        raise UserError(f"{folder}: has no members yet; allowed: to run it first")
    members, values = np.concatenate(numbers), np.concatenate(rows)
    order = np.argsort(members, kind="stable")
    return members[order], values[order]


def read_numbers(folder: str | Path) -> list[int]:
    """Return the numbers of the members whose results are there."""
    numbers: list[int] = []
    for chunk in whole_chunks(Path(folder)):
        with h5py.File(chunk.path, "r") as file:
            numbers += np.asarray(file["member"]).tolist()
    return numbers
