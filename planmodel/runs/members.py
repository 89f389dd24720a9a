"""The members of an ensemble: a table with one row a member, split into groups and chunks.

They are made by :func:`planmodel.runs.resolve.resolve`, which checks what is laid over a scenario.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planmodel.engine import Array, UserError
from planmodel.runs.stretches import Count, Stretched, exact, in_words, stretches
from planmodel.scenario import Scenario
from planmodel.scenario.explain import shown
from planmodel.scenario.keys import Key
from planmodel.scenario.load import change_scenario


@dataclass(frozen=True)
class Group:
    """Members that share one scenario: the same switches, dates and versions.

    ``members`` are rows of the table, in ascending order.
    """

    number: int
    scenario: Scenario
    members: np.ndarray | Count
    pattern: Mapping[str, Any]


@dataclass(frozen=True)
class Members:
    """What each member has: a scenario for all, and columns of values that differ.

    Parameters
    ----------
    scenario
        What all have in common.
    seed
        Seed of the random streams.
    columns
        Values by dotted key, one a member: float64, bool, datetime64 or text. Those of a large design are
        made by stretch: who wants few members, or all one after the other, asks for `rows`.
    numbers
        Number of each member's random stream, shape ``(members,)``; 0 is without shocks.
    keys
        What each column stands for.
    said
        What says the values of each column.
    held
        What was laid over the scenario but is held by it, and by which of its layers.
    """

    scenario: Scenario
    seed: int
    columns: Mapping[str, np.ndarray]
    numbers: np.ndarray | Count
    keys: Mapping[str, Key] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.numbers)

    def together(self, place: str = "") -> Mapping[str, Array]:
        """Return the columns, if all members can run in one chunk.

        Raises
        ------
        UserError
            If members differ in what needs a scenario of its own (a switch, a date, a version).
        """
        for name, key in self.keys.items():
            if not key.within:
                raise UserError(f"{place}{name}: members of one run cannot differ in it; allowed: numbers")
        return self.columns

    @cached_property
    def groups(self) -> list[Group]:
        """The groups in the order of their first member.

        Raises
        ------
        UserError
            If the values of a group make no valid scenario (a decree outside the period, for instance).
        """
        split = [name for name, key in self.keys.items() if not key.within]
        if not split:
            return [Group(0, self.scenario, Count(len(self)), {})]
        frame = pd.DataFrame({name: self.columns[name] for name in split})
        found: list[Group] = []
        changed: dict[str, Scenario] = {}
        for _, rows in frame.groupby(split, sort=False, dropna=False):
            members = np.sort(rows.index.to_numpy())
            pattern = {name: _plain(self.columns[name][members[0]]) for name in split}
            scenario = self._switched(pattern, f"member {members[0]}", changed)
            found.append(Group(len(found), scenario, members, pattern))
        return found

    def rows(self, first: int, last: int) -> dict[str, np.ndarray]:
        """Return the values of the members from first to (not including) last."""
        if isinstance(self.columns, Stretched):
            return self.columns.rows(first, last)
        return {name: column[first:last] for name, column in self.columns.items()}

    def values_within(self, members: np.ndarray) -> dict[str, Array]:
        """Return what differs within a chunk, for some members in ascending order."""
        if isinstance(self.columns, Stretched):
            first, last = int(members[0]), int(members[-1]) + 1
            return {name: column[members - first] for name, column in self.rows(first, last).items()}
        return {name: self.columns[name][members] for name, key in self.keys.items() if key.within}

    def member(self, number: int) -> Scenario:
        """Return the whole scenario of one member.

        Raises
        ------
        UserError
            If there is no such member.
        """
        if not 0 <= number < len(self):
            raise UserError(f"member {number}: there is none; allowed: 0 to {len(self) - 1}")
        values = {name: _plain(column[0]) for name, column in self.rows(number, number + 1).items()}
        return self._changed(values, f"member {number}")

    def table(self) -> pd.DataFrame:
        """Return the design: one row a member, one column a key."""
        index = pd.RangeIndex(len(self), name="member")
        return pd.DataFrame(dict(self.columns), index=index)

    def csv(self) -> Iterator[bytes]:
        """Yield the design as CSV, piece by piece; numbers are exact to the bit."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["member", *self.columns])
        for first, last in stretches(len(self), len(self.columns) + 1):
            columns = (in_words(column) for column in self.rows(first, last).values())
            writer.writerows(zip(range(first, last), *columns, strict=True))
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()

    def digest(self) -> str:
        """Return the SHA-256 of all that decides the results: scenario, seed, streams and values."""
        found = hashlib.sha256(f"{self.scenario.digest()}/{self.seed}".encode())
        for first, last in stretches(len(self)):
            found.update(self.numbers[first:last].tobytes())
        for name, parts in self._by_name():
            found.update(name.encode())
            for part in parts:
                found.update(exact(part))
        return found.hexdigest()

    def _by_name(self) -> Iterator[tuple[str, Iterator[np.ndarray]]]:
        """Yield columns in the order of names, each in parts."""
        names = sorted(self.columns)
        if isinstance(self.columns, Stretched):
            return self.columns.one_by_one(names)
        return ((name, iter([self.columns[name]])) for name in names)

    def _switched(self, pattern: Mapping[str, Any], label: str, changed: dict[str, Scenario]) -> Scenario:
        """Return the scenario of a group; ``changed`` keeps those that differ in more than mechanisms.

        To check a scenario costs as much as to run thirty members of it, and there may be a thousand patterns
        of mechanisms; of these there is nothing to check but that they are true or false.
        """
        switches = {k.partition(".")[2]: v for k, v in pattern.items() if k.startswith("switches.")}
        rest = {key: value for key, value in pattern.items() if not key.startswith("switches.")}
        scenario = changed.get(repr(rest))
        if scenario is None:
            scenario = changed.setdefault(repr(rest), self._changed(rest, label))
        if not switches:
            return scenario
        return scenario.model_copy(update={"switches": scenario.switches.model_copy(update=switches)})

    def _changed(self, values: Mapping[str, Any], label: str) -> Scenario:
        changes: dict[str, Any] = {}
        for name, value in values.items():
            changes |= self.keys[name].change(value)
        return change_scenario(self.scenario, changes, label) if changes else self.scenario


