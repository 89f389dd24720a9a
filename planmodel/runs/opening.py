"""Opening the folder of an ensemble: one lazy dataset."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import UserError
from planmodel.netcdf import as_held
from planmodel.runs.files import is_whole_statistics, statistics_files
from planmodel.runs.index import known_chunks
from planmodel.runs.lazy import Rows, open_chunks
from planmodel.runs.load import load_ensemble
from planmodel.runs.members import Members
from planmodel.runs.resolve import Laid, resolve
from planmodel.runs.store import (
    DESIGN,
    SCENARIO,
    Store,
    check_files,
    read_manifest,
)
from planmodel.runs.stretches import Count
from planmodel.runs.wholeness import Wholeness, wholeness
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
    chunks = known_chunks(folder, manifest["ensemble_sha256"])
    if not chunks:
        raise UserError(f"{folder}: has no members yet; allowed: to run it first")
    dataset = open_chunks(chunks)
    numbers = dataset["member"].values
    order = np.argsort(numbers, kind="stable")
    if not np.array_equal(order, np.arange(order.size)):
        dataset, numbers = dataset.isel(member=order), numbers[order]
    rows = _rows(folder)
    every = numbers.size == rows.size  # ascending, each once
    design = {
        name: ("member", column if every else column[numbers]) for name, column in rows.arrays().items()
    }
    dataset = dataset.assign_coords(design)
    dataset.attrs = about | wholeness(folder, manifest["members"], chunks).attributes()
    return dataset


def read_design(folder: str | Path) -> pd.DataFrame:
    """Return the design of an ensemble: one row a member, one column a key; numbers exact to the bit."""
    rows = _rows(Path(folder))
    try:
        return rows.table()
    except (ValueError, LookupError) as error:
        raise _unreadable(rows.file, error) from None


def _rows(folder: Path) -> Rows:
    check_files(folder, DESIGN)
    file = folder / DESIGN
    try:
        return Rows(file, {name: about["kind"] for name, about in read_manifest(folder)["keys"].items()})
    except OSError as error:  # of an earlier version, without a hash
        raise _unreadable(file, error) from None


def _unreadable(file: Path, error: Exception) -> UserError:
    return UserError(f"{file}: cannot be read: {str(error).splitlines()[0]}")


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
    numbers = Count(len(rows)) if own else np.broadcast_to(np.int64(0), len(rows))
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
        return notes + store.check(anew=True)[1]


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
    folder, numbers, rows = Path(folder), [], []
    for known in known_chunks(folder, read_manifest(folder)["ensemble_sha256"]):
        numbers.append(known.members())
        with h5py.File(known.file.path, "r") as file:
            rows.append(np.asarray(file[name]))
    if not numbers:
        raise UserError(f"{folder}: has no members yet; allowed: to run it first")
    members, values = np.concatenate(numbers), np.concatenate(rows)
    order = np.argsort(members, kind="stable")
    return members[order], values[order]


def count_members(folder: Path, asked: int) -> Wholeness:
    """Count what a folder has, of members asked for, and name those that are missing."""
    try:
        manifest = read_manifest(folder)
    except UserError:  # begun, and nothing more
        return wholeness(folder, asked, [])
    return wholeness(folder, asked, known_chunks(folder, manifest["ensemble_sha256"]))
