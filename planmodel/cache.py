"""What was reckoned once and can be again: kept in the user's cache folder, by the hash of its sources.

Nobody may depend on it: a folder that is missing, full or read-only is no error, and a file that is damaged
is as good as none. ``PLANMODEL_CACHE`` names another folder, or says ``off``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
from pathlib import Path

LIMIT = 300_000_000  # bytes; what was not used for longest goes first
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_SEAL = hashlib.sha256().digest_size


def folder() -> Path | None:
    """Return where things are kept; None if they are not.

    ``PLANMODEL_CACHE`` comes first, then ``XDG_CACHE_HOME``, then what is usual on the system.
    """
    said = os.environ.get("PLANMODEL_CACHE", "")
    if said:
        return None if said == "off" else Path(said)
    above = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(above):  # as its specification has it  # noqa: PTH117
        usual = {"darwin": "~/Library/Caches", "win32": os.environ.get("LOCALAPPDATA", "~/AppData/Local")}
        above = os.path.expanduser(usual.get(sys.platform, "~/.cache"))  # noqa: PTH111 -- raises nothing
    return Path(above) / "planmodel"


def cached(kind: str, key: str) -> bytes | None:
    """Return what was kept; None if there is nothing, or nothing whole.

    Parameters
    ----------
    kind
        What it is, such as ``record``: a folder of its own.
    key
        The hash of all that it depends on, code and versions of packages among it.

    Raises
    ------
    ValueError
        If kind or key is no plain name.
    """
    file = _file(kind, key)
    if file is None:
        return None
    try:
        if not _ours(file.parent):
            return None
        whole = file.read_bytes()
    except OSError:
        return None
    seal, content = whole[:_SEAL], whole[_SEAL:]
    if hashlib.sha256(content).digest() != seal:
        return None  # and is written anew by whoever makes it again
    with contextlib.suppress(OSError):
        os.utime(file)  # it was used
    return content


def keep(kind: str, key: str, content: bytes) -> None:
    """Keep something under a key, if that can be done: see :func:`cached`.

    Raises
    ------
    ValueError
        If kind or key is no plain name.
    """
    file = _file(kind, key)
    if file is None:
        return
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(file.parent):
            return
        try:
            partial.write_bytes(hashlib.sha256(content).digest() + content)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
        _drop_oldest(file.parent.parent)


def _file(kind: str, key: str) -> Path | None:
    for name in (kind, key):
        if not _NAME.fullmatch(name):
            raise ValueError(f"'{name}' is no name of what is kept; allowed: letters, digits, '_', '.', '-'")
    place = folder()
    return None if place is None else place / kind / key


def _ours(place: Path) -> bool:
    """Tell whether nobody else wrote what is there: it is believed as code of our own is."""
    return not hasattr(os, "getuid") or place.stat().st_uid == os.getuid()


def _drop_oldest(place: Path) -> None:
    """Delete what was not used for longest, until the rest is within the limit."""
    files = [(file, file.stat()) for file in place.glob("*/*") if file.is_file()]
    size = sum(about.st_size for _, about in files)
    for file, about in sorted(files, key=lambda one: one[1].st_mtime):
        if size <= LIMIT:
            return
        file.unlink(missing_ok=True)
        size -= about.st_size
