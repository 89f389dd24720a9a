"""The economies that are ready, and any other by its folder. The functions speak of the whole model."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import planmodel
from planmodel.engine import UserError
from planmodel.scenario.economy import Economy
from planmodel.scenario.folder import FILE, read_economy
from planmodel.scenario.names import near

_FOLDER = Path(planmodel.__file__).parent / "economies"
DEFAULT = "soviet"


def economies() -> dict[str, Path]:
    """Return the folders of the ready economies by name; the whole model comes first."""
    found = {file.parent.name: file.parent for file in sorted(_FOLDER.glob(f"*/{FILE}"))}
    return {DEFAULT: found.pop(DEFAULT), **found}


@cache
def economy(name: str = DEFAULT) -> Economy:
    """Return an economy: a ready one by name, or one in a folder by the path of that.

    Raises
    ------
    UserError
        If there is none, or what its folder holds is not right.
    """
    ready = economies()
    if name in ready:
        return read_economy(ready[name], name)
    folder = Path(name)
    if not (folder / FILE).is_file():
        known = near(name, ready) or f"; allowed: {', '.join(ready)}, or a folder with {FILE}"
        raise UserError(f"economy: none is called '{name}'{known}")
    return read_economy(folder.resolve(), str(folder.resolve()))


MODEL: Economy = economy()
parameters = MODEL.parameters
levers = MODEL.levers
switches = MODEL.switches
inputs = MODEL.inputs
variables = MODEL.variables
stocks = MODEL.stocks
commodities = MODEL.commodities
flows = MODEL.flows
recordable = MODEL.recordable


SYSTEMS: dict[str, Economy] = {name: economy(name) for name in economies() if name != DEFAULT}
