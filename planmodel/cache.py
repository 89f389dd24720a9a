"""What was made once and may be used again: files in the user's cache folder, by a hash of their origin.

Nothing depends on them: where they are missing, damaged or cannot be written, what they hold is made anew.
``PLANMODEL_CACHE`` names another folder, or is ``off``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import platformdirs

VARIABLE = "PLANMODEL_CACHE"
LARGEST = 200 * 2**20  # bytes of all files; beyond it the oldest go
_DIGEST = 32  # bytes of the hash that a file begins with


def folder() -> Path | None:
    """Return the folder; None where nothing is to be kept."""
    named = os.environ.get(VARIABLE, "")
    if named == "off":
        return None
    return Path(named) if named else Path(platformdirs.user_cache_dir("planmodel"))


def cached(kind: str, key: str) -> bytes | None:
    """Return what was kept; None if nothing was, or it is damaged.

    Parameters
    ----------
    kind
        What it is: letters.
    key
        What it is made of, as a hash.
    """
    here = folder()
    if here is None:
        return None
    path = here / f"{kind}-{key}"
    try:
        content = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    digest, content = content[:_DIGEST], content[_DIGEST:]
    return content if hashlib.sha256(content).digest() == digest else None


def keep(kind: str, key: str, content: bytes) -> None:
    """Keep something under a kind and a key, if the folder can be written."""
    here = folder()
    if here is None:
        return
    with contextlib.suppress(OSError):
        here.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=here, prefix=".making-")
        try:
            with os.fdopen(number, "wb") as file:
                file.write(hashlib.sha256(content).digest() + content)
            Path(name).replace(here / f"{kind}-{key}")
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _shrink(here)


def _shrink(here: Path) -> None:
    """Remove the files that were used longest ago, if all are too large together."""
    files = []
    for path in here.iterdir():
        with contextlib.suppress(OSError):
            about = path.stat()
            files.append((about.st_mtime, about.st_size, path))
    size = sum(one for _, one, _ in files)
    for _, one, path in sorted(files):
        if size <= LARGEST:
            return
        path.unlink(missing_ok=True)
        size -= one
