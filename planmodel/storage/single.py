"""A single file that the user names: written whole, and never over what is not ours."""

from __future__ import annotations

import os
from pathlib import Path

from planmodel.kernel import UserError
from planmodel.storage.files import WriteError, reason, sweep_up, temporary, write_whole


def check_file(option: str, file: Path, force: bool, mark: bytes, what: str) -> None:
    """Refuse a file that cannot be written, or that holds what is not to be replaced.

    Parameters
    ----------
    option, file
        As the user gave them.
    force
        Replace an earlier file of ours.
    mark
        Bytes that all files of this kind hold, and no others.
    what
        What kind it is, such as ``a page of planmodel``.

    Raises
    ------
    UserError
        Naming the file and what is allowed.
    """
    shown = f"{option} {file}"
    try:
        if file.is_dir():
            raise UserError(f"{shown}: is a folder; allowed: a file")
        if not file.parent.is_dir():
            raise UserError(f"{shown}: there is no folder {file.parent}; allowed: a file in one that exists")
        target = Path(os.path.realpath(file))
        sweep_up(target.parent)
        if os.path.lexists(target):
            if not force:
                raise UserError(f"{shown}: exists; allowed: another file, or --force to replace it")
            if not target.is_file() or mark not in target.read_bytes():
                raise UserError(f"{shown}: is not {what}; --force will not replace it")
        probe = temporary(target)  # whether a disk is read-only cannot be told from permissions
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UserError(f"{shown}: cannot be written: {reason(error)}") from None


def write_file(option: str, file: Path, content: bytes) -> None:
    """Write a file whole, or not at all.

    Raises
    ------
    UserError
        If it cannot be written.
    """
    try:
        write_whole(Path(os.path.realpath(file)), content)
    except WriteError as error:
        raise UserError(f"{option} {file}: {str(error).partition(': ')[2]}") from None
