"""Regions of the village: of which territories of the record they are made up, as ``regions.toml`` has it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from planmodel.documented.catalogue import UnknownSeriesError
from planmodel.documented.files import HERE, parts_of_the_country
from planmodel.documented.reading import RecordError, not_known
from planmodel.documented.vocabulary import NATIONAL

FILE = HERE / "regions.toml"
Parts = Mapping[str, float]


@dataclass(frozen=True)
class Region:
    """A region of the village.

    Attributes
    ----------
    name, title
        Its label in the model, and its name in words.
    made_of
        Ways of making it up: its territories, each with its people in millions.
    boundary
        Whether it lies outside the village that is modelled.
    """

    name: str
    title: str
    made_of: tuple[Parts, ...]
    boundary: bool = False

    @property
    def territories(self) -> frozenset[str]:
        """All territories that lie within it, of whatever borders."""
        return frozenset(name for parts in self.made_of for name in parts)


@dataclass(frozen=True)
class Whole:
    """A territory made of several regions, ``less`` some parts of these."""

    name: str
    regions: tuple[str, ...]
    less: tuple[str, ...]


@cache
def regions() -> dict[str, Region]:
    """Return the regions by label, the boundary last.

    Raises
    ------
    RecordError
        Naming file, region, key and what is allowed.
    """
    return read_regions(FILE, list(parts_of_the_country()))


@cache
def wholes() -> dict[str, Whole]:
    """Return the territories that are made of several regions.

    Raises
    ------
    RecordError
        Naming file, whole, key and what is allowed.
    """
    return read_wholes(FILE, list(parts_of_the_country()), list(regions()))


def region(name: str) -> Region:
    """Return one region.

    Raises
    ------
    UnknownSeriesError
        If there is none of that label.
    """
    if name not in regions():
        raise UnknownSeriesError(not_known("region", name, list(regions()), tell_all=True))
    return regions()[name]


def read_regions(path: Path, territories: Sequence[str]) -> dict[str, Region]:
    """Read and check the regions of a file: see `regions`.

    Parameters
    ----------
    path
        The file.
    territories
        What a region may be made up of.

    Raises
    ------
    RecordError
        Naming file, region, key and what is allowed.
    """
    tree = _tree(path)
    tree.pop("wholes", None)
    found = {name: _region(name, fields, territories, path.name) for name, fields in tree.items()}
    owner: dict[str, str] = {}
    for one in found.values():
        for name in one.territories:
            if owner.setdefault(name, one.name) != one.name:
                raise RecordError(f"{path.name}, [{one.name}]: {name} lies within {owner[name]} already")
    return found


def read_wholes(path: Path, territories: Sequence[str], known: Sequence[str]) -> dict[str, Whole]:
    """Read and check the wholes of a file: see `wholes`."""
    found = {}
    for name, fields in _tree(path).get("wholes", {}).items():
        place = f"{path.name}, [wholes.{name}]"
        if name not in territories:
            raise RecordError(f"{place}: {not_known('territory', name, territories)}")
        if not isinstance(fields, dict) or set(fields) != {"regions", "less"}:
            raise RecordError(f"{place}: {fields!r} is not allowed; allowed: regions and less")
        for key, allowed in (("regions", known), ("less", territories)):
            for one in fields[key]:
                if one not in allowed:
                    raise RecordError(f"{place}, {key}: {not_known('name', one, allowed)}")
        found[name] = Whole(name, tuple(fields["regions"]), tuple(fields["less"]))
    return found


def _tree(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RecordError(f"{path.name}: {error}") from None


def _region(name: str, fields: Any, territories: Sequence[str], file: str) -> Region:
    """Check one region."""
    place = f"{file}, [{name}]"
    if not isinstance(fields, dict):
        raise RecordError(f"{place}: {fields!r} is no table; allowed: title, made_of, boundary")
    for key in fields:
        if key not in ("title", "made_of", "boundary"):
            raise RecordError(f"{place}: {not_known('key', key, ('title', 'made_of', 'boundary'))}")
    title, boundary, ways = fields.get("title"), fields.get("boundary", False), fields.get("made_of")
    if not isinstance(title, str) or not title:
        raise RecordError(f"{place}, title: {title!r} is not allowed; allowed: a text")
    if not isinstance(boundary, bool):
        raise RecordError(f"{place}, boundary: {boundary!r} is not allowed; allowed: true or false")
    if not isinstance(ways, list) or not ways or not all(isinstance(way, dict) and way for way in ways):
        raise RecordError(f"{place}, made_of: {ways!r} is not allowed; allowed: tables of territories")
    for way in ways:
        for territory, people in way.items():
            if territory not in territories or territory in NATIONAL:
                raise RecordError(f"{place}, made_of: {not_known('territory', territory, territories)}")
            if isinstance(people, bool) or not isinstance(people, int | float) or not people > 0:
                raise RecordError(
                    f"{place}, made_of, {territory}: {people!r} is not allowed; allowed: millions above 0"
                )
    return Region(name, title, tuple(ways), boundary)
