"""A folder that is written as a whole, by one process at a time, and only over what is its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from planmodel.engine import UserError
from planmodel.storage.files import WriteError, reason, sweep_up, temporary, to_disk, write_whole
from planmodel.storage.manifest import foreign, write_manifest

_held: set[tuple[Path, int]] = set()  # locks of this process, by thread: they may be taken within each other


@dataclass(frozen=True)
class Reserved:
    """A folder that this process alone may write: see :func:`reserve`.

    Attributes
    ----------
    folder
        As the user gave it.
    by, force, option
        As of :func:`reserve`.
    target
        Where it stands: a name and a parent also for ``.``, ``..`` and links. It is asked for once, since
        where one stands is another folder when it was replaced.
    """

    folder: Path
    by: str
    force: bool
    option: str
    target: Path

    def check(self) -> None:
        """Refuse a folder that holds what is not to be replaced.

        Raises
        ------
        UserError
            Naming the folder and what is allowed.
        """
        shown = f"{self.option} {self.folder}"
        if not self.target.is_dir():
            if self.target.exists():
                raise UserError(f"{shown}: is a file; allowed: a folder that does not exist yet")
            return
        if any(self.target.iterdir()):
            if not self.force:
                raise UserError(f"{shown}: exists; allowed: another folder, or --force to replace it")
            wrong = foreign(self.target, self.by)
            if wrong is not None:
                raise UserError(f"{shown}: {wrong}; --force will not replace it")

    def fill(self, about: Mapping[str, Any], write: Callable[[Path], None]) -> None:
        """Have the folder written beside its place, with its manifest, and then put there as a whole.

        Parameters
        ----------
        about
            What the manifest says; who wrote it and the hashes of the files are added.
        write
            Writes all other files into a folder that it is given.

        Raises
        ------
        UserError
            If the folder cannot be written; what stood there before stays.
        """
        target = self.target
        partial, old = temporary(target), temporary(target, "old")
        try:
            partial.mkdir(parents=True)
            write(partial)
            files = [file for file in partial.rglob("*") if file.is_file()]
            write_manifest(partial, about, self.by, [str(file.relative_to(partial)) for file in files])
            for path in (*files, *(f for f in partial.rglob("*") if f.is_dir()), partial):
                to_disk(path)
            self.check()  # somebody may have put something there in the meantime
            if target.exists():
                target.rename(old)
            partial.rename(target)
            to_disk(target.parent)
        except OSError as error:
            raise UserError(f"{self.option} {self.folder}: cannot be written: {reason(error)}") from None
        except WriteError as error:
            raise UserError(f"{self.option} {self.folder}: {str(error).partition(': ')[2]}") from None
        finally:  # also after Ctrl-C: either the new result stands, or what was there before
            if old.exists() and not target.exists():
                old.rename(target)
            for rest in (partial, old):
                shutil.rmtree(rest, ignore_errors=True)


@contextmanager
def reserve(folder: Path, by: str, force: bool = False, option: str = "--out") -> Iterator[Reserved]:
    """Hold a folder for a command from before its work until its results stand.

    Parameters
    ----------
    folder
        Where results will stand.
    by
        The command, such as ``planmodel run``: only what it wrote is replaced.
    force
        Replace an earlier result.
    option
        What the user gave the folder by, for messages.

    Raises
    ------
    UserError
        If it cannot be written, holds what is not to be replaced, or another process writes into it.
    """
    with contextlib.ExitStack() as stack:
        try:
            target = Path(os.path.realpath(folder))
            reserved = Reserved(folder, by, force, option, target)
            stack.callback(_remove_empty, [p for p in target.parents if not p.exists()])
            sweep_up(target.parent)
            reserved.check()
            target.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(target, f"{option} {folder}"))
            reserved.check()  # again, now that nobody else writes
        except OSError as error:
            raise UserError(f"{option} {folder}: cannot be written: {reason(error)}") from None
        yield reserved


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


@contextmanager
def locked(target: Path, shown: str, inside: bool = False) -> Iterator[None]:
    """Hold the lock of a folder; the operating system frees that of a process that dies.

    Parameters
    ----------
    target
        The folder.
    shown
        What it is called in messages.
    inside
        Whether the lock stands in the folder, and stays there, and not beside it.

    Raises
    ------
    UserError
        If another process holds it.
    OSError
        If it cannot be written.
    """
    file = target / ".lock" if inside else target.with_name(f".{target.name}.lock")
    key = (file, threading.get_ident())
    if key in _held:
        yield
        return
    from filelock import FileLock, Timeout

    lock = FileLock(file, timeout=0)
    probe = temporary(file)  # where nothing can be written, the lock would wait for ever
    probe.touch()
    probe.unlink()
    try:
        lock.acquire()
    except Timeout:
        raise UserError(
            f"{shown}: {_holder(target, inside)} is writing into it; allowed: wait, or another folder"
        ) from None
    except NotImplementedError as error:
        raise OSError(None, str(error)) from None
    _held.add(key)
    holder = target / "holder.json" if inside else temporary(target, "holder")
    try:
        about = {"pid": os.getpid(), "host": socket.gethostname(), "since": now()}
        try:
            write_whole(holder, json.dumps(about).encode())
        except WriteError as error:
            raise UserError(f"{shown}: {str(error).partition(': ')[2]}") from None
        yield
    finally:
        _held.discard(key)
        with contextlib.suppress(OSError):
            holder.unlink(missing_ok=True)
            if not inside:
                file.unlink(missing_ok=True)
        lock.release()


def _holder(target: Path, inside: bool) -> str:
    notes = [target / "holder.json"] if inside else target.parent.glob(f".{target.name}.holder-*")
    for path in notes:
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
            about = json.loads(path.read_text(encoding="utf-8"))
            return f"process {about['pid']} on {about['host']} (since {about['since']})"
    return "another process"


def now() -> str:
    """Return the time in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
