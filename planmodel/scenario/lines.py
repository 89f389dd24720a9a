"""The lines that matter of an economy: what a screen shows first, by theme (``screen.toml``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from planmodel.engine.errors import UserError
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint
from planmodel.scenario.toml import read_toml

FILE = "screen.toml"


def lines_of(economy: Economy) -> dict[str, tuple[str, ...]]:
    """Return names by theme, in order; without a file, all that the economy compares or shows.

    Raises
    ------
    UserError
        Naming file, theme, name and what is allowed.
    """
    file = economy.folder / FILE
    if not file.is_file():
        return {"": tuple(economy.indicators) or tuple(economy.shown)}
    known = economy.indicators
    for theme, names in _read(file).items():
        for name in names:
            if name not in known:
                raise UserError(f"{file}: themes.{theme}: no indicator is called '{name}'{hint(name, known)}")
    return _read(file)


@cache
def _read(file: Path) -> dict[str, tuple[str, ...]]:
    tree = read_toml(file)
    for key in tree:
        if key != "themes":
            raise UserError(f"{file}: {key}: unknown key; allowed: themes")
    themes = tree.get("themes", {})
    if not isinstance(themes, dict):
        raise UserError(f"{file}: themes: is no table; allowed: names by theme")
    for theme, names in themes.items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise UserError(f"{file}: themes.{theme}: is no list of names; allowed: names of indicators")
    return {theme: tuple(names) for theme, names in themes.items()}
