"""A village of regions that stands on a day: equations are reckoned with what a law gives them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from standing import APRIL

from planmodel.engine import Array
from planmodel.engine.rules import with_sums
from planmodel.engine.workspace import Acting
from planmodel.runs.history import History
from planmodel.scenario import load_scenario
from planmodel.scenario.by_region import regions_of

BASELINE = load_scenario("baseline")
REGIONS: tuple[str, ...] = tuple(regions_of(BASELINE.declared))
MANY = len(REGIONS)
ONE = REGIONS.index("volga")  # a region in which a law changes something
SHARES = np.arange(1.0, MANY + 1.0) / (MANY * (MANY + 1) / 2.0)  # uneven shares that add up to one
WEIGHTS = np.array([0.1, 0.2, 0.3, 0.4])  # of classes of districts, from the poorest

Given = dict[str, Any]  # arguments of an equation


def only(value: float, elsewhere: float = 0.0) -> Array:
    """Return a value in one region, and another elsewhere."""
    values = np.full(MANY, elsewhere)
    values[ONE] = value
    return values


def _spread(name: str, value: Any, known: Any) -> dict[str, Any]:
    """Return values under the names that hold them: one of the country, or one of each region."""
    if name in known:
        return {name: value}
    values = np.broadcast_to(np.asarray(value, dtype=float), MANY)
    return {f"{name}_{region}": float(v) for region, v in zip(REGIONS, values, strict=True)}


def village(
    day: date = APRIL,
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
    /,
    members: tuple[int, ...] = (0,),
    **variables: Any,
) -> History:
    """Return an economy that stands on a day, with its own sizes, by region where arrays are given."""
    declared = BASELINE.declared.parameters()
    laid: dict[str, dict[str, Array]] = {
        block: {
            name: np.full(len(members), size)
            for key, value in group.items()
            for name, size in _spread(key, value, declared[block]).items()
        }
        for block, group in (parameters or {}).items()
    }
    history = History(BASELINE, members, parameters=laid)
    if day > history.clock.start:
        history.clock.environment.run(until=history.clock.day(day))
    for key, value in variables.items():
        for name, size in _spread(key, value, history.board.variables).items():
            history.board[name] = size
    history.board.settle()
    return history


@cache
def standing() -> History:
    """Return an economy that nobody changes: laws give an equation what they need."""
    return village()


def _acting(history: History, name: str) -> Acting:
    """Return an equation or auxiliary by ``block.name``."""
    workspace = history.workspace
    for acting in workspace.acting:
        if f"{acting.equation.block}.{acting.equation.name}" == name:
            return acting
    block, _, short = name.partition(".")
    acting_value = workspace.auxiliary_of(short, block)
    assert acting_value is not None, f"nothing is called {name}"
    return acting_value


def reckon(name: str, /, **given: Any) -> Any:
    """Return what an equation makes of what it is given, and of what stands in April 1928."""
    return reckon_in(standing(), name, **given)


def reckon_in(history: History, name: str, /, **given: Any) -> Any:
    """Return what an equation makes of what it is given, and of what stands for the rest; nothing is changed.

    Parameters
    ----------
    history
        What stands.
    name
        ``block.equation`` or ``block.auxiliary``.
    given
        Arguments, on the axes on which the equation reads them, or fewer from the right.

    Returns
    -------
    Results by name of an equation, the value of an auxiliary; of one member, without axes along which nothing
    differs.
    """
    history.workspace.forget()
    acting = _acting(history, name)
    bound, names = acting.bound, acting.equation.reads
    arguments = bound.arguments.copy()
    for at, fetch, shape in bound.fetched:
        found = fetch()
        arguments[at] = found if shape is None or np.ndim(found) == 0 else found.reshape(shape)
    sizes = history.workspace.names.axes.size
    for key, value in given.items():
        reader = bound.readers[names.index(key)]
        if np.ndim(value) or reader.axes:  # else a sum over regions would be one of one
            value = np.broadcast_to(value, [sizes[a] for a in bound.axes if a in reader.axes])
            value = value.reshape(*(sizes[a] if a in reader.axes else 1 for a in bound.axes), 1)
        arguments[names.index(key)] = value
    made = with_sums(acting.equation, bound.axes)(*arguments)
    if isinstance(made, dict):
        return {key: _plain(value) for key, value in made.items()}
    return _plain(made)


def reads(name: str) -> tuple[str, ...]:
    """Return what an equation reads."""
    return _acting(standing(), name).equation.reads


def _plain(value: Any) -> Any:
    many = np.asarray(value)
    return np.squeeze(many[..., 0]) if many.ndim else many


def read(history: History, name: str, block: str) -> Array:
    """Return what equations of a block read under a name, of all members."""
    many: Array = np.asarray(history.workspace.read(name, block), dtype=float)
    return many