def unchecked(scenario: Scenario, values: Mapping[str, Array], numbers: np.ndarray, seed: int = 0) -> Members:
    """Return members with numbers that need no check, such as those within the bounds of a fit.

    Parameters
    ----------
    scenario
        What all have in common.
    values
        By dotted key, each of shape ``(members,)``; of such as may differ within a chunk.
    numbers
        Of their random streams.
    """
    keys = {name: Key(name, "number", within=True) for name in values}
    return Members(scenario, seed, values, numbers, keys)


def spans(group: Group, size: int, done: Sequence[tuple[int, int]] = ()) -> Iterator[tuple[int, int]]:
    """Yield the spans of a group that are left to run: positions from first to (not including) last.

    Parameters
    ----------
    group
        The group.
    size
        Largest number of members in a chunk.
    done
        Spans of positions that need not be run again.
    """
    start = 0
    for first, last in [*sorted(done), (len(group.members), len(group.members))]:
        for at in range(start, first, size):
            yield at, min(at + size, first)
        start = max(start, last)


def number_of_members(
    columns: Mapping[str, np.ndarray], numbers: Sequence[int] | np.ndarray | Count | None, place: str
) -> int:
    """Return how many members there are: as many as values of a key, or as numbers of streams.

    Without either there is one.

    Raises
    ------
    UserError
        If lengths differ, or there is none.
    """
    lengths = {name: len(values) for name, values in columns.items()}
    if numbers is not None:
        lengths["numbers"] = len(numbers)
    if len(set(lengths.values())) > 1:
        first, *_, last = sorted(lengths.items(), key=lambda item: item[1])
        raise UserError(
            f"{place}{first[0]} has {first[1]} values and {last[0]} has {last[1]}; allowed: one a member"
        )
    size = next(iter(lengths.values()), 1)
    if size == 0:
        raise UserError(f"{place}no members; allowed: 1 or more")
    return size


def column(key: Key, given: Any, place: str) -> np.ndarray:
    """Check the values of a key and return them as an array."""
    values = np.atleast_1d(np.asarray(given))
    if values.ndim != 1:
        raise UserError(f"{place}: has {values.ndim} dimensions; allowed: one value a member")
    if key.kind == "number":
        if values.dtype.kind not in "fiu":
            raise _refused(key, values, place)
        numbers = np.ascontiguousarray(values, dtype=float)
        key.check(numbers, place)
        return numbers
    if key.kind == "switch":
        if values.dtype.kind != "b":
            raise _refused(key, values, place)
        return values
    if key.kind == "date":
        try:
            return values.astype("datetime64[D]")
        except (ValueError, TypeError):
            raise _refused(key, values, place) from None
    texts = np.array([str(text) for text in values], dtype=object)
    for text in texts:
        if text not in key.choices:
            raise UserError(f"{place}: {shown(text)} is not valid; allowed: {key.allowed()}")
    return texts


def _refused(key: Key, values: np.ndarray, place: str) -> UserError:
    return UserError(f"{place}: {shown(_plain(values[0]))} is not valid; allowed: {key.allowed()}")


def _plain(value: Any) -> Any:
    """Return a NumPy scalar as Python writes it: float, bool, date or text."""
    if isinstance(value, np.datetime64):
        day: date = value.astype("datetime64[D]").item()
        return day
    return value.item() if isinstance(value, np.generic) else value
