"""The references behind the record: ``references.bib``, and in ``sources.csv`` the keys of each source."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from planmodel.documented.reading import RecordError, not_known

HERE = Path(__file__).parent
_COLUMNS = ["source", "keys"]
_BEGIN = re.compile(r"@([a-z]+)\{(\w+),")
_FIELD = re.compile(r"  ([a-z]+) = \{(.+)\},")
_TYPES = ("article", "book", "incollection", "misc")


@dataclass(frozen=True)
class Reference:
    """An entry of the bibliography: its type, key, fields, and its text as it stands in the file."""

    type: str
    key: str
    fields: Mapping[str, str]
    text: str

    @property
    def line(self) -> str:
        """Author, year and title in a line, as plain text."""
        people = self.fields.get("author") or self.fields.get("editor", "")
        parts = (people.replace(" and ", "; "), self.fields.get("year"), self.fields["title"])
        return ", ".join(re.sub(r"\\.|[{}]", "", part) for part in parts if part)


@cache
def references() -> dict[str, Reference]:
    """Return the bibliography by key.

    Raises
    ------
    RecordError
        If the file is malformed.
    """
    return read_references(HERE / "references.bib")


@cache
def sources() -> dict[str, tuple[str, ...]]:
    """Return the keys of each source text.

    Raises
    ------
    RecordError
        If the table is malformed or names a key that the bibliography does not hold.
    """
    return read_sources(HERE / "sources.csv", references())


def keys_of(source: str) -> tuple[str, ...]:
    """Return the keys of a source text of the record.

    Raises
    ------
    RecordError
        If it has none.
    """
    found = sources().get(source)
    if found is None:
        raise RecordError(f"sources.csv: {not_known('source', source, list(sources()))}")
    return found


def keys_within(text: str) -> tuple[str, ...]:
    """Return the keys of the works that a text names, such as the source of a parameter."""
    found = (key for source, keys in sources().items() if source in text for key in keys)
    return tuple(dict.fromkeys(found))


def cited(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield BibTeX for figures of the record: per version and source a comment with pages, then the entries.

    Parameters
    ----------
    rows
        Figures, as :func:`planmodel.documented.catalogue.rows` gives them.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        key = tuple(str(row[name]) for name in ("variable", "version", "source", "place", "evidence"))
        groups.setdefault(key, []).append(str(row["date"]))
    used: dict[str, None] = {}
    before = ""
    for (variable, version, source, place, evidence), dates in sorted(groups.items()):
        if version != before:
            yield f"% {variable} ({version})"
        before = version
        distinct = list(dict.fromkeys(dates))
        when = ", ".join(distinct) if len(distinct) <= 3 else f"{distinct[0]} to {distinct[-1]}"
        yield f"%   {when}: {', '.join(keys_of(source))}; {place} [{evidence}]"
        used.update(dict.fromkeys(keys_of(source)))
    for reference in sorted(used):
        yield f"\n{references()[reference].text}"


def read_references(path: Path) -> dict[str, Reference]:
    """Read a bibliography whose entries have a line a field; text outside of entries is a comment.

    Raises
    ------
    RecordError
        Naming file, line and what is wrong.
    """
    found: dict[str, Reference] = {}
    begun: tuple[str, str] | None = None
    fields: dict[str, str] = {}
    text: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{path.name}, line {number}"
        if begun is None and not line.startswith("@"):
            continue
        text.append(line)
        if begun is None:
            begun = _begun(place, line, found)
        elif line == "}":
            kind, key = begun
            if "title" not in fields:
                raise RecordError(f"{place}: {key} has no title")
            found[key] = Reference(kind, key, fields, "\n".join(text))
            begun, fields, text = None, {}, []
        else:
            name, value = _field(place, line)
            if name in fields:
                raise RecordError(f"{place}: {name} is given twice")
            fields[name] = value
    if begun is not None:
        raise RecordError(f"{path.name}: {begun[1]} is not closed by a line with }}")
    return found


def _begun(place: str, line: str, found: Collection[str]) -> tuple[str, str]:
    match = _BEGIN.fullmatch(line)
    if match is None:
        raise RecordError(f"{place}: {line!r} begins no entry; write @book{{key,")
    if match[1] not in _TYPES:
        raise RecordError(f"{place}: {not_known('type', match[1], _TYPES)}")
    if match[2] in found:
        raise RecordError(f"{place}: {match[2]} is already given")
    return match[1], match[2]


def _field(place: str, line: str) -> tuple[str, str]:
    match = _FIELD.fullmatch(line)
    if match is None or not _balanced(match[2]):
        raise RecordError(f"{place}: {line!r} is no field; write two spaces, name = {{value}},")
    return match[1], match[2]


def _balanced(value: str) -> bool:
    depth = 0
    for letter in value:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    return depth == 0


def read_sources(path: Path, known: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Read the table of keys by source text.

    Raises
    ------
    RecordError
        Naming file, line, column and what is allowed.
    """
    found: dict[str, tuple[str, ...]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if next(reader, []) != _COLUMNS:
            raise RecordError(f"{path.name}, line 1: the columns must be {','.join(_COLUMNS)}")
        for cells in reader:
            place = f"{path.name}, line {reader.line_num}"
            if len(cells) != len(_COLUMNS):
                raise RecordError(f"{place}: {len(cells)} cells, expected {len(_COLUMNS)}")
            source, keys = cells[0], tuple(cells[1].split())
            if source in found:
                raise RecordError(f"{place}, column source: {source!r} is already given")
            if not keys:
                raise RecordError(f"{place}, column keys: must not be empty")
            for key in keys:
                if key not in known:
                    raise RecordError(f"{place}, column keys: {not_known('key', key, list(known))}")
            found[source] = keys
    return found
