"""The folder of an ensemble: what survives when the machine dies.

::

    manifest.json    what the ensemble is, and all that decides its numbers
    design.csv       one row a member, one column a key
    scenario.toml    what the members have in common
    chunks/          one NetCDF file a chunk; its name carries the hash of its bytes
    index.jsonl      what is known of each chunk file, so that it need not be opened
    failures.json    members that could not be run, with tracebacks
    set_aside/       files that were damaged, or belong to another ensemble

A file appears under its name only when it is whole: it is written under another name, brought to the disk and
renamed. So nothing needs to be known about what an interrupted run was doing: what is there is done.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xarray as xr

from planmodel.engine import UserError
from planmodel.runs.chunks import Failure
from planmodel.runs.files import (
    chunk_attributes,
    is_whole_statistics,
    netcdf_bytes,
    overlaps,
    parsed,
    statistics_files,
)
from planmodel.runs.index import INDEX, Known, checked, is_as_known, read_index, write_index
from planmodel.storage import (
    MANIFEST,
    WriteError,
    damaged,
    holds,
    locked,
    reason,
    short_hash,
    sweep_up,
    verified,
    write_manifest,
    write_pieces,
    write_whole,
)
from planmodel.storage import read_manifest as read_any
from planmodel.storage.files import is_temporary

FORMAT = 1
WRITER = "planmodel ensemble"
DESIGN, SCENARIO = "design.csv", "scenario.toml"
_OURS = {
    ".lock",
    "holder.json",
    DESIGN,
    SCENARIO,
    INDEX,
    "chunks",
    "set_aside",
}  # where there is no manifest yet
Pieces = Callable[[], Iterable[bytes]]


class Store:
    """The folder of one ensemble."""

    def __init__(self, folder: Path, sha256: str) -> None:
        self.folder = folder
        self.sha256 = sha256

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder, so that no second process writes into it.

        The operating system frees the lock of a process that dies.

        Raises
        ------
        UserError
            If another process holds it, or the folder cannot be written.
        """
        with contextlib.ExitStack() as stack:
            try:
                (self.folder / "chunks").mkdir(parents=True, exist_ok=True)
                stack.enter_context(locked(self.folder, str(self.folder), inside=True))
            except OSError as error:
                raise UserError(f"{self.folder}: cannot be written: {reason(error)}") from None
            stack.callback(self._sweep_up)  # workers that were ended may have left something
            self._sweep_up()
            try:
                yield
            except WriteError as error:
                raise UserError(str(error)) from None

    def manifest(self) -> dict[str, Any] | None:
        """Return the manifest, or None where the folder is new.

        Raises
        ------
        UserError
            If the folder holds something else.
        """
        if not self.folder.is_dir():
            if self.folder.exists():
                raise UserError(f"{self.folder}: is a file; allowed: a folder")
            return None
        if (self.folder / MANIFEST).exists():
            return read_manifest(self.folder)
        found = {entry.name for entry in self.folder.iterdir()}
        foreign = sorted(name for name in found - _OURS if not is_temporary(name))
        if foreign:
            raise self._foreign(foreign[0])
        return None

    def _foreign(self, name: str) -> UserError:
        return UserError(
            f"{self.folder}: holds '{name}' and is not an ensemble of planmodel; "
            "allowed: a new or empty folder, or that of an ensemble"
        )

    def begin(self, manifest: Mapping[str, Any], files: Mapping[str, Pieces]) -> None:
        """Write what the ensemble is, the manifest last; ``files`` gives design and scenario piece by piece.

        Raises
        ------
        UserError
            If a file stands there that is not what this ensemble would write, and so may be the user's.
        """
        there = {name for name in files if (self.folder / name).exists()}
        for name in sorted(there):
            if not holds(self.folder / name, files[name]()):
                raise self._foreign(name)
        for name in files.keys() - there:
            write_pieces(self.folder / name, files[name]())
        self.write_manifest(manifest)

    def mend(self, manifest: Mapping[str, Any], files: Mapping[str, Pieces]) -> list[str]:
        """Write design and scenario where they are not as the manifest says they were; say which."""
        wrong = damaged(self.folder, manifest, *files)
        notes = []
        for name, pieces in files.items():
            path = self.folder / name
            # Without hashes, as of an earlier version, there is nothing but to make it and compare.
            if name in wrong if wrong is not None else not holds(path, pieces()):
                write_pieces(path, pieces())
                notes.append(f"{name}: was not as it was written; written anew")
        return notes

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Replace the manifest."""
        write_manifest(self.folder, manifest, WRITER, [DESIGN, SCENARIO])

    def check(self, anew: bool = False) -> tuple[list[Known], list[str]]:
        """Find what is done; set aside chunks that are damaged or belong to another ensemble.

        A file that nobody has touched since it was last known to be whole is not read again, unless ``anew``.

        Returns
        -------
        list of Known, list of str
            What is done, and one line for each file set aside.
        """
        good: list[Known] = []
        aside: list[str] = []
        index = {} if anew else read_index(self.folder, self.sha256)
        for path in sorted((self.folder / "chunks").iterdir()):
            if is_temporary(path.name):  # of a worker on another machine, perhaps alive
                continue
            file = parsed(path)
            if file is None:  # somebody else's
                aside.append(f"{path.name}: is not a chunk of an ensemble; left where it is")
                continue
            known = index.get(path.name)
            found = known if known is not None and is_as_known(known) else checked(file, self.sha256)
            if not isinstance(found, str) and overlaps(file, [known.file for known in good[-1:]]):
                found = "stands for members that another file has"
            if isinstance(found, str):
                aside.append(f"{path.name}: {found}; set aside and run again")
                self._set_aside(path)
            else:
                good.append(found)
        write_index(self.folder, good)
        return good, aside

    def statistics(self) -> Path | None:
        """Return the file of statistics, if there is one that is whole and of this ensemble."""
        for path in statistics_files(self.folder):
            if is_whole_statistics(path) and chunk_attributes(path).get("ensemble_sha256") == self.sha256:
                return path
            self._set_aside(path)
        return None

    def write_statistics(self, dataset: xr.Dataset) -> Path:
        """Write the file of statistics, and delete the chunks of which it was made."""
        content = netcdf_bytes(dataset)
        path = self.folder / f"statistics_{short_hash(content)}.nc"
        write_whole(path, content)
        return path

    def drop_chunks(self, chunks: Iterable[Known]) -> None:
        """Delete chunk files, whose statistics are kept."""
        for known in chunks:
            known.file.path.unlink(missing_ok=True)
        write_index(self.folder, [])

    def write_failures(self, failures: Iterable[Failure]) -> None:
        """Write down the members that could not be run; no file if there are none."""
        rows = [asdict(failure) for failure in failures]
        path = self.folder / "failures.json"
        if rows:
            write_whole(path, (json.dumps(rows, indent=2) + "\n").encode())
        else:
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the ensemble, if there is nothing in its folder but what an ensemble writes.

        What was set aside stays: earlier versions moved files of others there.

        Raises
        ------
        UserError
            If there is, or another process writes into it.
        """
        with self.locked():
            ours = {*_OURS, MANIFEST, "failures.json"} | {f.name for f in statistics_files(self.folder)}
            for path in self.folder.rglob("*"):
                top, *below = path.relative_to(self.folder).parts
                known = top in ours and (path.is_dir() or not below or top == "set_aside" or _is_chunk(path))
                if not known or path.is_symlink():
                    name = path.relative_to(self.folder)
                    raise UserError(
                        f"{self.folder}: holds '{name}', which planmodel did not write; "
                        "--force will not delete it"
                    )
            (self.folder / MANIFEST).unlink(missing_ok=True)  # first: without it nothing else is an ensemble
            for path in self.folder.iterdir():
                if path.name in ours - {".lock", "holder.json", "set_aside"}:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _set_aside(self, path: Path) -> None:
        try:
            place = self.folder / "set_aside"
            place.mkdir(exist_ok=True)
            path.rename(place / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}_{path.name}")
        except OSError as error:
            raise WriteError(f"{self.folder}: cannot be written: {reason(error)}") from None

    def _sweep_up(self) -> None:
        for place in (self.folder.parent, self.folder, self.folder / "chunks"):
            sweep_up(place)


def _is_chunk(path: Path) -> bool:
    return path.parent.name == "chunks" and parsed(path) is not None


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of an ensemble.

    Raises
    ------
    UserError
        If there is none, or it cannot be read.
    """
    try:
        manifest = read_any(folder)
        if manifest["format"] != FORMAT or "ensemble_sha256" not in manifest:
            raise ValueError
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(f"{folder}: is not the folder of an ensemble") from None
    except (ValueError, LookupError, TypeError):
        raise UserError(f"{folder}: its manifest.json is not one of an ensemble") from None
    return manifest


def check_files(folder: Path, *names: str) -> None:
    """Refuse a design or a scenario that is not as it was written, before it is read.

    Raises
    ------
    UserError
        Naming the file.
    """
    verified(folder, read_manifest(folder), *names)


def now() -> str:
    """Return the time in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
