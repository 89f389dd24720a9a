"""The files of the record: read and checked once, and kept as long as they do not change."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from planmodel.cache import cached, keep
from planmodel.documented import dates, prices, reading, vocabulary
from planmodel.documented.reading import (
    Row,
    Variables,
    read_record,
    read_territories,
    read_variables,
)
from planmodel.documented.vocabulary import NATIONAL

HERE = Path(__file__).parent
PARTS = "territories.csv"


def figures() -> list[Row]:
    """Return all figures in the order of the files, a mapping each; ``start`` and ``end`` are ISO days."""
    return [dict(row) for row in read_files()[1]]


@cache
def parts_of_the_country() -> dict[str, tuple[str, str]]:
    """Return the parts of the country that figures are of: by name, within what they lie and their borders.

    Raises
    ------
    RecordError
        If the table of territories is malformed.
    """
    return read_territories(HERE / PARTS)


def sha256() -> str:
    """Hash the data files, for the manifest of a result."""
    digest = hashlib.sha256()
    for path in [HERE / "variables.toml", HERE / PARTS, *sorted((HERE / "record").glob("*.csv"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def read_files() -> tuple[Variables, list[Row]]:
    """Return variables and figures as they were read and checked, now or for the same files before."""
    from planmodel.engine import nouns, units  # with the engine comes numpy

    modules = (reading, vocabulary, dates, prices, units, nouns)
    code = [Path(module.__file__ or "").read_bytes() for module in modules]
    key = hashlib.sha256(b"\0".join([sha256().encode(), *code])).hexdigest()
    found = cached("record", key)
    if found is not None:
        described, rows = json.loads(found)
        return described, rows
    described = read_variables(HERE / "variables.toml")
    rows = read_record(HERE / "record", described, [*NATIONAL, *parts_of_the_country()])
    keep("record", key, json.dumps([described, rows]).encode())
    return described, rows
