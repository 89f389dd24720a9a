"""Variables that a user declares: above the columns of figures, in a file beside them, or with a frame."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from planmodel.documented.prices import stated
from planmodel.documented.reading import RecordError, Variables, not_known
from planmodel.documented.vocabulary import MEASURES, SPANS
from planmodel.engine.units import STANDARD, UnitError

FIELDS = ("title", "unit", "prices", "measure", "span", "description", "model")
REQUIRED = ("title", "unit", "measure")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def undeclared(name: str, known: list[str]) -> str:
    """Say that a variable is not known, and how a new one is declared."""
    return (
        f"{not_known('variable', name, known)}; a new one is declared above the columns: "
        f"# variable: {name}; title: ...; unit: ...; measure: ... ({', '.join(MEASURES)})"
    )


def declaration(place: str, line: int, text: str) -> tuple[str, dict[str, str]] | None:
    """Read a line of the head that declares a variable; None of any other."""
    said = text.lstrip().lstrip("#").strip().rstrip(",;\t ")
    if not said.startswith("variable:"):
        return None
    fields: dict[str, str] = {}
    for part in said.split(";"):
        key, colon, value = (piece.strip() for piece in part.partition(":"))
        if not colon or key in fields:
            problem = "stands twice" if colon else "has no colon"
            raise RecordError(
                f"{place}, line {line}: '{part.strip()}' {problem}; allowed: key: value; key: value"
            )
        fields[key] = value
    name = fields.pop("variable")
    return name, checked_tables(f"{place}, line {line}", {name: fields})[name]


def variables_beside(place: str, content: bytes) -> Variables:
    """Read a description beside a file; none if it is a configuration of another kind."""
    try:
        tables = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecordError(f"{place}: {error}") from None
    if not all(isinstance(table, dict) for table in tables.values()):
        return {}  # a scenario, say, that has its figures in a file of the same name
    described = [table for table in tables.values() if {"title", "measure"} & table.keys()]
    return checked_tables(place, tables) if described else {}


def checked_tables(place: str, tables: Mapping[str, Any]) -> Variables:
    """Check declarations of variables, given by name."""
    found = {}
    for name, table in tables.items():
        at = f"{place}, [{name}]"
        if not _NAME.fullmatch(str(name)):
            raise RecordError(f"{at}: is no name; allowed: small letters, digits and _, a letter first")
        if not isinstance(table, Mapping):
            raise RecordError(f"{at}: {table!r} is not valid; allowed: a table of {', '.join(FIELDS)}")
        for key, value in table.items():
            if key not in FIELDS:
                raise RecordError(f"{at}: {not_known('field', str(key), FIELDS, tell_all=True)}")
            if not isinstance(value, str):
                raise RecordError(f"{at}: {key}: {value!r} is not valid; allowed: text")
        for key in REQUIRED:
            if not table.get(key):
                raise RecordError(f"{at}: {key} is missing; needed are {', '.join(REQUIRED)}")
        about = {key: str(table.get(key, "")) for key in FIELDS}
        for key, words in (("measure", MEASURES), ("span", SPANS)):
            if about[key] not in words:
                raise RecordError(f"{at}: {not_known(key, about[key], [word for word in words if word])}")
        try:
            about["unit"] = STANDARD.spelled(about["unit"])
        except UnitError as error:
            raise RecordError(f"{at}: unit: {error}; all units: docs/units.md") from None
        try:
            about["prices"] = stated(about["unit"], table.get("prices"))
        except ValueError as error:
            raise RecordError(f"{at}: {error}") from None
        found[str(name)] = about
    return found
