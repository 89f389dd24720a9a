"""A new economy: a folder that runs, to be written over."""

from __future__ import annotations

import keyword
import re
import shutil
from pathlib import Path

from planmodel.engine.errors import UserError
from planmodel.scenario.finding import scenario_files
from planmodel.scenario.registry import economies

_SKELETON = Path(__file__).parents[1] / "skeleton"
_NAME = "my_economy"  # what it is called there, in names and texts of files


def write_skeleton(name: str, parent: Path) -> list[Path]:
    """Write the folder of a new economy, whole or not at all; return its files.

    Parameters
    ----------
    name
        Of the economy and its folder: an identifier, and none of a ready economy or scenario.
    parent
        Where the folder is made.

    Raises
    ------
    UserError
        If the name is not free, or the folder is there already or cannot be written.
    """
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) is None or keyword.iskeyword(name):
        raise UserError(
            f"new {name}: is no name of an economy; allowed: letters, digits and _, no digit first, and no "
            "word of Python"
        )
    for what, ready in (("economy", economies()), ("scenario", scenario_files())):
        if name in ready:
            raise UserError(f"new {name}: is a ready {what} ({ready[name]}); allowed: another name")
    folder = parent / name
    if folder.exists() or folder.is_symlink():
        raise UserError(f"new {name}: {folder.resolve()} is there already; allowed: another name")
    try:
        folder.mkdir()
    except OSError as error:
        raise UserError(f"new {name}: {folder}: cannot be made: {error.strerror}") from None
    try:
        return [_write(file, folder, name) for file in sorted(_SKELETON.iterdir()) if file.is_file()]
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UserError(f"new {name}: {error.filename}: cannot be written: {error.strerror}") from None


def _write(file: Path, folder: Path, name: str) -> Path:
    """Write a file of the skeleton under the name of the economy."""
    written = folder / file.name.replace(_NAME, name)
    written.write_text(file.read_text(encoding="utf-8").replace(_NAME, name), encoding="utf-8")
    return written
