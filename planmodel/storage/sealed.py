"""A file that carries the hash of its bytes in a last line, which readers of its format pass over.

HDF5 and NetCDF files may be followed by anything. A file of them that is damaged may hold up the library that
reads it for ever, so the hash is asked before.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from planmodel.engine import UserError
from planmodel.storage.files import reason

SIGN = "sealed by planmodel: the last line of the file is the SHA-256 of the bytes before it"
_LAST = re.compile(rb"\nplanmodel sha256 ([0-9a-f]{64})\n")
_LENGTH = len("\nplanmodel sha256 \n") + 64


def sealed(content: bytes) -> bytes:
    """Return the bytes of a file with its seal; they must hold `SIGN`, so that its loss is seen."""
    assert SIGN.encode() in content
    return content + f"\nplanmodel sha256 {hashlib.sha256(content).hexdigest()}\n".encode()


def read_sealed(file: Path) -> bytes:
    """Return what was sealed, without the seal.

    Raises
    ------
    UserError
        If the file cannot be read, was never sealed, or is not as it was written.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {reason(error)}") from None
    if SIGN.encode() not in content and _LAST.fullmatch(content[-_LENGTH:]) is None:
        raise UserError(f"{file}: was not written by planmodel, or is damaged; allowed: as it was written")
    check_sealed(file)
    return content[:-_LENGTH]


def check_sealed(file: Path) -> None:
    """Refuse a sealed file that is not as it was written; a file that was never sealed passes.

    Raises
    ------
    UserError
        Naming the file.
    """
    try:
        content = file.read_bytes()
    except OSError:
        return  # the reader says why
    found = _LAST.fullmatch(content[-_LENGTH:])
    if found is None and SIGN.encode() not in content:
        return
    if found is None or hashlib.sha256(content[:-_LENGTH]).hexdigest() != found[1].decode():
        raise UserError(
            f"{file}: is damaged: its hash is not that of its last line; allowed: as it was written"
        )
