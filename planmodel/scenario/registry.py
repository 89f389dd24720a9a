"""The economies that are ready, and any other by its folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from planmodel.engine import UserError
from planmodel.scenario.choices import parted
from planmodel.scenario.economy import Economy
from planmodel.scenario.folder import FILE, read_economy
from planmodel.scenario.names import near
from planmodel.trust import is_named

_FOLDER = Path(__file__).parents[1] / "economies"
DEFAULT = "soviet"


def economies() -> dict[str, Path]:
    """Return the folders of the ready economies by name; the whole model comes first."""
    found = {file.parent.name: file.parent for file in sorted(_FOLDER.glob(f"*/{FILE}"))}
    return {DEFAULT: found.pop(DEFAULT), **found}


def economy(name: str = DEFAULT) -> Economy:
    """Return an economy: a ready one by name, or one in a folder by the path of that.

    The name may say what is chosen of it: see :mod:`planmodel.scenario.choices`.

    Raises
    ------
    UserError
        If there is none, or what its folder holds is not right.
    """
    return _read(name)  # not cached here: economy() and economy("soviet") are one and the same


@cache
def _read(name: str) -> Economy:
    ready = economies()
    bare, _ = parted(name)
    said = name.removeprefix(bare)
    if bare in ready:
        return read_economy(ready[bare], name)
    folder = Path(bare)
    if not (folder / FILE).is_file():
        known = near(bare, ready) or f"; allowed: {', '.join(ready)}, or a folder with {FILE}"
        raise UserError(f"economy: none is called '{name}'{known}")
    folder = folder.resolve()
    if not is_named(folder):
        raise UserError(
            f"economy: {folder}: is named by a file only, and its equations are code; allowed: "
            f"planmodel --economy {folder} ..., if you trust it"
        )
    return read_economy(folder, f"{folder}{said}")


def smaller() -> dict[str, Economy]:
    """Return the ready economies by name, but the whole model."""
    return {name: economy(name) for name in economies() if name != DEFAULT}


def only_economy(name: str) -> bool:
    """Tell whether a name or path is that of an economy, and of no scenario."""
    folder = economies().get(name, Path(name))
    return (folder / FILE).is_file() and not (folder / "baseline.toml").is_file()
