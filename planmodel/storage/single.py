"""A single file that the user names: written whole, and never over what is not ours."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from planmodel.engine import UserError
from planmodel.storage.files import WriteError, reason, sweep_up, temporary, write_whole


@dataclass(frozen=True)
class NamedFile:
    """A file that a command writes where the user says.

    Attributes
    ----------
    option, file
        As the user gave them.
    what
        What kind it is, such as ``a page of planmodel``.
    mark
        Bytes that all files of this kind hold, and no others.
    force
        Replace an earlier file of this kind.
    """

    option: str
    file: Path
    what: str
    mark: bytes
    force: bool = False

    def check(self) -> None:
        """Refuse a file that cannot be written, or that holds what is not to be replaced.

        Raises
        ------
        UserError
            Naming the file and what is allowed.
        """
        shown, target = f"{self.option} {self.file}", Path(os.path.realpath(self.file))
        try:
            if target.is_dir():
                raise UserError(f"{shown}: is a folder; allowed: a file")
            if not target.parent.is_dir():
                raise UserError(
                    f"{shown}: there is no folder {self.file.parent}; allowed: a file in one that exists"
                )
            sweep_up(target.parent)
            if os.path.lexists(target):
                if not self.force:
                    raise UserError(f"{shown}: exists; allowed: another file, or --force to replace it")
                if not target.is_file() or self.mark not in target.read_bytes():
                    raise UserError(f"{shown}: is not {self.what}; --force will not replace it")
            probe = temporary(target)  # whether a disk is read-only cannot be told from permissions
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise UserError(f"{shown}: cannot be written: {reason(error)}") from None

    def write(self, content: bytes) -> None:
        """Write the file whole, or not at all; what the user put there in the meantime stays.

        Raises
        ------
        UserError
            As `check`, and if the disk is full.
        """
        self.check()
        try:
            write_whole(Path(os.path.realpath(self.file)), content)
        except WriteError as error:
            raise UserError(f"{self.option} {self.file}: {str(error).partition(': ')[2]}") from None
