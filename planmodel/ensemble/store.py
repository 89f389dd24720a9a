"""The folder of an ensemble: what survives when the machine dies.

::

    manifest.json    what the ensemble is, and all that decides its numbers
    design.csv       one row a member, one column a key
    scenario.toml    what the members have in common
    chunks/          one NetCDF file a chunk; its name carries the hash of its bytes
    failures.json    members that could not be run, with tracebacks
    set_aside/       files that were damaged, or belong to another ensemble

A file appears under its name only when it is whole: it is written under another name, brought to the disk and
renamed. So nothing needs to be known about what an interrupted run was doing: what is there is done.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xarray as xr
from filelock import FileLock, Timeout

from planmodel.ensemble.files import (
    CHUNK_NAME,
    ChunkFile,
    WriteError,
    chunk_attributes,
    netcdf_bytes,
    overlaps,
    parsed,
    reason,
    short_hash,
    write_whole,
)
from planmodel.ensemble.simulate import Failure
from planmodel.kernel import UserError

FORMAT = 1
_STATISTICS = re.compile(r"statistics_([0-9a-f]{16})\.nc")
_OURS = {".lock", "holder.json", "design.csv", "scenario.toml", "chunks", "failures.json", "set_aside"}


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
        holder = self.folder / "holder.json"
        lock = FileLock(self.folder / ".lock", timeout=0)
        try:
            (self.folder / "chunks").mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise UserError(
                f"{self.folder}: {_holder(holder)} is writing into it; allowed: wait, or another folder"
            ) from None
        except (OSError, NotImplementedError) as error:
            raise UserError(f"{self.folder}: cannot be written: {reason(error)}") from None
        try:
            about = {"pid": os.getpid(), "host": socket.gethostname(), "since": now()}
            write_whole(holder, json.dumps(about).encode())
            self._sweep_up()
            yield
        except WriteError as error:
            raise UserError(str(error)) from None
        finally:
            with contextlib.suppress(OSError):
                holder.unlink(missing_ok=True)
            lock.release()

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
        if (self.folder / "manifest.json").exists():
            return read_manifest(self.folder)
        found = {entry.name for entry in self.folder.iterdir()}
        foreign = sorted(name for name in found - _OURS if ".partial-" not in name)
        if foreign:
            raise UserError(
                f"{self.folder}: holds '{foreign[0]}' and is not an ensemble of planmodel; "
                "allowed: a new or empty folder, or that of an ensemble"
            )
        return None

    def begin(self, manifest: Mapping[str, Any], design: str, scenario: str) -> None:
        """Write what the ensemble is; the manifest comes last."""
        write_whole(self.folder / "design.csv", design.encode())
        write_whole(self.folder / "scenario.toml", scenario.encode())
        self.write_manifest(manifest)

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Replace the manifest."""
        write_whole(self.folder / "manifest.json", (json.dumps(manifest, indent=2) + "\n").encode())

    def check(self) -> tuple[list[ChunkFile], list[str]]:
        """Read all chunk files; set aside those that are damaged or belong to another ensemble.

        Returns
        -------
        list of ChunkFile, list of str
            What is done, and one line for each file set aside.
        """
        good: list[ChunkFile] = []
        aside: list[str] = []
        for path in sorted((self.folder / "chunks").iterdir()):
            if ".partial-" in path.name:  # of a worker on another machine, perhaps alive
                continue
            file = parsed(path)
            wrong = self._wrong(path, file)
            if wrong is None and file is not None and overlaps(file, good):
                wrong = "stands for members that another file has"
            if wrong is None and file is not None:
                good.append(file)
            else:
                aside.append(f"{path.name}: {wrong}; set aside and run again")
                self._set_aside(path)
        return good, aside

    def _wrong(self, path: Path, file: ChunkFile | None) -> str | None:
        match = CHUNK_NAME.fullmatch(path.name)
        if match is None or not path.is_file() or file is None:
            return "is not a chunk of an ensemble"
        try:
            if short_hash(path.read_bytes()) != match[4]:
                return "is damaged"
        except OSError as error:
            return f"cannot be read ({reason(error)})"
        about = chunk_attributes(path)
        if about.get("ensemble_sha256") != self.sha256:
            return "belongs to another ensemble"
        if [about.get(name) for name in ("group", "first", "last")] != [file.group, file.first, file.last]:
            return "has the name of another chunk"
        return None

    def statistics(self) -> Path | None:
        """Return the file of statistics, if there is one that is whole and of this ensemble."""
        for path in sorted(self.folder.glob("statistics_*.nc")):
            match = _STATISTICS.fullmatch(path.name)
            whole = match is not None and short_hash(path.read_bytes()) == match[1]
            if whole and chunk_attributes(path).get("ensemble_sha256") == self.sha256:
                return path
            self._set_aside(path)
        return None

    def write_statistics(self, dataset: xr.Dataset) -> Path:
        """Write the file of statistics, and delete the chunks of which it was made."""
        content = netcdf_bytes(dataset)
        path = self.folder / f"statistics_{short_hash(content)}.nc"
        write_whole(path, content)
        return path

    def drop_chunks(self, files: Iterable[ChunkFile]) -> None:
        """Delete chunk files, whose statistics are kept."""
        for file in files:
            file.path.unlink(missing_ok=True)

    def write_failures(self, failures: Iterable[Failure]) -> None:
        """Write down the members that could not be run; no file if there are none."""
        rows = [asdict(failure) for failure in failures]
        path = self.folder / "failures.json"
        if rows:
            write_whole(path, (json.dumps(rows, indent=2) + "\n").encode())
        else:
            path.unlink(missing_ok=True)

    def _set_aside(self, path: Path) -> None:
        try:
            place = self.folder / "set_aside"
            place.mkdir(exist_ok=True)
            path.rename(place / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}_{path.name}")
        except OSError as error:
            raise WriteError(f"{self.folder}: cannot be written: {reason(error)}") from None

    def _sweep_up(self) -> None:
        """Delete what a process of this machine that died had begun to write."""
        host = f".partial-{socket.gethostname()}-"
        for place in (self.folder, self.folder / "chunks"):
            for path in place.iterdir():
                if host in path.name:
                    path.unlink(missing_ok=True)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of an ensemble.

    Raises
    ------
    UserError
        If there is none, or it cannot be read.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT or "ensemble_sha256" not in manifest:
            raise ValueError
    except FileNotFoundError:
        raise UserError(f"{folder}: is not the folder of an ensemble") from None
    except OSError as error:
        raise UserError(f"{folder}: cannot be read: {reason(error)}") from None
    except (ValueError, LookupError, TypeError):
        raise UserError(f"{folder}: its manifest.json is not one of an ensemble") from None
    return dict(manifest)


def now() -> str:
    """Return the time in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _holder(path: Path) -> str:
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        return f"process {about['pid']} on {about['host']} (since {about['since']})"
    except (OSError, ValueError, LookupError, TypeError):
        return "another process"
