"""Files that are whole or not there, and what dead processes left of theirs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

from planmodel.engine import PlanmodelError

# `.NAME.partial-HOST-PID` is being written; `.NAME.old-HOST-PID` stood there and is about to be deleted.
_LEFT = re.compile(r"\.(?P<name>.+)\.(?P<what>partial|old)-(?P<host>.+)-(?P<pid>\d+)")
_HOLDER = re.compile(r"\.(?P<name>.+)\.holder-(?P<host>.+)-(?P<pid>\d+)")


class WriteError(PlanmodelError):
    """The disk is full, or the folder cannot be written."""


def temporary(path: Path, what: str = "partial") -> Path:
    """Return the name beside a path under which this process writes it, or keeps what stood there."""
    return path.with_name(f".{path.name}.{what}-{socket.gethostname()}-{os.getpid()}")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either whole, and on the disk, or not there.

    Raises
    ------
    WriteError
        If the disk is full or the folder cannot be written.
    """
    write_pieces(path, [content])


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file as :func:`write_whole` does, piece by piece: it need not be in memory.

    Raises
    ------
    WriteError
        If the disk is full or the folder cannot be written.
    """
    partial = temporary(path)
    try:
        try:
            with partial.open("wb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
            to_disk(path.parent)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(f"{path.parent}: cannot be written: {reason(error)}") from None


def holds(path: Path, pieces: Iterable[bytes]) -> bool:
    """Tell whether a file holds these bytes and no others."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return all(file.read(len(piece)) == piece for piece in pieces) and not file.read(1)


def to_disk(path: Path) -> None:
    """Bring a file, or the names that a folder holds, to the disk."""
    if path.is_dir() and sys.platform == "win32":  # which brings names to the disk by itself
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def short_hash(content: bytes) -> str:
    """Return the beginning of the SHA-256 of a file, as it stands in names."""
    return hashlib.sha256(content).hexdigest()[:16]


def reason(error: BaseException) -> str:
    """Return why the operating system refused, in its words."""
    return getattr(error, "strerror", None) or str(error)


def is_temporary(name: str) -> bool:
    """Tell whether a name is one under which a process of planmodel writes, alive or not."""
    return _LEFT.fullmatch(name) is not None


def sweep_up(folder: Path) -> None:
    """Remove what processes of this host that died had begun to write into a folder.

    A result that was put aside, and whose successor never came, is put back. What belongs to other hosts, or
    to processes that are alive, is left.
    """
    with contextlib.suppress(OSError):  # a folder that cannot be written is refused by who writes into it
        for path in list(folder.iterdir()):
            if found := _LEFT.fullmatch(path.name):
                if _is_dead(found):
                    _clear(path, path.with_name(found["name"]), found["what"])
            elif (found := _HOLDER.fullmatch(path.name)) and _is_dead(found):
                _unlock(path, path.with_name(f".{found['name']}.lock"))


def _clear(left: Path, target: Path, what: str) -> None:
    if what == "old" and not target.exists():
        left.rename(target)
    elif left.is_dir() and not left.is_symlink():
        shutil.rmtree(left, ignore_errors=True)
    else:
        left.unlink(missing_ok=True)


def _unlock(holder: Path, lock: Path) -> None:
    """Remove lock and note of a dead holder, unless somebody has taken the lock since."""
    from filelock import FileLock, Timeout

    held = FileLock(lock, timeout=0)
    with contextlib.suppress(Timeout), held:
        lock.unlink(missing_ok=True)
        holder.unlink(missing_ok=True)


def _is_dead(left: re.Match[str]) -> bool:
    if left["host"] != socket.gethostname() or sys.platform == "win32":  # there a signal would end a process
        return False
    try:
        os.kill(int(left["pid"]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # alive, and of another user
        return False
    return False
