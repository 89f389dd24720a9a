"""The record as a data package (Frictionless): tables, what their columns mean, references, licence.

Nothing of it is kept: all follows from the record, its vocabulary and its bibliography.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from planmodel.documented.bibliography import HERE, keys_of, references
from planmodel.documented.catalogue import variables
from planmodel.documented.files import figures, parts_of_the_country, sha256
from planmodel.documented.reading import FIELDS, TERRITORY_COLUMNS
from planmodel.documented.vocabulary import (
    COLUMNS,
    CONFIDENCE,
    EVIDENCE,
    KINDS,
    MEASURES,
    NATIONAL,
    SPANS,
    UNITS,
)
from planmodel.storage import reserve

WRITER = "planmodel series package"
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
_ABOUT = (
    "Figures of the Soviet economy and population of 1926-1941, each with its version (whose figure it is), "
    "source, page or line, and how it is known: transcribed from a text or file that we hold, recalled from "
    "the literature with the page still to be checked, or a reading of words, whose number is ours. Figures "
    "as such are facts and free. Selection, arrangement, descriptions and notes are under CC BY 4.0; the "
    "code that wrote this package is under the MIT licence. Please cite the sources of the figures that you "
    "use: the column references has their keys in references.bib."
)
_MEANT = {
    "variable": "name of the quantity; see variables.csv",
    "version": "whose figure it is: source or school",
    "date": "year, day, agricultural year (1930/31), several years (1928..1932) or days, as documented",
    "value": "the figure",
    "unit": "unit of the value; that of the variable",
    "kind": "what the figure claims to be",
    "source": "the work, as the record names it",
    "place": "page, table or line within the source",
    "evidence": "how the figure is known, from the firmest to the weakest",
    "confidence": "how far it may be trusted",
    "territory": "the whole country, by its borders, or a part of it; see territories.csv",
    "within": "territory that it lies within",
    "borders": "which borders are meant, where they moved",
    "note": "what else must be known; for a reading, the words that its number stands for",
    "start": "first day that the figure belongs to",
    "end": "last day that the figure belongs to",
    "references": "keys of the source in references.bib, apart by spaces",
    "title": "name in words",
    "prices": "at what prices values are, by version where these differ; empty where it is not said",
    "theme": "file of the record that holds it",
    "measure": "stock, flow, average, index, share or target",
    "span": "what a figure of several years gives, where there is one",
    "description": "what is counted, and what is not",
}
_ALLOWED = {
    "unit": UNITS,
    "kind": KINDS,
    "evidence": EVIDENCE,
    "confidence": CONFIDENCE,
    "measure": MEASURES,
    "span": tuple(word for word in SPANS if word),
}
_TYPES = {"value": "number", "start": "date", "end": "date"}
_OPTIONAL = ("note", "prices", "span", "within", "borders")
_FIGURES = (*COLUMNS, "start", "end", "references")
_VARIABLES = ("variable", *FIELDS)
_KEY = ("variable", "version", "date", "territory", "kind")


def descriptor() -> dict[str, Any]:
    """Return ``datapackage.json``: resources with their columns, licence and sources."""
    return {
        "profile": "data-package",
        "name": "planmodel-record",
        "title": "The documented record of the Soviet planned economy, 1926-1941",
        "description": _ABOUT,
        "version": metadata.version("planmodel"),
        "record_sha256": sha256(),
        "licenses": [LICENCE],
        "sources": [{"title": reference.line} for reference in references().values()],
        "resources": [
            _resource(
                "figures",
                _FIGURES,
                primaryKey=list(_KEY),
                foreignKeys=[
                    {"fields": [name], "reference": {"resource": table, "fields": [name]}}
                    for name, table in (("variable", "variables"), ("territory", "territories"))
                ],
            ),
            _resource("variables", _VARIABLES, primaryKey=["variable"]),
            _resource("territories", TERRITORY_COLUMNS, primaryKey=["territory"]),
            {"name": "references", "path": "references.bib", "format": "bib", "mediatype": "text/x-bibtex"},
        ],
    }


def write_package(folder: Path, force: bool = False) -> list[str]:
    """Write the package into a folder, and return the names of its files.

    Parameters
    ----------
    folder
        Where to.
    force
        Replace an earlier package.

    Raises
    ------
    UserError
        If the folder exists and holds something else, or cannot be written.
    RecordError
        If a source of the record has no reference.
    """
    written = {
        "datapackage.json": json.dumps(descriptor(), indent=2, ensure_ascii=False) + "\n",
        "figures.csv": _csv(_FIGURES, (_cited(row) for row in figures())),
        "variables.csv": _csv(_VARIABLES, variables().reset_index().to_dict("records")),
        "territories.csv": _csv(TERRITORY_COLUMNS, _territories()),
        "references.bib": (HERE / "references.bib").read_text(encoding="utf-8"),
    }

    def write(partial: Path) -> None:
        for name, text in written.items():
            (partial / name).write_bytes(text.encode())

    with reserve(folder, WRITER, force, "FOLDER") as reserved:
        reserved.fill({"record_sha256": sha256()}, write)
    return sorted(written)


def _resource(name: str, columns: Sequence[str], **keys: Any) -> dict[str, Any]:
    """Return what is said of a table."""
    fields = [_field(column) for column in columns]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""], **keys},
    }


def _field(name: str) -> dict[str, Any]:
    """Return what is said of a column."""
    constraints: dict[str, Any] = {} if name in _OPTIONAL else {"required": True}
    if name in _ALLOWED:
        constraints["enum"] = list(_ALLOWED[name])
    said = {"name": name, "type": _TYPES.get(name, "string"), "description": _MEANT[name]}
    return {**said, "constraints": constraints} if constraints else said


def _cited(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "references": " ".join(keys_of(row["source"]))}


def _territories() -> Iterator[dict[str, str]]:
    """Yield the whole country, by its borders, and its parts."""
    parts = {**dict.fromkeys(NATIONAL, ("", "")), **parts_of_the_country()}
    for name, about in parts.items():
        yield dict(zip(TERRITORY_COLUMNS, (name, *about), strict=True))


def _csv(columns: Sequence[str], rows: Iterable[Mapping[Any, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
