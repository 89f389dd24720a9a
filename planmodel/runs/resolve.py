"""What a member is: the one place where values are laid over a scenario.

A scenario says a value for all members; a design, a table, the draws of a posterior or an argument lay values
over it, one a member. Two layers on one key never win over each other in silence:

* what is laid by name (a design, a table, an argument) takes the place of what a scenario's file says, and is
  refused where a change on top of the scenario (``--set``, ``[changes]``, ``set``) says the same key, or
  another layer does;
* what comes as a whole and *yields* (the draws of a posterior) does not touch what the scenario itself says
  otherwise than the base that it belongs to: that is held by the scenario, not drawn, and the result says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from planmodel.engine.errors import UserError
from planmodel.runs.members import Members, column, number_of_members
from planmodel.runs.stretches import Count, Stretched
from planmodel.scenario.explain import Layer
from planmodel.scenario.finding import scenario_files
from planmodel.scenario.keys import Key, find_key, nested
from planmodel.scenario.keys import keys as all_keys
from planmodel.scenario.notes import scenario_notes
from planmodel.scenario.origins import origins, said_by
from planmodel.scenario.schema import Scenario

_NAMED = 6  # keys that a sentence names


@dataclass(frozen=True)
class Laid:
    """Values by dotted key, one a member, that are laid over a scenario.

    Parameters
    ----------
    values
        Each of shape ``(members,)``; a single value stands for all members.
    said
        What says them, as it is named in results and messages.
    place
        Put before a key in a message: the file and the table, or the argument.
    yields
        Whether they give way to what the scenario itself says.
    base
        Names of layers of the scenario that a yielding key does not give way to: those that its values are
        better estimates of.
    over_changes
        Whether it is the stated purpose to differ from what changes on top of the scenario say.
    """

    values: Mapping[str, Any]
    said: str = "parameters"
    place: str = "parameters: "
    yields: bool = False
    base: Collection[str] = ()
    over_changes: bool = False


def resolve(
    scenario: Scenario,
    *laid: Laid,
    seed: int = 0,
    numbers: Sequence[int] | np.ndarray | Count | None = None,
) -> Members:
    """Return the members of a scenario: for each key its values, and the layer that says them.

    Parameters
    ----------
    scenario
        What all members have in common.
    laid
        What differs between them.
    seed
        Seed of the random streams.
    numbers
        Number of the random stream of each member; 0, 1, 2, ... unless given, one member where nothing
        differs. Number 0 is without shocks.

    Returns
    -------
    Members
        With ``said`` (what says each column) and ``held`` (what was laid but is held by the scenario).

    Raises
    ------
    UserError
        If a key is unknown or said twice, a value is out of bounds, or lengths differ.
    """
    known = all_keys(scenario)
    check_seed(seed)
    found = _Found()
    for one in laid:
        _lay(one, scenario, known, found, alone=len(laid) == 1)
    place = laid[0].place if laid else ""
    if found.stretched is not None:
        size = found.stretched.size
        if numbers is not None and len(numbers) != size:
            raise UserError(f"{place}{len(numbers)} numbers and {size} members; allowed: one a member")
        return _members(scenario, seed, found.stretched, size, numbers, found)
    size = number_of_members(found.columns, numbers, place)
    single = {name: np.repeat(value, size) for name, value in found.single.items()}
    columns = {name: (found.columns | single)[name] for name in found.keys}  # in the order in which they came
    return _members(scenario, seed, columns, size, numbers, found)


def _members(
    scenario: Scenario,
    seed: int,
    columns: Mapping[str, np.ndarray],
    size: int,
    numbers: Sequence[int] | np.ndarray | Count | None,
    found: _Found,
) -> Members:
    given = Count(size) if numbers is None else numbers
    streams = given if isinstance(given, Count) else np.asarray(given, dtype=np.int64)
    return Members(scenario, seed, columns, streams, found.keys, found.said, found.held)


@dataclass
class _Found:
    """What has been laid so far."""

    keys: dict[str, Key] = field(default_factory=dict)
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    stretched: Stretched | None = None
    single: dict[str, np.ndarray] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)


def _lay(laid: Laid, scenario: Scenario, known: Mapping[str, Key], found: _Found, alone: bool) -> None:
    before, mine, left = set(found.keys), set[str](), dict[str, str]()
    for name in laid.values:
        key, holder = _key(laid, name, scenario, known)
        if key.name in mine:
            raise UserError(f"{laid.place}{name}: is given twice; allowed: once")
        mine.add(key.name)
        if key.name in before:
            said = found.said[key.name]
            raise UserError(f"{laid.place}{name}: is said by {said} too; allowed: one of the two")
        if holder is not None:
            found.held[key.name] = holder.name
            continue
        found.keys[key.name], found.said[key.name] = key, laid.said
        left[key.name] = name
    if alone and isinstance(laid.values, Stretched):
        found.stretched = _checked(laid.values.renamed(left), found.keys, laid.place)
        return
    for name, given in left.items():
        values = laid.values[given]
        columns = found.single if np.ndim(values) == 0 else found.columns
        columns[name] = column(found.keys[name], values, f"{laid.place}{name}")


def _checked(columns: Stretched, keys: Mapping[str, Key], place: str) -> Stretched:
    """Check columns that are made by stretch, without keeping them."""
    for first, rows in columns.stretches():
        for name, values in rows.items():
            keys[name].check(values, f"{place}{name}", first)
    return columns


def _key(laid: Laid, name: str, scenario: Scenario, known: Mapping[str, Key]) -> tuple[Key, Layer | None]:
    """Return what a key stands for, and the layer of the scenario that holds it against what is laid."""
    try:
        key = find_key(name, scenario, known)
    except UserError as error:
        layer = said_by(scenario, name)
        if laid.yields and layer is not None and layer.kind != "base":  # a series taken otherwise
            return Key(name, "number"), layer
        raise UserError(f"{laid.place}{error}") from None
    layer = said_by(scenario, key.name)
    if layer is None or layer.kind == "base" or _names(layer) & set(laid.base):
        return key, None
    if laid.yields:
        return key, layer
    if layer.kind == "change" and not laid.over_changes:
        raise UserError(f"{laid.place}{name}: is set by {layer.name} too; allowed: one of the two")
    return key, None


def _names(layer: Layer) -> set[str]:
    """Return how a layer may be called by those who fitted it.

    A ready scenario by its name; another one as it was found, by its file, by the name that it gives itself,
    but never as a ready one: a copy of the baseline that somebody has changed is not the baseline.
    """
    if not layer.name.endswith(".toml"):
        return {layer.name}
    return {layer.name, Path(layer.name).stem, str(layer.tree.get("name"))} - set(scenario_files())


def told(members: Members) -> dict[str, Any]:
    """Return, for a manifest, what says each value, what the scenario holds, and what must be said of it.

    Declared defaults, which nothing says, are left out.
    """
    said = origins(members.scenario) | dict(members.said)
    return {"said": said, "held": dict(members.held), "notes": list(_notes(members))}


def notes_of(laid: Iterable[Members]) -> list[str]:
    """Return what must be said of some runs on the screen: each sentence once, with the runs it is of."""
    runs = list(laid)
    found: dict[str, list[str]] = {}
    for members in runs:
        held = held_sentence(members.held)
        for note in (*_notes(members), *([held] if held else [])):
            named = found.setdefault(note, [])
            if members.scenario.name not in named:
                named.append(members.scenario.name)
    every = len({members.scenario.name for members in runs})
    return [note if len(names) == every else f"{', '.join(names)}: {note}" for note, names in found.items()]


def _notes(members: Members) -> tuple[str, ...]:
    differing = {
        name: members.columns[name]  # the others need not be made
        for name, key in members.keys.items()
        if key.within and name.startswith("exogenous.")
    }
    return scenario_notes(members.scenario, nested(differing)["exogenous"])


def held_sentence(held: Mapping[str, str]) -> str:
    """Say what was laid over a scenario but is held by it; empty if there is nothing of the kind."""
    by_holder: dict[str, list[str]] = {}
    for key, holder in held.items():
        by_holder.setdefault(holder, []).append(key)
    parts = []
    for holder, keys in by_holder.items():
        more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
        parts.append(f"{', '.join(keys[:_NAMED])}{more} (by {holder})")
    return f"held by the scenario, not drawn: {'; '.join(parts)}" if parts else ""


def check_seed(seed: int, place: str = "seed") -> None:
    """Refuse a seed that is no whole number between 0 and 2**32 - 1."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**32:
        raise UserError(f"{place}: {seed} is not valid; allowed: a whole number from 0 to {2**32 - 1}")


def member_numbers(members: int | Sequence[int]) -> list[int]:
    """Return the numbers of members that are asked for: so many from 0 on, or those that are listed.

    Raises
    ------
    UserError
        If there is none, or one is no whole number of 0 or more.
    """
    numbers = [members] if isinstance(members, bool | float) else members
    numbers = range(numbers) if isinstance(numbers, int) else numbers
    found = list(numbers)
    for number in found:
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 0:
            raise UserError(f"members: {number} is not valid; allowed: whole numbers of 0 or more")
    if not found:
        raise UserError(f"members: {members} is not valid; allowed: 1 or more")
    return [int(number) for number in found]


def as_dotted(nested: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by dotted key, where they are given as component -> parameter -> values."""
    return {
        (f"parameters.{name}.{inner}" if inner else name): values
        for name, group in nested.items()
        for inner, values in (group.items() if isinstance(group, Mapping) else [("", group)])
    }
