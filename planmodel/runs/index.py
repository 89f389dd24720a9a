"""The index of a folder of chunks: what is known of each file, so that thousands need not be opened.

A line is added when a chunk is done. What it says is believed as long as size and times of the file are those
it had then; a file that was touched since, copied or never noted is read against the hash in its name. So
the index may be lost, or lack what was done just before the machine died: it only saves time.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import xarray as xr

from planmodel.engine import UserError
from planmodel.engine.limits import MARKS
from planmodel.plausibility import count_marks
from planmodel.runs.chunks import Failure
from planmodel.runs.files import ChunkFile, attributes, chunk_attributes, chunk_files, is_whole
from planmodel.storage import reason, short_hash, write_whole

INDEX = "index.jsonl"
_UNREADABLE = (OSError, KeyError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True)
class Known:
    """What is known of a chunk file.

    ``touched`` holds its size and its times of modification and change; ``rows`` how many members it has,
    ``start`` the number of the first if they follow one another. ``failures``, ``machine`` and ``judged`` are
    what it says of members that failed, of where it was run and of limits that members leave.
    """

    file: ChunkFile
    touched: tuple[int, int, int]
    ensemble: str
    rows: int
    start: int | None
    failures: tuple[Failure, ...]
    machine: str
    judged: dict[str, Any] | None

    def members(self) -> np.ndarray:
        """Return the numbers of its members."""
        if self.start is not None:
            return np.arange(self.start, self.start + self.rows)
        with h5py.File(self.file.path, "r") as file:
            return np.asarray(file["member"])


def examine(file: ChunkFile) -> Known | None:
    """Return what a chunk file says of itself; None if it cannot be read or is none.

    Its bytes must have been read against their hash: a damaged file may hold up HDF5 for ever.
    """
    try:
        touched = _touched(file.path)
        with h5py.File(file.path, "r") as opened:
            about = attributes(opened)
            numbers, judged = np.asarray(opened["member"]), _judged(opened)
        failures = tuple(_failure(row) for row in json.loads(about.get("failures", "[]")))
    except _UNREADABLE:
        return None
    follow = bool(numbers.size) and int(numbers[-1] - numbers[0]) == numbers.size - 1
    start = int(numbers[0]) if follow and bool((np.diff(numbers) == 1).all()) else None
    ensemble, machine = str(about.get("ensemble_sha256")), str(about.get("machine", "{}"))
    return Known(file, touched, ensemble, int(numbers.size), start, failures, machine, judged)


def _judged(opened: h5py.File) -> dict[str, Any] | None:
    if MARKS not in opened:
        return None
    marks = opened[MARKS]
    return count_marks(xr.Dataset(coords={MARKS: ("member", np.asarray(marks), attributes(marks))}))


def _failure(row: dict[str, Any]) -> Failure:
    return Failure(tuple(row["members"]), row["error"], row["traceback"])


def _touched(path: Path) -> tuple[int, int, int]:
    about = path.stat()
    return about.st_size, about.st_mtime_ns, about.st_ctime_ns


def is_as_known(known: Known) -> bool:
    """Tell whether nobody has touched a file since it was known to be whole."""
    try:
        return _touched(known.file.path) == known.touched
    except OSError:
        return False


def read_index(folder: Path, ensemble: str) -> dict[str, Known]:
    """Return what the index of a folder says, by name of the file; lines that are torn are passed over."""
    try:
        lines = (folder / INDEX).read_bytes().splitlines()
    except OSError:
        return {}
    found = {}
    for line in lines:
        known = _parsed(line, folder)
        if known is not None and known.ensemble == ensemble:
            found[known.file.path.name] = known
    return found


def note(folder: Path, file: ChunkFile) -> None:
    """Add a chunk that is done; on a full disk it is left out, and the file is read when it is met again."""
    known = examine(file)
    if known is not None:
        with contextlib.suppress(OSError), (folder / INDEX).open("ab") as index:
            index.write(b"\n" + _line(known))  # a line that was torn ends here


def write_index(folder: Path, chunks: Iterable[Known]) -> None:
    """Write the index anew, unless it says just this; no file if there is nothing to say."""
    content = b"\n".join(_line(known) for known in chunks)
    path = folder / INDEX
    if not content:
        path.unlink(missing_ok=True)
    elif not path.is_file() or path.read_bytes().strip() != content:
        write_whole(path, content)


def _line(known: Known) -> bytes:
    said = asdict(known) | {
        "file": [known.file.path.name, known.file.group, known.file.first, known.file.last]
    }
    text = json.dumps(said)
    return f"{short_hash(text.encode())} {text}".encode()


def _parsed(line: bytes, folder: Path) -> Known | None:
    seal, _, text = line.partition(b" ")
    if seal.decode(errors="replace") != short_hash(text):
        return None
    said = json.loads(text)
    name, *numbers = said.pop("file")
    failures = tuple(_failure(row) for row in said.pop("failures"))
    file, touched = ChunkFile(folder / "chunks" / name, *numbers), tuple(said.pop("touched"))
    return Known(file=file, touched=touched, failures=failures, **said)


def checked(file: ChunkFile, ensemble: str) -> Known | str:
    """Read a chunk against its hash; return what is known of it then, or what is wrong with it."""
    try:
        if not file.path.is_file() or not is_whole(file):
            return "is damaged"
    except OSError as error:
        return f"cannot be read ({reason(error)})"
    about = chunk_attributes(file.path)
    if about.get("ensemble_sha256") != ensemble:
        return "belongs to another ensemble"
    if [about.get(name) for name in ("group", "first", "last")] != [file.group, file.first, file.last]:
        return "has the name of another chunk"
    return examine(file) or "cannot be read"


def known_chunks(folder: Path, ensemble: str) -> list[Known]:
    """Return the chunks of a folder; those that the index does not know are read against their hashes.

    Raises
    ------
    UserError
        Naming the first that is damaged.
    """
    index, found = read_index(folder, ensemble), []
    for file in chunk_files(folder):
        known = index.get(file.path.name)
        if known is None or not is_as_known(known):
            known = _read(file)
        found.append(known)
    return found


def _read(file: ChunkFile) -> Known:
    said = "is damaged: its hash is not that of its name"
    try:
        known = examine(file) if is_whole(file) else None
    except OSError as error:
        known, said = None, f"cannot be read ({reason(error)})"
    if known is None:
        raise UserError(
            f"{file.path}: {said}; allowed: planmodel ensemble summary, which sets it aside, or the "
            "command of the ensemble again, which runs its members anew"
        )
    return known
