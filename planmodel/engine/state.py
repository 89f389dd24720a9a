"""Saving all that a simulation is, and going on from it.

A state is taken as a day is done, at the end of the period of a run, and gone on with from the next day: what
comes of it is to the bit what a run in one go would have made. Processes are started anew, so that none may
keep anything between two phases but in the ledger, on the board, in lags and in entities.

A state is a tree: what each part of the simulation returns when it is asked to ``save``. A file of it is a
NumPy archive of its arrays (``.npz``), and of the rest as JSON.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from planmodel.engine.clock import every
from planmodel.engine.component import Component
from planmodel.engine.errors import DeclarationError, StateError, few, same_names
from planmodel.engine.fingerprint import compact, of_code, of_series

if TYPE_CHECKING:
    from planmodel.engine.simulation import Simulation

FORMAT = 1
_TREE = "state.json"
_ARRAY = "__array__"  # stands in the JSON for an array of the archive
_FIRST = (1980, 1, 1, 0, 0, 0)  # date of all parts of an archive: equal states are equal bytes


@dataclass(frozen=True)
class State:
    """What a simulation is when a day is done.

    Attributes
    ----------
    tree
        What its parts have saved: tables, lists, numbers, texts and arrays.
    """

    tree: Mapping[str, Any]

    @property
    def day(self) -> date:
        """The day that is done."""
        return date.fromisoformat(self.tree["day"])

    @property
    def members(self) -> list[int]:
        """Numbers of the members."""
        return [int(number) for number in self.tree["members"]]

    @property
    def seed(self) -> int:
        """Seed of the random streams."""
        return int(self.tree["seed"])

    @property
    def levers(self) -> Mapping[str, Any]:
        """The settings of policy; none where it is not as planmodel writes it."""
        levers = self.tree.get("levers")
        return levers if isinstance(levers, Mapping) else {}

    def to_bytes(self, remark: str = "", compressed: bool = False) -> bytes:
        """Return the bytes of a file.

        Parameters
        ----------
        remark
            What the file is to say of itself, in plain text.
        compressed
            Make it smaller, which takes longer.
        """
        arrays: list[np.ndarray] = []
        tree = _flat(self.tree, arrays, "state")
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            text = json.dumps({"format": FORMAT, "remark": remark, "tree": tree})
            archive.writestr(zipfile.ZipInfo(_TREE, _FIRST), text)
            for number, array in enumerate(arrays):
                part = io.BytesIO()
                np.lib.format.write_array(part, array, allow_pickle=False)
                info = zipfile.ZipInfo(f"{number}.npy", _FIRST)
                info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
                archive.writestr(info, part.getvalue())
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> State:
        """Read what :meth:`to_bytes` wrote.

        Raises
        ------
        StateError
            If it is something else.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                about = json.loads(archive.read(_TREE))
                form = about["format"]
                if form == FORMAT:
                    return cls(_deep(about["tree"], archive))
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, RuntimeError):
            raise StateError("is no state of planmodel; allowed: as planmodel wrote it") from None
        raise StateError(f"is a state of format {form}; this version of planmodel reads format {FORMAT}")


