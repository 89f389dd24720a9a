"""Axes: how one name stands for a quantity at all labels of an axis.

The names of an economy are plain strings: ``people_kolkhoz_members``. Where ``peasants`` is an axis with
the labels ``individual_peasants`` and ``kolkhoz_members``, the name ``people_peasants`` stands for both, as
an array with an axis before that of the members; in a table the row ``people.{peasants}`` declares both.

An axis may be left out: then ``grain_{region}`` is ``grain``, without an axis, as if nobody had spread it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from planmodel.engine.errors import DeclarationError


@dataclass(frozen=True)
class Axis:
    """Labels along which a quantity is spread; an axis ``along`` another has other labels for the same."""

    name: str
    labels: tuple[str, ...]
    along: str
    meaning: str

    @property
    def dimension(self) -> str:
        """The axis that arrays have for it."""
        return self.along or self.name

    @property
    def left_out(self) -> bool:
        """Whether nothing is spread along it: a pattern has one name, which does not speak of it."""
        return self.labels == _NO_LABEL


_NO_LABEL = ("",)
_PLACE = re.compile(r"{(\w+)( text)?}")  # of a label in a pattern


class Family(NamedTuple):
    """A name that stands for several: the axes of its array, and the names of its rows in their order."""

    axes: tuple[str, ...]
    names: tuple[str, ...]


class Axes:
    """The axes of an economy, in the order in which arrays have them."""

    def __init__(self, axes: Iterable[Axis]) -> None:
        self.by_name: dict[str, Axis] = {}
        for axis in axes:
            known = self.by_name.get(axis.name)
            if known is not None and known != axis:
                raise DeclarationError(f"axis '{axis.name}' is declared twice")
            self.by_name[axis.name] = axis
        for axis in self.by_name.values():
            other = self.by_name.get(axis.along) if axis.along else axis
            if other is None or len(other.labels) != len(axis.labels):
                raise DeclarationError(f"axis '{axis.name}': does not go along '{axis.along}'")
        self.order = [a.name for a in self.by_name.values() if not a.along and not a.left_out]
        self.size = {name: len(self.by_name[name].labels) for name in self.order}
        self._expanded: dict[tuple[str, str], Family] = {}
        self._spots_of: dict[str, list[tuple[str, int, int]]] = {}
        longest = sorted(self.by_name, key=len, reverse=True)
        self._words = {name: re.compile(rf"(?:(?<=_)|^){re.escape(name)}(?=_|$)") for name in longest}

    def without(self, names: Iterable[str]) -> Axes:
        """Return the axes with some left out, and those along them."""
        gone = set(names)
        every = self.by_name.values()
        return Axes(replace(a, labels=_NO_LABEL) if a.dimension in gone else a for a in every)

    def arranged(self, dimensions: Iterable[str]) -> tuple[str, ...]:
        """Return dimensions in the order of arrays."""
        wanted = set(dimensions)
        return tuple(name for name in self.order if name in wanted)

    def sizes(self, dimensions: Sequence[str]) -> tuple[int, ...]:
        """Return the lengths of dimensions."""
        return tuple(self.size[d] for d in dimensions)

    def family(self, name: str, known: Callable[[str], bool]) -> Family | None:
        """Return what a name stands for, if its parts that name axes make known names of all their labels."""
        spots = self._spots(name)
        for number in range(len(spots), 0, -1):
            for chosen in itertools.combinations(spots, number):
                pattern = name
                for axis, start, end in sorted(chosen, key=lambda spot: -spot[1]):
                    pattern = f"{pattern[:start]}{{{axis}}}{pattern[end:]}"
                family = self.expand(pattern)
                if all(known(n) for n in family.names):
                    return family
        return None

    def over(self, name: str, axis: str, known: Callable[[str], bool]) -> Family | None:
        """Return what a name stands for that leaves an axis unsaid: ``grain`` for ``grain_{region}``.

        None if it is not spread along the axis, or that is left out.
        """
        if axis not in self.size:
            return None
        return self.family(f"{name}_{axis}", known)

    def _spots(self, name: str) -> list[tuple[str, int, int]]:
        """Return where the names of axes stand in a name."""
        if name not in self._spots_of:
            self._spots_of[name] = self._find_spots(name)
        return self._spots_of[name]

    def _find_spots(self, name: str) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = []
        for axis, word in self._words.items():
            for match in word.finditer(name) if axis in name else ():
                if all(match.end() <= start or match.start() >= end for _, start, end in found):
                    found.append((axis, match.start(), match.end()))
        return found

    def expand(self, pattern: str, along: str = "") -> Family:
        """Return the axes and names of a pattern such as ``seed_{form}``.

        ``along`` gives a pattern whose axes this one follows: ``grain.{barn}`` along ``seed_{form}`` has the
        barn of each form.
        """
        if (pattern, along) not in self._expanded:
            self._expanded[pattern, along] = self._expand(pattern, along)
        return self._expanded[pattern, along]

    def _expand(self, pattern: str, along: str) -> Family:
        used = [self._axis(name, pattern) for name in re.findall(r"{(\w+)}", along + pattern)]
        dimensions = self.arranged(axis.dimension for axis in used)
        spread, rows = [*used, *self._beside(dimensions)], []
        for place in itertools.product(*(range(self.size[d]) for d in dimensions)):
            at = dict(zip(dimensions, place, strict=True))
            rows.append(_filled(pattern, {a.name: a.labels[at.get(a.dimension, 0)] for a in spread}))
        return Family(dimensions, tuple(rows))

    def _beside(self, dimensions: Sequence[str]) -> list[Axis]:
        """Return the axes that have labels where some dimensions do."""
        return [a for a in self.by_name.values() if a.dimension in dimensions]

    def _axis(self, name: str, pattern: str) -> Axis:
        if name not in self.by_name:
            raise DeclarationError(f"'{pattern}': no axis is called '{name}': {', '.join(self.by_name)}")
        return self.by_name[name]


def _filled(pattern: str, labels: Mapping[str, str]) -> str:
    """Put labels into a pattern; ``{form text}`` is a label as words."""
    for name in [name for name, label in labels.items() if not label]:
        pattern = re.sub(rf"_{{{name}}}|{{{name}}}_", "", pattern)
    return _PLACE.sub(lambda m: _as_words(m[1], labels[m[1]]) if m[2] else labels[m[1]], pattern)


def _as_words(axis: str, label: str) -> str:
    return label.replace("_", " ") or f"every {axis}"