def _flat(value: Any, arrays: list[np.ndarray], place: str) -> Any:
    """Return a tree as JSON can hold it; its arrays are put aside."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufU":
        arrays.append(np.ascontiguousarray(value))
        return {_ARRAY: len(arrays) - 1}
    if isinstance(value, Mapping) and all(isinstance(key, str) and key != _ARRAY for key in value):
        return {key: _flat(part, arrays, f"{place}.{key}") for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_flat(part, arrays, f"{place}[{n}]") for n, part in enumerate(value)]
    raise DeclarationError(
        f"{place}: {type(value).__name__} cannot be saved; allowed: arrays of numbers, numbers, texts, "
        "lists, and tables whose keys are texts"
    )


def _deep(value: Any, archive: zipfile.ZipFile) -> Any:
    """Return a tree with its arrays."""
    if isinstance(value, dict):
        if _ARRAY in value:
            with archive.open(f"{value[_ARRAY]}.npy") as part:
                return np.lib.format.read_array(part, allow_pickle=False)
        return {key: _deep(part, archive) for key, part in value.items()}
    return [_deep(part, archive) for part in value] if isinstance(value, list) else value


# ---- what is in the way of saving --------------------------------------------------------------------------


def check_savable(simulation: Simulation) -> None:
    """Refuse to save a simulation parts of which may keep something that nobody else knows of.

    Raises
    ------
    StateError
        Naming the part and what it keeps.
    """
    for component in simulation.components:
        own = set(vars(component)) - set(vars(Component(component.context, component.p)))
        if own:
            raise StateError(
                f"component '{component.name}' keeps what cannot be saved ({', '.join(sorted(own))})"
            )
        if any(getattr(process, "gi_code", None) is not every.__code__ for process in component.processes()):
            raise StateError(f"component '{component.name}' has a process that may keep what cannot be saved")
    for name, entity in simulation.workspace.entities.items():
        if not (callable(getattr(entity, "save", None)) and callable(getattr(entity, "restore", None))):
            raise StateError(f"entity '{name}' cannot be saved: it has no save() and restore()")


# ---- taking and putting ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changed:
    """What a simulation is given otherwise than the one whose state it goes on from.

    Attributes
    ----------
    holds
        Parameters and switches: they hold from now on.
    past
        Opening values, and years of exogenous series: they are of days that are past, and have no effect.
    """

    holds: tuple[str, ...] = ()
    past: tuple[str, ...] = ()


def take(simulation: Simulation) -> State:
    """Return the state of a simulation at the end of its period.

    Raises
    ------
    StateError
        If a part of it cannot be saved.
    """
    check_savable(simulation)
    saved = {name: part.save() for name, part in _parts(simulation).items()}
    levers = {name: np.copy(value) if np.ndim(value) else value for name, value in simulation.levers.items()}
    rest = {"levers": levers, "worst_residual": simulation.worst_residual}
    return State(_given(simulation, simulation.clock.end) | saved | rest)


def put(simulation: Simulation, state: State) -> Changed:
    """Bring a simulation that has just been made to where another one was.

    Returns
    -------
    Changed
        What it is given otherwise than the other.

    Raises
    ------
    StateError
        If the state is of another economy, or of other members.
    """
    check_savable(simulation)
    saved = state.tree
    try:
        given = _given(simulation, state.day)
        _check_same(saved, given)
        for name, part in _parts(simulation).items():
            part.restore(saved[name])
        same_names("lever", saved["levers"], simulation.levers)
        for lever, value in saved["levers"].items():
            wide = np.shape(simulation.levers[lever])
            simulation.levers[lever] = np.array(np.broadcast_to(value, wide)) if wide else float(value)
        simulation.worst_residual = float(saved["worst_residual"])
        return _changed(saved, given)
    except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
        raise StateError(f"the state is not as planmodel writes it: {type(error).__name__} {error}") from None


def _parts(simulation: Simulation) -> dict[str, Any]:
    """Return what is asked to save and to restore."""
    return {
        "ledger": simulation.ledger,
        "board": simulation.board,
        "workspace": simulation.workspace,
        "watch": simulation.watch,
        "recorder": simulation.recorder,
        "events": simulation.events,
        "decrees": simulation.decrees,
    }


def _given(simulation: Simulation, day: date) -> dict[str, Any]:
    """Return what a simulation is made of and was given, up to a day."""
    clock, context = simulation.clock, simulation.context
    parameters = simulation.workspace.names.parameters
    read = {series.name for part in simulation.parts for series in part.inputs}
    return {
        "start": clock.start.isoformat(),
        "day": day.isoformat(),
        "seed": context.draws.seed,
        "members": [int(number) for number in simulation.members],
        "labels": [int(label) for label in simulation.labels],
        "code": of_code(simulation.parts, clock, simulation.watch.limits),
        "parameters": {
            f"{name}.{key}": compact(getattr(group, key))
            for name, group in parameters.items()
            for key in group.declared
        },
        "switches": dict(context.switches),
        "initial": {name: compact(value) for name, value in simulation.initial.items()},
        "exogenous": of_series(context.exogenous, clock, read, day),
    }


def _check_same(saved: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Refuse a state of other members, of another seed, another first day or other code."""
    if saved["start"] != given["start"]:
        raise StateError(f"the state begins on {saved['start']}, the period on {given['start']}")
    for key in ("seed", "members", "labels"):
        if saved[key] != given[key]:
            what = "members that are called" if key == "labels" else key
            raise StateError(f"the state has {what} {_listed(saved[key])}, not {_listed(given[key])}")
    there, here = saved["code"], given["code"]
    other = sorted(name for name in there.keys() | here.keys() if there.get(name) != here.get(name))
    if other:
        raise StateError(f"the state is of other equations or tables: {few(other)}")


def _listed(value: Any) -> str:
    """Write a number, or the numbers of members."""
    if not isinstance(value, list):
        return str(value)
    first, last = value[0], value[-1]
    whole = len(value) > 1 and value == list(range(first, last + 1))
    return f"{first} to {last}" if whole else few(map(str, value))


def _changed(saved: Mapping[str, Any], given: Mapping[str, Any]) -> Changed:
    """Return what is given otherwise."""

    def differing(key: str) -> list[str]:
        there, here = saved[key], given[key]
        names = dict.fromkeys([*here, *there])
        return [n for n in names if not np.array_equal(there.get(n, np.nan), here.get(n, np.nan))]

    past = [f"initial.{name}" for name in differing("initial")]
    for name, here in given["exogenous"].items():
        there = saved["exogenous"].get(name, {})
        years = [year for year in here if there.get(year) != here[year]]
        past += [f"exogenous.{name} ({few(years)})"] if years else []
    holds = [f"{key}.{name}" for key in ("parameters", "switches") for name in differing(key)]
    return Changed(tuple(holds), tuple(past))
